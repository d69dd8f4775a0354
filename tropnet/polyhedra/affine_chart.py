"""Coordinates on the affine hull of a polyhedron."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tropnet.exact import Vector, nullspace, primitive_vector
from tropnet.polyhedra.conversion import IntegerRow
from tropnet.polyhedra.polyhedron import Polyhedron


class AffineChart:
    """The affine isomorphism y ↦ origin + Σ y_k basis_k from R^dim onto the hull of a polyhedron.

    Each basis vector is the only one with a non-zero entry at its own coordinate (`coordinates`),
    so y can be read off x.

    Args:
        polyhedron: Not empty.

    Attributes:
        origin: A point of the polyhedron.
        basis: Primitive integer vectors spanning the direction space.

    >>> chart = AffineChart(Polyhedron.from_inequalities([], [], ([[1, 1]], [3])))
    >>> chart.basis, chart.point((2, 1))
    (((-1, 1),), (-2, 5, 1))
    """

    def __init__(self, polyhedron: Polyhedron) -> None:
        n = polyhedron.ambient_dim
        normals = [row[:-1] for row in polyhedron.equations]
        self.origin: Vector = polyhedron.vertices[0]
        self.basis: tuple[IntegerRow, ...] = nullspace(normals, n)
        self.coordinates: tuple[int, ...] = tuple(
            next(
                j
                for j in range(n)
                if vector[j] and not any(other[j] for other in self.basis if other is not vector)
            )
            for vector in self.basis
        )

    def point(self, point: Sequence[int]) -> IntegerRow:
        """A generator (y, t) as the primitive generator (x, t)."""
        *coordinates, t = point
        return primitive_vector(
            [
                *(
                    t * start
                    + sum(y * vector[j] for y, vector in zip(coordinates, self.basis, strict=True))
                    for j, start in enumerate(self.origin)
                ),
                t,
            ]
        )

    def pull_back(self, row: Sequence[Fraction | int]) -> tuple[Fraction, ...]:
        """The affine form (a, b), a·x + b, as a form in y."""
        vectors = (*(tuple(map(Fraction, vector)) for vector in self.basis), self.origin)
        normal = tuple(map(Fraction, row[:-1]))
        *values, shift = (
            sum((a * x for a, x in zip(normal, vector, strict=True)), Fraction(0))
            for vector in vectors
        )
        return (*values, shift + row[-1])

    def push_forward(self, row: Sequence[int]) -> IntegerRow:
        """A form in y as a primitive form in x that restricts to a positive multiple of it."""
        *normal, constant = row
        result = [Fraction(0)] * len(self.origin)
        shift = Fraction(constant)
        for entry, j, vector in zip(normal, self.coordinates, self.basis, strict=True):
            result[j] = Fraction(entry, vector[j])
            shift -= result[j] * self.origin[j]
        return primitive_vector([*result, shift])
