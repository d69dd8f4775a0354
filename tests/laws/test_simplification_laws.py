"""simplify: the same function, never larger, nothing left to do, and padding comes off again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings

from generators.networks import DEGRADATIONS, eighths_network, integer_network
from generators.strategies import architectures, generators, networks, transformed_pairs
from generators.transformations import TRANSFORMATIONS, scrambled, transformed
from tropnet import (
    ReLUNetwork,
    Simplification,
    break_locus,
    decide_equality,
    decide_equivalence,
    minimal_shallow_network,
    simplify,
)

ARCHITECTURES = (
    (2, 3, 1),
    (1, 4, 1),
    (2, 4, 2),
    (3, 4, 1),
    (2, 3, 3, 1),
    (2, 4, 3, 2),
    (1, 3, 3, 1),
    (3, 3, 3, 1),
    (2, 3, 3, 3, 1),
    (2, 2, 2, 2, 2),
    (2, 3, 2, 3, 1),
)


def random_networks(count: int) -> Iterator[tuple[ReLUNetwork, Random]]:
    """Networks of one to three hidden layers, generic ones, small integers, degenerate ones."""
    for seed in range(count):
        rng = Random(seed)
        net = (integer_network if seed % 2 else eighths_network)(
            ARCHITECTURES[seed % len(ARCHITECTURES)], rng
        )
        if seed % 4 == 3:
            net = DEGRADATIONS[rng.choice(sorted(DEGRADATIONS))](net, rng)
        yield net, rng


def is_at_most(widths: tuple[int, ...], others: tuple[int, ...]) -> bool:
    """Whether there are fewer hidden layers, or as many and none wider."""
    if len(widths) != len(others):
        return len(widths) < len(others)
    return all(a <= b for a, b in zip(widths, others, strict=True))


def check_accounts(simplified: Simplification) -> None:
    """Every neuron that is gone is in exactly one step."""
    gone = [(step.layer, neuron) for step in simplified.steps for neuron in step.neurons]
    before, after = simplified.original.architecture, simplified.network.architecture
    assert len(set(gone)) == len(gone) == sum(before[1:-1]) - sum(after[1:-1])
    widths = list(before[1:-1])
    for layer, count in Counter(layer for layer, _ in gone).items():
        widths[layer - 1] -= count
    left = tuple(width for width in widths if width)
    assert (before[0], *left, before[-1]) == after


@settings(max_examples=40, deadline=None)
@given(networks())
def test_the_function_stays_and_nothing_grows(net: ReLUNetwork) -> None:
    simplified = simplify(net)
    assert simplified.complete
    check_accounts(simplified)
    assert decide_equality(net, simplified.network).equal
    assert simplified.certificate.check(net, simplified.network)
    again = simplify(simplified.network)
    assert (again.steps, again.network) == ((), simplified.network)


@settings(max_examples=25, deadline=None)
@given(transformed_pairs())
def test_hidden_identities_are_seen_through(pair: tuple[ReLUNetwork, ReLUNetwork]) -> None:
    net, partner = pair
    simplified = simplify(partner)
    assert decide_equality(net, simplified.network).equal
    assert is_at_most(simplified.network.architecture, net.architecture)


@settings(max_examples=30, deadline=None)
@given(networks(), generators())
def test_trivial_symmetries_change_nothing(net: ReLUNetwork, rng: Random) -> None:
    padded = transformed(net, rng, 1)
    first, second = simplify(padded).network, simplify(scrambled(padded, rng)).network
    assert decide_equivalence(first, second).equivalent


@settings(max_examples=40, deadline=None)
@given(networks(architectures(max_hidden=6, max_depth=1, max_outputs=3)))
def test_one_hidden_layer_is_as_narrow_as_can_be(net: ReLUNetwork) -> None:
    simplified = simplify(net).network
    if simplified.depth:
        assert simplified.hidden_neuron_count == minimal_shallow_network(net).width
    else:
        assert break_locus(net).facets == ()


def come_back(count: int, name: str) -> None:
    for net, rng in random_networks(count):
        padded = TRANSFORMATIONS[name](net, rng)
        simplified = simplify(padded)
        assert is_at_most(simplified.network.architecture, net.architecture), simplified
        check_accounts(simplified)
        assert decide_equality(net, simplified.network).equal


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
def test_padding_comes_off(name: str) -> None:
    come_back(22, name)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
def test_padding_comes_off_of_300_networks(name: str) -> None:
    come_back(300, name)


@pytest.mark.exhaustive
def test_three_layers_of_padding_come_off_of_300_networks() -> None:
    for net, rng in random_networks(300):
        simplified = simplify(transformed(net, rng))
        assert is_at_most(simplified.network.architecture, net.architecture), simplified
        assert decide_equality(net, simplified.network).equal
