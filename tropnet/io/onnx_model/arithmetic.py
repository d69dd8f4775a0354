"""Affine operators: products with constant matrices, and entrywise arithmetic with constants."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from tropnet.io.affine import ONE, Row, composed, scaled, shifted
from tropnet.io.folding import BATCH_NORMALIZATION_NOTE, normalization
from tropnet.io.formats import check_count
from tropnet.io.onnx_model.graph import Node
from tropnet.io.onnx_model.tensors import Array, shown_shape
from tropnet.io.onnx_model.values import (
    Context,
    Operand,
    Operator,
    Value,
    broadcast,
    check_product,
    checked_axis,
    constant,
    exact,
    integer_attribute,
    malformed,
    number_attribute,
    operand,
    single,
    unsupported,
)


def add(context: Context, node: Node, operands: list[Operand]) -> Value | Array:
    """Add, Sub and Sum with constants; either side may be the constant."""
    result = operand(node, operands, 0)
    sign = -ONE if node.op == "Sub" else ONE
    for position in range(1, len(operands)):
        result = _added(context, node, result, operand(node, operands, position), sign)
    return result


def multiply(context: Context, node: Node, operands: list[Operand]) -> Value | Array:
    """Mul by constants."""
    first, second = operand(node, operands, 0), operand(node, operands, 1)
    if not isinstance(first, Value):
        if not isinstance(second, Value):
            return _folded(node, first, second)
        first, second = second, first
    if isinstance(second, Value):
        raise unsupported(node, "multiplies two computed values, which is not piecewise linear")
    value, entries = _aligned(context, node, first, second)
    return context.value(scaled(value.affine, entries), value.shape)


def divide(context: Context, node: Node, operands: list[Operand]) -> Value | Array:
    """Div by constants."""
    first, second = operand(node, operands, 0), operand(node, operands, 1)
    if isinstance(second, Value):
        raise unsupported(node, "divides by a computed value, which is not piecewise linear")
    if not isinstance(first, Value):
        return _folded(node, first, second)
    value, entries = _aligned(context, node, first, second)
    if not all(entries):
        raise malformed(node, "divides by zero")
    return context.value(scaled(value.affine, [1 / entry for entry in entries]), value.shape)


def negate(context: Context, node: Node, operands: list[Operand]) -> Value | Array:
    """Neg."""
    value = operand(node, operands, 0)
    if not isinstance(value, Value):
        return np.asarray(-_exact_array(node, value), dtype=object)
    return context.value(scaled(value.affine, [-ONE] * value.affine.width), value.shape)


def matmul(context: Context, node: Node, operands: list[Operand]) -> Value:
    """MatMul with a constant on either side, stacked matrices included."""
    return _product(context, node, operand(node, operands, 0), operand(node, operands, 1))


def gemm(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Gemm: alpha A' B' + beta C; A or B may be the constant."""
    left = _transposed(context, node, operand(node, operands, 0), "transA")
    right = _transposed(context, node, operand(node, operands, 1), "transB")
    if isinstance(left, Value) and len(left.shape) != 2:
        left = _as_row(context, node, left, right)
    if len(left.shape) != 2 or len(right.shape) != 2:
        raise malformed(
            node, f"shapes {shown_shape(left.shape)} and {shown_shape(right.shape)} are no matrices"
        )
    result = _product(context, node, left, right)
    alpha, beta = number_attribute(node, "alpha", 1.0), number_attribute(node, "beta", 1.0)
    affine = scaled(result.affine, [alpha] * result.affine.width)
    result = context.value(affine, result.shape)
    if len(operands) > 2 and operands[2] is not None:
        shape = result.shape
        addend = constant(node, operands[2], "the addend C")
        value, entries = _aligned(context, node, result, addend)
        if value.shape != shape:
            raise malformed(
                node, f"C of shape {shown_shape(addend.shape)} does not fit {shown_shape(shape)}"
            )
        affine = shifted(value.affine, [beta * entry for entry in entries])
        result = context.value(affine, shape)
    return result


def batch_normalization(context: Context, node: Node, operands: list[Operand]) -> Value:
    """BatchNormalization in its inference form."""
    value = single(node, operands)
    if integer_attribute(node, "training_mode", 0) or any(node.outputs[1:]):
        raise unsupported(node, "is in training mode; export the model for inference")
    if len(value.shape) < 2:
        raise malformed(node, f"needs a channel axis, got shape {shown_shape(value.shape)}")
    channels = value.shape[1]
    parameters = []
    for position, what in enumerate(("scale", "bias", "mean", "variance"), 1):
        entries = exact(node, constant(node, operand(node, operands, position), what), what)
        if len(entries) != channels:
            raise malformed(node, f"{len(entries)} entries of {what} for {channels} channels")
        parameters.append(entries)
    scale, bias, mean, variance = parameters
    epsilon = number_attribute(node, "epsilon", 1e-5)
    factors, constants, rounded = normalization(
        scale, bias, mean, variance, epsilon, name=node.label
    )
    if rounded:
        context.note(BATCH_NORMALIZATION_NOTE)
    channel = np.broadcast_to(
        np.arange(channels).reshape(1, channels, *(1,) * (len(value.shape) - 2)), value.shape
    )
    places = channel.ravel().tolist()
    affine = shifted(
        scaled(value.affine, [factors[k] for k in places]), [constants[k] for k in places]
    )
    return context.value(affine, value.shape)


def _added(
    context: Context, node: Node, first: Value | Array, second: Value | Array, sign: Fraction
) -> Value | Array:
    if isinstance(first, Value):
        if isinstance(second, Value):
            raise unsupported(node, "joins two branches, so the graph is not a chain")
        value, entries = _aligned(context, node, first, second)
        return context.value(
            shifted(value.affine, [sign * entry for entry in entries]), value.shape
        )
    if not isinstance(second, Value):
        return _folded(node, first, second)
    value, entries = _aligned(context, node, second, first)
    affine = shifted(scaled(value.affine, [sign] * len(entries)), entries)
    return context.value(affine, value.shape)


def _folded(node: Node, first: Array, second: Array) -> Array:
    """Arithmetic of two constants; integers stay integers, since they may be a shape."""
    shape = broadcast(node, first.shape, second.shape)
    if first.dtype.kind in "iu" and second.dtype.kind in "iu":
        left, right = first.astype(object), second.astype(object)
    else:
        left, right = _exact_array(node, first), _exact_array(node, second)
    left, right = np.broadcast_to(left, shape), np.broadcast_to(right, shape)
    if node.op == "Div" and not all(right.ravel().tolist()):
        raise malformed(node, "divides by zero")
    results = {
        "Add": lambda: left + right,
        "Sum": lambda: left + right,
        "Sub": lambda: left - right,
        "Mul": lambda: left * right,
        "Div": lambda: left // right if first.dtype.kind in "iu" else left / right,
    }
    result = np.asarray(results[node.op](), dtype=object)
    if first.dtype.kind in "iu" and second.dtype.kind in "iu":
        if any(abs(int(entry)) >= 2**62 for entry in result.ravel()):
            raise malformed(node, "an integer in the result is too large")
        return result.astype(np.int64)
    return result


def _exact_array(node: Node, array: Array) -> Array:
    result = np.empty(array.size, dtype=object)
    result[:] = exact(node, array, "a constant")
    return result.reshape(array.shape)


def _aligned(
    context: Context, node: Node, value: Value, array: Array
) -> tuple[Value, list[Fraction]]:
    """A value and the entries of a constant, both broadcast to their common shape."""
    if context.opset < 7 and "axis" in node.attributes and array.ndim:
        axis = checked_axis(node, integer_attribute(node, "axis", 0), len(value.shape))
        following = len(value.shape) - axis - array.ndim
        if following < 0:
            raise malformed(node, f"a constant of shape {shown_shape(array.shape)} at axis {axis}")
        array = array.reshape(array.shape + (1,) * following)
    shape = broadcast(node, value.shape, array.shape)
    if shape != value.shape:
        value = context.picked(value, np.broadcast_to(value.indices, shape))
    entries = exact(node, array, "a constant")
    if array.shape != shape:
        places = np.broadcast_to(np.arange(array.size).reshape(array.shape), shape)
        entries = [entries[k] for k in places.ravel().tolist()]
    return value, entries


def _transposed(
    context: Context, node: Node, factor: Value | Array, attribute: str
) -> Value | Array:
    if not integer_attribute(node, attribute, 0):
        return factor
    if len(factor.shape) != 2:
        raise malformed(node, f"{attribute} of a tensor of shape {shown_shape(factor.shape)}")
    return context.picked(factor, factor.indices.T) if isinstance(factor, Value) else factor.T


def _as_row(context: Context, node: Node, left: Value, right: Value | Array) -> Value:
    """Early files give Gemm tensors such as (1, 1, 1, 5), meant as one row."""
    if len(right.shape) == 2 and left.affine.width == right.shape[0]:
        return context.value(left.affine, (1, left.affine.width))
    raise malformed(
        node, f"shapes {shown_shape(left.shape)} and {shown_shape(right.shape)} do not fit"
    )


def _product(context: Context, node: Node, left: Value | Array, right: Value | Array) -> Value:
    if isinstance(left, Value) and isinstance(right, Value):
        raise unsupported(node, "multiplies two computed values, which is not piecewise linear")
    value, matrix = (left, right) if isinstance(left, Value) else (right, left)
    if not isinstance(value, Value) or isinstance(matrix, Value):
        raise unsupported(node, "multiplies two constants; fold constants when exporting the model")
    if not left.shape or not right.shape:
        raise malformed(node, "multiplies a matrix by a number")
    entries = exact(node, matrix, "the matrix")
    places = np.arange(matrix.size).reshape(matrix.shape)
    first, second = (value.indices, places) if isinstance(left, Value) else (places, value.indices)
    vectors = first.ndim == 1, second.ndim == 1
    first = first[None, :] if vectors[0] else first
    second = second[:, None] if vectors[1] else second
    if first.shape[-1] != second.shape[-2] or not matrix.size:
        raise malformed(
            node, f"shapes {shown_shape(left.shape)} and {shown_shape(right.shape)} do not fit"
        )
    stack = (
        broadcast(node, first.shape[:-2], second.shape[:-2])
        if (first.ndim > 2 or second.ndim > 2)
        else ()
    )
    shape = (*stack, first.shape[-2], second.shape[-1])
    check_product(node, shape)
    check_count(int(np.prod(shape, dtype=object)) * first.shape[-1], node.label)
    first = np.broadcast_to(first, (*stack, *first.shape[-2:])).reshape(-1, *first.shape[-2:])
    second = np.broadcast_to(second, (*stack, *second.shape[-2:])).reshape(-1, *second.shape[-2:])
    rows: list[Row] = []
    for upper, lower in zip(first, second, strict=True):
        columns = lower.T.tolist()
        for left_row in upper.tolist():
            pairs = (zip(left_row, column, strict=True) for column in columns)
            if isinstance(left, Value):
                rows.extend({i: entries[k] for i, k in pair if entries[k]} for pair in pairs)
            else:
                rows.extend({i: entries[k] for k, i in pair if entries[k]} for pair in pairs)
    if vectors[0]:
        shape = (*shape[:-2], shape[-1])
    if vectors[1]:
        shape = shape[:-1]
    return context.value(composed(rows, value.affine), shape)


OPERATORS: dict[str, Operator] = {
    "Add": add,
    "BatchNormalization": batch_normalization,
    "Div": divide,
    "Gemm": gemm,
    "MatMul": matmul,
    "Mul": multiply,
    "Neg": negate,
    "Sub": add,
    "Sum": add,
}
