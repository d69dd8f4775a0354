"""Readable text of affine forms and of their maxima."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tropnet.exact import Vector, format_fraction


def variable_names(count: int) -> tuple[str, ...]:
    """The names x, y, z of up to three variables, x1, x2, … of more."""
    return ("x", "y", "z")[:count] if count <= 3 else tuple(f"x{i + 1}" for i in range(count))


def affine_text(exponent: Vector, coefficient: Fraction, names: Sequence[str]) -> str:
    """An affine form such as ``2 + x/2 - 3*y``.

    >>> affine_text((Fraction(1, 2), Fraction(-3)), Fraction(2), ("x", "y"))
    '2 + x/2 - 3*y'
    """
    terms = [(coefficient, format_fraction(abs(coefficient)))] if coefficient else []
    for factor, name in zip(exponent, names, strict=True):
        if factor:
            size = abs(factor)
            top = (
                name
                if size.numerator == 1
                else f"{format_fraction(Fraction(size.numerator))}*{name}"
            )
            bottom = (
                "" if size.denominator == 1 else f"/{format_fraction(Fraction(size.denominator))}"
            )
            terms.append((factor, top + bottom))
    if not terms:
        return "0"
    first, *rest = terms
    text = ("-" if first[0] < 0 else "") + first[1]
    return text + "".join((" - " if factor < 0 else " + ") + term for factor, term in rest)
