"""The region engine: a network's activation regions as a stream of cells.

Neurons are inserted one at a time, layer by layer; one whose affine form takes both signs on the
generators of a cell splits it.  Depth first: memory grows with depth and width, never with the
number of regions.  Signs are decided by `sign_filter` where its bound certifies them and exactly
elsewhere; the result never depends on floating point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice, product
from math import lcm
from operator import eq, le, mul
from typing import TypeAlias

import flint
import numpy as np
from numpy.typing import NDArray

from tropnet.exact import identity_rows, nullspace, primitive_vector, row_echelon
from tropnet.networks.cell_blocks import Block, Sizes, cells_with_signs, finished
from tropnet.networks.cells import Cell, Generator, SignMasks, cut_cell, split_cell
from tropnet.networks.generator_table import GeneratorTable
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level
from tropnet.networks.level_entry import StartingCells
from tropnet.networks.level_tables import ComplexTables, Words, to_masks, to_words
from tropnet.networks.sign_filter import FloatForms, SignFilter

# How many starting cones go through the levels together.
_CONES = 64

Path: TypeAlias = tuple[int, ...]
"""The way to a subtree: the number of a starting cone, then 0 or 1 for each split."""


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
        self._constraints = len(constraints)
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
        self._unit = identity_rows(self.dimension)
        self._levels = tuple(levels)
        self._first_bits = []
        bit = 1 + len(constraints)
        for level in self._levels:
            self._first_bits.append(bit)
            bit += level.weight.nrows()
        # The hyperplanes among which independent ones are sought to start from, with their bits.
        # Those after the first level's are there for directions that it does not bound.
        self._rows = [tuple(row[j] for j in kept) for row in rows]
        leading = len(constraints) + len(first)
        self._numbers = [1 + i if i < leading else bit + i - leading for i in range(len(rows))]
        sign_filter = SignFilter(self._levels, self.frame) if levels else None
        self._filter = sign_filter if sign_filter is not None and sign_filter.reliable else None

    def __iter__(self) -> Iterator[Cell]:
        """The cells, depth first, in an order that depends on the parameters alone."""
        if not self._levels:
            for cone in self._constrained_cones():
                yield self._start(*cone)
            return
        for block in self.blocks():
            yield from self.cells_of(block)

    def blocks(self) -> Iterator[Block]:
        """The cells in the same order, block by block; there must be levels."""
        sizes = Sizes()
        starts = (self._start(*cone) for cone in self._constrained_cones())
        while some := list(islice(starts, _CONES)):
            yield from finished(self._block(some), sizes)

    def _block(self, cells: Sequence[Cell]) -> Block:
        """Some cells of one level as a block."""
        tables = self._tables
        entry = StartingCells(tables, self._outside, cells, self._basis)
        numbers: dict[IntegerRow, int] = {}
        homes: list[int] = []
        on: list[int] = []
        rows = []
        for home, cell in enumerate(cells):
            for generator, mask in zip(cell.generators, cell.tight, strict=True):
                if generator.point not in numbers:
                    numbers[generator.point] = len(numbers)
                    homes.append(home)
                    on.append(0)
                number = numbers[generator.point]
                on[number] |= mask
                rows.append(number)
        table = GeneratorTable.from_points(tables, entry, list(numbers), homes, self._words(on))
        counts = np.array([len(cell.generators) for cell in cells])
        order = np.arange(len(cells))
        return Block(entry, cells_with_signs(table, order, counts, np.array(rows)), table)

    def cells_of(self, block: Block) -> Iterator[Cell]:
        """The cells of a finished block one by one."""
        entry, table = block.entry, block.table
        generators = [
            Generator(partial(table.point, row, entry, home))
            for row, home in enumerate(block.origins().tolist())
        ]
        on = self._masks(table.on)
        flat = block.cells.rows.tolist()
        origin, signs, seen, end = -1, (), 0, 0
        for number, count, positive, negative in zip(
            block.cells.origin.tolist(),
            block.cells.counts.tolist(),
            to_masks(block.cells.positive),
            to_masks(block.cells.negative),
            strict=True,
        ):
            if number != origin:
                origin = number
                before, forms = entry.signs(number), entry.forms(number)
                known = self._seen(before)
            last = SignMasks(positive, negative)
            seen = known | (positive | negative) << self._first_bits[-1]
            rows = flat[end : end + count]
            end += count
            yield Cell(
                forms,
                (*before, last),
                [generators[row] for row in rows],
                [on[row] & seen for row in rows],
                [],
                [],
            )

    def _seen(self, signs: Sequence[SignMasks]) -> int:
        """The hyperplanes of no neuron, and those of neurons that do not vanish on a cell."""
        end = self._first_bits[-1] + self._tables.levels[-1].width
        seen = (1 << 1 + self._constraints) - 1 | ((1 << len(self._rows)) - 1) << end
        for first, (positive, negative) in zip(self._first_bits, signs, strict=False):
            seen |= (positive | negative) << first
        return seen

    @cached_property
    def _tables(self) -> ComplexTables:
        return ComplexTables(self._levels, self.frame, len(self._outside))

    @cached_property
    def _outside(self) -> list[IntegerRow]:
        """The hyperplanes of no neuron: at infinity, the constraints, others to start from."""
        infinity = (*(0,) * (self.dimension - 1), 1)
        first = self._constraints + (self._levels[0].weight.nrows() if self._levels else 0)
        return [infinity, *self._rows[: self._constraints], *self._rows[first:]]

    @cached_property
    def _basis(self) -> list[IntegerRow]:
        """Independent hyperplanes between which the starting cones lie."""
        return [self._rows[i] for i in self._independent]

    def _words(self, masks: Sequence[int]) -> Words:
        """Sets of hyperplanes as the tables number them."""
        tables, inner = self._tables, 1 + self._constraints
        neurons = self._first_bits[-1] + tables.levels[-1].width
        result = np.zeros((len(masks), tables.words), dtype=np.uint64)
        for row, mask in enumerate(masks):
            outside = mask & (1 << inner) - 1 | mask >> neurons << inner
            result[row, : tables.first_words[0]] = to_words(outside, tables.first_words[0])
            for word, first, level in zip(
                tables.first_words, self._first_bits, tables.levels, strict=True
            ):
                part = mask >> first & (1 << level.width) - 1
                result[row, word : word + level.words] = to_words(part, level.words)
        return result

    def _masks(self, on: Words) -> list[int]:
        """The same sets with the numbers of `Cell.tight`."""
        tables, inner = self._tables, 1 + self._constraints
        neurons = self._first_bits[-1] + tables.levels[-1].width
        low = (1 << inner) - 1
        masks = [
            mask & low | mask >> inner << neurons
            for mask in to_masks(on[:, : tables.first_words[0]])
        ]
        for word, first, level in zip(
            tables.first_words, self._first_bits, tables.levels, strict=True
        ):
            part = to_masks(on[:, word : word + level.words])
            masks = [mask | more << first for mask, more in zip(masks, part, strict=True)]
        return masks

    def visited(self, descends: Callable[[Cell], bool]) -> Iterator[Cell]:
        """The cells on the way to the leaves, each before the cells below it.

        Args:
            descends: Asked after a cell was given out whether to visit what lies below it.
        """
        for cone in self._constrained_cones():
            stack = [self._start(*cone)]
            while stack:
                cell = stack.pop()
                yield cell
                if descends(cell):
                    stack.extend(reversed(self._children(cell)))

    def subtrees(self, splits: int) -> Iterator[Path]:
        """Paths to subtrees that together hold all cells, in order.

        Args:
            splits: How many splits lead from a starting cone to a subtree, at most.
        """
        for number, cone in enumerate(self._constrained_cones()):
            for choices in self._choices(self._start(*cone), splits):
                yield (number, *choices)

    def below(self, path: Path) -> Iterator[Cell]:
        """The cells of the subtree to which a path leads, in the order of the whole complex."""
        number, *choices = path
        cell = self._start(*next(islice(self._constrained_cones(), number, None)))
        for choice in choices:
            children = self._children(cell)
            while len(children) == 1:
                children = self._children(children[0])
            cell = children[choice]
        if not self._levels:
            yield cell
            return
        for block in finished(self._block([cell]), Sizes()):
            yield from self.cells_of(block)

    def constraint_bit(self, number: int) -> int:
        """The bit in `Cell.tight` of the hyperplane of a constraint."""
        return 1 << (1 + number)

    def neuron_bit(self, depth: int, neuron: int) -> int:
        """The bit in `Cell.tight` of the hyperplane of a neuron."""
        return 1 << (self._first_bits[depth] + neuron)

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

    def dominance_parts(self, cell: Cell, rows: Sequence[IntegerRow]) -> list[tuple[int, Cell]]:
        """The parts of a cell on which one of several affine forms is the largest.

        Args:
            cell: A cell.
            rows: The forms, in the coordinates of the cells.

        Returns:
            The number of the form and the part, in the order of the forms, of those parts that
            have interior.  They meet face to face.
        """
        values = _values(rows, cell.generators)
        tops = [max(column) for column in zip(*values, strict=True)]
        for number, row in enumerate(values):
            if row == tops:
                return [(number, cell)]
        # Forms that are nowhere above one that is somewhere the largest have no part.
        # Forms with equal values agree on the cell; the first stands for all.
        distinct = {tuple(row): number for number, row in reversed(list(enumerate(values)))}
        leaders = [row for row in distinct if any(map(eq, row, tops))]
        numbers = sorted(
            number
            for row, number in distinct.items()
            if not any(other != row and all(map(le, row, other)) for other in leaders)
        )
        parts = self._parts(cell, [rows[number] for number in numbers])
        return [(numbers[choice], part) for choice, part in parts]

    def _parts(self, cell: Cell, rows: list[IntegerRow]) -> list[tuple[int, Cell]]:
        points = [generator.point for generator in cell.generators]
        inner = tuple(map(sum, zip(*points, strict=True)))
        pending, seen = set(_largest(rows, inner)), set()
        parts: dict[int, Cell] = {}
        first_bit = max(cell.tight, default=0).bit_length()
        while pending:
            choice = min(pending)
            pending.remove(choice)
            seen.add(choice)
            part = self._dominated(cell, rows, choice, first_bit)
            if part is None:
                continue
            parts[choice] = part
            # The form that is largest behind a facet is also largest on the facet.
            for generator in part.generators:
                pending |= set(_largest(rows, generator.point)) - seen
        return sorted(parts.items())

    def _dominated(
        self, cell: Cell, rows: Sequence[IntegerRow], choice: int, first_bit: int
    ) -> Cell | None:
        """The part of a cell where form `choice` is the largest, None if it has no interior."""
        own = rows[choice]
        differences = [tuple(a - b for a, b in zip(own, row, strict=True)) for row in rows]
        level = Level(flint.fmpz_mat(differences), (), True)
        forms = LayerForms(level, None, 0, None, self._unit)
        part: Cell | None = self._enter(forms, cell.signs, cell.generators, cell.tight)
        for other in range(len(rows)):
            if part is not None:
                # One bit for each pair of forms, whichever is the larger.
                low, high = sorted((choice, other))
                number = first_bit + low * len(rows) + high
                part = cut_cell(part, 1 << other, number, self.dimension)
        if part is None:
            return None
        return Cell(cell.forms, cell.signs, part.generators, part.tight, [], [])

    def _start(self, generators: list[Generator], tight: list[int]) -> Cell:
        """A starting cone with the signs of the first level."""
        empty = Level(flint.fmpz_mat(0, len(self.frame)), (), True)
        first = self._levels[0] if self._levels else empty
        approximate = self._filter.first_level() if self._filter else None
        forms = LayerForms(first, None, 0, approximate, self.frame)
        return self._enter(forms, (), generators, tight)

    def _choices(self, cell: Cell, splits: int) -> Iterator[tuple[int, ...]]:
        children = self._children(cell) if splits else []
        while len(children) == 1:
            children = self._children(children[0])
        if not children:
            yield ()
        for choice, child in enumerate(children):
            for rest in self._choices(child, splits - 1):
                yield (choice, *rest)

    def _children(self, cell: Cell) -> list[Cell]:
        """The two halves of a cell that a neuron breaks, else the cell in the next level, or none.

        Without children the cell is finished: `Cell.signs` holds all levels, and `Cell.tight` the
        hyperplanes of all neurons that vanish at a generator but not on the whole cell.
        """
        signs = cell.layer_signs()
        broken = signs.positive & signs.negative
        if broken:
            bit = broken & -broken
            number = self._first_bits[cell.forms.depth] + bit.bit_length() - 1
            return list(split_cell(cell, bit, number, self.dimension))
        depth = cell.forms.depth + 1
        if self._levels:
            cell.signs = (*cell.signs[: depth - 1], signs)
            cell.mark_zeros(signs, self._first_bits[depth - 1])
        if depth >= len(self._levels):
            return []
        approximate = self._approximate(depth, cell.forms, signs.positive)
        forms = LayerForms(self._levels[depth], cell.forms, signs.positive, approximate, self.frame)
        return [self._enter(forms, cell.signs, cell.generators, cell.tight)]

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
        everything = (1 << forms.width) - 1
        if forms.approximate is None:
            positive, negative = [0] * len(generators), [0] * len(generators)
        else:
            points = np.array([generator.approximation for generator in generators])
            values, errors = forms.approximate.signs(points)
            positive, negative = _masks(values > errors), _masks(values < -errors)
        for index, generator in enumerate(generators):
            undecided = everything & ~(positive[index] | negative[index])
            if undecided:
                above, below = forms.exact_signs(undecided, generator.point)
                positive[index] |= above
                negative[index] |= below
        return Cell(forms, signs, generators, tight, positive, negative)

    def _constrained_cones(self) -> Iterator[tuple[list[Generator], list[int]]]:
        """The simplicial cones of independent hyperplanes, cut by the remaining constraints."""
        count = self._constraints
        if any(not any(row[:-1]) and row[-1] < 0 for row in self._rows[:count]):
            return
        constraints = Level(flint.fmpz_mat(self._rows[:count]), (), True) if count else None
        for generators, tight in self._simplicial_cones():
            if constraints is None:
                yield generators, tight
                continue
            forms = LayerForms(constraints, None, 0, None, self._unit)
            cell: Cell | None = self._enter(forms, (), generators, tight)
            for number in range(count):
                cell = cut_cell(cell, 1 << number, number + 1, self.dimension) if cell else None
            if cell is not None:
                yield cell.generators, cell.tight

    @cached_property
    def _independent(self) -> tuple[int, ...]:
        """The numbers of independent hyperplanes, the first ones there are."""
        if self.dimension == 1:
            return ()
        return row_echelon(list(zip(*(row[:-1] for row in self._rows), strict=True)))[1]

    def _simplicial_cones(self) -> Iterator[tuple[list[Generator], list[int]]]:
        """The 2^r cones (r = rank) between r independent hyperplanes; the apex is their point."""
        size = self.dimension - 1
        if size == 0:
            yield [Generator((1,))], [0]
            return
        basis = self._independent
        matrix = flint.fmpz_mat([self._rows[i][:-1] for i in basis])
        adjugate, denominator = flint.fmpq_mat(matrix).inv().numer_denom()
        offsets = flint.fmpz_mat([[-self._rows[i][-1]] for i in basis])
        apex = _on_ray([*(adjugate * offsets).entries(), denominator])
        directions = [_on_ray([*column, 0]) for column in adjugate.transpose().tolist()]
        sides = [(Generator(ray), Generator(tuple(-entry for entry in ray))) for ray in directions]
        marks = [1 << self._numbers[i] for i in basis]
        tight = [sum(marks), *(sum(marks) ^ mark | 1 for mark in marks)]
        top = Generator(apex)
        choices = [
            pair[:1] if i < self._constraints else pair
            for i, pair in zip(basis, sides, strict=True)
        ]
        for rays in product(*choices):
            yield [top, *rays], tight


def input_rows(level: Level, inputs: int) -> list[IntegerRow]:
    """What the neurons of a level read from the inputs and t; no rows if they read none."""
    if not level.inputs:
        return []
    return [tuple(map(int, row[-inputs - 1 :])) for row in level.weight.tolist()]


def _product(rows: Sequence[Sequence[int]], frame: Sequence[Sequence[int]]) -> list[IntegerRow]:
    columns = list(zip(*frame, strict=True))
    return [tuple(sum(map(mul, row, column)) for column in columns) for row in rows]


def _values(rows: Sequence[IntegerRow], generators: Sequence[Generator]) -> list[list[int]]:
    """The values of forms at generators, one row for each form."""
    columns = flint.fmpz_mat([generator.point for generator in generators]).transpose()
    product = flint.fmpz_mat(rows) * columns
    return [[int(entry) for entry in row] for row in product.tolist()]


def _largest(rows: Sequence[IntegerRow], point: IntegerRow) -> list[int]:
    """The forms that are largest at a point."""
    values = [sum(map(mul, row, point)) for row in rows]
    top = max(values)
    return [number for number, value in enumerate(values) if value == top]


def _on_ray(vector: Sequence[flint.fmpz | int]) -> IntegerRow:
    return primitive_vector([int(entry) for entry in vector])


def _masks(decided: NDArray[np.bool_]) -> list[int]:
    """Each row of a Boolean matrix as the bits of an integer."""
    packed = np.packbits(decided, axis=1, bitorder="little")
    data, width = packed.tobytes(), packed.shape[1]
    return [
        int.from_bytes(data[start : start + width], "little")
        for start in range(0, len(data), width)
    ]
