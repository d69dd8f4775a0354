"""The functional dimension: known values, degenerate networks, bounds, and a plain Jacobian."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest
import sympy
from hypothesis import given, settings

from generators.networks import gaussian_network
from generators.pairs import SHARED
from generators.strategies import architectures, networks
from identifiability.known_networks import (
    MAXIMUM,
    PRIME,
    TRIPLE_FLIP,
    TWICE_RELU,
    TWO_ORBITS,
    VANISHING,
    WITH_THE_PRIME,
)
from identifiability.plain_jacobian import admissible_patterns, jacobian
from tropnet import (
    Budget,
    BudgetExceededError,
    FunctionalDimension,
    InvalidInputError,
    ReLUNetwork,
    activation_regions,
    functional_dimension,
    load,
    random_network,
)
from tropnet.exact import rank


def proved(net: ReLUNetwork) -> FunctionalDimension:
    """The functional dimension, with its certificate checked and its fields compared."""
    d = functional_dimension(net)
    assert d.certificate.check(net)
    assert d.certificate.value == d.value
    assert d.upper_bound == net.parameter_count - net.hidden_neuron_count
    assert d.is_maximal == (d.value == d.upper_bound)
    assert (d.reason is None) == (d.value is not None)
    if d.value is not None:
        assert d.lower_bound == d.value
        assert len(d.certificate.kernel) == d.upper_bound - d.value
    return d


@pytest.mark.parametrize(
    ("architecture", "maximum"),
    [
        ((2, 2, 2, 1), 11),
        ((2, 3, 2, 1), 15),
        ((2, 3, 3, 1), 19),
        ((2, 4, 4, 1), 29),
        ((2, 2, 2, 2, 1), 15),
        ((2, 3, 3, 3, 1), 28),
        ((3, 3, 3, 1), 22),
        ((2, 5, 5, 1), 41),
        ((2, 8, 8, 1), 89),
    ],
)
def test_upper_bounds(architecture: tuple[int, ...], maximum: int) -> None:
    assert functional_dimension(random_network(architecture)).upper_bound == maximum


@pytest.mark.parametrize(
    ("architecture", "share"),
    [((2, 2, 2, 1), 9), ((2, 4, 4, 1), 7), ((2, 8, 8, 1), 1), ((2, 3, 3, 3, 1), 0)],
)
def test_how_many_random_networks_are_maximal(architecture: tuple[int, ...], share: int) -> None:
    answers = [proved(random_network(architecture, seed)) for seed in range(20)]
    assert sum(d.is_maximal for d in answers) == share


@pytest.mark.parametrize(
    ("net", "value"), [(TWICE_RELU, 3), (TRIPLE_FLIP, 10), (TWO_ORBITS, 19), (MAXIMUM, 10)]
)
def test_known_values(net: ReLUNetwork, value: int) -> None:
    assert proved(net).value == value


def test_an_affine_function() -> None:
    d = proved(ReLUNetwork([([[1, 2], [0, 0], [3, 3]], [0, 0, 5])]))
    assert (d.value, d.regions_used, d.is_maximal) == (9, 1, True)


@pytest.mark.parametrize("name", VANISHING)
def test_undefined_where_no_region_is_admissible(name: str) -> None:
    net, words = VANISHING[name]
    d = proved(net)
    assert d.value is None
    assert not d.is_maximal
    assert d.regions_used == 0
    assert d.regions_skipped == sum(1 for _ in activation_regions(net))
    assert d.reason is not None
    assert words in d.reason
    assert "remove" in d.reason


def test_regions_that_are_skipped() -> None:
    """A neuron that vanishes identically on some regions and not on others."""
    net = ReLUNetwork([([[1]], [0]), ([[1], [-1]], [0, 1]), ([[1, 1]], [0])])
    d = proved(net)
    assert (d.value, d.regions_used, d.regions_skipped) == (4, 2, 1)
    assert d.regions_used == len(admissible_patterns(net))


@pytest.mark.parametrize("name", WITH_THE_PRIME)
def test_weights_equal_to_the_prime(name: str) -> None:
    net, value = WITH_THE_PRIME[name]
    d = proved(net)
    assert d.value == value == rank(jacobian(net))
    assert d.certificate.prime != PRIME


@settings(max_examples=40, deadline=None)
@given(networks(architectures(max_hidden=6)))
def test_against_the_plain_jacobian(net: ReLUNetwork) -> None:
    d = proved(net)
    patterns = admissible_patterns(net)
    assert d.value == (rank(jacobian(net)) if patterns else None)
    if not d.is_maximal:
        assert d.regions_used == len(patterns)
        assert d.regions_used + d.regions_skipped == sum(1 for _ in activation_regions(net))


@pytest.mark.parametrize("net", [TWICE_RELU, TRIPLE_FLIP, random_network((2, 2, 2, 1), seed=0)])
def test_against_sympy(net: ReLUNetwork) -> None:
    rows = [[sympy.Rational(e.numerator, e.denominator) for e in row] for row in jacobian(net)]
    assert sympy.Matrix(rows).rank() == functional_dimension(net).value


def test_a_tie_in_every_point_of_a_lattice() -> None:
    """Integer networks, on whose sampled points preactivations often vanish."""
    net = ReLUNetwork([([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 0, 0, 0]), ([[1, 1, 1, 1]], [0])])
    assert proved(net).value == rank(jacobian(net))


class TestBudgets:
    NET = random_network((2, 3, 3, 3, 1), seed=0)

    @pytest.mark.parametrize("budget", [Budget(regions=0), Budget(regions=3), Budget(seconds=0)])
    def test_bounds_are_kept(self, budget: Budget) -> None:
        value = functional_dimension(self.NET).value
        with pytest.raises(BudgetExceededError, match="at least") as stop:
            functional_dimension(self.NET, budget=budget)
        found = stop.value.found
        assert isinstance(found, FunctionalDimension)
        assert value is not None
        assert found.value is None
        assert 0 <= found.lower_bound <= value <= found.upper_bound
        assert found.certificate.check(self.NET) == (found.lower_bound > 0)
        assert not found.certificate.is_exact

    def test_enough_is_enough(self) -> None:
        d = functional_dimension(self.NET)
        again = functional_dimension(self.NET, budget=Budget(regions=d.regions_used))
        assert again == d

    def test_a_maximal_value_needs_no_walk(self) -> None:
        assert functional_dimension(TWO_ORBITS, budget=Budget(regions=0)).is_maximal

    def test_progress(self) -> None:
        counts: list[int] = []
        d = functional_dimension(self.NET, progress=counts.append)
        assert counts[-1] == d.regions_used


def test_processes_change_nothing() -> None:
    net = random_network((2, 3, 3, 3, 1), seed=1)
    with ProcessPoolExecutor(2) as executor:
        assert functional_dimension(net, executor=executor) == functional_dimension(net)


@pytest.mark.parametrize("thing", [None, 5, [([[1]], [0])], Fraction(1)])
def test_what_is_no_network(thing: object) -> None:
    with pytest.raises(InvalidInputError, match="expected a ReLUNetwork"):
        functional_dimension(thing)  # type: ignore[arg-type]


def test_a_wide_network_that_is_not_maximal() -> None:
    d = proved(gaussian_network((2, 16, 16, 1)))
    assert (d.value, d.upper_bound, d.regions_used) == (256, 305, 450)


def shared_network(name: str) -> Path:
    path = SHARED / "networks" / name
    if not path.exists():
        pytest.skip(f"there is no folder shared/networks with {name} beside the checkout")
    return path


def test_a_trained_controller() -> None:
    d = proved(load(shared_network("single_pendulum.onnx")))
    assert (d.value, d.upper_bound, d.regions_used) == (604, 701, 1_280)


@pytest.mark.exhaustive
def test_vcas_completely() -> None:
    d = proved(load(shared_network("vcas1.onnx")))
    assert (d.value, d.upper_bound) == (1_487, 1_849)
    assert (d.regions_used, d.regions_skipped) == (119_759, 0)


@pytest.mark.exhaustive
def test_bounds_for_acasxu() -> None:
    net = load(shared_network("acasxu_1_1.onnx"))
    with pytest.raises(BudgetExceededError) as stop:
        functional_dimension(net, budget=Budget(regions=2_000))
    found = stop.value.found
    assert isinstance(found, FunctionalDimension)
    assert 12_600 <= found.lower_bound <= found.upper_bound == 13_005
    assert found.certificate.check(net)
