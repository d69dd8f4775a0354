"""Minimal networks: known answers, brute force over smaller networks, and the proofs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

import numpy as np
import pytest

from generators.networks import sixty_fourths_network
from tropnet import (
    Answer,
    Budget,
    InvalidInputError,
    ReLUNetwork,
    TropicalPolynomial,
    Verdict,
    activation_regions,
    count_linear_pieces,
    decide_equality,
    decide_minimality,
    gradient_span,
    max_linear_pieces,
    random_network,
)
from tropnet.certificates.budget import Meter
from tropnet.certificates.minimality import is_smaller, smaller_architectures
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.comparison.minimality.facts import Facts
from tropnet.comparison.minimality.finite_points import exclude_by_points

POINTS = [
    (Fraction(a, 3), Fraction(b, 5))
    for a, b in ((0, 0), (2, 1), (-4, 7), (5, -9), (-8, -3), (30, 2), (-1, -40), (7, 70), (-90, 4))
]


def maximum(s: int = 0) -> ReLUNetwork:
    """max(0, x, y) = relu(relu(x − y) + relu(y + s) − relu(−y − s) − s)."""
    hidden = ([[1, -1], [0, 1], [0, -1]], [0, s, -s])
    return ReLUNetwork([hidden, ([[1, 1, -1]], [-s]), ([[1]], [0])])


def certified(net: ReLUNetwork, answer: Answer) -> bool:
    """Whether the certificate of an answer checks, also after a round trip through JSON."""
    again = certificate_from_json(certificate_to_json(answer.certificate))
    return again == answer.certificate and again.check(net)


def two_top_layers(values: tuple[int, ...]) -> Iterator[tuple[Any, Any]]:
    """Two first-layer neurons (row, bias, outgoing weight) and a bias, one order only."""
    neurons = list(product(values, repeat=4))
    for i, first in enumerate(neurons):
        for second in neurons[i:]:
            for bias in values:
                yield (first, second), bias


def two_two_one_one(neurons: Any, bias: int) -> ReLUNetwork:
    hidden = [list(neuron[:2]) for neuron in neurons], [neuron[2] for neuron in neurons]
    return ReLUNetwork([hidden, ([[neuron[3] for neuron in neurons]], [bias]), ([[1]], [0])])


@pytest.mark.parametrize("s", [0, 3, -2])
def test_the_maximum_is_minimal(s: int) -> None:
    answer = decide_minimality(maximum(s))
    assert answer.verdict is Verdict.PROVED
    assert "transversal" not in answer.scope
    assert certified(maximum(s), answer)
    assert set(answer.bounds["excluded"]) == set(smaller_architectures((2, 3, 1, 1)))
    assert answer.bounds["layers"] == ((3, 3), (1, 1))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("architecture", [(1, 3, 1), (2, 4, 1), (2, 3, 2), (3, 1, 1)])
def test_one_hidden_layer_is_always_decided(architecture: tuple[int, ...], seed: int) -> None:
    net = random_network(architecture, seed)
    answer = decide_minimality(net)
    assert answer.verdict is Verdict.PROVED
    assert certified(net, answer)
    wider = net + random_network(architecture, seed)
    answer = decide_minimality(wider)
    assert answer.verdict is Verdict.REFUTED
    assert certified(wider, answer)


def test_degenerate_networks() -> None:
    affine = ReLUNetwork([([[1, 2]], [3])])
    answer = decide_minimality(affine)
    assert answer.verdict is Verdict.PROVED
    assert certified(affine, answer)
    for layers in (
        [([[0, 0]], [1]), ([[5]], [1])],  # constant
        [([[1], [-1]], [0, 0]), ([[1, -1]], [0])],  # x, which is affine
        [([[1], [-1]], [-1, -1]), ([[1, 1]], [-9]), ([[1]], [2])],  # never active
        [([[1]], [0]), ([[1]], [0]), ([[1]], [0]), ([[1]], [0])],  # relu three times
    ):
        net = ReLUNetwork(layers)
        expected = Verdict.REFUTED
        answer = decide_minimality(net)
        assert answer.verdict is expected
        assert certified(net, answer)
    with pytest.raises(InvalidInputError, match="net"):
        decide_minimality(TropicalPolynomial([[1]], [0]))  # type: ignore[arg-type]


def test_out_of_budget_is_undecided() -> None:
    answer = decide_minimality(random_network((3, 6, 6, 1)), budget=Budget(regions=5))
    assert answer.verdict is Verdict.UNDECIDED
    assert answer.certificate is None


def test_three_hidden_layers_have_their_scope() -> None:
    scopes = set()
    for seed in range(12):
        net = sixty_fourths_network((2, 2, 2, 2, 1), seed)
        answer = decide_minimality(net)
        if answer.certificate is not None:
            assert certified(net, answer)
        if answer.verdict is Verdict.PROVED:
            scopes.add("transversal" in answer.scope)
            assert answer.certificate.is_generic is ("transversal" in answer.scope)
        if answer.verdict is Verdict.UNDECIDED:
            assert answer.bounds["open"]
            assert all(least <= width for least, width in answer.bounds["layers"])
    assert scopes <= {True, False}


@pytest.mark.parametrize("seed", range(20))
def test_random_networks_with_two_hidden_layers(seed: int) -> None:
    for architecture in ((2, 2, 2, 1), (2, 3, 2, 1), (3, 3, 2, 1), (2, 3, 2, 2)):
        net = sixty_fourths_network(architecture, seed)
        answer = decide_minimality(net)
        if answer.verdict is not Verdict.UNDECIDED:
            assert certified(net, answer)
        if answer.verdict is Verdict.REFUTED:
            smaller = ReLUNetwork(answer.certificate.layers)
            assert is_smaller(smaller.architecture, architecture)
            assert decide_equality(net, smaller).equal


def test_no_small_integer_network_contradicts_a_proof() -> None:
    """All (2,2,1,1) networks with entries in {−1, 0, 1}, up to symmetry, against smaller ones."""
    smaller: dict[Any, ReLUNetwork] = {}
    entries = (-1, 0, 1)
    for hidden in product(entries, repeat=3):
        for inner, bias in product(entries, repeat=2):
            one = ReLUNetwork([([hidden[:2]], [hidden[2]]), ([[inner]], [bias]), ([[1]], [0])])
            smaller[tuple(one(p) for p in POINTS)] = one
    for neurons in product(product(entries, repeat=3), product(entries, repeat=3)):
        for outer in product((-1, 1), repeat=2):
            rows = [list(neuron[:2]) for neuron in neurons], [neuron[2] for neuron in neurons]
            two = ReLUNetwork([rows, ([outer], [0])])
            smaller[tuple(two(p) for p in POINTS)] = two
    proved = 0
    for number, (neurons, bias) in enumerate(two_top_layers(entries)):
        if number % 61:
            continue
        net = two_two_one_one(neurons, bias)
        answer = decide_minimality(net)
        assert answer.verdict is not Verdict.UNDECIDED
        other = smaller.get(tuple(net(p) for p in POINTS))
        if answer.verdict is Verdict.PROVED:
            proved += 1
            assert other is None or not decide_equality(net, other).equal
    assert proved


@pytest.mark.exhaustive
def test_all_networks_two_two_one_one_are_decided() -> None:
    counts = dict.fromkeys(Verdict, 0)
    for neurons, bias in two_top_layers((-1, 0, 1)):
        net = two_two_one_one(neurons, bias)
        answer = decide_minimality(net)
        counts[answer.verdict] += 1
        assert answer.certificate.check(net)
    assert not counts[Verdict.UNDECIDED]


@pytest.mark.exhaustive
def test_the_share_of_random_networks_that_is_decided() -> None:
    verdicts = [
        decide_minimality(sixty_fourths_network((2, 3, 2, 1), s)).verdict for s in range(100)
    ]
    assert verdicts.count(Verdict.UNDECIDED) <= 7


SHAPES = (
    (1, 1, 1, 1),
    (1, 2, 2, 1),
    (2, 2, 1, 1),
    (2, 2, 2, 1),
    (2, 1, 2, 1),
    (3, 2, 1, 1),
    (2, 3, 1),
    (2, 2, 1, 2),
    (2, 2, 2, 2, 1),
    (2, 1, 2, 1, 1),
    (3, 3, 1, 1),
)


@pytest.mark.parametrize(
    "seeds", [range(120), pytest.param(range(120, 4000), marks=pytest.mark.exhaustive)]
)
def test_no_fact_excludes_the_architecture_that_a_function_has(seeds: range) -> None:
    """The facts about the functions of random networks with small integers, many degenerate."""
    for seed in seeds:
        random = Random(seed)
        shape = random.choice(SHAPES)
        biases = (0,) if random.random() < 0.3 else (0, 1, -1, 2, -3)
        net = ReLUNetwork(
            (
                [[random.choice((-1, 0, 1, 1, -1, 2)) for _ in range(a)] for _ in range(b)],
                [random.choice(biases) for _ in range(b)],
            )
            for a, b in pairwise(shape)
        )
        for exclusion in Facts(net, Meter(None, None)).exclusions():
            assert exclusion.check(net)
            assert not exclusion.excludes(shape)
        if shape[2:] == (1, 1) and shape[1] < 3:
            answer = exclude_by_points(
                net,
                shape,
                [tuple(map(Fraction, range(shape[0])))],
                Meter(None, None),
                recession=seed % 2 == 0,
                functional=(Fraction(1),),
                most_programs=60,
            )
            assert answer is None or decide_equality(answer, net).equal


def closest_fit(net: ReLUNetwork, shape: tuple[int, ...], seed: int) -> float:
    """The least mean square that gradient descent reaches from 16 starts, values scaled to 1."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(96, shape[0])) * rng.choice([0.5, 2, 8], size=(96, 1))
    exact = [[float(entry) for entry in net(tuple(map(Fraction, point)))] for point in points]
    target = np.array(exact)
    target = target / max(np.abs(target).max(), 1e-9)
    weights = [rng.normal(size=(16, b, a + 1)) / np.sqrt(a) for a, b in pairwise(shape)]
    first, second = ([np.zeros_like(w) for w in weights] for _ in range(2))
    best = np.inf
    for step in range(1, 1500):
        values = [np.broadcast_to(points.T, (16, *points.T.shape))]
        for k, w in enumerate(weights):
            z = w[:, :, :-1] @ values[-1] + w[:, :, -1:]
            values.append(np.maximum(z, 0) if k < len(weights) - 1 else z)
        error = values[-1] - target.T
        best = min(best, float((error**2).mean(axis=(1, 2)).min()))
        for k in reversed(range(len(weights))):
            ones = np.ones((16, 1, len(points)))
            gradient = error @ np.concatenate([values[k], ones], axis=1).transpose(0, 2, 1)
            gradient /= len(points)
            error = (weights[k][:, :, :-1].transpose(0, 2, 1) @ error) * (values[k] > 0)
            first[k] = 0.9 * first[k] + 0.1 * gradient
            second[k] = 0.999 * second[k] + 0.001 * gradient**2
            rate = 0.02 * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step)
            weights[k] = weights[k] - rate * first[k] / (np.sqrt(second[k]) + 1e-9)
    return best


@pytest.mark.exhaustive
def test_gradient_descent_finds_no_smaller_network_where_there_is_none() -> None:
    """It finds networks of the right size now and then, and never smaller ones."""
    for seed in range(40):
        net = sixty_fourths_network((2, 3, 2, 1), seed)
        if decide_minimality(net).verdict is Verdict.PROVED:
            for shape in ((2, 2, 2, 1), (2, 3, 1, 1), (2, 5, 1)):
                assert closest_fit(net, shape, seed) > 1e-9


def test_corrupted_proofs_fail() -> None:
    proofs = 0
    for seed in (0, 1, 2, 3, None):
        net = maximum() if seed is None else sixty_fourths_network((2, 3, 2, 1), seed)
        answer = decide_minimality(net)
        data = json.loads(certificate_to_json(answer.certificate))
        for k, _ in enumerate(data["exclusions"]):
            fewer = data | {"exclusions": data["exclusions"][:k] + data["exclusions"][k + 1 :]}
            assert not certificate_from_json(json.dumps(fewer)).check(net)
            proofs += 1
        assert not answer.certificate.check(net + net)
        assert not answer.certificate.check(random_network((2, 3, 2, 1), seed=77))
        assert not answer.certificate.check(TropicalPolynomial([[1, 0]], [0]))
    assert proofs > 10


def test_the_gradient_span() -> None:
    span = gradient_span(random_network((3, 2, 2, 1)))
    assert span.dimension == 2
    assert span.certificate.check(random_network((3, 2, 2, 1)))
    assert gradient_span(ReLUNetwork([([[0, 0]], [1])])).dimension == 0
    assert gradient_span(TropicalPolynomial([[1, 2]], [0])).basis == ((1, 2),)
    pair = (TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0]))
    assert gradient_span(pair).dimension == 2


@pytest.mark.parametrize(
    "architecture", [(1, 1, 1), (1, 3, 2, 1), (2, 3, 3, 1), (3, 4, 1), (2, 1, 3, 1)]
)
def test_no_network_has_more_pieces_than_the_bound(architecture: tuple[int, ...]) -> None:
    bound = max_linear_pieces(architecture)
    for seed in range(6):
        net = random_network(architecture, seed)
        assert count_linear_pieces(net) <= len(list(activation_regions(net))) <= bound


def test_a_bad_architecture() -> None:
    for bad in ((), (2,), (2, 0, 1), (2, "x", 1)):
        with pytest.raises(InvalidInputError):
            max_linear_pieces(bad)  # type: ignore[arg-type]
