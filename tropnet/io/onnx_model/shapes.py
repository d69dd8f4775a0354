"""Operators that move entries about and change none, for computed values and constants alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from tropnet.errors import TropnetError
from tropnet.io.formats import check_count
from tropnet.io.onnx_model.graph import Node
from tropnet.io.onnx_model.tensors import FLOATS, INT32, INT64, MAX_RANK, Array, shown_shape
from tropnet.io.onnx_model.values import (
    Context,
    Operand,
    Operator,
    Value,
    check_product,
    checked_axis,
    constant,
    exact,
    integer_attribute,
    integers,
    integers_attribute,
    malformed,
    number_attribute,
    operand,
    optional,
    text_attribute,
    unsupported,
)

Move = Callable[[Context, Node, Array, list[Operand]], Array]


def flatten(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Flatten to a matrix."""
    axis = integer_attribute(node, "axis", 1)
    if not -array.ndim <= axis <= array.ndim:
        raise malformed(node, f"axis {axis} of a tensor with {array.ndim} axes")
    axis += array.ndim if axis < 0 else 0
    rows = int(np.prod(array.shape[:axis], dtype=object))
    return array.reshape(rows, -1) if array.size else array


def reshape(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Reshape; the shape is an attribute in early files."""
    attribute = integers_attribute(node, "shape")
    shape = list(attribute) if attribute else integers(node, optional(operands, 1), "the shape")
    if not integer_attribute(node, "allowzero", 0):
        if any(length == 0 and k >= array.ndim for k, length in enumerate(shape)):
            raise malformed(node, f"shape {shown_shape(tuple(shape))} copies an axis that is not")
        shape = [length or array.shape[k] for k, length in enumerate(shape)]
    try:
        return array.reshape(shape)
    except (ValueError, OverflowError, TypeError):
        raise malformed(
            node,
            f"a tensor of shape {shown_shape(array.shape)} "
            f"cannot take shape {shown_shape(tuple(shape))}",
        ) from None


def squeeze(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Squeeze axes of length 1 away."""
    axes = _axes(node, operands)
    if axes is None:
        return array.reshape([length for length in array.shape if length != 1])
    chosen = {checked_axis(node, axis, array.ndim) for axis in axes}
    if any(array.shape[axis] != 1 for axis in chosen):
        raise malformed(
            node, f"squeezes axes {shown_shape(tuple(axes))} of shape {shown_shape(array.shape)}"
        )
    return array.reshape([n for k, n in enumerate(array.shape) if k not in chosen])


def unsqueeze(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Unsqueeze: put in axes of length 1."""
    axes = _axes(node, operands)
    if axes is None:
        raise malformed(node, "the axes are missing")
    rank = array.ndim + len(axes)
    if rank > MAX_RANK:
        raise malformed(node, f"makes a tensor with {rank} axes")
    chosen = {checked_axis(node, axis, rank) for axis in axes}
    if len(chosen) != len(axes):
        raise malformed(node, f"the axes {shown_shape(tuple(axes))} repeat")
    lengths = iter(array.shape)
    return array.reshape([1 if k in chosen else next(lengths) for k in range(rank)])


def transpose(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Transpose: a permutation of the axes."""
    order = integers_attribute(node, "perm")
    if order is None:
        order = tuple(range(array.ndim))[::-1]
    if sorted(order) != list(range(array.ndim)):
        raise malformed(node, f"perm {shown_shape(order)} of a tensor with {array.ndim} axes")
    return array.transpose(order)


def identity(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Identity."""
    return array


def dropout(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Dropout in its inference form, the identity."""
    mode = optional(operands, 2)
    if mode is not None and bool(np.any(constant(node, mode, "training_mode"))):
        raise unsupported(node, "is in training mode; export the model for inference")
    return array


def expand(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Expand: repetition by broadcasting."""
    target = tuple(integers(node, optional(operands, 1), "the shape"))
    try:
        shape = np.broadcast_shapes(array.shape, target)
    except ValueError:
        raise malformed(
            node, f"shapes {shown_shape(array.shape)} and {shown_shape(target)} do not fit together"
        ) from None
    check_product(node, shape)
    return np.broadcast_to(array, shape)


def slice_(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Slice; starts, ends and axes are attributes in early files."""
    given: dict[str, list[int]] = {}
    for position, name in enumerate(("starts", "ends", "axes", "steps"), 1):
        attribute = integers_attribute(node, name)
        if optional(operands, position) is not None:
            given[name] = integers(node, operands[position], name)
        elif attribute is not None:
            given[name] = list(attribute)
    if "starts" not in given or "ends" not in given:
        raise malformed(node, "starts or ends are missing")
    starts, ends = given["starts"], given["ends"]
    axes = given.get("axes", list(range(len(starts))))
    steps = given.get("steps", [1] * len(starts))
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise malformed(node, "starts, ends, axes and steps differ in length")
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        if step == 0:
            raise malformed(node, "a step is zero")
        where: list[slice] = [slice(None)] * array.ndim
        place = checked_axis(node, axis, array.ndim)
        # An end below every index counts from the back in numpy but means "to the start" here.
        last = None if step < 0 and end < -array.shape[place] else end
        where[place] = slice(start, last, step)
        array = array[tuple(where)]
    return array


def gather(context: Context, node: Node, array: Array, operands: list[Operand]) -> Array:
    """Gather with constant indices."""
    indices = constant(node, optional(operands, 1), "the list of indices")
    if indices.dtype.kind not in "iu":
        raise malformed(node, "the indices are not integers")
    axis = checked_axis(node, integer_attribute(node, "axis", 0), array.ndim)
    check_count(array.size // max(array.shape[axis], 1) * indices.size, node.label)
    length = array.shape[axis]
    if indices.size and (indices.min() < -length or indices.max() >= length):
        raise malformed(node, f"an index is outside an axis of length {length}")
    return np.take(array, indices.astype(np.int64), axis=axis)


def cast(context: Context, node: Node, operands: list[Operand]) -> Value | Array:
    """Cast between float types, which real numbers do not notice; constants also to integers."""
    value = operand(node, operands, 0)
    target = integer_attribute(node, "to", 0)
    if isinstance(value, Value):
        if target not in FLOATS:
            raise unsupported(node, f"rounds to element type {target}")
        return value
    if target in FLOATS:
        return value
    if target not in (INT32, INT64) or value.dtype.kind not in "iu":
        raise unsupported(node, f"rounds a constant to element type {target}")
    return value


def concatenate(context: Context, node: Node, operands: list[Operand]) -> Array:
    """Concat of constants, such as the parts of a shape."""
    arrays = []
    for position in range(len(operands)):
        part = operand(node, operands, position)
        if isinstance(part, Value):
            raise unsupported(node, "joins branches, so the graph is not a chain")
        arrays.append(part)
    if not arrays:
        raise malformed(node, "has no inputs")
    axis = checked_axis(node, integer_attribute(node, "axis", 0), max(arrays[0].ndim, 1))
    check_count(sum(array.size for array in arrays), node.label)
    try:
        return np.concatenate(arrays, axis=axis)
    except ValueError:
        raise malformed(node, "the shapes of its inputs do not fit together") from None


def shape_of(context: Context, node: Node, operands: list[Operand]) -> Array:
    """Shape, a constant here because every shape is known."""
    shape = operand(node, operands, 0).shape
    start, end = (integer_attribute(node, "start", 0), integer_attribute(node, "end", len(shape)))
    return np.array(shape[start:end], dtype=np.int64)


def constant_node(context: Context, node: Node, operands: list[Operand]) -> Array:
    """Constant."""
    for name in ("value", "value_float", "value_floats", "value_int", "value_ints"):
        if name in node.attributes:
            value = node.attributes[name]
            if name.startswith("value_int"):
                return np.array(value, dtype=np.int64)
            return np.asarray(value)
    raise unsupported(node, "is a constant of a kind that tropnet does not read")


def constant_of_shape(context: Context, node: Node, operands: list[Operand]) -> Array:
    """ConstantOfShape."""
    shape = tuple(integers(node, optional(operands, 0), "the shape"))
    if any(length < 0 for length in shape):
        raise malformed(node, f"negative length in shape {shown_shape(shape)}")
    check_product(node, shape)
    value = node.attributes.get("value", np.zeros(1, dtype=np.float32))
    if not isinstance(value, np.ndarray) or value.size != 1:
        raise malformed(node, "its value is not one number")
    return np.full(shape, value.ravel()[0])


def pad(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Pad with a constant; the widths are an attribute in early files."""
    value = operand(node, operands, 0)
    if not isinstance(value, Value):
        raise unsupported(node, "pads a constant; fold constants when exporting the model")
    mode = text_attribute(node, "mode", "constant")
    if mode != "constant":
        raise unsupported(node, f"pads in mode {mode!r}, which is not supported")
    if optional(operands, 3) is not None:
        raise unsupported(node, "pads chosen axes, which is not supported")
    attribute = integers_attribute(node, "pads") or integers_attribute(node, "paddings")
    widths = attribute if attribute is not None else integers(node, optional(operands, 1), "pads")
    rank = len(value.shape)
    if len(widths) != 2 * rank or any(width < 0 for width in widths):
        raise malformed(node, f"pads {shown_shape(tuple(widths))} of a tensor with {rank} axes")
    pairs = list(zip(widths[:rank], widths[rank:], strict=True))
    check_product(node, [n + sum(pair) for n, pair in zip(value.shape, pairs, strict=True)])
    fill = optional(operands, 2)
    if fill is not None:
        filling = exact(node, constant(node, fill, "the value"), "the value")
        if any(filling):
            raise unsupported(node, "pads with a number other than zero, which is not supported")
    elif number_attribute(node, "value", 0.0):
        raise unsupported(node, "pads with a number other than zero, which is not supported")
    return context.picked(value, np.pad(value.indices, pairs, constant_values=-1))


def _axes(node: Node, operands: list[Operand]) -> list[int] | None:
    attribute = integers_attribute(node, "axes")
    if attribute is not None:
        return list(attribute)
    given = optional(operands, 1)
    return None if given is None else integers(node, given, "the axes")


def _moved(move: Move, context: Context, node: Node, operands: list[Operand]) -> Value | Array:
    source = operand(node, operands, 0)
    array = source.indices if isinstance(source, Value) else source
    try:
        result = move(context, node, array, operands)
    except TropnetError:
        raise
    except (ValueError, OverflowError, IndexError, TypeError):  # what numpy thinks of bad shapes
        raise malformed(
            node, f"cannot be applied to a tensor of shape {shown_shape(array.shape)}"
        ) from None
    check_count(result.size, node.label)
    if isinstance(source, Value):
        check_product(node, result.shape)
        return context.picked(source, result)._replace(stage=source.stage)
    return result


_MOVES: dict[str, Move] = {
    "Dropout": dropout,
    "Expand": expand,
    "Flatten": flatten,
    "Gather": gather,
    "Identity": identity,
    "Reshape": reshape,
    "Slice": slice_,
    "Squeeze": squeeze,
    "Transpose": transpose,
    "Unsqueeze": unsqueeze,
}

OPERATORS: dict[str, Operator] = {
    **{op: partial(_moved, move) for op, move in _MOVES.items()},
    "Cast": cast,
    "Concat": concatenate,
    "Constant": constant_node,
    "ConstantOfShape": constant_of_shape,
    "Pad": pad,
    "Shape": shape_of,
}
