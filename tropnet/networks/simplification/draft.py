"""A network on its way to a smaller one, whose neurons remember who they were."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeAlias

from tropnet.exact import Vector
from tropnet.networks.layers import AffineLayer, Layers, permuted
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.steps import Reason, Step, Term
from tropnet.networks.symmetries import canonical_form

_ZERO = Fraction(0)


class Neuron(NamedTuple):
    """One hidden neuron: out · relu(row · y + bias) is what it adds to the next layer.

    Attributes:
        name: Its position in its layer of the network that was given.
        row: The incoming weights.
        bias: The bias.
        out: The outgoing weights.
    """

    name: int
    row: Vector
    bias: Fraction
    out: Vector

    @property
    def form(self) -> Vector:
        """The preactivation as a form (row, bias)."""
        return (*self.row, self.bias)


@dataclass(frozen=True)
class Draft:
    """A network with the names of its hidden layers and neurons.

    Attributes:
        layers: The layers.
        numbers: For each hidden layer its number in the network that was given, from 1.
        names: For each hidden layer the positions that its neurons had there.
        active: The neurons proved to be always active, as pairs (number, name).
    """

    layers: Layers
    numbers: tuple[int, ...]
    names: tuple[tuple[int, ...], ...]
    active: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, net: ReLUNetwork) -> Draft:
        """The draft to start from."""
        widths = net.architecture[1:-1]
        numbers = tuple(range(1, net.depth + 1))
        return cls(net.layers, numbers, tuple(tuple(range(width)) for width in widths))

    @cached_property
    def network(self) -> ReLUNetwork:
        """The network."""
        return ReLUNetwork._from_layers(self.layers)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.names)

    def width(self, index: int) -> int:
        """The number of neurons of hidden layer `index`, counted from 0."""
        return len(self.names[index])

    def neurons(self, index: int) -> list[Neuron]:
        """The neurons of hidden layer `index`, counted from 0."""
        layer, following = self.layers[index], self.layers[index + 1]
        columns = zip(*following.weight, strict=True)
        parts = zip(self.names[index], layer.weight, layer.bias, columns, strict=True)
        return [Neuron(*part) for part in parts]

    def with_neurons(
        self, index: int, neurons: Sequence[Neuron], constant: Vector | None = None
    ) -> Draft:
        """With other neurons in hidden layer `index`, and a constant added to the next bias.

        Without any neurons left there the network is constant: one affine layer.
        """
        following = self.layers[index + 1]
        bias = following.bias
        if constant is not None:
            bias = tuple(a + b for a, b in zip(bias, constant, strict=True))
        if not neurons:
            return self._constant(index, bias)
        layer = AffineLayer(
            tuple(neuron.row for neuron in neurons), tuple(neuron.bias for neuron in neurons)
        )
        weight = tuple(zip(*(neuron.out for neuron in neurons), strict=True))
        layers = (
            *self.layers[:index],
            layer,
            AffineLayer(weight, bias),
            *self.layers[index + 2 :],
        )
        names = tuple(neuron.name for neuron in neurons)
        number = self.numbers[index]
        active = frozenset((n, name) for n, name in self.active if n != number or name in names)
        names_by_layer = (*self.names[:index], names, *self.names[index + 1 :])
        return Draft(layers, self.numbers, names_by_layer, active)

    def merged(self, index: int, affine: AffineLayer) -> Draft:
        """With an affine map from what layer `index` reads to the next preactivations instead."""
        return Draft(
            (*self.layers[:index], affine, *self.layers[index + 2 :]),
            (*self.numbers[:index], *self.numbers[index + 1 :]),
            (*self.names[:index], *self.names[index + 1 :]),
            frozenset(pair for pair in self.active if pair[0] != self.numbers[index]),
        )

    def is_active(self, index: int, neuron: Neuron) -> bool:
        """Whether a neuron of hidden layer `index` is known to be always active."""
        return (self.numbers[index], neuron.name) in self.active

    def with_active(self, index: int, names: Collection[int]) -> Draft:
        """With exactly these neurons of hidden layer `index` known to be always active."""
        number = self.numbers[index]
        others = {pair for pair in self.active if pair[0] != number}
        return replace(self, active=frozenset(others | {(number, name) for name in names}))

    def with_new_values(self, index: int) -> Draft:
        """With nothing known about layers behind the first `index` ones; they read other values."""
        kept = self.numbers[:index]
        return replace(self, active=frozenset(pair for pair in self.active if pair[0] in kept))

    def step(
        self, index: int, neurons: Sequence[Neuron], reason: Reason, terms: Sequence[Term] = ()
    ) -> Step:
        """The step that says why neurons of hidden layer `index` went."""
        names = tuple(sorted(neuron.name for neuron in neurons))
        return Step(self.numbers[index], names, reason, tuple(terms))

    def in_canonical_order(self) -> Draft:
        """The neurons rearranged as in the canonical form.

        What is chosen by position in that order is chosen alike in all networks that permutation
        and positive scaling make of one another.
        """
        layers, names = self.layers, list(self.names)
        for index, order in enumerate(canonical_form(self.network).orders):
            layers = permuted(layers, index, order)
            names[index] = tuple(names[index][i] for i in order)
        return replace(self, layers=layers, names=tuple(names))

    def in_given_order(self) -> Draft:
        """The neurons of each layer in the order in which they were given."""
        layers, names = self.layers, list(self.names)
        for index, layer in enumerate(self.names):
            order = tuple(sorted(range(len(layer)), key=layer.__getitem__))
            layers = permuted(layers, index, order)
            names[index] = tuple(layer[i] for i in order)
        return replace(self, layers=layers, names=tuple(names))

    def _constant(self, index: int, bias: Vector) -> Draft:
        """The constant network whose preactivations after hidden layer `index` are given."""
        start = AffineLayer(((_ZERO,),) * len(bias), bias)
        value = ReLUNetwork._from_layers((start, *self.layers[index + 2 :]))((0,))
        row = (_ZERO,) * len(self.layers[0].weight[0])
        return Draft((AffineLayer((row,) * len(value), value),), (), ())


Reduced: TypeAlias = "tuple[Draft, list[Step]]"
"""A smaller draft and the steps that led to it."""


def constant_layers(before: Draft, after: Draft, steps: Sequence[Step]) -> list[Step]:
    """Steps for hidden layers that went because a deeper one became constant, beside given ones."""
    listed = {(step.layer, name) for step in steps for name in step.neurons}
    layers = [
        (number, tuple(sorted(name for name in names if (number, name) not in listed)))
        for number, names in zip(before.numbers, before.names, strict=True)
        if number not in after.numbers
    ]
    return [Step(number, names, Reason.CONSTANT_NETWORK) for number, names in layers if names]
