"""Claims about neurons that never, or always, act: decided as the activation patterns say."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings

from generators.networks import GAUSSIAN_REGION_COUNTS, gaussian_network, integer_network
from generators.strategies import architectures, generators, networks
from tropnet import Budget, BudgetExceededError, ReLUNetwork, activation_regions
from tropnet.certificates.budget import Meter
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.integer_form import IntegerForm
from tropnet.networks.simplification.deep_bounds import DeepBounds
from tropnet.networks.simplification.sign_claims import SignClaims, members, refuting_points

deep = architectures(max_hidden=7).filter(lambda widths: len(widths) > 3)


def signs(net: ReLUNetwork) -> list[SignClaims]:
    """The neurons of each hidden layer that never act, and those that always do, by brute force."""
    widths = net.architecture[1:-1]
    seen = [[set[int]() for _ in range(width)] for width in widths]
    for region in activation_regions(net):
        for layer, pattern in zip(seen, region.pattern, strict=True):
            for neuron, sign in zip(layer, pattern, strict=True):
                neuron.add(sign)
    return [
        SignClaims(
            sum(1 << i for i, neuron in enumerate(layer) if 1 not in neuron),
            sum(1 << i for i, neuron in enumerate(layer) if -1 not in neuron),
        )
        for layer in seen
    ]


def preactivations(net: ReLUNetwork, point: tuple[int, ...]) -> list[list[Fraction]]:
    """The preactivations of the hidden layers at a point (x, t)."""
    *vector, scale = point
    values = [Fraction(entry, scale) for entry in vector]
    result = []
    for weight, bias in net.layers[:-1]:
        result.append(
            [
                sum((a * b for a, b in zip(row, values, strict=True)), constant)
                for row, constant in zip(weight, bias, strict=True)
            ]
        )
        values = [max(value, Fraction(0)) for value in result[-1]]
    return result


@settings(max_examples=60, deadline=None)
@given(networks(deep))
def test_true_claims_are_proved_and_false_ones_refuted_by_points(net: ReLUNetwork) -> None:
    truth = signs(net)
    assert refuting_points(net, truth, Meter(None, None)) == []
    everything = [(1 << width) - 1 for width in net.architecture[1:-1]]
    for depth, (mask, true) in enumerate(zip(everything, truth, strict=True)):
        none = [SignClaims(0, 0)] * depth
        silent = refuting_points(net, [*none, SignClaims(mask, 0)], Meter(None, None))
        active = refuting_points(net, [*none, SignClaims(0, mask)], Meter(None, None))
        assert silent is not None
        assert active is not None
        for points, sign, left in ((silent, 1, true.silent), (active, -1, true.active)):
            values = [preactivations(net, point)[depth] for point in points]
            refuted = {i for row in values for i, value in enumerate(row) if sign * value > 0}
            assert refuted == set(members(mask & ~left))


@settings(max_examples=60, deadline=None)
@given(networks(deep), generators())
def test_bounds_hold_at_random_points_of_the_cells(net: ReLUNetwork, rng: Random) -> None:
    levels = IntegerForm(net.layers).levels
    bounds = DeepBounds(levels)
    cells = CellComplex(levels, net.input_width)
    for cell in cells.visited(lambda cell: True):
        shares = [rng.randint(0, 4) for _ in cell.generators]
        point = [
            sum(share * entry for share, entry in zip(shares, column, strict=True))
            for column in zip(*(g.point for g in cell.generators), strict=True)
        ]
        if not point[-1]:
            continue
        values = preactivations(net, cells.point(point))
        for depth, lower, upper in bounds.below(cell, len(levels) - 1):
            for value, low, high in zip(values[depth], lower, upper, strict=True):
                # A bound of one sign at all generators is one on the whole cell.
                assert value >= 0 or (low < 0).any()
                assert value <= 0 or (high > 0).any()


def test_a_claim_is_proved_without_visiting_all_regions() -> None:
    net = gaussian_network((2, 32, 32, 32, 1))
    layers = [*net.layers]
    weight, bias = layers[2]
    silent = tuple(-abs(entry) for entry in weight[0])
    layers[2] = ((silent, *weight[1:]), (Fraction(-1), *bias[1:]))
    meter = Meter(None, None)
    claims = [SignClaims(0, 0), SignClaims(0, 0), SignClaims(1, 0)]
    assert refuting_points(ReLUNetwork(layers), claims, meter) == []
    assert meter.count < GAUSSIAN_REGION_COUNTS[2, 32, 32, 32, 1] // 10


def test_limits() -> None:
    net = integer_network((3, 5, 5, 1), Random(2))
    claims = [SignClaims(0, 0), signs(net)[1]]
    with pytest.raises(BudgetExceededError):
        refuting_points(net, [SignClaims(0, 0), SignClaims(31, 31)], Meter(Budget(regions=0), None))
    assert refuting_points(net, claims, Meter(None, None), 10**6) == []
    assert refuting_points(net, [SignClaims(0, 0)] * 2, Meter(None, None)) == []


def test_huge_weights_are_decided_exactly() -> None:
    """Where floating point is out of its range the walk goes down to the exact signs."""
    net = ReLUNetwork(
        [
            ([[1], [-1]], [0, 0]),
            ([[Fraction(2) ** 2000, Fraction(1, 2**2000)], [-1, -1]], [0, 0]),
            ([[1, 1]], [0]),
        ]
    )
    assert refuting_points(net, signs(net), Meter(None, None)) == []
    assert signs(net)[1] == SignClaims(0b10, 0b01)
