"""Operators that look through a window: convolution and pooling."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import NamedTuple

import numpy as np

from tropnet.io.affine import Affine, Row, composed, scaled, shifted
from tropnet.io.formats import check_count
from tropnet.io.onnx_model.graph import Node
from tropnet.io.onnx_model.tensors import shown_shape
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
    operand,
    optional,
    single,
    text_attribute,
    unsupported,
)


class Window(NamedTuple):
    """A window sliding over the spatial axes; one entry for each axis.

    Attributes:
        kernel: Its lengths.
        strides: How far apart its positions are.
        dilations: How far apart the entries it sees are.
        before: Padding before the first entry.
        positions: How many positions there are.
    """

    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    before: tuple[int, ...]
    positions: tuple[int, ...]

    def seen(self, lengths: tuple[int, ...]) -> list[list[int]]:
        """For each position, the flat index of each entry it sees; -1 in the padding."""
        strides = [int(np.prod(lengths[k + 1 :], dtype=object)) for k in range(len(lengths))]
        result = []
        for position in product(*map(range, self.positions)):
            entries = []
            for offset in product(*map(range, self.kernel)):
                flat = 0
                for axis, length in enumerate(lengths):
                    place = (
                        position[axis] * self.strides[axis]
                        + offset[axis] * self.dilations[axis]
                        - self.before[axis]
                    )
                    if not 0 <= place < length:
                        flat = -1
                        break
                    flat += place * strides[axis]
                entries.append(flat)
            result.append(entries)
        return result


def convolution(context: Context, node: Node, operands: list[Operand]) -> Value:
    """Conv, grouped, padded, strided and dilated as it may be: a sparse matrix."""
    value = single(node, operands)
    kernel = constant(node, operand(node, operands, 1), "the kernel")
    groups = integer_attribute(node, "group", 1)
    rank = len(value.shape) - 2
    if rank < 1 or kernel.ndim != len(value.shape):
        raise malformed(
            node, f"kernel {shown_shape(kernel.shape)} and input {shown_shape(value.shape)}"
        )
    batch, channels, *lengths = value.shape
    outputs, per_group, *size = kernel.shape
    if groups < 1 or per_group * groups != channels or outputs % groups or outputs < 1:
        raise malformed(
            node,
            f"{groups} groups of kernel {shown_shape(kernel.shape)} do not fit {channels} channels",
        )
    window = _window(node, tuple(size), tuple(lengths))
    shape = (batch, outputs, *window.positions)
    check_product(node, shape)
    check_count(int(np.prod((*shape, per_group, *size), dtype=object)), node.label)
    weights = exact(node, kernel, "the kernel")
    seen = window.seen(tuple(lengths))
    area, taps = int(np.prod(lengths)), per_group * int(np.prod(size))
    rows: list[Row] = []
    for sample, output in product(range(batch), range(outputs)):
        first = sample * channels + output // (outputs // groups) * per_group
        own = weights[output * taps : (output + 1) * taps]
        for entries in seen:
            row: Row = {}
            for k, weight in enumerate(own):
                channel, tap = divmod(k, len(entries))
                if weight and entries[tap] >= 0:
                    row[(first + channel) * area + entries[tap]] = weight
            rows.append(row)
    affine = composed(rows, value.affine)
    bias = optional(operands, 2)
    if bias is not None:
        constants = exact(node, constant(node, bias, "the bias"), "the bias")
        if len(constants) != outputs:
            raise malformed(node, f"{len(constants)} biases for {outputs} output channels")
        affine = shifted(affine, [b for _ in range(batch) for b in constants for _ in seen])
    return context.value(affine, shape)


def maximum_pool(context: Context, node: Node, operands: list[Operand]) -> Value:
    """MaxPool: maxima of groups of entries; padding takes no part."""
    value, window = _pooled(node, operands)
    if any(node.outputs[1:]):
        raise unsupported(node, "also computes the places of the maxima, which is not supported")
    groups = [[i for i in group if i >= 0] for group in _groups(value, window)]
    if not all(groups):
        raise malformed(node, "a window sees nothing but padding")
    affine = context.chain.maximum(value.affine, groups)
    return context.value(affine, (*value.shape[:2], *window.positions))


def average_pool(context: Context, node: Node, operands: list[Operand]) -> Value:
    """AveragePool."""
    value, window = _pooled(node, operands)
    counts_padding = integer_attribute(node, "count_include_pad", 0)
    if context.opset < 7 and any(i < 0 for group in _groups(value, window) for i in group):
        raise unsupported(node, "averages over padding, which operator sets before 7 leave open")
    groups = []
    for group in _groups(value, window):
        inside = [i for i in group if i >= 0]
        if not inside:
            raise malformed(node, "a window sees nothing but padding")
        groups.append((inside, len(group) if counts_padding else len(inside)))
    affine = _means(value, groups)
    return context.value(affine, (*value.shape[:2], *window.positions))


def global_pool(context: Context, node: Node, operands: list[Operand]) -> Value:
    """GlobalAveragePool and GlobalMaxPool."""
    value = single(node, operands)
    if len(value.shape) < 3:
        raise malformed(node, f"needs spatial axes, got shape {shown_shape(value.shape)}")
    area = int(np.prod(value.shape[2:]))
    groups = value.indices.reshape(-1, area).tolist()
    shape = (*value.shape[:2], *(1,) * (len(value.shape) - 2))
    if node.op == "GlobalMaxPool":
        return context.value(context.chain.maximum(value.affine, groups), shape)
    return context.value(_means(value, [(group, area) for group in groups]), shape)


def reduction(context: Context, node: Node, operands: list[Operand]) -> Value:
    """ReduceSum, ReduceMean, ReduceMax and ReduceMin over some axes."""
    value = single(node, operands)
    rank = len(value.shape)
    given = optional(operands, 1)
    listed = integers_attribute(node, "axes") if given is None else integers(node, given, "axes")
    if not listed:
        if integer_attribute(node, "noop_with_empty_axes", 0):
            return value
        listed = tuple(range(rank))
    axes = sorted({checked_axis(node, axis, rank) for axis in listed})
    kept = [axis for axis in range(rank) if axis not in axes]
    count = int(np.prod([value.shape[axis] for axis in axes], dtype=object))
    groups = value.indices.transpose(*kept, *axes).reshape(-1, count).tolist()
    shape = [value.shape[axis] for axis in kept]
    if integer_attribute(node, "keepdims", 1):
        shape = [1 if axis in axes else value.shape[axis] for axis in range(rank)]
    if node.op in ("ReduceSum", "ReduceMean"):
        divisor = count if node.op == "ReduceMean" else 1
        return context.value(_means(value, [(group, divisor) for group in groups]), shape)
    sign = [Fraction(-1 if node.op == "ReduceMin" else 1)]
    affine = context.chain.maximum(scaled(value.affine, sign * value.affine.width), groups)
    return context.value(scaled(affine, sign * affine.width), shape)


def _means(value: Value, groups: list[tuple[list[int], int]]) -> Affine:
    return composed(
        [{i: Fraction(1, divisor) for i in group} for group, divisor in groups], value.affine
    )


def _pooled(node: Node, operands: list[Operand]) -> tuple[Value, Window]:
    value = single(node, operands)
    size = integers_attribute(node, "kernel_shape")
    if size is None or len(size) != len(value.shape) - 2 or not size:
        raise malformed(
            node,
            f"kernel_shape {shown_shape(size or ())} on an input of {shown_shape(value.shape)}",
        )
    window = _window(node, size, value.shape[2:])
    shape = (*value.shape[:2], *window.positions)
    check_product(node, shape)
    check_count(int(np.prod((*shape, *size), dtype=object)), node.label)
    return value, window


def _groups(value: Value, window: Window) -> list[list[int]]:
    lengths = value.shape[2:]
    area, seen = int(np.prod(lengths)), window.seen(lengths)
    return [
        [i if i < 0 else channel * area + i for i in entries]
        for channel in range(value.shape[0] * value.shape[1])
        for entries in seen
    ]


def _window(node: Node, size: tuple[int, ...], lengths: tuple[int, ...]) -> Window:
    rank = len(lengths)
    kernel = integers_attribute(node, "kernel_shape") or size
    strides = integers_attribute(node, "strides") or (1,) * rank
    dilations = integers_attribute(node, "dilations") or (1,) * rank
    pads = integers_attribute(node, "pads") or (0,) * (2 * rank)
    if tuple(kernel) != tuple(size):
        raise malformed(
            node, f"kernel_shape {shown_shape(kernel)} but the kernel has {shown_shape(size)}"
        )
    if not len(strides) == len(dilations) == rank or len(pads) != 2 * rank:
        raise malformed(node, f"strides, dilations or pads do not fit {rank} spatial axes")
    if min((*size, *strides, *dilations)) < 1 or min(pads) < 0:
        raise malformed(node, "a length, stride or dilation is not positive, or a pad is negative")
    before, positions = [], []
    for axis, length in enumerate(lengths):
        stride, extent = strides[axis], (size[axis] - 1) * dilations[axis] + 1
        pad = _padding(node, (pads[axis], pads[rank + axis]), length, stride, extent)
        room = length + sum(pad) - extent
        if room < 0:
            raise malformed(node, f"a window of {extent} does not fit an axis of {length}")
        if room % stride and integer_attribute(node, "ceil_mode", 0):
            raise unsupported(node, "has a partial window (ceil_mode), which is not supported")
        before.append(pad[0])
        positions.append(room // stride + 1)
    return Window(tuple(size), strides, dilations, tuple(before), tuple(positions))


def _padding(
    node: Node, pads: tuple[int, int], length: int, stride: int, extent: int
) -> tuple[int, int]:
    """The padding of one axis, given or as ``auto_pad`` asks."""
    mode = text_attribute(node, "auto_pad", "NOTSET")
    if mode == "NOTSET":
        return pads
    if mode == "VALID":
        return 0, 0
    if mode not in ("SAME_UPPER", "SAME_LOWER"):
        raise malformed(node, f"auto_pad {mode!r} is not known")
    if max(integers_attribute(node, "dilations") or (1,)) > 1:
        raise unsupported(node, "combines auto_pad with dilations, which runtimes read differently")
    total = max(0, (-(-length // stride) - 1) * stride + extent - length)
    less, more = total // 2, total - total // 2
    return (less, more) if mode == "SAME_UPPER" else (more, less)


OPERATORS: dict[str, Operator] = {
    "AveragePool": average_pool,
    "Conv": convolution,
    "GlobalAveragePool": global_pool,
    "GlobalMaxPool": global_pool,
    "MaxPool": maximum_pool,
    "ReduceMax": reduction,
    "ReduceMean": reduction,
    "ReduceMin": reduction,
    "ReduceSum": reduction,
}
