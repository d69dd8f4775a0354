"""Neurons that can be left out because of what deeper layers do with them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tropnet.certificates.budget import Meter
from tropnet.comparison.equality import decide_equality
from tropnet.errors import BudgetExceededError
from tropnet.exact import Vector, primitive_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.draft import Draft, Reason, Reduced
from tropnet.networks.simplification.proofs import Prover

_POINTS = 256


def without_irrelevant(draft: Draft, prover: Prover, meter: Meter) -> Reduced:
    """Without the first neuron that can simply be left out, if there is one.

    In the last hidden layer there is none unless its neurons are dependent.

    Args:
        draft: A draft.
        prover: Knows points at which to look, and is told what the budget leaves undecided.
        meter: Counts the regions looked at.
    """
    for index in range(draft.depth - 1):
        neurons = draft.neurons(index)
        for position in _suspects(draft, index, prover):
            smaller = draft.with_neurons(index, neurons[:position] + neurons[position + 1 :])
            try:
                equality = decide_equality(
                    draft.network, smaller.network, budget=meter.remaining()
                )
                meter.add(equality.regions)
            except BudgetExceededError:
                prover.ask(draft, index, [position], "relevant?")
                continue
            if equality.witness is None:
                step = draft.step(index, [neurons[position]], Reason.IRRELEVANT)
                return smaller, [step]
            prover.points.append(primitive_vector((*equality.witness, Fraction(1))))
    return draft, []


def _suspects(draft: Draft, index: int, prover: Prover) -> Iterator[int]:
    """The neurons of a layer without which the values at all points tried are the same."""
    head = ReLUNetwork._from_layers(draft.layers[: index + 1])
    tail = ReLUNetwork._from_layers(draft.layers[index + 1 :])
    open_neurons = list(range(draft.width(index)))
    for *coordinates, scale in prover.points[-_POINTS:]:
        if not open_neurons:
            return
        point = tuple(Fraction(entry, scale) for entry in coordinates)
        activations = tuple(max(entry, Fraction(0)) for entry in head(point))
        value = tail(activations)
        open_neurons = [i for i in open_neurons if tail(_without(activations, i)) == value]
    yield from open_neurons


def _without(activations: Vector, position: int) -> Vector:
    return (*activations[:position], Fraction(0), *activations[position + 1 :])
