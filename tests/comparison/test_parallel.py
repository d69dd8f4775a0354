"""Executors change neither results nor their order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from random import Random

import pytest
from hypothesis import given, settings

from comparison.known_identities import IDENTITIES
from generators.differences import DIFFERENCES
from generators.networks import eighths_network, gaussian_network
from generators.strategies import networks
from tropnet import (
    Budget,
    BudgetExceededError,
    Polyhedron,
    ReLUNetwork,
    activation_regions,
    count_activation_regions,
    decide_equality,
    max_difference,
)
from tropnet.networks.cell_complex import CellComplex


@pytest.fixture(scope="module", params=["threads", "processes"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor]:
    if request.param == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    else:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            yield pool


def shown(net: ReLUNetwork, domain: Polyhedron | None = None, **options: object) -> list[object]:
    return [
        (r.pattern, r.gradient, r.interior_point, r.polyhedron)
        for r in activation_regions(net, domain, **options)
    ]


def test_regions(executor: Executor) -> None:
    box = Polyhedron.from_inequalities([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 1, 1])
    net = eighths_network((2, 6, 5, 1), Random(4))
    assert shown(net, executor=executor) == shown(net)
    assert shown(net, box, executor=executor) == shown(net, box)
    affine = ReLUNetwork([([[1, 2]], [0])])
    assert shown(affine, executor=executor) == shown(affine)
    empty = Polyhedron.from_inequalities([[1, 0], [-1, 0]], [0, -1])
    assert count_activation_regions(net, empty, executor=executor) == 0
    big = gaussian_network((3, 10, 10, 1))
    assert count_activation_regions(big, executor=executor) == 756


def test_equality_and_its_witness(executor: Executor) -> None:
    for name in ("maximum of three, in two orders", "lattice distributivity"):
        first, second = IDENTITIES[name][:2]
        assert decide_equality(first, second, executor=executor).equal
        for kind in ("near_bump", "far_cone"):
            other = DIFFERENCES[kind](second, 3).g
            serial = decide_equality(first, other)
            parallel = decide_equality(first, other, executor=executor)
            assert serial.witness is not None
            assert (serial.witness, serial.method, serial.regions) == (
                parallel.witness,
                parallel.method,
                parallel.regions,
            )


def test_max_difference(executor: Executor) -> None:
    f, g = eighths_network((2, 5, 4, 2), Random(1)), eighths_network((2, 4, 3, 2), Random(2))
    box = Polyhedron.from_inequalities([[1, 0], [-1, 0], [0, 1], [0, -1]], [9, 9, 9, 9])
    assert max_difference(f, g, box, executor=executor) == max_difference(f, g, box)
    assert max_difference(f, g, executor=executor) == max_difference(f, g)


def test_budgets(executor: Executor) -> None:
    net = gaussian_network((3, 10, 10, 1))
    reports: list[int] = []
    assert count_activation_regions(net, executor=executor, progress=reports.append) == 756
    assert reports[-1] == 756
    for limit in (0, 100, 755):
        with pytest.raises(BudgetExceededError) as stopped:
            count_activation_regions(net, executor=executor, budget=Budget(regions=limit))
        assert stopped.value.found <= limit
    exactly = Budget(regions=756)
    assert count_activation_regions(net, executor=executor, budget=exactly) == 756
    with pytest.raises(BudgetExceededError):
        count_activation_regions(net, executor=executor, budget=Budget(seconds=0))


@settings(max_examples=60, deadline=None)
@given(networks())
def test_subtrees_hold_all_cells_in_order(net: ReLUNetwork) -> None:
    cells = CellComplex(net.integer_form.levels, net.input_width)
    everything = [cell.signs for cell in cells]
    for splits in (0, 1, 3, 50):
        parts = [cell.signs for path in cells.subtrees(splits) for cell in cells.below(path)]
        assert parts == everything
