"""The generators themselves: what they promise is checked by exact evaluation."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from generators.networks import (
    DEGRADATIONS,
    GAUSSIAN_REGION_COUNTS,
    gaussian_network,
    integer_network,
    pencil,
    planted_triples,
)
from generators.pairs import load_pair, pair_files
from generators.strategies import architectures, generators, networks, points
from generators.transformations import TRANSFORMATIONS, transformed, triple_flip
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tropnet import ReLUNetwork


def random_point(width: int, rng: Random) -> tuple[Fraction, ...]:
    size = rng.choice((3, 3, 50, 10**7))
    return tuple(Fraction(rng.randint(-size, size), rng.choice((1, 2, 7))) for _ in range(width))


def same_at_random_points(f: ReLUNetwork, g: ReLUNetwork, rng: Random, count: int = 25) -> bool:
    points = (random_point(f.input_width, rng) for _ in range(count))
    return all(f(x) == g(x) for x in points)


@pytest.mark.parametrize("architecture", GAUSSIAN_REGION_COUNTS)
def test_gaussian_networks_are_the_float32_draws(architecture: tuple[int, ...]) -> None:
    net = gaussian_network(architecture)
    assert net.architecture == architecture
    rng = np.random.default_rng(0)
    first = rng.standard_normal((architecture[1], architecture[0])) * np.sqrt(2 / architecture[0])
    bias = rng.standard_normal(architecture[1]) * 0.3
    assert net.layers[0].weight[0][0] == Fraction(float(np.float32(first[0, 0])))
    assert net.layers[0].bias[-1] == Fraction(float(np.float32(bias[-1])))


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_transformations_preserve_the_function(name: str, data: st.DataObject) -> None:
    net = data.draw(networks())
    changed = TRANSFORMATIONS[name](net, data.draw(generators()))
    for x in data.draw(st.lists(points(net.input_width), min_size=4, max_size=8)):
        assert changed(x) == net(x)


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
def test_transformations_do_something(name: str) -> None:
    net = planted_triples(integer_network((2, 4, 4, 2), Random(1)), Random(1))
    changed = TRANSFORMATIONS[name](net, Random(2))
    assert changed != net
    assert same_at_random_points(net, changed, Random(3))


def test_triple_flip_negates_one_triple_in_every_hidden_layer() -> None:
    net = planted_triples(integer_network((2, 4, 4, 1), Random(5)), Random(5))
    flipped = triple_flip(net, Random(0))
    for before, after in zip(net.layers[:-1], flipped.layers[:-1], strict=True):
        rows = zip(before.weight, after.weight, strict=True)
        assert sum(old != new for old, new in rows) == 3


def test_transformed_networks_keep_their_values() -> None:
    for seed in range(20):
        rng = Random(seed)
        net = integer_network((3, 4, 3, 1), rng)
        assert same_at_random_points(net, transformed(net, rng), rng)


@pytest.mark.parametrize("name", sorted(DEGRADATIONS))
def test_degradations_keep_the_architecture(name: str) -> None:
    for seed in range(5):
        net = integer_network((3, 4, 3, 2), Random(seed))
        assert DEGRADATIONS[name](net, Random(seed)).architecture == net.architecture


def test_pencil_hyperplanes_share_a_point() -> None:
    (weight, bias), *_ = pencil((2, 6, 1), Random(3)).layers
    for i, row in enumerate(weight):
        for j, other in enumerate(weight):
            determinant = row[0] * other[1] - row[1] * other[0]
            if determinant:
                x = (row[1] * bias[j] - other[1] * bias[i]) / determinant
                y = (other[0] * bias[i] - row[0] * bias[j]) / determinant
                assert all(w[0] * x + w[1] * y + b == 0 for w, b in zip(weight, bias, strict=True))


@given(architectures(max_hidden=7))
def test_architectures_respect_their_bound(architecture: tuple[int, ...]) -> None:
    assert sum(architecture[1:-1]) <= 7
    assert min(architecture) >= 1


@pytest.mark.skipif(not pair_files(), reason="the folder shared/pairs is not there")
def test_shared_witnesses_are_true() -> None:
    for path in pair_files(architecture="2-4-4-1"):
        pair = load_pair(path)
        if pair.witness is not None:
            assert pair.f(pair.witness) != pair.g(pair.witness)
        else:
            assert same_at_random_points(pair.f, pair.g, Random(0))
