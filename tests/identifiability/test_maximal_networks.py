"""Networks of the largest functional dimension, for every architecture that has them for sure."""

from __future__ import annotations

from itertools import product

import pytest

from tropnet import (
    Budget,
    BudgetExceededError,
    InvalidInputError,
    functional_dimension,
    maximal_network,
)

ALL = [
    (inputs, *widths, 1)
    for inputs in (2, 3, 4)
    for depth in (1, 2, 3, 4)
    for widths in product((2, 3, 4), repeat=depth)
]
FURTHER = [
    *((2, 2, 2, 2, 2, 1), (2, 3, 4, 3, 2, 1), (5, 2, 2, 1)),
    *((2, 3), (2, 2, 3), (3, 2, 2, 2), (10, 2, 10, 2), (2, 12, 1), (2, *[2] * 7, 1)),
]


def assert_maximal(architecture: tuple[int, ...]) -> None:
    found = maximal_network(architecture)
    assert found.network.architecture == architecture
    net = found.network
    assert found.dimension.value == net.parameter_count - net.hidden_neuron_count
    assert found.dimension.is_maximal
    assert found.dimension.certificate.check(net)
    numbers = [e for weight, bias in net.layers for row in (*weight, bias) for e in row]
    assert max(e.denominator for e in numbers) <= 8
    assert max(abs(e) for e in numbers) <= 1000


@pytest.mark.parametrize("architecture", [a for a in ALL if len(a) <= 4] + FURTHER)
def test_small_architectures(architecture: tuple[int, ...]) -> None:
    assert_maximal(architecture)


@pytest.mark.exhaustive
@pytest.mark.parametrize("architecture", [a for a in ALL if len(a) > 4])
def test_deeper_architectures(architecture: tuple[int, ...]) -> None:
    assert_maximal(architecture)


def test_the_same_network_at_every_call() -> None:
    assert maximal_network((3, 4, 2, 1)).network == maximal_network([3, 4, 2, 1]).network


@pytest.mark.parametrize(
    ("architecture", "where"),
    [
        ((2, 1, 1), "layer 1"),
        ((2, 2, 1, 3, 1), "layer 2"),
        ((1, 2, 1), "inputs"),
        ((1, 1), "inputs"),
    ],
)
def test_a_width_of_one_is_refused(architecture: tuple[int, ...], where: str) -> None:
    with pytest.raises(InvalidInputError, match=f"{where}.*width 1.*at least 2"):
        maximal_network(architecture)


@pytest.mark.parametrize("architecture", [(), (2,), (2, 0, 1), (2, -1), "2-2-1", (2, 2.5, 1), None])
def test_what_is_no_architecture(architecture: object) -> None:
    with pytest.raises(InvalidInputError, match="architecture"):
        maximal_network(architecture)  # type: ignore[arg-type]


def test_a_budget() -> None:
    with pytest.raises(BudgetExceededError):
        maximal_network((2, 4, 4, 4, 1), budget=Budget(seconds=0))


def test_the_network_alone_is_enough() -> None:
    assert functional_dimension(maximal_network((2, 4, 3, 1)).network).is_maximal
