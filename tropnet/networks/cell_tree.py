"""The tree of cells that splits make of a complex, cell by cell.

Neurons are inserted one at a time, layer by layer; one whose affine form takes both signs on the
generators of a cell splits it.  This walk is for those who visit few cells of many: it can be told
where not to go on.  Signs are decided by `sign_filter` where its bound certifies them and exactly
elsewhere; the result never depends on floating point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from tropnet.networks.cells import Cell, Generator, SignMasks, entering_cell, split_cell
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level, empty_level
from tropnet.networks.level_tables import packed, to_masks
from tropnet.networks.sign_filter import FloatForms, SignFilter


class CellTree:
    """The cells on the way from starting cones to the finished cells of all levels.

    Args:
        levels: The neurons.
        frame: The inputs and t in the coordinates of the cells.
        cones: The starting cones: generators, and the hyperplanes through them.
        first_numbers: For each level the number of its first neuron's hyperplane in `Cell.tight`.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        frame: Sequence[IntegerRow],
        cones: Iterable[tuple[list[Generator], list[int]]],
        first_numbers: Sequence[int],
    ) -> None:
        self._levels = levels or [empty_level(len(frame))]
        self._frame = frame
        self._cones = cones
        self._first_numbers = first_numbers
        self._dimension = len(frame[0])
        sign_filter = SignFilter(self._levels, frame)
        self._filter = sign_filter if sign_filter.reliable else None

    def visited(self, descends: Callable[[Cell], bool]) -> Iterator[Cell]:
        """The cells on the way to the leaves, depth first, each before the cells below it.

        Args:
            descends: Asked after a cell was given out whether to visit what lies below it.
        """
        for cone in self._cones:
            stack = [self._start(*cone)]
            while stack:
                cell = stack.pop()
                yield cell
                if descends(cell):
                    stack.extend(reversed(self._children(cell)))

    def _children(self, cell: Cell) -> list[Cell]:
        """The two halves of a cell that a neuron breaks, else the cell in the next level, or none.

        Without children the cell is finished: `Cell.signs` holds all levels, and `Cell.tight` the
        hyperplanes of all neurons that vanish at a generator but not on the whole cell.
        """
        signs = cell.layer_signs()
        broken = signs.positive & signs.negative
        if broken:
            bit = broken & -broken
            number = self._first_numbers[cell.forms.depth] + bit.bit_length() - 1
            return list(split_cell(cell, bit, number, self._dimension))
        depth = cell.forms.depth + 1
        if self._first_numbers:  # else there are no levels
            cell.signs = (*cell.signs[: depth - 1], signs)
            cell.mark_zeros(signs, self._first_numbers[depth - 1])
        if depth >= len(self._levels):
            return []
        approximate = self._approximate(depth, cell.forms, signs.positive)
        forms = LayerForms(
            self._levels[depth], cell.forms, signs.positive, approximate, self._frame
        )
        return [self._enter(forms, cell.signs, cell.generators, cell.tight)]

    def _start(self, generators: list[Generator], tight: list[int]) -> Cell:
        """A starting cone with the signs of the first level."""
        approximate = self._filter.first_level() if self._filter else None
        forms = LayerForms(self._levels[0], None, 0, approximate, self._frame)
        return self._enter(forms, (), generators, tight)

    def _approximate(self, depth: int, parent: LayerForms, active: int) -> FloatForms | None:
        if self._filter is None:
            return None
        before = (
            [(parent, active)]
            if self._levels[depth].sources == (depth - 1,)
            else [(parent, active), *parent.ancestors()]
        )
        return self._filter.next_level(
            depth,
            [
                (forms.depth, forms.approximate, mask)
                for forms, mask in before
                if forms.approximate is not None
            ],
        )

    def _enter(
        self,
        forms: LayerForms,
        signs: tuple[SignMasks, ...],
        generators: list[Generator],
        tight: list[int],
    ) -> Cell:
        """The cell with the signs of a new layer on its generators."""
        if forms.approximate is None:
            return entering_cell(forms, signs, generators, tight)
        everything = (1 << forms.width) - 1
        points = np.array([generator.approximation for generator in generators])
        values, errors = forms.approximate.signs(points)
        positive = to_masks(packed(values > errors))
        negative = to_masks(packed(values < -errors))
        for index, generator in enumerate(generators):
            undecided = everything & ~(positive[index] | negative[index])
            if undecided:
                above, below = forms.exact_signs(undecided, generator.point)
                positive[index] |= above
                negative[index] |= below
        return Cell(forms, signs, generators, tight, positive, negative)
