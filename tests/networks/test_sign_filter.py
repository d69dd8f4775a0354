"""The float filter never certifies a wrong sign, and regions do not depend on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from random import Random
from unittest.mock import patch

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.cells import complex_of, finished_cells, skipping_levels
from generators.strategies import architectures, generators, networks
from tropnet import Polyhedron, ReLUNetwork, activation_regions, random_network
from tropnet.networks import cell_tree
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cell_tree import CellTree
from tropnet.networks.cells import Cell, Generator, SignMasks
from tropnet.networks.layer_forms import LayerForms, Level
from tropnet.networks.sign_filter import SignFilter

Signs = list[tuple[SignMasks, ...]]


class NeverReliable(SignFilter):
    """The filter that is never used: all signs are decided exactly."""

    def __init__(self, levels: object, frame: object) -> None:
        self.reliable = False


def patterns(net: ReLUNetwork, domain: Polyhedron | None = None) -> Signs:
    """The signs of all neurons on all cells, found by the walk that uses the filter."""
    return [cell.signs for cell in finished_cells(complex_of(net, domain))]


def exact_patterns(net: ReLUNetwork, domain: Polyhedron | None = None) -> Signs:
    with patch.object(cell_tree, "SignFilter", NeverReliable):
        return patterns(net, domain)


@contextmanager
def checked_signs() -> Iterator[Counter[str]]:
    """Compares every sign that the filter certifies with the sign of the exact value."""
    statistics: Counter[str] = Counter()
    enter = CellTree._enter

    def checked(
        self: CellTree,
        forms: LayerForms,
        signs: tuple[SignMasks, ...],
        generators: list[Generator],
        tight: list[int],
    ) -> Cell:
        if forms.approximate is not None:
            points = np.array([generator.approximation for generator in generators])
            values, errors = forms.approximate.signs(points)
            for i, generator in enumerate(generators):
                for neuron in range(forms.width):
                    exact = forms.value(neuron, generator.point)
                    if abs(values[i, neuron]) > errors[i, neuron]:
                        statistics["certified"] += 1
                        assert (values[i, neuron] > 0) == (exact > 0)
                        assert exact
                    else:
                        statistics["undecided"] += 1
        return enter(self, forms, signs, generators, tight)

    with patch.object(CellTree, "_enter", checked):
        yield statistics


Damage = Callable[[Fraction, Random], Fraction]


def wild_scale(exponent: int) -> Damage:
    return lambda entry, rng: entry * Fraction(2) ** rng.choice((-exponent, 0, 0, exponent))


def last_bit(entry: Fraction, rng: Random) -> Fraction:
    """One unit in the last place away, as close as two float weights can be."""
    return entry * (1 + Fraction(rng.randint(-1, 1), 2**52))


def far_below(entry: Fraction, rng: Random) -> Fraction:
    """A change that no float would notice."""
    return entry + Fraction(rng.randint(-1, 1), 2**130)


DAMAGES: dict[str, Damage] = {
    "2^±130": wild_scale(130),
    "2^±600": wild_scale(600),
    "2^±900": wild_scale(900),
    "last bit": last_bit,
    "far below": far_below,
}


def damaged(net: ReLUNetwork, damage: Damage, rng: Random) -> ReLUNetwork:
    """The network with every parameter damaged."""
    return ReLUNetwork(
        (
            [[damage(entry, rng) for entry in row] for row in layer.weight],
            [damage(entry, rng) for entry in layer.bias],
        )
        for layer in net.layers
    )


@st.composite
def wild_networks(draw: st.DrawFn, min_damages: int = 1) -> ReLUNetwork:
    """Networks with numbers of all sizes, and differences in the last place and far below."""
    net = draw(networks(architectures(max_hidden=7, max_inputs=3)))
    rng = draw(generators())
    for name in draw(st.lists(st.sampled_from(sorted(DAMAGES)), min_size=min_damages, max_size=2)):
        net = damaged(net, DAMAGES[name], rng)
    return net


@settings(max_examples=70, deadline=None)
@given(wild_networks())
def test_certified_signs_are_exact_and_regions_do_not_depend_on_them(net: ReLUNetwork) -> None:
    with checked_signs():
        found = patterns(net)
    assert found == exact_patterns(net)


@settings(max_examples=40, deadline=None)
@given(networks(), generators())
def test_neurons_that_vanish_exactly_at_vertices(net: ReLUNetwork, rng: Random) -> None:
    # An added neuron is a combination of the preactivations before that a vertex annihilates,
    # exactly or up to 2^-200.
    if not net.depth:
        return
    weight, bias = net.layers[0]
    point = rng.choice([v for region in activation_regions(net) for v in region.vertices])
    row = [Fraction(rng.randint(-3, 3), rng.choice((1, 3, 2**60))) for _ in weight[0]]
    offset = -sum((a * x for a, x in zip(row, point, strict=True)), Fraction(0))
    offset += rng.choice((0, 0, Fraction(1, 2**200), -Fraction(1, 2**200)))
    following, constant = net.layers[1]
    changed = ReLUNetwork(
        [
            ((*weight, row), (*bias, offset)),
            ([(*entries, rng.randint(-2, 2)) for entries in following], constant),
            *net.layers[2:],
        ]
    )
    with checked_signs():
        found = patterns(changed)
    assert found == exact_patterns(changed)


@pytest.mark.parametrize("exponent", [-130, 130, -600, 600])
def test_scaled_coordinates(exponent: int) -> None:
    # x ↦ 2^k x moves every vertex to another order of magnitude and changes no pattern.
    net = random_network((2, 6, 5, 1), seed=4)
    factor = Fraction(2) ** exponent
    zoom = ReLUNetwork([([[factor, 0], [0, 1 / factor]], [0, 0])])
    with checked_signs() as statistics:
        assert patterns(net @ zoom) == patterns(net)
    assert statistics["certified"] > 100


def test_filter_decides_nearly_everything_on_a_generic_network() -> None:
    with checked_signs() as statistics:
        patterns(random_network((3, 8, 8, 1), seed=1))
    assert statistics["certified"] > 20 * statistics["undecided"] > 0


@pytest.mark.parametrize("domain", ["tiny", "far", "flat"])
def test_domains_of_wild_size(domain: str) -> None:
    net = random_network((2, 5, 4, 1), seed=5)
    small, far = Fraction(1, 2**400), Fraction(2) ** 300 + 1
    polyhedron = {
        "tiny": Polyhedron.from_generators([(0, 0), (small, 0), (0, small), (small, small / 3)]),
        "far": Polyhedron.from_generators([(far, 0), (far + small, 1), (-far, far / 7)]),
        "flat": Polyhedron.from_generators([(far, small), (-far, -1)]),
    }[domain]
    with checked_signs():
        found = patterns(net, polyhedron)
    assert found == exact_patterns(net, polyhedron)


@pytest.mark.parametrize("bits", [640, 700, 2000])
def test_numbers_out_of_range_are_left_to_exact_arithmetic(bits: int) -> None:
    # Beside 1, the weight 2^-bits lies below what float64 holds with room to spare.
    levels = (Level(flint.fmpz_mat([[1, 1 << bits, 0], [3, 5, 1]]), (), True),)
    unit = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    assert SignFilter(levels, unit).reliable == (bits < 660)
    net = ReLUNetwork([([[1, 2**bits], [3, 5]], [0, 1]), ([[1, -1], [-1, 2**bits]], [-1, 3]),
                       ([[1, 1]], [0])])  # fmt: skip
    assert patterns(net) == exact_patterns(net)


@settings(max_examples=30, deadline=None)
@given(generators(), st.integers(0, 700))
def test_levels_that_read_several_levels_and_the_inputs(rng: Random, bits: int) -> None:
    levels = skipping_levels(rng, bits)
    with checked_signs():
        cells = [cell.signs for cell in finished_cells(CellComplex(levels, 2))]
    with patch.object(cell_tree, "SignFilter", NeverReliable):
        assert cells == [cell.signs for cell in finished_cells(CellComplex(levels, 2))]


@pytest.mark.parametrize("exponent", [0, 320, 600, 640, 1000])
def test_floating_point_settings_of_the_user_do_not_matter(exponent: int) -> None:
    # From 2^-600 on, products of weights and points underflow; from 2^-1000 on, points do.
    large = 2**exponent
    net = ReLUNetwork(
        [
            ([[large, 1], [1, large]], [1, -1]),
            ([[large, -1], [-1, large]], [-1, 1]),
            ([[1, 1]], [0]),
        ]
    )
    expected = exact_patterns(net)
    assert patterns(net) == expected
    with np.errstate(all="raise"):
        assert patterns(net) == expected
