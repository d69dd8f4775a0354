"""The questions that are put to tropnet and to its peers, by names that a process can be given."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from benchmarks.questions import Question, widths
from generators import transformations
from generators.differences import DIFFERENCES
from generators.networks import (
    bias_free,
    duplicated_rows,
    eighths_network,
    gaussian_network,
    integer_network,
    pencil,
    planted_triples,
)
from generators.transformations import scrambled
from tropnet import Polyhedron, ReLUNetwork

Family = Callable[[ReLUNetwork, Random], tuple[ReLUNetwork, ReLUNetwork]]


def _rescaled(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """Hidden neurons multiplied by 2^20, 2^-20 or 1: all weights are still exact in float32."""
    for layer, width in enumerate(net.architecture[1:-1], 1):
        net = net.rescale(layer, [Fraction(2) ** rng.choice((-20, 0, 20)) for _ in range(width)])
    return net


_NETWORKS: dict[str, Callable[[tuple[int, ...], Random], ReLUNetwork]] = {
    "Gaussian": lambda widths, rng: gaussian_network(widths),
    "integer": integer_network,
    "pencil": pencil,
    "bias-free": lambda widths, rng: bias_free(gaussian_network(widths), rng),
    "duplicated": lambda widths, rng: duplicated_rows(gaussian_network(widths), rng),
    "rescaled": lambda widths, rng: _rescaled(gaussian_network(widths), rng),
}

GENERIC = [
    *("Gaussian 2-16-16-1", "Gaussian 2-32-32-32-1", "Gaussian 2-64-64-1"),
    *("Gaussian 3-20-20-1", "Gaussian 4-12-12-1"),
]
DEGENERATE = [
    *("integer 2-16-16-1", "integer 3-10-10-1", "pencil 2-8-8-1", "bias-free 2-16-16-1"),
    *("bias-free 3-10-10-1", "duplicated 2-16-16-1", "rescaled 2-16-16-1"),
]


def network(name: str) -> ReLUNetwork:
    """KIND ARCHITECTURE, with seed 0."""
    kind, architecture = name.split()
    return _NETWORKS[kind](widths(architecture), Random(0))


def box(dimension: int) -> Polyhedron:
    """[−1, 1]^n, the only domain that some peers know."""
    rows = [
        [sign * (i == j) for j in range(dimension)] for i in range(dimension) for sign in (1, -1)
    ]
    return Polyhedron.from_inequalities(rows, [1] * len(rows))


_FAMILIES: dict[str, Family] = {
    "a": lambda net, rng: (net, scrambled(net, rng)),
    "b": lambda net, rng: _flipped(planted_triples(net, rng), rng),
    "c": lambda net, rng: (net, _padded(net, rng)),
    "d": lambda net, rng: (net, transformations.identity_layer(net, rng)),
}

PAIRS = [
    *(f"{family} {widths}" for widths in ("2-8-8-1", "3-6-6-1", "3-10-10-1") for family in "abcd"),
    "b 3-16-16-1",
    *(f"{kind} 3-10-10-1" for kind in ("changed_output_weight", "near_bump", "far_half_space")),
]
"""Families of equal pairs as in the folder shared/pairs, and kinds of different ones."""


def pair(name: str) -> Question:
    """FAMILY ARCHITECTURE or DIFFERENCE ARCHITECTURE, with seed 0."""
    kind, architecture = name.split()
    rng = Random(0)
    net = eighths_network(widths(architecture), rng)
    if kind in _FAMILIES:
        return Question(*_FAMILIES[kind](net, rng), equal=True)
    difference = DIFFERENCES[kind](net, 0)
    return Question(difference.f, difference.g, equal=False)


POINTS = ["random 3 200", "random 4 60", "random 5 40", "random 6 40", "cube 6 64", "flat 4 60"]


def points(name: str) -> list[tuple[int, ...]]:
    """KIND DIMENSION NUMBER: random, all of {0, 1}^d, or random in a hyperplane."""
    kind, dimension, number = name.split()[0], *map(int, name.split()[1:])
    rng = Random(0)
    found: dict[tuple[int, ...], None] = {}
    while len(found) < number:
        if kind == "cube":
            row = [len(found) >> j & 1 for j in range(dimension)]
        else:
            row = [rng.randint(0, 30) for _ in range(dimension)]
        if kind == "flat":
            row[-1] = row[0] + row[1]
        found[tuple(row)] = None
    return list(found)


def _flipped(net: ReLUNetwork, rng: Random) -> tuple[ReLUNetwork, ReLUNetwork]:
    return net, scrambled(transformations.triple_flip(net, rng), rng)


def _padded(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """Split, cancelling, duplicate and dead neurons added."""
    for name in ("split_neuron", "cancelling_pair", "duplicate_neuron", "dead_neuron"):
        net = transformations.TRANSFORMATIONS[name](net, rng)
    return net
