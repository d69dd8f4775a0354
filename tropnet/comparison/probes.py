"""Points at which two different functions are likely to differ."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

from tropnet.comparison.formal import FormalDifference
from tropnet.exact import Vector
from tropnet.polyhedra import Polyhedron

_SCALES = (1, 16, 1024, 2**30)


def probes(difference: FormalDifference, domain: Polyhedron | None) -> Iterator[Vector]:
    """A few points of the domain, near and far, the same at every call.

    Args:
        difference: What remains of the difference of the two functions.
        domain: Where to look; None for all of R^n.
    """
    if domain is not None:
        yield from _points_of(domain)
        return
    inputs = difference.table.inputs
    yield (Fraction(0),) * inputs
    random = Random(0)
    for scale in _SCALES:
        for _ in range(2):
            yield tuple(Fraction(random.randint(-64, 64) * scale, 32) for _ in range(inputs))


def _points_of(domain: Polyhedron) -> Iterator[Vector]:
    centre = domain.interior_point()
    yield centre
    for vertex in domain.vertices:
        yield tuple((3 * a + b) / 4 for a, b in zip(vertex, centre, strict=True))
    for scale in _SCALES:
        for ray in domain.rays:
            yield tuple(a + scale * b for a, b in zip(centre, ray, strict=True))
