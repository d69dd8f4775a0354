"""Affine maps with sparse exact rows, the material from which a network file is folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

import flint

from tropnet.errors import InvalidInputError
from tropnet.io.formats import check_count

Row: TypeAlias = dict[int, Fraction]
"""The nonzero coefficients of a linear form by coordinate; shared freely, so never changed."""

ZERO = Fraction(0)
ONE = Fraction(1)

_SPARSE_TERMS = 100_000  # up to here dictionaries are quicker than building flint matrices
_MOST_TERMS = 2_000_000_000


class Affine(NamedTuple):
    """The affine map z ↦ (rows[i] · z + bias[i])_i."""

    rows: list[Row]
    bias: list[Fraction]

    @property
    def width(self) -> int:
        """The number of outputs."""
        return len(self.bias)


def identity(width: int) -> Affine:
    """The identity of Q^width."""
    return Affine([{i: ONE} for i in range(width)], [ZERO] * width)


def selected(affine: Affine, indices: Iterable[int]) -> Affine:
    """The map whose output k is output indices[k] of `affine`; -1 selects the constant 0."""
    chosen = list(indices)
    return Affine(
        [affine.rows[i] if i >= 0 else {} for i in chosen],
        [affine.bias[i] if i >= 0 else ZERO for i in chosen],
    )


def stacked(*maps: Affine) -> Affine:
    """The map z ↦ (f(z), g(z), …)."""
    return Affine(
        [row for affine in maps for row in affine.rows],
        [constant for affine in maps for constant in affine.bias],
    )


def scaled(affine: Affine, factors: Sequence[Fraction]) -> Affine:
    """Output i multiplied by factors[i]."""
    return Affine(
        [scaled_row(row, factor) for row, factor in zip(affine.rows, factors, strict=True)],
        [constant * factor for constant, factor in zip(affine.bias, factors, strict=True)],
    )


def shifted(affine: Affine, constants: Sequence[Fraction]) -> Affine:
    """Output i increased by constants[i]."""
    return Affine(
        affine.rows,
        [bias + constant for bias, constant in zip(affine.bias, constants, strict=True)],
    )


def scaled_row(row: Row, factor: Fraction) -> Row:
    """A linear form times a number."""
    if factor == 1:
        return row
    return {i: entry * factor for i, entry in row.items()} if factor else {}


def difference_row(first: Row, second: Row) -> Row:
    """The difference of two linear forms."""
    result = dict(first)
    for i, entry in second.items():
        value = result.get(i, ZERO) - entry
        if value:
            result[i] = value
        else:
            del result[i]
    return result


def composed(rows: Sequence[Row], inner: Affine) -> Affine:
    """The map z ↦ (rows[i] · inner(z))_i.

    Row by row where that is quick; products of dense matrices run in python-flint.

    Raises:
        InvalidInputError: for products too large for any network that could be used.
    """
    sizes = [len(row) for row in inner.rows]
    terms = sum(sizes[j] for row in rows for j in row)
    if terms > _MOST_TERMS:
        raise InvalidInputError(f"a product of two layers takes {terms} multiplications")
    bias = [
        sum((entry * inner.bias[j] for j, entry in row.items() if inner.bias[j]), ZERO)
        for row in rows
    ]
    if terms <= max(_SPARSE_TERMS, 2 * sum(map(len, rows))):
        return Affine([_combination(row, inner.rows) for row in rows], bias)
    return Affine(_dense_product(rows, inner.rows), bias)


def dense_rows(rows: Sequence[Row], width: int) -> tuple[tuple[Fraction, ...], ...]:
    """The rows as tuples of length `width`."""
    return tuple(_dense_row(row, width) for row in rows)


def _dense_row(row: Row, width: int) -> tuple[Fraction, ...]:
    entries = [ZERO] * width
    for j, entry in row.items():
        entries[j] = entry
    return tuple(entries)


def _combination(coefficients: Row, rows: Sequence[Row]) -> Row:
    if len(coefficients) == 1:
        ((j, factor),) = coefficients.items()
        return scaled_row(rows[j], factor)
    result: Row = {}
    for j, factor in coefficients.items():
        for i, entry in rows[j].items():
            term = factor if entry is ONE else factor * entry
            known = result.get(i)
            result[i] = term if known is None else known + term
    return {i: entry for i, entry in result.items() if entry}


def _dense_product(left: Sequence[Row], right: Sequence[Row]) -> list[Row]:
    columns = sorted({i for row in right for i in row})
    place = {i: k for k, i in enumerate(columns)}
    check_count(len(left) * len(right), "a product of two layers")
    check_count(len(right) * len(columns), "a product of two layers")
    check_count(len(left) * len(columns), "a product of two layers")
    product = _matrix(left, {j: j for j in range(len(right))}) * _matrix(right, place)
    return [
        {
            i: Fraction(int(entry.p), int(entry.q))
            for i, entry in zip(columns, row, strict=True)
            if entry
        }
        for row in product.tolist()
    ]


def _matrix(rows: Sequence[Row], place: dict[int, int]) -> flint.fmpq_mat:
    width, zero = len(place), flint.fmpq(0)
    entries = [zero] * (len(rows) * width)
    for k, row in enumerate(rows):
        for i, entry in row.items():
            entries[k * width + place[i]] = flint.fmpq(entry.numerator, entry.denominator)
    return flint.fmpq_mat(len(rows), width, entries)
