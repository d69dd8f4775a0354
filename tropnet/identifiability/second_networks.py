"""Looks for a second network with the same function and architecture."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from tropnet.certificates.budget import Meter
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.equivalence import decide_equivalence
from tropnet.comparison.simplification import simplify
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.identifiability.infinitesimal import infinitesimal_symmetries
from tropnet.networks.layers import Layers
from tropnet.networks.network import ReLUNetwork

# How many choices of neurons to read on their other side are tried for a layer.
_CHOICES = 4096


def second_network(net: ReLUNetwork, meter: Meter) -> ReLUNetwork | None:
    """A network that is equal and not equivalent to a given one, if one of several ways finds it.

    - Neurons of a layer read on their other side, relu(z) = relu(−z) + z, if the z cancel.
    - A neuron whose outgoing weights are all 0, or that `simplify` leaves out, changed.
    - Hidden infinitesimal symmetries, integrated; where no region is admissible, so that there is
      no Jacobian, each parameter moved by one.

    Args:
        net: The network.
        meter: Counts the regions looked at.
    """
    for candidate in _candidates(net):
        if candidate.architecture != net.architecture:
            continue
        if decide_equivalence(net, candidate).equivalent:
            continue
        answer = decide_equality(net, candidate, budget=meter.remaining())
        meter.add(answer.regions)
        if answer.equal:
            return candidate
    return None


def _candidates(net: ReLUNetwork) -> Iterator[ReLUNetwork]:
    yield from _flipped(net)
    yield from _silent(net)
    try:
        hidden = infinitesimal_symmetries(net).hidden
    except InvalidInputError:  # no region is admissible
        yield from _moved_by_one(net)
        return
    for symmetry in hidden:
        integration = symmetry.integrate()
        family = integration.family
        if family is not None:
            for step in (family.highest or Fraction(1), family.lowest or Fraction(-1)):
                if (family.highest is None or step <= family.highest) and (
                    family.lowest is None or step >= family.lowest
                ):
                    yield family.network(step)


def _moved_by_one(net: ReLUNetwork) -> Iterator[ReLUNetwork]:
    """Networks with one parameter moved by one, the last layers first."""
    for number in reversed(range(len(net.layers))):
        weight, bias = net.layers[number]
        rows = [(*row, b) for row, b in zip(weight, bias, strict=True)]
        for i, j, step in product(range(len(rows)), range(len(rows[0])), (-1, 1)):
            changed = [list(row) for row in rows]
            changed[i][j] += step
            layer = ([row[:-1] for row in changed], [row[-1] for row in changed])
            yield ReLUNetwork([*net.layers[:number], layer, *net.layers[number + 1 :]])


def _flipped(net: ReLUNetwork) -> Iterator[ReLUNetwork]:
    """Networks with some neurons of a layer read on their other side, whose forms cancel."""
    for index in range(net.depth):
        (weight, bias), (following, constant) = net.layers[index : index + 2]
        shares = [
            [v[i] * entry for v in following for entry in row] for i, row in enumerate(weight)
        ]
        for flips in islice(product((False, True), repeat=len(weight)), 1, _CHOICES):
            chosen = [share for share, flip in zip(shares, flips, strict=True) if flip]
            if any(map(sum, zip(*chosen, strict=True))):
                continue
            signs = [-1 if flip else 1 for flip in flips]
            layer = (
                [[s * entry for entry in row] for s, row in zip(signs, weight, strict=True)],
                [s * entry for s, entry in zip(signs, bias, strict=True)],
            )
            moved = [
                start + sum(v * b for v, b, flip in zip(row, bias, flips, strict=True) if flip)
                for row, start in zip(following, constant, strict=True)
            ]
            yield ReLUNetwork(
                [*net.layers[:index], layer, (following, moved), *net.layers[index + 2 :]]
            )


def _silent(net: ReLUNetwork) -> Iterator[ReLUNetwork]:
    """Networks in which neurons that may not matter are changed."""
    gone = [(step.layer, neuron) for step in simplify(net).steps for neuron in step.neurons]
    for number, neuron in gone:
        layer, following = net.layers[number - 1], net.layers[number]
        outgoing = _without_column(following.weight, neuron)
        yield _with(net, number, (outgoing, following.bias))
        row = [2 * entry + 1 for entry in layer.weight[neuron]]
        rows = [*layer.weight[:neuron], row, *layer.weight[neuron + 1 :]]
        yield _with(net, number - 1, (rows, layer.bias))


def _without_column(weight: tuple[Vector, ...], column: int) -> list[list[Fraction]]:
    return [[v if k != column else Fraction(0) for k, v in enumerate(row)] for row in weight]


def _with(net: ReLUNetwork, index: int, layer: object) -> ReLUNetwork:
    layers: list[object] = [*net.layers[:index], layer, *net.layers[index + 1 :]]
    return ReLUNetwork(layers)


def padded(net: ReLUNetwork, width: int, offset: int) -> ReLUNetwork:
    """A network with one hidden layer, made wider by neurons that nothing reads.

    Args:
        net: The network, with at most one hidden layer.
        width: How many neurons it is to have.
        offset: The bias of the neurons that are added.
    """
    layers: Layers = net.layers
    inputs = net.input_width
    weight, bias = ((), ()) if net.depth == 0 else (layers[0].weight, layers[0].bias)
    missing = width - len(weight)
    if net.depth == 0:
        assert not any(any(row) for row in layers[0].weight)
        out: list[tuple[Fraction, ...]] = [() for _ in layers[0].bias]
    else:
        out = list(layers[1].weight)
    row = (Fraction(1), *(Fraction(0),) * (inputs - 1))
    return ReLUNetwork(
        [
            ([*weight, *[row] * missing], [*bias, *range(offset, offset + missing)]),
            ([[*each, *[0] * missing] for each in out], layers[-1].bias),
        ]
    )
