"""Which polyhedra can meet at all: bounding boxes in outward-rounded floating point.

The boxes only leave out pairs that are certainly apart; every pair they let through is decided
exactly elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf, nextafter

import numpy as np

from tropnet.polyhedra import Polyhedron


def possible_pairs(polyhedra: Sequence[Polyhedron]) -> Iterator[tuple[int, int]]:
    """The pairs i < j of polyhedra whose bounding boxes meet.

    Guarantees:
        Every pair with a common point is among them: bounds are rounded outwards.

    Cost: a few vector operations of length k for each of k polyhedra.

    >>> points = [Polyhedron.from_generators([(x,)]) for x in (0, "1/3", "1/3")]
    >>> list(possible_pairs(points))
    [(1, 2)]
    """
    if len(polyhedra) < 2:
        return
    boxes = np.array([_box(polyhedron) for polyhedron in polyhedra])
    low, high = boxes[:, 0], boxes[:, 1]
    for i in range(len(polyhedra) - 1):
        apart = (low[i + 1 :] > high[i]) | (high[i + 1 :] < low[i])
        for j in np.flatnonzero(~apart.any(axis=1)):
            yield i, i + 1 + int(j)


def _box(polyhedron: Polyhedron) -> tuple[list[float], list[float]]:
    vertices, rays, lines = polyhedron.vertices, polyhedron.rays, polyhedron.lines
    low, high = [], []
    for k in range(polyhedron.ambient_dim):
        along = any(line[k] for line in lines)
        down = along or any(ray[k] < 0 for ray in rays)
        up = along or any(ray[k] > 0 for ray in rays)
        low.append(-inf if down else _below(min(vertex[k] for vertex in vertices)))
        high.append(inf if up else -_below(-max(vertex[k] for vertex in vertices)))
    return low, high


def _below(value: Fraction) -> float:
    """A float that is smaller than a rational number, or −∞."""
    try:
        return nextafter(float(value), -inf)
    except OverflowError:
        return -inf if value < 0 else nextafter(inf, 0)
