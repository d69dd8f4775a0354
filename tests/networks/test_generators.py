"""The generators themselves: what they promise is checked by exact evaluation."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generators.differences import DIFFERENCES, VERY_FAR, disguised, last_place
from generators.identities import IDENTITIES
from generators.networks import (
    DEGRADATIONS,
    GAUSSIAN_REGION_COUNTS,
    eighths_network,
    gaussian_network,
    integer_network,
    pencil,
    planted_triples,
)
from generators.pairs import load_pair, pair_files
from generators.strategies import architectures, generators, identity_pairs, networks, points
from generators.transformations import TRANSFORMATIONS, transformed, triple_flip
from networks.brute_force import activation_patterns
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


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_identities_hold(data: st.DataObject) -> None:
    f, g = data.draw(identity_pairs())
    for x in data.draw(st.lists(points(f.input_width), min_size=4, max_size=8)):
        assert f(x) == g(x)


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


@pytest.mark.parametrize("architecture", [(1, 3, 1), (2, 4, 4, 1), (3, 4, 4, 4, 2), (2, 1)])
@pytest.mark.parametrize("name", sorted(DIFFERENCES))
def test_differences_have_true_witnesses(name: str, architecture: tuple[int, ...]) -> None:
    for seed in range(3):
        net = eighths_network(architecture, Random(seed))
        f, g, witness = DIFFERENCES[name](net, seed)
        assert f == net
        assert f(witness) != g(witness)
        assert DIFFERENCES[name](net, seed) == (f, g, witness)


@pytest.mark.parametrize("name", sorted(DIFFERENCES))
def test_disguised_differences_have_true_witnesses(name: str) -> None:
    for seed, identity in enumerate(IDENTITIES.values()):
        a, b, c = (eighths_network((2, 3, 1), Random(3 * seed + i)) for i in range(3))
        f, g, witness = disguised(DIFFERENCES[name], identity, (a, b, c), seed)
        assert f == identity(a, b, c)[0]
        assert f(witness) != g(witness)


@pytest.mark.parametrize("name", [name for name in DIFFERENCES if name.endswith("bump")])
def test_bumps_are_confined_to_a_small_box(name: str) -> None:
    net = eighths_network((2, 4, 4, 1), Random(0))
    f, g, (x, y) = DIFFERENCES[name](net, 7)
    outside = Fraction(1, 127)
    for point in ((x + outside, y), (x, y - outside), (x - outside, y + outside), (0, 0)):
        assert f(point) == g(point)


def test_far_differences_leave_the_values_nearby() -> None:
    net = eighths_network((3, 4, 4, 1), Random(0))
    for name in ("far_half_space", "far_step", "far_cone"):
        f, g, witness = DIFFERENCES[name](net, 1)
        assert max(map(abs, witness)) > VERY_FAR
        assert all(f(x) == g(x) for x in ((0, 0, 0), (5, -7, 1), (1000, 10**4, -500)))


def test_a_last_place_change_is_one_float32_step() -> None:
    net = gaussian_network((2, 5, 5, 1))
    f, g, _ = last_place(net, 4)
    old, new = (
        [entry for layer in side.layers for row in layer.weight for entry in row] for side in (f, g)
    )
    ((before, after),) = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    toward = np.float32(np.inf)
    assert Fraction(float(np.nextafter(np.float32(float(before)), toward))) in (
        after,
        # below a power of two in absolute value, the next float is half a step away
        before + (after - before) / 2,
    )


LINES = [[1, 0], [0, 1], [1, 1], [1, -1]]


@pytest.mark.parametrize(
    ("net", "count"),
    [
        (ReLUNetwork([([[2, 1]], [3])]), 1),
        (ReLUNetwork([([[1]], [0]), ([[1]], [0])]), 2),
        (ReLUNetwork([(LINES, [0, 1, 5, 11]), ([[1] * 4], [0])]), 1 + 4 + 6),
        (ReLUNetwork([(LINES, [0] * 4), ([[1] * 4], [0])]), 8),
        (ReLUNetwork([([[1, 2]] * 3, [0, 1, 2]), ([[1] * 3], [0])]), 4),
        (ReLUNetwork([([[1, 2], [2, 4], [-1, -2]], [1, 2, -1]), ([[1] * 3], [0])]), 2),
    ],
    ids=["affine", "one kink", "generic lines", "pencil", "parallel", "one line thrice"],
)
def test_brute_force_on_countable_arrangements(net: ReLUNetwork, count: int) -> None:
    assert len(activation_patterns(net)) == count


def test_brute_force_patterns_of_constant_neurons() -> None:
    net = ReLUNetwork([([[1], [0], [0], [0]], [0, 1, -1, 0]), ([[1] * 4], [0])])
    assert activation_patterns(net) == {(1, 1, -1, 0), (-1, 1, -1, 0)}


def test_brute_force_patterns_of_neurons_that_vanish_on_a_region() -> None:
    # The second layer is relu(x), which is identically zero where x < 0; and relu(x) − relu(x).
    net = ReLUNetwork([([[1], [1]], [0, 0]), ([[1, 0], [1, -1]], [0, 0]), ([[1, 1]], [0])])
    assert activation_patterns(net) == {(1, 1, 1, 0), (-1, -1, 0, 0)}


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_brute_force_on_the_tent_network(depth: int) -> None:
    tent = ReLUNetwork([([[1], [1]], [0, Fraction(-1, 2)]), ([[2, -4]], [0])])
    net = tent
    for _ in range(depth - 1):
        net = tent @ net
    assert len(activation_patterns(net)) == 2**depth + 2


def test_brute_force_regions_contain_every_point() -> None:
    for seed in range(8):
        rng = Random(seed)
        net = integer_network((2, 3, 3, 1), rng)
        patterns = activation_patterns(net)
        for _ in range(20):
            x = tuple(Fraction(rng.randint(-(10**6), 10**6), 10**5 + 3) for _ in range(2))
            signs = _signs(net, x)
            assert any(
                all(s in (0, p) or p == 0 for s, p in zip(signs, pattern, strict=True))
                for pattern in patterns
            )


def _signs(net: ReLUNetwork, x: tuple[Fraction, ...]) -> list[int]:
    signs = []
    for layer in range(1, net.depth + 1):
        weight, bias = net.layers[layer - 1]
        values = ReLUNetwork([*net.layers[: layer - 1], (weight, bias)])(x)
        signs += [(value > 0) - (value < 0) for value in values]
    return signs


def test_brute_force_is_invariant_under_trivial_symmetries() -> None:
    for seed in range(6):
        rng = Random(seed)
        net = DEGRADATIONS[rng.choice(sorted(DEGRADATIONS))](
            integer_network((2, 3, 3, 1), rng), rng
        )
        patterns = activation_patterns(net)
        assert activation_patterns(TRANSFORMATIONS["huge_scaling"](net, rng)) == patterns
        permuted = TRANSFORMATIONS["permutation"](net, rng)
        assert len(activation_patterns(permuted)) == len(patterns)
