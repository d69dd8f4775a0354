"""Colours and line widths."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import TypeAlias

from tropnet.piecewise.facet import Weight

Colour: TypeAlias = tuple[float, float, float]

POSITIVE: Colour = (0.12, 0.29, 0.49)
NEGATIVE: Colour = (0.75, 0.18, 0.16)
VECTOR: Colour = (0.36, 0.24, 0.48)
INK: Colour = (0.15, 0.15, 0.15)
PALE: Colour = (0.72, 0.72, 0.72)

# Okabe and Ito, *Color universal design*, 2008: told apart by colour-blind eyes, too.
_ORANGE: Colour = (0.90, 0.62, 0.00)
_SKY: Colour = (0.34, 0.71, 0.91)
_GREEN: Colour = (0.00, 0.62, 0.45)
_YELLOW: Colour = (0.94, 0.89, 0.26)
_BLUE: Colour = (0.00, 0.45, 0.70)
_RED: Colour = (0.84, 0.37, 0.00)
_PURPLE: Colour = (0.80, 0.47, 0.65)

_FILLS = (_ORANGE, _SKY, _GREEN, _YELLOW, _BLUE, _RED, _PURPLE, PALE)
_LINES = (_BLUE, _RED, _GREEN, _PURPLE, _ORANGE, _SKY)


def colour(number: int) -> Colour:
    """Colours for areas; those of numbers nearby differ in hue, later ones are darker or paler."""
    turn, place = divmod(number, len(_FILLS))
    return _shaded(_FILLS[place], turn)


def spread(count: int) -> list[Colour]:
    """Colours for lines; after the first few they are darker or paler ones of the same hues."""
    return [_shaded(_LINES[number % len(_LINES)], number // len(_LINES)) for number in range(count)]


def _shaded(shade: Colour, turn: int) -> Colour:
    """The colour itself, then by turns darker and paler, all different."""
    towards = 0.0 if turn % 2 else 1.0
    share = 1 - 0.75 ** ((turn + 1) // 2)
    red, green, blue = ((1 - share) * part + share * towards for part in shade)
    return red, green, blue


def light(shade: Colour) -> Colour:
    """The colour on the way to white."""
    return (0.25 * shade[0] + 0.75, 0.25 * shade[1] + 0.75, 0.25 * shade[2] + 0.75)


def weight_colour(weight: Weight) -> Colour:
    """By sign; one colour for vectors."""
    if isinstance(weight, tuple):
        return VECTOR
    return POSITIVE if weight > 0 else NEGATIVE


def weight_size(weight: Weight) -> Fraction:
    """The modulus of a weight, the largest of its entries."""
    return max(abs(entry) for entry in (weight if isinstance(weight, tuple) else (weight,)))


def weight_width(weight: Weight, unit: Fraction = Fraction(1)) -> float:
    """The width of a line in points; it grows with the square root of the weight in units."""
    size = min(float(weight_size(weight) / unit), 16.0)
    return max(0.8, 1.5 * sqrt(size))
