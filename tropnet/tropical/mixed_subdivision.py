"""Mixed subdivisions: the regular subdivision of a product, cell by cell a sum of the factors'."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, reduce
from operator import mul
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.regular_subdivision import RegularSubdivision, SubdivisionCell


class MixedCell(NamedTuple):
    """A cell of a mixed subdivision.

    Attributes:
        cell: The cell of the subdivision of the product; its polyhedron is the Minkowski sum of the
            summands' polyhedra.
        summands: For each factor the cell of the monomials maximal on the dual of `cell`.
    """

    cell: SubdivisionCell
    summands: tuple[SubdivisionCell, ...]

    @property
    def dim(self) -> int:
        """The dimension of the cell."""
        return self.cell.dim

    @property
    def type(self) -> tuple[int, ...]:
        """The dimensions of the summands; their sum is at least that of the cell."""
        return tuple(summand.dim for summand in self.summands)


class MixedSubdivision:
    """The mixed subdivision of Newt(p_1) + … + Newt(p_r), from the coefficients of the factors.

    It is the regular subdivision of the product p_1 ⊙ … ⊙ p_r together with a decomposition of each
    cell; dual to the common refinement of the complexes of linearity domains.

    Args:
        factors: Polynomials in the same variables, at least one.

    Raises:
        InvalidInputError: for no factors, or factors in different variables.

    Guarantees:
        Every cell is the Minkowski sum of its summands, and its dual the intersection of theirs:
        the face of a sum in a direction, here (x, 1) and the upper hulls, is the sum of the faces.

    References:
        Huber and Sturmfels, *A polyhedral method for solving sparse polynomial systems*, Math.
        Comp. 64 (1995), section 2.
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, section 4.6.

    Cost:
        That of `RegularSubdivision` for every factor and the product, whose essential monomials
        are found one factor at a time.

    >>> line = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    >>> M = line.mixed_subdivision(line.pull_back([[1, 0], [0, 1]], [1, 3]))
    >>> [cell.type for cell in M.cells[2]]
    [(0, 2), (2, 0), (1, 1)]
    """

    def __init__(self, factors: Iterable[TropicalPolynomial]) -> None:
        given = tuple(factors)
        if not given:
            raise InvalidInputError("factors: a product needs at least one polynomial")
        for i, p in enumerate(given):
            if not isinstance(p, TropicalPolynomial):
                raise InvalidInputError(f"factors[{i}]: expected a TropicalPolynomial, got {p!r}")
        essential = reduce(
            lambda product, p: (product * p.essential()).essential(),
            given[1:],
            given[0].essential(),
        )
        self._subdivision = RegularSubdivision(reduce(mul, given), essential)
        self._factors = tuple(RegularSubdivision(p) for p in given)

    @property
    def factors(self) -> tuple[RegularSubdivision, ...]:
        """The regular subdivisions of the factors, in the order given."""
        return self._factors

    @property
    def subdivision(self) -> RegularSubdivision:
        """The regular subdivision of the product."""
        return self._subdivision

    @cached_property
    def cells(self) -> tuple[tuple[MixedCell, ...], ...]:
        """The cells by dimension, in the order of the cells of `subdivision`."""
        return tuple(
            tuple(self._decomposed(cell) for cell in cells) for cells in self._subdivision.cells
        )

    def _decomposed(self, cell: SubdivisionCell) -> MixedCell:
        point = cell.dual.interior_point()
        return MixedCell(cell, tuple(factor.cell_at(point) for factor in self._factors))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MixedSubdivision) and self._factors == other._factors

    def __hash__(self) -> int:
        return hash(self._factors)

    def __repr__(self) -> str:
        counts = " + ".join(str(len(cells)) for cells in self._subdivision.cells)
        return f"<MixedSubdivision of {len(self._factors)} factors: {counts} cells>"
