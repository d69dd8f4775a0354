"""Activation regions of a network, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, primitive_vector, row_echelon
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell
from tropnet.networks.integer_form import IntegerForm
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.layers import AffineLayer
from tropnet.networks.network import ReLUNetwork
from tropnet.polyhedra import AffineChart, DoubleDescription, Polyhedron

Pattern: TypeAlias = tuple[tuple[int, ...], ...]


def activation_regions(
    net: ReLUNetwork, domain: Polyhedron | None = None
) -> Iterator[ActivationRegion]:
    """The activation regions of a network, as a lazy stream.

    The region of a set S of hidden neurons is {x : z_n(x) ≥ 0 for n in S, ≤ 0 otherwise}, the
    preactivations z_n being the affine forms with exactly S switched on, provided that it is
    full-dimensional and no z_n with n in S vanishes identically.  Regions are convex polyhedra,
    meet face to face and cover R^n; the network is affine on each.

    Args:
        net: Any network; degenerate ones are ordinary input.  Without hidden layers there is one
            region, with the pattern ().
        domain: Only the regions that meet this polyhedron in a set of its full dimension, cut to
            it; everything then refers to the affine hull of the domain.

    Returns:
        An iterator; its order is deterministic and depends on the parameters alone.

    Raises:
        InvalidInputError: if the domain lives in another space.

    Guarantees:
        Exact and complete: no region is missed, invented or given twice.  Memory does not grow
        with the number of regions.

    References:
        Masden, *Algorithmic determination of the combinatorial structure of the linear regions of
        ReLU neural networks*, 2022 (the canonical polyhedral complex).

    >>> net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])        # |x|
    >>> [(region.pattern, region.gradient) for region in activation_regions(net)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [(((1, -1),), ((Fraction(1, 1),),)), (((-1, 1),), ((Fraction(-1, 1),),))]
    """
    layout = RegionLayout(net, domain)
    for cell in layout.cells():
        yield ActivationRegion(layout, cell)


def count_activation_regions(net: ReLUNetwork, domain: Polyhedron | None = None) -> int:
    """The number of activation regions.

    They belong to the parameters: a distinct affine piece of the function can be cut into many
    regions.  For the arguments and guarantees see `activation_regions`.

    >>> count_activation_regions(ReLUNetwork([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]),
    ...                                       ([[1, 1, 1]], [0])]))
    7
    """
    return sum(1 for _ in RegionLayout(net, domain).cells())


class RegionLayout:
    """How the cells of the engine lie in R^n: the domain, its chart, and the network's forms."""

    def __init__(self, net: ReLUNetwork, domain: Polyhedron | None) -> None:
        if domain is not None and domain.ambient_dim != net.input_width:
            raise InvalidInputError(
                f"domain: a polyhedron in R^{domain.ambient_dim} "
                f"for a network with {net.input_width} inputs"
            )
        self.net = net
        self.domain = domain
        self.chart: AffineChart | None = None
        self._complex: CellComplex | None = None
        if domain is None:
            self._complex = CellComplex(net.integer_form.levels, net.input_width)
        elif not domain.is_empty:
            self._complex = self._restricted(net, domain)

    def cells(self) -> Iterator[Cell]:
        """The cells of the engine; none for an empty domain."""
        return iter(self._complex) if self._complex is not None else iter(())

    def _restricted(self, net: ReLUNetwork, domain: Polyhedron) -> CellComplex:
        rows: list[tuple[Fraction | int, ...]] = [
            (*(-entry for entry in row[:-1]), row[-1]) for row in domain.inequalities
        ]
        form = net.integer_form
        if domain.equations:
            self.chart = chart = AffineChart(domain)
            rows = [chart.pull_back(row) for row in rows]
            weight, bias = net.layers[0]
            pulled = [chart.pull_back((*row, b)) for row, b in zip(weight, bias, strict=True)]
            first = AffineLayer(tuple(row[:-1] for row in pulled), tuple(row[-1] for row in pulled))
            form = IntegerForm((first, *net.layers[1:]))
        return CellComplex(
            form.levels,
            len(self.chart.basis) if self.chart else net.input_width,
            [primitive_vector(row) for row in rows],
        )

    @cached_property
    def lines(self) -> tuple[IntegerRow, ...]:
        """The common lineality space of all regions, as reduced echelon rows, primitive."""
        assert self._complex is not None
        lines = self._complex.lines
        if self.chart is None:
            return lines
        rows = [self.chart.point((*line, 0))[:-1] for line in lines]
        return tuple(primitive_vector(row) for row in row_echelon(rows)[0])

    def point(self, point: IntegerRow) -> IntegerRow:
        """A generator of a cell as a primitive generator (x, t) in R^n, reduced modulo `lines`."""
        assert self._complex is not None
        kept = self._complex.kept
        full = [0] * (len(kept) + len(self._complex.lines))
        for j, entry in zip(kept, point, strict=False):
            full[j] = entry
        if self.chart is None:
            return (*full, point[-1])
        result = [Fraction(entry) for entry in self.chart.point((*full, point[-1]))]
        for line in self.lines:
            pivot = next(j for j, entry in enumerate(line) if entry)
            factor = result[pivot] / line[pivot]
            result = [a - factor * b for a, b in zip(result, (*line, 0), strict=True)]
        return primitive_vector(result)

    def hyperplanes(self, cell: Cell) -> list[IntegerRow]:
        """Forms (a, b), a·x + b ≥ 0, among them one for every facet of the cell."""
        assert self._complex is not None
        union = 0
        for mask in cell.tight:
            union |= mask
        rows = []
        for bit in range(1, union.bit_length()):
            row = self._complex.hyperplane(cell, bit) if union >> bit & 1 else None
            if row is not None:
                rows.append(self._in_space(row))
        return rows

    def _in_space(self, row: IntegerRow) -> IntegerRow:
        """A form in the kept coordinates as a form on R^n that vanishes along the lines."""
        assert self._complex is not None
        lines, kept = self._complex.lines, self._complex.kept
        full = [Fraction(0)] * (len(kept) + len(lines))
        for j, entry in zip(kept, row, strict=False):
            full[j] = Fraction(entry)
        for line in lines:
            pivot = next(j for j, entry in enumerate(line) if entry)
            full[pivot] = -sum((full[j] * line[j] for j in kept), Fraction(0)) / line[pivot]
        result = primitive_vector([*full, row[-1]])
        return self.chart.push_forward(result) if self.chart is not None else result


class ActivationRegion:
    """One activation region: its pattern, the affine map on it, and its geometry.

    Everything but `pattern` is computed when it is first asked for.
    """

    def __init__(self, layout: RegionLayout, cell: Cell) -> None:
        self._layout = layout
        self._cell = cell

    @cached_property
    def pattern(self) -> Pattern:
        """For each hidden layer +1, 0 (identically zero on the region) or −1 for each neuron."""
        widths = self._layout.net.architecture[1:-1]
        return tuple(
            tuple(
                1 if signs.positive >> i & 1 else -1 if signs.negative >> i & 1 else 0
                for i in range(width)
            )
            for signs, width in zip(self._cell.signs, widths, strict=True)
        )

    @property
    def gradient(self) -> Matrix:
        """The matrix A with f(x) = A @ x + constant on the region, shape (outputs, inputs)."""
        return self._piece[0]

    @property
    def constant(self) -> Vector:
        """The vector c with f(x) = gradient @ x + c on the region, shape (outputs,)."""
        return self._piece[1]

    @cached_property
    def interior_point(self) -> Vector:
        """A point of the interior (relative to the domain's hull)."""
        points = [generator.point for generator in self._cell.generators]
        *total, scale = self._layout.point(
            primitive_vector([sum(column) for column in zip(*points, strict=True)])
        )
        return tuple(Fraction(entry, scale) for entry in total)

    @cached_property
    def polyhedron(self) -> Polyhedron:
        """The region as a `Polyhedron`."""
        layout = self._layout
        domain = layout.domain
        equations = domain.equations if domain is not None else ()
        return Polyhedron(
            layout.net.input_width,
            DoubleDescription(
                layout.hyperplanes(self._cell),
                [(*(-entry for entry in row[:-1]), row[-1]) for row in equations],
                self._generators,
                [(*line, 0) for line in layout.lines],
            ),
        )

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, reduced modulo the lines, sorted."""
        return tuple(
            sorted(
                tuple(Fraction(entry, row[-1]) for entry in row[:-1])
                for row in self._generators
                if row[-1]
            )
        )

    @cached_property
    def rays(self) -> tuple[Vector, ...]:
        """The extreme rays as primitive integer vectors, reduced modulo the lines, sorted."""
        return tuple(
            sorted(tuple(map(Fraction, row[:-1])) for row in self._generators if not row[-1])
        )

    @property
    def lines(self) -> tuple[Vector, ...]:
        """A basis of the lineality space, primitive integer vectors in reduced echelon form."""
        return tuple(tuple(map(Fraction, line)) for line in self._layout.lines)

    def __repr__(self) -> str:
        signs = {1: "+", 0: "0", -1: "-"}
        text = " ".join("".join(signs[sign] for sign in layer) for layer in self.pattern)
        return f"<ActivationRegion {text or '()'}>"

    @cached_property
    def _piece(self) -> tuple[Matrix, Vector]:
        active = [signs.positive for signs in self._cell.signs]
        return self._layout.net.integer_form.affine_piece(active)

    @cached_property
    def _generators(self) -> tuple[IntegerRow, ...]:
        return tuple(self._layout.point(generator.point) for generator in self._cell.generators)
