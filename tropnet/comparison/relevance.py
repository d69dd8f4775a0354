"""Reductions that rest on what deeper layers do with a neuron, decided by comparing networks."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import TypeAlias

from tropnet.certificates.budget import Meter
from tropnet.comparison.equality import decide_equality
from tropnet.errors import BudgetExceededError
from tropnet.exact import Vector, primitive_vector
from tropnet.networks.layers import AffineLayer, composed
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.draft import Draft, Reduced
from tropnet.networks.simplification.proofs import Prover
from tropnet.networks.simplification.search_points import random_points
from tropnet.networks.simplification.steps import Reason

# At how many points of either kind a reduction is tried before it is looked at on all regions.
_POINTS = 128


def without_irrelevant(draft: Draft, prover: Prover, meter: Meter) -> Reduced:
    """Without a neuron that can be left out, or a layer that can be taken as active, if any is.

    The first neuron is taken whose activation can be replaced by 0 without a change of the
    function; if there is none, the first hidden layer all of whose activations can be replaced by
    the preactivations.  In the last hidden layer there are none beyond those that `proofs` finds.

    Args:
        draft: A draft.
        prover: Knows points at which to look, and is told what the budget leaves undecided.
        meter: Counts the regions looked at.
    """
    candidates = (
        candidate
        for candidates in (_without_neurons, _without_layers)
        for index in range(draft.depth - 1)
        for candidate in candidates(draft, index, prover)
    )
    for smaller, index, positions, reason in candidates:
        try:
            equality = decide_equality(draft.network, smaller.network, budget=meter.remaining())
            meter.add(equality.regions)
        except BudgetExceededError:
            question = "relevant?" if reason is Reason.IRRELEVANT else "inactive where it matters?"
            prover.ask(draft, index, positions, question)
            continue
        if equality.witness is None:
            neurons = draft.neurons(index)
            return smaller, [draft.step(index, [neurons[i] for i in positions], reason)]
        prover.points.append(primitive_vector((*equality.witness, Fraction(1))))
    return draft, []


_Candidate: TypeAlias = tuple[Draft, int, list[int], Reason]
"""A smaller draft that may be equal: where which neurons went, and why they would."""


def _without_neurons(draft: Draft, index: int, prover: Prover) -> Iterator[_Candidate]:
    """Each neuron left out without which the values at all points tried are the same."""
    tail = ReLUNetwork._from_layers(draft.layers[index + 1 :])
    neurons = draft.neurons(index)
    suspects = list(range(len(neurons)))
    for preactivations in _preactivations(draft, index, prover):
        if not suspects:
            return
        activations = [max(entry, Fraction(0)) for entry in preactivations]
        value = tail(activations)
        suspects = [i for i in suspects if tail(_with_zero(activations, i)) == value]
    for i in suspects:
        yield (
            draft.with_neurons(index, neurons[:i] + neurons[i + 1 :]).with_new_values(index + 1),
            index,
            [i],
            (Reason.IRRELEVANT),
        )


def _without_layers(draft: Draft, index: int, prover: Prover) -> Iterator[_Candidate]:
    """The layer made affine, if the values at all points tried are the same."""
    tail = ReLUNetwork._from_layers(draft.layers[index + 1 :])
    for preactivations in _preactivations(draft, index, prover):
        if tail(preactivations) != tail([max(entry, Fraction(0)) for entry in preactivations]):
            return
    inner, outer = draft.layers[index : index + 2]
    (affine,) = composed((AffineLayer(*outer),), (AffineLayer(*inner),))
    everything = list(range(draft.width(index)))
    merged = draft.merged(index, affine).with_new_values(index)
    yield merged, index, everything, Reason.ACTIVE_WHERE_RELEVANT


def _preactivations(draft: Draft, index: int, prover: Prover) -> Iterator[Vector]:
    head = ReLUNetwork._from_layers(draft.layers[: index + 1])
    points = [*islice(random_points(draft.network.input_width), _POINTS), *prover.points[-_POINTS:]]
    for *coordinates, scale in points:
        yield head(tuple(Fraction(entry, scale) for entry in coordinates))


def _with_zero(activations: list[Fraction], position: int) -> list[Fraction]:
    return [*activations[:position], Fraction(0), *activations[position + 1 :]]
