"""Functions made from a network, as plain data: a combination of outputs, and that of recession."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tropnet.certificates.plain import exact_layers, require
from tropnet.exact import Vector, dot


class Combination:
    """A combination of the outputs of a network, as a network with one output.

    Attributes:
        layers: The pairs (weight, bias).
    """

    def __init__(self, net: Any, functional: Vector) -> None:
        *hidden, (weight, bias) = exact_layers(net)
        require(len(functional) == len(bias), "not one coefficient for each output")
        row = tuple(dot(functional, column) for column in zip(*weight, strict=True))
        self.layers = [*hidden, ((row,), (dot(functional, bias),))]


class BiasFree:
    """The function of recession f^∞(x) = lim f(tx)/t of a network f: all biases are 0.

    Attributes:
        layers: The pairs (weight, bias).
    """

    def __init__(self, net: Any) -> None:
        self.layers = [(weight, (Fraction(0),) * len(bias)) for weight, bias in exact_layers(net)]
