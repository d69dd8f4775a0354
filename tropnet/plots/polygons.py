"""Polygons as rings of corners."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cmp_to_key

from tropnet.exact import Vector


def ring(vertices: Sequence[Vector], drop: int | None = None) -> tuple[Vector, ...]:
    """The vertices of a convex polygon in the order in which they follow each other around it.

    Args:
        vertices: In the plane, or in the space if one coordinate is to be ignored.
        drop: The coordinate to ignore; the plane of the polygon must not contain its direction.

    Guarantees:
        Exact, counterclockwise in the coordinates that are kept.

    >>> [tuple(map(int, v)) for v in ring([(0, 0), (0, 1), (1, 0), (1, 1)])]
    [(1, 1), (0, 1), (0, 0), (1, 0)]
    """
    flat = {v: [entry for i, entry in enumerate(v) if i != drop] for v in vertices}
    centre = [Fraction(sum(column)) / len(flat) for column in zip(*flat.values(), strict=True)]
    arms = {v: (x - centre[0], y - centre[1]) for v, (x, y) in flat.items()}

    def compare(first: Vector, second: Vector) -> int:
        (a, b), (c, d) = arms[first], arms[second]
        halves = (b < 0 or (b == 0 and a < 0)) - (d < 0 or (d == 0 and c < 0))
        turn = b * c - a * d
        return halves or (turn > 0) - (turn < 0)

    return tuple(sorted(flat, key=cmp_to_key(compare)))
