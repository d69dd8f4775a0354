"""Networks as plain layers, their exact values, and numbers in certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

import flint

from tropnet.errors import CertificateError, TropnetError
from tropnet.exact import Matrix, Vector, to_fraction, to_matrix, to_vector

Expression: TypeAlias = dict[int, flint.fmpq]
"""A formal affine form: coefficients by atom, the constant under `CONSTANT`."""
Form: TypeAlias = tuple[tuple[int, int], ...]
"""The same with integer coefficients, as (atom, coefficient) pairs."""
IntegerRow: TypeAlias = tuple[int, ...]

CONSTANT = -1

_NUMBER = re.compile("-?[0-9]+(/[0-9]+)?")


class Layered(Protocol):
    """Anything with layers (weight, bias); ReLU acts after every layer but the last."""

    @property
    def layers(self) -> Sequence[tuple[Matrix, Vector]]:
        """The pairs (weight, bias), the output layer last."""


Layers: TypeAlias = list[tuple[Matrix, Vector]]


def exact_layers(net: Layered) -> Layers:
    """The layers of a network as exact rationals.

    Raises:
        InvalidInputError: if an entry is no number.
    """
    return [(to_matrix(weight, "weight"), to_vector(bias, "bias")) for weight, bias in net.layers]


def value(layers: Layers, point: Sequence[Fraction]) -> Vector:
    """The exact value of a network, computed layer by layer from the definition."""
    vector = tuple(point)
    for depth, (weight, bias) in enumerate(layers, 1):
        vector = tuple(
            sum((w * x for w, x in zip(row, vector, strict=True) if w and x), constant)
            for row, constant in zip(weight, bias, strict=True)
        )
        if depth < len(layers):
            vector = tuple(max(entry, Fraction(0)) for entry in vector)
    return vector


def require(condition: object, message: str) -> None:
    """Raises CertificateError with a message unless a condition holds."""
    if not condition:
        raise CertificateError(f"certificate: {message}")


def fractions(values: Any, name: str) -> Vector:
    """A list of number texts as Fractions."""
    require(isinstance(values, list), f"{name} is not a list")
    require(
        all(isinstance(entry, str) and _NUMBER.fullmatch(entry) for entry in values),
        f"{name}: every number must be written as text like '-3' or '3/8'",
    )
    try:
        return tuple(to_fraction(entry, name) for entry in values)
    except TropnetError as error:
        raise CertificateError(f"certificate: {error}") from None


def integers(values: Any, name: str) -> tuple[int, ...]:
    """A list of integer texts as integers."""
    numbers = fractions(values, name)
    require(all(entry.denominator == 1 for entry in numbers), f"{name}: not an integer")
    return tuple(entry.numerator for entry in numbers)


def positions(values: Any, name: str) -> tuple[int, ...]:
    """A list of positions, which are plain JSON integers."""
    require(isinstance(values, list), f"{name} is not a list")
    require(all(type(entry) is int for entry in values), f"{name}: a position is not an integer")
    return tuple(values)
