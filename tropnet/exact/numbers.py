"""Numbers in and out: everything that has an exact rational value becomes a `Fraction`."""

from __future__ import annotations

import numbers
import re
from collections.abc import Callable, Iterable, Sized
from decimal import Decimal
from fractions import Fraction
from operator import index
from typing import Any, TypeAlias

import flint
import numpy as np

from tropnet.errors import InvalidInputError

Number: TypeAlias = Any
"""Anything `to_fraction` accepts."""
Vector: TypeAlias = tuple[Fraction, ...]
Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]

_MAX_EXPONENT = 20_000
_MAX_DIGITS = 1_000_000
_TEXT = re.compile(
    r"\s*(?P<sign>[+-]?)(?:(?P<num>[0-9]+)/(?P<den>[0-9]+)"
    r"|(?P<int>[0-9]*)(?:\.(?P<frac>[0-9]*))?(?:[eE](?P<exp>[+-]?[0-9]+))?)\s*"
)


def to_fraction(value: Number, name: str = "number") -> Fraction:
    """The exact rational value of a number.

    Accepts ``int``, ``Fraction``, text (``"3/8"``, ``"0.125"``, ``"1e-3"``, read as written),
    ``Decimal``, ``float`` and numpy numbers (the dyadic rational they store), sympy and
    python-flint rationals, and anything registered as ``numbers.Rational``.

    Args:
        value: The number.
        name: What it is, for the error message.

    Raises:
        InvalidInputError: for nan, infinities, booleans, complex numbers and anything else.

    Guarantees:
        No rounding: a float's value is the one it stores, text is the decimal it spells.

    >>> to_fraction("0.1"), to_fraction(0.5)
    (Fraction(1, 10), Fraction(1, 2))
    >>> to_fraction(0.1) == Fraction(1, 10)    # a float stores a dyadic rational
    False
    """
    convert = _CONVERSIONS.get(type(value))
    if convert is not None:
        return convert(value, name)
    if isinstance(value, (bool, np.bool_)):
        raise InvalidInputError(f"{name}: expected a number, got the boolean {value}")
    if isinstance(value, np.ndarray) and value.ndim == 0 and type(value[()]) is not type(value):
        return to_fraction(value[()], name)
    if isinstance(value, (float, np.floating)):
        return _from_float(value, name)
    if isinstance(value, Decimal):
        return _from_decimal(value, name)
    is_duration = isinstance(value, np.timedelta64)  # an integer in numpy's hierarchy
    if isinstance(value, numbers.Rational) and not is_duration:
        return _from_rational(value, name)
    if isinstance(value, str):
        return _from_text(str(value), name)
    if getattr(value, "is_Rational", False) and hasattr(value, "p") and hasattr(value, "q"):
        return Fraction(int(value.p), int(value.q))  # sympy, without importing it
    raise InvalidInputError(
        f"{name}: {_shown(value)} of type {type(value).__name__} is no exact rational number; "
        "use int, Fraction, text such as '3/8', Decimal or float"
    )


def to_vector(values: Iterable[Number], name: str = "vector") -> Vector:
    """A tuple of exact rationals.

    Raises:
        InvalidInputError: where `values` is not a sequence of numbers; names the entry.

    >>> to_vector([1, "1/2", 0.25])
    (Fraction(1, 1), Fraction(1, 2), Fraction(1, 4))
    """
    items = _items(values, name, "a sequence of numbers")
    return tuple(
        to_fraction(value, name if type(value) in _PLAIN else f"{name}[{i}]")
        for i, value in enumerate(items)
    )


def to_matrix(rows: Iterable[Iterable[Number]], name: str = "matrix") -> Matrix:
    """A tuple of rows of exact rationals, all of one length.

    Raises:
        InvalidInputError: for ragged rows and for entries that are no numbers.

    >>> to_matrix([[1, 2], ["1/3", 0]])[1]
    (Fraction(1, 3), Fraction(0, 1))
    """
    matrix = tuple(
        to_vector(row, f"{name}[{i}]")
        for i, row in enumerate(_items(rows, name, "a sequence of rows"))
    )
    for i, row in enumerate(matrix):
        if len(row) != len(matrix[0]):
            raise InvalidInputError(
                f"{name}: row {i} has {len(row)} entries but row 0 has {len(matrix[0])}"
            )
    return matrix


def to_integers(values: Iterable[Any], name: str) -> tuple[int, ...]:
    """A tuple of integers, for sizes and positions; numpy integers will do.

    Raises:
        InvalidInputError: where `values` is not a sequence of integers.

    >>> to_integers([2, np.int64(3)], "widths")
    (2, 3)
    """
    integers = []
    for value in _items(values, name, "a sequence of integers"):
        if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
            raise InvalidInputError(f"{name}: {_shown(value)} is not an integer")
        integers.append(index(value))
    return tuple(integers)


def format_fraction(value: Fraction) -> str:
    """The shortest exact text of a rational, without a limit on its length.

    >>> format_fraction(Fraction(-3, 2)), format_fraction(Fraction(4))
    ('-3/2', '4')
    """
    # fmpz prints integers of any size; str(int) refuses more than 4300 digits.
    numerator = str(flint.fmpz(value.numerator))
    return numerator if value.denominator == 1 else f"{numerator}/{flint.fmpz(value.denominator)!s}"


def _items(values: Iterable[Any], name: str, expected: str) -> Iterable[Any]:
    if isinstance(values, np.ndarray) and values.ndim > 0:
        # tolist() is fast, and exact for all numbers but long doubles.
        is_plain = type(values) is np.ndarray and values.dtype.kind in "fiu"
        return values.tolist() if is_plain and values.dtype.itemsize <= 8 else values
    if isinstance(values, (str, bytes, bytearray, dict, set, frozenset)) or not isinstance(
        values, Iterable
    ):
        raise InvalidInputError(f"{name}: expected {expected}, got {_shown(values)}")
    return values if isinstance(values, Sized) else list(values)


def _shown(value: object) -> str:
    """A value on one line, shortened."""
    try:
        text = " ".join(repr(value).split())
    except ValueError:  # an integer of more than 4300 digits
        text = "a huge number"
    return text if len(text) <= 60 else text[:57] + "..."


def _from_float(value: Any, name: str) -> Fraction:
    if not np.isfinite(value):
        raise InvalidInputError(f"{name}: {value} is not a finite number")
    return Fraction(*value.as_integer_ratio())


def _from_rational(value: numbers.Rational, name: str) -> Fraction:
    # Fractions of numpy integers exist, and overflow silently.
    if type(value.numerator) is int and type(value.denominator) is int:
        return value if type(value) is Fraction else Fraction(value.numerator, value.denominator)
    return Fraction(int(value.numerator), int(value.denominator))


def _from_bool(value: bool, name: str) -> Fraction:
    raise InvalidInputError(f"{name}: expected a number, got the boolean {value}")


def _from_decimal(value: Decimal, name: str) -> Fraction:
    if not value.is_finite():
        raise InvalidInputError(f"{name}: {value} is not a finite number")
    return _from_text(str(value), name)


def _from_text(text: str, name: str) -> Fraction:
    match = _TEXT.fullmatch(text) if len(text) <= _MAX_DIGITS else None
    if match is None or not (match["num"] or match["int"] or match["frac"]):
        raise InvalidInputError(
            f"{name}: cannot read {_shown(text)} as an exact number; write it like '3/8' or '0.125'"
        )
    if match["num"]:
        numerator, denominator = _integer(match["num"]), _integer(match["den"])
        if denominator == 0:
            raise InvalidInputError(f"{name}: {_shown(text)} has denominator zero")
    else:
        exponent_text = match["exp"] or "0"
        exponent = int(exponent_text) if len(exponent_text) < 10 else _MAX_EXPONENT + 1
        if abs(exponent) > _MAX_EXPONENT:
            raise InvalidInputError(
                f"{name}: the exponent of {_shown(text)} is beyond ±{_MAX_EXPONENT}"
            )
        fraction = match["frac"] or ""
        numerator, denominator = _integer((match["int"] or "") + fraction), 10 ** len(fraction)
        if exponent >= 0:
            numerator *= 10**exponent
        else:
            denominator *= 10**-exponent
    return Fraction(-numerator if match["sign"] == "-" else numerator, denominator)


def _integer(digits: str) -> int:
    return int(digits) if len(digits) < 1000 else int(flint.fmpz(digits))


# Always convertible, so that no name for the entry need be made up.
_PLAIN = frozenset((Fraction, int))

_CONVERSIONS: dict[type, Callable[[Any, str], Fraction]] = {
    Fraction: _from_rational,
    int: lambda value, name: Fraction(value),
    str: _from_text,
    float: _from_float,
    bool: _from_bool,
    Decimal: _from_decimal,
    flint.fmpz: lambda value, name: Fraction(int(value)),
    flint.fmpq: lambda value, name: Fraction(int(value.p), int(value.q)),
}
