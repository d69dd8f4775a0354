"""Networks up to their trivial symmetries: permutation and positive scaling of hidden neurons.

The canonical form is found as canonical labellings of graphs are: neurons are coloured by what no
trivial symmetry changes, and the colours refined by those of their neighbours until they are
stable (1-dimensional Weisfeiler–Leman).  Where ties remain, one neuron after the other is singled
out and the smallest result taken.  Neurons that a swap leaves unchanged are not tried twice.

Scalings are fixed first.  A neuron is *gauged* if it has a non-zero bias or a non-zero weight from
an input or a gauged neuron; it is scaled so that the moduli of these sum to 1, which no permutation
changes.  The scale of the others, whose preactivation is identically 0, is fixed at the end.

References:
    McKay and Piperno, *Practical graph isomorphism II*, 2014.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from tropnet.networks.network import ReLUNetwork

Colours: TypeAlias = list[list[int]]
"""A colour for each neuron of each hidden layer."""


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

    Cost: a few passes over the weights; exponential only where many neurons are tied that no swap
    exchanges (graph isomorphism can be hidden in the weights of dead neurons).

    >>> net = ReLUNetwork([([[1], [-2]], [0, 3]), ([[5, 7]], [0])])
    >>> other = net.permute(1, (1, 0)).rescale(1, (3, "1/2"))
    >>> canonical_form(net).network == canonical_form(other).network
    True
    """
    gauge = _gauge(net)
    factors = [[factor or Fraction(1) for factor in layer] for layer in gauge]
    fixed = [[factor is not None for factor in layer] for layer in gauge]
    gauged = _rescaled(net, factors)
    best: CanonicalForm | None = None
    # Depth first over the ways to break ties.
    pending = [[[0] * width for width in net.architecture[1:-1]]]
    while pending:
        colours = _refined(gauged, fixed, pending.pop())
        tied = _first_tie(colours)
        if tied is None:
            candidate = _ordered(gauged, factors, fixed, colours)
            if best is None or candidate.network.layers < best.network.layers:
                best = candidate
            continue
        depth, members = tied
        if all(_are_twins(gauged, depth, members[0], other) for other in members[1:]):
            members = members[:1]
        for neuron in reversed(members):
            single = [list(layer) for layer in colours]
            single[depth] = [2 * colour + 1 for colour in single[depth]]
            single[depth][neuron] -= 1
            pending.append(single)
    assert best is not None
    return best


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


def _refined(net: ReLUNetwork, fixed: list[list[bool]], colours: Colours) -> Colours:
    """The coarsest stable colouring that refines a given one; the same for equivalent networks."""
    while True:
        signatures = [
            [
                (colours[depth][j], incoming, outgoing)
                for j, (incoming, outgoing) in enumerate(
                    zip(
                        _incoming(net, fixed, colours, depth),
                        _outgoing(net, fixed, colours, depth),
                        strict=True,
                    )
                )
            ]
            for depth in range(net.depth)
        ]
        refined = []
        for layer in signatures:
            ranks = {signature: rank for rank, signature in enumerate(sorted(set(layer)))}
            refined.append([ranks[signature] for signature in layer])
        if [len(set(layer)) for layer in refined] == [len(set(layer)) for layer in colours]:
            return refined
        colours = refined


def _incoming(
    net: ReLUNetwork, fixed: list[list[bool]], colours: Colours, depth: int
) -> list[tuple[Any, ...]]:
    weight, bias = net.layers[depth]
    width = net.input_width
    names = colours[depth - 1] if depth else list(range(width))
    scaled = fixed[depth - 1] if depth else [True] * width
    return [
        (
            b if fixed[depth][j] else _sign(b),
            *_sorted_edges(
                (names[i], row[i], scaled[i] and fixed[depth][j]) for i in range(len(row)) if row[i]
            ),
        )
        for j, (row, b) in enumerate(zip(weight, bias, strict=True))
    ]


def _outgoing(
    net: ReLUNetwork, fixed: list[list[bool]], colours: Colours, depth: int
) -> list[tuple[Any, ...]]:
    weight = net.layers[depth + 1].weight
    last = depth + 1 == net.depth
    names = list(range(net.output_width)) if last else colours[depth + 1]
    scaled = [True] * net.output_width if last else fixed[depth + 1]
    return [
        _sorted_edges(
            (names[j], row[i], scaled[j] and fixed[depth][i])
            for j, row in enumerate(weight)
            if row[i]
        )
        for i in range(len(colours[depth]))
    ]


def _sorted_edges(edges: Any) -> tuple[Any, ...]:
    """Edges (colour, weight, whether the weight's size means anything) in a canonical order."""
    return tuple(
        sorted((name, weight if sized else _sign(weight)) for name, weight, sized in edges)
    )


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


def _first_tie(colours: Colours) -> tuple[int, list[int]] | None:
    """The first hidden layer with neurons of one colour, and the neurons of the first such."""
    for depth, layer in enumerate(colours):
        for colour in sorted(set(layer)):
            members = [j for j, other in enumerate(layer) if other == colour]
            if len(members) > 1:
                return depth, members
    return None


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
        found = [(place, _from_neighbour(net, factors, *place)) for place in places]
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
