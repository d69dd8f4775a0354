"""The linear equations for the weights of two hidden layers with known zero sets.

Write H_i = u_i·x + h_i for the hyperplanes of the first layer, u_i primitive.  The preactivation of
neuron B of the second layer, scaled so that its outgoing weights are a primitive vector σ_B, is

    z_B = α_B·x + β_B + Σ_i κ_Bi relu(H_i),

whichever sides the first-layer neurons are active on.  The unknowns are, for each B in turn, the
κ_Bi, then α_B, then β_B.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import NamedTuple, TypeAlias

from tropnet.exact import Vector, dot, nullspace, solve
from tropnet.identifiability.recovery.zero_sets import ZeroSet
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.hyperplanes import Hyperplane
from tropnet.polyhedra import Polyhedron

Flips: TypeAlias = tuple[bool, ...]
"""For each first-layer neuron whether it is active where H_i < 0."""


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


def on_zero_set(layout: Layout, zero_set: ZeroSet) -> Space | None:
    """The unknowns of one block: where f bends by tσ_B, z_B is t(u·x − c) on the active side.

    The facets are cut at all hyperplanes of the first layer.  With the active sides exchanged the
    solutions are the negative ones.
    """
    rows: list[Vector] = []
    right: list[Fraction] = []
    for facet, side in zip(zero_set.facets, zero_set.sides, strict=True):
        place = next(k for k, entry in enumerate(zero_set.sigma) if entry)
        factor = side * facet.coefficients[place] / zero_set.sigma[place]
        for active in _activities(layout, facet):
            for j in range(layout.inputs):
                rows.append(tuple(layout.gradient(0, active, j)[: layout.block]))
                right.append(factor * facet.normal[j])
            rows.append(tuple(layout.constant(0, active)[: layout.block]))
            right.append(-factor * facet.offset)
    point = solve(rows, right)
    if point is None:
        return None
    kernel = nullspace(rows, layout.block)
    return Space(point, tuple(tuple(map(Fraction, vector)) for vector in kernel))


def joined(blocks: Sequence[Space], signs: Sequence[int]) -> Space:
    """The unknowns of all blocks together, those of some with the opposite sign."""
    point: list[Fraction] = []
    directions = []
    size = sum(len(block.point) for block in blocks)
    for block, sign in zip(blocks, signs, strict=True):
        before = (Fraction(0),) * len(point)
        point += [sign * entry for entry in block.point]
        after = (Fraction(0),) * (size - len(point))
        directions += [(*before, *direction, *after) for direction in block.directions]
    return Space(tuple(point), tuple(directions))


def orientations(layout: Layout, blocks: int, space: Space) -> Iterator[tuple[Flips, Space]]:
    """The choices of active sides with α_B = −Σ κ_Bi u_i, and the solutions for each.

    The sum is over the neurons i that are active where H_i < 0.
    """
    count = len(layout.planes)
    if space.directions:
        for flips in product((False, True), repeat=count):
            flipped = [i for i, flip in enumerate(flips) if flip]
            rows = [
                tuple(layout.gradient(b, flipped, j))
                for b in range(blocks)
                for j in range(layout.inputs)
            ]
            found = space.with_equations(rows, [Fraction(0)] * len(rows))
            if found is not None:
                yield flips, found
        return
    places = [(b, j) for b in range(blocks) for j in range(layout.inputs)]
    rest = [space.point[b * layout.block + count + j] for b, j in places]
    steps = [
        [space.point[layout.kappa(b, i)] * layout.planes[i][0][j] for b, j in places]
        for i in range(count)
    ]
    sums: list[tuple[Flips, list[Fraction]]] = [((), rest)]
    for step in steps:
        sums = [
            (
                (*flips, flip),
                [a + b for a, b in zip(total, step, strict=True)] if flip else total,
            )
            for flips, total in sums
            for flip in (False, True)
        ]
    for flips, total in sums:
        if not any(total):
            yield flips, space


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
