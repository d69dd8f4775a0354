"""Faces and face lattices: known counts, laws, and brute force over sets of facets."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyhedra.naive_polyhedra import check_canonical
from polyhedra.presentations import HForm, VForm, dot, h_forms, v_forms
from tropnet import InvalidInputError, Polyhedron

polyhedra = st.one_of(h_forms(), v_forms()).map(lambda form: form.polyhedron())


def unit(n: int) -> list[list[int]]:
    return [[int(i == j) for j in range(n)] for i in range(n)]


def cube(n: int) -> Polyhedron:
    return Polyhedron.from_generators(product((0, 1), repeat=n))


def simplex(n: int) -> Polyhedron:
    return Polyhedron.from_generators([[0] * n, *unit(n)])


def cross_polytope(n: int) -> Polyhedron:
    return Polyhedron.from_generators([[s * x for x in row] for row in unit(n) for s in (1, -1)])


def f_vector(P: Polyhedron) -> list[int]:
    return [len(P.faces(k)) for k in range(P.dim + 1)]


def times(P: Polyhedron, Q: Polyhedron) -> Polyhedron:
    return Polyhedron.from_generators(
        [(*v, *w) for v in P.vertices for w in Q.vertices],
        [(*r, *[0] * Q.ambient_dim) for r in P.rays] + [(*[0] * P.ambient_dim, *r) for r in Q.rays],
        [(*r, *[0] * Q.ambient_dim) for r in P.lines]
        + [(*[0] * P.ambient_dim, *r) for r in Q.lines],
    )


def brute_force_faces(P: Polyhedron) -> set[Polyhedron]:
    """Every set of facets, turned into equations."""
    if P.is_empty:
        return {P}
    faces = {Polyhedron.from_generators([], ambient_dim=P.ambient_dim)}
    for size in range(len(P.inequalities) + 1):
        for tight in combinations(P.inequalities, size):
            form = HForm(list(P.inequalities), [*P.equations, *tight], P.ambient_dim)
            faces.add(form.polyhedron())
    return faces


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_known_counts(n: int) -> None:
    assert f_vector(cube(n)) == [comb(n, k) * 2 ** (n - k) for k in range(n + 1)]
    assert f_vector(simplex(n)) == [comb(n + 1, k + 1) for k in range(n + 1)]
    assert f_vector(cross_polytope(n)) == [comb(n, k + 1) * 2 ** (k + 1) for k in range(n)] + [1]
    orthant = Polyhedron.from_generators([[0] * n], rays=unit(n))
    assert f_vector(orthant) == [comb(n, k) for k in range(n + 1)]


@pytest.mark.parametrize(
    ("P", "Q"),
    [
        (simplex(2), simplex(2)),
        (cross_polytope(2), Polyhedron.from_generators([(1,)], rays=[(1,)])),
        (simplex(2), Polyhedron.from_generators([(0,)], lines=[(1,)])),
        (Polyhedron.from_generators([(1, 2)]), cube(2)),
    ],
)
def test_faces_of_a_product(P: Polyhedron, Q: Polyhedron) -> None:
    expected = {
        times(F, G)
        for j in range(P.dim + 1)
        for k in range(Q.dim + 1)
        for F in P.faces(j)
        for G in Q.faces(k)
    }
    both = times(P, Q)
    faces = [face for k in range(both.dim + 1) for face in both.faces(k)]
    assert len(faces) == len(expected)
    assert set(faces) == expected


@settings(max_examples=40, deadline=None)
@given(polyhedra.filter(lambda P: len(P.inequalities) <= 7))
def test_against_brute_force(P: Polyhedron) -> None:
    faces = [face for k in range(-1, P.dim + 1) for face in P.faces(k)]
    assert len(faces) == len(set(faces))
    assert set(faces) == brute_force_faces(P)


@settings(max_examples=60, deadline=None)
@given(polyhedra)
def test_lattice(P: Polyhedron) -> None:
    lattice = P.face_lattice()
    nodes = list(lattice)
    empty = nodes[0]
    assert empty.is_empty
    assert nodes[-1] is P
    assert nodes == [face for k in range(-1, P.dim + 1) for face in P.faces(k)]
    assert all(lattice.nodes[face]["dim"] == face.dim for face in nodes)
    assert [face.dim for face in nodes] == sorted(face.dim for face in nodes)
    for lower, upper in lattice.edges:
        step = len(P.lines) + 1 if lower.is_empty else 1
        assert upper.dim - lower.dim == step
    # Inclusion is reachability.
    above = {face: nx.descendants(lattice, face) | {face} for face in nodes}
    for lower, upper in product(nodes, repeat=2):
        assert (upper in above[lower]) == (lower.intersection(upper) == lower)
    # Diamond property: intervals of length 2 have four elements.
    for face in nodes:
        covers = set(lattice.successors(face))
        for top in {top for cover in covers for top in lattice.successors(cover)}:
            assert len(covers & set(lattice.predecessors(top))) == 2 or face.is_empty
    # The Euler characteristic with compact supports: that of the lines, or 0 for a ray more.
    if not P.is_empty:
        total = sum((-1) ** face.dim for face in nodes[1:])
        assert total == (0 if P.rays else (-1) ** len(P.lines))
    for edge in P.faces(1) if P.is_bounded else ():
        assert lattice.in_degree(edge) == 2


@settings(max_examples=60, deadline=None)
@given(polyhedra)
def test_faces_are_canonical_subsets(P: Polyhedron) -> None:
    for k in range(-1, P.dim + 1):
        positions = []
        for face in P.faces(k):
            check_canonical(face)
            again = Polyhedron.from_generators(
                face.vertices, face.rays, face.lines, ambient_dim=P.ambient_dim
            )
            assert face == again
            assert hash(face) == hash(again)
            assert (face.dim, face.inequalities) == (k, again.inequalities)
            assert (face.equations, face.lines) == (again.equations, again.lines)
            assert set(face.vertices) <= set(P.vertices)
            assert set(face.rays) <= set(P.rays)
            generators = [*P.vertices, *P.rays]
            places = [generators.index(v) for v in face.vertices]
            positions.append(places + [generators.index(r, len(P.vertices)) for r in face.rays])
        assert positions == sorted(positions)


@settings(max_examples=40, deadline=None)
@given(v_forms(), st.data())
def test_maximal_points_are_a_face(form: VForm, data: st.DataObject) -> None:
    P = form.polyhedron()
    c = data.draw(st.tuples(*[st.integers(-2, 2)] * P.ambient_dim))
    if any(dot(c, ray) > 0 for ray in P.rays) or any(dot(c, line) for line in P.lines):
        return
    top = max(dot(c, v) for v in P.vertices)
    where = Polyhedron.from_generators(
        [v for v in P.vertices if dot(c, v) == top],
        [r for r in P.rays if dot(c, r) == 0],
        P.lines,
    )
    assert where in P.faces(where.dim)


class TestByHand:
    def test_empty(self) -> None:
        P = Polyhedron.from_generators([], ambient_dim=2)
        assert P.faces(-1) == (P,)
        assert P.faces(0) == ()
        assert list(P.face_lattice().nodes(data=True)) == [(P, {"dim": -1})]

    @pytest.mark.parametrize(
        "P",
        [
            Polyhedron.from_generators([("1/2", 3)]),
            Polyhedron.from_generators([(0, 0)], lines=[(1, 0), (0, 1)]),
            Polyhedron.from_generators([(1, 0)], lines=[(1, 1)]),
            Polyhedron.from_generators([()]),
        ],
    )
    def test_affine_spaces_have_two_faces(self, P: Polyhedron) -> None:
        assert [len(P.faces(k)) for k in range(-2, P.dim + 2)] == ([0, 1] + [0] * P.dim + [1, 0])
        assert P.faces(P.dim)[0] is P
        assert P.face_lattice().number_of_edges() == 1

    def test_order(self) -> None:
        triangle = Polyhedron.from_generators([(0, 1), (1, 0), (0, 0)])
        assert [face.vertices for face in triangle.faces(1)] == [
            ((0, 0), (0, 1)),
            ((0, 0), (1, 0)),
            ((0, 1), (1, 0)),
        ]
        assert triangle.faces(0)[1].vertices == ((Fraction(0), Fraction(1)),)

    @pytest.mark.parametrize("k", [None, "1", 1.0, True])
    def test_bad_dimension(self, k: Any) -> None:
        with pytest.raises(InvalidInputError, match=r"^faces: .* is not a dimension$"):
            simplex(2).faces(k)
