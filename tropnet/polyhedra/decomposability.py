"""Minkowski decomposability, from the scalings of the edges that still close up.

A summand A of P (with the same directions of recession) has its vertices at the vertices of P, some
perhaps together, and its edges are those of P times numbers t_e.  The t_e ≥ 0 that close up around
every cycle of the graph of P are the summands of the multiples of P, up to translation: the type
cone.  Its span has dimension 1 iff P is indecomposable.

References:
    Shephard, *Decomposable convex polyhedra*, Mathematika 10 (1963), 89-95.
    Meyer, *Indecomposable polytopes*, Trans. AMS 190 (1974), 77-86.
    McMullen, *Representations of polytopes and polyhedral sets*, Geom. Dedicata 2 (1973), 83-99.
    Grünbaum, *Convex Polytopes*, chapter 15.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, nullspace, to_matrix
from tropnet.polyhedra.polyhedron import Polyhedron


class Edge(NamedTuple):
    """A directed edge of a graph drawn in space; parallel edges are allowed.

    Attributes:
        first: The number of the node where it starts.
        second: The number of the node where it ends.
        vector: From the first node to the second.
    """

    first: int
    second: int
    vector: Vector


class Decomposability:
    """The answer of `decide_decomposability`.

    Attributes:
        decomposable: Whether the polyhedron is the sum of two that are not homothetic to it.
        edges: The bounded edges, as pairs of positions in ``vertices``, the smaller one first.
        closing_conditions: The matrix of the linear conditions on one number for each edge that
            say that the scaled edges close up; its kernel is the span of the type cone.
        dimension: The dimension of that kernel: 0 for one vertex, 1 for the other indecomposable
            ones (the rank of `closing_conditions` proves it), 2 or more if decomposable.
        summands: If decomposable, A and B with A + B the polyhedron, neither homothetic to it or
            to the other; else None.
    """

    def __init__(
        self,
        edges: tuple[tuple[int, int], ...],
        closing_conditions: Matrix,
        dimension: int,
        summands: tuple[Polyhedron, Polyhedron] | None,
    ) -> None:
        self.decomposable = summands is not None
        self.edges = edges
        self.closing_conditions = closing_conditions
        self.dimension = dimension
        self.summands = summands

    def __bool__(self) -> bool:
        raise TypeError("a Decomposability is not a truth value; ask for .decomposable")

    def __repr__(self) -> str:
        word = "decomposable" if self.decomposable else "indecomposable"
        return f"<Decomposability: {word}, type cone of dimension {self.dimension}>"


def decide_decomposability(polyhedron: Polyhedron) -> Decomposability:
    """Decides whether a polyhedron is a Minkowski sum in another than the trivial way.

    P is decomposable if P = A + B with A and B not homothetic to P, that is, not λ·P + v with
    λ ≥ 0 (for unbounded P: A and B with the recession cone of P, and λ = 0 meaning that cone).
    So points and segments are indecomposable, as are cones and everything with one vertex.
    Polyhedra with lines are treated modulo the lines.

    Args:
        polyhedron: Not empty.

    Raises:
        InvalidInputError: for the empty polyhedron.

    Guarantees:
        Exact and complete.  Indecomposable is proved by the rank of the closing conditions,
        decomposable by the two summands.

    Cost:
        Bit sets for the pairs of vertices, and one exact nullspace with a column for each edge and
        (edges − vertices + 1)·n rows.

    References:
        Shephard 1963; Meyer 1974; Grünbaum, *Convex Polytopes*, section 15.1.  The closing
        conditions stand for a cycle basis of the graph instead of the 2-faces; they are equivalent,
        since the 2-faces generate all cycles.

    >>> triangle = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1)])
    >>> decide_decomposability(triangle)
    <Decomposability: indecomposable, type cone of dimension 1>
    >>> trapezium = Polyhedron.from_generators([(0, 0), (2, 0), (1, 1), (0, 1)])
    >>> answer = decide_decomposability(trapezium)
    >>> A, B = answer.summands
    >>> answer.dimension, A.minkowski_sum(B) == trapezium, len(A.vertices), len(B.vertices)
    (2, True, 2, 3)
    """
    if polyhedron.is_empty:
        raise InvalidInputError("polyhedron: the empty polyhedron has no summands")
    vertices = polyhedron.vertices
    edges = [
        Edge(i, j, tuple(y - x for x, y in zip(vertices[i], vertices[j], strict=True)))
        for i, j in bounded_edges(polyhedron)
    ]
    conditions = closing_conditions(len(vertices), edges)
    basis = nullspace(conditions, len(edges))
    return Decomposability(
        tuple((edge.first, edge.second) for edge in edges),
        conditions,
        len(basis),
        None if len(basis) < 2 else _summands(polyhedron, edges, basis),
    )


def is_indecomposable(polyhedron: Polyhedron) -> bool:
    """Whether a polyhedron has no Minkowski summands but its multiples; points have none.

    The answer of `decide_decomposability` without its proof, which see.

    >>> is_indecomposable(Polyhedron.from_generators([(0, 0), (1, 0), (0, 1), (1, 1)]))
    False
    """
    return not decide_decomposability(polyhedron).decomposable


def bounded_edges(polyhedron: Polyhedron) -> Iterator[tuple[int, int]]:
    """The pairs of vertices that span an edge, in order (modulo the lines)."""
    everything = (1 << len(polyhedron.generators)) - 1
    incidence = polyhedron.incidence
    for j in range(len(polyhedron.vertices)):
        for i in range(j):
            pair = 1 << i | 1 << j
            face = everything
            for facet in incidence:
                if facet & pair == pair:
                    face &= facet
            if face == pair:
                yield i, j


def closing_conditions(nodes: int, edges: Sequence[Edge]) -> Matrix:
    """The conditions on numbers t_e under which the vectors t_e·e are differences of positions.

    Args:
        nodes: Their number; the graph must be connected.
        edges: The edges.

    Returns:
        A row for each coordinate of each cycle of a basis of the cycles, those without any
        condition left out.

    >>> closing_conditions(2, [Edge(0, 1, (Fraction(1),)), Edge(0, 1, (Fraction(2),))])
    ((Fraction(-1, 1), Fraction(2, 1)),)
    """
    tree = _spanning_tree(nodes, edges)
    paths: list[dict[int, int]] = [{} for _ in range(nodes)]
    for parent, node, number, sign in tree:
        paths[node] = {**paths[parent], number: sign}
    in_tree = {number for _, _, number, _ in tree}
    rows: list[list[Fraction]] = []
    for number, edge in enumerate(edges):
        if number in in_tree:
            continue
        cycle = {number: 1}
        for path, side in ((paths[edge.first], 1), (paths[edge.second], -1)):
            for e, sign in path.items():
                cycle[e] = cycle.get(e, 0) + side * sign
        for coordinate in range(len(edge.vector)):
            row = [Fraction(0)] * len(edges)
            for e, sign in cycle.items():
                row[e] = sign * edges[e].vector[coordinate]
            if any(row):
                rows.append(row)
    return to_matrix(rows)


def positions(nodes: int, edges: Sequence[Edge], scalings: Sequence[Fraction]) -> list[Vector]:
    """Where the nodes are if the edges are t_e·e and node 0 is at the origin.

    Args:
        nodes: Their number, at least 2; the graph must be connected.
        edges: The edges.
        scalings: The numbers t_e, which meet the closing conditions.
    """
    places: list[Vector] = [(Fraction(0),) * len(edges[0].vector)] * nodes
    for parent, node, number, sign in _spanning_tree(nodes, edges):
        places[node] = tuple(
            x + sign * scalings[number] * y
            for x, y in zip(places[parent], edges[number].vector, strict=True)
        )
    return places


def _spanning_tree(nodes: int, edges: Sequence[Edge]) -> list[tuple[int, int, int, int]]:
    """Breadth first from node 0: parent, node, the edge between them and its direction."""
    ends: list[list[tuple[int, int, int]]] = [[] for _ in range(nodes)]
    for number, edge in enumerate(edges):
        ends[edge.first].append((edge.second, number, 1))
        ends[edge.second].append((edge.first, number, -1))
    tree, order, seen = [], [0], {0}
    for parent in order:
        for node, number, sign in ends[parent]:
            if node not in seen:
                seen.add(node)
                order.append(node)
                tree.append((parent, node, number, sign))
    return tree


def _summands(
    polyhedron: Polyhedron, edges: Sequence[Edge], basis: Sequence[Sequence[int]]
) -> tuple[Polyhedron, Polyhedron]:
    """Two summands; each has an edge of full length and one of length 0."""
    uneven = next(vector for vector in basis if len(set(vector)) > 1)
    low, high = min(uneven), max(uneven)
    share = [Fraction(entry - low, high - low) for entry in uneven]
    vertices = polyhedron.vertices
    first = positions(len(vertices), edges, share)
    second = [
        tuple(x - y for x, y in zip(v, a, strict=True))
        for v, a in zip(vertices, first, strict=True)
    ]
    A, B = (
        Polyhedron.from_generators(
            points, polyhedron.rays, polyhedron.lines, ambient_dim=polyhedron.ambient_dim
        )
        for points in (first, second)
    )
    return A, B
