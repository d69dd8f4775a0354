"""Blocks of cells that go through the levels together.

A block holds cells of one level in the order of the complex, as lists of rows of a
`GeneratorTable`.  All cells that a neuron still breaks are split at once, each by the first of its
neurons; this repeats until no cell is broken.  Blocks that grow are cut and their parts finished
one after the other, so that the cells come out depth first and memory does not grow with their
number.

References:
    Fukuda and Prodon, *Double description method revisited*, 1996 (the combinatorial adjacency
    test is their Proposition 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tropnet.networks.cells import Cell, Generator, SignMasks
from tropnet.networks.generator_table import GeneratorTable
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.level_entry import Entry, SplitCells, StartingCells
from tropnet.networks.level_tables import WORD, Booleans, Words, to_masks
from tropnet.networks.ragged import Indices, ranges, starts
from tropnet.networks.sign_filter import FloatMatrix

# From how many entries (cell, generator) on a block is cut.
_FEW, _SOME, _MANY = 256, 4_096, 16_384
# How many pairs of generators are looked at together.
_PAIRS = 2**21
# How many cells, or at most entries, to have for each part when a block is divided: the more, the
# more alike the parts, and the more is done before anything is done in parallel.
_CELLS, _ROOM = 16, 1024


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells as flat arrays.

    Attributes:
        slot: The position of each among all cells of the block, those already finished included.
        origin: The number of the cell in its level's entry that it is a part of.
        counts: How many generators each has.
        rows: Their rows in the table, cell after cell.
        positive: The neurons of the level that are positive somewhere on it.
        negative: Those that are negative somewhere.
    """

    slot: Indices
    origin: Indices
    counts: Indices
    rows: Indices
    positive: Words
    negative: Words

    def __len__(self) -> int:
        return len(self.counts)

    def taken(self, chosen: Indices) -> Cells:
        """Some of the cells."""
        where = ranges(starts(self.counts)[chosen], self.counts[chosen])
        return Cells(
            self.slot[chosen],
            self.origin[chosen],
            self.counts[chosen],
            self.rows[where],
            self.positive[chosen],
            self.negative[chosen],
        )


def _concatenated(parts: Sequence[Cells]) -> Cells:
    if len(parts) == 1:
        return parts[0]
    return Cells(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Cells.__slots__)
    )


def _joined(parts: Sequence[Cells]) -> Cells:
    """The cells of several lists in the order of their slots, which are numbered anew."""
    everything = _concatenated(parts)
    chosen = np.argsort(everything.slot, kind="stable")
    return replace(everything.taken(chosen), slot=np.arange(len(chosen)))


def cells_with_signs(
    table: GeneratorTable, origin: Indices, counts: Indices, rows: Indices
) -> Cells:
    """Cells with the signs that their generators give them."""
    first = starts(counts)
    return Cells(
        np.arange(len(counts)),
        origin,
        counts,
        rows,
        np.bitwise_or.reduceat(table.positive[rows], first, axis=0),
        np.bitwise_or.reduceat(table.negative[rows], first, axis=0),
    )


class _Halves(NamedTuple):
    """For each entry of `Cells.rows` on which side of the cell's neuron it lies."""

    cell: Indices
    above: Booleans
    below: Booleans


def split(cells: Cells, table: GeneratorTable, around: Entry) -> Cells:
    """The two parts of each of some cells, split by the first neuron that breaks it.

    Args:
        cells: Cells, each broken by some neuron of the level.  Their slots tell where the first
            part goes; the second comes after it.
        table: Their generators; new ones are appended.
        around: See `GeneratorTable.between`.
    """
    broken = cells.positive & cells.negative
    word = (broken != 0).argmax(axis=1)
    lowest = broken[np.arange(len(cells)), word]
    lowest &= ~lowest + np.uint64(1)
    neuron = WORD * word + np.bitwise_count(lowest - np.uint64(1))
    cell = np.repeat(np.arange(len(cells)), cells.counts)
    here, bit = word[cell], lowest[cell]
    halves = _Halves(
        cell,
        (table.positive[cells.rows, here] & bit) != 0,
        (table.negative[cells.rows, here] & bit) != 0,
    )
    first, second = _edges(cells, halves, table, broken)
    edge_cell = cell[first]
    ends = cells.rows[first] * len(table) + cells.rows[second]
    _, kept, number = np.unique(ends, return_index=True, return_inverse=True)
    created = len(table) + number
    table.between(
        cells.rows[first[kept]],
        cells.rows[second[kept]],
        neuron[edge_cell[kept]],
        around,
        cells.origin[edge_cell[kept]],
    )
    return _parts(cells, halves, table, edge_cell, created)


def _edges(
    cells: Cells, halves: _Halves, table: GeneratorTable, broken: Words
) -> tuple[Indices, Indices]:
    """The pairs of entries on opposite sides that span an edge (a two-dimensional face)."""
    tables = table.tables
    above, below = np.flatnonzero(halves.above), np.flatnonzero(halves.below)
    partners = np.bincount(halves.cell[below], minlength=len(cells))
    owner = halves.cell[above]
    repeats = partners[owner]
    first = np.repeat(above, repeats)
    second = below[ranges(starts(partners)[owner], repeats)]
    # Hyperplanes that do not yet bound the cell tell nothing about its faces.
    word = tables.first_words[table.depth]
    words = word + broken.shape[1]
    on = table.on[cells.rows, :words]
    on[:, word:] &= ~broken[halves.cell]
    simple = np.bitwise_count(on).sum(axis=1, dtype=np.intp) == tables.dimension - 1
    common = on[first] & on[second]
    enough = np.bitwise_count(common).sum(axis=1, dtype=np.intp) >= tables.dimension - 2
    # A generator on exactly dimension - 1 hyperplanes lies on as many independent facets, any
    # dimension - 2 of which meet in an edge; otherwise no third one may lie on it.
    certain = enough & (simple[first] | simple[second])
    doubtful = np.flatnonzero(enough & ~certain)
    if len(doubtful):
        cell = halves.cell[first[doubtful]]
        counts = cells.counts[cell]
        members = ranges(starts(cells.counts)[cell], counts)
        edge = np.repeat(common[doubtful], counts, axis=0)
        lies_on = ((on[members] & edge) == edge).all(axis=1)
        number = np.add.reduceat(lies_on, starts(counts), dtype=np.intp)
        certain[doubtful[number == 2]] = True
    return first[certain], second[certain]


def _parts(
    cells: Cells, halves: _Halves, table: GeneratorTable, edge_cell: Indices, created: Indices
) -> Cells:
    """The parts of cells: first the one above, then the one below."""
    size = len(cells)
    zero = ~(halves.above | halves.below)
    groups = [
        (halves.cell[halves.above], cells.rows[halves.above]),
        (halves.cell[zero], cells.rows[zero]),
        (edge_cell, created),
        (halves.cell[halves.below], cells.rows[halves.below]),
    ]
    numbers = [np.bincount(cell, minlength=size) for cell, _ in groups]
    shared = numbers[1] + numbers[2]
    counts = np.stack([numbers[0] + shared, numbers[3] + shared], axis=1).ravel()
    first = starts(counts)
    rows = np.empty(counts.sum(), dtype=np.intp)
    for side, order in ((0, (0, 1, 2)), (1, (3, 1, 2))):
        place = first[side::2].copy()
        for group in order:
            rows[ranges(place, numbers[group])] = groups[group][1]
            place += numbers[group]
    slot = np.stack([cells.slot, cells.slot + 1], axis=1).ravel()
    result = cells_with_signs(table, np.repeat(cells.origin, 2), counts, rows)
    return replace(result, slot=slot)


class Block(NamedTuple):
    """Cells of one level with their generators.

    Attributes:
        entry: The cells that these are parts of, as they entered the level.
        cells: The cells, in order.
        table: Their generators.
    """

    entry: Entry
    cells: Cells
    table: GeneratorTable

    def __reduce__(self) -> tuple[Any, ...]:
        return _block, (self.entry, self.cells, self.table.depth, self.table.columns)

    def homes(self) -> Indices:
        """For each generator a cell of the block to which it belongs."""
        result = np.zeros(len(self.table), dtype=np.intp)
        result[self.cells.rows] = np.repeat(np.arange(len(self.cells)), self.cells.counts)
        return result

    @property
    def is_complete(self) -> bool:
        """Whether no neuron of the level breaks a cell."""
        return not (self.cells.positive & self.cells.negative).any()

    @property
    def is_finished(self) -> bool:
        """Whether none does, and there is no further level."""
        return self.is_complete and self.table.depth + 1 == len(self.table.tables.levels)

    def one_by_one(self) -> Iterator[Cell]:
        """The cells one by one, their generators' coordinates computed when asked for.

        They have the signs of all levels; `positive` and `negative` are empty.
        """
        entry, table, cells = self.entry, self.table, self.cells
        numbers, depth = entry.numbers, table.tables.depth
        generators = [
            _TableGenerator(table, row, entry, home)
            for row, home in enumerate(cells.origin[self.homes()].tolist())
        ]
        on = numbers.to_masks(table.on)
        rows = cells.rows.tolist()
        last = zip(to_masks(cells.positive), to_masks(cells.negative), strict=True)
        end = 0
        for origin, members in groupby(
            zip(cells.origin.tolist(), cells.counts.tolist(), last, strict=True), itemgetter(0)
        ):
            before, forms = entry.signs(origin), entry.forms(origin)
            known = numbers.touching(before)
            for _, count, masks in members:
                signs = (*before, SignMasks(*masks))
                touching = known | (masks[0] | masks[1]) << numbers.first[-1]
                own = rows[end : end + count]
                end += count
                tight = [on[row] & touching for row in own]
                yield Cell(forms, signs[:depth], [generators[row] for row in own], tight, [], [])

    def taken(self, first: int, end: int) -> Block:
        """The cells from number `first` up to `end`, with only the generators they need."""
        cells = self.cells.taken(np.arange(first, end))
        needed, rows = np.unique(cells.rows, return_inverse=True)
        cells = replace(cells, slot=np.arange(len(cells)), rows=rows)
        return Block(self.entry, cells, self.table.taken(needed))


class _TableGenerator(Generator):
    """A generator of a table, whose coordinates are computed when they are first asked for."""

    __slots__ = ("_entry", "_home", "_row", "_table")

    def __init__(self, table: GeneratorTable, row: int, entry: Entry, home: int) -> None:
        self._point = None
        self._approximation = None
        self._table = table
        self._row = row
        self._entry = entry
        self._home = home

    @property
    def point(self) -> IntegerRow:
        """The coordinates."""
        if self._point is None:
            self._point = self._table.point(self._row, self._entry, self._home)
        return self._point


def _block(entry: Entry, cells: Cells, depth: int, columns: tuple[Any, ...]) -> Block:
    """A block with the tables of its entry, which are not sent along with each."""
    return Block(entry, cells, GeneratorTable(entry.tables, depth, *columns))


def starting_block(entry: StartingCells) -> Block:
    """The cells from which a walk starts, as a block."""
    rows: list[int] = []
    places: dict[IntegerRow, int] = {}
    homes: list[int] = []
    on: list[int] = []
    for home, cell in enumerate(entry.cells):
        for generator, tight in zip(cell.generators, cell.tight, strict=True):
            row = places.setdefault(generator.point, len(places))
            if row == len(homes):
                homes.append(home)
                on.append(0)
            on[row] |= tight
            rows.append(row)
    table = GeneratorTable.from_points(entry, list(places), homes, entry.numbers.to_words(on))
    counts = np.array([len(cell.generators) for cell in entry.cells])
    order = np.arange(len(counts))
    return Block(entry, cells_with_signs(table, order, counts, np.array(rows)), table)


class Descent:
    """The cells of all levels below those of a block, in order, block by block.

    Args:
        start: The block.
        most: From how many entries on blocks are cut at first; for each one that is finished it
            doubles.

    Attributes:
        rest: The blocks that are not yet finished, the next one last.
    """

    def __init__(self, start: Block, most: int = _MANY) -> None:
        self.rest = [start]
        self._most = most

    def __iter__(self) -> Iterator[Block]:
        while self.rest:
            block = self.rest.pop()
            if len(block.cells.rows) > self._most and len(block.cells) > 1:
                counts = block.cells.counts
                pieces = _pieces(block, counts, -(-counts.sum() // self._most))
                self.rest.extend(reversed(list(pieces)))
            elif block.is_finished:
                yield block
                self._most = min(2 * self._most, _MANY)
            else:
                self.rest.append(_advanced(block, 4 * self._most))


def sizes_below(start: Block) -> Iterator[int]:
    """Numbers that add up to that of the finished cells, the first one in less than a second."""
    return (len(block.cells) for block in Descent(start, _SOME))


def cells_below(start: Block) -> Iterator[Cell]:
    """The finished cells that come from those of a block, in order, the first ones at once."""
    return chain.from_iterable(block.one_by_one() for block in Descent(start, _FEW))


def divided(start: Block, count: int) -> Iterator[Block]:
    """Blocks that hold all that comes from one, in order: about so many, if it has many cells."""
    block = start
    while not block.is_finished and (len(block.cells) < _CELLS * count or block.is_complete):
        block = _advanced(block, _ROOM * count)
    if len(block.cells) == 1 or count < 2:
        yield block
    else:
        yield from _pieces(block, _expected_parts(block), count)


def _expected_parts(block: Block) -> FloatMatrix:
    """For each cell into how many parts the level's neurons would split it in general position."""
    broken = block.cells.positive & block.cells.negative
    neurons = np.bitwise_count(broken).sum(axis=1, dtype=np.float64)
    term = total = np.ones(len(neurons))
    for size in range(1, block.table.tables.dimension):
        term = term * np.maximum(neurons - (size - 1), 0.0) / size
        total = total + term
    return total


def _advanced(block: Block, limit: int) -> Block:
    """The block with its cells split, as far as the limit allows, or in the next level."""
    with np.errstate(all="ignore"):  # the bounds take care of all that can go wrong
        if not block.is_complete:
            return _split_all(block, limit)
        return _entered(block)


def _pieces(block: Block, weights: NDArray[Any], parts: int) -> Iterator[Block]:
    """A block of several cells cut into at least two, and about so many, of like weight."""
    ends = np.cumsum(weights)
    # The cell in which a part would end begins the next one, but for the first cell.
    marks = np.searchsorted(ends, np.arange(1, max(2, parts)) * (ends[-1] / max(2, parts)))
    borders = [0, *dict.fromkeys(np.maximum(marks, 1).tolist()), len(block.cells)]
    return (block.taken(first, end) for first, end in pairwise(borders))


def _split_all(block: Block, limit: int) -> Block:
    """The block with its cells split at least once, and on until none is broken or the limit."""
    cells, table = block.cells, block.table
    done: list[Cells] = []
    total = 0
    while True:
        broken = (cells.positive & cells.negative).any(axis=1)
        if not broken.all():
            done.append(cells.taken(np.flatnonzero(~broken)))
            cells = cells.taken(np.flatnonzero(broken))
        if not len(cells) or total > limit:
            break
        # Every cell that is split moves those after it by one.
        moved = np.zeros(len(cells) + sum(map(len, done)) + 1, dtype=np.intp)
        moved[cells.slot + 1] = 1
        moved = np.cumsum(moved)
        done = [replace(part, slot=part.slot + moved[part.slot]) for part in done]
        cells = replace(cells, slot=cells.slot + moved[cells.slot])
        cells = _concatenated([split(group, table, block.entry) for group in _groups(cells)])
        total = len(cells.rows) + sum(len(part.rows) for part in done)
    return block._replace(cells=_joined([*done, cells]))


def _groups(cells: Cells) -> Iterator[Cells]:
    """The cells in groups whose pairs of generators fit into memory together."""
    pairs = np.cumsum(cells.counts**2)
    if pairs[-1] <= _PAIRS:
        yield cells
        return
    group = pairs // _PAIRS
    for _, members in groupby(range(len(cells)), group.__getitem__):
        yield cells.taken(np.array(list(members)))


def _entered(block: Block) -> Block:
    """The same cells in the next level."""
    cells = block.cells
    entry = SplitCells(block.entry, cells.origin, cells.positive, cells.negative)
    table = block.table.entered(entry, block.homes())
    return Block(
        entry,
        cells_with_signs(table, np.arange(len(cells)), cells.counts, cells.rows),
        table,
    )
