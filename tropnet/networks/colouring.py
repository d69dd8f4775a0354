"""Stable colourings of a network's hidden neurons (1-dimensional Weisfeiler–Leman).

Neurons are coloured by what no trivial symmetry changes: their bias and their weights from the
inputs and to the outputs.  The colours are then refined by those of the neighbours, and the weights
between, until nothing changes.

References:
    McKay and Piperno, *Practical graph isomorphism II*, 2014, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from tropnet.networks.network import ReLUNetwork

Colours: TypeAlias = list[list[int]]
"""A colour for each neuron of each hidden layer."""
Edges: TypeAlias = list[list[tuple[int, int]]]
"""For each neuron its neighbours in another layer, each with the number of the weight between."""


class NeuronGraph:
    """The hidden neurons of a network as a graph whose stable colourings can be computed.

    Args:
        net: The network.
        fixed: For each hidden neuron whether its scale is fixed.  Of the weights and the bias of
            one whose scale is not, only the signs mean anything.
    """

    def __init__(self, net: ReLUNetwork, fixed: Sequence[Sequence[bool]]) -> None:
        scales = [[True] * net.input_width, *fixed, [True] * net.output_width]
        weights = [
            _visible(layer.weight, before, after)
            for layer, before, after in zip(net.layers, scales[:-1], scales[1:], strict=True)
        ]
        biases = [
            _visible([[b] for b in layer.bias], [True], after)
            for layer, after in zip(net.layers[:-1], fixed, strict=True)
        ]
        different = {w for matrix in (*weights, *biases) for row in matrix for w in row}
        numbers = {w: number for number, w in enumerate(sorted(different))}
        heads = [_edges(matrix, numbers) for matrix in weights]
        tails = [_edges(list(zip(*matrix, strict=True)), numbers) for matrix in weights]
        alone: list[Edges] = [[[] for _ in layer] for layer in biases]
        self._incoming = [*alone[:1], *heads[1:-1]]
        self._outgoing = [*tails[1:-1], *alone[-1:]]
        # What is seen of the inputs and outputs never changes.
        inputs, outputs = [*heads[:1], *alone[1:]], [*alone[:-1], *tails[-1:]]
        self._labels = [
            _ranked(
                (numbers[bias[0]], tuple(inputs[depth][j]), tuple(outputs[depth][j]))
                for j, bias in enumerate(layer)
            )
            for depth, layer in enumerate(biases)
        ]

    def stable(self, colours: Colours | None = None) -> Colours:
        """The coarsest stable colouring that refines a given one; by default, the coarsest of all.

        Equivalent networks have the same, up to the order of the neurons.
        """
        colours = self._labels if colours is None else colours
        while True:
            refined = [
                _ranked(
                    (colour, _seen(below, before), _seen(above, after))
                    for colour, below, above in zip(layer, incoming, outgoing, strict=True)
                )
                for before, layer, after, incoming, outgoing in zip(
                    [[], *colours][:-1],
                    colours,
                    [*colours, []][1:],
                    self._incoming,
                    self._outgoing,
                    strict=True,
                )
            ]
            if [len(set(layer)) for layer in refined] == [len(set(layer)) for layer in colours]:
                return refined
            colours = refined


def _visible(
    matrix: Sequence[Sequence[Fraction]], before: Sequence[bool], after: Sequence[bool]
) -> list[list[Fraction]]:
    """The weights where both ends have a fixed scale, the signs of the others."""
    return [
        [
            w if is_fixed and known else Fraction((w > 0) - (w < 0))
            for w, known in zip(row, before, strict=True)
        ]
        for row, is_fixed in zip(matrix, after, strict=True)
    ]


def _edges(matrix: Sequence[Sequence[Fraction]], numbers: dict[Fraction, int]) -> Edges:
    return [[(i, numbers[w]) for i, w in enumerate(row) if w] for row in matrix]


def _seen(edges: Sequence[tuple[int, int]], colours: Sequence[int]) -> tuple[Any, ...]:
    """The colours of the neighbours and the weights between, in an order of their own."""
    return tuple(sorted([(colours[i], number) for i, number in edges]))


def _ranked(signatures: Iterable[tuple[Any, ...]]) -> list[int]:
    """The place of each signature among the different ones in order."""
    found = list(signatures)
    ranks = {signature: rank for rank, signature in enumerate(sorted(set(found)))}
    return [ranks[signature] for signature in found]
