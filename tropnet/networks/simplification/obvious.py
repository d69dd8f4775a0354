"""Reductions that a layer's own weights show: what they do is nothing, or done twice."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tropnet.exact import Vector
from tropnet.networks.simplification.draft import Draft, Neuron, Reduced
from tropnet.networks.simplification.steps import Reason, Step

_ZERO = Fraction(0)


def without_unread(draft: Draft, index: int) -> Reduced:
    """Without the neurons of a hidden layer whose outgoing weights are all 0."""
    return _filtered(draft, index, lambda neuron: any(neuron.out), Reason.UNREAD)


def without_silent(draft: Draft, index: int) -> Reduced:
    """Without the neurons that no input can activate, because what they read is never negative.

    In the first layer, which reads any number, these are the ones with zero weights.
    """
    return _filtered(draft, index, lambda neuron: not is_silent(neuron, index), Reason.SILENT)


def without_constants(draft: Draft, index: int) -> Reduced:
    """With neurons of zero weights and a positive bias added to the next bias instead."""
    neurons = draft.neurons(index)
    constant = [neuron for neuron in neurons if not any(neuron.row) and neuron.bias > 0]
    if not constant:
        return draft, []
    kept = [neuron for neuron in neurons if neuron not in constant]
    total = combined([(neuron.bias, neuron.out) for neuron in constant], len(constant[0].out))
    return draft.with_neurons(index, kept, total), [draft.step(index, constant, Reason.CONSTANT)]


def with_twins_merged(draft: Draft, index: int) -> Reduced:
    """With one neuron for all that are positive multiples of each other."""
    groups: dict[Vector, list[Neuron]] = {}
    for neuron in draft.neurons(index):
        groups.setdefault(direction(neuron.form), []).append(neuron)
    merged, twins = [], []
    for first, *others in groups.values():
        out = first.out
        for twin in others:
            ratio = size(twin.form) / size(first.form)
            out = combined([(Fraction(1), out), (ratio, twin.out)], len(out))
        merged.append(first._replace(out=out))
        twins += others
    if not twins:
        return draft, []
    return draft.with_neurons(index, merged), [draft.step(index, twins, Reason.TWIN)]


def is_silent(neuron: Neuron, index: int) -> bool:
    """Whether a neuron of hidden layer `index` is obviously never active."""
    if index == 0:
        return not any(neuron.row) and neuron.bias <= 0
    return all(entry <= 0 for entry in neuron.form)


def is_straight(neuron: Neuron, index: int) -> bool:
    """Whether a neuron of hidden layer `index` is obviously always active: relu(z) = z."""
    if index == 0:
        return not any(neuron.row) and neuron.bias >= 0
    return all(entry >= 0 for entry in neuron.form)


def size(vector: Vector) -> Fraction:
    """The modulus of the first entry that is not 0; 1 for the zero vector."""
    return next((abs(entry) for entry in vector if entry), Fraction(1))


def direction(vector: Vector) -> Vector:
    """The positive multiple of a vector whose first non-zero entry is 1 or −1."""
    factor = 1 / size(vector)
    return tuple(factor * entry for entry in vector)


def combined(terms: list[tuple[Fraction, Vector]], width: int) -> Vector:
    """A linear combination of vectors."""
    result = [_ZERO] * width
    for factor, vector in terms:
        if factor:
            result = [a + factor * b if b else a for a, b in zip(result, vector, strict=True)]
    return tuple(result)


def _filtered(draft: Draft, index: int, keep: Callable[[Neuron], bool], reason: Reason) -> Reduced:
    neurons = draft.neurons(index)
    kept = [neuron for neuron in neurons if keep(neuron)]
    if len(kept) == len(neurons):
        return draft, []
    gone = [neuron for neuron in neurons if not keep(neuron)]
    steps: list[Step] = [draft.step(index, gone, reason)]
    return draft.with_neurons(index, kept), steps
