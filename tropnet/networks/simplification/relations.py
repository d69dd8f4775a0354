"""Affine relations among the activations of a layer, proved on all regions."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul

import flint

from tropnet.certificates.budget import Meter
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell
from tropnet.networks.layer_forms import IntegerRow, Level
from tropnet.networks.network import ReLUNetwork


def refuting_point(
    net: ReLUNetwork, index: int, relations: Sequence[IntegerRow], meter: Meter
) -> IntegerRow | None:
    """A point at which one of some supposed relations of a layer fails; None if all hold.

    Args:
        net: The network.
        index: The hidden layer, counted from 0, not the first.
        relations: Forms in (its neurons, those of the layer before, t), in the scaling of
            `integer_form`.
        meter: Counts the regions looked at: those of the neurons on which the forms depend.

    Returns:
        A point (x, t) with t > 0, or None.

    Raises:
        BudgetExceededError: when the budget runs out; nothing is proved then.
    """
    pending = [(_needed(net, index, relation), relation) for relation in relations]
    # A walk decides all relations that depend on no other neurons.
    while pending:
        needed, _ = max(pending, key=lambda item: sum(map(len, item[0])))
        covered = [item for item in pending if _is_within(item[0], needed)]
        pending = [item for item in pending if not _is_within(item[0], needed)]
        point = _walk(net, needed, [relation for _, relation in covered], meter)
        if point is not None:
            return point
    return None


def _needed(net: ReLUNetwork, index: int, relation: IntegerRow) -> list[list[int]]:
    """The neurons of layers 0, …, `index` on which a relation depends."""
    widths = net.architecture[1:-1]
    here = [i for i in range(widths[index]) if relation[i]]
    before = {i for i in range(widths[index - 1]) if relation[widths[index] + i]}
    needed = [here]
    for depth in range(index, 0, -1):
        weight = net.layers[depth].weight
        before |= {i for j in needed[0] for i, entry in enumerate(weight[j]) if entry}
        needed.insert(0, sorted(before) or [0])  # a level cannot be empty
        before = set()
    return needed


def _is_within(needed: list[list[int]], others: list[list[int]]) -> bool:
    return all(set(a) <= set(b) for a, b in zip(needed, others, strict=True))


def _walk(
    net: ReLUNetwork, needed: list[list[int]], relations: list[IntegerRow], meter: Meter
) -> IntegerRow | None:
    index = len(needed) - 1
    width = net.architecture[index + 1]
    columns = [*needed[index], *(width + i for i in needed[index - 1]), len(relations[0]) - 1]
    matrix = flint.fmpz_mat([[relation[j] for j in columns] for relation in relations])
    levels = _restricted(net, needed)
    cells = CellComplex(levels, net.input_width)
    for cell in cells:
        meter.add(1)
        forms = matrix * flint.fmpz_mat(_activations(cell, index))
        for row in forms.tolist():
            if any(row):
                return cells.point(_nonzero(cell, tuple(map(int, row))))
    return None


def _restricted(net: ReLUNetwork, needed: list[list[int]]) -> list[Level]:
    """The levels with the needed neurons only."""
    levels = []
    columns = list(range(net.input_width))
    for level, rows in zip(net.integer_form.levels, needed, strict=False):
        table = level.weight.tolist()
        last = level.weight.ncols() - 1
        if not rows:
            break  # the relation is one of the layer before
        entries = [[table[i][j] for j in (*columns, last)] for i in rows]
        levels.append(level._replace(weight=flint.fmpz_mat(entries)))
        columns = rows
    return levels


def _activations(cell: Cell, index: int) -> list[Sequence[flint.fmpz] | Sequence[int]]:
    """The activations of levels `index` and `index` − 1 as forms on a cell, then t."""
    zero = (0,) * len(cell.generators[0].point)
    levels = [(cell.forms, cell.signs[-1].positive), *cell.forms.ancestors()]
    rows: list[Sequence[flint.fmpz] | Sequence[int]] = []
    for forms, active in levels:
        if forms.depth >= index - 1:
            rows += [row if active >> i & 1 else zero for i, row in enumerate(forms.matrix())]
    return [*rows, cell.forms.frame[-1]]


def _nonzero(cell: Cell, form: IntegerRow) -> IntegerRow:
    """A point of a cell's interior at which a form does not vanish that is not zero there."""
    points = [generator.point for generator in cell.generators]
    inner = tuple(map(sum, zip(*points, strict=True)))
    if sum(map(mul, form, inner)):
        return inner
    corner = next(point for point in points if sum(map(mul, form, point)))
    return tuple(a + b for a, b in zip(inner, corner, strict=True))
