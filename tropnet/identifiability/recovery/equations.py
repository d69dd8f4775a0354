"""The linear equations for the weights of two hidden layers with known zero sets.

Write H_i = u_i·x + h_i for the hyperplanes of the first layer, u_i primitive.  The preactivation of
neuron B of the second layer, scaled so that its outgoing weight is σ_B = ±1, is

    z_B = α_B·x + β_B + Σ_i κ_Bi relu(H_i),

whichever sides the first-layer neurons are active on.  The unknowns are, for each B in turn, the
κ_Bi, then α_B, then β_B.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.exact import Vector, dot, nullspace, solve
from tropnet.identifiability.recovery.zero_sets import ZeroSet
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.hyperplanes import Hyperplane
from tropnet.polyhedra import Polyhedron


class Space(NamedTuple):
    """An affine space of unknowns.

    Attributes:
        point: A point of it.
        directions: A basis of its directions.
    """

    point: Vector
    directions: tuple[Vector, ...]

    def with_equations(self, rows: Sequence[Vector], right: Sequence[Fraction]) -> Space | None:
        """The part where some linear equations hold; None if there is none."""
        reduced = [[dot(row, direction) for direction in self.directions] for row in rows]
        rest = [b - dot(row, self.point) for row, b in zip(rows, right, strict=True)]
        if not self.directions:
            return None if any(rest) else self
        found = solve(reduced, rest)
        if found is None:
            return None
        kernel = nullspace(reduced, len(self.directions))
        return Space(self.at(found), tuple(self._direction(vector) for vector in kernel))

    def at(self, coordinates: Sequence[Fraction]) -> Vector:
        """The point with given coordinates along the directions."""
        moved = self._direction(coordinates)
        return tuple(a + b for a, b in zip(self.point, moved, strict=True))

    def _direction(self, coordinates: Sequence[Fraction | int]) -> Vector:
        return tuple(
            sum((c * d[k] for c, d in zip(coordinates, self.directions, strict=True)), Fraction(0))
            for k in range(len(self.point))
        )


class Layout:
    """Where the unknowns of a block stand, and linear forms in them.

    Args:
        planes: The hyperplanes u·x = c of the first layer, as pairs (u, c).
        blocks: The number of second-layer neurons.
    """

    def __init__(self, planes: Sequence[Hyperplane], blocks: int) -> None:
        self.planes = tuple(planes)
        self.inputs = len(planes[0][0])
        self.block = len(planes) + self.inputs + 1
        self.size = blocks * self.block

    def height(self, i: int, point: Vector) -> Fraction:
        """H_i at a point."""
        normal, offset = self.planes[i]
        return dot(normal, point) - offset

    def active(self, point: Vector) -> list[int]:
        """The i with H_i > 0 at a point."""
        return [i for i in range(len(self.planes)) if self.height(i, point) > 0]

    def kappa(self, b: int, i: int) -> int:
        """The place of κ_Bi."""
        return b * self.block + i

    def gradient(self, b: int, active: Sequence[int], j: int, factor: int = 1) -> list[Fraction]:
        """Factor times the j-th derivative of z_B where some H_i are positive, as a row."""
        row = [Fraction(0)] * self.size
        row[b * self.block + len(self.planes) + j] = Fraction(factor)
        for i in active:
            row[self.kappa(b, i)] = Fraction(factor * self.planes[i][0][j])
        return row

    def constant(self, b: int, active: Sequence[int]) -> list[Fraction]:
        """The constant of z_B where some H_i are positive, as a row."""
        row = [Fraction(0)] * self.size
        row[(b + 1) * self.block - 1] = Fraction(1)
        for i in active:
            row[self.kappa(b, i)] = -self.planes[i][1]
        return row

    def value(self, b: int, point: Vector) -> list[Fraction]:
        """z_B at a point, as a row."""
        active = self.active(point)
        row = self.constant(b, active)
        for j, x in enumerate(point):
            row = [a + x * g for a, g in zip(row, self.gradient(b, active, j), strict=True)]
        return row


def on_zero_sets(
    layout: Layout, zero_sets: Sequence[ZeroSet], signs: Sequence[int]
) -> tuple[list[Vector], list[Fraction]]:
    """On every facet, cut at all first-layer hyperplanes, z_B is |w| (u·x − c) up to the side."""
    rows: list[Vector] = []
    right: list[Fraction] = []
    for b, (zero_set, sign) in enumerate(zip(zero_sets, signs, strict=True)):
        for facet, side in zip(zero_set.facets, zero_set.sides, strict=True):
            factor = sign * side * abs(facet.coefficients[0])
            for active in _activities(layout, facet):
                for j in range(layout.inputs):
                    rows.append(tuple(layout.gradient(b, active, j)))
                    right.append(factor * facet.normal[j])
                rows.append(tuple(layout.constant(b, active)))
                right.append(-factor * facet.offset)
    return rows, right


def _activities(layout: Layout, facet: Facet) -> list[tuple[int, ...]]:
    """The sets of H_i that are positive on the parts of a facet."""
    parts = [facet.polyhedron]
    for normal, offset in layout.planes:
        halves = []
        for part in parts:
            for sign in (1, -1):
                half = Polyhedron.from_inequalities(
                    [[sign * entry for entry in normal]], [sign * offset]
                ).intersection(part)
                if half.dim == part.dim:
                    halves.append(half)
        parts = halves
    return sorted({tuple(layout.active(part.interior_point())) for part in parts})
