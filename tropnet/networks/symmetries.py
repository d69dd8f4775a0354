"""Networks up to their trivial symmetries: permutation and positive scaling of hidden neurons.

The canonical form is found as canonical labellings of graphs are: neurons are coloured by what no
trivial symmetry changes, and the colours refined by those of their neighbours until they are stable
(see `colouring`).  Where ties remain, one neuron after the other is singled out, and the smallest
of the networks at the leaves of this search tree is taken.

*What need not be searched.*  Let a and b be tied, and let the first leaves below them be the same
network.  Then the way from the one leaf to the other is an automorphism of the network.  It maps a
to b, since each is the first of its tie in the order of its leaf, and it keeps the colours that
they are tied in, since both leaves refine these.  So it maps the tree below a to the tree below b,
all networks at their leaves are the same, and one of the two trees is enough.  Likewise for any
product of automorphisms found so far that keep the colours.

Scalings are fixed first.  A neuron is *gauged* if it has a non-zero bias or a non-zero weight from
an input or a gauged neuron; it is scaled so that the moduli of these sum to 1, which no permutation
changes.  The scale of the others, whose preactivation is identically 0, is fixed at the end.

References:
    McKay and Piperno, *Practical graph isomorphism II*, 2014, sections 2 and 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tropnet.networks.colouring import Colours, NeuronGraph
from tropnet.networks.network import ReLUNetwork

Automorphism: TypeAlias = list[dict[int, int]]
"""For each hidden layer the image of each neuron."""


@dataclass(frozen=True)
class CanonicalForm:
    """The representative of a network's orbit under permutation and positive scaling.

    Attributes:
        network: The representative; equivalent networks have the same.
        orders: For each hidden layer, the order to `permute` by.
        factors: For each hidden layer, the factors to `rescale` by after that.
    """

    network: ReLUNetwork
    orders: tuple[tuple[int, ...], ...]
    factors: tuple[tuple[Fraction, ...], ...]


def canonical_form(net: ReLUNetwork) -> CanonicalForm:
    """The canonical form of a network under its trivial symmetries.

    Args:
        net: Any network; duplicate neurons, zero rows and ties are ordinary input.

    Returns:
        The canonical network, and the permutations and scalings that lead to it.

    Guarantees:
        Two networks have equal canonical networks if and only if one arises from the other by
        permuting hidden neurons within their layers and multiplying each neuron's incoming
        weights and bias by a factor λ > 0 and its outgoing weights by 1/λ.  So ``hash`` of the
        canonical network is a hash of the class.

    Cost: a few passes over the weights for each neuron that has to be singled out, squared.  Copies
    of sub-networks, of whatever number, are no trouble; exponential only where sub-networks look
    alike from each of their neurons and are not (graph isomorphism can be hidden in the weights).

    >>> net = ReLUNetwork([([[1], [-2]], [0, 3]), ([[5, 7]], [0])])
    >>> other = net.permute(1, (1, 0)).rescale(1, (3, "1/2"))
    >>> canonical_form(net).network == canonical_form(other).network
    True
    """
    return _Search(net).branch().best


class _Branch(NamedTuple):
    """What is known of the search tree below a colouring.

    Attributes:
        first: The first leaf.
        best: The smallest leaf.
        automorphisms: Some automorphisms of the network that keep the colouring.
    """

    first: CanonicalForm
    best: CanonicalForm
    automorphisms: list[Automorphism]


class _Search:
    """The search tree of a network, whose nodes are stable colourings."""

    def __init__(self, net: ReLUNetwork) -> None:
        gauge = _gauge(net)
        self._factors = [[factor or Fraction(1) for factor in layer] for layer in gauge]
        self._fixed = [[factor is not None for factor in layer] for layer in gauge]
        self._net = _rescaled(net, self._factors)
        self._graph = NeuronGraph(self._net, self._fixed)

    def branch(self, colours: Colours | None = None) -> _Branch:
        """The branch below a stable colouring; by default, the whole tree."""
        colours, tie = self._next_tie(self._graph.stable() if colours is None else colours)
        if tie is None:
            leaf = _ordered(self._net, self._factors, self._fixed, colours)
            return _Branch(leaf, leaf, [])
        depth, members = tie
        branches: list[_Branch] = []
        automorphisms: list[Automorphism] = []
        tried: list[int] = []
        for neuron in members:
            if neuron in _images(tried, automorphisms, depth):
                continue
            below = self._told_apart(colours, depth, [neuron])
            tried.append(neuron)
            if branches:
                first = self._first_leaf(below)
                same = [b.first for b in branches if b.first.network == first.network]
                if same:
                    automorphisms.append(_automorphism(same[0], first))
                    continue
            branches.append(self.branch(below))
            automorphisms += branches[-1].automorphisms
        best = min((branch.best for branch in branches), key=lambda leaf: leaf.network.layers)
        return _Branch(branches[0].first, best, automorphisms)

    def _first_leaf(self, colours: Colours) -> CanonicalForm:
        """The first leaf below a stable colouring."""
        colours, tie = self._next_tie(colours)
        while tie is not None:
            depth, members = tie
            colours, tie = self._next_tie(self._told_apart(colours, depth, members[:1]))
        return _ordered(self._net, self._factors, self._fixed, colours)

    def _next_tie(self, colours: Colours) -> tuple[Colours, tuple[int, list[int]] | None]:
        """The first tie, a hidden layer and neurons of one colour; ties of twins are broken first.

        A swap of twins is an automorphism, so that the order in which they are told apart does not
        matter.
        """
        while (tie := _first_tie(colours)) is not None:
            depth, members = tie
            if not all(_are_twins(self._net, depth, members[0], other) for other in members[1:]):
                break
            colours = self._told_apart(colours, depth, members)
        return colours, tie

    def _told_apart(self, colours: Colours, depth: int, neurons: Sequence[int]) -> Colours:
        """The stable colouring after neurons of one colour come first in it, in their order."""
        count = len(neurons)
        layer = [(count + 1) * colour + count for colour in colours[depth]]
        for place, neuron in enumerate(neurons):
            layer[neuron] -= count - place
        return self._graph.stable([*colours[:depth], layer, *colours[depth + 1 :]])


def _first_tie(colours: Colours) -> tuple[int, list[int]] | None:
    """The first hidden layer with neurons of one colour, and the neurons of the first such."""
    for depth, layer in enumerate(colours):
        for colour in sorted(set(layer)):
            members = [j for j, other in enumerate(layer) if other == colour]
            if len(members) > 1:
                return depth, members
    return None


def _automorphism(one: CanonicalForm, other: CanonicalForm) -> Automorphism:
    """What maps the neurons in the order of one form of a network to those of an equal form."""
    return [
        dict(zip(order, image, strict=True))
        for order, image in zip(one.orders, other.orders, strict=True)
    ]


def _images(neurons: Iterable[int], automorphisms: Sequence[Automorphism], depth: int) -> set[int]:
    """The neurons of a layer to which products of automorphisms map some neurons."""
    found = set(neurons)
    pending = list(found)
    while pending:
        neuron = pending.pop()
        images = {automorphism[depth][neuron] for automorphism in automorphisms}
        pending += images - found
        found |= images
    return found


def _gauge(net: ReLUNetwork) -> list[list[Fraction | None]]:
    """The factor that scales each neuron to norm 1, None for those whose norm is 0."""
    result: list[list[Fraction | None]] = []
    before: list[Fraction | None] = [Fraction(1)] * net.input_width
    for weight, bias in net.layers[:-1]:
        norms = [
            abs(b) + sum(abs(w / f) for w, f in zip(row, before, strict=True) if w and f)
            for row, b in zip(weight, bias, strict=True)
        ]
        before = [1 / norm if norm else None for norm in norms]
        result.append(before)
    return result


def _rescaled(net: ReLUNetwork, factors: Sequence[Sequence[Fraction]]) -> ReLUNetwork:
    for layer, values in enumerate(factors, 1):
        net = net.rescale(layer, values)
    return net


def _are_twins(net: ReLUNetwork, depth: int, first: int, second: int) -> bool:
    """Whether two neurons have proportional incoming, and inversely proportional outgoing, weights.

    Swapping them, with the scalings that go with it, then leaves the network unchanged.
    """
    weight, bias = net.layers[depth]
    rows = [(*weight[j], bias[j]) for j in (first, second)]
    columns = [tuple(row[j] for row in net.layers[depth + 1].weight) for j in (first, second)]
    up, down = _ratio(*rows), _ratio(*columns)
    return up is not None and down is not None and (up == 0 or down == 0 or up * down == 1)


def _ratio(first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction | None:
    """The λ > 0 with second = λ · first, 0 if both vanish, None if there is none."""
    ratios = {b / a if a else None for a, b in zip(first, second, strict=True) if a or b}
    if not ratios:
        return Fraction(0)
    ratio = ratios.pop()
    return None if ratios or ratio is None or ratio <= 0 else ratio


def _ordered(
    gauged: ReLUNetwork,
    factors: list[list[Fraction]],
    fixed: list[list[bool]],
    colours: Colours,
) -> CanonicalForm:
    """The form that belongs to a colouring without ties."""
    orders = tuple(tuple(sorted(range(len(layer)), key=layer.__getitem__)) for layer in colours)
    for layer, order in enumerate(orders, 1):
        gauged = gauged.permute(layer, order)
    remaining = _remaining_factors(
        gauged, [[layer[i] for i in order] for layer, order in zip(fixed, orders, strict=True)]
    )
    total = tuple(
        tuple(layer[i] * last for i, last in zip(order, lasts, strict=True))
        for layer, order, lasts in zip(factors, orders, remaining, strict=True)
    )
    return CanonicalForm(_rescaled(gauged, remaining), orders, total)


def _remaining_factors(net: ReLUNetwork, fixed: list[list[bool]]) -> list[list[Fraction]]:
    """Factors for the neurons that are not gauged: one edge of each gets modulus 1.

    Scans in order and starts from what is fixed, so that scaled copies get equal results.
    """
    factors: list[list[Fraction | None]] = [
        [Fraction(1) if known else None for known in layer] for layer in fixed
    ]
    while True:
        places = [
            (depth, j)
            for depth, layer in enumerate(factors)
            for j, factor in enumerate(layer)
            if factor is None
        ]
        if not places:
            return [[factor or Fraction(1) for factor in layer] for layer in factors]
        found = ((place, _from_neighbour(net, factors, *place)) for place in places)
        # A component that nothing fixed touches starts anywhere: its common scale is no matter.
        (depth, j), factor = next((item for item in found if item[1]), (places[0], Fraction(1)))
        factors[depth][j] = factor


def _from_neighbour(
    net: ReLUNetwork, factors: list[list[Fraction | None]], depth: int, j: int
) -> Fraction | None:
    """The factor that gives the first edge between a neuron and a fixed one modulus 1."""
    before = factors[depth - 1] if depth else []
    for weight, factor in zip(net.layers[depth].weight[j], before, strict=False):
        if weight and factor:
            return factor / abs(weight)
    rows = net.layers[depth + 1].weight
    after = factors[depth + 1] if depth + 1 < net.depth else [Fraction(1)] * len(rows)
    for row, factor in zip(rows, after, strict=True):
        if row[j] and factor:
            return factor * abs(row[j])
    return None
