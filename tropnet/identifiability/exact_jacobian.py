"""The Jacobians of regions over the integers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import mul

import flint
import numpy as np
from numpy.typing import NDArray

from tropnet.exact import Vector, identity_rows, primitive_vector
from tropnet.identifiability.parameters import ParameterSpace
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork

ActivePattern = NDArray[np.bool_]
"""Which hidden neurons are active on one region."""


class ExactJacobian:
    """The Jacobian of one region after another, of a network in its integer form.

    For B_l and F_l see `modular_jacobian`.  They are computed when asked for; what two regions in a
    row have in common, the F_l up to the first layer whose active neurons differ, only once.

    Args:
        net: The network.
        space: The coordinates of its parameters.

    Attributes:
        weights: For each layer its rows (weights, bias) of coprime integers.
        masks: For each hidden layer which of its neurons are active on the region.
    """

    def __init__(self, net: ReLUNetwork, space: ParameterSpace) -> None:
        self._matrices = net.integer_form.matrices
        self._space = space
        self._size = net.input_width + 1
        self._outputs = net.output_width
        starts = (0, *accumulate(net.architecture[1:-1]))
        self._layers = [slice(*ends) for ends in pairwise(starts)]
        self.weights = [_integers(matrix) for matrix in self._matrices]
        # The weights of all layers but the first, without the biases.
        self._linear = [flint.fmpz_mat([row[:-1] for row in rows]) for rows in self.weights[1:]]
        self.masks: list[list[bool]] = []
        self._zero, self._one = (0,) * self._size, (*(0,) * net.input_width, 1)
        self._reads: list[list[IntegerRow]] = [identity_rows(self._size)]
        self._last_forms: dict[int, IntegerRow] = {}
        self._backs = [identity_rows(self._outputs)]  # the output layer first

    def pattern_at(self, point: Vector) -> ActivePattern | None:
        """The neurons that are active around a point, None if a preactivation is 0 there."""
        values = primitive_vector([*point, 1])
        scale = values[-1]
        active: list[bool] = []
        for rows in self.weights[:-1]:
            heights = [sum(map(mul, row, values)) for row in rows]
            if not all(heights):
                return None
            active += [height > 0 for height in heights]
            values = (*(max(height, 0) for height in heights), scale)
        return np.array(active, dtype=bool)

    def move_to(self, active: ActivePattern) -> int:
        """Goes to a region; returns the number of layers that read there what they read before."""
        masks: list[list[bool]] = [active[part].tolist() for part in self._layers]
        same = 0
        while same < len(self.masks) and masks[same] == self.masks[same]:
            same += 1
        if same == len(masks) and self.masks:
            return same + 1
        self.masks = masks
        self._last_forms.clear()
        del self._backs[1:], self._reads[same + 1 :]
        return same + 1

    def read(self, depth: int) -> list[IntegerRow]:
        """The forms F_l, l counted from 0: what layer l reads on the region."""
        while len(self._reads) <= depth:
            before = len(self._reads) - 1
            forms = self.weights[0]
            if before:
                forms = _integers(self._matrices[before] * flint.fmpz_mat(self._reads[-1]))
            mask = self.masks[before]
            active = [f if on else self._zero for f, on in zip(forms, mask, strict=True)]
            self._reads.append([*active, self._one])
        return self._reads[depth]

    def form(self, depth: int, column: int) -> IntegerRow:
        """One of the forms F_l, l counted from 0."""
        if depth < len(self.masks):
            return self.read(depth)[column]
        # No other form is made of what the outputs read, so the rest of it need not be known.
        mask = self.masks[-1]
        if column == len(mask):
            return self._one
        if not mask[column]:
            return self._zero
        if column not in self._last_forms:
            terms = zip(self.weights[-2][column], self.read(depth - 1), strict=True)
            rows = [[factor * entry for entry in form] for factor, form in terms if factor]
            self._last_forms[column] = tuple(map(sum, zip(self._zero, *rows, strict=True)))
        return self._last_forms[column]

    def back(self, depth: int) -> list[IntegerRow]:
        """The rows of B_l, l counted from 0: for each output its derivatives by layer l."""
        while len(self._backs) <= len(self.masks) - depth:
            layer = len(self.masks) - len(self._backs)
            back = (flint.fmpz_mat(self._backs[-1]) * self._linear[layer]).tolist()
            mask = self.masks[layer]
            self._backs.append(
                [
                    tuple(int(e) if on else 0 for e, on in zip(row, mask, strict=True))
                    for row in back
                ]
            )
        return self._backs[len(self.masks) - depth]

    def rows(self, coordinates: Sequence[int]) -> list[list[int]]:
        """The rows of the Jacobian of the region, restricted to some parameters."""
        cells = [self._space.cell(coordinate) for coordinate in coordinates]
        pairs = [(self.back(d), neuron, self.form(d, column)) for d, neuron, column in cells]
        return [
            [back[output][neuron] * form[k] for back, neuron, form in pairs]
            for output in range(self._outputs)
            for k in range(self._size)
        ]


def _integers(matrix: flint.fmpz_mat) -> list[IntegerRow]:
    return [tuple(map(int, row)) for row in matrix.tolist()]
