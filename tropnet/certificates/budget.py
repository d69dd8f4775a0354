"""Limits for long computations, and reports on how far they got."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

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
            if limit is not None and (isinstance(limit, bool) or not limit >= 0):
                raise InvalidInputError(f"budget: {name} must be a non-negative number")


def metered(items: Iterable[T], budget: Budget | None, progress: Progress | None) -> Iterator[T]:
    """The items one by one, within a budget, with progress reports.

    Raises:
        BudgetExceededError: when another item would exceed the budget; `found` is the number of
            items that were passed on.
    """
    limit = budget.regions if budget is not None else None
    seconds = budget.seconds if budget is not None else None
    deadline = None if seconds is None else time.monotonic() + seconds
    count = 0
    for item in items:
        if limit is not None and count >= limit:
            raise BudgetExceededError(f"budget: stopped after {count} regions", count)
        if deadline is not None and time.monotonic() > deadline:
            raise BudgetExceededError(
                f"budget: stopped after {count} regions, {seconds} seconds", count
            )
        yield item
        count += 1
        if progress is not None and count % _REPORT_EVERY == 0:
            progress(count)
    if progress is not None:
        progress(count)
