"""Balanced complexes in the plane from drawings of polylines, and the functions that they give."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

from tropnet.exact import nullspace, primitive_vector
from tropnet.piecewise import Facet, PiecewiseLinearFunction, WeightedComplex
from tropnet.polyhedra import Polyhedron

Point = tuple[int, int]
Edge = tuple[Point, Point, bool]
"""A start, and an end; or a direction, if the third entry says that the edge is a ray."""


def balanced_drawing(edges: Sequence[Edge]) -> WeightedComplex:
    """Edges with weights, none of them zero, that are balanced at every vertex.

    The edges must meet at their ends only.
    """
    conditions: dict[Point, list[list[int]]] = {}
    for k, edge in enumerate(edges):
        direction = _direction(edge)
        for vertex, sign in ((edge[0], 1),) if edge[2] else ((edge[0], 1), (edge[1], -1)):
            rows = conditions.setdefault(vertex, [[0] * len(edges) for _ in range(2)])
            for row, entry in zip(rows, direction, strict=True):
                row[k] += sign * entry
    solutions = nullspace([row for rows in conditions.values() for row in rows], len(edges))
    rng = Random(0)
    for _ in range(100):
        factors = [rng.randint(-9, 9) for _ in solutions]
        weights = [
            sum(f * solution[k] for f, solution in zip(factors, solutions, strict=True))
            for k in range(len(edges))
        ]
        if all(weights):
            return WeightedComplex(2, map(_facet, edges, weights))
    raise AssertionError("no weights without zeros balance the drawing")


def _direction(edge: Edge) -> tuple[int, ...]:
    start, end, is_ray = edge
    return primitive_vector(end if is_ray else (end[0] - start[0], end[1] - start[1]))


def _facet(edge: Edge, weight: int) -> Facet:
    start, end, is_ray = edge
    x, y = _direction(edge)
    polyhedron = Polyhedron.from_generators(
        [start] if is_ray else [start, end], [end] if is_ray else []
    )
    return Facet((-y, x), x * start[1] - y * start[0], weight, polyhedron)


def function_of(X: WeightedComplex) -> PiecewiseLinearFunction:
    """A function with a given break locus, constant somewhere."""
    rng = Random(1)
    while True:
        point = [Fraction(rng.randint(-999, 999), 101) for _ in range(2)]
        if not X.contains(point):
            return X.to_function([0, 0], 0, at=point)


MUTUAL_BENDS = balanced_drawing(
    [
        # A goes along y = 0, and turns at (4, 0), where B passes straight.
        ((0, 0), (-1, 0), True),
        ((0, 0), (2, 0), False),
        ((2, 0), (4, 0), False),
        ((4, 0), (1, -1), True),
        # B turns at (0, 0), where A passes straight, and at (2, -2) at the line C, x = 2.
        ((0, 0), (-1, 2), True),
        ((0, 0), (2, -2), False),
        ((2, -2), (4, 0), False),
        ((4, 0), (1, 1), True),
        ((2, -2), (0, -1), True),
        ((2, -2), (2, 0), False),
        ((2, 0), (0, 1), True),
    ]
)
"""B bends at A, and A at B: no transversal network does that."""

LOOP = balanced_drawing(
    [
        # B comes along y = 0, turns at (12, 0) and (0, 12), and leaves along x = 0.
        ((0, 0), (-1, 0), True),
        ((0, 0), (6, 0), False),
        ((6, 0), (12, 0), False),
        ((12, 0), (0, 12), False),
        ((0, 12), (0, 6), False),
        ((0, 6), (0, 0), False),
        ((0, 0), (0, -1), True),
        # The line x + 2y = 12.
        ((12, 0), (2, -1), True),
        ((12, 0), (4, 4), False),
        ((4, 4), (0, 6), False),
        ((0, 6), (-2, 1), True),
        # The line 2x + y = 12.
        ((0, 12), (-1, 2), True),
        ((0, 12), (4, 4), False),
        ((4, 4), (6, 0), False),
        ((6, 0), (1, -2), True),
    ]
)
"""A branch that crosses itself, though every star is one of a transversal network."""
