"""Directions in the space of parameters: moving along them, and saying what they do."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from tropnet.certificates.dimension import Direction, Entry
from tropnet.exact import format_fraction, primitive_vector
from tropnet.identifiability.parameters import scalings
from tropnet.networks.network import ReLUNetwork


def moved(net: ReLUNetwork, direction: Direction, step: Fraction) -> ReLUNetwork:
    """The network whose parameters are those of `net` plus `step` times a direction.

    >>> net = ReLUNetwork([([[1]], [0]), ([[2]], [3])])
    >>> moved(net, (Entry(2, 0, None, Fraction(1)),), Fraction(1, 2)).layers[1].bias
    (Fraction(7, 2),)
    """
    layers = [([list(row) for row in weight], list(bias)) for weight, bias in net.layers]
    for layer, neuron, source, value in direction:
        weight, bias = layers[layer - 1]
        if source is None:
            bias[neuron] += step * value
        else:
            weight[neuron][source] += step * value
    return ReLUNetwork(layers)


def describe(direction: Direction) -> str:
    """What a direction does to the parameters, in words.

    >>> describe((Entry(1, 0, 2, Fraction(-1)), Entry(2, 1, None, Fraction(3, 2))))
    'layer 1: weight 2 of neuron 0 by -1; layer 2: bias of neuron 1 by 3/2'
    """
    parts: dict[int, list[str]] = {}
    for layer, neuron, source, value in direction:
        what = "bias" if source is None else f"weight {source}"
        text = f"{what} of neuron {neuron} by {format_fraction(value)}"
        parts.setdefault(layer, []).append(text)
    return "; ".join(f"layer {layer}: {', '.join(texts)}" for layer, texts in parts.items())


def sparse(net: ReLUNetwork, direction: Direction) -> Direction:
    """The direction plus multiples of the scalings, with fewer entries if that is easily had.

    A kernel is found with a fixed parameter of each neuron held still.  That may show a change of
    a few parameters as one that rescales the whole neuron besides.
    """
    best = dict(_cells(direction))
    for scaling in scalings(net):
        field = dict(_cells(scaling))
        ratios = {-best[place] / value for place, value in field.items() if place in best}
        for ratio in sorted(ratios):
            changed = dict(best)
            for place, value in field.items():
                changed[place] = changed.get(place, Fraction(0)) + ratio * value
            changed = {place: value for place, value in changed.items() if value}
            if len(changed) < len(best):
                best = changed
    return _direction(best)


_Cell = tuple[int, int, bool, int]
"""Layer, neuron, whether it is the bias, and the source of a parameter; biases come last."""


def _cells(direction: Direction) -> Iterable[tuple[_Cell, Fraction]]:
    return (((e.layer, e.neuron, e.input is None, e.input or 0), e.value) for e in direction)


def _direction(values: dict[_Cell, Fraction]) -> Direction:
    places = sorted(values)
    numbers = primitive_vector([values[place] for place in places])
    return tuple(
        Entry(layer, neuron, None if is_bias else source, Fraction(value))
        for (layer, neuron, is_bias, source), value in zip(places, numbers, strict=True)
    )
