"""Sums, translates, multiples and images: against generators and support functions."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from polyhedra.naive_polyhedra import check_canonical
from polyhedra.presentations import Row, VForm, dot, h_forms, v_forms
from tropnet import InvalidInputError, Polyhedron

polyhedra = st.one_of(h_forms(), v_forms()).map(lambda form: form.polyhedron())
fractions = st.fractions(-3, 3, max_denominator=3)


def support(P: Polyhedron, c: Row) -> Fraction | None:
    """The supremum of c over P; None for infinity."""
    if any(dot(c, ray) > 0 for ray in P.rays) or any(dot(c, line) for line in P.lines):
        return None
    return max(dot(c, v) for v in P.vertices)


@settings(max_examples=80, deadline=None)
@given(polyhedra, polyhedra, st.data())
def test_minkowski_sum(P: Polyhedron, Q: Polyhedron, data: st.DataObject) -> None:
    assume(P.ambient_dim == Q.ambient_dim)
    total = P.minkowski_sum(Q)
    check_canonical(total)
    assert total == Q.minkowski_sum(P)
    assert total.is_empty == (P.is_empty or Q.is_empty)
    if total.is_empty:
        return
    assert total == Polyhedron.from_generators(
        [[x + y for x, y in zip(v, w, strict=True)] for v in P.vertices for w in Q.vertices],
        [*P.rays, *Q.rays],
        [*P.lines, *Q.lines],
    )
    directions = [row[:-1] for row in (*total.inequalities, *P.inequalities, *Q.inequalities)]
    directions.append(data.draw(st.tuples(*[st.integers(-3, 3)] * P.ambient_dim)))
    for c in directions:
        one, other, both = support(P, c), support(Q, c), support(total, c)
        assert both == (None if one is None or other is None else one + other)


@settings(max_examples=60, deadline=None)
@given(polyhedra, st.data())
def test_sum_with_points_multiples_and_recession(P: Polyhedron, data: st.DataObject) -> None:
    n = P.ambient_dim
    v = data.draw(st.tuples(*[fractions] * n))
    point = Polyhedron.from_generators([v])
    moved = P.translate(v)
    check_canonical(moved)
    assert moved == P.minkowski_sum(point)
    assert moved.translate([-x for x in v]) == P
    assert P.minkowski_sum(P) == P.scale(2)
    if not P.is_empty:
        cone = P.recession_cone()
        check_canonical(cone)
        assert cone == Polyhedron.from_generators([[0] * n], P.rays, P.lines)
        assert P.minkowski_sum(cone) == P
        assert cone.scale(3) == cone


@settings(max_examples=60, deadline=None)
@given(polyhedra, fractions)
def test_scale_is_an_image(P: Polyhedron, k: Fraction) -> None:
    n = P.ambient_dim
    scaled = P.scale(k)
    check_canonical(scaled)
    assert scaled == P.affine_image([[k * int(i == j) for j in range(n)] for i in range(n)])
    if k:
        assert scaled.scale(1 / k) == P
        assert scaled.dim == P.dim


@settings(max_examples=60, deadline=None)
@given(v_forms(), st.data())
def test_affine_image(form: VForm, data: st.DataObject) -> None:
    P, n = form.polyhedron(), len(form.vertices[0])
    m = data.draw(st.integers(1, 3))
    A = data.draw(st.lists(st.tuples(*[st.integers(-2, 2)] * n), min_size=m, max_size=m))
    b = data.draw(st.tuples(*[fractions] * m))
    image = P.affine_image(A, b)
    check_canonical(image)
    for v in (*P.vertices, P.interior_point()):
        assert image.contains([dot(row, v) + x for row, x in zip(A, b, strict=True)])
    c = data.draw(st.tuples(*[st.integers(-2, 2)] * m))
    pulled = [dot(c, column) for column in zip(*A, strict=True)]
    value = support(P, pulled)
    assert support(image, c) == (None if value is None else value + dot(c, b))


def test_empty() -> None:
    empty = Polyhedron.from_generators([], ambient_dim=2)
    for image in (empty.translate((1, 1)), empty.scale(0), empty.scale(-2)):
        assert image == empty
    assert empty.affine_image([[1, 1]]) == Polyhedron.from_generators([], ambient_dim=1)
    with pytest.raises(InvalidInputError, match=r"^recession_cone: the polyhedron is empty$"):
        empty.recession_cone()


def test_zero_times_a_half_line_is_the_origin() -> None:
    P = Polyhedron.from_generators([(1,)], rays=[(1,)])
    assert P.scale(0) == Polyhedron.from_generators([(0,)])


P = Polyhedron.from_generators([(0, 0), (1, 2)])
BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: P.minkowski_sum("P"), "^minkowski_sum: expected a Polyhedron, got str$"),
    (lambda: P.minkowski_sum(Polyhedron.from_generators([(1,)])), r"polyhedra in R\^2 and R\^1$"),
    (lambda: P.translate((1,)), r"^v: 1 coordinates for a polyhedron in R\^2$"),
    (lambda: P.translate((1, None)), r"^v\[1\]: None"),
    (lambda: P.scale("x"), "^k: "),
    (lambda: P.affine_image([[1]]), r"^A: rows of 1 entries for a polyhedron in R\^2$"),
    (lambda: P.affine_image([]), r"^A: no rows for a polyhedron in R\^2$"),
    (lambda: P.affine_image([[1, 2]], [1, 2]), r"^A and b: 1 rows but 2 numbers$"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_is_named(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        call()
