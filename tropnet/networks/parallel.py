"""Work on the subtrees of a cell complex, in any executor, with results in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

from tropnet.certificates.budget import Budget, Meter
from tropnet.errors import BudgetExceededError
from tropnet.networks.cell_blocks import Block
from tropnet.networks.cell_complex import CellComplex

Result = TypeVar("Result")

# Parts for each processor: more even work against more to send and to start.
_PARTS = 16


def subtrees(cells: CellComplex) -> Iterator[Block]:
    """Parts that hold all cells, enough to keep all processors busy to the end."""
    return cells.subtrees(_PARTS * (os.cpu_count() or 1))


def over_subtrees(
    executor: Executor,
    work: Callable[[Block, Budget], tuple[int, Result]],
    parts: Iterable[Block],
    meter: Meter,
) -> Iterator[tuple[int, Result]]:
    """The results of some work on subtrees, in the order of these.

    Args:
        executor: Where the work is done; the work must be picklable if it needs that.
        work: Takes a subtree and what is left of the budget; returns the number of cells visited
            and a result.
        parts: The subtrees.
        meter: Counts the cells visited.

    Raises:
        BudgetExceededError: when the budget runs out.  Work that has not begun is cancelled then,
            and also when the caller stops early.
    """
    waiting: deque[Future[tuple[int, Result]]] = deque()
    todo = iter(parts)
    in_flight = 4 * (os.cpu_count() or 1)
    try:
        while True:
            for part in islice(todo, in_flight - len(waiting)):
                waiting.append(executor.submit(work, part, meter.remaining()))
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
