"""A network built activation by activation, every piecewise linear one written with ReLUs.

A `Chain` is the network so far, up to and including its last ReLU layer.  What a file computes
next is an `Affine` map of that layer's outputs; an activation turns it into one more hidden
layer and an affine map of the new outputs.  All rewritings are identities of functions:

    leaky(z)     = relu(z) - a relu(-z)
    |z|          = relu(z) + relu(-z)
    max(z, c)    = c + relu(z - c)
    min(z, c)    = c - relu(c - z)
    clip(z,l,h)  = l + relu(z - l) - relu(z - h)       for l <= h
    max(y, z)    = relu(y - z) + relu(z) - relu(-z)    the last term only where z may be negative
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.io.affine import (
    ONE,
    ZERO,
    Affine,
    Row,
    dense_rows,
    difference_row,
    identity,
    scaled,
    scaled_row,
    selected,
    shifted,
)
from tropnet.io.formats import check_count
from tropnet.networks.network import ReLUNetwork


class Unit(NamedTuple):
    """The function z ↦ factor · relu(slope · z + shift) of one coordinate."""

    factor: Fraction
    slope: Fraction
    shift: Fraction


class Piecewise(NamedTuple):
    """The function z ↦ constant + linear · z + Σ units of one coordinate."""

    constant: Fraction
    linear: Fraction
    units: tuple[Unit, ...]


IDENTITY = Piecewise(ZERO, ONE, ())
RELU = Piecewise(ZERO, ZERO, (Unit(ONE, ONE, ZERO),))
ABSOLUTE = Piecewise(ZERO, ZERO, (Unit(ONE, ONE, ZERO), Unit(ONE, -ONE, ZERO)))


def leaky(slope: Fraction) -> Piecewise:
    """The function that is z for z >= 0 and slope · z below."""
    if slope == 1:
        return IDENTITY
    if slope == 0:
        return RELU
    return Piecewise(ZERO, ZERO, (Unit(ONE, ONE, ZERO), Unit(-slope, -ONE, ZERO)))


def clip(low: Fraction | None, high: Fraction | None) -> Piecewise:
    """The function min(max(z, low), high), where a bound that is None is no bound."""
    if low is None:
        return IDENTITY if high is None else Piecewise(high, ZERO, (Unit(-ONE, -ONE, high),))
    if high is None:
        return Piecewise(low, ZERO, (Unit(ONE, ONE, -low),))
    if low >= high:
        return Piecewise(high, ZERO, ())
    return Piecewise(low, ZERO, (Unit(ONE, ONE, -low), Unit(-ONE, ONE, -high)))


class Chain:
    """The hidden layers of a network under construction.

    Attributes:
        width: How many values there are now: the inputs, or the outputs of the last ReLU layer.
        stage: The number of ReLU layers so far.

    >>> chain = Chain(2)
    >>> value = chain.apply(identity(2), [RELU, clip(ZERO, Fraction(6))])
    >>> net = chain.network(chain.maximum(value, [[0, 1]]))
    >>> net.architecture, net((4, 9))
    ((2, 3, 3, 1), (Fraction(6, 1),))
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self._layers: list[tuple[list[Row], list[Fraction], int]] = []
        self._numbers = 0

    @property
    def stage(self) -> int:
        """The number of ReLU layers so far."""
        return len(self._layers)

    def apply(self, value: Affine, functions: Sequence[Piecewise]) -> Affine:
        """Apply functions[i] to coordinate i; the result is an affine map of the new last layer.

        Where every function is affine no layer is added.
        """
        if not any(function.units for function in functions):
            scales = [function.linear for function in functions]
            return shifted(scaled(value, scales), [function.constant for function in functions])
        pending = Affine([], [])
        rows: list[Row] = []
        for row, constant, function in zip(value.rows, value.bias, functions, strict=True):
            result: Row = {}
            for unit in function.units:
                result[pending.width] = unit.factor
                pending.rows.append(scaled_row(row, unit.slope))
                pending.bias.append(unit.slope * constant + unit.shift)
            if function.linear:
                carried = self._carried(pending, row, constant)
                result |= {key: sign * function.linear for key, sign in carried.items()}
            rows.append(result)
        self._add(pending)
        return Affine(rows, [function.constant for function in functions])

    def relu(self, value: Affine) -> Affine:
        """Apply ReLU to every coordinate."""
        self._add(value)
        return identity(value.width)

    def maximum(self, value: Affine, groups: Sequence[Sequence[int]]) -> Affine:
        """The maximum over each group of coordinates, by pairs: log2 of the group's size layers."""
        while any(len(group) > 1 for group in groups):
            value, groups = self._halved(value, groups)
        return selected(value, [index for (index,) in groups])

    def network(self, output: Affine) -> ReLUNetwork:
        """The finished network.

        Raises:
            InvalidInputError: if it has no inputs or no outputs, or is too large.
        """
        check_count(self._numbers + output.width * (self.width + 1), "the network")
        return ReLUNetwork(
            (dense_rows(rows, width), tuple(bias))
            for rows, bias, width in (*self._layers, (output.rows, output.bias, self.width))
        )

    def _halved(
        self, value: Affine, groups: Sequence[Sequence[int]]
    ) -> tuple[Affine, list[list[int]]]:
        pending = Affine([], [])
        carried: dict[int, Row] = {}
        places: dict[tuple[int, ...], int] = {}
        rows: list[Row] = []
        for group in groups:
            for start in range(0, len(group), 2):
                pair = tuple(group[start : start + 2])
                if pair in places:
                    continue
                places[pair] = len(rows)
                row, constant = value.rows[pair[-1]], value.bias[pair[-1]]
                if pair[-1] not in carried:
                    carried[pair[-1]] = self._carried(pending, row, constant)
                result = carried[pair[-1]]
                if len(pair) == 2:
                    result = result | {pending.width: ONE}
                    pending.rows.append(difference_row(value.rows[pair[0]], row))
                    pending.bias.append(value.bias[pair[0]] - constant)
                rows.append(result)
        self._add(pending)
        halved = [
            [places[tuple(group[start : start + 2])] for start in range(0, len(group), 2)]
            for group in groups
        ]
        return Affine(rows, [ZERO] * len(rows)), halved

    def _carried(self, pending: Affine, row: Row, constant: Fraction) -> Row:
        """Neurons, added to `pending`, whose combination is this affine function."""
        carried = {pending.width: ONE}
        pending.rows.append(row)
        pending.bias.append(constant)
        if not self._is_nonnegative(row, constant):
            carried[pending.width] = -ONE
            pending.rows.append(scaled_row(row, -ONE))
            pending.bias.append(-constant)
        return carried

    def _is_nonnegative(self, row: Row, constant: Fraction) -> bool:
        return constant >= 0 and (
            not row or (self.stage > 0 and all(entry > 0 for entry in row.values()))
        )

    def _add(self, layer: Affine) -> None:
        self._numbers += layer.width * (self.width + 1)
        check_count(self._numbers, "the network")
        self._layers.append((layer.rows, layer.bias, self.width))
        self.width = layer.width
