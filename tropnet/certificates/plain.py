"""Functions as plain data, their exact values, and numbers in certificates."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import chain
from math import lcm
from operator import mul
from typing import Any, NamedTuple, Protocol, TypeAlias

import flint

from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector, to_matrix, to_vector

Form: TypeAlias = tuple[tuple[int, int], ...]
"""An affine form with integer coefficients: (atom, coefficient) pairs."""
IntegerRow: TypeAlias = tuple[int, ...]
Rows: TypeAlias = list[tuple[IntegerRow, int]]
"""Affine forms (constant, gradient), each as integers and their common denominator."""

CONSTANT = -1
FIRST_MAXIMUM = -2
"""Atoms −2, −3, … are one of several affine forms in the inputs: the largest, or the one that
belongs to the cell in which a point lies."""

# Many numbers are matched at once, with a space between them.
_INTEGERS = re.compile("-?[0-9]++(?: -?[0-9]++)*+")
_RATIONALS = re.compile("-?[0-9]++(?:/[0-9]++)?+(?: -?[0-9]++(?:/[0-9]++)?+)*+")


class Layered(Protocol):
    """Anything with layers (weight, bias); ReLU acts after every layer but the last."""

    @property
    def layers(self) -> Sequence[tuple[Matrix, Vector]]:
        """The pairs (weight, bias), the output layer last."""


def kind(function: Any) -> str:
    """What a function is as plain data: "network", "polynomial", "rational", "pieces" or "several".

    A network has `layers`, a tropical polynomial `exponents` and `coefficients`, a tropical
    rational function a `numerator` and a `denominator` that are polynomials.  A function given by
    pieces has `cells`, each with a `gradient`, a `constant` and a `polyhedron`, which has rows
    `inequalities` (a, b) for a·x ≤ b and `equations` (c, d) for c·x = d; it is defined where cells
    are.  That cells agree where they meet makes it a function, and is its maker's business.  A list
    or tuple of scalar functions is one function with several outputs.
    """
    if hasattr(function, "layers"):
        return "network"
    if hasattr(function, "exponents") and hasattr(function, "coefficients"):
        return "polynomial"
    if hasattr(getattr(function, "numerator", None), "exponents"):
        return "rational"
    if hasattr(function, "cells"):
        return "pieces"
    require(isinstance(function, (list, tuple)) and function, "this is no function")
    return "several"


def input_width(function: Any) -> int:
    """The number of inputs of a function."""
    what = kind(function)
    if what == "network":
        return len(function.layers[0][0][0])
    if what == "polynomial":
        return len(function.exponents[0])
    if what == "pieces":
        require(function.cells, "a function without cells")
        return len(function.cells[0].gradient[0])
    parts = (function.numerator, function.denominator) if what == "rational" else function
    widths = {input_width(part) for part in parts}
    require(len(widths) == 1, "a function whose parts have different numbers of inputs")
    return widths.pop()


def layer_rows(net: Layered) -> list[Rows]:
    """The layers of a network, each as rows (bias, weights).

    Raises:
        InvalidInputError: if an entry is no number.
        CertificateError: if the layers do not fit together.
    """
    layers: list[Rows] = []
    for weight, bias in net.layers:
        rows = _rows(bias, weight)
        require(
            not layers or len(rows[0][0]) == len(layers[-1]) + 1,
            "a network whose layers do not fit together",
        )
        layers.append(rows)
    return layers


def monomial_rows(polynomial: Any) -> Rows:
    """The monomials of a tropical polynomial as rows (coefficient, exponent).

    Raises:
        InvalidInputError: if an entry is no number.
    """
    return _rows(polynomial.coefficients, polynomial.exponents)


class PlainCell(NamedTuple):
    """A polyhedron: rows (a, b) for a·x ≤ b, and rows (c, d) for c·x = d."""

    inequalities: tuple[IntegerRow, ...]
    equations: tuple[IntegerRow, ...]

    def contains(self, point: Sequence[int]) -> bool:
        """Whether a point (x, t), or for t = 0 a direction, lies in it."""
        return all(_slack(row, point) >= 0 for row in self.inequalities) and not any(
            _slack(row, point) for row in self.equations
        )


def piece_rows(function: Any) -> list[tuple[PlainCell, Rows]]:
    """The cells of a function given by pieces, each with one row (constant, gradient) an output.

    Raises:
        InvalidInputError: if an entry is no number.
        CertificateError: if the cells do not fit together.
    """
    pieces = []
    for cell in function.cells:
        rows = _rows(cell.constant, cell.gradient)
        where = cell.polyhedron
        plain = PlainCell(tuple(map(tuple, where.inequalities)), tuple(map(tuple, where.equations)))
        width = len(rows[0][0])
        require(
            all(len(row) == width and {*map(type, row)} == {int} for part in plain for row in part),
            "a cell whose rows are no integers, or too many or few",
        )
        pieces.append((plain, rows))
    shapes = {(len(rows), len(rows[0][0])) for _, rows in pieces}
    require(len(shapes) == 1, "a function whose cells have different shapes")
    return pieces


def exact_layers(net: Layered) -> list[tuple[Matrix, Vector]]:
    """The layers of a network as exact rationals.

    Raises:
        InvalidInputError: if an entry is no number.
    """
    return [(to_matrix(weight, "weight"), to_vector(bias, "bias")) for weight, bias in net.layers]


def value(function: Any, point: Sequence[Fraction]) -> Vector:
    """The exact value of a function, computed from its definition."""
    what = kind(function)
    if what == "network":
        numbers = tuple(point)
        for depth, rows in enumerate(layer_rows(function)):
            numbers = tuple(max(number, _ZERO) for number in numbers) if depth else numbers
            numbers = _affine_values(rows, numbers)
        return numbers
    if what == "polynomial":
        return (max(_affine_values(monomial_rows(function), point)),)
    if what == "rational":
        return (value(function.numerator, point)[0] - value(function.denominator, point)[0],)
    if what == "pieces":
        homogeneous, _ = _over_common_denominator(_ratios((*point, _ONE)))
        found = {
            _affine_values(rows, point)
            for cell, rows in piece_rows(function)
            if cell.contains(homogeneous)
        }
        require(len(found) == 1, "a point outside a function's cells, or with several values")
        return found.pop()
    return tuple(entry for part in function for entry in value(part, point))


def _rows(first: Sequence[Any], rest: Sequence[Sequence[Any]]) -> Rows:
    """Rows, each from its first entry and the rest."""
    width = len(rest[0])
    require(
        len(first) == len(rest) and {*map(len, rest)} == {width},
        "a function whose parts have different lengths",
    )
    pairs = zip(first, rest, strict=True)
    ratios = _ratios([entry for start, row in pairs for entry in (start, *row)])
    return [
        _over_common_denominator(ratios[place : place + width + 1])
        for place in range(0, len(ratios), width + 1)
    ]


def _ratios(numbers: Sequence[Any]) -> list[tuple[int, int]]:
    """The numerators and denominators of numbers."""
    if {*map(type, numbers)} == {Fraction}:
        ratios = [number.as_integer_ratio() for number in numbers]
        # Fractions of numpy integers exist, and overflow silently.
        if {*map(type, chain.from_iterable(ratios))} == {int}:
            return ratios
    return [number.as_integer_ratio() for number in to_vector(numbers, "a function")]


def _over_common_denominator(ratios: Sequence[tuple[int, int]]) -> tuple[IntegerRow, int]:
    common = lcm(*[below for _, below in ratios])
    return tuple([above * (common // below) for above, below in ratios]), common


def _affine_values(rows: Rows, point: Sequence[Fraction]) -> Vector:
    """The values of affine forms at a point."""
    require(len(rows[0][0]) == len(point) + 1, "a point of another space")
    vector, scale = _over_common_denominator(_ratios((_ONE, *point)))
    return tuple(Fraction(sum(map(mul, row, vector)), below * scale) for row, below in rows)


def _slack(row: IntegerRow, point: Sequence[int]) -> int:
    """b·t − a·x for a row (a, b) and a point (x, t)."""
    return int(row[-1] * point[-1] - sum(map(mul, row[:-1], point[:-1])))


def require(condition: object, message: str, *details: object) -> None:
    """Raises CertificateError unless a condition holds, with the message formatted by details."""
    if not condition:
        raise CertificateError("certificate: " + message.format(*details))


def integers(values: Any, name: str) -> IntegerRow:
    """A list of integer texts like '-3' as integers."""
    texts = _texts(values, _INTEGERS, name)
    return tuple(map(_reader(texts), texts))


def fractions(values: Any, name: str) -> Vector:
    """A list of number texts like '-3' or '3/8' as Fractions."""
    texts = _texts(values, _RATIONALS, name)
    read, parts = _reader(texts), [text.partition("/") for text in texts]
    try:
        return tuple([Fraction(read(above), read(below or "1")) for above, _, below in parts])
    except ZeroDivisionError:
        raise CertificateError(f"certificate: {name}: a denominator is zero") from None


def positions(values: Any, name: str) -> IntegerRow:
    """A list of positions, which are plain JSON integers."""
    return tuple(entries(values, int, name))


def entries(values: Any, kind: type, name: str) -> list[Any]:
    """The entries of a list, all of one JSON type."""
    require(
        type(values) is list and {*map(type, values)} <= {kind},
        "{} is not a list whose entries are of type {}",
        name,
        kind.__name__,
    )
    return values  # type: ignore[no-any-return]


def _texts(values: Any, pattern: re.Pattern[str], name: str) -> list[str]:
    texts = entries(values, str, name)
    line = " ".join(texts)
    require(
        not texts or (pattern.fullmatch(line) and line.count(" ") == len(texts) - 1),
        "{}: every number must be written as text like '-3', or '3/8' where it may be a fraction",
        name,
    )
    return texts


def _reader(texts: Sequence[str]) -> Callable[[str], int]:
    """What reads the integers in some texts; Python's int refuses more than 4300 digits."""
    return int if max(map(len, texts), default=0) < 1000 else lambda text: int(flint.fmpz(text))


_ZERO, _ONE = Fraction(0), Fraction(1)
