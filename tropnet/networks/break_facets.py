"""The facets along which a network breaks, with weights, read off its stream of regions.

A facet of a region in the zero set of one neuron k alone separates it from the region with the same
pattern but for k.  Where z_k > 0 the gradient is larger by v_k ⊗ ∇z_k, with v_k the derivative of
the outputs by the activation of k, so the facet's weight is v_k · g for ∇z_k = g·u, u primitive.
It is reported from the side where z_k > 0.  The v_k depend on the pattern of the later layers only.

Where several neurons vanish on a facet (duplicates, multiples of each other, neurons that are zero
on a whole side) their signs behind it follow from each other: every preactivation there is a scalar
multiple of the facet's own form away from its continuation, and one pass through the layers finds
these scalars.  Such a facet is reported from the side where u·x > c.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import or_
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import format_fraction
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell
from tropnet.networks.derivatives import OutputDerivatives
from tropnet.networks.layer_forms import Hyperplane, IntegerRow, LayerForms, hyperplane
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import domain_constraints
from tropnet.piecewise import Facet
from tropnet.piecewise.affine_cells import check_domain, full_dimensional
from tropnet.piecewise.facet import Weight, format_weight
from tropnet.polyhedra import DoubleDescription, Polyhedron


class BreakFacet:
    """A facet of a network's canonical complex on which the network breaks.

    Attributes:
        normal: The primitive normal u, its first non-zero entry positive.
        offset: c; the facet lies in u·x = c.
        weight: (gradient where u·x > c) − (gradient where u·x < c) = weight ⊗ u; a number for a
            network with one output.
    """

    __slots__ = ("_cell", "_on", "_walk", "normal", "offset", "weight")

    def __init__(self, walk: _Walk, cell: Cell, on: int, wall: Hyperplane, weight: Weight) -> None:
        self.normal = wall.normal
        self.offset = wall.offset
        self.weight = weight
        self._walk = walk
        self._cell = cell
        self._on = on

    @property
    def polyhedron(self) -> Polyhedron:
        """The facet as a polyhedron (made at every call)."""
        return self._walk.polyhedron(self._cell, self._on)

    def to_facet(self) -> Facet:
        """The same as a facet of a `WeightedComplex`."""
        return Facet(self.normal, self.offset, self.weight, self.polyhedron)

    def __repr__(self) -> str:
        normal = ", ".join(format_fraction(Fraction(entry)) for entry in self.normal)
        where = f"({normal})·x = {format_fraction(self.offset)}"
        return f"<BreakFacet of weight {format_weight(self.weight)} in {where}>"


def break_facets(net: ReLUNetwork, domain: Polyhedron | None = None) -> Iterator[BreakFacet]:
    """The facets along which a network breaks, with their weights, as a lazy stream.

    Args:
        net: Any network.
        domain: A polyhedron of full dimension; only what lies in its interior is given, cut to it.

    Guarantees:
        Exact and complete: the facets of the network's canonical complex on which the weight is
        not zero, each once, in an order that depends on the parameters alone.  They are a
        subdivision of the break locus by all neurons, not a canonical one.  Memory does not grow
        with their number.

    References:
        Masden, *Algorithmic determination of the combinatorial structure of the linear regions of
        ReLU neural networks*, 2022 (the canonical polyhedral complex).

    >>> modulus = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> list(break_facets(modulus))
    [<BreakFacet of weight 2 in (1)·x = 0>]
    """
    if not isinstance(net, ReLUNetwork):
        raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
    check_domain(domain, net.input_width)
    full_dimensional(domain, "break_facets")
    return _Walk(net, domain).facets()


class _Above(NamedTuple):
    """What the cells have in common that differ in the last hidden layer only.

    Attributes:
        forms: The forms of all layers, first layer first.
        active: The active neurons of each layer but the last, as bits.
        positive: The same of all these layers, as bits of hyperplanes.
        seen: The neurons of these layers that do not vanish identically.
    """

    forms: list[LayerForms]
    active: tuple[int, ...]
    positive: int
    seen: int


class _Walk:
    """One pass over the regions of a network."""

    def __init__(self, net: ReLUNetwork, domain: Polyhedron | None) -> None:
        form = net.integer_form
        constraints = domain_constraints(domain) if domain is not None else []
        self._constraints = constraints
        self._cells = CellComplex(form.levels, net.input_width, constraints)
        self._hyperplane = self._lifted_hyperplane if self._cells.lines else LayerForms.hyperplane
        self._derivatives = OutputDerivatives(form)
        self._weights = [
            [tuple(map(int, row[:-1])) for row in matrix.tolist()]
            for matrix in (*form.hidden, form.output)
        ]
        # Bits below are the hyperplane at infinity and those of the domain.
        self._first = 1 + len(constraints)
        self._boundary = (1 << self._first) - 2
        self._first_bits = []
        bit = self._first
        self._layer_of: list[tuple[int, int]] = []
        for depth, matrix in enumerate(form.hidden):
            self._first_bits.append(bit)
            self._layer_of += [(depth, neuron) for neuron in range(matrix.nrows())]
            bit += matrix.nrows()
        self._neurons = (1 << bit) - (1 << self._first)

    def facets(self) -> Iterator[BreakFacet]:
        above: _Above | None = None
        for cell in self._cells:
            if cell.signs:
                if above is None or above.forms[-1] is not cell.forms:
                    above = self._above(cell)
                yield from self._facets_of(cell, above)

    def _above(self, cell: Cell) -> _Above:
        active, positive, seen = [], 0, 0
        for first, (above, below) in zip(self._first_bits, cell.signs[:-1], strict=False):
            active.append(above)
            positive |= above << first
            seen |= (above | below) << first
        return _Above(_by_depth(cell), tuple(active), positive, seen)

    def _facets_of(self, cell: Cell, above: _Above) -> Iterator[BreakFacet]:
        tight, full = cell.tight, self._cells.dimension - 1
        simple = touched = reduce(or_, tight)
        if max(map(int.bit_count, tight)) > full:
            simple = reduce(or_, (mask for mask in tight if mask.bit_count() == full), 0)
        last = cell.signs[-1]
        positive = above.positive | last.positive << self._first_bits[-1]
        seen = above.seen | (last.positive | last.negative) << self._first_bits[-1]
        vanishing = self._neurons ^ seen
        forms, active = above.forms, (*above.active, last.positive)
        # A generator on no more hyperplanes than it must lie on has only facets through it, each
        # on one hyperplane.  What no such generator lies on is looked at more closely.
        alone = 0 if vanishing else simple & self._neurons
        shared: list[int] = []
        if rest := touched & self._neurons & ~alone:
            for group in self._groups(cell, touched, rest):
                if group & (group - 1) or vanishing:
                    shared.append(group)
                else:
                    alone |= group
        alone &= positive
        while alone:
            bit = alone & -alone
            alone ^= bit
            depth, neuron = self._layer_of[bit.bit_length() - 1 - self._first]
            wall = self._hyperplane(forms[depth], neuron)
            weight = self._derivatives.jump(depth, neuron, wall.size, active)
            if weight is not None:
                yield BreakFacet(self, cell, bit, wall, weight)
        for group in shared:
            found = self._shared(cell, forms, group, vanishing, positive)
            if found is not None:
                yield found

    def polyhedron(self, cell: Cell, on: int) -> Polyhedron:
        """A face of a cell: the part on some hyperplanes, given as bits."""
        members = [
            (generator, mask)
            for generator, mask in zip(cell.generators, cell.tight, strict=True)
            if mask & on == on
        ]
        touching = 0
        for _, mask in members:
            touching |= mask
        forms = _by_depth(cell)
        rows = [self._bound(cell, forms, number) for number in _bits(touching & ~on) if number]
        equations = [self._bound(cell, forms, number) for number in _bits(on)]
        points = [self._cells.point(generator.point) for generator, _ in members]
        lines = [(*line, 0) for line in self._cells.lines]
        return Polyhedron(self._cells.inputs, DoubleDescription(rows, equations, points, lines))

    def _bound(self, cell: Cell, forms: Sequence[LayerForms], number: int) -> IntegerRow:
        """A hyperplane that touches a cell, as a form (a, b) on R^n with a·x + b ≥ 0 there."""
        if number < self._first:
            return self._constraints[number - 1]
        depth, neuron = self._layer_of[number - self._first]
        row = forms[depth].row(neuron)
        if self._cells.lines:
            row, _ = self._cells.lifted(row)
        return row if cell.signs[depth].positive >> neuron & 1 else tuple(-x for x in row)

    def _groups(self, cell: Cell, touched: int, wanted: int) -> list[int]:
        """The wanted neurons whose hyperplanes cut out facets, as one bit set for each facet."""
        vertices = sum(1 << i for i, g in enumerate(cell.generators) if g.point[-1])
        members: dict[int, int] = {}
        while touched:
            bit = touched & -touched
            touched ^= bit
            on = sum(1 << i for i, mask in enumerate(cell.tight) if mask & bit)
            members[on] = members.get(on, 0) | bit
        return [
            hyperplanes & self._neurons
            for on, hyperplanes in members.items()
            if on & vertices
            and hyperplanes & self._neurons & wanted
            and not hyperplanes & self._boundary
            and not any(on != other and on & other == on for other in members)
        ]

    def _lifted_hyperplane(self, forms: LayerForms, neuron: int) -> Hyperplane:
        """Where a form vanishes in R^n, though the cells are divided by their lines."""
        row, factor = self._cells.lifted(forms.row(neuron))
        found = hyperplane(row)
        return found._replace(factor=Fraction(found.factor, factor))

    def _shared(
        self,
        cell: Cell,
        forms: Sequence[LayerForms],
        group: int,
        vanishing: int,
        positive: int,
    ) -> BreakFacet | None:
        """The facet on which several neurons vanish, if f breaks and the cell is to report it.

        Args:
            cell: The cell.
            forms: The forms of all layers on it.
            group: The neurons that vanish on the facet and not on the cell, as bits.
            vanishing: The neurons that vanish on the cell.
            positive: Those that are positive on it.
        """
        lowest = group & -group
        depth, neuron = self._layer_of[lowest.bit_length() - 1 - self._first]
        wall = self._hyperplane(forms[depth], neuron)
        row, factor = forms[depth].row(neuron), wall.factor
        if not lowest & positive:
            row, factor = tuple(-entry for entry in row), -factor
        if factor < 0:
            return None
        # The gradient behind the facet is larger by changes ⊗ ∇h; the facet's side is in front.
        changes = self._changes_behind(forms, row, group | vanishing, positive)
        if not any(changes):
            return None
        weight = self._derivatives.weight([-change for change in changes], factor)
        return BreakFacet(self, cell, group, wall, weight)

    def _changes_behind(
        self, forms: Sequence[LayerForms], row: IntegerRow, shared: int, positive: int
    ) -> list[Fraction]:
        """For each output the d with (output behind the facet) = (output continued) + d·h.

        Args:
            forms: The forms of all layers on a cell.
            row: The form h of a facet of the cell, h ≥ 0 on the cell.
            shared: The neurons that vanish on the facet, as bits.
            positive: The neurons that are positive on the cell.
        """
        pivot = next(j for j, entry in enumerate(row) if entry)
        nothing = Fraction(0)
        changes: list[Fraction] = []
        for depth, weights in enumerate(self._weights[:-1]):
            after = []
            for neuron, weight in enumerate(weights):
                bit = 1 << self._first_bits[depth] + neuron
                change = _combined(weight, changes) if depth else nothing
                if shared & bit:
                    front = Fraction(forms[depth].row(neuron)[pivot], row[pivot])
                    change = min(front + change, nothing) - max(front, nothing)
                elif not positive & bit:
                    change = nothing
                after.append(change)
            changes = after
        return [_combined(weight, changes) for weight in self._weights[-1]]


def _by_depth(cell: Cell) -> list[LayerForms]:
    """The forms of all layers on a finished cell, first layer first."""
    forms: list[LayerForms] = []
    latest: LayerForms | None = cell.forms
    while latest is not None:
        forms.append(latest)
        latest = latest.parent
    forms.reverse()
    return forms


def _bits(mask: int) -> Iterator[int]:
    """The positions of the bits that are set."""
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1


def _combined(weights: IntegerRow, changes: Sequence[Fraction]) -> Fraction:
    terms = (w * change for w, change in zip(weights, changes, strict=True) if change)
    return sum(terms, Fraction(0))
