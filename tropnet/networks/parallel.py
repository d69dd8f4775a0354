"""Work on the subtrees of a cell complex, in any executor, with results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

from tropnet.certificates.budget import Budget, Meter
from tropnet.errors import BudgetExceededError
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cell_tree import Path

Result = TypeVar("Result")

_SUBTREES = 256
_IN_FLIGHT = 64


def subtree_paths(cells: CellComplex) -> Iterator[Path]:
    """Paths to a few hundred subtrees (fewer if there are fewer cells) that hold all cells."""
    splits, found = 0, -1
    while True:
        paths = list(islice(cells.subtrees(splits), _SUBTREES))
        if len(paths) in (_SUBTREES, found):
            return cells.subtrees(splits)
        splits, found = splits + 1, len(paths)


def over_subtrees(
    executor: Executor,
    work: Callable[[Path, Budget], tuple[int, Result]],
    paths: Iterable[Path],
    meter: Meter,
) -> Iterator[tuple[int, Result]]:
    """The results of some work on subtrees, in the order of the paths.

    Args:
        executor: Where the work is done; the work must be picklable if it needs that.
        work: Takes a path and what is left of the budget; returns the number of cells visited and
            a result.
        paths: The subtrees.
        meter: Counts the cells visited.

    Raises:
        BudgetExceededError: when the budget runs out.  Work that has not begun is cancelled then,
            and also when the caller stops early.
    """
    waiting: deque[Future[tuple[int, Result]]] = deque()
    todo = iter(paths)
    try:
        while True:
            for path in islice(todo, _IN_FLIGHT - len(waiting)):
                waiting.append(executor.submit(work, path, meter.remaining()))
            if not waiting:
                meter.finish()
                return
            try:
                count, result = waiting.popleft().result()
            except BudgetExceededError as stopped:
                meter.count += stopped.found if isinstance(stopped.found, int) else 0
                meter.stop()
            meter.add(count)
            yield count, result
    finally:
        for future in waiting:
            future.cancel()
