"""A hidden layer seen as a list of neurons, each with its incoming row and outgoing column."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet import ReLUNetwork

Vector = tuple[Fraction, ...]


class Neuron(NamedTuple):
    """z = row · (activations before) + bias; relu(z) · out is added to the next preactivations."""

    row: Vector
    bias: Fraction
    out: Vector


def neurons(net: ReLUNetwork, layer: int) -> list[Neuron]:
    """The neurons of hidden layer `layer`, counted from 1."""
    (weight, bias), (following, _) = net.layers[layer - 1], net.layers[layer]
    columns = zip(*following, strict=True)
    return [Neuron(*parts) for parts in zip(weight, bias, columns, strict=True)]


def with_neurons(
    net: ReLUNetwork, layer: int, changed: Sequence[Neuron], constant: Vector | None = None
) -> ReLUNetwork:
    """`net` with the neurons of a hidden layer replaced and `constant` added to the next bias."""
    layers: list[tuple[object, object]] = list(net.layers)
    following = net.layers[layer].bias
    bias = following if constant is None else plus(following, constant)
    layers[layer - 1] = ([n.row for n in changed], [n.bias for n in changed])
    layers[layer] = (list(zip(*(n.out for n in changed), strict=True)), bias)
    return ReLUNetwork(layers)


def scaled(factor: Fraction | int, vector: Vector) -> Vector:
    return tuple(factor * entry for entry in vector)


def plus(first: Vector, second: Vector) -> Vector:
    return tuple(a + b for a, b in zip(first, second, strict=True))


def zero(width: int) -> Vector:
    return (Fraction(0),) * width
