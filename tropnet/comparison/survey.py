"""Many points at once in float64, to find those at which an exact look is worth while.

Nothing is decided here: the points with the largest relative difference, and some at which neurons
are active that hardly ever are, are passed on to be evaluated exactly.  It finds differences in a
small part of the space of a large network, whose regions are too many to visit.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tropnet.comparison.float_levels import FloatLevels
from tropnet.comparison.formal import FormalDifference
from tropnet.comparison.rare_neurons import rare_points
from tropnet.exact import primitive_vector
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.sign_filter import FloatMatrix
from tropnet.polyhedra import Polyhedron

_POINTS = 16_384
_SIZES = range(-6, 9)
_BEST = 6


def survey(difference: FormalDifference, domain: Polyhedron | None) -> Iterator[IntegerRow]:
    """Points (x, t) at which two networks are most likely to differ, the same at every call.

    Args:
        difference: What remains of the difference of the two functions.
        domain: Where to look, None for all of R^n.
    """
    random = np.random.default_rng(0)
    inputs = difference.table.inputs
    if domain is None:
        sizes = 2.0 ** random.choice(_SIZES, (_POINTS, 1))
        points = random.standard_normal((_POINTS, inputs)) * sizes
        homogeneous = np.concatenate([points, np.ones((_POINTS, 1))], axis=1)
        for index in _most_different(difference, homogeneous):
            yield _exact(homogeneous[index])
        yield from map(_exact, rare_points(difference, homogeneous))
        return
    # Positive integer combinations, mostly of a few generators at a time, lie in the domain.
    generators = [(*vertex, Fraction(1)) for vertex in domain.vertices]
    opposite = [tuple(-entry for entry in line) for line in domain.lines]
    generators += [(*ray, Fraction(0)) for ray in (*domain.rays, *domain.lines, *opposite)]
    counts = random.integers(0, 16, (_POINTS, len(generators))) ** 2
    counts[:, 0] += 1
    floats = np.array([[float(entry) for entry in row] for row in generators])
    for index in _most_different(difference, counts @ floats):
        weights = [int(count) for count in counts[index]]
        yield primitive_vector(
            [
                sum((w * g[j] for w, g in zip(weights, generators, strict=True)), Fraction(0))
                for j in range(inputs + 1)
            ]
        )


def _most_different(difference: FormalDifference, points: FloatMatrix) -> NDArray[np.intp]:
    """The rows of points at which the difference is largest beside the terms it is made of."""
    levels = FloatLevels([*difference.levels(), difference.output_level()])
    last = len(levels.weights) - 1
    with np.errstate(all="ignore"):
        points = points / np.abs(points).max(axis=1, keepdims=True)
        terms = levels.read(last, levels.forms(points, last), points)
        weight = levels.weights[last].T
        sizes = np.abs(terms @ weight) / (np.abs(terms) @ np.abs(weight))
    best = np.nan_to_num(sizes, nan=0.0).max(axis=1)
    return np.argsort(-best, kind="stable")[:_BEST]


def _exact(point: FloatMatrix) -> IntegerRow:
    return primitive_vector([Fraction(float(entry)) for entry in point])
