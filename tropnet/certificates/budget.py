"""Limits for long computations, and reports on how far they got."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, TypeVar

from tropnet.errors import BudgetExceededError, InvalidInputError

Progress: TypeAlias = Callable[[int], None]
"""Called now and then with the number of regions done so far."""

T = TypeVar("T")

_REPORT_EVERY = 256


@dataclass(frozen=True)
class Budget:
    """How much a computation may cost; None is no limit.

    Attributes:
        regions: The number of activation regions (or cells) visited.
        seconds: Wall-clock time.

    >>> Budget(regions=1000)
    Budget(regions=1000, seconds=None)
    """

    regions: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name, limit in (("regions", self.regions), ("seconds", self.seconds)):
            kinds = (int,) if name == "regions" else (int, float)
            if limit is not None and (type(limit) not in kinds or not limit >= 0):
                what = "whole number" if name == "regions" else "number"
                raise InvalidInputError(f"budget: {name} must be a non-negative {what}")


class Meter:
    """Counts regions against a budget and reports progress.

    Attributes:
        count: The regions counted so far.
    """

    def __init__(self, budget: Budget | None, progress: Progress | None) -> None:
        self.count = 0
        self._budget = budget if budget is not None else Budget()
        self._progress = progress
        self._start = time.monotonic()
        self._reported = 0

    def remaining(self) -> Budget:
        """What is left of the budget."""
        regions, seconds = self._budget.regions, self._budget.seconds
        if regions is not None:
            regions = max(0, regions - self.count)
        if seconds is not None:
            seconds = max(0.0, seconds - (time.monotonic() - self._start))
        return Budget(regions, seconds)

    def add(self, more: int) -> None:
        """Counts more regions.

        Raises:
            BudgetExceededError: if they exceed the budget; they are not counted then, and `found`
                is the number of those that are.
        """
        limit, seconds = self._budget.regions, self._budget.seconds
        if limit is not None and self.count + more > limit:
            self.stop()
        if seconds is not None and time.monotonic() - self._start > seconds:
            self.stop()
        self.count += more
        if self._progress is not None and self.count - self._reported >= _REPORT_EVERY:
            self.finish()

    def add_each(self, more: int) -> None:
        """Counts more regions one by one.

        Raises:
            BudgetExceededError: if they exceed the budget; `found` is the number that it allows.
        """
        limit = self._budget.regions
        if limit is not None and self.count + more > limit:
            self.add(limit - self.count)
            self.stop()
        self.add(more)

    def stop(self) -> NoReturn:
        """Raises the BudgetExceededError that says how far it got."""
        raise BudgetExceededError(f"budget: stopped after {self.count} regions", self.count)

    def finish(self) -> None:
        """Reports the count."""
        self._reported = self.count
        if self._progress is not None:
            self._progress(self.count)


def metered(items: Iterable[T], budget: Budget | None, progress: Progress | None) -> Iterator[T]:
    """The items one by one, within a budget, with progress reports.

    Raises:
        BudgetExceededError: when another item would exceed the budget; `found` is the number of
            items that were passed on.
    """
    meter = Meter(budget, progress)
    for item in items:
        meter.add(1)
        yield item
    meter.finish()
