"""Cells as they enter a level, with all that is known exactly about the levels before."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from operator import mul
from typing import Any

import flint

from tropnet.exact import primitive_vector
from tropnet.networks.cells import Cell, SignMasks
from tropnet.networks.hyperplane_numbers import HyperplaneNumbers
from tropnet.networks.layer_forms import IntegerRow, LayerForms
from tropnet.networks.level_tables import WORD, ComplexTables, Words, to_masks
from tropnet.networks.ragged import Indices


class Entry(ABC):
    """Some cells in one level, numbered from 0, before the level's neurons split them.

    Attributes:
        numbers: The numbers of all hyperplanes.
        outside: The forms of the hyperplanes that belong to no neuron, in the coordinates of the
            cells; the first one is that of the hyperplane at infinity.
    """

    numbers: HyperplaneNumbers
    outside: Sequence[IntegerRow]

    @property
    def tables(self) -> ComplexTables:
        """The levels."""
        return self.numbers.tables

    @abstractmethod
    def forms(self, home: int) -> LayerForms:
        """The forms of the level on a cell."""

    @abstractmethod
    def signs(self, home: int) -> tuple[SignMasks, ...]:
        """The signs of the levels before."""

    @abstractmethod
    def walls(self, home: int) -> Sequence[IntegerRow]:
        """Independent forms, as many as the space has dimensions, that are ≥ 0 on the cell."""

    def hyperplanes(self, home: int, on: Words) -> list[IntegerRow]:
        """The forms of a set of hyperplanes on a cell."""
        words: list[int] = on.tolist()
        tables = self.tables
        rows = [self.outside[number] for number in _members(words[: tables.first_words[0]])]
        latest = self.forms(home)
        for forms in (latest, *(before for before, _ in latest.ancestors())):
            first = tables.first_words[forms.depth]
            last = first + tables.levels[forms.depth].words
            rows += [forms.row(neuron) for neuron in _members(words[first:last])]
        return rows

    def ray(self, home: int, on: Words) -> IntegerRow:
        """The primitive coordinates of the generator of a cell that lies on some hyperplanes."""
        return common_ray(self.hyperplanes(home, on), partial(self.walls, home))


class StartingCells(Entry):
    """The cells from which a walk starts.

    Args:
        numbers: The numbers of all hyperplanes.
        outside: See `Entry`.
        cells: The cells, all in the first level.
        candidates: For each cell independent forms that have one sign on it each.
    """

    def __init__(
        self,
        numbers: HyperplaneNumbers,
        outside: Sequence[IntegerRow],
        cells: Sequence[Cell],
        candidates: Sequence[IntegerRow],
    ) -> None:
        self.numbers = numbers
        self.outside = outside
        self.cells = cells
        self._candidates = candidates

    def forms(self, home: int) -> LayerForms:
        """The forms of the level on a cell."""
        return self.cells[home].forms

    def signs(self, home: int) -> tuple[SignMasks, ...]:
        """None: walks start in the first level."""
        return ()

    def walls(self, home: int) -> Sequence[IntegerRow]:
        """The candidates, turned so that they are not negative on the cell."""
        points = [generator.point for generator in self.cells[home].generators]
        inner = tuple(map(sum, zip(*points, strict=True)))
        return [
            row if sum(map(mul, row, inner)) > 0 else tuple(-entry for entry in row)
            for row in self._candidates
        ]


class SplitCells(Entry):
    """The parts into which the level before has split other cells.

    Args:
        before: Those cells as they entered that level.
        origin: For each part the number of the cell it comes from.
        positive: The neurons of the level before that are positive on it.
        negative: Those that are negative.
    """

    def __init__(self, before: Entry, origin: Indices, positive: Words, negative: Words) -> None:
        self.numbers = before.numbers
        self.outside = before.outside
        self._before = before
        self._origin = origin
        self._positive = positive
        self._negative = negative
        self._forms: dict[int, LayerForms] = {}
        self._signs: dict[int, tuple[SignMasks, ...]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return SplitCells, (self._before, self._origin, self._positive, self._negative)

    @cached_property
    def _masks(self) -> list[SignMasks]:
        return list(map(SignMasks, to_masks(self._positive), to_masks(self._negative)))

    def forms(self, home: int) -> LayerForms:
        """The forms of the level on a cell."""
        forms = self._forms.get(home)
        if forms is None:
            parent = self._before.forms(int(self._origin[home]))
            level = self.tables.levels[parent.depth + 1].level
            active = self._masks[home].positive
            forms = self._forms[home] = LayerForms(level, parent, active, None, parent.frame)
        return forms

    def signs(self, home: int) -> tuple[SignMasks, ...]:
        """The signs of the levels before."""
        signs = self._signs.get(home)
        if signs is None:
            before = self._before.signs(int(self._origin[home]))
            signs = self._signs[home] = (*before, self._masks[home])
        return signs

    def walls(self, home: int) -> Sequence[IntegerRow]:
        """Those of the cell from which the walk started."""
        return self._before.walls(int(self._origin[home]))


def _members(words: Sequence[int]) -> Iterator[int]:
    """The elements of a set given as words."""
    for number, word in enumerate(words):
        while word:
            bit = word & -word
            word ^= bit
            yield WORD * number + bit.bit_length() - 1


def common_ray(rows: Sequence[IntegerRow], walls: Callable[[], Sequence[IntegerRow]]) -> IntegerRow:
    """The ray on which some forms vanish, where s ≥ 0 and, if s = 0, other forms are ≥ 0.

    Args:
        rows: Forms that leave one line.
        walls: Makes forms that vanish together at no point with s = 0 but the origin.
    """
    if not rows:
        return (1,)
    basis, size = flint.fmpz_mat(rows).nullspace()
    assert size == 1
    line = primitive_vector([int(basis[i, 0]) for i in range(len(rows[0]))])
    values = [line[-1]] if line[-1] else (sum(map(mul, wall, line)) for wall in walls())
    positive = next(value for value in values if value) > 0
    return line if positive else tuple(-entry for entry in line)
