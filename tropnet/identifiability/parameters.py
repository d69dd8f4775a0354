"""The parameters of a network as coordinates of one vector.

Layer by layer and neuron by neuron: the incoming weights, then the bias.  The scaling of a neuron
moves its *gauge*, the first of its incoming parameters that is not zero.  Vectors that vanish at
all gauges are a complement of the scalings: ordered by layer, the scalings are triangular there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from tropnet.certificates.dimension import Direction, Entry
from tropnet.exact import primitive_vector
from tropnet.networks.network import ReLUNetwork


class ParameterSpace:
    """The parameters of one architecture as coordinates.

    Args:
        architecture: The widths.

    Attributes:
        dimension: The number P of parameters.
        shapes: For each layer the number of neurons and of incoming parameters, bias included.
    """

    def __init__(self, architecture: Sequence[int]) -> None:
        self.shapes = tuple((outputs, inputs + 1) for inputs, outputs in pairwise(architecture))
        self._starts = (0, *accumulate(rows * columns for rows, columns in self.shapes))
        self.dimension = self._starts[-1]

    def coordinate(self, layer: int, neuron: int, source: int | None) -> int:
        """The coordinate of a neuron's weight from `source`, or of its bias (None).

        Layers are counted from 1.
        """
        columns = self.shapes[layer - 1][1]
        column = columns - 1 if source is None else source
        return self._starts[layer - 1] + neuron * columns + column

    def cell(self, coordinate: int) -> tuple[int, int, int]:
        """Layer (from 0), neuron and column of a coordinate; the last column is the bias."""
        layer = bisect_right(self._starts, coordinate) - 1
        return layer, *divmod(coordinate - self._starts[layer], self.shapes[layer][1])

    def place(self, coordinate: int) -> tuple[int, int, int | None]:
        """Layer (from 1), neuron and source (None for the bias) of a coordinate."""
        layer, neuron, column = self.cell(coordinate)
        return layer + 1, neuron, None if column == self.shapes[layer][1] - 1 else column

    def blocks(self, vector: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """A vector as one matrix for each layer."""
        return [
            vector[start:stop].reshape(shape)
            for (start, stop), shape in zip(pairwise(self._starts), self.shapes, strict=True)
        ]

    def gauges(self, net: ReLUNetwork) -> list[int]:
        """The gauge of each hidden neuron that has one, in order."""
        found = []
        for layer, (weight, bias) in enumerate(net.layers[:-1], 1):
            for neuron, row in enumerate(weight):
                entries = [*row, bias[neuron]]
                column = next((i for i, entry in enumerate(entries) if entry), None)
                if column is not None:
                    source = None if column == len(row) else column
                    found.append(self.coordinate(layer, neuron, source))
        return found

    def direction(self, entries: Iterable[tuple[int, Fraction]]) -> Direction:
        """The direction with given coordinates, as primitive integers, in order."""
        kept = sorted((coordinate, value) for coordinate, value in entries if value)
        values = primitive_vector([value for _, value in kept])
        return tuple(
            Entry(*self.place(coordinate), Fraction(value))
            for (coordinate, _), value in zip(kept, values, strict=True)
        )


def scalings(net: ReLUNetwork) -> tuple[Direction, ...]:
    """The directions in which the hidden neurons are scaled, one for each, in order.

    A neuron's incoming weights and bias grow at the rate of their size, and its outgoing weights
    shrink at theirs.
    """
    result = []
    for layer, (weight, bias) in enumerate(net.layers[:-1], 1):
        following = net.layers[layer].weight
        for neuron, row in enumerate(weight):
            incoming = [Entry(layer, neuron, i, entry) for i, entry in enumerate(row)]
            constant = Entry(layer, neuron, None, bias[neuron])
            outgoing = [
                Entry(layer + 1, target, neuron, -after[neuron])
                for target, after in enumerate(following)
            ]
            result.append(tuple(e for e in (*incoming, constant, *outgoing) if e.value))
    return tuple(result)
