"""Networks with several hidden layers, recovered layer by layer.

The first layer is a set of hyperplanes of the break locus (`labels`).  When the layers up to one
are known, the neurons of the next are determined, up to factors, by the branches that belong to
them (`layer_choices`), as long as these reach far enough; where they may not, the search stops
being complete, and says so.  The sides on which the neurons of a layer are active are tried in all
ways: with wrong ones the branches of the next layer fit no neuron.  The outgoing weights of the
last hidden layer are read off its facets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import networkx as nx

from tropnet.certificates.budget import Meter
from tropnet.comparison.equality import decide_equality
from tropnet.exact import dot
from tropnet.identifiability.recovery.cuts import Part, cut, whole
from tropnet.identifiability.recovery.labels import chain_lengths, labellings
from tropnet.identifiability.recovery.last_layer import (
    orientations_of_last,
    oriented,
    with_output,
)
from tropnet.identifiability.recovery.layer_choices import (
    Conditions,
    LayerChoices,
    Neuron,
    Pieces,
)
from tropnet.networks.layers import AffineLayer
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.bends import BendGraph, Branch
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.function_like import FunctionLike
from tropnet.piecewise.hyperplanes import hyperplane_of


class Peeling:
    """The recovery of networks of an architecture with at least two hidden layers.

    Attributes:
        unclear: The hidden layers, from 1, at which neurons may have been missed.

    Args:
        f: The function.
        bends: The bend graph of its break locus.
        widths: The architecture.
        meter: Counts the choices looked at.
    """

    def __init__(
        self, f: FunctionLike, bends: BendGraph, widths: Sequence[int], meter: Meter
    ) -> None:
        self.unclear: set[int] = set()
        self._f = f
        self._bends = bends
        self._widths = tuple(widths)
        self._depth = len(widths) - 2
        self._meter = meter
        self._lengths = chain_lengths(bends) or {}

    def networks(self) -> Iterator[ReLUNetwork]:
        """Networks that are equal to f and in no way related by permutation and scaling."""
        for labels in labellings(self._bends, self._widths[1], self._depth, self._meter):
            normals, offsets = zip(*sorted(labels), strict=True)
            rows = tuple(tuple(map(Fraction, normal)) for normal in normals)
            layer = AffineLayer(rows, tuple(-offset for offset in offsets))
            rest = {
                branch: tuple((facet, whole(facet.polyhedron)) for facet in branch.facets)
                for branch in self._bends.branches
                if hyperplane_of(branch.facets[0]) not in labels
            }
            cut_rest = _cut(rest, (1,) * self._widths[0], layer)
            if cut_rest is not None:
                yield from self._behind([layer], cut_rest)

    def _behind(
        self, layers: Sequence[AffineLayer], rest: Mapping[Branch, Pieces]
    ) -> Iterator[ReLUNetwork]:
        """The networks that begin with some layers, the last of them with unknown active sides."""
        number = len(layers) + 1
        width = self._widths[number]
        possible, forced = self._candidates(rest, number)
        if not set(forced) <= set(possible):
            return
        for signs in product((1, -1), repeat=self._widths[number - 1]):
            self._meter.add(1)
            choices = LayerChoices.of(possible, forced, signs, self._meter)
            if choices is None:
                continue
            if choices.may_be_incomplete(width):
                self.unclear.add(number)
            known = [*layers[:-1], oriented(layers[-1], signs)]
            for neurons in choices.layers(width):
                self._meter.add(1)
                layer = AffineLayer(
                    tuple(tuple(map(Fraction, neuron[:-1])) for neuron in neurons),
                    tuple(Fraction(neuron[-1]) for neuron in neurons),
                )
                if number == self._depth:
                    yield from self._finished(known, layer, neurons, choices.conditions)
                    continue
                taken = {branch for branches in neurons.values() for branch in branches}
                left = {branch: each for branch, each in rest.items() if branch not in taken}
                cut_left = _cut(left, signs, layer)
                if cut_left is not None:
                    yield from self._behind([*known, layer], cut_left)

    def _candidates(
        self, rest: Mapping[Branch, Pieces], number: int
    ) -> tuple[dict[Branch, Pieces], list[Branch]]:
        """The branches that may belong to a layer, and those that must.

        One that bends at another of the rest is deeper; one at the end of a chain of bends has as
        many layers behind it.
        """
        graph: nx.DiGraph[Branch] = self._bends.graph
        possible = {
            branch: pieces
            for branch, pieces in rest.items()
            if not any(other in rest for other in graph.successors(branch))
        }
        forced = [branch for branch in rest if self._lengths[branch] >= self._depth - number]
        return possible, forced

    def _finished(
        self,
        known: Sequence[AffineLayer],
        layer: AffineLayer,
        neurons: Mapping[Neuron, Sequence[Branch]],
        conditions: Mapping[Branch, Conditions],
    ) -> Iterator[ReLUNetwork]:
        """The networks with given hidden layers up to the active sides of the last one."""
        outgoing = []
        for neuron, branches in neurons.items():
            facet = branches[0].facets[0]
            slope = abs(dot(conditions[branches[0]].slopes[0], neuron))
            outgoing.append(tuple(weight / slope for weight in facet.coefficients))
        outer = list(zip(*outgoing, strict=True))
        preactivations = ReLUNetwork([*known, layer])
        for signs in orientations_of_last(self._f, preactivations, outgoing):
            net = with_output(self._f, [*known, oriented(layer, signs)], outer)
            if decide_equality(self._f, net).equal:
                yield net


def _cut(
    rest: Mapping[Branch, Pieces], orientation: Sequence[int], layer: AffineLayer
) -> dict[Branch, Pieces] | None:
    """The parts of branches on which the neurons of a layer have a sign.

    None if a neuron of the layer is 0 on one of them.
    """
    found: dict[Branch, Pieces] = {}
    for branch, pieces in rest.items():
        parts: list[tuple[Facet, Part]] = []
        for facet, part in pieces:
            smaller = cut(part, orientation, *layer)
            if smaller is None:
                return None
            parts += [(facet, each) for each in smaller]
        found[branch] = tuple(parts)
    return found
