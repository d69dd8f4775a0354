"""Functions as plain data, their exact values, and numbers in certificates."""

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
FIRST_MAXIMUM = -2
"""Maximum atoms are −2, −3, …: the largest of several affine forms in the inputs."""

_NUMBER = re.compile("-?[0-9]+(/[0-9]+)?")


class Layered(Protocol):
    """Anything with layers (weight, bias); ReLU acts after every layer but the last."""

    @property
    def layers(self) -> Sequence[tuple[Matrix, Vector]]:
        """The pairs (weight, bias), the output layer last."""


Layers: TypeAlias = list[tuple[Matrix, Vector]]


def kind(function: Any) -> str:
    """What a function is as plain data: "network", "polynomial", "rational" or "several".

    A network has `layers`, a tropical polynomial `exponents` and `coefficients`, a tropical
    rational function a `numerator` and a `denominator` that are polynomials; a list or tuple of
    scalar functions is one function with several outputs.
    """
    if hasattr(function, "layers"):
        return "network"
    if hasattr(function, "exponents") and hasattr(function, "coefficients"):
        return "polynomial"
    if hasattr(getattr(function, "numerator", None), "exponents"):
        return "rational"
    require(isinstance(function, (list, tuple)) and function, "this is no function")
    return "several"


def input_width(function: Any) -> int:
    """The number of inputs of a function."""
    what = kind(function)
    if what == "network":
        return len(function.layers[0][0][0])
    if what == "polynomial":
        return len(function.exponents[0])
    parts = (function.numerator, function.denominator) if what == "rational" else function
    widths = {input_width(part) for part in parts}
    require(len(widths) == 1, "a function whose parts have different numbers of inputs")
    return widths.pop()


def exact_layers(net: Layered) -> Layers:
    """The layers of a network as exact rationals.

    Raises:
        InvalidInputError: if an entry is no number.
    """
    return [(to_matrix(weight, "weight"), to_vector(bias, "bias")) for weight, bias in net.layers]


def exact_monomials(polynomial: Any) -> list[tuple[Vector, Fraction]]:
    """The pairs (exponent, coefficient) of a tropical polynomial as exact rationals."""
    exponents = to_matrix(polynomial.exponents, "exponents")
    coefficients = to_vector(polynomial.coefficients, "coefficients")
    return list(zip(exponents, coefficients, strict=True))


def value(function: Any, point: Sequence[Fraction]) -> Vector:
    """The exact value of a function, computed from its definition."""
    what = kind(function)
    if what == "network":
        return _network_value(exact_layers(function), point)
    if what == "polynomial":
        return (max(c + _dot(a, point) for a, c in exact_monomials(function)),)
    if what == "rational":
        return (value(function.numerator, point)[0] - value(function.denominator, point)[0],)
    return tuple(entry for part in function for entry in value(part, point))


def _network_value(layers: Layers, point: Sequence[Fraction]) -> Vector:
    vector = tuple(point)
    for depth, (weight, bias) in enumerate(layers, 1):
        vector = tuple(
            constant + _dot(row, vector) for row, constant in zip(weight, bias, strict=True)
        )
        if depth < len(layers):
            vector = tuple(max(entry, Fraction(0)) for entry in vector)
    return vector


def _dot(first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True) if a and b), Fraction(0))


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
