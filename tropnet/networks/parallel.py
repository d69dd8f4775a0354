"""Work on the subtrees of a cell complex, in any executor, with results in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeAlias, TypeVar

from tropnet.certificates.budget import Budget, Meter
from tropnet.errors import BudgetExceededError
from tropnet.networks.cell_blocks import Block
from tropnet.networks.cell_complex import CellComplex

Result = TypeVar("Result")

# Parts for each processor to begin with: more even work against more to send.
_PARTS = 8
# How many tasks are unfinished, and how many besides wait for earlier ones, at most.
_IN_FLIGHT = max(16, 2 * (os.cpu_count() or 1))


@dataclass(frozen=True)
class Done(Generic[Result]):
    """What became of a task.

    Attributes:
        visited: The number of cells.
        result: The result for these.
        rest: Parts of the subtree that are left, in order.
    """

    visited: int
    result: Result
    rest: Sequence[Block] = ()


Task: TypeAlias = Future[Done[Result]]


def subtrees(cells: CellComplex) -> Iterator[Block]:
    """Parts that hold all cells, enough to keep all processors busy."""
    return cells.subtrees(_PARTS * (os.cpu_count() or 1))


def over_subtrees(
    executor: Executor,
    work: Callable[[Block, Budget], Done[Result]],
    parts: Iterable[Block],
    meter: Meter,
) -> Iterator[Result]:
    """The results of some work on subtrees, in the order of these.

    Args:
        executor: Where the work is done; the work must be picklable if it needs that.
        work: Takes a subtree and what is left of the budget.  What it leaves of a large subtree
            becomes more tasks, which makes the work even and bounds the size of a result.
        parts: The subtrees.
        meter: Counts the cells visited.

    Raises:
        BudgetExceededError: when the budget runs out.  Work that has not begun is cancelled then,
            and also when the caller stops early.
    """
    line = _Line(executor, work, iter(parts), meter)
    try:
        while (task := line.first()) is not None:
            try:
                done = task.result()
            except BudgetExceededError as stopped:
                meter.count += stopped.found if isinstance(stopped.found, int) else 0
                meter.stop()
            meter.add(done.visited)
            yield done.result
        meter.finish()
    finally:
        line.cancel()


class _Line(Generic[Result]):
    """Tasks, and subtrees that will become tasks, in order."""

    def __init__(
        self,
        executor: Executor,
        work: Callable[[Block, Budget], Done[Result]],
        parts: Iterator[Block],
        meter: Meter,
    ) -> None:
        self._executor = executor
        self._work = work
        self._parts = parts
        self._meter = meter
        self._items: list[Task[Result] | Block] = []
        self._opened: set[Task[Result]] = set()

    def first(self) -> Task[Result] | None:
        """The first task, once it is done, taken out; None if there is no more."""
        while True:
            self._advance()
            if not self._items:
                return None
            first = self._items[0]
            assert isinstance(first, Future)
            if first.done():
                self._opened.discard(first)
                del self._items[0]
                return first
            wait(self._running(), return_when=FIRST_COMPLETED)

    def cancel(self) -> None:
        """Cancels what has not begun."""
        for task in self._running():
            task.cancel()

    def _running(self) -> list[Task[Result]]:
        return [item for item in self._items if isinstance(item, Future) and not item.done()]

    def _advance(self) -> None:
        """Puts what tasks have left after them, and starts as many tasks as are allowed."""
        items: list[Task[Result] | Block] = []
        for item in self._items:
            items.append(item)
            if isinstance(item, Future) and item.done() and item not in self._opened:
                self._opened.add(item)
                if item.exception() is None:
                    items += item.result().rest
        running = len(self._running())
        started = sum(isinstance(item, Future) for item in items)
        for number, item in enumerate(items):
            if running >= _IN_FLIGHT or (number and started >= 2 * _IN_FLIGHT):
                break
            if not isinstance(item, Future):
                items[number] = self._start(item)
                running, started = running + 1, started + 1
        for part in islice(
            self._parts, max(0, min(_IN_FLIGHT - running, 2 * _IN_FLIGHT - started))
        ):
            items.append(self._start(part))
        self._items = items

    def _start(self, part: Block) -> Task[Result]:
        return self._executor.submit(self._work, part, self._meter.remaining())
