"""Coordinates on the affine hull of a polyhedron."""

from __future__ import annotations

from math import lcm

from tropnet.exact import nullspace
from tropnet.polyhedra.double_description import IntegerRow
from tropnet.polyhedra.polyhedron import Polyhedron


def affine_frame(polyhedron: Polyhedron) -> tuple[IntegerRow, ...]:
    """An integer matrix M whose image, in homogeneous coordinates, is the hull of a polyhedron.

    Returns:
        n + 1 rows of dim + 1 entries: (x, t) = M @ (y, s) runs through the affine hull as (y, s)
        runs through R^(dim + 1); t is a positive multiple of s.

    Raises:
        InvalidInputError: if the polyhedron is empty.

    >>> affine_frame(Polyhedron.from_inequalities([], [], ([[2, 2]], [3])))
    ((-2, 0), (2, 3), (0, 2))
    """
    origin = polyhedron.interior_point()
    scale = lcm(*(entry.denominator for entry in origin))
    basis = nullspace([row[:-1] for row in polyhedron.equations], polyhedron.ambient_dim)
    rows = [
        (*(scale * vector[j] for vector in basis), entry.numerator * (scale // entry.denominator))
        for j, entry in enumerate(origin)
    ]
    return (*rows, (0,) * len(basis) + (scale,))
