"""What can be compared: networks, tropical functions, and tuples of scalar ones."""

from __future__ import annotations

from typing import Any, TypeAlias, Union

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.networks.network import ReLUNetwork
from tropnet.tropical import TropicalPolynomial, TropicalRational

FunctionLike: TypeAlias = Union[
    ReLUNetwork, TropicalPolynomial, TropicalRational, "tuple[FunctionLike, ...]"
]
"""A network, a tropical polynomial or rational function, or a tuple of scalar ones."""


def function_like(function: Any, name: str) -> FunctionLike:
    """A function-like as it is; a list of scalar ones as a tuple.

    Args:
        function: What may be one.
        name: What it is, for the error message.

    Raises:
        InvalidInputError: if it is none.
    """
    if isinstance(function, (ReLUNetwork, TropicalPolynomial, TropicalRational)):
        return function
    if isinstance(function, (tuple, list)) and function:
        parts = tuple(function_like(part, f"{name}[{i}]") for i, part in enumerate(function))
        shapes = [shape(part) for part in parts]
        if any(outputs != 1 for _, outputs in shapes):
            raise InvalidInputError(f"{name}: the parts of a tuple must be scalar functions")
        if len({inputs for inputs, _ in shapes}) != 1:
            raise InvalidInputError(f"{name}: the parts have different numbers of inputs")
        return parts
    raise InvalidInputError(
        f"{name}: expected a ReLUNetwork, a tropical function or a tuple of scalar ones, "
        f"got {type(function).__name__}"
    )


def shape(function: FunctionLike) -> tuple[int, int]:
    """The numbers of inputs and outputs."""
    if isinstance(function, ReLUNetwork):
        return function.input_width, function.output_width
    if isinstance(function, tuple):
        return shape(function[0])[0], len(function)
    return function.variables, 1


def values(function: FunctionLike, point: Vector) -> Vector:
    """The exact value at a point, as a tuple."""
    if isinstance(function, ReLUNetwork):
        return function(point)
    if isinstance(function, tuple):
        return tuple(entry for part in function for entry in values(part, point))
    return (function(point),)
