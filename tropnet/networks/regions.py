"""Activation regions of a network, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from fractions import Fraction
from functools import cached_property, partial, reduce
from itertools import takewhile
from operator import or_
from random import Random
from typing import NamedTuple, TypeAlias

from tropnet.certificates.budget import Budget, Meter, Progress, metered
from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, primitive_vector, row_echelon
from tropnet.networks.cell_blocks import Block, Descent
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell, SignMasks
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.level_entry import common_ray
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.parallel import Done, over_subtrees, subtrees
from tropnet.piecewise.affine_cells import check_domain
from tropnet.polyhedra import DoubleDescription, Polyhedron, affine_frame

# From how many cells on a task leaves the rest of its subtree to others: for a list of the cells,
# and for their number alone.
_FEW_CELLS, _MANY_CELLS = 2_000, 12_000

Pattern: TypeAlias = tuple[tuple[int, ...], ...]


def activation_regions(
    net: ReLUNetwork,
    domain: Polyhedron | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
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
        budget: Limits on the regions given out.
        progress: Called with the number of regions done so far.
        executor: Where to work on several parts of the space at once, such as a
            ``ProcessPoolExecutor``; the regions and their order are the same.  The regions of a
            part are then held in memory.

    Returns:
        An iterator; its order is deterministic and depends on the parameters alone.

    Raises:
        InvalidInputError: if the domain lives in another space.
        BudgetExceededError: when the budget runs out; what was given out stays valid.

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
    return _stream(RegionLayout(net, domain), budget, progress, executor)


def _stream(
    layout: RegionLayout,
    budget: Budget | None,
    progress: Progress | None,
    executor: Executor | None,
) -> Iterator[ActivationRegion]:
    if executor is None:
        for cell in metered(layout.cells(), budget, progress):
            yield ActivationRegion(layout, _plain(cell), partial(_points, cell))
        return
    meter = Meter(budget, progress)
    for found in over_subtrees(executor, _plain_cells, layout.subtrees(), meter):
        for plain_cell in found:
            yield ActivationRegion(layout, plain_cell, partial(layout.generators, plain_cell))


def count_activation_regions(
    net: ReLUNetwork,
    domain: Polyhedron | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> int:
    """The number of activation regions.

    They belong to the parameters: a distinct affine piece of the function can be cut into many
    regions.  For the arguments and guarantees see `activation_regions`.

    Raises:
        BudgetExceededError: when the budget runs out; `found` is the number counted by then.

    >>> count_activation_regions(ReLUNetwork([([[1, 0], [0, 1], [1, 1]], [0, 0, -1]),
    ...                                       ([[1, 1, 1]], [0])]))
    7
    """
    layout = RegionLayout(net, domain)
    meter = Meter(budget, progress)
    if executor is None:
        for size in layout.sizes():
            meter.add_each(size)
        meter.finish()
        return meter.count
    for _ in over_subtrees(executor, _cell_count, layout.subtrees(), meter):
        pass
    return meter.count


def expected_region_count(net: ReLUNetwork, seconds: float = 0.5) -> int | None:
    """About how many activation regions there are, for a progress bar and nothing else.

    Args:
        net: Any network.
        seconds: How long to look, beside finding the subtrees.

    Returns:
        The mean over some subtrees of the search, in a random order, times their number: exact if
        the time suffices for all.  None if there is not even time for a few.
    """
    subtrees = list(RegionLayout(net, None).subtrees())
    Random(0).shuffle(subtrees)
    stop = time.monotonic() + seconds
    counts = []
    for subtree in subtrees:
        blocks = takewhile(lambda _: time.monotonic() < stop, Descent(subtree))
        count = sum(len(block.cells) for block in blocks)
        if time.monotonic() > stop:
            break
        counts.append(count)
    if 20 * len(counts) < len(subtrees):
        return None
    return round(sum(counts) / len(counts) * len(subtrees)) if counts else 0


class PlainCell(NamedTuple):
    """What a region keeps of a cell of the engine.

    Attributes:
        signs: For each hidden layer the neurons that are positive, and negative, as bits.
        tight: For each generator the hyperplanes through it, as bits.
    """

    signs: tuple[SignMasks, ...]
    tight: tuple[int, ...]


def _plain(cell: Cell) -> PlainCell:
    return PlainCell(cell.signs, tuple(cell.tight))


def _points(cell: Cell) -> tuple[IntegerRow, ...]:
    """The generators of a cell; what its neighbours share is computed once."""
    return tuple(generator.point for generator in cell.generators)


def _plain_cells(subtree: Block, budget: Budget) -> Done[list[PlainCell]]:
    found: list[PlainCell] = []
    descent, meter = Descent(subtree), Meter(budget, None)
    for block in descent:
        for cell in block.one_by_one():
            meter.add(1)
            found.append(_plain(cell))
        if len(found) > _FEW_CELLS:
            break
    return Done(len(found), found, descent.rest[::-1])


def _cell_count(subtree: Block, budget: Budget) -> Done[None]:
    descent, meter = Descent(subtree), Meter(budget, None)
    for block in descent:
        meter.add_each(len(block.cells))
        if meter.count > _MANY_CELLS:
            break
    return Done(meter.count, None, descent.rest[::-1])


class RegionLayout:
    """How the cells of the engine lie in R^n, and the affine forms on them."""

    def __init__(self, net: ReLUNetwork, domain: Polyhedron | None) -> None:
        if not isinstance(net, ReLUNetwork):
            raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
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

    def sizes(self) -> Iterator[int]:
        """Numbers that add up to that of the cells."""
        return self._complex.sizes() if self._complex is not None else iter(())

    def subtrees(self) -> Iterator[Block]:
        """Parts that hold all cells, in order."""
        return subtrees(self._complex) if self._complex is not None else iter(())

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

    def hyperplanes(self, cell: PlainCell) -> list[IntegerRow]:
        """Forms (a, b), a·x + b ≥ 0, among them one for every facet of the cell."""
        return list(self._bounds(cell).values())

    def generators(self, cell: PlainCell) -> tuple[IntegerRow, ...]:
        """The extreme rays of a cell in the coordinates of the engine, primitive integers.

        Each is computed from the hyperplanes through it.
        """
        assert self._complex is not None
        found = self._bounds(cell)
        inside = self._complex.pulled_back(list(found.values()))
        bounds = dict(zip(found, inside, strict=True))
        bounds[0] = (*(0,) * (self._complex.dimension - 1), 1)
        return tuple(
            common_ray(
                [row for number, row in bounds.items() if mask >> number & 1], lambda: inside
            )
            for mask in cell.tight
        )

    def _bounds(self, cell: PlainCell) -> dict[int, IntegerRow]:
        """The form of each hyperplane that touches the cell, by its number; f ≥ 0 on the cell."""
        assert self._complex is not None
        touching = reduce(or_, cell.tight)
        rows = {
            number: row for number, row in enumerate(self.constraints, 1) if touching >> number & 1
        }
        forms = self.net.integer_form.preactivations([signs.positive for signs in cell.signs])
        for depth, (matrix, signs) in enumerate(zip(forms, cell.signs, strict=False)):
            first = self._complex.neuron_number(depth, 0)
            for neuron, form in enumerate(matrix.tolist()):
                if touching >> first + neuron & 1:
                    side = 1 if signs.positive >> neuron & 1 else -1
                    rows[first + neuron] = tuple(side * int(entry) for entry in form)
        return rows


def domain_constraints(domain: Polyhedron) -> list[IntegerRow]:
    """The facets of a domain as forms (a, b) with a·x + b ≥ 0."""
    return [(*(-entry for entry in row[:-1]), row[-1]) for row in domain.inequalities]


class ActivationRegion:
    """One activation region: its pattern, the affine map on it, and its geometry.

    Everything but `pattern` is computed when it is first asked for.
    """

    def __init__(
        self,
        layout: RegionLayout,
        cell: PlainCell,
        generators: Callable[[], tuple[IntegerRow, ...]],
    ) -> None:
        self._layout = layout
        self._cell = cell
        self._compute_generators = generators

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
    def masks(self) -> tuple[SignMasks, ...]:
        """The pattern as bits: for each hidden layer the positive and the negative neurons."""
        return self._cell.signs

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
        columns = zip(*self._compute_generators(), strict=True)
        *total, scale = self._layout.point(primitive_vector([sum(column) for column in columns]))
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

    def forms(self) -> list[IntegerRow]:
        """Forms (a, b) with a·x + b ≥ 0 on the region, among them one for each of its facets."""
        return self._layout.hyperplanes(self._cell)

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
        return tuple(map(self._layout.point, self._compute_generators()))
