"""The affine forms of one layer on one region: exact on demand, in float64 at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import gcd
from operator import mul
from typing import Any, NamedTuple

import flint

from tropnet.networks.sign_filter import FloatForms

IntegerRow = tuple[int, ...]


class Level(NamedTuple):
    """One level of neurons: integer affine forms in earlier neurons, the inputs and t.

    Attributes:
        weight: Shape (neurons, columns).  The columns are the neurons of the levels in `sources`,
            one level after the other, then the inputs if `inputs`, then t.
        sources: The earlier levels this one reads, counted from 0.
        inputs: Whether it reads the inputs themselves.
    """

    weight: flint.fmpz_mat
    sources: tuple[int, ...]
    inputs: bool

    def __reduce__(self) -> tuple[Any, ...]:
        rows = [list(map(int, row)) for row in self.weight.tolist()]
        return _level, (self.weight.ncols(), rows, self.sources, self.inputs)


def _level(columns: int, rows: list[list[int]], sources: tuple[int, ...], inputs: bool) -> Level:
    entries = [entry for row in rows for entry in row]
    return Level(flint.fmpz_mat(len(rows), columns, entries), sources, inputs)


def empty_level(columns: int) -> Level:
    """A level without neurons that reads the inputs; it stands in where there are no levels."""
    return Level(flint.fmpz_mat(0, columns), (), True)


class Hyperplane(NamedTuple):
    """Where an affine form (a, b) with a ≠ 0 vanishes: u·x = c.

    Attributes:
        normal: u, primitive, its first non-zero entry positive.
        offset: −b divided by `factor`: c.
        factor: The number with a = factor · u; positive iff the form is positive where u·x > c.
    """

    normal: IntegerRow
    offset: Fraction
    factor: int | Fraction

    @property
    def size(self) -> int | Fraction:
        """The absolute value of the factor."""
        return self.factor if self.factor > 0 else -self.factor


def hyperplane(row: IntegerRow) -> Hyperplane:
    """The hyperplane where a form (a, b) with a ≠ 0 vanishes.

    >>> hyperplane((-2, 4, 3))
    Hyperplane(normal=(1, -2), offset=Fraction(3, 2), factor=-2)
    """
    *gradient, constant = row
    factor = gcd(*gradient)
    if next(entry for entry in gradient if entry) < 0:
        factor = -factor
    return Hyperplane(
        tuple(entry // factor for entry in gradient), Fraction(-constant, factor), factor
    )


class LayerForms:
    """The affine forms of one level on one region of the levels before it.

    Args:
        level: The level.
        parent: The forms of the level before, None for the first.
        active: The neurons of that level that are on, as bits.
        approximate: The same forms in float64 with error bounds, None without a filter.
        frame: The inputs and t, n + 1 rows, as forms in the coordinates of the cells.
    """

    __slots__ = (
        "_active",
        "_hyperplanes",
        "_matrix",
        "_rows",
        "approximate",
        "depth",
        "frame",
        "level",
        "parent",
    )

    def __init__(
        self,
        level: Level,
        parent: LayerForms | None,
        active: int,
        approximate: FloatForms | None,
        frame: Sequence[IntegerRow],
    ) -> None:
        self.level = level
        self.parent = parent
        self.approximate = approximate
        self.frame = frame
        self.depth: int = 0 if parent is None else parent.depth + 1
        self._active = active
        self._matrix: list[list[flint.fmpz]] | None = None
        self._rows: dict[int, IntegerRow] = {}
        self._hyperplanes: dict[int, Hyperplane] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return LayerForms, (self.level, self.parent, self._active, None, self.frame)

    @property
    def width(self) -> int:
        """The number of neurons."""
        return int(self.level.weight.nrows())

    def matrix(self) -> list[list[flint.fmpz]]:
        """The exact forms: one row (gradient, constant) for each neuron."""
        if self._matrix is None:
            product = self.level.weight * flint.fmpz_mat(self._inputs())
            self._matrix = product.tolist()
        return self._matrix

    def row(self, neuron: int) -> IntegerRow:
        """One exact form as Python integers."""
        row = self._rows.get(neuron)
        if row is None:
            row = self._rows[neuron] = tuple(map(int, self.matrix()[neuron]))
        return row

    def ancestors(self) -> Iterator[tuple[LayerForms, int]]:
        """The forms of the levels before, nearest first, each with its active neurons."""
        forms = self
        while forms.parent is not None:
            yield forms.parent, forms._active
            forms = forms.parent

    def _inputs(self) -> list[Sequence[flint.fmpz] | Sequence[int]]:
        """What the weight multiplies: the rectified forms of the sources, inputs, t."""
        zero = [0] * len(self.frame[0])
        before = {forms.depth: (forms, active) for forms, active in self.ancestors()}
        rows: list[Sequence[flint.fmpz] | Sequence[int]] = []
        for source in self.level.sources:
            forms, active = before[source]
            rows += [row if active >> i & 1 else zero for i, row in enumerate(forms.matrix())]
        rows += self.frame if self.level.inputs else self.frame[-1:]
        return rows

    def hyperplane(self, neuron: int) -> Hyperplane:
        """Where one form, not constant, vanishes, in the coordinates of the cells."""
        found = self._hyperplanes.get(neuron)
        if found is None:
            found = self._hyperplanes[neuron] = hyperplane(self.row(neuron))
        return found

    def value(self, neuron: int, point: IntegerRow) -> int:
        """The exact value of one form at a point in homogeneous coordinates."""
        return sum(map(mul, self.row(neuron), point))

    def exact_signs(self, neurons: int, point: IntegerRow) -> tuple[int, int]:
        """Those of `neurons` that are positive, and negative, at a point; sets are bits."""
        positive = negative = 0
        while neurons:
            bit = neurons & -neurons
            neurons ^= bit
            value = self.value(bit.bit_length() - 1, point)
            if value > 0:
                positive |= bit
            elif value < 0:
                negative |= bit
        return positive, negative
