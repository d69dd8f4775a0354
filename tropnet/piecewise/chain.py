"""Weighted polyhedra in one flat, up to sets of smaller dimension.

A chain on a k-flat F is a sum Σ w_i·1_{P_i} of indicator functions of k-dimensional polyhedra in F
with coefficients in Q^r.  Chains are equal if the functions agree almost everywhere on F, whatever
the polyhedra; the polyhedra may overlap and need not meet face to face.

Everything is decided by going down in dimension.  The jumps of the function across a (k−1)-flat
G ⊂ F are a chain ∂_G on G, made of facets of the P_i.  A chain is null iff all its ∂_G are null (so
that the function is constant almost everywhere) and it vanishes in one generic place.  That place
is taken at infinity: on the curve p + t·b_1 + t²·b_2 + … + t^k·b_k for t → ∞, in the basis of F's
directions that belongs to its reduced equations, the sign of a non-constant affine form is that of
its last non-zero coefficient.  So no linear program is solved and nothing is subdivided.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

from tropnet.exact import Vector
from tropnet.piecewise.incidence import (
    FaceKey,
    IntegerRow,
    face_key,
    face_polyhedron,
    facings,
)
from tropnet.polyhedra import Polyhedron


class Chain:
    """A weighted set of k-dimensional polyhedra in one k-flat, up to sets of smaller dimension.

    Args:
        pieces: Non-empty polyhedra with the same affine hull (not checked), each with its
            coefficient in Q^r.  Equal polyhedra are merged, and dropped if they cancel.

    >>> halves = [Polyhedron.from_inequalities([[s]], [0]) for s in (1, -1)]
    >>> line = Polyhedron.from_inequalities([], [], ambient_dim=1)
    >>> one, minus_one = (Fraction(1),), (Fraction(-1),)
    >>> Chain([(half, one) for half in halves] + [(line, minus_one)]).is_null()
    True
    """

    def __init__(self, pieces: Iterable[tuple[Polyhedron, Vector]]) -> None:
        merged: dict[FaceKey, tuple[Polyhedron, Vector]] = {}
        for polyhedron, coefficient in pieces:
            key = face_key(polyhedron)
            if key in merged:
                coefficient = add(merged[key][1], coefficient)
            merged[key] = polyhedron, coefficient
        self._pieces = tuple(piece for piece in merged.values() if any(piece[1]))

    @property
    def pieces(self) -> tuple[tuple[Polyhedron, Vector], ...]:
        """The polyhedra with their non-zero coefficients, in the order given."""
        return self._pieces

    def at_infinity(self) -> Vector | None:
        """The value of the function at generic infinity; None for a chain without pieces."""
        if not self._pieces:
            return None
        total = (Fraction(0),) * len(self._pieces[0][1])
        for polyhedron, coefficient in self._pieces:
            if all(_last_sign(row) < 0 for row in polyhedron.inequalities):
                total = add(total, coefficient)
        return total

    @cached_property
    def jumps(self) -> dict[IntegerRow, Chain]:
        """The chains ∂_G: by the row (a, b) of G, the value where a·x < b minus that where a·x > b.

        The rows are reduced modulo the equations of the flat, primitive, with a positive first
        entry.  A chain listed here can still be null.
        """
        flats: dict[IntegerRow, dict[FaceKey, tuple[Polyhedron, Vector]]] = {}
        for polyhedron, coefficient in self._pieces:
            for facing in facings(polyhedron):
                wall, sign = oriented(facing.row)
                jump = coefficient if sign > 0 else tuple(-entry for entry in coefficient)
                facets = flats.setdefault(wall, {})
                if facing.key in facets:
                    jump = add(facets[facing.key][1], jump)
                facets[facing.key] = polyhedron, jump
        return {
            wall: Chain(
                (face_polyhedron(polyhedron, key), jump)
                for key, (polyhedron, jump) in flats[wall].items()
                if any(jump)
            )
            for wall in sorted(flats)
        }

    def is_null(self) -> bool:
        """Whether the function vanishes almost everywhere.

        Guarantees:
            Exact, for overlapping polyhedra and any subdivision: by induction on the dimension,
            a function all of whose jumps are null is constant almost everywhere.

        Cost: linear in the number of pieces and their facets where pieces cancel face to face;
        only facets that do not are looked at in the next dimension.
        """
        if len(self._pieces) < 2:
            return not self._pieces
        for coordinate in zip(*(coefficient for _, coefficient in self._pieces), strict=True):
            if any(coordinate) and (min(coordinate) >= 0 or max(coordinate) <= 0):
                return False
        value = self.at_infinity()
        return not any(value or ()) and all(jump.is_null() for jump in self.jumps.values())

    def walls(self) -> tuple[IntegerRow, ...]:
        """The (k−1)-flats on which the function really jumps, as rows (see `jumps`), sorted.

        Guarantees:
            They depend on the function alone.  The function is constant almost everywhere on each
            open cell of their arrangement.
        """
        return tuple(wall for wall, jump in self.jumps.items() if not jump.is_null())


def add(left: Vector, right: Vector) -> Vector:
    """The sum of two vectors."""
    return tuple(a + b for a, b in zip(left, right, strict=True))


def oriented(row: IntegerRow) -> tuple[IntegerRow, int]:
    """A row with a positive first non-zero entry, and the sign that was taken out."""
    sign = 1 if next(entry for entry in row if entry) > 0 else -1
    return tuple(sign * entry for entry in row), sign


def _last_sign(row: IntegerRow) -> int:
    """The sign of a·x − b at generic infinity: that of the last non-zero entry of a.

    Canonical rows vanish at the pivots of the equations, and the basis vector of a free column is
    positive there and zero at the other free columns, so entries are the coefficients of t^i.
    """
    return next(1 if entry > 0 else -1 for entry in reversed(row[:-1]) if entry)
