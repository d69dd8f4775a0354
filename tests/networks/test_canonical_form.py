"""The canonical form of networks with many symmetries, and of networks that only look symmetric."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import generators
from tropnet import ReLUNetwork, canonical_form, decide_equivalence, random_network

Layers = list[tuple[list[list[Fraction | int]], list[Fraction | int]]]


def side_by_side(*parts: ReLUNetwork) -> ReLUNetwork:
    """Networks of one shape on the same inputs, their outputs added."""
    layers: Layers = []
    for depth in range(parts[0].depth + 1):
        rows: list[list[Fraction | int]] = []
        widths = [len(part.layers[depth].weight[0]) for part in parts]
        for place, part in enumerate(parts):
            before, after = sum(widths[:place]), sum(widths[place + 1 :])
            shared = depth == 0
            rows += [
                list(row) if shared else [0] * before + list(row) + [0] * after
                for row in part.layers[depth].weight
            ]
        bias = [entry for part in parts for entry in part.layers[depth].bias]
        if depth == parts[0].depth:
            outputs = parts[0].output_width
            rows = [
                [sum(column) for column in zip(*rows[k::outputs], strict=True)]
                for k in range(outputs)
            ]
            bias = [sum(bias[k::outputs]) for k in range(outputs)]
        layers.append((rows, bias))
    return ReLUNetwork(layers)


def rearranged(net: ReLUNetwork, random: Random) -> ReLUNetwork:
    for layer, width in enumerate(net.architecture[1:-1], 1):
        net = net.permute(layer, random.sample(range(width), width))
        net = net.rescale(layer, [Fraction(random.randint(1, 6), 3) for _ in range(width)])
    return net


def changed(net: ReLUNetwork, depth: int, neuron: int) -> ReLUNetwork:
    """A network with another bias."""
    weight, bias = net.layers[depth]
    other = [b + (j == neuron) for j, b in enumerate(bias)]
    return ReLUNetwork([*net.layers[:depth], (weight, other), *net.layers[depth + 1 :]])


def with_dead_neurons(net: ReLUNetwork) -> ReLUNetwork:
    """Two more neurons in each hidden layer, constantly 0, which reach nothing else."""
    layers: Layers = []
    for depth, (weight, bias) in enumerate(net.layers):
        rows = [[*row, *([0, 0] if depth else [])] for row in weight]
        if depth < net.depth:
            width = len(weight[0])
            dead = [[1, -2], [3, 1]] if depth else [[], []]
            rows += [[0] * width + row for row in dead]
        layers.append((rows, [*bias, *([0, 0] if depth < net.depth else [])]))
    return ReLUNetwork(layers)


def assert_recognised(net: ReLUNetwork) -> None:
    form = canonical_form(net)
    for seed in range(2):
        copy = rearranged(net, Random(seed))
        assert canonical_form(copy).network == form.network
        answer = decide_equivalence(net, copy)
        assert answer.certificate is not None
        assert answer.certificate.check(net, copy)
    back = net
    for layer, (order, factors) in enumerate(zip(form.orders, form.factors, strict=True), 1):
        back = back.permute(layer, order).rescale(layer, factors)
    assert back == form.network


@pytest.mark.parametrize("architecture", [(1, 1, 1), (1, 2, 1), (2, 2, 2, 1), (1, 2, 1, 2)])
@pytest.mark.parametrize("dead", [False, True])
def test_many_copies(architecture: tuple[int, ...], dead: bool) -> None:
    part = random_network(architecture, seed=5)
    part = with_dead_neurons(part) if dead else part
    assert_recognised(side_by_side(*[part] * 7))


def test_copies_of_two_kinds() -> None:
    one, two = (random_network((2, 2, 2, 1), seed=seed) for seed in (1, 2))
    three = one.rescale(1, [2, "1/3"]).permute(2, (1, 0))
    net = side_by_side(one, two, one, three, two, one, two)
    assert_recognised(net)
    again = side_by_side(two, two, three, two, one, one, three)
    assert decide_equivalence(net, again).equivalent
    assert not decide_equivalence(net, side_by_side(two, two, three, two, one, one, two)).equivalent


def test_one_copy_is_not_like_the_others() -> None:
    """Which of the copies it is does not matter, which of its neurons does."""
    net = side_by_side(*[random_network((2, 2, 2, 1), seed=3)] * 8)
    for depth in range(2):
        first, same, other = (changed(net, depth, neuron) for neuron in (0, 6, 7))
        assert decide_equivalence(first, same).equivalent
        assert not decide_equivalence(first, other).equivalent
        assert not decide_equivalence(first, net).equivalent


def of_graph(graph: nx.Graph, *, dead: bool = False) -> ReLUNetwork:
    """A network whose neurons are the vertices and edges of a graph, all weights alike.

    If dead, every preactivation is 0, and so no scale is fixed by a bias or an input.
    """
    nodes, edges = list(graph), list(graph.edges)
    return ReLUNetwork(
        [
            ([[int(not dead)] for _ in nodes], [0] * len(nodes)),
            ([[int(node in edge) for node in nodes] for edge in edges], [0] * len(edges)),
            ([[1] * len(edges)], [0]),
        ]
    )


def cycles(*lengths: int) -> nx.Graph:
    return nx.disjoint_union_all([nx.cycle_graph(length) for length in lengths])


@pytest.mark.parametrize("dead", [False, True])
def test_look_alikes(dead: bool) -> None:
    """All neurons of a layer have one stable colour in each of these."""
    nets = [of_graph(cycles(*lengths), dead=dead) for lengths in ((9,), (3, 6), (3, 3, 3), (4, 5))]
    for net in nets:
        assert_recognised(net)
    for one, other in combinations(nets, 2):
        assert not decide_equivalence(one, rearranged(other, Random(0))).equivalent


@pytest.mark.parametrize(
    "graph",
    [
        nx.petersen_graph(),
        nx.hypercube_graph(3),
        nx.complete_bipartite_graph(4, 4),
        nx.disjoint_union(nx.complete_graph(4), nx.cubical_graph()),
        nx.disjoint_union(nx.petersen_graph(), nx.petersen_graph()),
        nx.path_graph(2),
    ],
    ids=["Petersen", "cube", "K44", "K4 and cube", "two Petersen", "one edge"],
)
def test_symmetric_graphs(graph: nx.Graph) -> None:
    assert_recognised(of_graph(graph))


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 3), generators(), st.booleans())
def test_regular_graphs(degree: int, random: Random, dead: bool) -> None:
    one, other = (
        nx.random_regular_graph(degree, 8, seed=random.randint(0, 10**6)) for _ in range(2)
    )
    answer = decide_equivalence(of_graph(one, dead=dead), of_graph(other, dead=dead))
    assert answer.equivalent == nx.is_isomorphic(one, other)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), generators(), st.booleans())
def test_any_mixture_of_copies(kinds: list[int], random: Random, dead: bool) -> None:
    parts = [random_network((1, 2, 2, 1), seed=kind) for kind in kinds]
    parts = [with_dead_neurons(part) for part in parts] if dead else parts
    net = side_by_side(*parts)
    shuffled = side_by_side(
        *(rearranged(part, random) for part in random.sample(parts, len(parts)))
    )
    assert canonical_form(net).network == canonical_form(rearranged(shuffled, random)).network
    stranger = random_network((1, 2, 2, 1), seed=9)
    other = side_by_side(*parts[1:], with_dead_neurons(stranger) if dead else stranger)
    assert not decide_equivalence(net, other).equivalent
