"""Affine relations among activations: points and regions find what linear algebra does."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given, settings

from generators.networks import integer_network
from generators.strategies import architectures, generators, networks
from generators.transformations import TRANSFORMATIONS
from tropnet import ReLUNetwork, activation_regions
from tropnet.certificates.budget import Meter
from tropnet.exact import nullspace, rank
from tropnet.networks.simplification.evidence import Evidence, RowSpan
from tropnet.networks.simplification.relations import refuting_point
from tropnet.networks.simplification.search_points import Climber, random_points

deep = architectures(max_hidden=7).filter(lambda widths: len(widths) > 3)


def all_relations(net: ReLUNetwork, index: int) -> tuple[tuple[int, ...], ...]:
    """All relations of layer `index` with the one before, from the forms on all regions."""
    widths = net.architecture[1:-1]
    rows = []
    for region in activation_regions(net):
        active = [
            sum(1 << i for i, sign in enumerate(layer) if sign > 0) for layer in region.pattern
        ]
        forms = net.integer_form.preactivations(active)
        columns = []
        for depth in (index, index - 1):
            for i, form in enumerate(forms[depth].tolist()):
                columns.append([int(entry) * (active[depth] >> i & 1) for entry in form])
        columns.append([*[0] * net.input_width, 1])
        rows += list(zip(*columns, strict=True))
    return nullspace(rows, widths[index] + widths[index - 1] + 1)


def nothing_known(net: ReLUNetwork) -> Evidence:
    return Evidence(net, [0] * net.depth, [0] * net.depth)


@settings(max_examples=50, deadline=None)
@given(networks(deep))
def test_what_points_leave_and_regions_do_not_refute_is_true(net: ReLUNetwork) -> None:
    evidence = nothing_known(net)
    points = random_points(net.input_width)
    evidence.add([next(points) for _ in range(8)])
    for index in range(1, net.depth):
        truth = all_relations(net, index)
        while True:
            found = evidence.spans[index - 1].orthogonal(0)
            assert rank([*found, *truth]) == len(found)
            point = refuting_point(net, index, found, Meter(None, None))
            if point is None:
                break
            assert evidence.add([point])
        assert len(found) == len(truth)


@settings(max_examples=30, deadline=None)
@given(networks(deep), generators())
def test_relations_of_hidden_zeros_are_seen_at_points(net: ReLUNetwork, rng: Random) -> None:
    padded = TRANSFORMATIONS["cancelling_pair"](net, rng)
    evidence = nothing_known(padded)
    points = random_points(net.input_width)
    evidence.add([next(points) for _ in range(64)])
    for index in range(1, net.depth):
        implied = all_relations(padded, index)
        assert evidence.spans[index - 1].corank >= len(implied)


def test_only_the_neurons_of_the_relation_are_subdivided() -> None:
    """A relation in a small part of a network costs what that part has of regions."""
    small = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 0], [2, 0]], [-1, -2]), ([[1, 1]], [0])])
    one = ReLUNetwork([([[1, 0, 0]], [0])])
    net = small @ one + integer_network((3, 8, 4, 1), Random(0))
    meter = Meter(None, None)
    relation = [0] * (net.architecture[2] + net.architecture[1] + 1)
    factors = net.integer_form.hidden_factors[1]
    relation[0] = int(2 * factors[1] / factors[0])
    relation[1] = -1
    assert refuting_point(net, 1, [tuple(relation)], meter) is None
    assert meter.count <= 4
    relation[1] = -2
    point = refuting_point(net, 1, [tuple(relation)], meter)
    assert point is not None
    assert net.input_width == len(point) - 1


def test_rowspans() -> None:
    span = RowSpan(3)
    assert span.corank == 3
    assert not span.extend([(0, 0, 0)])
    assert span.extend([(1, 2, 3), (2, 4, 6), (0, 0, 2**61 - 1)])
    # Modulo the prime the last vector is zero; the span is only known to be too small.
    assert (span.corank, span.orthogonal(0)) == (2, [(-2, 1, 0), (-3, 0, 1)])
    assert span.extend([(0, 1, 0), (0, 0, 1)])
    assert (span.corank, span.orthogonal(0)) == (0, [])


def test_climbing_finds_what_random_points_miss() -> None:
    """A neuron that acts only near a point far from the origin."""
    tent = ReLUNetwork(
        [
            ([[1, 0], [-1, 0], [0, 1], [0, -1]], [-300, 300, -200, 200]),
            ([[-1, -1, -1, -1]], [Fraction(1, 4)]),
            ([[1]], [0]),
        ]
    )
    evidence = nothing_known(tent)
    points = random_points(2)
    evidence.add([next(points) for _ in range(256)])
    assert evidence.claims(1).silent == 1
    evidence.add(Climber(tent).points(1, 0, 1))
    assert evidence.claims(1).silent == 0
