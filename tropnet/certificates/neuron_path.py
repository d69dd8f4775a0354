"""Paths along the facets of one neuron.

A path leads from corner to corner through points of which consecutive ones lie in a common
hyperplane H along which the function breaks all the way.  Walk along such a leg and keep an eye on
the affine pieces on both sides of H.  Each holds up to the first of its walls; there come the next
pieces.  Their forms must differ everywhere (the function breaks), and the walls that change at one
place must cut H in one and the same subspace.  So near each place H consists of one or two halves
along all of which the function breaks, and in a transversal representation they belong to one
neuron (`star_pattern`, statement 1).  Where a path turns from one hyperplane to another there must
be a corner at which both belong to the neuron that bends there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import flint

from tropnet.certificates.affine_pieces import Row, affine_piece, dot, rational_matrix
from tropnet.certificates.corner import Corner, CornerReading, Plane, corners, verify_corner
from tropnet.certificates.plain import IntegerRow, entries, require
from tropnet.certificates.star_pattern import Pattern, is_along
from tropnet.exact import nullspace

Path: TypeAlias = tuple[Corner, ...]
"""What a path passes between two corners: places where it turns, and mere points."""


def paths(values: Any, name: str) -> tuple[Path, ...]:
    """Paths from plain JSON data.

    Raises:
        CertificateError: if the data is malformed.
    """
    return tuple(corners(path, name) for path in entries(values, list, name))


def verify_path(
    function: Any, start: CornerReading, stops: Sequence[Corner], end: CornerReading, inputs: int
) -> None:
    """Checks that the neuron that is straight at one corner is the one that bends at another.

    Args:
        function: A function as plain data (see `plain`).
        start: The path leaves it along one of its straight rays.
        stops: Where the path turns (corners with rays), or mere points.
        end: The path arrives along one of its bent rays.
        inputs: d.

    Raises:
        CertificateError: if this is not so, or cannot be seen because the function's own neurons or
            maxima switch along the path.
    """
    walk = _Walk(function, start, start.straight, inputs)
    for stop in stops:
        require(len(stop.point) == inputs, "a point of a path has a wrong number of coordinates")
        require(stop.rays or not stop.lines, "a mere point of a path has lines")
        walk.go(stop)
        if stop.rays:
            reading = verify_corner(function, stop, inputs)
            require(reading.pattern is Pattern.BEND, "a path turns where no neuron bends")
            walk.arrive(reading, reading.bent)
            walk = _Walk(function, reading, reading.bent, inputs)
    walk.go(end.corner)
    walk.arrive(end, end.bent)


class _Walk:
    """A walk in one hyperplane, from a verified corner along one of some of its rays."""

    def __init__(
        self, function: Any, start: CornerReading, rays: Sequence[IntegerRow], inputs: int
    ) -> None:
        self._function = function
        self._inputs = inputs
        self._start, self._rays = start.corner, rays
        self._point = _homogeneous(start.corner)
        self._step: Row = []
        self._normal: IntegerRow = ()
        self._behind: list[Row] = []

    def go(self, stop: Corner) -> None:
        """Walks straight to a point."""
        target = _homogeneous(stop)
        self._step = [b - a for a, b in zip(self._point, target, strict=True)]
        if not self._normal:
            ray = self._ray_along(self._start, self._rays, self._step)
            (self._normal,) = nullspace((*self._start.lines, ray), self._inputs)
        normal = self._normal
        require(any(self._step), "a path stands still")
        require(not dot(self._step[:-1], normal), "a path leaves its hyperplane")
        inside = nullspace([normal], self._inputs)
        while True:
            left, right = (
                affine_piece(self._function, (self._point[:-1], self._step[:-1], *inside, side))
                for side in (normal, tuple(-entry for entry in normal))
            )
            require(left.forms != right.forms, "the function does not break along a path")
            ahead = left.walls + right.walls
            self._verify_place(ahead, inside)
            self._behind = ahead
            share = _first_wall(ahead, self._point, target)
            if share is None:
                self._point = target
                return
            self._point = [a + share * (b - a) for a, b in zip(self._point, target, strict=True)]

    def arrive(self, end: CornerReading, rays: Sequence[IntegerRow]) -> None:
        """Checks that the walk has reached a corner along one of some of its rays."""
        ray = self._ray_along(end.corner, rays, [-entry for entry in self._step])
        require(
            not any(sum(map(int.__mul__, self._normal, v)) for v in (ray, *end.corner.lines)),
            "a path arrives beside a corner's rays",
        )

    def _ray_along(self, corner: Corner, rays: Sequence[IntegerRow], step: Row) -> IntegerRow:
        """The one of some rays of a corner on whose half-hyperplane a step lies."""
        plane = Plane(corner, self._inputs)
        image = plane.image(step[:-1])
        found = [ray for ray in rays if is_along(plane.image(ray), image)]
        require(found, "a path does not run along the rays of its corner that belong to the neuron")
        return found[0]

    def _verify_place(self, ahead: Sequence[Row], inside: Sequence[IntegerRow]) -> None:
        """Checks that near the present point, walls cut the hyperplane in one subspace at most."""
        here = [wall for wall in ahead if not dot(wall, self._point)]
        for wall in here:
            require(
                dot(wall, self._step) or not any(dot(wall, (*v, 0)) for v in inside),
                "a wall of the function runs along a path",
            )
        here += [wall for wall in self._behind if not dot(wall, self._point)]
        if self._behind and here:
            rows: list[Row] = [
                [flint.fmpq(entry) for entry in self._normal],
                *(wall[:-1] for wall in here),
            ]
            require(flint.fmpq_mat(rows).rank() <= 2, "several walls of the function cross a path")


def _first_wall(walls: Sequence[Row], point: Row, target: Row) -> flint.fmpq | None:
    """How far along the way from a point to another the first wall becomes negative, if any."""
    values = [(dot(wall, point), dot(wall, target)) for wall in walls]
    return min((a / (a - b) for a, b in values if b < 0), default=None)


def _homogeneous(corner: Corner) -> Row:
    (row,) = rational_matrix([[*corner.point, 1]]).tolist()
    return row
