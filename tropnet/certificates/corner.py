"""Points around which a function is known exactly: where its facets meet, and how.

A corner is a point p, directions that span a space T of dimension d − 2, and rays.  It claims that
near p the function breaks exactly along the half-hyperplanes p + R≥0·ray + T.  To verify it, go
once around p in the plane R^d/T: from a ray counterclockwise, the affine piece there holds up to
the first of its walls through p; then comes the next piece, and so on up to the next ray.  All
pieces in between must have the same affine forms, and those on both sides of a ray different ones.
That all walls through p contain p + T makes the picture the same all along T near p.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import flint

from tropnet.certificates.affine_pieces import Row, affine_piece, dot
from tropnet.certificates.json_fields import integer_rows, integer_texts
from tropnet.certificates.plain import IntegerRow, entries, fractions, require
from tropnet.certificates.star_pattern import Pattern, around, cross, is_along, read_star
from tropnet.exact import Vector, format_fraction, nullspace, primitive_vector, rank, solve


@dataclass(frozen=True)
class Corner:
    """A point, and the half-hyperplanes along which a function breaks near it.

    Attributes:
        point: p, of length d.
        lines: A basis of T, integer vectors.
        rays: Integer vectors, one for each half-hyperplane; none for a mere point on the way.
    """

    point: Vector
    lines: tuple[IntegerRow, ...] = ()
    rays: tuple[IntegerRow, ...] = ()

    def data(self) -> dict[str, Any]:
        """The corner as plain JSON data."""
        return {
            "point": [format_fraction(entry) for entry in self.point],
            "lines": integer_texts(self.lines),
            "rays": integer_texts(self.rays),
        }

    @classmethod
    def from_data(cls, data: Any) -> Corner:
        """The corner from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(
            isinstance(data, dict) and set(data) == {"point", "lines", "rays"},
            "a corner needs exactly the keys 'point', 'lines' and 'rays'",
        )
        return cls(
            fractions(data["point"], "point"),
            integer_rows(data["lines"], "lines"),
            integer_rows(data["rays"], "rays"),
        )


def corners(values: Any, name: str) -> tuple[Corner, ...]:
    """Corners from plain JSON data.

    Raises:
        CertificateError: if the data is malformed.
    """
    return tuple(Corner.from_data(entry) for entry in entries(values, dict, name))


class CornerReading(NamedTuple):
    """A verified corner, and which of its half-hyperplanes belong to one neuron.

    Attributes:
        corner: The corner.
        pattern: The kind of its star (see `star_pattern`).
        straight: CROSSING: the first ray and its opposite.  BEND: those of the straight neuron.
        bent: CROSSING: the other two rays.  BEND: those of the neuron that bends.
    """

    corner: Corner
    pattern: Pattern
    straight: tuple[IntegerRow, ...]
    bent: tuple[IntegerRow, ...]


def verify_corner(function: Any, corner: Corner, inputs: int) -> CornerReading:
    """Checks that a function breaks near a point exactly as a corner says.

    Args:
        function: A function as plain data (see `plain`).
        corner: The corner, with at least three rays.
        inputs: d, at least 2.

    Raises:
        CertificateError: if it does not, or if this cannot be seen because the function's own
            neurons or maxima switch at p across T.
    """
    plane = Plane(corner, inputs)
    rays = [plane.image(ray) for ray in corner.rays]
    order = around(rays)
    rays = [rays[i] for i in order]
    require(len(rays) > 2, "a corner has fewer than three rays")
    require(
        not any(is_along(a, b) for a, b in pairwise(rays)),
        "two rays of a corner have the same direction",
    )
    sectors = [
        _sector(function, plane, ray, rays[(i + 1) % len(rays)]) for i, ray in enumerate(rays)
    ]
    weights = []
    for i, ray in enumerate(rays):
        side = plane.lift(_left(ray))
        jump = [
            dot(after, side) - dot(before, side)
            for after, before in zip(sectors[i], sectors[i - 1], strict=True)
        ]
        require(any(jump), "the function does not break along a ray of a corner")
        weights.append(jump)
    reading = read_star(rays, weights)
    straight, bent = (
        tuple(corner.rays[order[i]] for i in positions)
        for positions in (reading.straight, reading.bent)
    )
    if reading.pattern is Pattern.CROSSING and corner.rays[0] in bent:
        straight, bent = bent, straight
    return CornerReading(corner, reading.pattern, straight, bent)


class Plane:
    """The plane R^d/T across a corner, with coordinates, and a copy of it in R^d."""

    def __init__(self, corner: Corner, inputs: int) -> None:
        vectors = (corner.point, *corner.lines, *corner.rays)
        require(all(len(v) == inputs for v in vectors), "a vector of a corner has a wrong length")
        require(
            len(corner.lines) == inputs - 2 and rank(corner.lines) == inputs - 2,
            "the lines of a corner do not span a space of codimension 2",
        )
        self.corner = corner
        self.point = primitive_vector((*corner.point, 1))
        self._forms = nullspace(corner.lines, inputs)

    def image(self, vector: Sequence[Any]) -> tuple[Any, Any]:
        """A vector of R^d as one of the plane.

        Raises:
            CertificateError: if it lies in T.
        """
        x, y = (sum(a * b for a, b in zip(form, vector, strict=True)) for form in self._forms)
        require(x or y, "a ray of a corner lies along its lines")
        return x, y

    @cached_property
    def _basis(self) -> tuple[IntegerRow, IntegerRow]:
        """Vectors of R^d on the positive axes, equally long in the plane's coordinates."""
        first, second = (solve(self._forms, unit) for unit in ((1, 0), (0, 1)))
        assert first is not None
        assert second is not None
        both = primitive_vector((*first, *second))
        return both[: len(first)], both[len(first) :]

    def lift(self, vector: tuple[int, int]) -> IntegerRow:
        """A vector of R^d, followed by 0, whose image is a positive multiple of a vector."""
        first, second = self._basis
        a, b = vector
        return (*(a * v + b * w for v, w in zip(first, second, strict=True)), 0)


def _sector(function: Any, plane: Plane, start: tuple[int, int], end: tuple[int, int]) -> list[Row]:
    """The affine forms of a function from one direction counterclockwise to another."""
    corner = plane.corner
    first, second = plane.lift((1, 0)), plane.lift((0, 1))
    found: list[Row] | None = None
    while True:
        directions = [plane.lift(vector)[:-1] for vector in (start, _left(start))]
        piece = affine_piece(function, (corner.point, *directions, *corner.lines))
        require(found is None or piece.forms == found, "the function breaks beside a corner's rays")
        found = piece.forms
        following = end
        for wall in piece.walls:
            if dot(wall, plane.point) == 0:
                require(
                    all(dot(wall, (*line, 0)) == 0 for line in corner.lines),
                    "a wall of the function crosses the lines of a corner",
                )
                # Counterclockwise, the wall's form becomes negative in this direction.
                leaving = _integers(-dot(wall, second), dot(wall, first))
                if _comes_first(start, leaving, following):
                    following = leaving
        if following == end:
            return found
        start = following


def _comes_first(start: tuple[int, int], one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether, counterclockwise from a direction, one comes strictly before another."""
    parts = [_part(start, one), _part(start, other)]
    return parts[0] < parts[1] or (parts[0] == parts[1] in (0, 2) and cross(one, other) > 0)


def _part(start: tuple[int, int], vector: tuple[int, int]) -> int:
    """0 to the left, 1 opposite, 2 to the right of a direction, 3 in this direction."""
    turn = cross(start, vector)
    if turn:
        return 0 if turn > 0 else 2
    return 3 if is_along(start, vector) else 1


def _left(vector: tuple[int, int]) -> tuple[int, int]:
    return -vector[1], vector[0]


def _integers(x: flint.fmpq, y: flint.fmpq) -> tuple[int, int]:
    """A positive multiple with integer entries."""
    return int(x.p) * int(y.q), int(y.p) * int(x.q)
