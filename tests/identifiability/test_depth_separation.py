"""Networks whose function needs all their hidden layers, for every architecture that has one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from tropnet import (
    InvalidInputError,
    ReLUNetwork,
    decide_equality,
    depth_lower_bound,
    depth_separating_network,
    is_transversal,
    random_network,
)
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.certificates.star_pattern import Pattern

WIDTHS = [widths for depth in (1, 2, 3) for widths in product((2, 3, 4), repeat=depth)]
SHAPES = [*((2, *widths, 1) for widths in WIDTHS), *((3, *widths, 2) for widths in WIDTHS)]
FURTHER_SHAPES = [*((3, *widths, 1) for widths in WIDTHS), *((2, *widths, 3) for widths in WIDTHS)]
FIVE_LAYERS = [(2, *[width] * 5, 1) for width in (2, 3, 4)]
UNEVEN = [(2, 5, 2, 7, 1), (2, 2, 9, 3, 2, 1), (7, 3, 4, 2), (2, 12, 12, 1), (2, *[2] * 8, 1)]
# Widths of 1 where they are no obstacle.
NARROW = [
    *((1, 1), (3, 1), (2, 4), (1, 3)),
    *((1, 1, 1), (1, 2, 1), (1, 5, 2), (4, 1, 1), (2, 1, 3)),
    *((2, 2, 1, 1), (3, 4, 1, 2), (2, 3, 2, 1, 1), (2, 2, 2, 2, 2, 1, 1)),
]


def assert_separating(architecture: tuple[int, ...]) -> None:
    found = depth_separating_network(architecture)
    net, depth = found.network, len(architecture) - 2
    assert found.architecture == net.architecture == architecture
    assert is_transversal(net).transversal
    assert found.bound.value == found.certificate.value == net.depth == depth
    assert found.bound.obstruction is None
    assert ("transversal or not" in found.bound.scope) == (depth <= 2)
    again = certificate_from_json(certificate_to_json(found.certificate))
    assert again.check(net)
    assert len(found.certificate.cells) == max(depth - 1, 0)
    numbers = [entry for weight, bias in net.layers for row in (*weight, bias) for entry in row]
    assert all(entry.denominator == 1 for entry in numbers)
    assert max(map(abs, numbers)) < 10 * max(architecture[1:]) + 10


@pytest.mark.parametrize("architecture", NARROW)
def test_widths_of_one_where_they_are_no_obstacle(architecture: tuple[int, ...]) -> None:
    assert_separating(architecture)


@pytest.mark.parametrize(
    ("architecture", "reason"),
    [
        ((1, 2, 2, 1), "1 input"),
        ((1, 1, 1, 1), "1 input"),
        ((2, 1, 1, 1), "hidden layer 1 .*width 1"),
        ((2, 1, 2, 1), "hidden layer 1 .*width 1"),
        ((2, 3, 1, 3, 1), "hidden layer 2 .*width 1"),
        ((5, 2, 2, 1, 1, 2), "hidden layer 3 .*width 1"),
    ],
)
def test_architectures_without_such_a_network(architecture: tuple[int, ...], reason: str) -> None:
    with pytest.raises(InvalidInputError, match=f"architecture: .*{reason}.*; take"):
        depth_separating_network(architecture)


@pytest.mark.parametrize("architecture", [(), (2,), (2, 0, 1), (2, -1), "2-2-1", (2, 2.5, 1), None])
def test_what_is_no_architecture(architecture: object) -> None:
    with pytest.raises(InvalidInputError, match="architecture"):
        depth_separating_network(architecture)  # type: ignore[arg-type]


@pytest.mark.parametrize("architecture", [*SHAPES, *FIVE_LAYERS, *UNEVEN])
def test_small_architectures(architecture: tuple[int, ...]) -> None:
    assert_separating(architecture)


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "architecture",
    [*FURTHER_SHAPES, *((2, *widths, 1) for widths in product((2, 3, 4), repeat=4))],
)
def test_further_architectures(architecture: tuple[int, ...]) -> None:
    assert_separating(architecture)


def test_the_same_network_at_every_call() -> None:
    assert depth_separating_network((2, 4, 3, 1)) == depth_separating_network([2, 4, 3, 1])


def test_bends_lie_where_the_construction_says() -> None:
    """Where p_l = 0 and q_l is the next threshold, a third of it for the last layer."""
    found = depth_separating_network((2, 3, 4, 5, 1, 1))
    bends = found.bound.bends
    at_bends = [
        star.cell
        for star, reading in zip(bends.stars, bends.readings, strict=True)
        if reading.pattern is Pattern.BEND
    ]
    for layer, height in ((3, Fraction(2, 3)), (2, Fraction(3)), (1, Fraction(4))):
        p, q = Fraction(0), height
        for below in range(layer, 0, -1):  # 2 P + Q - t = p and P + 2 Q - t = q
            threshold = 6 - below
            p, q = (2 * p - q + threshold) / 3, (2 * q - p + threshold) / 3
        assert any(cell.contains((p, q)) for cell in at_bends)


def test_the_depth_stays_if_all_parameters_move_a_little() -> None:
    random = Random(0)
    net = depth_separating_network((2, 3, 3, 2, 1)).network

    def near(entry: Fraction) -> Fraction:
        return entry + Fraction(random.randint(-99, 99), 10**6)

    moved = ReLUNetwork(
        [([map(near, row) for row in weight], map(near, bias)) for weight, bias in net.layers]
    )
    assert not decide_equality(net, moved).equal
    assert is_transversal(moved).transversal
    assert depth_lower_bound(moved).value == 3


def test_the_proof_is_about_this_function() -> None:
    deep, deeper = (depth_separating_network((2, *[2] * depth, 1)) for depth in (3, 4))
    assert not deeper.certificate.check(deep.network)
    assert not deep.certificate.check(depth_separating_network((2, 2, 2, 1)).network)


def test_one_neuron_in_the_way() -> None:
    """What the refusal says: the bound stays below the number of hidden layers."""
    random, transversal = Random(0), 0
    for architecture in [(2, 1, 3, 1), (2, 3, 1, 2, 1), (3, 2, 2, 1, 2, 1)] * 3:
        net = random_network(architecture, seed=random.randrange(10**6))
        if is_transversal(net).transversal:
            transversal += 1
            assert depth_lower_bound(net).value < net.depth
    assert transversal
