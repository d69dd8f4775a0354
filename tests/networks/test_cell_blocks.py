"""Blocks of cells against the walk cell by cell, with the float filter and without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.cells import complex_of, described, finished_cells, skipping_levels
from generators.networks import (
    DEGRADATIONS,
    eighths_network,
    gaussian_network,
    integer_network,
    pencil,
)
from generators.strategies import generators, networks
from networks.test_sign_filter import NeverReliable
from tropnet import Polyhedron, ReLUNetwork, activation_regions
from tropnet.networks import cell_blocks, cell_complex, cell_tree
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.level_tables import ComplexTables

Build = Callable[[Sequence[int], Random], ReLUNetwork]

BUILDS: dict[str, Build] = {
    "gaussian": lambda widths, rng: gaussian_network(widths, rng.randrange(10**9)),
    "integer": integer_network,
    "eighths": eighths_network,
    "pencil": pencil,
}


class WithoutBounds(ComplexTables):
    """Tables whose floating-point numbers certify nothing."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.reliable = False
        self.gamma = np.nan


@contextmanager
def unfiltered() -> Iterator[None]:
    """Every sign is decided in exact arithmetic, by both walks."""
    with (
        patch.object(cell_complex, "ComplexTables", WithoutBounds),
        patch.object(cell_tree, "SignFilter", NeverReliable),
    ):
        yield


def assert_one_complex(make: Callable[[], CellComplex]) -> int:
    """Signs, generators, incidences and order do not depend on the filter nor on the walk."""
    cells = described(make())
    with unfiltered():
        assert described(make()) == cells
        assert described(finished_cells(make())) == cells
    return len(cells)


def degenerate_complex(rng: Random) -> Callable[[], CellComplex]:
    """The cells of a network with up to three degradations, now and then under constraints."""
    widths = (rng.randint(1, 4), *(rng.randint(1, 5) for _ in range(rng.randint(1, 3))), 1)
    net = BUILDS[rng.choice(sorted(BUILDS))](widths, rng)
    for _ in range(rng.randint(0, 3)):
        net = DEGRADATIONS[rng.choice(sorted(DEGRADATIONS))](net, rng)
    constraints: list[IntegerRow] = []
    if rng.random() < 0.3:
        size = widths[0] + 1
        rows = [tuple(rng.randint(-3, 3) for _ in range(size)) for _ in range(rng.randint(1, 4))]
        constraints = [row for row in rows if any(row[:-1])]
    return partial(CellComplex, net.integer_form.levels, net.input_width, constraints)


@pytest.mark.parametrize("seed", range(10))
def test_thousands_of_degenerate_networks(seed: int) -> None:
    rng = Random(seed)
    for _ in range(200):
        assert_one_complex(degenerate_complex(rng))


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_thousands_of_degenerate_networks(seed: int) -> None:
    rng = Random(seed)
    for _ in range(500):
        assert_one_complex(degenerate_complex(rng))


@settings(max_examples=50, deadline=None)
@given(networks(), st.integers(1, 40))
def test_blocks_of_any_size_hold_the_same_cells(net: ReLUNetwork, size: int) -> None:
    cells = described(complex_of(net))
    with (
        patch.object(cell_blocks, "_FEW", size),
        patch.object(cell_blocks, "_MANY", size),
        patch.object(cell_blocks, "_PAIRS", size),
    ):
        assert described(complex_of(net)) == cells


@settings(max_examples=30, deadline=None)
@given(generators(), st.integers(0, 700))
def test_levels_that_read_several_levels_and_the_inputs(rng: Random, bits: int) -> None:
    levels = skipping_levels(rng, bits)
    observed = [tuple(rng.randint(-2, 2) for _ in range(3)) for _ in range(2)]
    assert_one_complex(lambda: CellComplex(levels, 2, observed=observed))


@pytest.mark.parametrize("domain", ["box", "tiny", "far", "flat", "thirds"])
def test_domains(domain: str) -> None:
    net = gaussian_network((2, 6, 5, 1))
    small, far, third = Fraction(1, 2**400), Fraction(2) ** 300 + 1, Fraction(1, 3)
    polyhedron = {
        "box": Polyhedron.from_inequalities([(1, 0), (0, 1), (-1, 0), (0, -1)], [1] * 4),
        "tiny": Polyhedron.from_generators([(0, 0), (small, 0), (0, small), (small, small / 3)]),
        "far": Polyhedron.from_generators([(far, 0), (far + small, 1), (-far, far / 7)]),
        "flat": Polyhedron.from_generators([(far, small), (-far, -1)]),
        "thirds": Polyhedron.from_generators([(third, 0), (0, third)], [(1, 1)]),
    }[domain]
    assert assert_one_complex(lambda: complex_of(net, polyhedron)) > 0


@pytest.mark.parametrize("exponent", [0, 320, 600, 640, 1000, 2000])
def test_floating_point_settings_of_the_user_do_not_matter(exponent: int) -> None:
    large = 2**exponent
    net = ReLUNetwork(
        [
            ([[large, 1], [1, large]], [1, -1]),
            ([[large, -1], [-1, large]], [-1, 1]),
            ([[1, 1]], [0]),
        ]
    )
    assert_one_complex(lambda: complex_of(net))
    expected = [region.pattern for region in activation_regions(net)]
    with np.errstate(all="raise"):
        assert [region.pattern for region in activation_regions(net)] == expected


@pytest.mark.parametrize("exponent", range(20, 61, 4))
@pytest.mark.parametrize("sign", [-1, 1])
def test_walls_that_nearly_coincide(exponent: int, sign: int) -> None:
    """Three lines through a point or, by 2^-k, around a small triangle; parallels 2^-k apart."""
    gap = Fraction(sign, 2**exponent)
    third = Fraction(1, 3)
    net = ReLUNetwork(
        [
            ([[1, 0], [0, 1], [1, 1], [1, third], [1, third]], [0, 0, gap, third, third + gap]),
            ([[1, 1, -1, 0, 0], [0, 1, 0, 1, -1], [1, -1, 0, 0, gap]], [gap, -gap, gap / 3]),
            ([[1, 1, 1]], [0]),
        ]
    )
    # Seven cells of three lines; two parallels that cross two of them add four each.
    first = ReLUNetwork([net.layers[0], ([[1] * 5], [0])])
    assert assert_one_complex(lambda: complex_of(first)) == 15
    assert_one_complex(lambda: complex_of(net))


@pytest.mark.parametrize("exponent", [-130, -60, 60, 130])
@pytest.mark.parametrize("build", sorted(BUILDS))
def test_rescaled_neurons(build: str, exponent: int) -> None:
    net = BUILDS[build]((3, 5, 4, 1), Random(exponent))
    factor = Fraction(2) ** exponent
    rescaled = net.rescale(1, [factor, 1, 1 / factor, 3, 1]).rescale(2, [1, factor, 7, factor])
    assert described(complex_of(rescaled)) == described(complex_of(net))
    # x ↦ 2^k x moves every vertex to another order of magnitude and changes no sign.
    zoom = ReLUNetwork([([[factor, 0, 0], [0, 1 / factor, 0], [0, 0, 1]], [0, 0, 0])])
    zoomed = [cell.signs for cell in complex_of(net @ zoom)]
    assert zoomed == [cell.signs for cell in complex_of(net)]


def test_integer_pencils() -> None:
    """Up to 12 lines, planes or spaces through one rational point, and what lies behind them."""
    rng = Random(5)
    for inputs in (2, 3, 4):
        for width in (3, 6, 12 - 2 * inputs):
            net = pencil((inputs, width, 3, 1), rng)
            assert_one_complex(partial(complex_of, net))


def test_wide_levels_take_several_words() -> None:
    """Sets of more than 64 neurons."""
    rng = Random(1)
    net = integer_network((1, 70, 66, 1), rng)
    assert assert_one_complex(lambda: complex_of(net)) > 20
    domain = Polyhedron.from_inequalities([[1]], [5])
    assert assert_one_complex(lambda: complex_of(net, domain)) > 20
