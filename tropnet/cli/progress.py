"""How far a computation has got, and the processes it runs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from tropnet.cli.status import INTERRUPTED, trouble
from tropnet.errors import BudgetExceededError
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import expected_region_count


class Counter:
    """A progress callback that remembers how far the work has got, and may show it."""

    def __init__(self, show: Callable[[int], None] | None) -> None:
        self.count = 0
        self._show = show

    def __call__(self, count: int) -> None:
        """Takes the number of steps done so far."""
        self.count = count
        if self._show is not None:
            self._show(count)


@contextmanager
def shown_counter(what: str, net: ReLUNetwork | None = None) -> Iterator[Counter]:
    """A counter, shown on standard error if that is a terminal.

    Args:
        what: What is counted.
        net: A network whose regions are counted, once each: then the bar shows an estimate.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Counter(None)
        return
    total = None if net is None else expected_region_count(net)
    end = TimeElapsedColumn() if total is None else TimeRemainingColumn()
    columns = (SpinnerColumn(), TextColumn("{task.completed} " + what), BarColumn(), end)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield Counter(lambda count: bar.update(task, completed=count))


@contextmanager
def shown_clock(what: str) -> Iterator[None]:
    """The time that something takes, on standard error if that is a terminal."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn(what), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        bar.add_task(what, total=None)
        yield


@contextmanager
def worker_processes(jobs: int) -> Iterator[Executor | None]:
    """A pool of processes, None for one job."""
    if jobs == 1:
        yield None
        return
    executor = ProcessPoolExecutor(jobs)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def stopped(stop: BaseException, counter: Counter) -> int:
    """Says how far it got when it was stopped by the user or the budget."""
    if isinstance(stop, BudgetExceededError):
        reached = stop.found if isinstance(stop.found, int) else counter.count
        return trouble(f"out of budget after {reached} regions; the work is not complete")
    return trouble(f"interrupted after {counter.count} regions", INTERRUPTED)
