"""Where uniqueness is said to be proved, other ways to find a second network find none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product
from random import Random

import pytest

from generators.networks import sixty_fourths_network
from tropnet import (
    ReLUNetwork,
    Verdict,
    decide_equality,
    decide_identifiability,
    is_transversal,
)
from tropnet.exact import dot, solve
from tropnet.identifiability.visibility import invisible_neurons

Shape = tuple[int, ...]
Vector = tuple[Fraction, ...]


def relu(vector: Sequence[Fraction]) -> Vector:
    return tuple(max(entry, Fraction(0)) for entry in vector)


def points(inputs: int, number: int, seed: int) -> list[Vector]:
    random = Random(seed)
    return [
        tuple(Fraction(random.randint(-900, 900), 64) for _ in range(inputs)) for _ in range(number)
    ]


def fitted(features: Sequence[Vector], targets: Sequence[Fraction]) -> Vector | None:
    """Weights and a bias that take features to targets."""
    return solve([(*row, Fraction(1)) for row in features], targets)


def turned_over(net: ReLUNetwork, seed: int) -> Iterator[ReLUNetwork]:
    """Networks with some neurons active on their other side, all else fitted at some points."""
    (first, offsets), (second, constants), _ = net.layers
    where = points(net.input_width, 80 + 6 * net.hidden_neuron_count, seed)
    heights = [
        tuple(dot(row, point) + b for row, b in zip(first, offsets, strict=True)) for point in where
    ]
    z = [
        [dot(row, relu(here)) + b for here in heights]
        for row, b in zip(second, constants, strict=True)
    ]
    values = list(zip(*map(net, where), strict=True))
    for signs in product((1, -1), repeat=len(first)):
        features = [relu([s * h for s, h in zip(signs, here, strict=True)]) for here in heights]
        for turns in product((1, -1), repeat=len(second)):
            neurons = [
                fitted(features, [t * entry for entry in column])
                for t, column in zip(turns, z, strict=True)
            ]
            if None in neurons or {*signs, *turns} == {1}:
                continue
            outputs = [
                relu([t * column[k] for t, column in zip(turns, z, strict=True)])
                for k in range(len(where))
            ]
            last = [fitted(outputs, column) for column in values]
            if None not in last:
                yield ReLUNetwork(
                    [
                        (
                            [[s * w for w in row] for s, row in zip(signs, first, strict=True)],
                            [s * b for s, b in zip(signs, offsets, strict=True)],
                        ),
                        ([row[:-1] for row in neurons if row], [row[-1] for row in neurons if row]),
                        ([row[:-1] for row in last if row], [row[-1] for row in last if row]),
                    ]
                )


def is_in_scope(net: ReLUNetwork) -> bool:
    return is_transversal(net).transversal and not invisible_neurons(net)


def small_networks(shape: Shape, tries: int, seed: int) -> list[ReLUNetwork]:
    """Small-integer networks in scope."""
    random = Random(seed)
    nets = []
    for _ in range(tries):
        layers = [
            (
                [[random.choice((-1, 0, 1, 1, 2)) for _ in range(a)] for _ in range(b)],
                [random.choice((-1, 0, 1)) for _ in range(b)],
            )
            for a, b in pairwise(shape)
        ]
        net = ReLUNetwork(layers)
        if is_in_scope(net):
            nets.append(net)
    return nets


def check(nets: Sequence[ReLUNetwork]) -> Counter[Verdict]:
    """Checks that what is turned over, and equal, refutes; how often there is which verdict."""
    verdicts: Counter[Verdict] = Counter()
    for number, net in enumerate(nets):
        verdict = decide_identifiability(net).verdict
        verdicts[verdict] += 1
        for other in turned_over(net, number):
            if decide_equality(net, other).equal and is_in_scope(other):
                assert verdict is Verdict.REFUTED
    return verdicts


def random_networks(shape: Shape, number: int) -> list[ReLUNetwork]:
    return [sixty_fourths_network(shape, seed) for seed in range(number)]


def test_the_search_finds_second_orbits() -> None:
    rows = [[2, 3], [2, 3]]
    net = ReLUNetwork([([[1, 0], [0, 1]], [0, 0]), (rows, [-1, -2]), ([[1, -1]], [0])])
    assert any(decide_equality(net, other).equal for other in turned_over(net, 1))


@pytest.mark.parametrize("shape", [(2, 2, 2, 1), (2, 3, 2, 1)])
def test_none_is_found_for_random_networks(shape: Shape) -> None:
    assert check(random_networks(shape, 8))[Verdict.PROVED] > 2


@pytest.mark.parametrize("shape", [(2, 2, 1, 1), (2, 2, 2, 1)])
def test_none_is_found_for_small_networks(shape: Shape) -> None:
    assert check(small_networks(shape, 200, 1))[Verdict.PROVED] > 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("shape", [(2, 2, 2, 1), (2, 3, 2, 1), (2, 3, 3, 1), (3, 3, 2, 1)])
def test_none_is_found_for_many_random_networks(shape: Shape) -> None:
    assert check(random_networks(shape, 40))[Verdict.PROVED] > 10


@pytest.mark.exhaustive
@pytest.mark.parametrize("shape", [(2, 2, 1, 1), (2, 3, 1, 1), (2, 2, 2, 1), (3, 2, 1, 1)])
def test_none_is_found_for_many_small_networks(shape: Shape) -> None:
    assert check(small_networks(shape, 4000, 2))[Verdict.PROVED] > 10
