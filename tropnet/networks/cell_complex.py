"""The region engine: a network's activation regions as a stream of cells.

The hyperplanes of the neurons are inserted level by level into many cells at once (`cell_blocks`);
where only a few of the cells are wanted, cell by cell (`cell_tree`).  Both give the same cells in
the same order, depth first: memory grows with depth and width, never with the number of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import chain, islice
from math import lcm
from operator import mul

from tropnet.exact import identity_rows, nullspace, primitive_vector, row_echelon
from tropnet.networks.cell_blocks import Block, cells_below, divided, sizes_below, starting_block
from tropnet.networks.cell_tree import CellTree
from tropnet.networks.cells import Cell
from tropnet.networks.hyperplane_numbers import HyperplaneNumbers
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level
from tropnet.networks.level_entry import StartingCells
from tropnet.networks.level_tables import ComplexTables
from tropnet.networks.starting_cones import StartingCones

# How many starting cones go through the levels together.
_CONES = 64


class CellComplex:
    """The cells on which every neuron of some levels has one sign, as a lazy stream.

    The cells lie in the space of a frame: (x, t) = frame @ (y, s).  Where they contain lines they
    are divided by their common lineality space: the coordinates of y at the pivots of the lines
    are set to 0, which picks one point of each line.

    Args:
        levels: The neurons (see `layer_forms.Level`); none at all gives one cell.
        inputs: The dimension n of the space.
        constraints: Integer rows (a, b); only the part with a·x + b ≥ 0 is subdivided.  If it has
            no interior in the frame's space there are no cells.
        observed: Integer rows (a, b) of further forms that must not change along the lines, though
            they do not cut the cells.
        frame: An integer matrix with n + 1 rows as `polyhedra.affine_frame` makes it; by default
            the identity, all of R^n.

    Attributes:
        inputs: The dimension n.
        lines: A basis of the lineality space, as primitive integer vectors of R^n.
        frame: The frame without the columns at the pivots; generators are columns it multiplies.
        dimension: The number of entries of a generator.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        inputs: int,
        constraints: Sequence[IntegerRow] = (),
        frame: Sequence[IntegerRow] | None = None,
        observed: Sequence[IntegerRow] = (),
    ) -> None:
        if frame is None:
            frame = identity_rows(inputs + 1)
        self.inputs = inputs
        first = input_rows(levels[0], inputs) if levels else []
        deeper = [row for level in levels[1:] for row in input_rows(level, inputs)]
        rows = _product([*constraints, *first, *deeper, *observed], frame)
        size = len(frame[0]) - 1
        lines, pivots = row_echelon(nullspace([row[:-1] for row in rows], size))
        columns = [[*primitive_vector(line), 0] for line in lines]
        self.lines = tuple(
            primitive_vector(row[:-1]) for row in _product(columns, list(zip(*frame, strict=True)))
        )
        kept = [j for j in range(size) if j not in pivots] + [size]
        self.frame = tuple(tuple(row[j] for j in kept) for row in frame)
        self.dimension = len(kept)
        self._levels = tuple(levels)
        self._first_numbers = []
        end = 1 + len(constraints)
        for level in self._levels:
            self._first_numbers.append(end)
            end += level.weight.nrows()
        # The hyperplanes among which independent ones are sought to start from, with their numbers.
        # Those after the first level's are there for directions that it does not bound.
        choice = [tuple(row[j] for j in kept) for row in rows]
        leading = len(constraints) + len(first)
        numbers = [1 + i if i < leading else end + i - leading for i in range(len(rows))]
        self._cones = StartingCones(choice, numbers, len(constraints), self.dimension)
        infinity = (*(0,) * (self.dimension - 1), 1)
        self._outside = [infinity, *choice[: len(constraints)], *choice[leading:]]

    def __iter__(self) -> Iterator[Cell]:
        """The cells, depth first, in an order that depends on the parameters alone."""
        return chain.from_iterable(map(cells_below, self._starting_blocks()))

    def sizes(self) -> Iterator[int]:
        """Numbers that add up to that of the cells."""
        return chain.from_iterable(map(sizes_below, self._starting_blocks()))

    def visited(self, descends: Callable[[Cell], bool]) -> Iterator[Cell]:
        """The cells on the way to the finished ones, each before the cells below it.

        Args:
            descends: Asked after a cell was given out whether to visit what lies below it.
        """
        tree = CellTree(self._levels, self.frame, self._cones, self._first_numbers)
        return tree.visited(descends)

    def subtrees(self, count: int) -> Iterator[Block]:
        """Unfinished cells that together hold all cells, in order, to be worked on elsewhere.

        Args:
            count: About how many to make; fewer if there are fewer cells.
        """
        for block in self._starting_blocks():
            yield from divided(block, count)

    def below(self, subtree: Block) -> Iterator[Cell]:
        """The cells of a subtree, in the order of the whole complex."""
        return cells_below(subtree)

    def _starting_blocks(self) -> Iterator[Block]:
        forms = LayerForms(self._numbers.tables.levels[0].level, None, 0, None, self.frame)
        cones = (Cell(forms, (), *cone, [], []) for cone in self._cones)
        while some := list(islice(cones, _CONES)):
            entry = StartingCells(self._numbers, self._outside, some, self._cones.hyperplanes)
            yield starting_block(entry)

    @cached_property
    def _numbers(self) -> HyperplaneNumbers:
        tables = ComplexTables(self._levels, self.frame, len(self._outside))
        return HyperplaneNumbers(tables, self._cones.constraints)

    def neuron_number(self, depth: int, neuron: int) -> int:
        """The number of a neuron's hyperplane in `Cell.tight`; those of constraints begin at 1."""
        return self._first_numbers[depth] + neuron

    def point(self, generator: IntegerRow) -> IntegerRow:
        """A generator of a cell as a primitive generator (x, t) in R^n."""
        return primitive_vector([sum(map(mul, row, generator)) for row in self.frame])

    def lifted(self, row: IntegerRow) -> tuple[IntegerRow, int]:
        """A form in the coordinates of the cells as one on R^n; needs the identity frame.

        Returns:
            The form that is constant along `lines`, times a positive integer, and that integer.
        """
        echelon, pivots = row_echelon(self.lines)
        kept = iter(row)
        gradient = [Fraction(0 if j in pivots else next(kept)) for j in range(self.inputs)]
        for line, pivot in zip(echelon, pivots, strict=True):
            gradient[pivot] = -sum(map(mul, line, gradient))
        factor = lcm(*(entry.denominator for entry in gradient))
        return (*(int(factor * entry) for entry in gradient), factor * row[-1]), factor

    def pulled_back(self, rows: Sequence[IntegerRow]) -> list[IntegerRow]:
        """Forms on R^n in the coordinates of the cells."""
        return _product(rows, self.frame)


def input_rows(level: Level, inputs: int) -> list[IntegerRow]:
    """What the neurons of a level read from the inputs and t; no rows if they read none."""
    if not level.inputs:
        return []
    return [tuple(map(int, row[-inputs - 1 :])) for row in level.weight.tolist()]


def _product(rows: Sequence[Sequence[int]], frame: Sequence[Sequence[int]]) -> list[IntegerRow]:
    columns = list(zip(*frame, strict=True))
    return [tuple(sum(map(mul, row, column)) for column in columns) for row in rows]
