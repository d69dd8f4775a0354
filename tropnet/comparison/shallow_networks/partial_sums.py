"""Subsets of integers with a given sum, by meeting in the middle.

The integers are split into two parts, and the sums of the subsets of each part are listed with
their multiplicities, equal sums once.  Solutions are the pairs of sums that add up to the target;
they are counted without being listed, and listed one by one by walking back through the sums.
Large integers are first replaced by residues: where no residues add up, no integers do.

References:
    Horowitz and Sahni, *Computing partitions with applications to the knapsack problem*, 1974.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from tropnet.certificates.budget import Meter
from tropnet.errors import BudgetExceededError

# Beyond so many sums at a time, memory is the limit, whatever the budget says.
_MOST_SUMS = 2**22
# Sums below this fit into 64-bit integers, sums of two included.
_SMALL = 2**62
# From how many integers on it is worth while to look at residues first.
_MANY = 16


class PartialSums:
    """The sums of the subsets of some integers, each once, with multiplicities.

    Attributes:
        values: The distinct sums, ascending: 64-bit integers, or Python integers where those could
            overflow.
        counts: How many subsets have each of the sums.
    """

    def __init__(self, small: bool, few: bool, modulus: int | None = None) -> None:
        self.values: np.ndarray[Any, Any] = np.zeros(1, dtype=np.int64 if small else object)
        self.counts: np.ndarray[Any, Any] = np.ones(1, dtype=np.int64 if few else object)
        self._modulus = modulus
        self._items: list[int] = []
        self._layers = [self.values]

    def append(self, item: int, meter: Meter) -> None:
        """One more integer.

        Raises:
            BudgetExceededError: if there are too many sums.
        """
        if 2 * len(self.values) > _MOST_SUMS:
            raise BudgetExceededError(
                f"more than {_MOST_SUMS} different sums at a time", meter.count
            )
        meter.add(len(self.values))
        # Two ascending runs (three of residues): a stable sort merges them in linear time.
        shifted = self.values + item
        if self._modulus is not None:
            shifted %= self._modulus
        merged = np.concatenate([self.values, shifted])
        order = np.argsort(merged, kind="stable")
        merged = merged[order]
        is_new = np.ones(len(merged), dtype=bool)
        is_new[1:] = merged[1:] != merged[:-1]
        starts = np.flatnonzero(is_new)
        self.values = merged[starts]
        self.counts = np.add.reduceat(np.concatenate([self.counts, self.counts])[order], starts)
        self._items.append(item)
        self._layers.append(self.values)

    def subsets(self, value: int) -> Iterator[tuple[int, ...]]:
        """The subsets with a given sum, as positions in the order of `append`."""
        pending: list[tuple[int, int, tuple[int, ...]]] = [(len(self._items), value, ())]
        while pending:
            depth, rest, chosen = pending.pop()
            if not depth:
                yield chosen
                continue
            depth -= 1
            for before, positions in (
                (rest - self._items[depth], (depth, *chosen)),
                (rest, chosen),
            ):
                if self._has(depth, before):
                    pending.append((depth, before, positions))

    def _has(self, depth: int, value: int) -> bool:
        layer = self._layers[depth]
        place = int(np.searchsorted(layer, value))
        return place < len(layer) and int(layer[place]) == value


class IntegerSubsetSums:
    """The subsets of some integers with a given sum.

    Args:
        integers: Any integers.
        target: The sum.
        meter: Counts the partial sums against a budget.

    Guarantees:
        Exact, whatever the size of the integers.

    Cost: the number of different sums of about half of the integers, in time and memory.

    >>> from tropnet.certificates.budget import Meter
    >>> solutions = IntegerSubsetSums([1, 2, 3, -3], 3, Meter(None, None))
    >>> solutions.count, list(solutions)
    (3, [(2,), (0, 1), (0, 1, 2, 3)])
    >>> IntegerSubsetSums([1] * 60, 30, Meter(None, None)).count
    118264581564861424
    """

    def __init__(self, integers: Sequence[int], target: int, meter: Meter) -> None:
        self._integers = integers
        self._target = target
        self._meter = meter

    @cached_property
    def _is_small(self) -> bool:
        return sum(map(abs, self._integers)) + abs(self._target) < _SMALL

    @cached_property
    def _is_excluded(self) -> bool:
        """Whether the residues modulo a power of two show that there is no solution."""
        if self._is_small or len(self._integers) < _MANY:
            return False
        left, right = _halves(
            [entry % _SMALL for entry in self._integers], True, self._meter, _SMALL
        )
        wanted = (self._target % _SMALL - right.values) % _SMALL
        return not len(np.intersect1d(left.values, wanted, assume_unique=True))

    @cached_property
    def _parts(self) -> tuple[PartialSums, PartialSums]:
        return _halves(self._integers, self._is_small, self._meter)

    @cached_property
    def _meetings(self) -> tuple[Any, Any, Any]:
        """The sums of the first half that the other completes, and their places in both halves."""
        left, right = self._parts
        wanted = self._target - right.values
        return np.intersect1d(left.values, wanted, assume_unique=True, return_indices=True)

    @cached_property
    def count(self) -> int:
        """The number of subsets."""
        if self._is_excluded:
            return 0
        left, right = self._parts
        _, here, there = self._meetings
        return int((left.counts[here] * right.counts[there]).sum())

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        """The subsets as ascending positions."""
        if self._is_excluded:
            return
        left, right = self._parts
        last = len(self._integers) - 1
        for value in self._meetings[0]:
            rest = self._target - int(value)
            for first in left.subsets(int(value)):
                for second in right.subsets(rest):
                    yield first + tuple(last - position for position in reversed(second))


def _halves(
    integers: Sequence[int], small: bool, meter: Meter, modulus: int | None = None
) -> tuple[PartialSums, PartialSums]:
    """The sums of the first integers, and those of the others from the last one on."""
    few = len(integers) < 62
    left, right = PartialSums(small, few, modulus), PartialSums(small, few, modulus)
    start, end = 0, len(integers)
    while start < end:
        if len(left.values) <= len(right.values):
            left.append(integers[start], meter)
            start += 1
        else:
            end -= 1
            right.append(integers[end], meter)
    return left, right
