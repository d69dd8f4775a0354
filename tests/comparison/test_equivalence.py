"""Equivalence under trivial symmetries, and the canonical form, with every kind of tie."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise, permutations, product
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, generators, networks
from generators.transformations import TRIVIAL_SYMMETRIES
from tropnet import (
    InvalidInputError,
    ReLUNetwork,
    canonical_form,
    decide_equality,
    decide_equivalence,
    random_network,
)
from tropnet.certificates.inequivalence import InequivalenceCertificate
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json


def rearranged(net: ReLUNetwork, random: Random) -> ReLUNetwork:
    for layer, width in enumerate(net.architecture[1:-1], 1):
        net = net.permute(layer, random.sample(range(width), width))
        net = net.rescale(layer, [Fraction(random.randint(1, 6), 3) for _ in range(width)])
    return net


def applied(net: ReLUNetwork, orders, factors) -> ReLUNetwork:
    for layer, (order, scales) in enumerate(zip(orders, factors, strict=True), 1):
        net = net.permute(layer, order).rescale(layer, scales)
    return net


def equivalent_by_brute_force(one: ReLUNetwork, two: ReLUNetwork) -> bool:
    """All permutations; for each, scalings by propagation along the non-zero weights."""
    choices = product(*(list(permutations(range(w))) for w in one.architecture[1:-1]))
    return any(
        _scalable(applied(one, orders, [[1] * len(o) for o in orders]), two) for orders in choices
    )


def _scalable(one: ReLUNetwork, two: ReLUNetwork) -> bool:
    """Whether positive factors turn one into two: a potential on the graph of weights."""
    edges = []  # (tail, head, factor[head] / factor[tail]); inputs and outputs are fixed
    for tail, head, a, b in _weights(one, two):
        if (a == 0) != (b == 0) or a * b < 0:
            return False
        if a:
            edges.append((tail, head, b / a))
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(edges)
    graph.add_weighted_edges_from((head, tail, 1 / ratio) for tail, head, ratio in edges)
    potential: dict[object, Fraction] = {}
    for start in graph:
        if start not in potential:
            potential[start] = Fraction(1)
            for a, b in nx.bfs_edges(graph, start):
                potential[b] = potential[a] * graph[a][b]["weight"]
    return all(potential[head] == potential[tail] * ratio for tail, head, ratio in edges)


def _weights(one: ReLUNetwork, two: ReLUNetwork):
    for depth, (first, second) in enumerate(zip(one.layers, two.layers, strict=True)):
        for j, (row, other) in enumerate(zip(first.weight, second.weight, strict=True)):
            head = (depth, j) if depth < one.depth else "fixed"
            yield "fixed", head, first.bias[j], second.bias[j]
            for i, (a, b) in enumerate(zip(row, other, strict=True)):
                yield ((depth - 1, i) if depth else "fixed"), head, a, b


@settings(max_examples=150, deadline=None)
@given(networks(architectures(max_hidden=8)), generators())
def test_rearranged_copies_are_recognised(net: ReLUNetwork, random: Random) -> None:
    copy = rearranged(net, random)
    answer = decide_equivalence(net, copy)
    assert answer.equivalent
    assert applied(net, answer.permutations, answer.factors) == copy
    assert canonical_form(net).network == canonical_form(copy).network
    proof = certificate_from_json(certificate_to_json(answer.certificate))
    assert proof.check(net, copy)
    form = canonical_form(copy)
    assert applied(copy, form.orders, form.factors) == form.network
    assert canonical_form(form.network).network == form.network


@settings(max_examples=150, deadline=None)
@given(st.data(), generators())
def test_brute_force_agrees(data: st.DataObject, random: Random) -> None:
    """Networks with weights in {-1, 0, 1}, many of them tied in several ways."""
    widths = data.draw(
        st.sampled_from([(1, 3, 1), (2, 2, 2, 1), (1, 2, 3, 2), (1, 3, 3, 1), (2, 4, 1)])
    )
    entry = st.sampled_from([0, 0, 1, 1, -1])

    def draw() -> ReLUNetwork:
        return ReLUNetwork(
            [
                (
                    [[data.draw(entry) for _ in range(a)] for _ in range(b)],
                    [data.draw(st.sampled_from([0, 0, 0, 1])) for _ in range(b)],
                )
                for a, b in pairwise(widths)
            ]
        )

    one = draw()
    two = rearranged(one, random) if data.draw(st.booleans()) else draw()
    if data.draw(st.booleans()):
        layer = data.draw(st.integers(0, two.depth))
        weight = [list(row) for row in two.layers[layer].weight]
        weight[-1][-1] *= 2
        two = ReLUNetwork(
            [*two.layers[:layer], (weight, two.layers[layer].bias), *two.layers[layer + 1 :]]
        )
    answer = decide_equivalence(one, two)
    assert answer.equivalent == equivalent_by_brute_force(one, two)
    if answer.equivalent:
        assert applied(one, answer.permutations, answer.factors) == two
        assert answer.certificate.check(one, two)
        assert decide_equality(one, two).equal
    else:
        assert answer.reason
        assert answer.certificate is None or answer.certificate.check(one, two)
    assert not InequivalenceCertificate().check(one, two) or not answer.equivalent


@pytest.mark.parametrize("name", sorted(TRIVIAL_SYMMETRIES))
def test_trivial_symmetries(name: str) -> None:
    net = random_network((3, 5, 4, 2), seed=1)
    assert decide_equivalence(net, TRIVIAL_SYMMETRIES[name](net, Random(0))).equivalent


def test_many_duplicates_and_dead_neurons_are_no_trouble() -> None:
    rows = [[1, 2]] * 30 + [[0, 0]] * 30
    net = ReLUNetwork(
        [(rows, [1] * 30 + [0] * 30), ([[1] * 60, [2] * 60], [0, 0]), ([[1, 1]], [0])]
    )
    assert decide_equivalence(net, rearranged(net, Random(0))).equivalent


def test_reasons() -> None:
    net = random_network((2, 3, 3, 1))
    assert "architectures" in decide_equivalence(net, random_network((2, 3, 1))).reason
    assert "output layer" in decide_equivalence(net, 2 * net).reason
    (weight, bias), *rest = net.layers
    other = ReLUNetwork([(weight, (bias[0] + 1, *bias[1:])), *rest])
    assert "hidden layer 1" in decide_equivalence(net, other).reason
    with pytest.raises(TypeError, match="equivalent"):
        bool(decide_equivalence(net, net))
    with pytest.raises(InvalidInputError, match="net2"):
        decide_equivalence(net, None)


def test_equal_functions_need_not_be_equivalent() -> None:
    f = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    g = ReLUNetwork([([[-1, 0], [0, -1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    assert decide_equality(f, g).equal
    answer = decide_equivalence(f, g)
    assert not answer.equivalent
    proof = certificate_from_json(certificate_to_json(answer.certificate))
    assert proof.check(f, g)
    assert not proof.check(f, rearranged(f, Random(1)))
