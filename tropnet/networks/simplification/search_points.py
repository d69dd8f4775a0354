"""Points at which to look: random ones of many sizes, and such as make chosen neurons active.

Floating point proposes points only; they are evaluated exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random

import numpy as np
from numpy.typing import NDArray

from tropnet.exact import primitive_vector
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.sign_filter import FloatMatrix, scaled_weights

_SCALES = range(16)
_STARTS = 8_192
_CLIMBERS = 128
_CLIMBS = 40
_STRIDES = 2.0 ** np.arange(-9, 3)
_ASIDE = 4


def random_points(inputs: int) -> Iterator[IntegerRow]:
    """Points (x, t) with t > 0, the origin first, without end; the same at every call."""
    random = Random(0)
    yield (*(0,) * inputs, 1)
    while True:
        scale = random.choice(_SCALES)
        yield (*(random.randint(-1023, 1023) << scale for _ in range(inputs)), 1 << 16)


class Climber:
    """Walks uphill on the preactivations of a network, in float64.

    Args:
        net: The network.
    """

    def __init__(self, net: ReLUNetwork) -> None:
        self._weights, _ = scaled_weights(net.integer_form.levels)
        random = np.random.default_rng(0)
        self._starts = random.standard_normal((_STARTS, net.input_width))
        self._starts *= 2.0 ** random.integers(-6, 12, (_STARTS, 1))

    def points(self, depth: int, neuron: int, sign: int) -> list[IntegerRow]:
        """Points at which a neuron of a level may be positive (sign 1) or negative (−1)."""
        points = self._starts
        with np.errstate(all="ignore"):
            heights = sign * self._heights(points, depth, neuron)
            points = points[np.argsort(-heights, kind="stable")[:_CLIMBERS]]
            random = np.random.default_rng(0)
            for _ in range(_CLIMBS):
                heights = sign * self._heights(points, depth, neuron)
                if (heights > 0).any():
                    break
                points = self._higher(points, depth, neuron, sign, random)
        best = np.argsort(-heights, kind="stable")[:4]
        return [
            primitive_vector([Fraction(float(entry)) for entry in (*points[i], 1.0)])
            for i in best
            if np.isfinite(points[i]).all()
        ]

    def _higher(
        self, points: FloatMatrix, depth: int, neuron: int, sign: int, random: np.random.Generator
    ) -> FloatMatrix:
        """For each point the highest among some along the gradient and in random directions."""
        sizes = 1.0 + np.linalg.norm(points, axis=1, keepdims=True)
        directions = sign * self._gradients(points, depth, neuron)
        directions /= np.linalg.norm(directions, axis=1, keepdims=True) + 1e-300
        candidates = [points, *(points + stride * sizes * directions for stride in _STRIDES)]
        for _ in range(_ASIDE):
            strides = random.choice(_STRIDES, (len(points), 1))
            candidates.append(points + strides * sizes * random.standard_normal(points.shape))
        heights = np.array([sign * self._heights(c, depth, neuron) for c in candidates])
        best = np.nan_to_num(heights, nan=-np.inf).argmax(axis=0)
        chosen: FloatMatrix = np.array(candidates)[best, np.arange(len(points))]
        return chosen

    def _heights(self, points: FloatMatrix, depth: int, neuron: int) -> NDArray[np.float64]:
        """The preactivation relative to the size of the point."""
        *_, values = self._preactivations(points, depth)
        heights: NDArray[np.float64] = values[:, neuron] / (1.0 + np.abs(points).max(axis=1))
        return heights

    def _gradients(self, points: FloatMatrix, depth: int, neuron: int) -> FloatMatrix:
        *before, _ = self._preactivations(points, depth)
        gradients = np.repeat(self._weights[depth][neuron : neuron + 1, :-1], len(points), axis=0)
        for weight, values in zip(reversed(self._weights[:depth]), reversed(before), strict=True):
            gradients = (gradients * (values > 0)) @ weight[:, :-1]
        return gradients

    def _preactivations(self, points: FloatMatrix, depth: int) -> list[FloatMatrix]:
        values: list[FloatMatrix] = []
        for weight in self._weights[: depth + 1]:
            read = np.maximum(values[-1], 0.0) if values else points
            values.append(read @ weight[:, :-1].T + weight[:, -1])
        return values
