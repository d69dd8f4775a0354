"""The epigraph of a tropical polynomial: all of its geometry in one double description.

The faces of {(x, s) : s ≥ c_i + a_i·x for all i} are graphs over the cells on which a fixed set of
monomials is maximal, and dual to the cells of the regular subdivision of the Newton polytope
(Maclagan and Sturmfels, *Introduction to Tropical Geometry*, proposition 3.1.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import flint

from tropnet.exact import primitive_vector
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

    Cost: one double description with a row for each monomial in dimension n + 1; everything else
    is read off the incidence of its rows and generators.
    """

    def __init__(self, polynomial: TropicalPolynomial) -> None:
        self.polynomial = polynomial
        lifted = [
            (*a, c) for a, c in zip(polynomial.exponents, polynomial.coefficients, strict=True)
        ]
        # One denominator for all, so that differences of forms are differences of rows.
        scale = lcm(*(entry.denominator for form in lifted for entry in form))
        self._forms = [tuple(int(scale * entry) for entry in form) for form in lifted]
        rows = [(*(-entry for entry in form[:-1]), scale, -form[-1]) for form in self._forms]
        generators, lines = generators_of(rows, (), polynomial.variables + 1)
        self._lines = [(*line[:-2], 0) for line in lines]
        # The upward direction is on no graph and comes last, if it is a generator at all.
        touching = zip(map(_over, generators), _incidences(rows, generators), strict=True)
        on_graphs = sorted((pair for pair in touching if pair[1]), key=_canonical_order)
        self._generators = [generator for generator, _ in on_graphs]
        self._vertices = sum(1 << k for k, g in enumerate(self._generators) if g[-1])
        self._tight = [
            sum(1 << k for k, (_, on) in enumerate(on_graphs) if on >> number & 1)
            for number in range(len(rows))
        ]

    def borders(self) -> Iterator[Border]:
        """The pairs of monomials that are maximal together in dimension n − 1, in order."""
        for i in range(len(self._forms)):
            for j, face in self._facets_of(self._tight[i]):
                if i < j:
                    yield Border(i, j, self._polyhedron(i, j, face))

    def _facets_of(self, face: int) -> list[tuple[int, int]]:
        """The facets of a face of the epigraph: for each a monomial and its generators."""
        candidates: dict[int, int] = {}
        for number, tight in enumerate(self._tight):
            common = face & tight
            if common != face and common & self._vertices:
                candidates.setdefault(common, number)
        return sorted(
            (number, common)
            for common, number in candidates.items()
            if not any(common != other and common & other == common for other in candidates)
        )

    def _polyhedron(self, i: int, j: int, face: int) -> Polyhedron:
        """The cell where monomials i and j are maximal, from both of its descriptions."""
        own = self._forms[i]
        inequalities = [self._difference(own, k) for k, _ in self._facets_of(face)]
        points = [g for k, g in enumerate(self._generators) if face >> k & 1]
        equation = self._difference(own, j)
        description = DoubleDescription(inequalities, [equation], points, self._lines)
        variables = self.polynomial.variables
        if self._lines:
            return Polyhedron(variables, description)
        leading = next(entry for entry in equation if entry)
        *normal, constant = (entry if leading > 0 else -entry for entry in equation)
        return Polyhedron.from_canonical_generators(variables, description, ((*normal, -constant),))

    def _difference(self, own: IntegerRow, other: int) -> IntegerRow:
        """The primitive row (a, b) with a·x + b ≥ 0 where a form is at least another."""
        return primitive_vector([a - b for a, b in zip(own, self._forms[other], strict=True)])


def _over(generator: IntegerRow) -> IntegerRow:
    """The primitive generator (x, t) below a generator (x, s, t)."""
    return primitive_vector((*generator[:-2], generator[-1]))


def _incidences(rows: Sequence[IntegerRow], generators: Sequence[IntegerRow]) -> list[int]:
    """For each generator the rows that vanish there, as bits."""
    values = flint.fmpz_mat(generators) * flint.fmpz_mat(rows).transpose()
    return [sum(1 << k for k, value in enumerate(here) if value == 0) for here in values.tolist()]


def _canonical_order(pair: tuple[IntegerRow, int]) -> tuple[bool, list[Fraction | int]]:
    """Vertices by their coordinates, then rays (the order of `Polyhedron.generators`)."""
    generator = pair[0]
    if not generator[-1]:
        return True, list(generator)
    return False, [Fraction(entry, generator[-1]) for entry in generator[:-1]]
