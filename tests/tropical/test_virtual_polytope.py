"""Virtual polytopes: the laws of a vector space, and equality of tropical rational functions."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropical.tropical_strategies import polynomials, rationals, small
from tropnet import InvalidInputError, Polyhedron, TropicalRational, decide_equality
from tropnet.tropical.virtual_polytope import VirtualPolytope

CONES: Sequence[tuple[list[tuple[int, int]], list[tuple[int, int]]]] = [
    ([], []),
    ([(0, -1)], []),
    ([(1, 0), (1, 2)], []),
    ([], [(1, 1)]),
    ([(0, 1)], [(1, 0)]),
    ([], [(1, 0), (0, 1)]),
]
cones = st.sampled_from(CONES)
point_lists = st.lists(st.tuples(small(), small()), min_size=1, max_size=4)


@st.composite
def virtual_polytopes(draw: st.DrawFn, count: int) -> list[VirtualPolytope]:
    rays, lines = draw(cones)
    return [
        VirtualPolytope(
            Polyhedron.from_generators(draw(point_lists), rays, lines),
            Polyhedron.from_generators(draw(point_lists), rays, lines),
        )
        for _ in range(count)
    ]


@settings(max_examples=25, deadline=None)
@given(virtual_polytopes(2), small(), small())
def test_vector_space(pair: list[VirtualPolytope], k: Fraction, m: Fraction) -> None:
    x, y = pair
    zero = VirtualPolytope(x.recession_cone)
    laws = [
        (x + y, y + x),
        (x + zero, x),
        (x - x, zero),
        ((x - y) + y, x),
        (-(x - y), y - x),
        (x.scale(k) + x.scale(m), x.scale(k + m)),
        ((x + y).scale(k), x.scale(k) + y.scale(k)),
        (x.scale(k).scale(m), x.scale(k * m)),
        (x.scale(-1), -x),
    ]
    for left, right in laws:
        assert left == right
        assert hash(left) == hash(right)
    # Independent of the quick look at support values: what the definition says.
    same = x.minuend.minkowski_sum(y.subtrahend) == y.minuend.minkowski_sum(x.subtrahend)
    assert (x == y) is same
    assert pickle.loads(pickle.dumps(x)) == x


@settings(max_examples=25, deadline=None)
@given(virtual_polytopes(2), small(), st.tuples(small(), small()))
def test_support(pair: list[VirtualPolytope], k: Fraction, u: tuple[Fraction, ...]) -> None:
    x, y = pair
    try:
        value = x.support(u)
    except InvalidInputError:
        with pytest.raises(InvalidInputError, match="unbounded"):
            y.support(u)
        return
    assert (x + y).support(u) == value + y.support(u)
    assert x.scale(k).support(u) == k * value
    assert value == max(
        sum(a * b for a, b in zip(u, v, strict=True)) for v in x.minuend.vertices
    ) - max(sum(a * b for a, b in zip(u, v, strict=True)) for v in x.subtrahend.vertices)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_equal_functions_are_equal_virtual_polytopes(data: st.DataObject) -> None:
    r = data.draw(rationals(variables=data.draw(st.integers(1, 2))))
    s = data.draw(rationals(variables=r.variables))
    t = data.draw(polynomials(variables=r.variables, size=3))
    equal = decide_equality(r, s).equal
    assert (r.virtual_polytope() == s.virtual_polytope()) is equal
    again = TropicalRational(r.numerator * t, r.denominator * t)
    assert again.virtual_polytope() == r.virtual_polytope()
    assert hash(again.virtual_polytope()) == hash(r.virtual_polytope())
    nearly = TropicalRational(r.numerator + t, r.denominator)
    equal = decide_equality(r, nearly).equal
    assert (r.virtual_polytope() == nearly.virtual_polytope()) is equal


@settings(max_examples=25, deadline=None)
@given(st.data(), small())
def test_arithmetic_and_values(data: st.DataObject, k: Fraction) -> None:
    r = data.draw(rationals(variables=data.draw(st.integers(1, 2))))
    s = data.draw(rationals(variables=r.variables))
    assert (r * s).virtual_polytope() == r.virtual_polytope() + s.virtual_polytope()
    assert (r / s).virtual_polytope() == r.virtual_polytope() - s.virtual_polytope()
    assert r.scale(k).virtual_polytope() == r.virtual_polytope().scale(k)
    x = data.draw(st.tuples(*[small()] * r.variables))
    assert r.virtual_polytope().support((*x, 1)) == r(x)
    with pytest.raises(InvalidInputError, match="unbounded"):
        r.virtual_polytope().support((*x, -1))


def test_bad_input() -> None:
    P = Polyhedron.from_generators([(0, 0), (1, 0)])
    with pytest.raises(InvalidInputError, match="recession cone"):
        VirtualPolytope(P, Polyhedron.from_generators([(0, 0)], [(1, 0)]))
    with pytest.raises(InvalidInputError, match="empty"):
        VirtualPolytope(P, Polyhedron.from_generators([], ambient_dim=2))
    with pytest.raises(InvalidInputError, match=r"R\^2 and R\^1"):
        VirtualPolytope(P, Polyhedron.from_generators([(0,)]))
    with pytest.raises(InvalidInputError, match="tuple"):
        VirtualPolytope((0, 1))  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="3 coordinates"):
        VirtualPolytope(P).support((1, 2, 3))
    with pytest.raises(InvalidInputError, match="recession cones"):
        VirtualPolytope(P) + VirtualPolytope(Polyhedron.from_generators([(0, 0)], [(1, 0)]))
    assert VirtualPolytope(P) != P
    assert VirtualPolytope(P) != VirtualPolytope(Polyhedron.from_generators([(0, 0)], [(1, 0)]))
