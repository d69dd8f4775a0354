"""Polyhedra against brute force, and their canonical form against every presentation."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generators.strategies import generators, points
from polyhedra.naive_polyhedra import brute_force, check_canonical
from polyhedra.presentations import HForm, VForm, added, dot, h_forms, v_forms
from tropnet import InvalidInputError, Polyhedron
from tropnet.exact import rank


@settings(max_examples=120, deadline=None)
@given(h_forms())
def test_inequalities_against_brute_force(form: HForm) -> None:
    P = form.polyhedron()
    vertices, rays, lines = brute_force(form)
    assert P.is_empty == (not vertices)
    assert (list(P.vertices), list(P.rays), list(P.lines)) == (vertices, rays, lines)
    check_canonical(P)


@settings(max_examples=100, deadline=None)
@given(v_forms())
def test_generators_against_brute_force(form: VForm) -> None:
    P = form.polyhedron()
    check_canonical(P)
    assert all(P.contains(vertex) for vertex in form.vertices)
    lines = [*form.lines, *(tuple(-x for x in line) for line in form.lines)]
    for ray in (*form.rays, *lines):
        assert all(dot(row[:-1], ray) <= 0 for row in P.inequalities)
        assert all(dot(row[:-1], ray) == 0 for row in P.equations)
    # Nothing is too large: brute force on the facets finds generators of the form, up to lines.
    again = brute_force(HForm(list(P.inequalities), list(P.equations), P.ambient_dim))
    assert (list(P.vertices), list(P.rays), list(P.lines)) == again
    for point in P.vertices:
        assert any(rank([*P.lines, added(point, v, -1)]) == len(P.lines) for v in form.vertices)
    for ray in P.rays:
        assert any(
            rank([*P.lines, ray, given]) == len(P.lines) + 1
            and rank([*P.lines, given]) > len(P.lines)
            for given in form.rays
        )


def scrambled_rows(form: HForm, rng: Random) -> HForm:
    """Another presentation of the same set: scaled, doubled, redundant and hidden rows."""
    inequalities: list[list[Any]] = [list(row) for row in form.inequalities]
    equations: list[list[Any]] = [list(row) for row in form.equations]
    if equations and rng.random() < 0.5:
        shift = rng.choice(equations)
        inequalities = [added(row, shift, rng.randint(-2, 2)) for row in inequalities]
    for _ in range(rng.randint(0, 4)):
        if inequalities:
            first, second = rng.choice(inequalities), rng.choice(inequalities)
            combined = added([2 * x for x in first], second, Fraction(1, 3))
            combined[-1] += rng.choice((0, 0, 1))
            inequalities.append(combined)
    inequalities.append([*[0] * form.width, rng.randint(0, 1)])
    if rng.random() < 0.5:
        for row in equations:
            inequalities += [row, [-x for x in row]]
        equations = []
    elif len(equations) > 1:
        equations.append(added(equations[0], equations[1], -3))
    rng.shuffle(inequalities)
    scale = (1, 7, Fraction(1, 3), Fraction(2**200, 3))
    return HForm(
        [[x * factor for x in row] for row in inequalities for factor in [rng.choice(scale)]],
        [[-x * factor for x in row] for row in equations for factor in [rng.choice(scale)]],
        form.width,
    )


def scrambled_generators(P: Polyhedron, rng: Random) -> VForm:
    """Another presentation of P: redundant points and rays, lines as opposite rays."""
    vertices, rays, lines = list(P.vertices), list(P.rays), list(P.lines)
    for _ in range(rng.randint(0, 3)):
        t = Fraction(rng.randint(0, 3), 3)
        first, second = rng.choice(vertices), rng.choice(vertices)
        vertices.append(tuple(t * a + (1 - t) * b for a, b in zip(first, second, strict=True)))
    if rays:
        vertices.append(tuple(added(rng.choice(vertices), rng.choice(rays), 2)))
        rays.append(tuple(added(rng.choice(rays), rng.choice(rays))))
        rays = [tuple(added(ray, ray, Fraction(rng.randint(0, 3), 2))) for ray in rays]
    if lines:
        vertices = [tuple(added(v, rng.choice(lines), rng.randint(-2, 2))) for v in vertices]
        rays = [tuple(added(ray, rng.choice(lines), rng.randint(-2, 2))) for ray in rays]
        lines.append(tuple(added(lines[0], lines[-1], -3)))
    if rng.random() < 0.5:
        rays += [tuple(sign * x for x in line) for line in lines for sign in (2, -1)]
        lines = []
    for vectors in (vertices, rays, lines):
        rng.shuffle(vectors)
    if rng.random() < 0.5:
        rays.append((Fraction(0),) * P.ambient_dim)
    return VForm(vertices, rays, lines)


@settings(max_examples=120, deadline=None)
@given(h_forms(), generators())
def test_canonical_form_does_not_depend_on_the_presentation(form: HForm, rng: Random) -> None:
    P = form.polyhedron()
    others = [scrambled_rows(form, rng).polyhedron()]
    others.append(HForm(list(P.inequalities), list(P.equations), P.ambient_dim).polyhedron())
    if not P.is_empty:
        others.append(VForm(list(P.vertices), list(P.rays), list(P.lines)).polyhedron())
        others.append(scrambled_generators(P, rng).polyhedron())
    for Q in others:
        assert Q == P
        assert hash(Q) == hash(P)
        assert (Q.inequalities, Q.equations) == (P.inequalities, P.equations)
        assert (Q.vertices, Q.rays, Q.lines) == (P.vertices, P.rays, P.lines)
        assert Q.interior_point() == P.interior_point() if not P.is_empty else Q.is_empty
        assert repr(Q) == repr(P)
    assert pickle.loads(pickle.dumps(P)) == P


@settings(max_examples=60, deadline=None)
@given(h_forms(), st.data())
def test_contains_is_the_definition(form: HForm, data: st.DataObject) -> None:
    P = form.polyhedron()
    for x in data.draw(st.lists(points(form.width), min_size=1, max_size=8)):
        assert P.contains(x) == form.contains(x)
    assert all(form.contains(vertex) for vertex in P.vertices)


@settings(max_examples=80, deadline=None)
@given(h_forms(), h_forms(), st.data())
def test_intersection(first: HForm, second: HForm, data: st.DataObject) -> None:
    assume(first.width == second.width)
    P, Q = first.polyhedron(), second.polyhedron()
    both = P.intersection(Q)
    joined = HForm(
        first.inequalities + second.inequalities, first.equations + second.equations, first.width
    )
    check_canonical(both)
    assert both == Q.intersection(P) == joined.polyhedron()
    assert (both == P) == (P.intersection(both) == P == Q.intersection(P))
    assert both.intersection(P) == both.intersection(both) == both
    for x in data.draw(st.lists(points(first.width), max_size=4)):
        assert both.contains(x) == (P.contains(x) and Q.contains(x))


@given(h_forms())
def test_whole_space_and_empty_set_are_neutral_and_absorbing(form: HForm) -> None:
    P, n = form.polyhedron(), form.width
    whole = Polyhedron.from_inequalities([], [], ambient_dim=n)
    empty = Polyhedron.from_generators([], ambient_dim=n)
    assert P.intersection(whole) == whole.intersection(P) == P
    assert P.intersection(empty) == empty.intersection(P) == empty


class TestByHand:
    def test_whole_space(self) -> None:
        P = Polyhedron.from_inequalities([], [], ambient_dim=2)
        assert (P.dim, P.vertices, P.rays) == (2, ((0, 0),), ())
        assert (P.lines, P.inequalities, P.equations) == (((1, 0), (0, 1)), (), ())
        assert (
            Polyhedron.from_generators([("1/2", 3)], rays=[(1, 0), (-1, 0), (1, 1), (0, -1)]) == P
        )
        assert Polyhedron.from_inequalities([[0, 0]], [1]) == P

    def test_empty_set(self) -> None:
        P = Polyhedron.from_inequalities([[1, 0], [-1, 0]], [0, -1])
        assert P.is_empty
        assert P.is_bounded
        assert P.inequalities == ((0, 0, -1),)
        assert Polyhedron.from_inequalities([[0, 0]], [-1]) == P
        assert Polyhedron.from_inequalities([], [], ([[0, 0]], [1])) == P
        assert Polyhedron.from_generators([], ambient_dim=2) == P
        assert Polyhedron.from_generators([], ambient_dim=3) != P
        assert not P.contains((0, 0))
        with pytest.raises(InvalidInputError, match="empty"):
            P.interior_point()

    def test_single_point(self) -> None:
        P = Polyhedron.from_generators([("1/2", "-1/3")])
        assert (P.dim, P.inequalities) == (0, ())
        assert P.equations == ((2, 0, 1), (0, 3, -1))
        assert P.interior_point() == P.vertices[0] == (Fraction(1, 2), Fraction(-1, 3))

    def test_line_in_one_variable(self) -> None:
        half = Polyhedron.from_inequalities([[2], [4]], [1, 3])
        assert (half.vertices, half.rays) == (((Fraction(1, 2),),), ((-1,),))
        assert half.inequalities == ((2, 1),)
        segment = half.intersection(Polyhedron.from_inequalities([[-1]], [3]))
        assert segment.vertices == ((-3,), (Fraction(1, 2),))

    def test_hidden_equation(self) -> None:
        # x + y ≤ 1, −x − y ≤ −1, x ≤ 2: a ray in the plane.
        P = Polyhedron.from_inequalities([[1, 1], [-1, -1], [1, 0]], [1, -1, 2])
        assert (P.dim, P.equations) == (1, ((1, 1, 1),))
        assert (P.vertices, P.rays) == (((2, -1),), ((-1, 1),))
        assert P.inequalities == ((0, -1, 1),)

    def test_strip_with_a_line(self) -> None:
        P = Polyhedron.from_inequalities([[1, -1], [-1, 1]], [1, 1])
        assert (P.vertices, P.rays, P.lines) == (((0, -1), (0, 1)), (), ((1, 1),))

    def test_numbers_of_every_kind(self) -> None:
        P = Polyhedron.from_inequalities(np.array([[0.5], [-1.0]]), ["1/3", 0])
        assert P.inequalities == ((-1, 0), (3, 2))
        assert P.contains(["2/3"])
        assert not P.contains(np.array([0.67]))

    def test_cube_in_five_dimensions(self) -> None:
        unit = [[int(i == j) for j in range(5)] for i in range(5)]
        P = Polyhedron.from_inequalities(unit + [[-x for x in row] for row in unit], [1] * 10)
        assert (len(P.vertices), len(P.inequalities)) == (32, 10)
        assert Polyhedron.from_generators(P.vertices) == P

    def test_repr(self) -> None:
        ray = Polyhedron.from_generators([(0, 0)], [(1, 0)])
        assert repr(ray) == "<Polyhedron of dimension 1 in R^2: 1 vertices, 1 rays, 0 lines>"
        assert repr(Polyhedron.from_generators([], ambient_dim=2)) == "<Polyhedron: empty, in R^2>"

    def test_comparison_with_other_things(self) -> None:
        P = Polyhedron.from_generators([(0,)])
        assert P != "P"
        assert P != ((0,),)


BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: Polyhedron.from_inequalities([[1, 2]], []), r"^A and b: 1 rows but 0 numbers$"),
    (lambda: Polyhedron.from_inequalities([[1]], [1], ([[1]], [])), r"^C and d: 1 rows but 0"),
    (lambda: Polyhedron.from_inequalities([[1, 2], [3]], [1, 2]), r"^A: row 1 has 1 entries"),
    (lambda: Polyhedron.from_inequalities([[1, 2]], [1], ([[1]], [1])), r"lengths: \[1, 2\]$"),
    (lambda: Polyhedron.from_inequalities([[1, 2]], [1], ambient_dim=3), r"lengths: \[2, 3\]$"),
    (lambda: Polyhedron.from_inequalities([], []), r"^ambient_dim: "),
    (lambda: Polyhedron.from_inequalities([], [], ambient_dim=-1), r"^ambient_dim: "),
    (lambda: Polyhedron.from_inequalities([], [], ambient_dim="2"), r"^ambient_dim: "),
    (lambda: Polyhedron.from_inequalities([], [], ambient_dim=True), r"^ambient_dim: "),
    (lambda: Polyhedron.from_inequalities([[1]], [1], [[1]]), r"^equations: "),
    (lambda: Polyhedron.from_inequalities([[1]], [1], 5), r"^equations: "),
    (lambda: Polyhedron.from_inequalities([[float("nan")]], [1]), r"^A\[0\]\[0\]: nan"),
    (lambda: Polyhedron.from_inequalities([[1]], [float("inf")]), r"^b\[0\]: inf"),
    (lambda: Polyhedron.from_inequalities(None, None), r"^A: "),
    (lambda: Polyhedron.from_generators([], [(1, 0)]), r"^vertices: rays and lines need"),
    (lambda: Polyhedron.from_generators([], [], [(1, 0)]), r"^vertices: rays and lines need"),
    (lambda: Polyhedron.from_generators([]), r"^ambient_dim: "),
    (lambda: Polyhedron.from_generators([(1, 0)], [(1,)]), r"lengths: \[1, 2\]$"),
    (lambda: Polyhedron.from_generators([(1, True)]), r"^vertices\[0\]\[1\]: .*boolean"),
    (lambda: Polyhedron.from_generators([(1,)], lines=[("x",)]), r"^lines\[0\]\[0\]: "),
    (lambda: Polyhedron.from_generators([(1,)]).contains((1, 2)), r"^x: 2 coordinates .* R\^1$"),
    (lambda: Polyhedron.from_generators([(1,)]).contains([None]), r"^x\[0\]: None"),
    (
        lambda: Polyhedron.from_generators([(1,)]).intersection(
            Polyhedron.from_generators([(1, 2)])
        ),
        r"^intersection: polyhedra in R\^1 and R\^2$",
    ),
    (lambda: Polyhedron.from_generators([(1,)]).intersection("P"), r"^intersection: "),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_is_named(build: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as caught:
        build()
    assert "\n" not in str(caught.value)
