"""Cells as generators with incidence, and the double-description step that splits one.

A cell of R^n is kept as the pointed cone over it in homogeneous coordinates (x, t), t ≥ 0, given by
its extreme rays ("generators": vertices have t > 0, rays t = 0), primitive integer vectors, and for
each the set of hyperplanes through it as bits of an integer.

References:
    Motzkin, Raiffa, Thompson, Thrall 1953; Fukuda and Prodon, *Double description method
    revisited*, 1996 (the combinatorial adjacency test is their Proposition 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import NamedTuple

from tropnet.networks.layer_forms import IntegerRow, LayerForms
from tropnet.networks.sign_filter import approximate_point


class Generator:
    """An extreme ray of a cell in homogeneous coordinates, primitive, the last entry t ≥ 0.

    Attributes:
        point: The coordinates.
    """

    __slots__ = ("_approximation", "_point")

    def __init__(self, point: IntegerRow) -> None:
        self._point: IntegerRow | None = point
        self._approximation: tuple[float, ...] | None = None

    @property
    def point(self) -> IntegerRow:
        """The coordinates."""
        assert self._point is not None
        return self._point

    @property
    def approximation(self) -> tuple[float, ...]:
        """The generator in float64, scaled (see `sign_filter.approximate_point`)."""
        if self._approximation is None:
            self._approximation = approximate_point(self.point)
        return self._approximation


class SignMasks(NamedTuple):
    """The neurons of one layer that are positive, and negative, somewhere on a cell, as bits."""

    positive: int
    negative: int


class Cell:
    """A cell on its way through the layers: generators, incidence, and signs of one layer on them.

    Attributes:
        forms: The affine forms of the layer being inserted.
        signs: The `SignMasks` of the layers already inserted, first layer first.
        generators: The extreme rays.
        tight: For each generator the hyperplanes through it, as bits (see `CellComplex`).
        positive: For each generator the neurons of the layer that are positive there, as bits.
        negative: The same for negative.
    """

    __slots__ = ("forms", "generators", "negative", "positive", "signs", "tight")

    def __init__(
        self,
        forms: LayerForms,
        signs: tuple[SignMasks, ...],
        generators: list[Generator],
        tight: list[int],
        positive: list[int],
        negative: list[int],
    ) -> None:
        self.forms = forms
        self.signs = signs
        self.generators = generators
        self.tight = tight
        self.positive = positive
        self.negative = negative

    def layer_signs(self) -> SignMasks:
        """Which neurons of the layer take a positive, and a negative, value on the cell."""
        positive = negative = 0
        for mask in self.positive:
            positive |= mask
        for mask in self.negative:
            negative |= mask
        return SignMasks(positive, negative)

    def mark_zeros(self, signs: SignMasks, first_bit: int) -> None:
        """Notes in `tight` where the layer's neurons vanish, though they cut nothing there.

        Args:
            signs: The result of `layer_signs`.
            first_bit: The number of the hyperplane of the layer's first neuron.
        """
        seen = signs.positive | signs.negative
        self.tight = [
            mask | (seen & ~(positive | negative)) << first_bit
            for mask, positive, negative in zip(
                self.tight, self.positive, self.negative, strict=True
            )
        ]


def entering_cell(
    forms: LayerForms,
    signs: tuple[SignMasks, ...],
    generators: list[Generator],
    tight: list[int],
) -> Cell:
    """The cell with the signs of a new layer on its generators, computed exactly."""
    everything = (1 << forms.width) - 1
    masks = [forms.exact_signs(everything, generator.point) for generator in generators]
    positive, negative = ([mask[side] for mask in masks] for side in (0, 1))
    return Cell(forms, signs, generators, tight, positive, negative)


def split_cell(cell: Cell, bit: int, number: int, dimension: int) -> tuple[Cell, Cell]:
    """The two parts of a cell on which neuron `bit` of the layer is ≥ 0, and ≤ 0.

    Args:
        cell: A cell on which the neuron takes both signs.
        bit: The neuron, as a bit of the sign masks.
        number: The number of its hyperplane in `Cell.tight`.
        dimension: The dimension of the cones, one more than that of the cell.
    """
    forms, generators, tight = cell.forms, cell.generators, cell.tight
    positive, negative = cell.positive, cell.negative
    neuron, mark = bit.bit_length() - 1, 1 << number
    above, below = [], []
    shared: list[Generator] = []
    shared_tight: list[int] = []
    shared_positive: list[int] = []
    shared_negative: list[int] = []
    for index, mask in enumerate(positive):
        if mask & bit:
            above.append(index)
        elif negative[index] & bit:
            below.append(index)
        else:
            shared.append(generators[index])
            shared_tight.append(tight[index] | mark)
            shared_positive.append(mask)
            shared_negative.append(negative[index])
    values: dict[int, int] = {}
    for i, j in _edges(tight, above, below, dimension):
        first, second = generators[i].point, generators[j].point
        if i not in values:
            values[i] = forms.value(neuron, first)
        if j not in values:
            values[j] = forms.value(neuron, second)
        point = _zero_between(first, values[i], second, values[j])
        opposite = positive[i] & negative[j] | negative[i] & positive[j]
        plus, minus = forms.exact_signs(opposite ^ bit, point)
        shared.append(Generator(point))
        shared_tight.append(tight[i] & tight[j] | mark)
        shared_positive.append((positive[i] | positive[j]) & ~opposite | plus)
        shared_negative.append((negative[i] | negative[j]) & ~opposite | minus)

    def part(side: list[int]) -> Cell:
        return Cell(
            forms,
            cell.signs,
            [generators[i] for i in side] + shared,
            [tight[i] for i in side] + shared_tight,
            [positive[i] for i in side] + shared_positive,
            [negative[i] for i in side] + shared_negative,
        )

    return part(above), part(below)


def cut_cell(cell: Cell, bit: int, number: int, dimension: int) -> Cell | None:
    """The part of a cell where form `bit` is non-negative, None if that has no interior."""
    signs = cell.layer_signs()
    if not signs.negative & bit:
        return cell
    if not signs.positive & bit:
        return None
    return split_cell(cell, bit, number, dimension)[0]


def _edges(
    tight: list[int], above: list[int], below: list[int], dimension: int
) -> Iterator[tuple[int, int]]:
    """The pairs of generators on opposite sides that span an edge (a two-dimensional face)."""
    simple = dimension - 1
    counts = [mask.bit_count() for mask in tight]
    for i in above:
        mask, is_simple = tight[i], counts[i] == simple
        for j in below:
            common = mask & tight[j]
            if common.bit_count() < dimension - 2:
                continue
            # On exactly dimension - 1 hyperplanes they are independent facets, and any
            # dimension - 2 of them meet in an edge; otherwise no third generator may lie on it.
            if is_simple or counts[j] == simple or _is_edge(tight, i, j, common):
                yield i, j


def _is_edge(tight: list[int], i: int, j: int, common: int) -> bool:
    return not any(mask & common == common for k, mask in enumerate(tight) if k not in (i, j))


def _zero_between(first: IntegerRow, above: int, second: IntegerRow, below: int) -> IntegerRow:
    """The primitive point on the edge where a form with values above > 0 > below vanishes."""
    divisor = gcd(above, below)
    left, right = -below // divisor, above // divisor
    point = [left * a + right * b for a, b in zip(first, second, strict=True)]
    common = gcd(*point)
    return tuple(entry // common for entry in point) if common > 1 else tuple(point)
