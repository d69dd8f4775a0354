"""A facet of a weighted complex: a polyhedron of codimension 1 with its weight."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Any, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import (
    Vector,
    format_fraction,
    primitive_vector,
    to_fraction,
    to_integers,
    to_vector,
)
from tropnet.piecewise.incidence import IntegerRow
from tropnet.polyhedra import Polyhedron

Weight: TypeAlias = Fraction | Vector
"""A rational, or a tuple of rationals for functions with several outputs."""


@dataclass(frozen=True)
class Facet:
    """An (n−1)-dimensional polyhedron in the hyperplane normal·x = offset of R^n, with a weight.

    For a piecewise linear function f and its break locus, (gradient of f where normal·x > offset)
    − (gradient where normal·x < offset) = weight ⊗ normal.  Replacing the normal by its negative
    leaves the weight as it is, so the weight needs no orientation.

    Attributes:
        normal: Primitive integers; either sign is accepted and the first non-zero entry made
            positive.
        offset: Any number; negated together with the normal.
        weight: A number, or a sequence of numbers for several outputs.
        polyhedron: Of dimension n − 1, inside the hyperplane.

    Raises:
        InvalidInputError: for a normal that is zero or not primitive (it would change the meaning
            of the weight), numbers that are none, and a polyhedron that is no (n−1)-dimensional
            part of the hyperplane.

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, 2015, Definition 3.4.3.

    >>> ray = Polyhedron.from_generators([(0, 0)], rays=[(-1, 0)])
    >>> facet = Facet((0, -1), 0, 1, ray)
    >>> facet.normal, facet
    ((0, 1), <Facet of weight 1 in y = 0: vertices (0, 0), rays (-1, 0)>)
    """

    normal: IntegerRow
    offset: Fraction
    weight: Weight
    polyhedron: Polyhedron

    def __post_init__(self) -> None:
        normal = to_integers(self.normal, "normal")
        if gcd(*normal) != 1:
            raise InvalidInputError(
                f"normal: {normal} is not primitive; divide it by the greatest common divisor of "
                "its entries and multiply the weight by it"
            )
        offset = to_fraction(self.offset, "offset")
        if next(entry for entry in normal if entry) < 0:
            normal, offset = tuple(-entry for entry in normal), -offset
        object.__setattr__(self, "normal", normal)
        object.__setattr__(self, "offset", offset)
        object.__setattr__(self, "weight", _exact_weight(self.weight))
        if self.weight == ():
            raise InvalidInputError("weight: a vector weight needs at least one entry")
        self._check_polyhedron()

    def _check_polyhedron(self) -> None:
        n, polyhedron = len(self.normal), self.polyhedron
        if not isinstance(polyhedron, Polyhedron):
            raise InvalidInputError(
                f"polyhedron: expected a Polyhedron, got {type(polyhedron).__name__}"
            )
        if polyhedron.ambient_dim != n:
            raise InvalidInputError(
                f"polyhedron: it lies in R^{polyhedron.ambient_dim}, the normal in R^{n}"
            )
        if polyhedron.dim != n - 1:
            raise InvalidInputError(
                f"polyhedron: its dimension is {polyhedron.dim}, a facet in R^{n} has {n - 1}"
            )
        if polyhedron.equations != (self.hyperplane,):
            raise InvalidInputError(
                f"polyhedron: it does not lie in the hyperplane {self.equation}"
            )

    @property
    def hyperplane(self) -> IntegerRow:
        """The primitive integer row (a, b) of the hyperplane a·x = b."""
        return primitive_vector((*self.normal, self.offset))

    @property
    def equation(self) -> str:
        """The hyperplane as text."""
        return f"{_form(self.normal)} = {format_fraction(self.offset)}"

    @property
    def coefficients(self) -> Vector:
        """The weight as a vector, of length 1 for a number."""
        return (self.weight,) if isinstance(self.weight, Fraction) else self.weight

    def with_weight(self, weight: Weight) -> Facet:
        """The same facet with another weight."""
        return Facet(self.normal, self.offset, weight, self.polyhedron)

    def __repr__(self) -> str:
        return (
            f"<Facet of weight {format_weight(self.weight)} in {self.equation}: "
            f"{format_generators(self.polyhedron)}>"
        )


def format_weight(weight: Weight) -> str:
    """A weight as exact text.

    >>> format_weight((Fraction(1, 2), Fraction(3)))
    '(1/2, 3)'
    """
    return format_fraction(weight) if isinstance(weight, Fraction) else format_vector(weight)


def format_vector(vector: Vector) -> str:
    """A vector as exact text."""
    return f"({', '.join(map(format_fraction, vector))})"


def format_generators(polyhedron: Polyhedron) -> str:
    """The vertices, rays and lines of a polyhedron, each kind named and in a fixed order."""
    kinds = [
        ("vertices", polyhedron.vertices),
        ("rays", polyhedron.rays),
        ("lines", polyhedron.lines),
    ]
    return ", ".join(
        f"{kind} {' '.join(map(format_vector, vectors))}" for kind, vectors in kinds if vectors
    )


def _exact_weight(weight: Any) -> Weight:
    if hasattr(weight, "__iter__") and not isinstance(weight, str):
        return to_vector(weight, "weight")
    return to_fraction(weight, "weight")


def _form(normal: IntegerRow) -> str:
    names = "xyz" if len(normal) <= 3 else [f"x{i + 1}" for i in range(len(normal))]
    terms = [
        ("- " if entry < 0 else "+ ") + ("" if abs(entry) == 1 else f"{abs(entry)}*") + name
        for entry, name in zip(normal, names, strict=False)
        if entry
    ]
    return " ".join(terms).removeprefix("+ ")
