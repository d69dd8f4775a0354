"""The vertices of a pointed polyhedron one by one, by backtracking over its inequalities.

A node of the search is a pair (Y, N) of sets of inequalities and stands for the vertices at which
those of N are equations and those of Y are not.  A point of the face that N cuts out is carried
along, with the set S of inequalities that are strict there.  A vertex is determined by its S, and
no vertex has a larger S than another point of the polyhedron.  Hence:

- if S = Y, the point is the only vertex of the node: the others would have a larger S.  (It is one:
  the equations outside Y have full rank.)
- if S is smaller than Y, the node has no vertex.
- else an inequality of S outside Y is put into N, where a linear program finds another point or
  that there is none, or into Y, where the point stays.  If the inequalities outside Y have not full
  rank, no vertex is left.

So every vertex is met exactly once.  The search can be told to leave out nodes by their Y alone.

References:
    Fukuda, Liebling and Margot, *Analysis of backtrack algorithms for listing all vertices and all
    faces of a convex polyhedron*, Comput. Geom. 8 (1997), 1-12.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import lcm
from operator import mul

from tropnet.certificates.budget import Meter
from tropnet.exact import Vector, rank
from tropnet.piecewise.incidence import IntegerRow
from tropnet.polyhedra.linear_program import certain_optimum, optimal_pair

Strict = frozenset[int]
"""The positions of the inequalities that hold strictly."""


def vertices(
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
    >>> found = vertices(square, start, [0] * 4, lambda strict: False, Meter(None, None))
    >>> sorted(tuple(map(int, y)) for _, y in found)
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    dimension = len(start)
    descent = [-sum(column) for column in zip(*rows, strict=True)][:-1]
    nodes: list[tuple[Strict, tuple[int, ...], Vector]] = [(frozenset(), (), start)]
    while nodes:
        strict, equations, y = nodes.pop()
        meter.add(1)
        if is_hopeless(strict):
            continue
        here = _strict_rows(rows, y)
        undecided = here - strict
        if not undecided:
            if here == strict:
                yield strict, y
            continue
        branch = max(undecided, key=lambda i: (priorities[i], -i))
        larger = strict | {branch}
        if rank([row[:-1] for i, row in enumerate(rows) if i not in larger]) == dimension:
            nodes.append((larger, equations, y))
        point = _on_face(rows, equations, branch, descent)
        if point is not None:
            nodes.append((strict, (*equations, branch), point))


def _on_face(
    rows: Sequence[IntegerRow], equations: Sequence[int], branch: int, descent: Sequence[int]
) -> Vector | None:
    """A point of a non-empty face at which one more row is an equation, None if there is none.

    The point with the least total excess: it has many equations as a rule.
    """
    fixed = [rows[i] for i in equations]
    pair = optimal_pair(descent, rows, [*fixed, rows[branch]])
    if pair is None:  # which proves nothing; but on the face the row has a least value
        *normal, constant = rows[branch]
        pair = certain_optimum([-entry for entry in normal], rows, fixed)
        if pair.value < constant:
            return None
    return pair.point


def _strict_rows(rows: Sequence[IntegerRow], y: Vector) -> Strict:
    scale = lcm(*(entry.denominator for entry in y))
    point = [*(entry.numerator * (scale // entry.denominator) for entry in y), scale]
    return frozenset(i for i, row in enumerate(rows) if sum(map(mul, row, point)))
