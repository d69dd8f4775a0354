"""Whether a network belongs to a recovered component, by its own linear algebra."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import gcd, lcm

from tropnet import ReLUNetwork, decide_equivalence
from tropnet.exact import solve
from tropnet.identifiability.recovery.recover import RecoveredComponent

Vector = tuple[Fraction, ...]


def factor(vector: Sequence[Fraction]) -> Fraction:
    """The positive number by which to divide to get primitive integers."""
    bottom = lcm(*(entry.denominator for entry in vector))
    top = gcd(*(int(entry * bottom) for entry in vector))
    return Fraction(top, bottom)


def contains(component: RecoveredComponent, net: ReLUNetwork) -> bool:
    """Whether a network is in a component, up to permutation and positive scaling."""
    if not component.dimension:
        return decide_equivalence(component.network, net).equivalent
    planes, neurons = normalised(component.network)
    own_planes, own_neurons = normalised(net)
    if sorted(planes) != sorted(own_planes) or len(set(planes)) < len(planes):
        return False
    order = [own_planes.index(plane) for plane in planes]
    own_neurons = [
        (tuple(weights[i] for i in order), bias, out) for weights, bias, out in own_neurons
    ]
    width = len(neurons)
    for chosen in permutations(range(width)):
        matched = [own_neurons[k] for k in chosen]
        if [each[2] for each in matched] != [each[2] for each in neurons]:
            continue
        steps = coordinates(component, neurons, matched)
        if steps is not None:
            return component.parameters.contains(steps)
    return False


def normalised(
    net: ReLUNetwork,
) -> tuple[list[Vector], list[tuple[Vector, Fraction, Vector]]]:
    """First-layer rows with biases, the normals primitive; (weights, bias, primitive outgoing)."""
    (first, offsets), (second, constants), (outer, _) = net.layers
    scales = [factor(row) for row in first]
    planes = [
        tuple(entry / scale for entry in (*row, offset))
        for row, offset, scale in zip(first, offsets, scales, strict=True)
    ]
    neurons = []
    for k, (row, constant) in enumerate(zip(second, constants, strict=True)):
        out = [v[k] for v in outer]
        scale = factor(out)
        weights = tuple(w * s * scale for w, s in zip(row, scales, strict=True))
        neurons.append((weights, constant * scale, tuple(v / scale for v in out)))
    return planes, neurons


def coordinates(
    component: RecoveredComponent,
    start: Sequence[tuple[Vector, Fraction, Vector]],
    end: Sequence[tuple[Vector, Fraction, Vector]],
) -> Vector | None:
    """How far to go along the directions of a component from some second layer to another."""
    places = [(k, i) for k, each in enumerate(start) for i in (*range(len(each[0])), None)]
    columns = []
    for direction in component.directions:
        steps = {(entry.neuron, entry.input): entry.value for entry in direction}
        assert {entry.layer for entry in direction} == {2}
        columns.append([steps.get(place, Fraction(0)) for place in places])
    flat = [[w for each in layer for w in (*each[0], each[1])] for layer in (start, end)]
    difference = [b - a for a, b in zip(*flat, strict=True)]
    return solve(list(zip(*columns, strict=True)), difference)
