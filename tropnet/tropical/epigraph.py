"""The epigraph of a tropical polynomial: all of its geometry in one double description.

The faces of {(x, s) : s ≥ c_i + a_i·x for all i} are graphs over the cells on which a fixed set of
monomials is maximal, and dual to the cells of the regular subdivision of the Newton polytope
(Maclagan and Sturmfels, *Introduction to Tropical Geometry*, proposition 3.1.6).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tropnet.exact import primitive_vector, rank
from tropnet.polyhedra import DoubleDescription, Polyhedron
from tropnet.polyhedra.conversion import generators_of
from tropnet.tropical.polynomial import TropicalPolynomial

IntegerRow = tuple[int, ...]


class Border(NamedTuple):
    """Where two monomials are maximal together, in dimension n − 1.

    Attributes:
        first: The number of a monomial.
        second: The number of the other, larger in the order of exponents.
        polyhedron: The set.
    """

    first: int
    second: int
    polyhedron: Polyhedron


class Epigraph:
    """The epigraph of a polynomial all of whose monomials are essential.

    Args:
        polynomial: The polynomial; pass `TropicalPolynomial.essential`.

    Cost: one double description with a row for each monomial in dimension n + 1.
    """

    def __init__(self, polynomial: TropicalPolynomial) -> None:
        self.polynomial = polynomial
        self._rows = [
            primitive_vector([*(-entry for entry in a), 1, -c])
            for a, c in zip(polynomial.exponents, polynomial.coefficients, strict=True)
        ]
        generators, self._lines = generators_of(self._rows, (), polynomial.variables + 1)
        # The upward direction is the only generator that is on no graph.
        self._generators = [g for g in generators if any(self._tight(g))]
        self._tight_sets = [
            sum(1 << k for k, g in enumerate(self._generators) if not _dot(row, g))
            for row in self._rows
        ]

    def borders(self) -> Iterator[Border]:
        """The pairs of monomials that are maximal together in dimension n − 1, in order."""
        n = self.polynomial.variables
        lines = [line[:-2] for line in self._lines]
        base = rank(lines)
        for i, first in enumerate(self._tight_sets):
            for j in range(i + 1, len(self._rows)):
                common = first & self._tight_sets[j]
                points = [g for k, g in enumerate(self._generators) if common >> k & 1]
                flat = [(*g[:-2], g[-1]) for g in points]
                if len(points) < n - base or not any(g[-1] for g in points):
                    continue
                if rank([*flat, *((*line, 0) for line in lines)]) == n:
                    yield Border(i, j, self._over(i, j, flat))

    def _over(self, i: int, j: int, points: list[IntegerRow]) -> Polyhedron:
        """The cell where monomials i and j are maximal, from both of its descriptions."""
        p = self.polynomial
        here = (*p.exponents[i], p.coefficients[i])
        others = [
            primitive_vector([a - b for a, b in zip(here, (*exponent, c), strict=True)])
            for exponent, c in zip(p.exponents, p.coefficients, strict=True)
        ]
        lines = [(*line[:-2], 0) for line in self._lines]
        inequalities = [row for k, row in enumerate(others) if k not in (i, j)]
        return Polyhedron(p.variables, DoubleDescription(inequalities, [others[j]], points, lines))

    def _tight(self, generator: IntegerRow) -> Iterator[bool]:
        return (not _dot(row, generator) for row in self._rows)


def _dot(first: IntegerRow, second: IntegerRow) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))
