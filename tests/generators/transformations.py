"""Transformations of a network that leave its function unchanged, each (net, rng) -> net.

A network without hidden layers comes back as it is, except from `identity_layer` and
`hidden_zero`, the only one that survives rewriting one neuron at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from itertools import combinations
from random import Random

from generators.identities import hidden_zero
from generators.neurons import Neuron, Vector, neurons, plus, scaled, with_neurons, zero
from tropnet import ReLUNetwork

Transformation = Callable[[ReLUNetwork, Random], ReLUNetwork]

_FACTORS = tuple(Fraction(a, b) for a, b in ((1, 2), (2, 3), (3, 2), (5, 4), (2, 1), (3, 1)))
_HUGE = (Fraction(2) ** 130, Fraction(1, 2**130), Fraction(1))


def _in_some_hidden_layer(
    change: Callable[[list[Neuron], Random, bool], tuple[list[Neuron], Vector | None]],
) -> Transformation:
    """Turn a change of one layer's neurons into a transformation of a random hidden layer.

    `change` gets the neurons, the generator and whether the layer's inputs are known to be ≥ 0,
    and returns the new neurons and what they leave to be added to the next bias.
    """

    @wraps(change)
    def transform(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
        if net.depth == 0:
            return net
        layer = rng.randint(1, net.depth)
        changed, constant = change(neurons(net, layer), rng, layer > 1)
        rng.shuffle(changed)
        return with_neurons(net, layer, changed, constant)

    return transform


def permutation(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """Every hidden layer's neurons rearranged."""
    for layer in range(1, net.depth + 1):
        order = list(range(net.architecture[layer]))
        rng.shuffle(order)
        net = net.permute(layer, order)
    return net


def scaling(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """Every hidden neuron multiplied by a small positive rational."""
    return _rescaled(net, rng, _FACTORS)


def huge_scaling(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """Hidden neurons multiplied by 2^130, 2^−130 or 1: hopeless in floating point."""
    return _rescaled(net, rng, _HUGE)


def _rescaled(net: ReLUNetwork, rng: Random, factors: tuple[Fraction, ...]) -> ReLUNetwork:
    for layer in range(1, net.depth + 1):
        net = net.rescale(layer, [rng.choice(factors) for _ in range(net.architecture[layer])])
    return net


@_in_some_hidden_layer
def duplicate_neuron(
    layer: list[Neuron], rng: Random, nonnegative: bool
) -> tuple[list[Neuron], None]:
    """w relu(z) = w' relu(z) + (w − w') relu(z)."""
    index = rng.randrange(len(layer))
    old = layer[index]
    share = _random_vector(len(old.out), rng)
    rest = plus(old.out, scaled(-1, share))
    return [
        *layer[:index],
        old._replace(out=share),
        old._replace(out=rest),
        *layer[index + 1 :],
    ], None


@_in_some_hidden_layer
def split_neuron(layer: list[Neuron], rng: Random, nonnegative: bool) -> tuple[list[Neuron], None]:
    """w relu(z) = w' relu(z) + ((w − w') / λ) relu(λz) with λ > 0."""
    index = rng.randrange(len(layer))
    old = layer[index]
    factor = rng.choice(_FACTORS)
    share = scaled(rng.choice(_FACTORS), old.out)
    rest = scaled(1 / factor, plus(old.out, scaled(-1, share)))
    twin = Neuron(scaled(factor, old.row), factor * old.bias, rest)
    return [*layer[:index], old._replace(out=share), twin, *layer[index + 1 :]], None


@_in_some_hidden_layer
def cancelling_pair(
    layer: list[Neuron], rng: Random, nonnegative: bool
) -> tuple[list[Neuron], None]:
    """c relu(z) − (c/λ) relu(λz) = 0 added, for a new z."""
    new = _random_neuron(layer, rng)
    factor = rng.choice(_FACTORS)
    twin = Neuron(scaled(factor, new.row), factor * new.bias, scaled(-1 / factor, new.out))
    return [*layer, new, twin], None


@_in_some_hidden_layer
def dead_neuron(layer: list[Neuron], rng: Random, nonnegative: bool) -> tuple[list[Neuron], None]:
    """A neuron added that is never active, or that nothing reads."""
    new = _random_neuron(layer, rng)
    kind = rng.choice(("unread", "constant", "negative" if nonnegative else "constant"))
    if kind == "unread":
        new = new._replace(out=zero(len(new.out)))
    elif kind == "constant":
        new = new._replace(row=zero(len(new.row)), bias=-abs(new.bias))
    else:
        new = new._replace(row=tuple(-abs(entry) for entry in new.row), bias=-abs(new.bias))
    return [*layer, new], None


@_in_some_hidden_layer
def constant_neuron(
    layer: list[Neuron], rng: Random, nonnegative: bool
) -> tuple[list[Neuron], Vector]:
    """A neuron with a zero row and a positive bias added, and taken off the next bias."""
    new = _random_neuron(layer, rng)
    new = new._replace(row=zero(len(new.row)), bias=abs(new.bias))
    return [*layer, new], scaled(-new.bias, new.out)


@_in_some_hidden_layer
def triple_substitution(
    layer: list[Neuron], rng: Random, nonnegative: bool
) -> tuple[list[Neuron], None]:
    """relu(u) = relu(−u) + relu(−v) + relu(u+v) − relu(v) − relu(−u−v) for one neuron u."""
    index = rng.randrange(len(layer))
    u = layer.pop(index)
    v = rng.choice(layer) if layer and rng.random() < 0.5 else _random_neuron(layer or [u], rng)
    total = Neuron(plus(u.row, v.row), u.bias + v.bias, u.out)
    minus = scaled(-1, u.out)
    return [
        *layer,
        _opposite(u),
        _opposite(v)._replace(out=u.out),
        total,
        v._replace(out=minus),
        _opposite(total)._replace(out=minus),
    ], None


def triple_flip(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """relu(u) + relu(v) + relu(−u−v) = relu(−u) + relu(−v) + relu(u+v), one triple a layer.

    Applied in every hidden layer that has such a triple with equal outgoing weights (see
    `planted_triples`); other layers stay as they are.
    """
    for layer in range(1, net.depth + 1):
        changed = neurons(net, layer)
        for triple in combinations(range(len(changed)), 3):
            chosen = [changed[i] for i in triple]
            rows = zip(*(neuron.row for neuron in chosen), strict=True)
            if (
                len({neuron.out for neuron in chosen}) == 1
                and not any(sum(entries) for entries in rows)
                and sum(neuron.bias for neuron in chosen) == 0
            ):
                for i in triple:
                    changed[i] = _opposite(changed[i])
                break
        net = with_neurons(net, layer, changed)
    return net


@_in_some_hidden_layer
def affine_pairs(
    layer: list[Neuron], rng: Random, nonnegative: bool
) -> tuple[list[Neuron], Vector]:
    """Three pairs relu(z) − relu(−z) = z added, for z = u, v and −u − v − s: −s in all."""
    u, v = _random_neuron(layer, rng), _random_neuron(layer, rng)
    shift = _random_number(rng)
    w = Neuron(scaled(-1, plus(u.row, v.row)), -u.bias - v.bias - shift, u.out)
    added = list(layer)
    for z in (u, v._replace(out=u.out), w):
        added += [z, _opposite(z)._replace(out=scaled(-1, u.out))]
    return added, scaled(shift, u.out)


@_in_some_hidden_layer
def flipped_neuron(
    layer: list[Neuron], rng: Random, nonnegative: bool
) -> tuple[list[Neuron], Vector]:
    """relu(u) = relu(−u) + u, with u = relu(u + s) − relu(−u − s) − s."""
    index = rng.randrange(len(layer))
    u = layer.pop(index)
    shift = _random_number(rng)
    moved = u._replace(bias=u.bias + shift)
    pair = [moved, _opposite(moved)._replace(out=scaled(-1, u.out))]
    return [*layer, _opposite(u), *pair], scaled(-shift, u.out)


def identity_layer(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """One more hidden layer: z = relu(z) − relu(−z) for all inputs, a layer's or all outputs."""
    position = rng.randint(0, net.depth + 1)
    layers: list[tuple[object, object]] = list(net.layers)
    width = net.architecture[position]
    if position == 0:
        rows: tuple[Vector, ...] = tuple(
            tuple(Fraction(int(i == j)) for j in range(width)) for i in range(width)
        )
        weight, bias = net.layers[0]
        doubled = tuple(row + scaled(-1, row) for row in weight)
        layers[:1] = [(rows + tuple(scaled(-1, row) for row in rows), zero(2 * width))]
        layers.insert(1, (doubled, bias))
        return ReLUNetwork(layers)
    weight, bias = net.layers[position - 1]
    both = (weight + tuple(scaled(-1, row) for row in weight), bias + scaled(-1, bias))
    difference = [
        [Fraction((j == i) - (j == i + width)) for j in range(2 * width)] for i in range(width)
    ]
    layers[position - 1 : position] = [both, (difference, zero(width))]
    return ReLUNetwork(layers)


def repeated_layer(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """One more hidden layer: relu(relu(z)) = relu(z)."""
    if net.depth == 0:
        return net
    layer = rng.randint(1, net.depth)
    width = net.architecture[layer]
    rows = [[int(i == j) for j in range(width)] for i in range(width)]
    layers: list[tuple[object, object]] = list(net.layers)
    layers.insert(layer, (rows, [0] * width))
    return ReLUNetwork(layers)


def _opposite(neuron: Neuron) -> Neuron:
    return neuron._replace(row=scaled(-1, neuron.row), bias=-neuron.bias)


def _random_neuron(like: list[Neuron], rng: Random) -> Neuron:
    rows, outs = len(like[0].row), len(like[0].out)
    return Neuron(_random_vector(rows, rng), _random_number(rng), _random_vector(outs, rng))


def _random_vector(width: int, rng: Random) -> Vector:
    return tuple(_random_number(rng) for _ in range(width))


def _random_number(rng: Random) -> Fraction:
    return Fraction(rng.randint(-8, 8), rng.choice((1, 2, 3, 8)))


TRIVIAL_SYMMETRIES: dict[str, Transformation] = {
    function.__name__: function for function in (permutation, scaling, huge_scaling)
}
"""The transformations that leave the activation regions, too, unchanged."""

TRANSFORMATIONS: dict[str, Transformation] = TRIVIAL_SYMMETRIES | {
    function.__name__: function
    for function in (
        duplicate_neuron,
        split_neuron,
        cancelling_pair,
        dead_neuron,
        constant_neuron,
        triple_substitution,
        triple_flip,
        affine_pairs,
        flipped_neuron,
        identity_layer,
        repeated_layer,
        hidden_zero,
    )
}
"""By name."""


def scrambled(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """Permuted and rescaled, so that a partner does not give itself away by its parameters."""
    return scaling(permutation(net, rng), rng)


def transformed(net: ReLUNetwork, rng: Random, steps: int = 3) -> ReLUNetwork:
    """Several transformations one after the other."""
    for _ in range(steps):
        net = TRANSFORMATIONS[rng.choice(sorted(TRANSFORMATIONS))](net, rng)
    return net
