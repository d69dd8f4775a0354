"""Batch normalisation as an affine map."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

from tropnet.errors import InvalidInputError
from tropnet.io.affine import ZERO

BATCH_NORMALIZATION_NOTE = (
    "batch normalisation: factors scale/sqrt(variance + epsilon) that are irrational "
    "are rounded to the nearest float64"
)


def normalization(
    scale: Sequence[Fraction],
    bias: Sequence[Fraction],
    mean: Sequence[Fraction],
    variance: Sequence[Fraction],
    epsilon: Fraction,
    *,
    name: str,
) -> tuple[list[Fraction], list[Fraction], bool]:
    """Factors a and constants c with scale (z - mean) / sqrt(variance + epsilon) + bias = a z + c.

    Returns:
        The factors, the constants, and whether any factor was rounded.

    Raises:
        InvalidInputError: where variance + epsilon is not positive.

    Guarantees:
        A rational factor is exact.  An irrational one is replaced by the float64 nearest to it,
        and the constant is exact for that factor: the bend stays where it is for the mean.
    """
    factors, constants, rounded = [], [], False
    for i, (gamma, beta, centre, spread) in enumerate(
        zip(scale, bias, mean, variance, strict=True)
    ):
        if spread + epsilon <= 0:
            raise InvalidInputError(f"{name}: variance + epsilon of channel {i} is not positive")
        factor, exact = inverse_root(gamma, spread + epsilon)
        rounded = rounded or not exact
        factors.append(factor)
        constants.append(beta - factor * centre)
    return factors, constants, rounded


def inverse_root(numerator: Fraction, radicand: Fraction) -> tuple[Fraction, bool]:
    """The number numerator / sqrt(radicand), or the float64 nearest to it; and whether exact.

    >>> inverse_root(Fraction(3), Fraction(9, 4))
    (Fraction(2, 1), True)
    >>> value, exact = inverse_root(Fraction(1), Fraction(2))
    >>> float(value), exact
    (0.7071067811865476, False)
    """
    if numerator == 0:
        return ZERO, True
    square = numerator * numerator / radicand
    sign = -1 if numerator < 0 else 1
    p, q = square.numerator, square.denominator
    if isqrt(p) ** 2 == p and isqrt(q) ** 2 == q:
        return sign * Fraction(isqrt(p), isqrt(q)), True
    # The root lies strictly between two neighbouring multiples of 2^-shift, with more than 64
    # bits; so does the point half way, and no float64 or midpoint of two lies between them.
    shift = max(0, 65 - (p.bit_length() - q.bit_length()) // 2)
    half = 2 * isqrt((p << (2 * shift)) // q) + 1
    try:
        return sign * Fraction(half / 2 ** (shift + 1)), False
    except OverflowError:
        raise InvalidInputError("batch normalisation: a factor is beyond float64") from None
