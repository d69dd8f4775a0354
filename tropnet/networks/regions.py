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
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork
from tropnet.polyhedra import DoubleDescription, Polyhedron, affine_frame

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
    """How the cells of the engine lie in R^n, and the affine forms on them."""

    def __init__(self, net: ReLUNetwork, domain: Polyhedron | None) -> None:
        check_domain(domain, net.input_width)
        self.net = net
        self.domain = domain
        self.constraints = domain_constraints(domain) if domain is not None else []
        self._complex: CellComplex | None = None
        if domain is None or not domain.is_empty:
            self._complex = CellComplex(
                net.integer_form.levels,
                net.input_width,
                self.constraints,
                affine_frame(domain) if domain is not None else None,
            )

    def cells(self) -> Iterator[Cell]:
        """The cells of the engine; none for an empty domain."""
        return iter(self._complex) if self._complex is not None else iter(())

    @cached_property
    def lines(self) -> tuple[IntegerRow, ...]:
        """The common lineality space of all regions, as reduced echelon rows, primitive."""
        assert self._complex is not None
        return tuple(primitive_vector(row) for row in row_echelon(self._complex.lines)[0])

    def point(self, generator: IntegerRow) -> IntegerRow:
        """A generator of a cell as a primitive generator (x, t) in R^n, reduced modulo `lines`."""
        assert self._complex is not None
        point = self._complex.point(generator)
        for line in self.lines:
            pivot = next(j for j, entry in enumerate(line) if entry)
            if point[pivot]:
                factor = Fraction(point[pivot], line[pivot])
                point = primitive_vector(
                    [a - factor * b for a, b in zip(point, (*line, 0), strict=True)]
                )
        return point

    def hyperplanes(self, cell: Cell) -> list[IntegerRow]:
        """Forms (a, b), a·x + b ≥ 0, among them one for every facet of the cell."""
        assert self._complex is not None
        touching = 0
        for mask in cell.tight:
            touching |= mask
        rows = [
            row
            for number, row in enumerate(self.constraints)
            if touching & self._complex.constraint_bit(number)
        ]
        forms = self.net.integer_form.preactivations([signs.positive for signs in cell.signs])
        for depth, (matrix, signs) in enumerate(zip(forms, cell.signs, strict=False)):
            for neuron, form in enumerate(matrix.tolist()):
                if touching & self._complex.neuron_bit(depth, neuron):
                    side = 1 if signs.positive >> neuron & 1 else -1
                    rows.append(tuple(side * int(entry) for entry in form))
        return rows


def check_domain(domain: Polyhedron | None, inputs: int) -> None:
    """Raises InvalidInputError if a domain is not a polyhedron in R^inputs."""
    if domain is not None and not isinstance(domain, Polyhedron):
        raise InvalidInputError(f"domain: expected a Polyhedron, got {type(domain).__name__}")
    if domain is not None and domain.ambient_dim != inputs:
        raise InvalidInputError(
            f"domain: a polyhedron in R^{domain.ambient_dim} for a network with {inputs} inputs"
        )


def domain_constraints(domain: Polyhedron) -> list[IntegerRow]:
    """The facets of a domain as forms (a, b) with a·x + b ≥ 0."""
    return [(*(-entry for entry in row[:-1]), row[-1]) for row in domain.inequalities]


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
