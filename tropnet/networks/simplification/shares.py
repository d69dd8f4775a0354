"""What a hidden layer adds to the next preactivations: kinks along hyperplanes, and the rest.

With y for what the layer reads, this is a function

    Σ_i out_i relu(h_i(y)) + (an affine function of y)

with different hyperplanes h_i = 0.  Two neurons that switch along the same hyperplane make one
kink, because relu(−h) = relu(h) − h, and neurons that are always active only add to the rest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from tropnet.exact import Vector
from tropnet.networks.layers import AffineLayer
from tropnet.networks.simplification.draft import Draft, Neuron, Reduced
from tropnet.networks.simplification.obvious import combined, direction, is_straight, size
from tropnet.networks.simplification.steps import Reason

_ONE = Fraction(1)


class Kink(NamedTuple):
    """The term out · relu(a·y + b).

    Attributes:
        name: The neuron that it comes from.
        form: The form (a, b), a ≠ 0.
        out: What the next layer reads of it, not 0.
    """

    name: int
    form: Vector
    out: Vector

    @property
    def on_the_other_side(self) -> Vector:
        """The form (−a, −b)."""
        return tuple(-entry for entry in self.form)


@dataclass(frozen=True)
class Share:
    """The share of a hidden layer in the next preactivations.

    Attributes:
        kinks: The kinks, with different hyperplanes.
        rest: A form (a, b) for each neuron of the next layer.
        straight: The neurons that are always active: names and forms.
    """

    kinks: tuple[Kink, ...]
    rest: tuple[Vector, ...]
    straight: tuple[tuple[int, Vector], ...]

    @classmethod
    def of(cls, draft: Draft, index: int) -> Share:
        """The share of the hidden layer `index` of a draft, counted from 0.

        The layer must not have twins, silent or constant neurons.
        """
        return cls.of_neurons(draft.neurons(index), always_active(draft, index))

    @classmethod
    def of_neurons(cls, neurons: Sequence[Neuron], active: Collection[int]) -> Share:
        """The share of some neurons, not none, of which those with the given names always act."""
        terms: list[tuple[Vector, Vector]] = []
        kinks: dict[Vector, Kink] = {}
        straight = []
        for neuron in neurons:
            if neuron.name in active:
                straight.append((neuron.name, neuron.form))
                terms.append((neuron.out, neuron.form))
                continue
            here = direction(neuron.form)
            opposite = tuple(-entry for entry in here)
            first = kinks.get(opposite)
            if first is None:
                kinks[here] = Kink(neuron.name, neuron.form, neuron.out)
                continue
            # λ relu(−h) = λ relu(h) − λ h with the first neuron's form h.
            ratio = size(neuron.form) / size(first.form)
            scaled = tuple(ratio * entry for entry in neuron.out)
            kinks[opposite] = first._replace(
                out=combined([(_ONE, first.out), (_ONE, scaled)], len(scaled))
            )
            terms.append((scaled, first.on_the_other_side))
        outputs, columns = len(neurons[0].out), len(neurons[0].form)
        rest = tuple(
            combined([(out[i], form) for out, form in terms], columns) for i in range(outputs)
        )
        return cls(tuple(k for k in kinks.values() if any(k.out)), rest, tuple(straight))

    def with_more(self, forms: Sequence[Vector]) -> Share:
        """With forms added to the rest."""
        pairs = zip(self.rest, forms, strict=True)
        rest = tuple(combined([(_ONE, a), (_ONE, b)], len(a)) for a, b in pairs)
        return replace(self, rest=rest)

    def affine_layer(self, bias: Vector) -> AffineLayer:
        """The rest, and the next bias, as an affine map."""
        return AffineLayer(
            tuple(form[:-1] for form in self.rest),
            tuple(form[-1] + entry for form, entry in zip(self.rest, bias, strict=True)),
        )


def always_active(draft: Draft, index: int) -> set[int]:
    """The names of the neurons of a layer that are known to be always active."""
    return {
        neuron.name
        for neuron in draft.neurons(index)
        if is_straight(neuron, index) or draft.is_active(index, neuron)
    }


def without_affine_layer(draft: Draft, index: int) -> Reduced:
    """Without a hidden layer that bends nothing: it becomes part of the next.

    Args:
        draft: A draft without twins, silent or constant neurons in that layer.
        index: The hidden layer, counted from 0.
    """
    share = Share.of(draft, index)
    if share.kinks:
        return draft, []
    step = draft.step(index, draft.neurons(index), Reason.AFFINE_LAYER)
    return draft.merged(index, share.affine_layer(draft.layers[index + 1].bias)), [step]


def evident_relations(draft: Draft, index: int) -> dict[int, Vector]:
    """Affine relations between the activations of a layer and what it reads, seen from its weights.

    Args:
        draft: The draft.
        index: The hidden layer, counted from 0.

    Returns:
        Forms in (its neurons, what it reads, 1) that vanish, each by the position of a neuron that
        occurs in no other: relu(z) − z for neurons that are always active, and
        relu(h) − relu(−h) − h for those that switch along the same hyperplane.
    """
    relations: dict[int, Vector] = {}
    active = always_active(draft, index)
    seen: dict[Vector, int] = {}
    neurons = draft.neurons(index)
    for i, neuron in enumerate(neurons):
        own = [Fraction(0)] * len(neurons)
        own[i] = _ONE
        here = direction(neuron.form)
        first = seen.get(tuple(-entry for entry in here))
        if neuron.name in active:
            relations[i] = (*own, *(-entry for entry in neuron.form))
        elif first is None:
            seen[here] = i
        else:
            own[first] = -size(neuron.form) / size(neurons[first].form)
            relations[i] = (*own, *(-entry for entry in neuron.form))
    return relations
