"""Homogeneous integer rows: the common form of inequalities and generators.

An inequality or equation (a, b) means a·x + b ≥ 0 or = 0, a generator is (x, t) with t > 0 for the
vertex x/t and t = 0 for a ray or line.  Outwards, `Polyhedron` writes a·x ≤ b and c·x = d.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tropnet.exact import Vector, primitive_vector

IntegerRow: TypeAlias = tuple[int, ...]


class DoubleDescription(NamedTuple):
    """Homogeneous integer rows of one polyhedron, in both descriptions.

    Redundant inequalities are welcome, missing ones are not; the equations may be incomplete:
    the generators and lines tell them.
    """

    inequalities: Sequence[IntegerRow]
    equations: Sequence[IntegerRow]
    generators: Sequence[IntegerRow]
    lines: Sequence[IntegerRow]


def fractions(row: Sequence[int]) -> Vector:
    """A row of integers as a vector."""
    return tuple(Fraction(entry) for entry in row)


def pairing(row: IntegerRow, generator: IntegerRow) -> int:
    """The value of a homogeneous row at a generator; zero iff they are incident."""
    return sum(a * x for a, x in zip(row, generator, strict=True))


def slack(row: IntegerRow, point: Vector) -> Fraction:
    """The slack b − a·x of a row (a, b) that means a·x ≤ b."""
    return row[-1] - sum((a * x for a, x in zip(row, point, strict=False)), Fraction(0))


def homogeneous(row: IntegerRow) -> IntegerRow:
    """From a·x ≤ b to −a·x + b ≥ 0, and back."""
    return (*(-entry for entry in row[:-1]), row[-1])


def solved_for_offset(row: IntegerRow) -> IntegerRow:
    """From a·x + b = 0 (or ≤ 0) to a·x = −b (or ≤ −b)."""
    return (*row[:-1], -row[-1])


def residue(row: IntegerRow, echelon: Sequence[Vector], pivots: Sequence[int]) -> IntegerRow:
    """A row modulo a space in reduced echelon form: zero at its pivots, primitive."""
    result = [Fraction(entry) for entry in row]
    for basis, pivot in zip(echelon, pivots, strict=True):
        factor = result[pivot]
        if factor:
            result = [a - factor * b for a, b in zip(result, basis, strict=True)]
    return primitive_vector(result)
