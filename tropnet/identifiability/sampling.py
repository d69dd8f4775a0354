"""Points that are likely to lie in regions not seen before.

Floats choose the points and guess the patterns around them; what is used of either is decided
exactly by the caller.  The points start near the places where hyperplanes of the first layer meet,
at many distances, and then wander: each goes to the zero set of some neuron and a little beyond.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tropnet.exact import Vector
from tropnet.identifiability.modular_jacobian import ActivePatterns
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.sign_filter import scaled_weights

Points = NDArray[np.float64]
"""Shape (points, inputs)."""

_DISTANCES = np.arange(-5, 6)
_OVERSHOOTS = np.arange(-6, 1)
_BITS = 20
_LARGEST = 1e9


class Sampler:
    """Rounds of points with the patterns around them, the same at every call.

    Args:
        net: The network; it must have hidden layers.
        count: The number of points in a round.
    """

    def __init__(self, net: ReLUNetwork, count: int) -> None:
        self._weights, _ = scaled_weights(net.integer_form.levels)
        self._inputs = net.input_width
        self._count = count
        self._random = np.random.default_rng(0)

    def rounds(self) -> Iterator[tuple[Points, ActivePatterns]]:
        """Without end: points in different regions, and the neurons that are active there."""
        points = self._first_points()
        while True:
            with np.errstate(all="ignore"):
                points = _rounded(points)
                values = self._preactivations(points)
                active = np.concatenate(values, axis=1) > 0
                _, first = np.unique(np.packbits(active, axis=1), axis=0, return_index=True)
                first.sort()
                yield points[first], active[first]
                repeats = -(-self._count // len(first))
                chosen = np.tile(first, repeats)[: self._count]
                points = self._wandered(points[chosen], [value[chosen] for value in values])

    def _first_points(self) -> Points:
        """Random distances from points where as many hyperplanes meet as there are inputs."""
        distances = 2.0 ** self._random.choice(_DISTANCES, (self._count, 1))
        points = self._random.standard_normal((self._count, self._inputs)) * distances
        rows = self._weights[0]
        if len(rows) < self._inputs:
            return points
        order = self._random.random((self._count * 3 // 4, len(rows))).argsort(axis=1)
        chosen = rows[order[:, : self._inputs]]
        # A little noise, so that parallel and vanishing rows meet somewhere too.
        size = np.abs(chosen).max() or 1.0
        chosen += 1e-9 * size * self._random.standard_normal(chosen.shape)
        centres = np.linalg.solve(chosen[:, :, :-1], -chosen[:, :, -1:])[:, :, 0]
        points[: len(centres)] += centres
        return points

    def _preactivations(self, points: Points) -> list[Points]:
        one = np.ones((len(points), 1))
        values: list[Points] = []
        read = np.concatenate([points, one], axis=1)
        for weight in self._weights:
            values.append(read @ weight.T)
            read = np.concatenate([np.maximum(values[-1], 0.0), one], axis=1)
        return values

    def _wandered(self, points: Points, values: list[Points]) -> Points:
        """Each point moved to the zero set of a random neuron and beyond, or a little before."""
        gradients = np.concatenate(self._gradients(values), axis=1)
        heights = np.concatenate(values, axis=1)
        index = np.arange(len(points))
        neuron = self._random.integers(0, heights.shape[1], len(points))
        gradient, height = gradients[index, neuron], heights[index, neuron]
        steepness = (gradient**2).sum(axis=1)
        signs = self._random.choice((-1.0, 1.0), len(points))
        factor = 1.0 + signs * 2.0 ** self._random.choice(_OVERSHOOTS, len(points))
        step = np.where(steepness > 0.0, height * factor / steepness, 0.0)
        return np.asarray(points - step[:, None] * gradient)

    def _gradients(self, values: list[Points]) -> list[Points]:
        """The gradients of the preactivations, shape (points, neurons, inputs)."""
        read = np.broadcast_to(np.eye(self._inputs), (len(values[0]), self._inputs, self._inputs))
        gradients = []
        for weight, value in zip(self._weights, values, strict=True):
            gradients.append(weight[:, : read.shape[1]] @ read)
            read = gradients[-1] * (value > 0)[:, :, None]
        return gradients


def exact_point(point: Points) -> Vector:
    """The point that floats stand for."""
    return tuple(Fraction(float(entry)) for entry in point)


def _rounded(points: Points) -> Points:
    """Points with about 20 binary digits for their largest coordinate, and no longer ones."""
    points = np.clip(np.nan_to_num(points), -_LARGEST, _LARGEST)
    exponents = np.frexp(np.abs(points).max(axis=1, keepdims=True))[1] - _BITS
    return np.asarray(np.ldexp(np.rint(np.ldexp(points, -exponents)), exponents))
