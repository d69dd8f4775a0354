"""Decomposability of polytopes: known families, the definition on both answers."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet import InvalidInputError, Polyhedron
from tropnet.exact import Vector, rank
from tropnet.polyhedra import decide_decomposability, is_indecomposable


def hull(points: object) -> Polyhedron:
    return Polyhedron.from_generators(list(points))  # type: ignore[call-overload]


def simplex(n: int) -> list[tuple[int, ...]]:
    return [tuple(int(i == j) for i in range(n)) for j in range(-1, n)]


def cross(n: int) -> list[tuple[int, ...]]:
    return [tuple(s * int(i == j) for i in range(n)) for j in range(n) for s in (1, -1)]


def homothetic(A: Polyhedron, P: Polyhedron) -> bool:
    """Whether A = λ·P + v with λ ≥ 0, for polytopes."""
    if len(A.vertices) == 1:
        return True
    if len(A.vertices) != len(P.vertices):
        return False
    a, p = (
        [tuple(x - y for x, y in zip(v, Q.vertices[0], strict=True)) for v in Q.vertices]
        for Q in (A, P)
    )
    factor = next(x / y for x, y in zip(sum(a, ()), sum(p, ()), strict=True) if y)
    return factor > 0 and [tuple(factor * x for x in v) for v in p] == a


@pytest.mark.parametrize(
    ("points", "dimension"),
    [
        ([(3, 4)], 0),
        ([(0, 0, 0), (1, 2, 3)], 1),
        (simplex(2), 1),
        (simplex(5), 1),
        (cross(3), 1),
        (cross(4), 1),
        (list(product((0, 1), repeat=3)), 3),
        (list(product((0, 1), repeat=5)), 5),
        # A polygon with m edges: m − 2.
        ([(0, 0), (2, 0), (3, 1), (3, 3), (1, 4), (0, 2)], 4),
        # A pyramid over a square, a prism over a triangle, a flat square in space.
        ([(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1)], 1),
        ([(*v, h) for v in simplex(2) for h in (0, 1)], 2),
        ([(x, y, x + y) for x in (0, 1) for y in (0, 1)], 2),
        # The permutahedron is simple: facets − dimension.
        (list(permutations(range(4))), 14 - 3),
        # The cuboctahedron 2-face by 2-face: two tetrahedra opposite to each other.
        (list({p for v in product((1, -1), repeat=2) for p in permutations((*v, 0))}), 2),
    ],
)
def test_known_polytopes(points: list[tuple[int, ...]], dimension: int) -> None:
    P = hull(points)
    answer = decide_decomposability(P)
    assert answer.dimension == dimension
    assert answer.decomposable is (dimension > 1) is not is_indecomposable(P)
    check(P)


def check(P: Polyhedron) -> None:
    answer = decide_decomposability(P)
    assert answer.edges == tuple(sorted(answer.edges, key=lambda e: (e[1], e[0])))
    assert set(answer.edges) == {
        tuple(P.vertices.index(v) for v in face.vertices) for face in P.faces(1)
    }
    assert all(sum(row) == 0 for row in answer.closing_conditions)
    assert answer.dimension == len(answer.edges) - rank(answer.closing_conditions)
    if answer.summands is None:
        assert answer.dimension == (0 if len(P.vertices) == 1 else 1)
    else:
        A, B = answer.summands
        assert A.minkowski_sum(B) == P
        assert not homothetic(A, P)
        assert not homothetic(B, P)
        assert not homothetic(A, B)


def flat_dimension(P: Polyhedron) -> int:
    """Shephard's conditions instead of ours: a row for each coordinate of each 2-face."""
    edges = [face.vertices for face in P.faces(1)]
    rows = []
    for face in P.faces(2):
        walk = [i for i, (v, w) in enumerate(edges) if v in face.vertices and w in face.vertices]
        signs, at = {walk[0]: 1}, edges[walk[0]][1]
        while len(signs) < len(walk):
            i = next(i for i in walk if i not in signs and at in edges[i])
            signs[i] = 1 if edges[i][0] == at else -1
            at = edges[i][1] if edges[i][0] == at else edges[i][0]
        for c in range(P.ambient_dim):
            row = [Fraction(0)] * len(edges)
            for i, sign in signs.items():
                row[i] = sign * (edges[i][1][c] - edges[i][0][c])
            rows.append(row)
    return len(edges) - rank(rows)


points_in = st.sampled_from((1, 2, 3, 4)).flatmap(
    lambda n: st.lists(st.tuples(*[st.integers(-2, 2)] * n), min_size=1, max_size=7)
)


@settings(max_examples=60, deadline=None)
@given(points_in)
def test_answers_are_proved(points: list[tuple[int, ...]]) -> None:
    P = hull(points)
    check(P)
    assert decide_decomposability(P).dimension == flat_dimension(P)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=2, max_size=4), st.data())
def test_sums_are_decomposable(points: list[tuple[int, ...]], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=2, max_size=3))
    P, Q = hull(points), hull(other)
    S = P.minkowski_sum(Q)
    if not homothetic(P, S) or not homothetic(Q, S):
        assert not is_indecomposable(S)
    check(S)


def test_unbounded() -> None:
    # A chain of two bounded edges in a quadrant; a prism without ends.
    stair = Polyhedron.from_generators([(0, 3), (1, 1), (3, 0)], [(1, 0), (0, 1)])
    answer = decide_decomposability(stair)
    assert answer.dimension == 2
    assert answer.summands is not None
    A, B = answer.summands
    assert A.minkowski_sum(B) == stair
    assert len(A.vertices) == len(B.vertices) == 2
    assert is_indecomposable(A)
    assert is_indecomposable(stair.recession_cone())
    square = [(0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 0)]
    tube = Polyhedron.from_generators(square, lines=[(1, 1, 1)])
    answer = decide_decomposability(tube)
    assert answer.summands is not None
    assert answer.summands[0].minkowski_sum(answer.summands[1]) == tube
    with pytest.raises(InvalidInputError, match="empty"):
        is_indecomposable(Polyhedron.from_generators([], ambient_dim=2))
    with pytest.raises(TypeError, match="decomposable"):
        bool(answer)


def test_truncated_octahedron() -> None:
    """Simple: facets − dimension, though the octahedron itself is indecomposable."""
    octahedron = cross(3)
    truncated: set[Vector] = set()
    for v, w in combinations(octahedron, 2):
        if any(x + y for x, y in zip(v, w, strict=True)):
            truncated |= {
                tuple(Fraction(2 * x + y, 3) for x, y in zip(*pair, strict=True))
                for pair in ((v, w), (w, v))
            }
    assert decide_decomposability(hull(truncated)).dimension == 14 - 3
