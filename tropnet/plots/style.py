"""Colours and line widths."""

from __future__ import annotations

import colorsys
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

_GOLDEN_RATIO = 0.618033988749895


def colour(number: int) -> Colour:
    """Colours that differ from those of the numbers nearby."""
    hue = number * _GOLDEN_RATIO % 1.0
    return colorsys.hls_to_rgb(hue, 0.45 + 0.1 * (number % 4), 0.55)


def spread(count: int) -> list[Colour]:
    """Colours for lines, dark enough on white, as far apart as so many can be."""
    return [
        colorsys.hls_to_rgb(number / count, 0.31 + 0.11 * (number % 2), 0.7)
        for number in range(count)
    ]


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
