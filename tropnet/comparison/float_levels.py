"""Levels of neurons at many points at once in float64; nothing here is certified."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tropnet.networks.layer_forms import Level
from tropnet.networks.sign_filter import FloatMatrix, scaled_weights


class FloatLevels:
    """Levels in float64, each neuron scaled by a power of two.

    Args:
        levels: The levels (see `layer_forms.Level`).

    Attributes:
        weights: For each level its weight, shape (neurons, columns).
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        self._levels = levels
        self.weights, _ = scaled_weights(levels)

    def forms(self, points: FloatMatrix, count: int) -> list[FloatMatrix]:
        """The values of the neurons' forms on the first levels, one row for each point (x, t)."""
        forms: list[FloatMatrix] = []
        for number in range(count):
            forms.append(self.read(number, forms, points) @ self.weights[number].T)
        return forms

    def read(self, number: int, forms: Sequence[FloatMatrix], points: FloatMatrix) -> FloatMatrix:
        """What the columns of a level's weight multiply, one row for each point."""
        level = self._levels[number]
        return np.concatenate(
            [
                *(np.maximum(forms[source], 0.0) for source in level.sources),
                points[:, 0 if level.inputs else -1 :],
            ],
            axis=1,
        )
