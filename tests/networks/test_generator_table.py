"""The bounds of a table of generators hold, whatever the numbers, and decide nearly all signs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings

from generators.cells import complex_of
from generators.networks import gaussian_network, integer_network
from networks.test_sign_filter import wild_networks
from tropnet import ReLUNetwork, count_activation_regions
from tropnet.networks.generator_table import GeneratorTable
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.level_entry import Entry
from tropnet.networks.level_tables import ComplexTables, to_mask


def preactivations(
    tables: ComplexTables, frame: Sequence[IntegerRow], point: IntegerRow
) -> list[list[int]]:
    """The values of all levels at a point, from the network's definition."""
    inputs = [sum(a * b for a, b in zip(row, point, strict=True)) for row in frame]
    values: list[list[int]] = []
    for level in (table.level for table in tables.levels):
        read = [max(value, 0) for source in level.sources for value in values[source]]
        read += inputs if level.inputs else inputs[-1:]
        rows = [[int(entry) for entry in row] for row in level.weight.tolist()]
        values.append([sum(a * b for a, b in zip(row, read, strict=True)) for row in rows])
    return values


def scaled_intervals(table: GeneratorTable, row: int, numbers: Sequence[int]) -> None:
    """There is a λ > 0 with |value − λ · number| ≤ bound in all columns."""
    exponents = table.tables.column_exponents[table.depth]
    low, high = Fraction(0), Fraction(10) ** 400
    for column, (number, exponent) in enumerate(zip(numbers, exponents, strict=True)):
        value, bound = table.values[row, column], table.bounds[row, column]
        if not np.isfinite(value) or not np.isfinite(bound):
            continue
        least, most = Fraction(value) - Fraction(bound), Fraction(value) + Fraction(bound)
        least, most = least * 2**exponent, most * 2**exponent
        if number < 0:
            number, least, most = -number, -most, -least
        if number:
            low, high = max(low, least / number), min(high, most / number)
        else:
            assert least <= 0 <= most
    assert low <= high
    assert high > 0


def check_rows(
    table: GeneratorTable, start: int, around: Entry, homes: Sequence[int], statistics: Counter[str]
) -> None:
    """All that the table claims about its rows from `start` on."""
    tables = table.tables
    levels = [*tables.levels[table.depth].carried]
    for row, home in enumerate(homes, start):
        point = around.ray(home, table.on[row])
        values = preactivations(tables, around.forms(home).frame, point)
        own = values[table.depth]
        rectified = [max(value, 0) for level in levels for value in values[level]]
        positive = sum(1 << i for i, value in enumerate(own) if value > 0)
        negative = sum(1 << i for i, value in enumerate(own) if value < 0)
        assert to_mask(table.positive[row]) == positive
        assert to_mask(table.negative[row]) == negative
        scaled_intervals(table, row, [*point, *rectified, *own])
        assert not (table.integral[row] and table.bounds[row].any())
        statistics["integral" if table.integral[row] else "other"] += 1


@contextmanager
def checked_rows() -> Iterator[Counter[str]]:
    """Checks every row that a table gets; counts them, and how many were computed exactly."""
    statistics: Counter[str] = Counter()
    entered, between, compute = (
        getattr(GeneratorTable, name) for name in ("entered", "between", "_compute")
    )

    def checked_entered(
        self: GeneratorTable, around: Entry, homes: Sequence[int]
    ) -> GeneratorTable:
        result: GeneratorTable = entered(self, around, homes)
        check_rows(result, 0, around, list(homes), statistics)
        return result

    def checked_between(self: GeneratorTable, first: object, second: object, neurons: object,
                        around: Entry, homes: Sequence[int]) -> None:  # fmt: skip
        size = len(self)
        between(self, first, second, neurons, around, homes)
        check_rows(self, size, around, list(homes), statistics)

    def counted(self: GeneratorTable, row: int, around: Entry, home: int) -> None:
        statistics["computed"] += 1
        compute(self, row, around, home)

    with (
        patch.object(GeneratorTable, "entered", checked_entered),
        patch.object(GeneratorTable, "between", checked_between),
        patch.object(GeneratorTable, "_compute", counted),
    ):
        yield statistics


@settings(max_examples=80, deadline=None)
@given(wild_networks(min_damages=0))
def test_all_that_a_table_claims(net: ReLUNetwork) -> None:
    with checked_rows():
        for _ in complex_of(net):
            pass


def test_bounds_decide_nearly_everything_on_generic_networks() -> None:
    with checked_rows() as statistics:
        count_activation_regions(gaussian_network((3, 8, 8, 1)))
    assert statistics["other"] > 500
    assert statistics["computed"] < statistics["other"] // 100


def test_small_integers_are_exact() -> None:
    with checked_rows() as statistics:
        count_activation_regions(integer_network((3, 8, 8, 1), Random(0)))
    assert statistics["integral"] > 500
    assert statistics["other"] == statistics["computed"] == 0


def test_long_chains_of_splits() -> None:
    """A bound may double with each split along a line; exact values mend that where it matters."""
    rng = Random(3)
    cuts = sorted(rng.random() for _ in range(200))
    net = ReLUNetwork([([[1]] * 200, [-cut for cut in cuts]), ([[1] * 200], [0])])
    with checked_rows() as statistics:
        assert count_activation_regions(net) == 201
    assert statistics["computed"] < 20


@pytest.mark.parametrize("seed", range(3))
def test_deep_networks_are_decided_in_floating_point(seed: int) -> None:
    net = gaussian_network((2, *[5] * 8, 1), seed)
    with checked_rows() as statistics:
        count_activation_regions(net)
    assert statistics["other"] > 100
    assert statistics["computed"] < statistics["other"] // 20
