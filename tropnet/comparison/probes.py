"""Points at which two different functions are likely to differ, cheapest first.

Differences live where the neurons that the two networks do not share live.  Besides points of all
sizes, the search looks at directions (differences far out grow along them), between the hyperplanes
of the first level along random lines (slabs, however thin), and at the points where as many of
those hyperplanes as there are inputs meet (bumps, however small).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, pairwise
from random import Random

from tropnet.comparison.formal import FormalDifference
from tropnet.exact import Vector, primitive_vector, solve
from tropnet.networks.layer_forms import IntegerRow
from tropnet.polyhedra import Polyhedron

_SCALES = (1, 16, 1024, 2**30)
_LINES = 4
_MEETINGS = 48


def probes(difference: FormalDifference, domain: Polyhedron | None) -> Iterator[IntegerRow]:
    """Points (x, t) of the domain, and for t = 0 directions, the same at every call.

    Args:
        difference: What remains of the difference of the two functions.
        domain: Where to look; None for all of R^n.
    """
    if domain is not None:
        return _points_of(domain)
    random = Random(0)
    hyperplanes = [row for row in difference.hyperplanes() if any(row[:-1])]
    inputs = difference.table.inputs
    return chain(
        _points(inputs, random),
        _between(hyperplanes, inputs, random),
        _meetings(hyperplanes, inputs, random),
    )


def _points(inputs: int, random: Random) -> Iterator[IntegerRow]:
    """The origin, then points and directions of growing size."""
    yield (*(0,) * inputs, 1)
    for scale in _SCALES:
        for _ in range(2):
            point = _integers(inputs, random)
            yield (*(scale * entry for entry in point), 32)
            yield (*point, 0)


def _between(
    hyperplanes: Sequence[IntegerRow], inputs: int, random: Random
) -> Iterator[IntegerRow]:
    """Midpoints between the crossings of random lines with hyperplanes."""
    for _ in range(_LINES):
        start, way = _integers(inputs, random), _integers(inputs, random)
        crossings = set()
        for *normal, offset in hyperplanes:
            speed = _dot(normal, way)
            if speed:
                crossings.add(Fraction(-_dot(normal, start) - offset, speed))
        for first, second in pairwise(sorted(crossings)):
            middle = (first + second) / 2
            yield primitive_vector(
                [*(a + middle * b for a, b in zip(start, way, strict=True)), Fraction(1)]
            )


def _meetings(
    hyperplanes: Sequence[IntegerRow], inputs: int, random: Random
) -> Iterator[IntegerRow]:
    """Points where randomly chosen hyperplanes meet."""
    if len(hyperplanes) < inputs:
        return
    for _ in range(_MEETINGS):
        chosen = random.sample(range(len(hyperplanes)), inputs)
        rows = [hyperplanes[i] for i in chosen]
        point = solve([row[:-1] for row in rows], [-row[-1] for row in rows])
        if point is not None:
            yield primitive_vector([*point, Fraction(1)])


def _points_of(domain: Polyhedron) -> Iterator[IntegerRow]:
    centre = domain.interior_point()
    points: list[Vector] = [centre]
    points += [
        tuple((3 * a + b) / 4 for a, b in zip(vertex, centre, strict=True))
        for vertex in domain.vertices
    ]
    points += [
        tuple(a + scale * b for a, b in zip(centre, ray, strict=True))
        for scale in _SCALES
        for ray in domain.rays
    ]
    for point in points:
        yield primitive_vector([*point, Fraction(1)])


def _integers(inputs: int, random: Random) -> IntegerRow:
    return tuple(random.randint(-64, 64) for _ in range(inputs))


def _dot(first: Sequence[int], second: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))
