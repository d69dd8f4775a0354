"""The simplicial cones from which the cells of a complex are split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product

import flint

from tropnet.exact import identity_rows, primitive_vector, row_echelon
from tropnet.networks.cells import Cell, Generator, cut_cell, entering_cell
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level


class StartingCones:
    """The cones between r independent hyperplanes, r the dimension of the space.

    Args:
        rows: The hyperplanes to choose from, as integer forms, of rank r; constraints first.
        numbers: The number of each in `Cell.tight`.
        constraints: How many are constraints; only what lies on their non-negative side counts.
        dimension: The number of coordinates, one more than r.
    """

    def __init__(
        self, rows: Sequence[IntegerRow], numbers: Sequence[int], constraints: int, dimension: int
    ) -> None:
        self._rows = rows
        self._numbers = numbers
        self.constraints = constraints
        self._dimension = dimension

    def __iter__(self) -> Iterator[tuple[list[Generator], list[int]]]:
        """The generators of each cone, and the hyperplanes through them."""
        constraints = self._rows[: self.constraints]
        if any(not any(row[:-1]) and row[-1] < 0 for row in constraints):
            return
        if not constraints:
            yield from self._simplicial()
            return
        level, unit = Level(flint.fmpz_mat(constraints), (), True), identity_rows(self._dimension)
        for generators, tight in self._simplicial():
            cell: Cell | None = entering_cell(
                LayerForms(level, None, 0, None, unit), (), generators, tight
            )
            for number in range(len(constraints)):
                cell = cut_cell(cell, 1 << number, number + 1, self._dimension) if cell else None
            if cell is not None:
                yield cell.generators, cell.tight

    @property
    def hyperplanes(self) -> list[IntegerRow]:
        """The independent hyperplanes."""
        return [self._rows[i] for i in self._independent]

    @cached_property
    def _independent(self) -> tuple[int, ...]:
        """The numbers of the first rows that are independent."""
        if self._dimension == 1:
            return ()
        return row_echelon(list(zip(*(row[:-1] for row in self._rows), strict=True)))[1]

    def _simplicial(self) -> Iterator[tuple[list[Generator], list[int]]]:
        """The 2^r cones; those on the wrong side of a chosen constraint are left out."""
        basis = self._independent
        if not basis:
            yield [Generator((1,))], [0]
            return
        matrix = flint.fmpz_mat([self._rows[i][:-1] for i in basis])
        adjugate, denominator = flint.fmpq_mat(matrix).inv().numer_denom()
        offsets = flint.fmpz_mat([[-self._rows[i][-1]] for i in basis])
        apex = _on_ray([*(adjugate * offsets).entries(), denominator])
        directions = [_on_ray([*column, 0]) for column in adjugate.transpose().tolist()]
        sides = [(Generator(ray), Generator(tuple(-entry for entry in ray))) for ray in directions]
        marks = [1 << self._numbers[i] for i in basis]
        tight = [sum(marks), *(sum(marks) ^ mark | 1 for mark in marks)]
        top = Generator(apex)
        choices = [
            pair[:1] if i < self.constraints else pair for i, pair in zip(basis, sides, strict=True)
        ]
        for rays in product(*choices):
            yield [top, *rays], tight


def _on_ray(vector: Sequence[flint.fmpz | int]) -> IntegerRow:
    return primitive_vector([int(entry) for entry in vector])
