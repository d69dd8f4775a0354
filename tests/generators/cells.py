"""The region engine's walk cell by cell, to set beside the one block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import flint

from tropnet import Polyhedron, ReLUNetwork
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell, SignMasks
from tropnet.networks.layer_forms import IntegerRow, Level
from tropnet.networks.regions import domain_constraints
from tropnet.polyhedra import affine_frame

Description = tuple[tuple[SignMasks, ...], list[tuple[IntegerRow, int]]]


def complex_of(net: ReLUNetwork, domain: Polyhedron | None = None) -> CellComplex:
    """The cells of a network, on a domain that is not empty."""
    levels = net.integer_form.levels
    if domain is None:
        return CellComplex(levels, net.input_width)
    return CellComplex(levels, net.input_width, domain_constraints(domain), affine_frame(domain))


def finished_cells(cells: CellComplex) -> Iterator[Cell]:
    """The finished cells, found by walking down the tree cell by cell."""
    before: Cell | None = None
    for cell in cells.visited(lambda cell: True):
        # A cell with something below it is followed by its first child.
        if before is not None and not _is_above(before, cell):
            yield before
        before = cell
    if before is not None:
        yield before


def _is_above(one: Cell, other: Cell) -> bool:
    signs = one.layer_signs()
    split = signs.positive & signs.negative
    return bool(split) or other.forms.parent is one.forms


def described(cells: Iterable[Cell]) -> list[Description]:
    """The signs of each cell, and its generators with the hyperplanes through them."""
    return [
        (
            cell.signs,
            sorted(
                (generator.point, mask)
                for generator, mask in zip(cell.generators, cell.tight, strict=True)
            ),
        )
        for cell in cells
    ]


def skipping_levels(rng: Random, bits: int) -> tuple[Level, ...]:
    """Levels as `decide_equality` builds them: skip connections, wildly different sizes."""

    def level(rows: int, columns: int, sources: tuple[int, ...], inputs: bool) -> Level:
        entries = [
            [rng.randint(-3, 3) << rng.choice((0, 0, bits)) for _ in range(columns)]
            for _ in range(rows)
        ]
        return Level(flint.fmpz_mat(entries), sources, inputs)

    return (
        level(3, 3, (), True),
        level(2, 4, (0,), False),
        level(2, 3, (1,), False),
        level(2, 2 + 3 + 3, (2, 0), True),
    )
