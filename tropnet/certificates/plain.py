"""Networks as plain layers, their exact values, and numbers in certificates."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

import flint

from tropnet.errors import CertificateError, TropnetError
from tropnet.exact import Matrix, Vector, to_fraction

Expression: TypeAlias = dict[int, flint.fmpq]
"""A formal affine form: coefficients by atom, the constant under `CONSTANT`."""
Form: TypeAlias = tuple[tuple[int, int], ...]
"""The same with integer coefficients, as (atom, coefficient) pairs."""
IntegerRow: TypeAlias = tuple[int, ...]

CONSTANT = -1


class Layered(Protocol):
    """Anything with layers (weight, bias); ReLU acts after every layer but the last."""

    @property
    def layers(self) -> Sequence[tuple[Matrix, Vector]]:
        """The pairs (weight, bias), the output layer last."""


def value(net: Layered, point: Sequence[Fraction]) -> Vector:
    """The exact value of a network, computed layer by layer from the definition."""
    vector = tuple(point)
    last = len(net.layers) - 1
    for depth, (weight, bias) in enumerate(net.layers):
        vector = tuple(
            sum((w * x for w, x in zip(row, vector, strict=True) if w and x), constant)
            for row, constant in zip(weight, bias, strict=True)
        )
        if depth < last:
            vector = tuple(max(entry, Fraction(0)) for entry in vector)
    return vector


def require(condition: object, message: str) -> None:
    """Raises CertificateError with a message unless a condition holds."""
    if not condition:
        raise CertificateError(f"certificate: {message}")


def fractions(values: Any, name: str) -> Vector:
    """A list of number texts as Fractions."""
    require(isinstance(values, list), f"{name} is not a list")
    try:
        return tuple(to_fraction(entry, name) for entry in values)
    except TropnetError as error:
        raise CertificateError(f"certificate: {error}") from None


def integers(values: Any, name: str) -> tuple[int, ...]:
    """A list of integer texts as integers."""
    numbers = fractions(values, name)
    require(all(entry.denominator == 1 for entry in numbers), f"{name}: not an integer")
    return tuple(entry.numerator for entry in numbers)
