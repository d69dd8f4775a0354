"""Networks to test on: Gaussian ones with known region counts, and every degenerate kind.

The *degradations* take a network and make it special (they change its function); the plain
constructions build one from an architecture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from random import Random

import numpy as np

from generators.neurons import neurons, plus, scaled, with_neurons, zero
from tropnet import ReLUNetwork, from_arrays

Degradation = Callable[[ReLUNetwork, Random], ReLUNetwork]

GAUSSIAN_REGION_COUNTS: dict[tuple[int, ...], int] = {
    (2, 16, 16, 1): 450,
    (3, 10, 10, 1): 756,
    (4, 8, 8, 1): 2_375,
    (2, 32, 32, 32, 1): 4_515,
    (2, 64, 64, 1): 7_401,
    (3, 20, 20, 1): 8_182,
    (4, 12, 12, 1): 13_373,
}
"""Activation regions of `gaussian_network(architecture)`; three other systems agree on them."""


def gaussian_network(architecture: Sequence[int], seed: int = 0) -> ReLUNetwork:
    """W ~ N(0, 2/fan_in), b ~ N(0, 0.3²), drawn layer by layer (W, then b), rounded to float32."""
    generator = np.random.default_rng(seed)
    weights, biases = [], []
    for inputs, outputs in pairwise(architecture):
        weight = generator.standard_normal((outputs, inputs)) * math.sqrt(2 / inputs)
        weights.append(weight.astype(np.float32))
        biases.append((generator.standard_normal(outputs) * 0.3).astype(np.float32))
    return from_arrays(weights, biases)


def integer_network(architecture: Sequence[int], rng: Random, bound: int = 3) -> ReLUNetwork:
    """All parameters integers in {−bound, …, bound}: ties, zeros and coincidences galore."""
    return ReLUNetwork(
        (
            [[rng.randint(-bound, bound) for _ in range(inputs)] for _ in range(outputs)],
            [rng.randint(-bound, bound) for _ in range(outputs)],
        )
        for inputs, outputs in pairwise(architecture)
    )


def eighths_network(architecture: Sequence[int], rng: Random) -> ReLUNetwork:
    """Parameters k/8 with |k| ≤ 16: fairly generic, yet with short exact values."""
    return ReLUNetwork(
        (
            [[Fraction(rng.randint(-16, 16), 8) for _ in range(inputs)] for _ in range(outputs)],
            [Fraction(rng.randint(-16, 16), 8) for _ in range(outputs)],
        )
        for inputs, outputs in pairwise(architecture)
    )


def sixty_fourths_network(architecture: Sequence[int], seed: int) -> ReLUNetwork:
    """Parameters k/64 with |k| ≤ 200: all weights layer by layer, row by row, then all biases."""
    rng = Random(seed)
    weights = [
        [[Fraction(rng.randint(-200, 200), 64) for _ in range(inputs)] for _ in range(outputs)]
        for inputs, outputs in pairwise(architecture)
    ]
    biases = [
        [Fraction(rng.randint(-200, 200), 64) for _ in range(outputs)]
        for outputs in architecture[1:]
    ]
    return ReLUNetwork(zip(weights, biases, strict=True))


def pencil(architecture: Sequence[int], rng: Random) -> ReLUNetwork:
    """An integer network all of whose first-layer hyperplanes pass through one rational point."""
    net = integer_network(architecture, rng)
    point = [Fraction(rng.randint(-3, 3), rng.randint(1, 2)) for _ in range(net.input_width)]
    return with_first_layer_through(net, point)


def with_first_layer_through(net: ReLUNetwork, point: Sequence[Fraction]) -> ReLUNetwork:
    """The first layer's biases changed so that every row vanishes at `point`."""
    weight = net.layers[0].weight
    bias = [-sum(a * b for a, b in zip(row, point, strict=True)) for row in weight]
    return ReLUNetwork([(weight, bias), *net.layers[1:]])


def bias_free(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """All biases 0: f(tx) = t f(x) for t > 0, every region is a cone."""
    return ReLUNetwork((weight, [0] * len(bias)) for weight, bias in net.layers)


def through_one_point(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """First-layer hyperplanes through one integer point."""
    return with_first_layer_through(
        net, [Fraction(rng.randint(-3, 3)) for _ in range(net.input_width)]
    )


def duplicated_rows(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """One neuron's row and bias copied, scaled or negated, onto another neuron of its layer."""
    return _row_onto_another(net, rng, (1, 1, 2, Fraction(1, 3), -1, -2), shift=False)


def parallel_rows(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """One neuron's row, scaled, copied onto another of its layer; the other keeps its bias."""
    return _row_onto_another(net, rng, (1, 2, -1, Fraction(-1, 2)), shift=True)


def _row_onto_another(
    net: ReLUNetwork, rng: Random, factors: Sequence[Fraction | int], shift: bool
) -> ReLUNetwork:
    layer = rng.randint(1, net.depth)
    changed = neurons(net, layer)
    source, target = rng.randrange(len(changed)), rng.randrange(len(changed))
    factor = rng.choice(factors)
    old, other = changed[source], changed[target]
    bias = other.bias if shift else factor * old.bias
    if source != target:
        changed[target] = other._replace(row=scaled(factor, old.row), bias=bias)
    return with_neurons(net, layer, changed)


def zero_row(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """One neuron with a zero row: a constant, of either sign, or 0."""
    layer = rng.randint(1, net.depth)
    changed = neurons(net, layer)
    index = rng.randrange(len(changed))
    old = changed[index]
    bias = rng.choice((Fraction(0), Fraction(1), Fraction(-1)))
    changed[index] = old._replace(row=zero(len(old.row)), bias=bias)
    return with_neurons(net, layer, changed)


def vanishing_neuron(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """A neuron behind twins of opposite weight: identically zero though its row is not.

    Without two neurons in the layer before, the neuron's row and bias become 0.
    """
    layer = rng.randint(1, net.depth)
    changed = neurons(net, layer)
    index = rng.randrange(len(changed))
    row = list(zero(len(changed[index].row)))
    if layer > 1 and len(row) > 1:
        before = neurons(net, layer - 1)
        first, second = rng.sample(range(len(before)), 2)
        before[second] = before[second]._replace(row=before[first].row, bias=before[first].bias)
        net = with_neurons(net, layer - 1, before)
        changed = neurons(net, layer)
        row[first], row[second] = Fraction(1), Fraction(-1)
    changed[index] = changed[index]._replace(row=tuple(row), bias=Fraction(0))
    return with_neurons(net, layer, changed)


def rank_deficient(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """First-layer rows multiples of one vector (rank at most 1): every region contains lines.

    With three inputs or more, a rank of at most 2 is drawn as often.
    """
    changed = neurons(net, 1)
    width = net.input_width
    size = 2 if width > 2 and rng.random() < 0.5 else 1
    basis = [tuple(Fraction(rng.randint(-2, 2)) for _ in range(width)) for _ in range(size)]
    for index, neuron in enumerate(changed):
        row = zero(width)
        for vector in basis:
            row = plus(row, scaled(rng.randint(-3, 3), vector))
        changed[index] = neuron._replace(row=row)
    return with_neurons(net, 1, changed)


def planted_triples(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """In every hidden layer that has three neurons: z_3 = −z_1 − z_2, outgoing weights equal.

    These are the triples on which relu(u) + relu(v) + relu(−u−v) can be flipped.
    """
    for layer in range(1, net.depth + 1):
        changed = neurons(net, layer)
        if len(changed) < 3:
            continue
        first, second, third = rng.sample(range(len(changed)), 3)
        u, v = changed[first], changed[second]
        changed[second] = v._replace(out=u.out)
        changed[third] = changed[third]._replace(
            row=scaled(-1, plus(u.row, v.row)), bias=-u.bias - v.bias, out=u.out
        )
        net = with_neurons(net, layer, changed)
    return net


DEGRADATIONS: dict[str, Degradation] = {
    function.__name__: function
    for function in (
        bias_free,
        through_one_point,
        duplicated_rows,
        parallel_rows,
        zero_row,
        vanishing_neuron,
        rank_deficient,
        planted_triples,
    )
}
"""By name; all need at least one hidden layer."""
