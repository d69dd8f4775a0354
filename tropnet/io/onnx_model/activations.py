"""Piecewise linear operators, rewritten with ReLUs; see `tropnet.io.chain` for the identities."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from tropnet.io import chain
from tropnet.io.affine import ZERO, Affine, scaled, selected, shifted, stacked
from tropnet.io.onnx_model.graph import Node
from tropnet.io.onnx_model.tensors import Array, shown_shape
from tropnet.io.onnx_model.values import (
    Context,
    Operand,
    Operator,
    Value,
    broadcast,
    constant,
    exact,
    malformed,
    number_attribute,
    operand,
    optional,
    single,
)

_SIGN = {"min": -1, "max": 1}
_NO_BOUND = Fraction(float(np.finfo(np.float32).max))


def relu(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Relu."""
    value = single(node, operands)
    return context.value(context.chain.relu(value.affine), value.shape)


def leaky_relu(context: Context, node: Node, operands: list[Operand]) -> Value:
    """LeakyRelu."""
    slope = number_attribute(node, "alpha", 0.01)
    return _everywhere(context, single(node, operands), chain.leaky(slope))


def parametric_relu(context: Context, node: Node, operands: list[Operand]) -> Value:
    """PRelu with constant slopes."""
    value = single(node, operands)
    slopes = constant(node, operand(node, operands, 1), "the slope")
    if context.opset < 7 and slopes.size > 1 and len(value.shape) > 1:
        slopes = slopes.reshape(-1, *(1,) * (len(value.shape) - 2))
    if broadcast(node, value.shape, slopes.shape) != value.shape:
        raise malformed(
            node,
            f"slopes of shape {shown_shape(slopes.shape)} for {shown_shape(value.shape)}",
        )
    entries = exact(node, slopes, "the slope")
    places = np.arange(slopes.size).reshape(slopes.shape)
    functions = [
        chain.leaky(entries[k]) for k in np.broadcast_to(places, value.shape).ravel().tolist()
    ]
    return context.value(context.chain.apply(value.affine, functions), value.shape)


def absolute(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Abs."""
    return _everywhere(context, single(node, operands), chain.ABSOLUTE)


def clip(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Clip; the bounds are attributes in early files."""
    value = single(node, operands)
    low = _bound(node, operands, 1, "min")
    high = _bound(node, operands, 2, "max")
    return _everywhere(context, value, chain.clip(low, high))


def hard_sigmoid(context: Context, node: Node, operands: list[Operand]) -> Value:
    """HardSigmoid: alpha z + beta between 0 and 1."""
    value = single(node, operands)
    alpha, beta = number_attribute(node, "alpha", 0.2), number_attribute(node, "beta", 0.5)
    width = value.affine.width
    inner = shifted(scaled(value.affine, [alpha] * width), [beta] * width)
    return _everywhere(context, value._replace(affine=inner), chain.clip(ZERO, Fraction(1)))


def maximum(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Max and Min, entry by entry, of values and constants."""
    sign = Fraction(-1 if node.op == "Min" else 1)
    parts = [operand(node, operands, position) for position in range(len(operands))]
    if not any(isinstance(part, Value) for part in parts):
        single(node, operands)  # raises
    shape = broadcast(node, *(part.shape for part in parts))
    values = [_spread(node, part, shape, sign) for part in parts if isinstance(part, Value)]
    constants = [
        _spread(node, part, shape, sign).bias for part in parts if not isinstance(part, Value)
    ]
    bounds = [max(column) for column in zip(*constants, strict=True)]
    if len(values) == 1:
        functions = [chain.clip(bound, None) for bound in bounds]
        affine = context.chain.apply(values[0], functions) if bounds else values[0]
    else:
        if bounds:
            values.append(Affine([{} for _ in bounds], bounds))
        width = values[0].width
        groups = [list(range(k, len(values) * width, width)) for k in range(width)]
        affine = context.chain.maximum(stacked(*values), groups)
    return context.value(scaled(affine, [sign] * affine.width), shape)


def _everywhere(context: Context, value: Value, function: chain.Piecewise) -> Value:
    functions = [function] * value.affine.width
    return context.value(context.chain.apply(value.affine, functions), value.shape)


def _spread(node: Node, part: Value | Array, shape: tuple[int, ...], sign: Fraction) -> Affine:
    if isinstance(part, Value):
        affine = part.affine
    else:
        entries = exact(node, part, "a constant")
        affine = Affine([{} for _ in entries], entries)
    places = np.arange(affine.width).reshape(part.shape)
    affine = selected(affine, np.broadcast_to(places, shape).ravel().tolist())
    return scaled(affine, [sign] * affine.width)


def _bound(node: Node, operands: list[Operand], position: int, name: str) -> Fraction | None:
    given = optional(operands, position)
    if given is None:
        bound = np.asarray(node.attributes.get(name, math.inf if name == "max" else -math.inf))
    else:
        bound = constant(node, given, f"the bound {name!r}")
    if bound.size != 1 or bound.dtype.kind not in "fiuO":
        raise malformed(node, f"the bound {name!r} is not one number")
    if bound.dtype.kind == "f" and np.isinf(bound).all() and bound.max() == math.inf * _SIGN[name]:
        return None
    value = exact(node, bound, f"the bound {name!r}")[0]
    # Early files write the largest float32 where no bound is meant.
    return None if value * _SIGN[name] >= _NO_BOUND else value


OPERATORS: dict[str, Operator] = {
    "Abs": absolute,
    "Clip": clip,
    "HardSigmoid": hard_sigmoid,
    "LeakyRelu": leaky_relu,
    "Max": maximum,
    "Min": maximum,
    "PRelu": parametric_relu,
    "Relu": relu,
}
