"""Normal fans: which functionals they hold, duality with faces, Minkowski sums."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from polyhedra.naive_polyhedra import check_canonical
from polyhedra.presentations import Vector, VForm, dot, h_forms, v_forms
from tropnet import Polyhedron
from tropnet.exact import rank

polyhedra = st.one_of(h_forms(), v_forms()).map(lambda form: form.polyhedron())


def maximal_face(P: Polyhedron, c: Vector) -> tuple[list[Vector], list[Vector]] | None:
    """The vertices and rays of P on which c is maximal; None if c has no maximum."""
    if any(dot(c, ray) > 0 for ray in P.rays) or any(dot(c, line) for line in P.lines):
        return None
    top = max(dot(c, v) for v in P.vertices)
    return (
        [v for v in P.vertices if dot(c, v) == top],
        [ray for ray in P.rays if dot(c, ray) == 0],
    )


@settings(max_examples=80, deadline=None)
@given(polyhedra, st.data())
def test_a_functional_lies_in_the_cones_of_the_faces_where_it_is_maximal(
    P: Polyhedron, data: st.DataObject
) -> None:
    assume(not P.is_empty)
    fan = P.normal_fan()
    c = data.draw(st.tuples(*[st.integers(-3, 3).map(Fraction)] * P.ambient_dim))
    best = maximal_face(P, c)
    for cone, face in zip(fan.cones, fan.faces, strict=True):
        on_face = (
            best is not None
            and set(face.vertices) <= set(best[0])
            and set(face.rays) <= set(best[1])
        )
        assert cone.contains(c) == on_face
        # In the relative interior iff the face is all there is.
        is_inside = cone.contains(c) and all(
            dot(row[:-1], c) < row[-1] for row in cone.inequalities
        )
        assert is_inside == (best == (list(face.vertices), list(face.rays)))


@settings(max_examples=60, deadline=None)
@given(polyhedra)
def test_cones_are_canonical_and_dual_to_faces(P: Polyhedron) -> None:
    fan = P.normal_fan()
    n = P.ambient_dim
    assert set(fan.faces) == {face for k in range(P.dim + 1) for face in P.faces(k)}
    assert len(set(fan.cones)) == len(fan.cones)
    assert [cone.dim for cone in fan.cones] == [n - face.dim for face in fan.faces]
    assert [cone.dim for cone in fan.cones] == sorted((c.dim for c in fan.cones), reverse=True)
    for cone, face in zip(fan.cones, fan.faces, strict=True):
        check_canonical(cone)
        assert cone == Polyhedron.from_generators(cone.vertices, cone.rays, cone.lines)
        assert cone.vertices == ((0,) * n,)
        # The functionals bounded by their value on the face.
        base = face.vertices[0]
        around = [[x - y for x, y in zip(v, base, strict=True)] for v in P.vertices]
        around += [*P.rays, *P.lines, *([-x for x in line] for line in P.lines)]
        flat = [[x - y for x, y in zip(v, base, strict=True)] for v in face.vertices]
        flat += face.rays
        by_rows = Polyhedron.from_inequalities(
            around, [0] * len(around), (flat, [0] * len(flat)), ambient_dim=n
        )
        assert cone == by_rows
        assert rank([*cone.lines, *([row[:-1] for row in P.equations])]) == len(P.equations)
    for (c1, f1), (c2, f2) in product(zip(fan.cones, fan.faces, strict=True), repeat=2):
        if f1 in f2.faces(f1.dim):
            assert c2 in c1.faces(c2.dim)
    for k in range(n + 1):
        assert fan.of_dim(k) == tuple(cone for cone in fan.cones if cone.dim == k)
    if not P.is_empty:
        assert {cone.dim for cone in fan.maximal} == {n - len(P.lines)}
        polar = Polyhedron.from_inequalities(
            [*P.rays, *P.lines, *([-x for x in line] for line in P.lines)],
            [0] * (len(P.rays) + 2 * len(P.lines)),
            ambient_dim=n,
        )
        generators = [ray for cone in fan.maximal for ray in cone.rays]
        support = Polyhedron.from_generators([[0] * n], generators, fan.cones[0].lines)
        assert support == polar


@settings(max_examples=40, deadline=None)
@given(v_forms(), v_forms())
def test_fan_of_a_sum_is_the_common_refinement(first: VForm, second: VForm) -> None:
    P, Q = first.polyhedron(), second.polyhedron()
    assume(P.ambient_dim == Q.ambient_dim)
    fan = P.minkowski_sum(Q).normal_fan()
    common = {
        cone.intersection(other)
        for cone, other in product(P.normal_fan().cones, Q.normal_fan().cones)
    }
    assert set(fan.cones) == common


class TestByHand:
    def test_empty_and_whole_space(self) -> None:
        fan = Polyhedron.from_generators([], ambient_dim=2).normal_fan()
        assert (fan.cones, fan.faces, fan.maximal) == ((), (), ())
        fan = Polyhedron.from_generators([(0, 0)], lines=[(1, 0), (0, 1)]).normal_fan()
        assert fan.cones == (Polyhedron.from_generators([(0, 0)]),)

    def test_point_has_one_cone(self) -> None:
        (cone,) = Polyhedron.from_generators([(1, 2)]).normal_fan().cones
        assert cone.lines == ((1, 0), (0, 1))

    def test_segment_in_the_plane_has_lineality(self) -> None:
        fan = Polyhedron.from_generators([(0, 0), (2, 2)]).normal_fan()
        assert [cone.lines for cone in fan.cones] == [((1, -1),)] * 3
        assert [face.vertices for face in fan.faces] == [
            ((0, 0),),
            ((2, 2),),
            ((0, 0), (2, 2)),
        ]

    def test_half_line(self) -> None:
        fan = Polyhedron.from_generators([(0,)], rays=[(1,)]).normal_fan()
        assert [(cone.rays, cone.dim) for cone in fan.cones] == [(((-1,),), 1), ((), 0)]

    def test_normally_equivalent_polygons_have_equal_fans(self) -> None:
        square = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1), (1, 1)])
        oblong = Polyhedron.from_generators([(5, 5), (7, 5), (5, 6), (7, 6)])
        triangle = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1)])
        assert square.normal_fan() == oblong.normal_fan()
        assert square.normal_fan() != triangle.normal_fan()
