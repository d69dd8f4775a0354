"""The parts of a cell on which one of several affine forms is the largest."""

from __future__ import annotations

from collections.abc import Sequence
from operator import eq, le, mul

import flint

from tropnet.exact import identity_rows
from tropnet.networks.cells import Cell, Generator, cut_cell, entering_cell
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level


def dominance_parts(cell: Cell, rows: Sequence[IntegerRow]) -> list[tuple[int, Cell]]:
    """The parts of a cell on which one of several affine forms is the largest.

    Args:
        cell: A cell.
        rows: The forms, in the coordinates of the cells.

    Returns:
        The number of the form and the part, in the order of the forms, of those parts that have
        interior.  They meet face to face.
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
    parts = _parts(cell, [rows[number] for number in numbers])
    return [(numbers[choice], part) for choice, part in parts]


def _parts(cell: Cell, rows: list[IntegerRow]) -> list[tuple[int, Cell]]:
    points = [generator.point for generator in cell.generators]
    inner = tuple(map(sum, zip(*points, strict=True)))
    pending, seen = set(_largest(rows, inner)), set()
    parts: dict[int, Cell] = {}
    first_bit = max(cell.tight, default=0).bit_length()
    while pending:
        choice = min(pending)
        pending.remove(choice)
        seen.add(choice)
        part = _dominated(cell, rows, choice, first_bit)
        if part is None:
            continue
        parts[choice] = part
        # The form that is largest behind a facet is also largest on the facet.
        for generator in part.generators:
            pending |= set(_largest(rows, generator.point)) - seen
    return sorted(parts.items())


def _dominated(cell: Cell, rows: Sequence[IntegerRow], choice: int, first_bit: int) -> Cell | None:
    """The part of a cell where form `choice` is the largest, None if it has no interior."""
    own = rows[choice]
    dimension = len(own)
    differences = [tuple(a - b for a, b in zip(own, row, strict=True)) for row in rows]
    level = Level(flint.fmpz_mat(differences), (), True)
    forms = LayerForms(level, None, 0, None, identity_rows(dimension))
    part: Cell | None = entering_cell(forms, cell.signs, cell.generators, cell.tight)
    for other in range(len(rows)):
        if part is not None:
            # One bit for each pair of forms, whichever is the larger.
            low, high = sorted((choice, other))
            number = first_bit + low * len(rows) + high
            part = cut_cell(part, 1 << other, number, dimension)
    if part is None:
        return None
    return Cell(cell.forms, cell.signs, part.generators, part.tight, [], [])


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
