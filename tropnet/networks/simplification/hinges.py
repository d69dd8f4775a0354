"""A hidden layer as a function of what it reads: kinks along hyperplanes, and an affine rest.

With y for what the layer reads, its share of the next preactivations is

    Σ_i (α_i relu(h_i(y)) + β_i relu(−h_i(y))) + Σ_s w_s z_s(y),

with different hyperplanes h_i = 0, and z_s the neurons that are always active.  The kink along
h_i = 0 is α_i + β_i; everything else is affine, because relu(h) = relu(−h) + h.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tropnet.exact import Vector
from tropnet.networks.layers import AffineLayer
from tropnet.networks.simplification.draft import Draft, Neuron, Reason, Reduced
from tropnet.networks.simplification.obvious import combined, direction, is_straight, size

_ONE = Fraction(1)


@dataclass(frozen=True)
class Hinge:
    """The neurons of a layer that switch along one hyperplane, at most one for each side.

    Attributes:
        form: h as (a, b): h(y) = a·y + b, the first non-zero entry 1.
        above: The neuron that is active where h > 0, if there is one.
        below: The neuron that is active where h < 0, if there is one.
    """

    form: Vector
    above: Neuron | None
    below: Neuron | None

    @property
    def neurons(self) -> list[Neuron]:
        """The one or two neurons."""
        return [neuron for neuron in (self.above, self.below) if neuron is not None]

    @property
    def kink(self) -> Vector:
        """α + β: how the next preactivations bend along the hyperplane."""
        terms = [(size(neuron.form), neuron.out) for neuron in self.neurons]
        return combined(terms, len(self.neurons[0].out))

    @property
    def visible(self) -> bool:
        """Whether anything bends along the hyperplane."""
        return any(self.kink)

    @property
    def rest(self) -> Vector:
        """−β, so that the neurons contribute (α + β) relu(h) − β h."""
        if self.below is None:
            return (Fraction(0),) * len(self.neurons[0].out)
        return tuple(-size(self.below.form) * entry for entry in self.below.out)


@dataclass(frozen=True)
class HingedLayer:
    """A hidden layer's hinges and its neurons that are always active."""

    hinges: tuple[Hinge, ...]
    straight: tuple[Neuron, ...]

    @classmethod
    def of(cls, draft: Draft, index: int) -> HingedLayer:
        """The hidden layer `index` of a draft, without twins, silent or constant neurons.

        Args:
            draft: The draft.
            index: The hidden layer, counted from 0.
        """
        sides: dict[Vector, list[Neuron | None]] = {}
        straight = []
        for neuron in draft.neurons(index):
            if is_straight(neuron, index) or draft.is_active(index, neuron):
                straight.append(neuron)
                continue
            form = direction(neuron.form)
            above = next(entry for entry in form if entry) > 0
            if not above:
                form = tuple(-entry for entry in form)
            sides.setdefault(form, [None, None])[0 if above else 1] = neuron
        hinges = tuple(Hinge(form, above, below) for form, (above, below) in sides.items())
        return cls(hinges, tuple(straight))

    @property
    def affine_rest(self) -> list[Vector]:
        """What is left after Σ (α + β) relu(h): a form (a, b) for each neuron of the next layer."""
        terms = [(hinge.rest, hinge.form) for hinge in self.hinges if any(hinge.rest)]
        terms += [(neuron.out, neuron.form) for neuron in self.straight]
        if not terms:
            return [
                (Fraction(0),) * len(hinge.form) for hinge in self.hinges[:1] for _ in hinge.rest
            ]
        outputs, columns = len(terms[0][0]), len(terms[0][1])
        return [
            combined([(factor[i], form) for factor, form in terms], columns)
            for i in range(outputs)
        ]


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
    layer = HingedLayer.of(draft, index)
    position = {name: i for i, name in enumerate(draft.names[index])}
    terms = [((neuron, _ONE), (), neuron.form) for neuron in layer.straight]
    terms += [
        ((h.below, -1 / size(h.below.form)), ((h.above, 1 / size(h.above.form)),), h.form)
        for h in layer.hinges
        if h.above is not None and h.below is not None
    ]
    relations = {}
    for (neuron, factor), others, form in terms:
        own = [Fraction(0)] * draft.width(index)
        own[position[neuron.name]] = factor
        for other, share in others:
            own[position[other.name]] = share
        relations[position[neuron.name]] = (*own, *(-entry for entry in form))
    return relations


def without_affine_layer(draft: Draft, index: int) -> Reduced:
    """Without a hidden layer that bends nothing: it becomes part of the next.

    Args:
        draft: A draft without twins, silent or constant neurons in that layer.
        index: The hidden layer, counted from 0.
    """
    layer = HingedLayer.of(draft, index)
    if any(hinge.visible for hinge in layer.hinges):
        return draft, []
    rest = layer.affine_rest
    bias = draft.layers[index + 1].bias
    affine = AffineLayer(
        tuple(form[:-1] for form in rest),
        tuple(form[-1] + entry for form, entry in zip(rest, bias, strict=True)),
    )
    step = draft.step(index, draft.neurons(index), Reason.AFFINE_LAYER)
    return draft.merged(index, affine), [step]
