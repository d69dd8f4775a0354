"""Networks to look through: which, and that they are the same everywhere."""

from __future__ import annotations

import json
import pickle
from itertools import pairwise, product

import pytest

from identifiability.known_networks import MAXIMUM, TRIPLE_FLIP
from tropnet import (
    Enumeration,
    InvalidInputError,
    Mutations,
    RandomWeights,
    ReLUNetwork,
    Structured,
    canonical_form,
)
from tropnet.search.generators import Generator

RANDOM = (
    RandomWeights(),
    RandomWeights((-1, "1/2"), (0,), zeros=50),
    Structured(),
    Mutations((TRIPLE_FLIP, MAXIMUM)),
)


def everything(
    architecture: tuple[int, ...], weights: tuple[int, ...], biases: tuple[int, ...]
) -> list[ReLUNetwork]:
    """All networks, equivalent ones too."""
    sets = [
        values
        for inputs, outputs in pairwise(architecture)
        for values in ([weights] * (inputs * outputs) + [biases] * outputs)
    ]
    nets = []
    for choice in product(*sets):
        numbers = iter(choice)
        nets.append(
            ReLUNetwork(
                [
                    (
                        [[next(numbers) for _ in range(inputs)] for _ in range(outputs)],
                        [next(numbers) for _ in range(outputs)],
                    )
                    for inputs, outputs in pairwise(architecture)
                ]
            )
        )
    return nets


@pytest.mark.parametrize(
    ("architecture", "weights", "biases"),
    [
        ((1, 2, 1), (-1, 0, 1), (0, 1)),
        ((1, 2, 1), (-2, 0, 1, 2), (1,)),
        ((2, 2, 1), (-1, 1), (0,)),
        ((1, 1, 2, 1), (-1, 1), (0, 1)),
        ((1, 2, 2, 1), (-1, 1), (0,)),
        ((1, 2, 1, 1), (0, 1, 2), (0,)),
        ((2, 1), (-1, 0, 1), (0, 1)),
    ],
)
def test_one_network_of_each_class(
    architecture: tuple[int, ...], weights: tuple[int, ...], biases: tuple[int, ...]
) -> None:
    source = Enumeration(weights, biases)
    classes = {canonical_form(net).network for net in everything(architecture, weights, biases)}
    size = source.size(architecture)
    found = [net for _, net in source.networks(architecture, 0, size)]
    assert len(found) == len(classes)
    assert {canonical_form(net).network for net in found} == classes


@pytest.mark.parametrize("source", [Enumeration(), *RANDOM])
def test_parts_make_the_whole(source: Generator) -> None:
    whole = list(source.networks((2, 3, 1), 500, 900))
    parts = [
        pair
        for start in range(500, 900, 70)
        for pair in source.networks((2, 3, 1), start, min(start + 70, 900))
    ]
    assert parts == whole
    assert [index for index, _ in whole] == sorted({index for index, _ in whole})
    again = pickle.loads(pickle.dumps(source))
    assert list(again.networks((2, 3, 1), 500, 900)) == whole
    json.dumps(source.data())


@pytest.mark.parametrize("source", RANDOM)
def test_random_networks_have_the_architecture(source: Generator) -> None:
    nets = [net for _, net in source.networks((2, 3, 1), 0, 50)]
    assert {net.architecture for net in nets} == {(2, 3, 1)}
    assert len(set(nets)) > 25
    assert source.size((2, 3, 1)) is None


def test_sets_of_numbers() -> None:
    nets = [net for _, net in RandomWeights((-1, "1/2"), (0,)).networks((2, 2, 1), 0, 20)]
    assert {str(w) for net in nets for row in net.layers[0].weight for w in row} == {"-1", "1/2"}
    assert not any(any(net.layers[0].bias) for net in nets)
    sparse = [net for _, net in RandomWeights(zeros=99).networks((5, 5, 1), 0, 5)]
    assert sum(w != 0 for net in sparse for row in net.layers[0].weight for w in row) < 25


def test_structured_networks_have_coincidences() -> None:
    parallel = 0
    for _, net in Structured().networks((2, 4, 1), 0, 50):
        rows = net.layers[0].weight
        parallel += any(
            a[0] * b[1] == a[1] * b[0] and any(a) and any(b)
            for k, a in enumerate(rows)
            for b in rows[k + 1 :]
        )
    assert parallel > 25


def test_bad_input() -> None:
    for make in (
        lambda: Enumeration((), (0,)),
        lambda: RandomWeights((1,), ()),
        lambda: RandomWeights(zeros=100),
        lambda: Structured((float("nan"),)),
        lambda: next(Mutations(()).networks((2, 3, 1), 0, 1)),
    ):
        with pytest.raises(InvalidInputError):
            make()
