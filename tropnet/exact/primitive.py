"""Primitive integer vectors: the canonical representatives of rational rays."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm


def primitive_vector(vector: Sequence[Fraction | int]) -> tuple[int, ...]:
    """The integer vector with coprime entries on the ray through `vector`.

    Args:
        vector: Rational numbers.

    Returns:
        `vector` times the positive rational that makes it primitive; zero stays zero.

    >>> primitive_vector((Fraction(1, 2), Fraction(-3, 4)))
    (2, -3)
    """
    common = lcm(*(entry.denominator for entry in vector))
    scaled = [entry.numerator * (common // entry.denominator) for entry in vector]
    divisor = gcd(*scaled)
    return tuple(entry // divisor for entry in scaled) if divisor > 1 else tuple(scaled)
