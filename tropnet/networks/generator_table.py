"""Generators of many cells at once: float64 with proved bounds, exact where these do not decide.

A *generator* is an extreme ray of the cone over a cell, known up to a positive factor (see
`cells`).  All that the engine needs of it are the signs of the neurons and the hyperplanes through
it; both are always exact.  Its coordinates and the values of the neurons of the level being
inserted are kept as float64 numbers q with bounds e,

    |q − (true value)| ≤ e,

for one scaling of the generator, the same for all its columns, whose coordinate s is q exactly.

**The values belong to the generator, not to the cell.**  A network is continuous, and so is the
function of directions that it tends to far out, so that the form of a neuron on any cell around a
generator has the same value there.  Thus a level is entered by one matrix product for all
generators, and a generator that many cells share is looked at once.

**The bounds.**  See `bounded_arithmetic`.

**Small integers.**  Where a generator's coordinates and values are integers that float64 holds, the
same arithmetic without the division by N is exact; the point is then divided by the greatest common
divisor of its coordinates.  Such generators have bounds 0, so that their zeros are certain, too.

**Elsewhere** the generator is computed from the hyperplanes through it in exact arithmetic.

References:
    Shewchuk, *Adaptive precision floating-point arithmetic and fast robust geometric predicates*,
    1997 (filters); Berzins, *Polyhedral complex extraction from ReLU networks using edge
    subdivision*, 2023 (values at shared generators, in floating point).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

from tropnet.networks.bounded_arithmetic import (
    EXACT,
    combined_integers,
    interpolated,
    product,
    rounded,
    widen,
)
from tropnet.networks.layer_forms import IntegerRow, LayerForms
from tropnet.networks.level_entry import Entry
from tropnet.networks.level_tables import (
    UNIT_ROUNDOFF,
    WORD,
    Booleans,
    ComplexTables,
    Words,
    packed,
    unpacked,
)
from tropnet.networks.ragged import Growing, Indices
from tropnet.networks.sign_filter import FloatMatrix


class GeneratorTable:
    """Generators and the signs of one level on them.

    Attributes:
        tables: The levels.
        depth: The level.
        first: The first column of the values of the level.  Before it are the coordinates and the
            rectified values of earlier levels that later ones read.
        units: For each column the power of two by which it is divided, beside integer forms.
    """

    __slots__ = (
        *("_bounds", "_ends", "_integral", "_negative", "_on", "_positive", "_values"),
        *("depth", "first", "tables", "units"),
    )

    def __init__(
        self,
        tables: ComplexTables,
        depth: int,
        values: FloatMatrix,
        bounds: FloatMatrix,
        integral: Booleans,
        on: Words,
        positive: Words,
        negative: Words,
        ends: Indices | None = None,
    ) -> None:
        self.tables = tables
        self.depth = depth
        self._values = Growing(values)
        self._bounds = Growing(bounds)
        self._integral = Growing(integral)
        self._on = Growing(on)
        self._positive = Growing(positive)
        self._negative = Growing(negative)
        self._ends = Growing(np.full((len(values), 2), -1) if ends is None else ends)
        self.first = tables.dimension + sum(
            tables.levels[source].width for source in tables.levels[depth].carried
        )
        self.units = tables.column_units[depth]

    @property
    def values(self) -> FloatMatrix:
        """Shape (generators, columns): coordinates, rectified values of earlier levels, values."""
        return self._values.rows

    @property
    def bounds(self) -> FloatMatrix:
        """Bounds on the errors of `values`, of the same shape."""
        return self._bounds.rows

    @property
    def integral(self) -> Booleans:
        """Whether a row is exact, in integers."""
        return self._integral.rows

    @property
    def on(self) -> Words:
        """For each generator the hyperplanes through it, of this level and those before."""
        return self._on.rows

    @property
    def positive(self) -> Words:
        """The neurons of the level that are positive there."""
        return self._positive.rows

    @property
    def negative(self) -> Words:
        """The neurons of the level that are negative there."""
        return self._negative.rows

    def __len__(self) -> int:
        return len(self.values)

    @property
    def ends(self) -> Indices:
        """For each generator that lies between two others of its level these two, else −1, −1."""
        return self._ends.rows

    @property
    def columns(self) -> tuple[NDArray[Any], ...]:
        """All there is to know of the generators, in the order of the constructor."""
        signs = self.positive, self.negative
        return self.values, self.bounds, self.integral, self.on, *signs, self.ends

    def taken(self, chosen: Indices) -> GeneratorTable:
        """Some of the generators."""
        # An end that is not taken along is no longer needed.
        place = np.full(len(self) + 1, -1)
        place[chosen] = np.arange(len(chosen))
        ends = place[self.ends[chosen]]
        ends[(ends < 0).any(axis=1)] = -1
        kept: list[Any] = [column[chosen] for column in self.columns]
        kept[-1] = ends
        return GeneratorTable(self.tables, self.depth, *kept)

    @classmethod
    def from_points(
        cls,
        around: Entry,
        points: Sequence[IntegerRow],
        homes: Sequence[int],
        on: Words,
    ) -> GeneratorTable:
        """Generators given exactly.

        Args:
            around: The cells.
            points: Their coordinates, primitive integers.
            homes: For each a cell to which it belongs.
            on: The hyperplanes through them of the levels before.
        """
        tables, depth = around.tables, around.forms(homes[0]).depth
        units = tables.column_units[depth]
        table, size = tables.levels[depth], len(points)
        result = cls(
            tables,
            depth,
            np.zeros((size, len(units))),
            np.zeros((size, len(units))),
            np.zeros(size, dtype=bool),
            on,
            np.zeros((size, table.words), dtype=np.uint64),
            np.zeros((size, table.words), dtype=np.uint64),
        )
        for row, (point, home) in enumerate(zip(points, homes, strict=True)):
            result._set_exactly(row, point, around.forms(home))
        result._note_zeros(0)
        return result

    def entered(self, around: Entry, homes: Indices) -> GeneratorTable:
        """The same generators with the signs of the next level.

        Args:
            around: The cells in the next level.
            homes: For each generator a cell to which it belongs.
        """
        tables, depth = self.tables, self.depth + 1
        table, old = tables.levels[depth], tables.levels[self.depth]
        dimension = tables.dimension
        on = unpacked(self.positive, old.width)
        rectified = np.where(on, self.values[:, self.first :], 0.0)
        rectified_bounds = np.where(on, self.bounds[:, self.first :], 0.0)
        # Blocks of columns by the level they belong to.
        blocks = {self.depth: (rectified, rectified_bounds)}
        column = dimension
        for source in old.carried:
            part = slice(column, column + tables.levels[source].width)
            blocks[source] = self.values[:, part], self.bounds[:, part]
            column = part.stop
        read = [blocks[source] for source in table.level.sources]
        inputs, input_bounds = self._inputs(table.level.inputs)
        A = np.concatenate([*(block for block, _ in read), inputs], axis=1)
        room = np.concatenate([*(bound for _, bound in read), input_bounds], axis=1)
        values = product(A, table.weight)
        moduli = np.abs(A)
        moduli *= tables.gamma
        moduli += room
        bounds = product(moduli, table.modulus)
        integral = self.integral
        if integral.any():
            fits = bounds * table.unit < EXACT * tables.gamma
            integral = integral & fits.all(axis=1) & (input_bounds == 0).all(axis=1)
        widen(values, bounds)
        bounds[integral] = 0.0
        kept = [blocks[source] for source in table.carried]
        result = GeneratorTable(
            tables,
            depth,
            np.concatenate(
                [self.values[:, :dimension], *(block for block, _ in kept), values], axis=1
            ),
            np.concatenate(
                [self.bounds[:, :dimension], *(bound for _, bound in kept), bounds], axis=1
            ),
            integral,
            self.on.copy(),
            packed(values > bounds),
            packed(values < -bounds),
        )
        undecided = table.full & ~(result.positive | result.negative)
        rows = np.flatnonzero(undecided.any(axis=1) & ~integral)
        if len(rows):
            # Neurons that nothing reaches vanish; nothing needs to be computed for them.
            reached = (A[rows] != 0) | (room[rows] != 0)
            zero = ~(reached.astype(np.float64) @ (table.weight != 0) > 0) & tables.reliable
            left = undecided[rows] & ~packed(zero)
            for row in rows[left.any(axis=1)]:
                result._compute(int(row), around, int(homes[row]))
        result._note_zeros(0)
        return result

    def _inputs(self, wanted: bool) -> tuple[FloatMatrix, FloatMatrix]:
        """The columns of (x, t) and their bounds, or of t alone."""
        tables = self.tables
        coordinates = self.values[:, : tables.dimension]
        if not wanted:
            # t is a multiple of s, which is exact.
            t = coordinates[:, -1:] * tables.frame[-1, -1]
            return t, (0.0 if tables.plain else 4 * UNIT_ROUNDOFF) * t
        inputs = product(coordinates, tables.frame)
        room = self.bounds[:, : tables.dimension] + tables.gamma * np.abs(coordinates)
        bounds = product(room, tables.frame_modulus)
        exact = self.integral & ((bounds * tables.frame_unit < EXACT * tables.gamma).all(axis=1))
        widen(inputs, bounds)
        bounds[exact] = 0.0
        return inputs, bounds

    def between(
        self,
        first: Indices,
        second: Indices,
        neurons: Indices,
        around: Entry,
        homes: Indices,
    ) -> None:
        """Appends the points on edges where a neuron of the level vanishes.

        Args:
            first: The ends of the edges at which the neuron is positive.
            second: Those at which it is negative.
            neurons: For each edge the neuron.
            around: The cells.
            homes: For each edge a cell to which it belongs.
        """
        tables, table = self.tables, self.tables.levels[self.depth]
        size, columns = len(self), self.first + neurons
        ends = self._line(first, second, neurons)
        above, below = self.values[ends[:, 0]], self.values[ends[:, 1]]
        above_bounds, below_bounds = self.bounds[ends[:, 0]], self.bounds[ends[:, 1]]
        every = np.arange(len(first))
        # The true numbers are positive.
        a = np.maximum(-below[every, columns], 0.0)
        b = np.maximum(above[every, columns], 0.0)
        values, bounds = interpolated(
            above, above_bounds, below, below_bounds, a, b, tables.dimension - 1, every, columns
        )
        integral = np.asarray(self.integral[ends].all(axis=1))
        if integral.any():
            rows = np.flatnonzero(integral)
            unit = self.units[columns[rows]]
            exact, fits = combined_integers(
                above[rows], below[rows], a[rows] * unit, b[rows] * unit, self.units,
                tables.dimension,
            )  # fmt: skip
            integral[rows] = fits
            values[rows[fits]] = exact[fits]
            bounds[rows[fits]] = 0.0
        twins = table.twins[neurons]
        plus, minus = self.positive[first], self.negative[first]
        other_plus, other_minus = self.positive[second], self.negative[second]
        opposite = (plus & other_minus) | (minus & other_plus)
        plus, minus = (plus | other_plus) & ~opposite, (minus | other_minus) & ~opposite
        opposite &= ~twins
        level = values[:, self.first :]
        room = bounds[:, self.first :]
        plus |= packed(level > room) & opposite
        minus |= packed(level < -room) & opposite
        self._values.append(values)
        self._bounds.append(bounds)
        self._integral.append(integral)
        self._positive.append(plus)
        self._negative.append(minus)
        self._on.append(self.on[first] & self.on[second])
        self._ends.append(ends)
        undecided = (opposite & ~(plus | minus)).any(axis=1) & ~integral
        for row in np.flatnonzero(undecided):
            # Besides the edge's own hyperplanes, the neuron that ends it.
            word = tables.first_words[self.depth] + int(neurons[row]) // WORD
            self.on[size + row, word] |= np.uint64(1 << int(neurons[row]) % WORD)
            self._compute(size + int(row), around, int(homes[row]))
        self._note_zeros(size)

    def _line(self, first: Indices, second: Indices, neurons: Indices) -> Indices:
        """The ends that the lines of edges had before the level's neurons cut them.

        All forms of the level are affine between these, too, so that a point of the edge can be
        computed from them, and its bound does not grow with the number of cuts.  In each row the
        end at which the neuron is positive comes first.
        """
        ends, others = self.ends[first], self.ends[second]
        same = (ends == others).all(axis=1) & (ends[:, 0] >= 0)
        first_between = same | (ends == second[:, None]).any(axis=1)
        second_between = (others == first[:, None]).any(axis=1)
        pairs = np.stack([first, second], axis=1)
        pairs[second_between] = others[second_between]
        pairs[first_between] = ends[first_between]
        word, bit = neurons // WORD, (neurons % WORD).astype(np.uint64)
        swapped = (self.positive[pairs[:, 0], word] >> bit & np.uint64(1)) == 0
        pairs[swapped] = pairs[swapped, ::-1]
        return pairs

    def _note_zeros(self, start: int) -> None:
        """Sets the bits of the level's hyperplanes for the rows from `start` on."""
        tables = self.tables
        table, word = tables.levels[self.depth], tables.first_words[self.depth]
        zero = table.full & ~(self.positive[start:] | self.negative[start:])
        self.on[start:, word : word + table.words] = zero

    def point(self, row: int, around: Entry, home: int) -> IntegerRow:
        """The primitive coordinates of a generator.

        Args:
            row: Its number.
            around: The cells.
            home: One to which it belongs.
        """
        if self.integral[row]:
            return tuple(map(int, self.values[row, : self.tables.dimension].tolist()))
        return around.ray(home, self.on[row])

    def _compute(self, row: int, around: Entry, home: int) -> None:
        """Replaces a row by the exact values, rounded, and exact signs."""
        point = around.ray(home, self.on[row])
        self._set_exactly(row, point, around.forms(home))

    def _set_exactly(self, row: int, point: IntegerRow, forms: LayerForms) -> None:
        table = self.tables.levels[self.depth]
        rows = [
            line if active >> i & 1 else None
            for source in table.carried
            for before, active in forms.ancestors()
            if before.depth == source
            for i, line in enumerate(before.matrix())
        ]
        lines = [line for line in rows if line is not None] + forms.matrix()
        matrix = flint.fmpz_mat(len(lines), len(point), [entry for line in lines for entry in line])
        found = iter((matrix * flint.fmpz_mat([[entry] for entry in point])).entries())
        numbers = [
            *point,
            *(0 if line is None else int(next(found)) for line in rows),
            *map(int, found),
        ]
        signs = np.array([[z > 0, z < 0] for z in numbers[self.first :]], dtype=bool).reshape(-1, 2)
        self.positive[row], self.negative[row] = packed(signs.T)
        exponents = self.tables.column_exponents[self.depth]
        small = max(map(abs, numbers)) < EXACT and np.isfinite(self.units).all()
        if small and self.tables.reliable:
            self.integral[row] = True
            self.bounds[row] = 0.0
            self.values[row] = [z / (1 << e) for z, e in zip(numbers, exponents, strict=True)]
            return
        self.integral[row] = False
        scale = point[-1] or 1 << max(abs(entry).bit_length() for entry in point)
        for column, (z, e) in enumerate(zip(numbers, exponents, strict=True)):
            self.values[row, column], self.bounds[row, column] = rounded(z, scale << e)
        if not self.tables.reliable:
            self.bounds[row] = np.inf
        self.bounds[row, len(point) - 1] = 0.0
