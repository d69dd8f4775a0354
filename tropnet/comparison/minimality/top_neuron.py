"""Finds what speaks against a single neuron in the second of two hidden layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from tropnet.certificates.exclusions.one_top_neuron import OneTopNeuron, Side
from tropnet.certificates.exclusions.scalar import BiasFree, Combination
from tropnet.comparison.minimality.uneven_cells import uneven_cells
from tropnet.errors import CertificateError
from tropnet.exact import Vector
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.facet import Weight
from tropnet.piecewise.incidence import IntegerRow
from tropnet.piecewise.weighted_complex import WeightedComplex

Crease: TypeAlias = tuple[IntegerRow, Vector]
"""The normal of a hyperplane, and a point of it."""


def one_top_neuron(net: ReLUNetwork, functional: Vector) -> OneTopNeuron | None:
    """What excludes one neuron in the second hidden layer, or bounds the width of the first one.

    Args:
        net: The function.
        functional: The combination of its outputs to look at.

    Returns:
        The best bound that was found; None if it is useless.
    """
    g = ReLUNetwork(Combination(net, functional).layers)
    X = break_locus(g).canonical()
    if not X.facets:
        return None
    cells = list(g.affine_cells())
    points = [cell.polyhedron.interior_point() for cell in cells]
    points += [vertex for cell in cells for vertex in cell.polyhedron.vertices]
    found = [_side(g, X, points, sign) for sign in (1, -1)]
    sides = found[0][0], found[1][0]
    widths = [width for _, width in found if width is not None]
    exclusion = OneTopNeuron(functional, sides, min(widths) if widths else None)
    return exclusion if exclusion.width != 0 and exclusion.check(net) else None


def _side(
    g: ReLUNetwork, X: WeightedComplex, points: Sequence[Vector], sign: int
) -> tuple[Side, int | None]:
    """What speaks against one sign of c, and the width that is needed for it."""
    for direction in _wrong_ways(g, sign):
        return Side(wrong_way=(direction,)), None
    base = min(points, key=lambda point: sign * g(point)[0])
    end = sign * g(base)[0]
    for cell in uneven_cells(X, g):
        if sign * g(cell.point)[0] > end:
            return Side(base=(base,), cells=(cell,)), None
    chosen: dict[IntegerRow, tuple[Weight, Crease]] = {}
    creases: tuple[Crease, ...] = ()
    for facet in X.facets:
        crease = facet.normal, facet.polyhedron.interior_point()
        if sign * g(crease[1])[0] <= end:
            continue
        weight, first = chosen.setdefault(facet.hyperplane, (facet.weight, crease))
        if weight != facet.weight:
            creases = first, crease
            break
    side = Side(base=(base,), creases=creases or tuple(crease for _, crease in chosen.values()))
    try:
        return side, side.least_width(g, sign)
    except CertificateError:  # a neuron of g switches at one of the points
        return Side(base=(base,)), 0


def _wrong_ways(g: ReLUNetwork, sign: int) -> Iterator[Vector]:
    """Directions in which g is unbounded where it should be bounded."""
    far = ReLUNetwork(BiasFree(g).layers)
    for cell in far.affine_cells():
        for ray in cell.polyhedron.rays:
            direction = tuple(map(Fraction, ray))
            if sign * far(direction)[0] < 0:
                yield direction
        for line in cell.polyhedron.lines:
            for turn in (1, -1):
                direction = tuple(turn * Fraction(entry) for entry in line)
                if sign * far(direction)[0] < 0:
                    yield direction
