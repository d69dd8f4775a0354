"""The vertices of a pointed polyhedron one by one, by backtracking over its inequalities.

A node of the search is a pair (Y, N) of sets of inequalities and stands for the vertices at which
those of N are equations and those of Y are not.  With it goes the set S of the inequalities that
are strict at some point of the face that N cuts out.  A vertex is determined by its S, and no
vertex has a larger S than another point of the polyhedron.  Hence:

- if S = Y, the point is the only vertex of the node: the others would have a larger S.  (It is one:
  the equations outside Y have full rank.)
- if S is smaller than Y, the node has no vertex.
- else an inequality of S outside Y is put into N, where a linear program finds another point or
  that there is none, or into Y, where the point stays.  If the inequalities outside Y have not full
  rank, no vertex is left.

So every vertex is met exactly once.  The search can be told to leave out nodes by their Y alone.
The equations of N are eliminated, so programs get smaller with depth.

References:
    Fukuda, Liebling and Margot, *Analysis of backtrack algorithms for listing all vertices and all
    faces of a convex polyhedron*, Comput. Geom. 8 (1997), 1-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import lcm
from operator import mul
from typing import NamedTuple

from tropnet.certificates.budget import Meter
from tropnet.exact import Vector, primitive_vector, rank, solve
from tropnet.piecewise.incidence import IntegerRow
from tropnet.polyhedra.linear_program import certain_optimum, optimal_pair

Strict = frozenset[int]
"""The positions of the inequalities that hold strictly."""


class _Node(NamedTuple):
    """A node of the search.

    Attributes:
        strict: Y.
        rows: All inequalities on the face of N, in coordinates on its affine hull.
        here: S.
    """

    strict: Strict
    rows: list[IntegerRow]
    here: Strict


def search_vertices(
    rows: Sequence[IntegerRow],
    start: Vector,
    priorities: Sequence[int],
    is_hopeless: Callable[[Strict], bool],
    meter: Meter,
) -> Iterator[tuple[Strict, Vector]]:
    """The vertices of {y : k·y + c ≥ 0 for all rows (k, c)}.

    Args:
        rows: Integer rows; their k span the space.
        start: A point of the polyhedron.
        priorities: One number for each row; of the rows to branch on the largest is taken.
        is_hopeless: Told rows that are strict at all vertices of a node, whether to leave it out.
        meter: Counts the nodes.

    Returns:
        Each vertex with the rows that are strict there, vertices with many equations of large
        priority first.

    Raises:
        BudgetExceededError: when the budget runs out.

    Cost: a rank and at most two linear programs for each node.  Nodes without vertices can be many.

    >>> from tropnet.exact import to_vector
    >>> square = [(1, 0, 0), (0, 1, 0), (-1, 0, 1), (0, -1, 1)]
    >>> start = to_vector(["1/2", "1/2"])
    >>> found = search_vertices(square, start, [0] * 4, lambda strict: False, Meter(None, None))
    >>> sorted(tuple(map(int, y)) for _, y in found)
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    nodes = [_Node(frozenset(), list(rows), _strict_rows(rows, start))]
    while nodes:
        node = nodes.pop()
        meter.add(1)
        if is_hopeless(node.strict):
            continue
        undecided = node.here - node.strict
        if not undecided:
            if node.here == node.strict:
                yield node.strict, _vertex(rows, node.strict)
            continue
        branch = max(undecided, key=lambda i: (priorities[i], -i))
        larger = node.strict | {branch}
        outside = [row[:-1] for i, row in enumerate(node.rows) if i not in larger]
        if rank(outside) == len(node.rows[0]) - 1:
            nodes.append(node._replace(strict=larger))
        face = _face(node.rows, branch)
        if face is not None:
            nodes.append(_Node(node.strict, *face))


def _face(rows: Sequence[IntegerRow], branch: int) -> tuple[list[IntegerRow], Strict] | None:
    """The rows on the face where one more is an equation, and those strict at a point of it.

    None if the face is empty.  The point is one with little total excess: it has many equations as
    a rule.
    """
    *normal, constant = rows[branch]
    if not any(normal):  # a positive constant on the present face
        return None
    pivot = min((j for j, entry in enumerate(normal) if entry), key=lambda j: abs(normal[j]))
    reduced = [_eliminated(row, rows[branch], pivot) for row in rows]
    if any(row[-1] < 0 and not any(row[:-1]) for row in reduced):
        return None
    if len(normal) == 1:
        return reduced, _strict_rows(reduced, ())
    pair = optimal_pair([-sum(column) for column in zip(*reduced, strict=True)][:-1], reduced)
    if pair is not None:
        return reduced, _strict_rows(reduced, pair.point)
    # Which proves nothing; but the row has a least value.
    pair = certain_optimum([-entry for entry in normal], rows)
    return (reduced, _strict_rows(rows, pair.point)) if pair.value == constant else None


def _eliminated(row: IntegerRow, equation: IntegerRow, pivot: int) -> IntegerRow:
    """A row where an equation holds, without one of its coordinates; times a positive number."""
    factor = abs(equation[pivot])
    other = row[pivot] if equation[pivot] > 0 else -row[pivot]
    mixed = [factor * a - other * b for a, b in zip(row, equation, strict=True)]
    return primitive_vector([*mixed[:pivot], *mixed[pivot + 1 :]])


def _strict_rows(rows: Sequence[IntegerRow], y: Vector) -> Strict:
    scale = lcm(*(entry.denominator for entry in y))
    point = [*(entry.numerator * (scale // entry.denominator) for entry in y), scale]
    return frozenset(i for i, row in enumerate(rows) if sum(map(mul, row, point)))


def _vertex(rows: Sequence[IntegerRow], strict: Strict) -> Vector:
    """The point where all rows but the strict ones vanish."""
    equations = [row for i, row in enumerate(rows) if i not in strict]
    if not equations:  # in dimension 0
        return ()
    vertex = solve([row[:-1] for row in equations], [-row[-1] for row in equations])
    if vertex is None:
        raise AssertionError("a vertex satisfies its equations")
    return vertex
