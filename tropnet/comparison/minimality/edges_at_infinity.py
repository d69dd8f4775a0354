"""Finds unbounded edges that two neurons in the first hidden layer do not allow."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tropnet.certificates.exclusions.unbounded_edges import (
    Direction,
    HalfLine,
    UnboundedEdges,
    are_allowed,
)
from tropnet.errors import CertificateError
from tropnet.exact import Vector, primitive_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.weighted_complex import WeightedComplex

# How often a half-line is begun twice as far out, to leave the network's own neurons behind.
_DOUBLINGS = 64


def unbounded_edges(X: WeightedComplex, net: ReLUNetwork) -> UnboundedEdges | None:
    """Few unbounded edges that exclude two neurons in the first hidden layer, if there are any.

    Args:
        X: The break locus of the network's function of two variables, in canonical form.
        net: The network, by which the proof is checked.
    """
    half_lines: dict[Direction, HalfLine] = {}
    for point, direction in _half_lines(X):
        if direction not in half_lines:
            half_line = _far_out(point, direction, net)
            if half_line is not None:
                half_lines[direction] = half_line
    if are_allowed(list(half_lines)):
        return None
    kept = list(half_lines)
    for direction in half_lines:
        others = [other for other in kept if other != direction]
        if not are_allowed(others):
            kept = others
    return UnboundedEdges(tuple(half_lines[direction] for direction in kept))


def _half_lines(X: WeightedComplex) -> Iterator[tuple[Vector, Direction]]:
    """The half-lines in the facets."""
    for facet in X.facets:
        polyhedron = facet.polyhedron
        start = polyhedron.interior_point()
        opposite = (tuple(-entry for entry in line) for line in polyhedron.lines)
        for ray in (*polyhedron.rays, *polyhedron.lines, *opposite):
            a, b = primitive_vector(ray)
            yield start, (a, b)


def _far_out(point: Vector, direction: Direction, net: ReLUNetwork) -> HalfLine | None:
    for k in range(_DOUBLINGS):
        start = tuple(x + Fraction(2**k - 1) * d for x, d in zip(point, direction, strict=True))
        half_line = HalfLine(start, direction)
        try:
            half_line.verify(net)
        except CertificateError:
            continue
        return half_line
    return None
