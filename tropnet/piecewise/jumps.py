"""Where the affine maps of neighbouring cells differ: continuity, and the break locus.

Every facet of every cell adds its affine map to a chain on the facet's hyperplane u·x = c, with the
sign of the side that the cell lies on.  On the hyperplane the sum is the jump of the affine map.
The function is continuous iff the jump is always a multiple w·(u·x − c); then w is the weight.  The
cells need not meet face to face.

It is enough to look at codimension 1: around a point of smaller strata any two cells are connected
by cells that meet in codimension 1 there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from tropnet.exact import Vector, primitive_vector
from tropnet.piecewise.affine_cells import AffineCell, reduced_map
from tropnet.piecewise.chain import Chain, add, oriented
from tropnet.piecewise.constancy import constant_cells
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.incidence import FaceKey, IntegerRow, face_polyhedron, facings
from tropnet.polyhedra import Polyhedron


class Jump(NamedTuple):
    """A part of a hyperplane with the change of the affine map across it.

    Attributes:
        wall: The primitive row (a, b) of the hyperplane a·x = b, its first entry positive.
        polyhedron: The part; parts can overlap, and then their changes add up.
        change: For each output gradient and constant where a·x > b minus those where a·x < b, one
            after the other.
    """

    wall: IntegerRow
    polyhedron: Polyhedron
    change: Vector


def jumps(cells: Iterable[AffineCell], domain: Polyhedron | None) -> Iterator[Jump]:
    """The jumps across all hyperplanes inside the domain, sorted by hyperplane."""
    boundary = set(domain.inequalities) if domain is not None else set()
    equations = domain.equations if domain is not None else ()
    walls: dict[IntegerRow, dict[FaceKey, tuple[Polyhedron, Vector]]] = {}
    for cell in cells:
        gradient, constant = reduced_map(cell, equations)
        above = tuple(x for row, c in zip(gradient, constant, strict=True) for x in (*row, c))
        below = tuple(-x for x in above)
        for facing in facings(cell.polyhedron):
            if facing.row in boundary:
                continue
            # The cell is where a·x ≤ b.
            wall, sign = oriented(facing.row)
            change = below if sign > 0 else above
            faces = walls.setdefault(wall, {})
            if facing.key in faces:
                change = add(faces[facing.key][1], change)
            faces[facing.key] = cell.polyhedron, change
    for wall in sorted(walls):
        for key, (polyhedron, change) in walls[wall].items():
            if any(change):
                yield Jump(wall, face_polyhedron(polyhedron, key), change)


def discontinuity(found: Iterable[Jump], outputs: int) -> Polyhedron | None:
    """A part of a hyperplane on which the affine maps on both sides disagree, None if continuous.

    Guarantees:
        Exact.  None proves that the cells' maps fit together to a continuous function.
    """
    by_wall: dict[IntegerRow, list[tuple[Polyhedron, Vector]]] = {}
    for jump in found:
        rest = _rest(jump, outputs)
        if any(rest):
            by_wall.setdefault(jump.wall, []).append((jump.polyhedron, rest))
    for pieces in by_wall.values():
        chain = Chain(pieces)
        if not chain.is_null():
            return constant_cells(chain)[0][0]
    return None


def weighted_facets(found: Iterable[Jump], outputs: int) -> Iterator[Facet]:
    """The jumps of a continuous function as weighted facets; they can overlap and cancel."""
    for jump in found:
        normal = primitive_vector(jump.wall[:-1])
        weights = _weights(jump, outputs)
        if any(weights):
            offset = jump.wall[-1] / _content(jump.wall)
            weight = weights[0] if outputs == 1 else weights
            yield Facet(normal, offset, weight, jump.polyhedron)


def _weights(jump: Jump, outputs: int) -> Vector:
    """The w with change of the gradient = w ⊗ u, read off at the first entry of u."""
    pivot = next(j for j, entry in enumerate(jump.wall) if entry)
    entry, width = jump.wall[pivot] / _content(jump.wall), len(jump.change) // outputs
    return tuple(jump.change[k * width + pivot] / entry for k in range(outputs))


def _rest(jump: Jump, outputs: int) -> Vector:
    """What remains of the change after the multiples of u·x − c are taken off."""
    width = len(jump.change) // outputs
    content = _content(jump.wall)
    form = [entry / content for entry in (*jump.wall[:-1], -jump.wall[-1])]
    return tuple(
        jump.change[k * width + j] - weight * form[j]
        for k, weight in enumerate(_weights(jump, outputs))
        for j in range(width)
    )


def _content(wall: IntegerRow) -> Fraction:
    """The positive factor between the normal of a row and the primitive normal."""
    primitive = primitive_vector(wall[:-1])
    return next(Fraction(a, u) for a, u in zip(wall, primitive, strict=False) if u)
