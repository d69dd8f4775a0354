"""Points inside polyhedra, and segments that cross one facet only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import count
from random import Random

from tropnet.exact import Vector
from tropnet.piecewise.facet import Facet
from tropnet.polyhedra import Polyhedron


def point_in(polyhedron: Polyhedron, choice: int) -> Vector:
    """A point of the relative interior; for choices other than 0 a random-like one."""
    if not choice:
        return polyhedron.interior_point()
    random = Random(choice)
    size = 4 * choice
    weights = [random.randint(1, size) for _ in polyhedron.generators]
    shifts = [random.randint(-size, size) for _ in polyhedron.lines]
    *total, scale = (
        sum(w * entry for w, entry in zip(weights, column, strict=True))
        for column in zip(*polyhedron.generators, strict=True)
    )
    return tuple(
        Fraction(entry, scale)
        + sum((s * line[k] for s, line in zip(shifts, polyhedron.lines, strict=True)), Fraction(0))
        for k, entry in enumerate(total)
    )


def kink(facets: Sequence[Facet]) -> tuple[Vector, Vector]:
    """The ends of a segment that crosses the first facet, and no other one, in its middle."""
    facet = facets[0]
    others = [other for other in facets if other.hyperplane != facet.hyperplane]
    for choice in count():
        point = point_in(facet.polyhedron, choice)
        gaps = [abs(_form(other, point) - other.offset) for other in others]
        if all(gaps):
            break
    # How far one can go along the normal without meeting the hyperplane of another facet.
    speeds = [abs(_form(other, facet.normal)) for other in others]
    ways = [gap / speed for gap, speed in zip(gaps, speeds, strict=True) if speed]
    length = min(ways, default=Fraction(2)) / 2
    start, end = (
        tuple(x + step * u for x, u in zip(point, facet.normal, strict=True))
        for step in (-length, length)
    )
    return start, end


def _form(facet: Facet, vector: Sequence[Fraction | int]) -> Fraction:
    return sum((Fraction(a * b) for a, b in zip(facet.normal, vector, strict=True)), Fraction(0))
