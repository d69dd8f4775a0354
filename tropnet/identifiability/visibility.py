"""Which neurons of a network leave a trace in the break locus of its function."""

from __future__ import annotations

from fractions import Fraction

from tropnet.exact import dot
from tropnet.networks.break_facets import break_facets
from tropnet.networks.network import ReLUNetwork


def invisible_neurons(net: ReLUNetwork) -> tuple[tuple[int, int], ...]:
    """The hidden neurons on whose zero set no facet of the break locus lies.

    Args:
        net: A network.

    Returns:
        Pairs (hidden layer, from 1; neuron), sorted.

    Guarantees:
        Exact: inside a facet of the canonical complex a neuron vanishes everywhere or nowhere.

    >>> invisible_neurons(ReLUNetwork([([[1], [2]], [0, 5]), ([[1, 0]], [0])]))
    ((1, 1),)
    """
    hidden = {(k, i) for k, width in enumerate(net.architecture[1:-1], 1) for i in range(width)}
    for facet in break_facets(net):
        hidden.difference_update(_zeros(net, facet.polyhedron.interior_point()))
    return tuple(sorted(hidden))


def _zeros(net: ReLUNetwork, point: tuple[Fraction, ...]) -> list[tuple[int, int]]:
    """The hidden neurons whose preactivation is 0 at a point."""
    zeros = []
    values = point
    for number, (weight, bias) in enumerate(net.layers[:-1], 1):
        forms = [dot(row, values) + constant for row, constant in zip(weight, bias, strict=True)]
        zeros += [(number, i) for i, value in enumerate(forms) if not value]
        values = tuple(max(value, Fraction(0)) for value in forms)
    return zeros
