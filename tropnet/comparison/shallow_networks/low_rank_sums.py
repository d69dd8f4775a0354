"""Subsets S for which the matrix R_S = R + Σ_{i∈S} c_i ⊗ a_i has a small rank.

On the vectors x with a_i·x = 0 for all i, R_S is R whatever S is.  So its rank is at least that of
R there; and if R there has rank k already, with image V, then R_S has rank k if and only if its
image is V, which are linear conditions: a vector subset sum (`subset_sums`).  The same holds for
the transposed matrices.  For k = 0 this decides everything.  Else some elements are taken or left
until one of the two applies to the others, or so few are left that all their subsets are tried
(`rank_filter`); matrices that several choices lead to are looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeAlias

from tropnet.certificates.budget import Meter
from tropnet.comparison.shallow_networks.flats import direction
from tropnet.comparison.shallow_networks.rank_filter import low_rank_choices
from tropnet.comparison.shallow_networks.subset_sums import Subset, SubsetSums
from tropnet.exact import Vector, integer_rows, nullspace, rank

# So few subsets that all are tried, and what that may take: entries of all the matrices.
_MOST_TRIED = 2**16
_MOST_ENTRIES = 2**22

Row: TypeAlias = tuple[int, ...]
Rows: TypeAlias = tuple[Row, ...]


class RankOne(NamedTuple):
    """The matrix c ⊗ a with the entries c_p a_q.

    Attributes:
        column: c, of length m.
        row: a, of length q.
    """

    column: Vector
    row: Row


class LowRankSums:
    """The subsets S with rank(R_S) ≤ k.

    Args:
        start: R, shape (m, q); q may be 0.
        terms: The pairs (c_i, a_i).
        bound: k.
        meter: Counts partial sums and matrices against a budget.

    Guarantees:
        Exact.  The order of the subsets is deterministic.

    Cost: that of a vector subset sum if k is 0, or a bound that no S can exceed or go below; else
    up to 2^n matrices.

    >>> from tropnet.certificates.budget import Meter
    >>> unit = RankOne((Fraction(1), Fraction(0)), (1, 0))
    >>> solutions = LowRankSums([(-1, 0), (0, 2)], [unit, unit], 1, Meter(None, None))
    >>> solutions.count, list(solutions)
    (2, [(1,), (0,)])
    """

    def __init__(
        self,
        start: Sequence[Sequence[Fraction | int]],
        terms: Sequence[RankOne],
        bound: int,
        meter: Meter,
    ) -> None:
        # Scaling a row of all matrices changes no rank.
        scaled, _ = integer_rows(
            [[*row, *(term.column[p] for term in terms)] for p, row in enumerate(start)]
        )
        width = len(start[0])
        self._start: Rows = tuple(tuple(row[:width]) for row in scaled)
        columns: list[Row] = [tuple(row[width + i] for row in scaled) for i in range(len(terms))]
        rows = [term.row for term in terms]
        self._order = _branching_order(rows, columns) if bound else list(range(len(rows)))
        self._rows = [rows[i] for i in self._order]
        self._columns = [columns[i] for i in self._order]
        self._bound = bound
        self._meter = meter

    @cached_property
    def count(self) -> int:
        """The number of subsets."""
        return sum(leaf.multiplicity * leaf.rest.count for leaf in self._leaves)

    def __iter__(self) -> Iterator[Subset]:
        """The subsets as ascending positions, without repetition."""
        for leaf in self._leaves:
            for rest in leaf.rest:
                last = [leaf.depth + position for position in rest]
                for first in self._paths(leaf.depth, leaf.matrix):
                    yield tuple(sorted(self._order[place] for place in (*first, *last)))

    @cached_property
    def _leaves(self) -> list[_Leaf]:
        return self._explored[1]

    @cached_property
    def _explored(self) -> tuple[list[dict[Rows, int]], list[_Leaf]]:
        """The matrices that remain open after each number of choices, and the ends."""
        layers: list[dict[Rows, int]] = [{self._start: 1}]
        leaves = []
        for depth in range(len(self._order) + 1):
            suffix = _Suffix(self._rows[depth:], self._columns[depth:], self._start)
            following: dict[Rows, int] = {}
            self._meter.add(len(layers[depth]))
            for matrix, multiplicity in layers[depth].items():
                least = suffix.least_rank(matrix)
                if least > self._bound:
                    continue
                rest = self._solved(suffix, matrix)
                if rest is not None:
                    leaves.append(_Leaf(depth, matrix, multiplicity, rest))
                    continue
                for child in (matrix, self._taken(matrix, depth)):
                    following[child] = following.get(child, 0) + multiplicity
            if not following:
                break
            layers.append(following)
        return layers, leaves

    def _solved(self, suffix: _Suffix, matrix: Rows) -> SubsetSums | _Listed | None:
        """The choices among the elements that are not decided yet, if they can be found at once."""
        conditions = suffix.conditions(matrix, self._bound)
        if conditions is not None:
            return SubsetSums(*conditions, self._meter)
        number = 2 ** len(suffix.rows)
        if number > _MOST_TRIED or number * len(matrix) * len(matrix[0]) > _MOST_ENTRIES:
            return None
        self._meter.add(number)
        return _Listed(low_rank_choices(matrix, suffix.columns, suffix.rows, self._bound))

    def _taken(self, matrix: Rows, depth: int, factor: int = 1) -> Rows:
        column, row = self._columns[depth], self._rows[depth]
        return tuple(
            tuple(entry + factor * c * a for entry, a in zip(line, row, strict=True))
            for line, c in zip(matrix, column, strict=True)
        )

    def _paths(self, depth: int, matrix: Rows) -> Iterator[Subset]:
        """The choices among the first elements that lead to a matrix."""
        layers = self._explored[0]
        pending: list[tuple[int, Rows, Subset]] = [(depth, matrix, ())]
        while pending:
            depth, matrix, chosen = pending.pop()
            if not depth:
                yield chosen
                continue
            depth -= 1
            for before, places in (
                (self._taken(matrix, depth, -1), (depth, *chosen)),
                (matrix, chosen),
            ):
                if before in layers[depth]:
                    pending.append((depth, before, places))


class _Listed:
    """Subsets that have been found."""

    def __init__(self, found: list[Subset]) -> None:
        self._found = found
        self.count = len(found)

    def __iter__(self) -> Iterator[Subset]:
        return iter(self._found)


class _Leaf(NamedTuple):
    """A matrix after some choices, and what the others can be."""

    depth: int
    matrix: Rows
    multiplicity: int
    rest: SubsetSums | _Listed


class _Suffix:
    """What the elements that are not decided yet can change in a matrix."""

    def __init__(self, rows: list[Row], columns: list[Row], start: Rows) -> None:
        self.rows = rows
        self.columns = columns
        width = len(start[0])
        self._kernel = nullspace(rows, width)
        self._cokernel = nullspace(columns, len(start))
        self._row_rank = width - len(self._kernel)
        self._column_rank = len(start) - len(self._cokernel)

    def least_rank(self, matrix: Rows) -> int:
        """A rank below which no choice leads."""
        return max(
            rank(_product(matrix, self._kernel)),
            rank(_product(_transposed(matrix), self._cokernel)),
        )

    def conditions(self, matrix: Rows, bound: int) -> tuple[list[Row], Row] | None:
        """The subset sum that says that the rank does not exceed a bound, if it is one.

        Returns:
            Vectors and a target; None if other conditions than linear ones are needed.
        """
        rows, columns = self.rows, self.columns
        if (
            not matrix[0]
            or min(rank([*matrix, *rows]), rank([*_transposed(matrix), *columns])) <= bound
        ):
            return [()] * len(rows), ()
        image = _transposed(_product(matrix, self._kernel))
        if rank(image) == bound:
            return _equations(matrix, columns, rows, nullspace(image, len(matrix)))
        transposed = _transposed(matrix)
        image = _transposed(_product(transposed, self._cokernel))
        if rank(image) == bound:
            return _equations(transposed, rows, columns, nullspace(image, len(transposed)))
        return None


def _equations(
    matrix: Rows, columns: list[Row], rows: list[Row], functionals: Rows
) -> tuple[list[Row], Row]:
    """The subset sum: functionals @ (matrix + Σ column ⊗ row) = 0."""
    values = _product(functionals, columns)
    vectors = [
        tuple(value[i] * entry for value in values for entry in row) for i, row in enumerate(rows)
    ]
    target = tuple(-entry for row in _product(functionals, _transposed(matrix)) for entry in row)
    return vectors, target


def _product(matrix: Sequence[Row], vectors: Sequence[Row]) -> Rows:
    """Row by row the products with the vectors."""
    return tuple(
        tuple(sum(a * b for a, b in zip(row, vector, strict=True)) for vector in vectors)
        for row in matrix
    )


def _transposed(matrix: Rows) -> Rows:
    return tuple(zip(*matrix, strict=True))


def _branching_order(rows: list[Row], columns: list[Row]) -> list[int]:
    """An order in which the elements left at the end span little early.

    Elements with parallel rows, or with parallel columns, stay together, the largest class last.
    """
    candidates = []
    for vectors in (rows, columns):
        classes: dict[Row, list[int]] = {}
        for i, vector in enumerate(vectors):
            classes.setdefault(direction(vector), []).append(i)
        order = [i for members in sorted(classes.values(), key=len) for i in members]
        full = rank(vectors)
        length = next(
            (n for n in range(len(order)) if rank([vectors[i] for i in order[n:]]) < full), 0
        )
        candidates.append((length, order))
    return min(candidates, key=lambda candidate: candidate[0])[1]
