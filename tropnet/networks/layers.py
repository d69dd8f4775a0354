"""Layers as plain data, and the pointwise arithmetic of networks on them.

Every function here takes and returns tuples of `AffineLayer`; ReLU acts after every layer but the
last.  Shapes are the caller's business: `ReLUNetwork` checks them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, to_matrix, to_vector


class AffineLayer(NamedTuple):
    """The affine map z ↦ weight @ z + bias; `weight` has shape (outputs, inputs)."""

    weight: Matrix
    bias: Vector


Layers: TypeAlias = tuple[AffineLayer, ...]

_ZERO = Fraction(0)
_ONE = Fraction(1)


def read_layers(layers: Iterable[object]) -> Layers:
    """Layers from pairs (weight, bias) of anything `to_matrix` and `to_vector` accept.

    Raises:
        InvalidInputError: for no layers, a layer without rows or without inputs, and shapes that
            do not fit; names the layer, counted from 1.
    """
    if isinstance(layers, (str, bytes, dict, set, frozenset)) or not isinstance(layers, Iterable):
        raise InvalidInputError("layers: expected a sequence of pairs (weight, bias)")
    result: list[AffineLayer] = []
    for number, pair in enumerate(layers, 1):
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise InvalidInputError(f"layer {number}: expected a pair (weight, bias)")
        weight = to_matrix(pair[0], f"layer {number}: weight")
        bias = to_vector(pair[1], f"layer {number}: bias")
        if not weight:
            raise InvalidInputError(f"layer {number}: no rows; every layer needs an output")
        if not weight[0]:
            raise InvalidInputError(f"layer {number}: no columns; every layer needs an input")
        if len(bias) != len(weight):
            raise InvalidInputError(
                f"layer {number}: {len(weight)} rows of weights but {len(bias)} biases"
            )
        if result and len(weight[0]) != len(result[-1].bias):
            raise InvalidInputError(
                f"layer {number}: takes {len(weight[0])} inputs "
                f"but layer {number - 1} has {len(result[-1].bias)} outputs"
            )
        result.append(AffineLayer(weight, bias))
    if not result:
        raise InvalidInputError("layers: a network needs at least one layer")
    return tuple(result)


def identity_layer(width: int) -> AffineLayer:
    """The identity of Q^width."""
    return AffineLayer(_identity(width), (_ZERO,) * width)


def deepen(layers: Layers, depth: int) -> Layers:
    """The same function with exactly `depth` hidden layers, `depth` being at least what it has.

    relu(relu(z)) = relu(z), so repeating the last hidden layer adds neither a break nor a region.
    Without hidden layers z = relu(z) - relu(-z) is used.
    """
    missing = depth - (len(layers) - 1)
    if missing == 0:
        return layers
    *hidden, output = layers
    if not hidden:
        width = len(output.bias)
        rows = _identity(width)
        negative = tuple(tuple(-entry for entry in row) for row in output.weight)
        hidden = [
            AffineLayer(output.weight + negative, output.bias + tuple(-b for b in output.bias))
        ]
        output = AffineLayer(
            tuple(row + tuple(-entry for entry in row) for row in rows), (_ZERO,) * width
        )
        missing -= 1
    return (*hidden, *[identity_layer(len(hidden[-1].bias))] * missing, output)


def stacked(first: Layers, second: Layers) -> Layers:
    """The network x ↦ (first(x), second(x))."""
    depth = max(len(first), len(second)) - 1
    first, second = deepen(first, depth), deepen(second, depth)
    result = []
    for index, (upper, lower) in enumerate(zip(first, second, strict=True)):
        weight = (
            upper.weight + lower.weight
            if index == 0
            else _block_diagonal(upper.weight, lower.weight)
        )
        result.append(AffineLayer(weight, upper.bias + lower.bias))
    return tuple(result)


def combined(first: Layers, second: Layers, factor: Fraction) -> Layers:
    """The network first + factor · second."""
    depth = max(len(first), len(second)) - 1
    if depth == 0:
        (upper,), (lower,) = first, second
        weight = tuple(
            _added(row, other, factor)
            for row, other in zip(upper.weight, lower.weight, strict=True)
        )
        return (AffineLayer(weight, _added(upper.bias, lower.bias, factor)),)
    *hidden, _ = stacked(first, second)
    upper, lower = deepen(first, depth)[-1], deepen(second, depth)[-1]
    weight = tuple(
        row + tuple(factor * entry for entry in other)
        for row, other in zip(upper.weight, lower.weight, strict=True)
    )
    return (*hidden, AffineLayer(weight, _added(upper.bias, lower.bias, factor)))


def scaled(layers: Layers, factor: Fraction) -> Layers:
    """The network factor · f."""
    *hidden, output = layers
    weight = tuple(tuple(factor * entry for entry in row) for row in output.weight)
    return (*hidden, AffineLayer(weight, tuple(factor * entry for entry in output.bias)))


def composed(outer: Layers, inner: Layers) -> Layers:
    """The network x ↦ outer(inner(x)): the two affine maps in the middle become one."""
    *before, middle = inner
    first, *after = outer
    columns = tuple(zip(*middle.weight, strict=True))
    weight = tuple(tuple(_dot(row, column) for column in columns) for row in first.weight)
    bias = tuple(
        _dot(row, middle.bias) + entry for row, entry in zip(first.weight, first.bias, strict=True)
    )
    return (*before, AffineLayer(weight, bias), *after)


def permuted(layers: Layers, index: int, order: tuple[int, ...]) -> Layers:
    """Hidden layer `index` (from 0) rearranged: its neuron i is the old neuron order[i]."""
    layer, following = layers[index], layers[index + 1]
    changed = list(layers)
    changed[index] = AffineLayer(
        tuple(layer.weight[i] for i in order), tuple(layer.bias[i] for i in order)
    )
    changed[index + 1] = AffineLayer(
        tuple(tuple(row[i] for i in order) for row in following.weight), following.bias
    )
    return tuple(changed)


def rescaled(layers: Layers, index: int, factors: Vector) -> Layers:
    """Hidden layer `index` (from 0) with neuron i multiplied by factors[i] > 0, undone after it."""
    layer, following = layers[index], layers[index + 1]
    changed = list(layers)
    changed[index] = AffineLayer(
        tuple(
            tuple(factor * entry for entry in row)
            for factor, row in zip(factors, layer.weight, strict=True)
        ),
        tuple(factor * entry for factor, entry in zip(factors, layer.bias, strict=True)),
    )
    changed[index + 1] = AffineLayer(
        tuple(
            tuple(entry / factor for factor, entry in zip(factors, row, strict=True))
            for row in following.weight
        ),
        following.bias,
    )
    return tuple(changed)


def _identity(width: int) -> Matrix:
    return tuple(tuple(_ONE if i == j else _ZERO for j in range(width)) for i in range(width))


def _block_diagonal(upper: Matrix, lower: Matrix) -> Matrix:
    left, right = (_ZERO,) * len(upper[0]), (_ZERO,) * len(lower[0])
    return tuple(row + right for row in upper) + tuple(left + row for row in lower)


def _added(first: Vector, second: Vector, factor: Fraction) -> Vector:
    return tuple(a + factor * b for a, b in zip(first, second, strict=True))


def _dot(first: Vector, second: Vector) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True) if a and b), _ZERO)
