"""Infinitesimal symmetries: exact bases of the kernel, and what becomes of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, networks
from identifiability.known_networks import (
    MAXIMUM,
    TRIPLE_FLIP,
    TWICE_RELU,
    TWO_ORBITS,
    VANISHING,
)
from identifiability.plain_jacobian import admissible_patterns, derivative, parameters
from tropnet import (
    Budget,
    BudgetExceededError,
    HiddenSymmetry,
    IntegrationKind,
    InvalidInputError,
    ReLUNetwork,
    decide_equality,
    decide_equivalence,
    infinitesimal_symmetries,
    random_network,
)
from tropnet.certificates.dimension import Direction, Entry
from tropnet.exact import rank
from tropnet.identifiability.directions import describe, moved, sparse


def coordinates(net: ReLUNetwork, direction: Direction) -> list[Fraction]:
    values = {(e.layer, e.neuron, e.input): e.value for e in direction}
    assert len(values) == len(direction)
    return [values.get(one[:3], Fraction(0)) for (one,) in parameters(net)]


@settings(max_examples=40, deadline=None)
@given(networks(architectures(max_hidden=6)))
def test_a_basis_of_the_kernel(net: ReLUNetwork) -> None:
    patterns = admissible_patterns(net)
    if not patterns:
        with pytest.raises(InvalidInputError, match="no activation region is admissible"):
            infinitesimal_symmetries(net)
        return
    found = infinitesimal_symmetries(net)
    value = found.functional_dimension.value
    assert value is not None
    assert found.dimension == len(found.basis) == net.parameter_count - value
    assert len(found.scalings) == net.hidden_neuron_count
    assert rank([coordinates(net, direction) for direction in found.basis]) == found.dimension
    for direction in found.basis:
        for pattern in patterns:
            assert not any(e for form in derivative(net, pattern, direction) for e in form)
    for symmetry in found.hidden:
        assert all(entry.value.denominator == 1 for entry in symmetry.direction)


def test_scalings_are_the_velocities_of_rescaling() -> None:
    net = random_network((2, 3, 2, 1), seed=3)
    (first, *_, last) = infinitesimal_symmetries(net).scalings
    step = Fraction(1, 2**60)
    for layer, neuron, direction in ((1, 0, first), (2, 1, last)):
        factors = [Fraction(1)] * net.architecture[layer]
        factors[neuron] += step
        exact, straight = net.rescale(layer, factors), moved(net, direction, step)
        for (left, b), (right, c) in zip(exact.layers, straight.layers, strict=True):
            for row, other in zip((*left, b), (*right, c), strict=True):
                assert all(abs(x - y) < step**2 * 10 for x, y in zip(row, other, strict=True))


@pytest.mark.parametrize("net", [TRIPLE_FLIP, TWO_ORBITS])
def test_none_are_hidden_though_there_are_two_orbits(net: ReLUNetwork) -> None:
    assert infinitesimal_symmetries(net).hidden == ()


def only(net: ReLUNetwork) -> HiddenSymmetry:
    (symmetry,) = infinitesimal_symmetries(net).hidden
    return symmetry


def test_the_family_of_the_maximum() -> None:
    """max(0, x, y) = relu(relu(x−y) + relu(y+s) − relu(−y−s) − s) for every s."""
    answer = only(MAXIMUM).integrate()
    assert answer.kind is IntegrationKind.FAMILY
    family = answer.family
    assert family is not None
    assert (family.lowest, family.highest) == (None, None)
    for s in (-1_000_000, -3, Fraction(1, 7), 0, 5):
        other = family.network(s)
        assert decide_equality(other, MAXIMUM).equal
        assert decide_equivalence(other, MAXIMUM).equivalent == (s == 0)
        assert other == only(MAXIMUM).network(s)
    f, g = (only(MAXIMUM).network(s) for s in (0, 2))
    assert [f.layers[0].bias, f.layers[1].bias] == [(0, 0, 0), (0,)]
    assert g.layers[0].bias[1] == -g.layers[0].bias[2] == -g.layers[1].bias[0]


def test_away_from_zero_the_family_stays() -> None:
    symmetry = only(MAXIMUM)
    assert only(symmetry.network(3)).integrate().kind is IntegrationKind.FAMILY


def test_twice_relu_has_a_direction_that_is_no_symmetry() -> None:
    biases, outputs = infinitesimal_symmetries(TWICE_RELU).hidden
    assert {entry.input for entry in biases.direction} == {None}
    answer = biases.integrate()
    assert answer.kind is IntegrationKind.FIRST_ORDER_ONLY
    assert answer.kind.value == "first-order only"
    assert (answer.family, answer.members) == (None, ())
    for obstruction in answer.obstructions:
        assert obstruction is not None
        assert obstruction.rates[0] != obstruction.rates[1]
    assert not decide_equality(TWICE_RELU, biases.network("1/1000")).equal
    # Only the sum of the outgoing weights counts.
    other = outputs.integrate()
    assert other.kind is IntegrationKind.FAMILY
    assert other.family is not None
    assert other.family.interval == "(-oo, oo)"
    assert decide_equality(TWICE_RELU, other.family.network(1000)).equal


def test_what_an_obstruction_says() -> None:
    """The difference quotients along the line tend to what is claimed, and not to each other."""
    symmetry = infinitesimal_symmetries(TWICE_RELU).hidden[0]
    obstruction = symmetry.integrate().obstructions[0]
    assert obstruction is not None
    *point, t = obstruction.point
    *along, rate = obstruction.velocity
    s = Fraction(1, 2**40)
    place = [(a + s * b) / (t + s * rate) for a, b in zip(point, along, strict=True)]
    start = [a / t for a in point]
    assert t > 0
    base = t * TWICE_RELU(start)[0]
    for net, expected in zip((symmetry.network(s), TWICE_RELU), obstruction.rates, strict=True):
        quotient = ((t + s * rate) * net(place)[0] - base) / s
        assert abs(quotient - expected[0]) < Fraction(1, 2**20)


def test_a_family_on_one_side_only() -> None:
    """relu(x) − relu(x) of which one is at its limit: a dead weight that may shrink, not grow."""
    net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 0], [-1, 0]], [0, 0]), ([[1, 1]], [0])])
    kinds = {}
    for symmetry in infinitesimal_symmetries(net).hidden:
        kinds[symmetry.description] = symmetry.integrate()
    answer = kinds["layer 2: weight 1 of neuron 1 by 1"]
    assert answer.kind is IntegrationKind.ONE_SIDED
    assert answer.family is not None
    assert answer.family.highest == 0
    assert answer.family.lowest is not None
    assert answer.family.lowest < 0
    assert answer.obstructions[0] is not None
    with pytest.raises(InvalidInputError, match="outside"):
        answer.family.network(1)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 60), st.sampled_from([(2, 2, 2, 1), (2, 3, 2, 1), (1, 2, 2, 1), (2, 3, 1)]))
def test_families_of_random_networks(seed: int, architecture: tuple[int, ...]) -> None:
    net = random_network(architecture, seed)
    for symmetry in infinitesimal_symmetries(net).hidden:
        answer = symmetry.integrate()
        steps = list(answer.members)
        if answer.family is not None:
            low, high = answer.family.lowest, answer.family.highest
            steps += [-7 if low is None else low / 3, 7 if high is None else high / 3]
        assert all(decide_equality(net, symmetry.network(step)).equal for step in steps)


def test_a_budget_for_integration() -> None:
    with pytest.raises(BudgetExceededError):
        only(MAXIMUM).integrate(budget=Budget(seconds=0))


@pytest.mark.parametrize("name", VANISHING)
def test_no_jacobian_is_bad_input(name: str) -> None:
    with pytest.raises(InvalidInputError, match="remove"):
        infinitesimal_symmetries(VANISHING[name][0])


def test_without_hidden_layers() -> None:
    found = infinitesimal_symmetries(ReLUNetwork([([[1, 2]], [3])]))
    assert (found.dimension, found.basis) == (0, ())


def test_descriptions() -> None:
    direction = (
        Entry(1, 0, 2, Fraction(-1)),
        Entry(1, 3, None, Fraction(2)),
        Entry(3, 1, 0, Fraction(1, 2)),
    )
    assert describe(direction) == (
        "layer 1: weight 2 of neuron 0 by -1, bias of neuron 3 by 2; "
        "layer 3: weight 0 of neuron 1 by 1/2"
    )


def test_sparse_directions_differ_by_scalings() -> None:
    net = random_network((2, 3, 2, 1), seed=1)
    scalings = infinitesimal_symmetries(net).scalings
    one = Entry(2, 0, 1, Fraction(3))
    values = coordinates(net, (one,))
    for factor, scaling in zip((2, -1, 5), scalings, strict=False):
        values = [a + factor * b for a, b in zip(values, coordinates(net, scaling), strict=True)]
    dense = tuple(
        place[0]._replace(value=value)
        for place, value in zip(parameters(net), values, strict=True)
        if value
    )
    thin = sparse(net, dense)
    assert len(thin) < len(dense)
    rows = [coordinates(net, direction) for direction in (dense, thin, *scalings)]
    assert rank(rows) == rank(rows[1:]) == len(scalings) + 1
