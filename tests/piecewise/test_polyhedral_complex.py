"""Complete polyhedral complexes: what they accept, their cells, and functions on them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.complexes import random_row
from tropnet import (
    InvalidInputError,
    PolyhedralComplex,
    Polyhedron,
    TropicalPolynomial,
    convex_cone,
    minimal_decompositions,
)
from tropnet.piecewise.compatible import balanced_weights

RNGS = st.integers(0, 2**32).map(Random)


def half_space(*row: int) -> Polyhedron:
    return Polyhedron.from_inequalities([row[:-1]], [row[-1]])


def cone(*rays: tuple[int, ...], apex: tuple[int, ...] = (0, 0)) -> Polyhedron:
    return Polyhedron.from_generators([apex], rays)


def random_arrangement(rng: Random, n: int, count: int, size: int = 2) -> PolyhedralComplex:
    rows = [random_row(rng, n, size) for _ in range(count)]
    return PolyhedralComplex.from_hyperplanes(
        [row[:-1] for row in rows], [row[-1] for row in rows], ambient_dim=n
    )


QUADRANTS = [cone((a, 0), (0, b)) for a, b in product((1, -1), repeat=2)]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_no_hyperplanes_leave_one_cell(n: int):
    K = PolyhedralComplex.from_hyperplanes([], [], ambient_dim=n)
    assert len(K.maximal_cells) == 1
    assert K.maximal_cells[0].lines
    assert not K.facets
    assert not K.ridges
    assert [len(K.cells(k)) for k in range(n + 1)] == [0] * n + [1]
    assert K.integrate([], range(n), 5) == ((tuple(map(Fraction, range(n))), 5),)
    assert balanced_weights(K) == ()
    assert PolyhedralComplex([half_space(*[0] * n, 0)]) == K


def test_duplicates_parallels_and_zero_normals():
    K = PolyhedralComplex.from_hyperplanes(
        [[0, 2], [0, -1], [0, 3], [0, 0], [0, 0]], [0, 0, 3, 1, 0]
    )
    assert [(facet.normal, facet.offset) for facet in K.facets] == [((0, 1), 0), ((0, 1), 1)]
    assert len(K.maximal_cells) == 3
    assert not K.ridges  # every cell contains a line
    assert balanced_weights(K) == ((1, 0), (0, 1))
    assert [len(K.cells(k)) for k in range(3)] == [0, 2, 3]


def test_one_variable():
    K = PolyhedralComplex.from_hyperplanes([[2], [1], [-1]], [1, 3, 5])
    assert [facet.offset for facet in K.facets] == [-5, Fraction(1, 2), 3]
    assert all(facet.normal == (1,) for facet in K.facets)
    assert not K.ridges
    for facet in K.facets:
        below, above = K.maximal_cells[facet.below], K.maximal_cells[facet.above]
        assert below.contains([facet.offset - Fraction(1, 9)])
        assert above.contains([facet.offset + Fraction(1, 9)])


def test_lineality_in_three_variables():
    K = PolyhedralComplex.from_hyperplanes([[1, 0, 0], [0, 1, 0], [1, 1, 0]], [0, 0, 0])
    assert len(K.maximal_cells) == len(K.facets) == 6
    (ridge,) = K.ridges
    assert ridge.polyhedron.lines == ((0, 0, 1),)
    assert sorted(i for i, _ in ridge.facets) == list(range(6))
    assert len(balanced_weights(K)) == 4


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([], "none at all"),
        ([half_space(1, 0, 0), "cell"], r"cells\[1\]: expected a Polyhedron"),
        ([half_space(1, 0, 0), half_space(1, 0)], r"cells\[1\]: a cell of dimension 1 in R\^1"),
        ([cone((1, 0))], r"cells\[0\]: a cell of dimension 1 in R\^2"),
        ([half_space(1, 0, 0)], r"no cell lies beyond the facet of cells\[0\]"),
        (QUADRANTS[:3], r"no cell lies beyond the facet of cells\[[12]\]"),
        ([half_space(1, 0, 0), half_space(-1, 0, 1)], r"cells\[0\] and cells\[1\] overlap"),
        ([half_space(0, 0)] * 2, r"cells\[0\] and cells\[1\] overlap"),
        ([half_space(1, 0), half_space(-1, 0)] * 2, r"cells\[0\] and cells\[2\] overlap"),
        ([*QUADRANTS, half_space(0, 0, 0)], r"cells\[0\] and cells\[4\] overlap"),
        (
            [half_space(1, 0, 0), *QUADRANTS[:2]],
            r"cells\[0\] and cells\[[12]\] do not meet face to face",
        ),
    ],
)
def test_what_is_no_complex_is_refused(cells: list[Polyhedron], message: str):
    with pytest.raises(InvalidInputError, match=message):
        PolyhedralComplex(cells)


def test_two_complexes_at_once_cover_everything_twice():
    tropical_line = PolyhedralComplex.from_rays([(1, 0), (0, 1), (-1, -1)])
    other = PolyhedralComplex.from_rays([(-1, 0), (0, -1), (1, 1)])
    with pytest.raises(InvalidInputError, match=r"cells\[0\] and cells\[[345]\] overlap"):
        PolyhedralComplex([*tropical_line.maximal_cells, *other.maximal_cells])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1, 0]], [0, 1]), "2 numbers for 1 normals"),
        (([], []), "no normals to tell the dimension"),
        (([], [], 0), "0 is not a positive integer"),
        (([[1, 0]], [0], 3), "3 with normals of length 2"),
        (([[]], [0]), "ambient_dim: None with normals of length 0"),
    ],
)
def test_bad_hyperplanes(arguments: tuple[object, ...], message: str):
    normals, offsets, *dimension = arguments
    with pytest.raises(InvalidInputError, match=message):
        PolyhedralComplex.from_hyperplanes(normals, offsets, ambient_dim=(*dimension, None)[0])


@pytest.mark.parametrize(
    "rays",
    [
        [(1, 0)],
        [(1, 0), (0, 1)],
        [(1, 0), (0, 1), (-1, 0)],
        [(1, 0), (1, 1), (0, 1)],
        [(1, 0), (0, 0)],
        [(1, 0, 0)],
    ],
)
def test_rays_that_span_no_complete_fan(rays: list[tuple[int, ...]]):
    with pytest.raises(InvalidInputError, match="rays: "):
        PolyhedralComplex.from_rays(rays)


def test_fans_of_rays():
    assert PolyhedralComplex.from_rays([]) == PolyhedralComplex([half_space(0, 0, 0)])
    halves = PolyhedralComplex.from_rays([(1, 2), (-2, -4), (3, 6)])
    assert halves == PolyhedralComplex.from_hyperplanes([[2, -1]], [0])
    cross = PolyhedralComplex.from_rays([(0, -1), (2, 0), (0, 1), (-1, 0), (0, 5)])
    assert cross == PolyhedralComplex(QUADRANTS)
    assert hash(cross) == hash(PolyhedralComplex(QUADRANTS))
    assert cross != halves


def test_maxima():
    single = PolyhedralComplex.from_maximum([[1, 2]], [3])
    assert single == PolyhedralComplex.from_hyperplanes([], [], ambient_dim=2)
    K = PolyhedralComplex.from_maximum([[0], [1], [1], [2], [3]], [0, 0, -1, 0, 0])
    assert [facet.offset for facet in K.facets] == [0]  # max(0, 3x)
    with pytest.raises(InvalidInputError, match="gradients"):
        PolyhedralComplex.from_maximum([], [])
    with pytest.raises(InvalidInputError, match="constants"):
        PolyhedralComplex.from_maximum([[1]], [1, 2])


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_arrangements_have_a_cell_for_each_sign_vector(rng: Random, n: int):
    rows = [random_row(rng, n) for _ in range(rng.randint(0, 4))]
    K = PolyhedralComplex.from_hyperplanes(
        [row[:-1] for row in rows], [row[-1] for row in rows], ambient_dim=n
    )
    expected = set()
    for signs in product((1, -1), repeat=len(rows)):
        cell = Polyhedron.from_inequalities(
            [[s * a for a in row[:-1]] for s, row in zip(signs, rows, strict=True)],
            [s * row[-1] for s, row in zip(signs, rows, strict=True)],
            ambient_dim=n,
        )
        if cell.dim == n:
            expected.add(cell)
    assert set(K.maximal_cells) == expected


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(2, 3))
def test_facets_ridges_and_faces(rng: Random, n: int):
    K = random_arrangement(rng, n, rng.randint(1, 4))
    assert {facet.polyhedron for facet in K.facets} == set(K.cells(n - 1))
    assert {ridge.polyhedron for ridge in K.ridges} == set(K.cells(n - 2))
    for facet in K.facets:
        for number, sign in ((facet.below, 1), (facet.above, -1)):
            cell = K.maximal_cells[number]
            assert facet.polyhedron in cell.faces(n - 1)
            x = cell.interior_point()
            value = sum(u * entry for u, entry in zip(facet.normal, x, strict=True))
            assert sign * (facet.offset - value) > 0
    for ridge in K.ridges:
        around = {
            i
            for i, facet in enumerate(K.facets)
            if facet.polyhedron.contains(ridge.polyhedron.interior_point())
        }
        assert {i for i, _ in ridge.facets} == around
        cells = []
        for i, sign in ridge.facets:
            facet = K.facets[i]
            cells.append((facet.below, facet.above)[::sign])
        assert all(cells[k - 1][1] == cells[k][0] for k in range(len(cells)))
        assert len({left for left, _ in cells}) == len(cells)


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_a_complex_with_one_cell_spoilt_is_refused(rng: Random, n: int):
    K = random_arrangement(rng, n, rng.randint(1, 4))
    cells = list(K.maximal_cells)
    number = rng.randrange(len(cells))
    with pytest.raises(InvalidInputError, match="no cell lies beyond"):
        PolyhedralComplex(cells[:number] + cells[number + 1 :])
    with pytest.raises(InvalidInputError, match="overlap"):
        PolyhedralComplex([*cells, cells[number]])


def test_a_cell_cut_alone_does_not_meet_its_neighbours_face_to_face():
    first, *others = QUADRANTS
    parts = [first.intersection(half_space(*row)) for row in ((1, 0, 1), (-1, 0, -1))]
    with pytest.raises(InvalidInputError, match="do not meet face to face"):
        PolyhedralComplex([*parts, *others])
    # A cut through the apex meets no facet of the others.
    parts = [first.intersection(half_space(*row)) for row in ((1, -1, 0), (-1, 1, 0))]
    assert len(PolyhedralComplex([*parts, *others]).facets) == 5


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_balanced_weights_integrate_to_a_continuous_function(rng: Random, n: int):
    K = random_arrangement(rng, n, rng.randint(1, 4))
    basis = balanced_weights(K)
    factors = [Fraction(rng.randint(-3, 3), rng.randint(1, 2)) for _ in basis]
    weights = [
        sum(c * b[e] for c, b in zip(factors, basis, strict=True)) for e in range(len(K.facets))
    ]
    gradient = [rng.randint(-2, 2) for _ in range(n)]
    forms = K.integrate(weights, gradient, "1/2")
    assert forms[0] == (tuple(gradient), Fraction(1, 2))
    for facet, weight in zip(K.facets, weights, strict=True):
        (a, c), (b, d) = forms[facet.below], forms[facet.above]
        assert tuple(y - x for x, y in zip(a, b, strict=True)) == tuple(
            weight * u for u in facet.normal
        )
        assert d - c == -weight * facet.offset
    X = K.weighted(weights)
    assert X.is_balanced()
    assert len(X.facets) == sum(map(bool, weights))


def test_unbalanced_weights_are_refused():
    fan = PolyhedralComplex.from_rays([(1, 0), (0, 1), (-1, -1)])
    with pytest.raises(InvalidInputError, match=r"not balanced; .* facets\[[012]\]"):
        fan.integrate([1, 1, 2])
    with pytest.raises(InvalidInputError, match="2 numbers for 3 facets"):
        fan.integrate([1, 1])
    with pytest.raises(InvalidInputError, match="gradient: 1 entries"):
        fan.integrate([1, 1, 1], [1])
    with pytest.raises(InvalidInputError, match="4 numbers"):
        fan.weighted([1, 1, 2, 3])
    with pytest.raises(InvalidInputError, match="k: 3 is not a dimension"):
        fan.cells(3)
    assert repr(fan) == "<PolyhedralComplex in R^2: 3 maximal cells, 3 facets>"


@pytest.mark.parametrize("thing", [5, None, Polyhedron.from_generators([(0, 0)])])
def test_what_is_no_complex_is_named(thing):
    with pytest.raises(InvalidInputError, match="expected a PolyhedralComplex"):
        convex_cone(thing)
    if thing is not None:
        f = TropicalPolynomial([[0, 0], [1, 0]], [0, 0])
        with pytest.raises(InvalidInputError, match="expected a PolyhedralComplex"):
            minimal_decompositions(f, thing)
    with pytest.raises(InvalidInputError, match="cells: "):
        PolyhedralComplex(thing)
