"""Subsets of vectors with a given sum.

Linear algebra comes first.  The vectors fall into the connected components of their linear matroid,
whose spans are independent, so that each component has its own part of the target.  A component of
n vectors and rank r is one of three things:

- a zero vector, which may be taken or left;
- if most of the vectors are independent (2r ≥ n): in the coordinates of a basis, every subset of
  the other n − r vectors leaves for each basis vector its coefficient, which must be 0 or 1.  A few
  coordinates are solved as subset sums, and each solution is tried in the others;
- else a subset sum of integers: r coordinates are packed into one number, in a base so large that
  no carry occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations
from math import gcd, prod
from typing import TypeAlias

import networkx as nx

from tropnet.certificates.budget import Meter
from tropnet.comparison.shallow_networks.partial_sums import IntegerSubsetSums
from tropnet.exact import integer_rows, row_echelon

Subset: TypeAlias = tuple[int, ...]
"""Ascending positions."""


def subsets(elements: Sequence[int]) -> Iterator[Subset]:
    """All subsets, the smaller ones first.

    >>> list(subsets((0, 2)))
    [(), (0,), (2,), (0, 2)]
    """
    return chain.from_iterable(combinations(elements, n) for n in range(len(elements) + 1))


class SubsetSums:
    """The subsets of some vectors with a given sum.

    Args:
        vectors: Rational or integer vectors, shape (n, k); any of n, k may be 0.
        target: The sum, shape (k,).
        meter: Counts partial sums against a budget.

    Guarantees:
        Exact.  The order of the subsets is deterministic.

    Cost: in the worst case 2^(n/2) partial sums; equal ones count once, and independent vectors
    cost nothing.  Counting does not list the subsets, except where most vectors are independent.

    >>> from tropnet.certificates.budget import Meter
    >>> solutions = SubsetSums([(1, 0), (0, 1), (-1, -1), (0, 0)], (0, 0), Meter(None, None))
    >>> solutions.count, list(solutions)
    (4, [(), (0, 1, 2), (3,), (0, 1, 2, 3)])
    """

    def __init__(
        self,
        vectors: Sequence[Sequence[Fraction | int]],
        target: Sequence[Fraction | int],
        meter: Meter,
    ) -> None:
        self._size = len(vectors)
        self._meter = meter
        # One coordinate a row, the target last, cleared of denominators.
        columns = [*vectors, target]
        self._rows, _ = integer_rows(
            [[column[k] for column in columns] for k in range(len(target))]
        )

    @cached_property
    def count(self) -> int:
        """The number of subsets."""
        # The cheap components first: they may have no solution.
        parts = sorted(self._parts, key=lambda part: len(part.elements))
        return prod(part.solutions.count for part in parts)

    @cached_property
    def _parts(self) -> list[_Part]:
        """The components; one without solutions if the target is not in the span."""
        basis, pivots = row_echelon(self._rows)
        if self._size in pivots:
            return [_Part((), _Nothing())]
        graph = nx.Graph()
        graph.add_nodes_from(range(self._size))
        for row, pivot in zip(basis, pivots, strict=True):
            graph.add_edges_from((pivot, j) for j, entry in enumerate(row[:-1]) if entry)
        components = [tuple(sorted(nodes)) for nodes in nx.connected_components(graph)]
        loops = tuple(i for (i, *more) in components if not more and i not in pivots)
        parts = [_Part(loops, _Everything(len(loops)))] if loops else []
        for elements in sorted(components):
            if elements[0] not in loops:
                rows = [
                    [row[j] for j in (*elements, self._size)]
                    for row, pivot in zip(basis, pivots, strict=True)
                    if pivot in elements
                ]
                parts.append(_Part(elements, self._component(elements, rows)))
        return parts

    def _component(self, elements: Subset, basis: list[list[Fraction]]) -> _Solutions:
        """The solutions for one component, from its rows of the echelon form."""
        if 2 * len(basis) >= len(elements):
            return _Lifted(basis, self._meter)
        # The given coordinates are smaller numbers than those of the echelon form.
        rows = [[row[j] for j in elements] for row in self._rows]
        independent = row_echelon(list(zip(*rows, strict=True)))[1]
        pivots = row_echelon(basis)[1]
        equations = []
        for k in independent:
            target = sum(
                (rows[k][p] * row[-1] for p, row in zip(pivots, basis, strict=True)), Fraction(0)
            )
            divisor = gcd(*rows[k])
            if target.denominator != 1 or target.numerator % divisor:
                return _Nothing()
            equations.append([entry // divisor for entry in (*rows[k], target.numerator)])
        *integers, total = _packed(equations)
        return IntegerSubsetSums(integers, total, self._meter)

    def __iter__(self) -> Iterator[Subset]:
        """The subsets as ascending positions, without repetition."""
        if self.count:
            for subset in _combined(self._parts):
                yield tuple(sorted(subset))


class _Nothing:
    """No subsets."""

    count = 0

    def __iter__(self) -> Iterator[Subset]:
        return iter(())


class _Everything:
    """All subsets of n elements."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.count: int = 2**size

    def __iter__(self) -> Iterator[Subset]:
        return subsets(range(self._size))


class _Lifted:
    """The x in {0, 1}^n with basis @ x = target, from the solutions of a few of the equations.

    Each row of the echelon form has a pivot of its own, so a choice of the other elements leaves at
    most one solution.
    """

    def __init__(self, basis: list[list[Fraction]], meter: Meter) -> None:
        self._rows = integer_rows(basis)[0]
        self._pivots = row_echelon(basis)[1]
        self._meter = meter

    @cached_property
    def count(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Subset]:
        size = len(self._rows[0]) - 1
        free = [j for j in range(size) if j not in self._pivots]
        first, others = self._chosen(free)
        elements = [j for j in range(size) if j in free or j in {pivot for _, pivot in first}]
        equations = [[row[j] for j in (*elements, size)] for row, _ in first]
        *integers, total = _packed(equations) if equations else [0]
        for positions in IntegerSubsetSums(integers, total, self._meter):
            self._meter.add(1)
            subset = [elements[position] for position in positions]
            taken = [j for j in subset if j not in self._pivots]
            for row, pivot in others:
                rest = row[-1] - sum(row[j] for j in taken)
                if rest == row[pivot]:
                    subset.append(pivot)
                elif rest:
                    break
            else:
                yield tuple(sorted(subset))

    def _chosen(
        self, free: list[int]
    ) -> tuple[list[tuple[list[int], int]], list[tuple[list[int], int]]]:
        """Few equations in which every free element occurs, with their pivots, and the others."""
        others = list(zip(self._rows, self._pivots, strict=True))
        chosen = []
        missing = set(free)
        while missing:
            # Large numbers have few solutions.
            best = max(
                others,
                key=lambda item: (
                    sum(bool(item[0][j]) for j in missing),
                    sum(map(abs, item[0])),
                ),
            )
            others.remove(best)
            chosen.append(best)
            missing -= {j for j in missing if best[0][j]}
        return chosen, others


_Solutions: TypeAlias = "_Nothing | _Everything | _Lifted | IntegerSubsetSums"


@dataclass(frozen=True)
class _Part:
    """A component: its elements, and its solutions as positions among them."""

    elements: Subset
    solutions: _Solutions


def _combined(parts: Sequence[_Part]) -> Iterator[Subset]:
    """Every solution of the first component with every one of the others."""
    if not parts:
        yield ()
        return
    part, *others = parts
    for positions in part.solutions:
        first = tuple(part.elements[position] for position in positions)
        for rest in _combined(others):
            yield first + rest


def _packed(equations: Sequence[Sequence[int]]) -> list[int]:
    """One equation for several: the subset sums that agree in it agree in all of them.

    Two sums, or a sum and the target, differ in coordinate k by at most the sum of the moduli in
    row k, so digits in a base of twice that and 1 determine the difference.
    """
    packed = [0] * len(equations[0])
    base = 1
    for row in equations:
        packed = [number + base * entry for number, entry in zip(packed, row, strict=True)]
        base *= 2 * sum(map(abs, row)) + 1
    return packed
