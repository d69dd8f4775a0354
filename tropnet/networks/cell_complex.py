"""The region engine: a network's activation regions as a stream of cells.

Neurons are inserted one at a time, layer by layer; one whose affine form takes both signs on the
generators of a cell splits it.  Depth first: memory grows with depth and width, never with the
number of regions.  Signs are decided by `sign_filter` where its bound certifies them and exactly
elsewhere; the result never depends on floating point.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import flint
import numpy as np
from numpy.typing import NDArray

from tropnet.exact import nullspace, primitive_vector, row_echelon
from tropnet.networks.cells import Cell, Generator, SignMasks, cut_cell, split_cell
from tropnet.networks.integer_form import IntegerForm
from tropnet.networks.layer_forms import IntegerRow, LayerForms
from tropnet.networks.sign_filter import FloatForms, SignFilter


class CellComplex:
    """The activation regions of an integer network, as a lazy stream of cells.

    Regions that contain lines are divided by their common lineality space: the coordinates in
    `line_pivots` are set to 0, which picks one point of each line.

    Args:
        form: The network.
        constraints: Integer rows (a, b); only the part of R^n with a·x + b ≥ 0 is subdivided.  It
            must be full-dimensional; otherwise there are no cells.

    Attributes:
        lines: A basis of the lineality space in reduced echelon form, primitive integer vectors.
        kept: The coordinates that remain; a generator's entries are these and t.
    """

    def __init__(self, form: IntegerForm, constraints: Sequence[IntegerRow] = ()) -> None:
        self._form = form
        self._constraints = constraints
        first = form.hidden[0] if form.hidden else form.output
        columns = first.ncols() - 1
        first_rows = [tuple(map(int, row)) for row in first.tolist()] if form.hidden else []
        rows = [*constraints, *first_rows]
        lines, pivots = row_echelon(nullspace([row[:-1] for row in rows], columns))
        self.lines = tuple(primitive_vector(line) for line in lines)
        self.kept = tuple(j for j in range(columns) if j not in pivots)
        self._dimension = len(self.kept) + 1
        self._rows = [tuple(row[j] for j in (*self.kept, columns)) for row in rows]
        self._weights = list(form.hidden)
        if self._weights:
            self._weights[0] = flint.fmpz_mat(self._rows[len(constraints) :])
        self._first_bits = []
        bit = 1 + len(constraints)
        for weight in self._weights:
            self._first_bits.append(bit)
            bit += weight.nrows()
        sign_filter = SignFilter(self._weights) if self._weights else None
        self._filter = sign_filter if sign_filter is not None and sign_filter.reliable else None

    def __iter__(self) -> Iterator[Cell]:
        """The cells, depth first, in an order that depends on the parameters alone."""
        if not self._weights:
            forms = LayerForms(0, flint.fmpz_mat(0, self._dimension), None, 0, None)
        else:
            approximate = self._filter.first_layer() if self._filter else None
            forms = LayerForms(0, self._weights[0], None, 0, approximate)
        for generators, tight in self._constrained_cones():
            yield from self._subdivide(self._enter(forms, (), generators, tight))

    def hyperplane(self, cell: Cell, bit: int) -> IntegerRow | None:
        """The form (a, b) with a·x + b ≥ 0 on the cell whose hyperplane `bit` of `tight` is.

        Its entries are those of the generators; None for the hyperplane at infinity, bit 0.
        """
        if bit == 0:
            return None
        if bit <= len(self._constraints):
            return self._rows[bit - 1]
        layer = max(i for i, first in enumerate(self._first_bits) if first <= bit)
        neuron = bit - self._first_bits[layer]
        forms: LayerForms | None = cell.forms
        while forms is not None and forms.layer > layer:
            forms = forms.parent
        assert forms is not None
        row = forms.row(neuron)
        return row if cell.signs[layer].positive >> neuron & 1 else tuple(-entry for entry in row)

    def _subdivide(self, start: Cell) -> Iterator[Cell]:
        stack = [start]
        while stack:
            cell = stack.pop()
            signs = cell.layer_signs()
            broken = signs.positive & signs.negative
            if broken:
                bit = broken & -broken
                number = self._first_bits[cell.forms.layer] + bit.bit_length() - 1
                stack.extend(reversed(split_cell(cell, bit, number, self._dimension)))
                continue
            all_signs = (*cell.signs, signs)
            layer = cell.forms.layer + 1
            if layer >= len(self._weights):
                cell.signs = all_signs if self._weights else ()
                yield cell
                continue
            forms = LayerForms(
                layer,
                self._weights[layer],
                cell.forms,
                signs.positive,
                self._approximate(layer, cell.forms, signs.positive),
            )
            stack.append(self._enter(forms, all_signs, cell.generators, cell.tight))

    def _approximate(self, layer: int, parent: LayerForms, active: int) -> FloatForms | None:
        if self._filter is None or parent.approximate is None:
            return None
        width = parent.width
        bits = np.frombuffer(
            (active | 1 << width).to_bytes(width // 8 + 1, "little"), dtype=np.uint8
        )
        mask = np.unpackbits(bits, count=width + 1, bitorder="little").view(np.bool_)
        return self._filter.next_layer(layer, parent.approximate, mask[:, None])

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
        count = len(self._constraints)
        if any(not any(row[:-1]) and row[-1] < 0 for row in self._rows[:count]):
            return
        forms = LayerForms(-1, flint.fmpz_mat(self._rows[:count]), None, 0, None) if count else None
        for generators, tight in self._simplicial_cones():
            if forms is None:
                yield generators, tight
                continue
            cell: Cell | None = self._enter(forms, (), generators, tight)
            for number in range(count):
                cell = cut_cell(cell, 1 << number, number + 1, self._dimension) if cell else None
            if cell is not None:
                yield cell.generators, cell.tight

    def _simplicial_cones(self) -> Iterator[tuple[list[Generator], list[int]]]:
        """The 2^r cones (r = rank) between r independent hyperplanes; the apex is their point."""
        size = self._dimension - 1
        if size == 0:
            yield [Generator((1,))], [0]
            return
        _, basis = row_echelon(list(zip(*(row[:-1] for row in self._rows), strict=True)))
        matrix = flint.fmpz_mat([self._rows[i][:-1] for i in basis])
        adjugate, denominator = flint.fmpq_mat(matrix).inv().numer_denom()
        offsets = flint.fmpz_mat([[-self._rows[i][-1]] for i in basis])
        apex = _on_ray([*(adjugate * offsets).entries(), denominator])
        directions = [_on_ray([*column, 0]) for column in adjugate.transpose().tolist()]
        sides = [(Generator(ray), Generator(tuple(-entry for entry in ray))) for ray in directions]
        hyperplanes = sum(1 << (i + 1) for i in basis)
        tight = [hyperplanes, *(hyperplanes ^ 1 << (i + 1) | 1 for i in basis)]
        top = Generator(apex)
        choices = [
            pair[:1] if i < len(self._constraints) else pair
            for i, pair in zip(basis, sides, strict=True)
        ]
        for rays in product(*choices):
            yield [top, *rays], tight


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
