"""The derivatives of a network's outputs by the activations of its hidden neurons.

With the active neurons of the later layers known, the outputs are linear in the activations of a
layer.  The derivative by that of neuron k is v_k = Σ_i v_i W_ik over the active neurons i of the
next layer, W its weights; over all outputs i, with v_i a unit vector, if that is the output layer.
Nothing depends on the layers before, and neighbouring regions share most of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from operator import mul

from tropnet.networks.integer_form import IntegerForm
from tropnet.networks.layer_forms import IntegerRow
from tropnet.piecewise.facet import Weight

_REMEMBERED = 4096


class OutputDerivatives:
    """The derivatives of one network for every pattern of active neurons.

    Args:
        form: The network, with hidden layers; "activations" are the scaled ones of this form.
    """

    def __init__(self, form: IntegerForm) -> None:
        self._scales = [factor.as_integer_ratio() for factor in form.output_factors]
        # For each hidden layer and each of its neurons the weights by which the next one reads it.
        self._readers = [
            [tuple(map(int, column)) for column in matrix.transpose().tolist()[:-1]]
            for matrix in (*form.hidden[1:], form.output)
        ]
        outputs = range(len(self._scales))
        self._unit = [tuple(int(i == k) for i in outputs) for k in outputs]
        self._layers: dict[tuple[int, tuple[int, ...]], _LayerDerivatives] = {}

    def jump(
        self, depth: int, neuron: int, factor: int | Fraction, active: tuple[int, ...]
    ) -> Weight | None:
        """What the outputs of the network gain where an activation gains `factor`.

        Args:
            depth: The layer of the activation, counted from 0.
            neuron: Its neuron.
            factor: What it gains.
            active: The active neurons of each hidden layer, as bits.

        Returns:
            None if no output changes.
        """
        layer = self._layers.get((depth, active[depth + 1 :]))
        if layer is None:
            layer = self._layer(depth, active)
        key = neuron, factor
        if key in layer.jumps:
            return layer.jumps[key]
        values = layer.by_activation(neuron)
        found = layer.jumps[key] = self.weight(values, factor) if any(values) else None
        return found

    def weight(self, values: Sequence[int | Fraction], factor: int | Fraction) -> Weight:
        """What the outputs of the network gain where those of the form gain values · factor."""
        weights = tuple(
            [
                Fraction(value * factor * denominator, numerator)
                for value, (numerator, denominator) in zip(values, self._scales, strict=True)
            ]
        )
        return weights if len(weights) > 1 else weights[0]

    def _layer(self, depth: int, active: tuple[int, ...]) -> _LayerDerivatives:
        key = depth, active[depth + 1 :]
        found = self._layers.get(key)
        if found is None:
            by_next = self._unit
            if depth + 1 < len(self._readers):
                by_next = self._layer(depth + 1, active).by_preactivation(active[depth + 1])
            if len(self._layers) >= _REMEMBERED:
                self._layers.clear()
            found = self._layers[key] = _LayerDerivatives(by_next, self._readers[depth])
        return found


class _LayerDerivatives:
    """The derivatives by the activations of one layer, neuron by neuron as they are asked for.

    Args:
        by_next: The derivatives by the preactivations of the next layer; one row an output.
        readers: For each neuron the weights by which the next layer reads it.

    Attributes:
        jumps: What `OutputDerivatives.jump` found for a neuron and a factor.
    """

    __slots__ = ("_by_next", "_readers", "_values", "jumps")

    def __init__(self, by_next: Sequence[IntegerRow], readers: Sequence[IntegerRow]) -> None:
        self._by_next = by_next
        self._readers = readers
        self._values: dict[int, IntegerRow] = {}
        self.jumps: dict[tuple[int, int | Fraction], Weight | None] = {}

    def by_activation(self, neuron: int) -> IntegerRow:
        """The derivatives of the outputs of the form by an activation."""
        values = self._values.get(neuron)
        if values is None:
            reader = self._readers[neuron]
            values = tuple([sum(map(mul, row, reader)) for row in self._by_next])
            self._values[neuron] = values
        return values

    def by_preactivation(self, active: int) -> list[IntegerRow]:
        """Those by all preactivations of the layer, one row an output; active neurons as bits."""
        zero = (0,) * len(self._by_next)
        columns = [
            self.by_activation(neuron) if active >> neuron & 1 else zero
            for neuron in range(len(self._readers))
        ]
        return list(zip(*columns, strict=True))
