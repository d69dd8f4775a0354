"""What flows along the edges of a graph while it is read, and what every operator needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.exact import to_fraction
from tropnet.io.affine import Affine, selected
from tropnet.io.arrays import exact_list
from tropnet.io.chain import Chain
from tropnet.io.formats import check_width
from tropnet.io.onnx_model.graph import Node
from tropnet.io.onnx_model.tensors import Array, shown_shape


class Value(NamedTuple):
    """A tensor that depends on the input: an affine map of the chain's last ReLU layer.

    Attributes:
        affine: The entries in C order.
        shape: The tensor's shape; a batch that the file leaves open has length 1.
        stage: The number of ReLU layers when it was made; a later ReLU makes it out of date.
    """

    affine: Affine
    shape: tuple[int, ...]
    stage: int

    @property
    def indices(self) -> Array:
        """The positions of the entries, in the tensor's shape."""
        return np.arange(self.affine.width).reshape(self.shape)


_MOST_ENTRIES = 50_000_000

Operand: TypeAlias = Value | Array | None
"""An input of a node: a computed value, a constant, or nothing."""


@dataclass
class Context:
    """The state of reading one graph."""

    chain: Chain
    opset: int
    notes: list[str] = field(default_factory=list)
    _entries: int = 0

    def note(self, text: str) -> None:
        """Remember a remark, once."""
        if text not in self.notes:
            self.notes.append(text)

    def value(self, affine: Affine, shape: Sequence[int]) -> Value:
        """A value of the present stage."""
        self._entries += affine.width
        if self._entries > _MOST_ENTRIES:
            raise InvalidInputError(
                f"the tensors of the graph have more than {_MOST_ENTRIES} entries in all"
            )
        return Value(affine, tuple(int(length) for length in shape), self.chain.stage)

    def picked(self, value: Value, indices: Array) -> Value:
        """The value whose entries are those at the given positions; -1 picks the constant 0."""
        check_width(indices.size, "a tensor")
        return self.value(selected(value.affine, indices.ravel().tolist()), indices.shape)


Operator: TypeAlias = Callable[[Context, Node, list[Operand]], "Value | Array"]


def unsupported(node: Node, reason: str) -> UnsupportedNetworkError:
    """The error for a node that is not piecewise linear or no part of a chain."""
    return UnsupportedNetworkError(f"{node.label} {reason}")


def malformed(node: Node, reason: str) -> InvalidInputError:
    """The error for a node that contradicts itself."""
    return InvalidInputError(f"{node.label}: {reason}")


def operand(node: Node, operands: list[Operand], position: int) -> Value | Array:
    """An input that must be there."""
    if position >= len(operands):
        raise malformed(node, f"input {position + 1} is missing")
    value = operands[position]
    if value is None:
        raise malformed(node, f"input {position + 1} is missing")
    return value


def optional(operands: list[Operand], position: int) -> Operand:
    """An input that may be left out."""
    return operands[position] if position < len(operands) else None


def single(node: Node, operands: list[Operand]) -> Value:
    """The first input, which must be a computed value."""
    value = operand(node, operands, 0)
    if not isinstance(value, Value):
        raise unsupported(node, "computes with constants only, which tropnet does not fold here")
    return value


def constant(node: Node, value: Operand, what: str) -> Array:
    """An input that must be a constant."""
    if isinstance(value, Value):
        raise unsupported(
            node, f"computes {what} from the network's input, so the graph is not a chain"
        )
    if value is None:
        raise malformed(node, f"{what} is missing")
    return value


def exact(node: Node, array: Array, what: str) -> list[Fraction]:
    """The entries of a constant as exact rationals."""
    name = f"{node.label}: {what}"
    if array.dtype == object:
        return list(array.ravel())
    return exact_list(array, name)


def integers(node: Node, value: Operand, what: str) -> list[int]:
    """A constant list of integers, such as a shape or axes."""
    array = constant(node, value, what)
    if array.dtype.kind not in "iu":
        raise malformed(node, f"{what} is not a list of integers")
    return [int(entry) for entry in array.ravel().tolist()]


def integer_attribute(node: Node, name: str, default: int) -> int:
    """An attribute that is one integer."""
    value = node.attributes.get(name, default)
    if not isinstance(value, int):
        raise malformed(node, f"attribute {name!r} is not an integer")
    return value


def integers_attribute(node: Node, name: str) -> tuple[int, ...] | None:
    """An attribute that is a list of integers, or None where there is no such attribute."""
    value = node.attributes.get(name)
    if value is None:
        return None
    if not isinstance(value, tuple) or not all(isinstance(entry, int) for entry in value):
        raise malformed(node, f"attribute {name!r} is not a list of integers")
    return value


def text_attribute(node: Node, name: str, default: str) -> str:
    """An attribute that is text."""
    value = node.attributes.get(name, default)
    if not isinstance(value, str):
        raise malformed(node, f"attribute {name!r} is not text")
    return value


def number_attribute(node: Node, name: str, default: float) -> Fraction:
    """An attribute that is one float; ONNX stores and defaults to float32."""
    value: Any = node.attributes.get(name, float(np.float32(default)))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise malformed(node, f"attribute {name!r} is not a number")
    return to_fraction(value, f"{node.label}: attribute {name!r}")


def broadcast(node: Node, *shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The common shape under numpy's rules."""
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        shown = " and ".join(map(shown_shape, shapes))
        raise malformed(node, f"shapes {shown} do not fit together") from None
    check_product(node, shape)
    return shape


def check_product(node: Node, shape: Sequence[int]) -> None:
    """Refuse a tensor of this shape if it is empty or too large to be made."""
    count = 1
    for length in shape:
        count *= length
    if count < 1:
        raise malformed(node, f"the shape {shown_shape(tuple(shape))} has no entries")
    check_width(count, node.label)


def checked_axis(node: Node, axis: int, rank: int) -> int:
    """An axis counted from the front."""
    if not -rank <= axis < rank:
        raise malformed(node, f"axis {axis} of a tensor with {rank} axes")
    return axis % rank
