"""Points are found at which neurons are active that random points never activate."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tropnet import ReLUNetwork, random_network
from tropnet.comparison.formal import FormalDifference
from tropnet.comparison.rare_neurons import Target, rare_points, targets

TINY = Fraction(1, 2**60)
INPUTS = 6


def narrow_cone(slope: Fraction | int, bias: Fraction | int = -1) -> ReLUNetwork:
    """relu(x_1 − 40 (|x_2| + … + |x_6|) − 1), with another slope where x_6 < 0, or bias."""
    units = [[int(i == j) for j in range(INPUTS)] for i in range(INPUTS)]
    rows = [row for unit in units for row in (unit, [-entry for entry in unit])]
    weights = [1, -1, *[-40] * (2 * INPUTS - 3), slope]
    return ReLUNetwork([(rows, [0] * len(rows)), ([weights], [bias]), ([[1]], [0])])


def starting_points(count: int = 4096) -> np.ndarray:
    random = np.random.default_rng(1)
    points = random.standard_normal((count, INPUTS)) * 2.0 ** random.integers(-4, 8, (count, 1))
    return np.concatenate([points, np.ones((count, 1))], axis=1)


def exact(point: np.ndarray) -> list[Fraction]:
    return [Fraction(float(entry)) for entry in point[:-1]]


@pytest.mark.parametrize("other", [narrow_cone(-40 + TINY), narrow_cone(-40, -1 + TINY)])
def test_a_cone_that_no_random_point_meets(other: ReLUNetwork) -> None:
    f, starts = narrow_cone(-40), starting_points()
    assert not any(f(exact(point))[0] for point in starts)
    found = list(rare_points(FormalDifference(f, other), starts))
    assert found
    assert all(f(exact(point))[0] > 0 or other(exact(point))[0] > 0 for point in found)
    assert any(f(exact(point)) != other(exact(point)) for point in found)
    assert [list(p) for p in rare_points(FormalDifference(f, other), starts)] == (
        [list(p) for p in found]
    )


def test_which_neurons_are_looked_for() -> None:
    """Those that differ first, and what they weigh differently; nothing behind them."""
    net = random_network((3, 4, 4, 4, 1), seed=1)
    (weight, bias), last = net.layers[2], net.layers[3]
    changed = [list(row) for row in weight]
    changed[2][1] += TINY
    difference = FormalDifference(net, ReLUNetwork([*net.layers[:2], (changed, bias), last]))
    one, other = targets(difference)
    assert one.inputs == other.inputs
    (side,) = one.inputs
    assert {one.neuron.atom, other.neuron.atom} <= set(difference.atoms[2])
    assert side.atom in difference.atoms[1]
    moved = [b + (j == 2) for j, b in enumerate(bias)]
    difference = FormalDifference(net, ReLUNetwork([*net.layers[:2], (weight, moved), last]))
    assert [target.inputs for target in targets(difference)] == [(), ()]


def test_neurons_of_one_network_only() -> None:
    net = narrow_cone(-40)
    zero = ReLUNetwork([([[0] * INPUTS], [0])])
    found = targets(FormalDifference(net, zero))
    assert found
    assert all(isinstance(target, Target) and not target.inputs for target in found)
    assert targets(FormalDifference(zero, zero)) == []
    assert list(rare_points(FormalDifference(zero, zero), starting_points(8))) == []
    assert targets(FormalDifference(net, 2 * net)) == []


def test_neurons_that_are_never_active() -> None:
    dead = ReLUNetwork([([[1], [-1]], [0, 0]), ([[-1, -2]], [-1]), ([[1]], [0])])
    other = ReLUNetwork([([[1], [-1]], [0, 0]), ([[-1, -3]], [-1]), ([[1]], [0])])
    starts = np.array([[1.0, 1.0], [0.0, 1.0], [-3.0, 1.0]])
    assert list(rare_points(FormalDifference(dead, other), starts)) == []
