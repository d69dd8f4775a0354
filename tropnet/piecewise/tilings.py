"""Cells that fill R^n: of hyperplane arrangements, of maxima of affine forms, of planar fans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cmp_to_key
from itertools import pairwise

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, primitive_vector, to_matrix
from tropnet.piecewise.chain import oriented
from tropnet.piecewise.constancy import halves
from tropnet.piecewise.incidence import IntegerRow
from tropnet.polyhedra import Polyhedron


def arrangement_cells(rows: Iterable[Vector], n: int) -> list[Polyhedron]:
    """The closures of the components of R^n minus hyperplanes.

    Args:
        rows: Rows (a, b), each for the hyperplane a·x = b.  Multiples of one row are one
            hyperplane, and a row with a = 0 cuts nothing.
        n: The dimension.

    Cost: for each hyperplane two double descriptions for each cell that it cuts.

    >>> len(arrangement_cells([(1, 0, 0), (-2, 0, 0), (0, 1, 0), (1, 1, 1)], 2))
    7
    """
    walls = {oriented(primitive_vector(row))[0] for row in rows if any(row[:-1])}
    cells = [Polyhedron.from_inequalities([], [], ambient_dim=n)]
    for wall in sorted(walls):
        cells = [half for cell in cells for half, _ in halves(cell, wall)]
    return cells


def maximum_cells(gradients: Sequence[Vector], constants: Sequence[Number]) -> list[Polyhedron]:
    """The sets where one of several affine forms is the largest, as far as they have interior.

    Cost: one double description for each form.

    >>> [cell.vertices for cell in maximum_cells([(0,), (1,), (2,)], [0, 0, -2])] == [
    ...     ((0,),), ((0,), (2,)), ((2,),)]
    True
    """
    n = len(gradients[0])
    forms = list(dict.fromkeys(zip(gradients, constants, strict=True)))
    cells = [
        Polyhedron.from_inequalities(
            [[b - a for a, b in zip(own, other, strict=True)] for other, _ in forms],
            [constant - value for _, value in forms],
            ambient_dim=n,
        )
        for own, constant in forms
    ]
    return [cell for cell in cells if cell.dim == n]


def planar_sectors(rays: Iterable[Iterable[Number]]) -> list[Polyhedron]:
    """The sectors of the plane between rays from the origin, counterclockwise.

    Args:
        rays: Directions in R^2; multiples of one are one ray.

    Returns:
        The cones between neighbours; two half-planes for two opposite rays, the whole plane for no
        rays.

    Raises:
        InvalidInputError: if a sector is no convex cone, or is a half-plane beside smaller sectors
            (its boundary line would not meet them face to face).

    >>> [sector.rays for sector in planar_sectors([(1, 0), (0, 2), (-3, -3)])][0] == (
    ...     (0, 1), (1, 0))
    True
    """
    directions = {primitive_vector(ray) for ray in to_matrix(rays, "rays")}
    for ray in directions:
        if len(ray) != 2 or not any(ray):
            raise InvalidInputError(f"rays: {ray} is no direction in the plane")
    if not directions:
        return [Polyhedron.from_inequalities([], [], ambient_dim=2)]
    around = sorted(directions, key=cmp_to_key(_turn))
    lone_line = len(around) == 2 and not _cross(*around)
    sectors = []
    for first, second in pairwise([*around, around[0]]):
        if lone_line:
            # The half-plane to the left of the first ray.
            sectors.append(Polyhedron.from_inequalities([[first[1], -first[0]]], [0]))
            continue
        if _cross(first, second) <= 0:
            raise InvalidInputError(
                f"rays: the sector from {first} to {second} is not smaller than a half-plane; "
                "add a ray inside it"
            )
        sectors.append(Polyhedron.from_generators([(0, 0)], rays=[first, second]))
    return sectors


def _cross(first: IntegerRow, second: IntegerRow) -> int:
    return first[0] * second[1] - first[1] * second[0]


def _turn(first: IntegerRow, second: IntegerRow) -> int:
    """Negative if the first direction comes before the second, counterclockwise from (1, 0)."""
    upper = [(ray[1], ray[0]) > (0, 0) for ray in (first, second)]
    if upper[0] != upper[1]:
        return -1 if upper[0] else 1
    return -_cross(first, second)
