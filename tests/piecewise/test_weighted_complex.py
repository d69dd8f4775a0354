"""Weighted complexes one can check by hand."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import networkx as nx
import pytest

from piecewise.complexes import facet, hyperplane, max_0_x_y, ray
from tropnet import InvalidInputError, Polyhedron
from tropnet.piecewise import Facet, WeightedComplex

ORIGIN = (Fraction(0), Fraction(0))


def cross(*, halves: bool, weights: tuple[Any, Any] = (1, 1)) -> WeightedComplex:
    """The coordinate axes of the plane, as two lines or as four half-lines."""
    facets = []
    for normal, weight in zip(((1, 0), (0, 1)), weights, strict=True):
        along = (normal[1], normal[0], 0)
        back = (-normal[1], -normal[0], 0)
        cuts: list[Any] = [[along], [back]] if halves else [[]]
        facets += [facet(normal, 0, weight, rows) for rows in cuts]
    return WeightedComplex(2, facets)


def bent_sheet(*, by_x: bool) -> WeightedComplex:
    """Where relu(z − relu(min(x, y))) breaks; {z = 0, min(x, y) ≤ 0} is cut in one of two ways."""
    first, second = ((1, 0, 0), (0, 1, 0)) if by_x else ((0, 1, 0), (1, 0, 0))
    minus_first = tuple(-entry for entry in first)
    return WeightedComplex(
        3,
        [
            facet((0, 0, 1), 0, 1, [(*first, 0)]),
            facet((0, 0, 1), 0, 1, [(*minus_first, 0), (*second, 0)]),
            facet((1, 0, -1), 0, 1, [(-1, 0, 0, 0), (1, -1, 0, 0)]),
            facet((0, 1, -1), 0, 1, [(0, -1, 0, 0), (-1, 1, 0, 0)]),
            facet((1, 0, 0), 0, -1, [(0, -1, 0, 0), (0, 0, -1, 0)]),
            facet((0, 1, 0), 0, -1, [(-1, 0, 0, 0), (0, 0, -1, 0)]),
            facet((1, -1, 0), 0, 1, [(-1, 0, 0, 0), (1, 0, -1, 0)]),
        ],
    )


def test_max_0_x_y():
    X = max_0_x_y()
    assert [part.weight for part in X.facets] == [1, 1, 1]
    assert [(part.normal, part.offset) for part in X.facets] == [
        ((0, 1), 0),
        ((1, -1), 0),
        ((1, 0), 0),
    ]
    assert [cell.vertices for cell in X.cells(0)] == [(ORIGIN,)]
    assert X.cells(1) != X.cells(0)
    assert X.is_balanced()
    assert X.unbalanced_cells() == ()
    graph = X.incidence_graph()
    assert nx.is_directed_acyclic_graph(graph)
    assert sorted(dict(graph.nodes(data="dim")).values()) == [0, 1, 1, 1]
    assert set(graph.successors(X.cells(0)[0])) == set(X.cells(1))


@pytest.mark.parametrize("weight", [2, "1/2", -1])
def test_a_wrong_weight_is_found_at_the_origin(weight: object):
    X = max_0_x_y(weight)
    assert not X.is_balanced()
    assert [cell.vertices for cell in X.unbalanced_cells()] == [(ORIGIN,)]
    assert max_0_x_y() != X
    assert X.digest() != max_0_x_y().digest()


def test_a_missing_facet_is_found():
    X = WeightedComplex(2, max_0_x_y().facets[:2])
    assert not X.is_balanced()


def test_a_cross_is_the_same_in_two_and_in_four_parts():
    whole, parts = cross(halves=False), cross(halves=True)
    assert (len(whole.facets), len(parts.facets)) == (2, 4)
    assert (len(whole.cells(0)), len(parts.cells(0))) == (0, 1)
    assert whole == parts
    assert hash(whole) == hash(parts)
    assert whole.digest() == parts.digest()
    assert parts.canonical().facets == whole.facets
    assert whole.is_balanced()
    assert parts.is_balanced()
    assert (parts - whole).facets == ()


def test_half_lines_with_different_weights_balance_nowhere():
    facets = [facet((1, 0), 0, w, [(0, s, 0)]) for w, s in ((1, 1), (2, -1))]
    X = WeightedComplex(2, facets)
    assert [cell.vertices for cell in X.unbalanced_cells()] == [(ORIGIN,)]
    # A line that passes through does not help, in whatever parts.
    assert not (X + cross(halves=False)).is_balanced()
    assert not (X + cross(halves=True)).is_balanced()


def test_the_non_convex_flat_part():
    X, Y = bent_sheet(by_x=True), bent_sheet(by_x=False)
    assert X.facets != Y.facets
    assert X == Y
    assert X.digest() == Y.digest()
    assert X.is_balanced()
    assert Y.is_balanced()
    flat = [part for part in X.canonical().facets if part.normal == (0, 0, 1)]
    # Cut once, along the first of the two walls: a half-plane and a quadrant are convex.
    assert len(flat) == 2
    assert len(X.canonical().facets) == 7
    assert X.weight_at((-1, 5, 0)) == X.weight_at((5, -1, 0)) == 1
    assert X.weight_at((-1, 0, 0)) == 1
    assert not X.contains((1, 1, 0))
    assert X.contains((1, 1, 1))


def test_the_flat_part_is_unbalanced_along_its_boundary_alone():
    whole = bent_sheet(by_x=True)
    flat = WeightedComplex(3, [part for part in whole.facets if part.normal == (0, 0, 1)])
    for part in (flat, flat.canonical(), whole - flat):
        cells = part.unbalanced_cells()
        assert [(cell.vertices, cell.rays) for cell in cells] == [
            (((0, 0, 0),), ((0, 1, 0),)),
            (((0, 0, 0),), ((1, 0, 0),)),
        ]


def test_points_of_the_line():
    X = WeightedComplex(1, [facet((1,), offset, 1) for offset in (3, -1)])
    assert [part.offset for part in X.facets] == [-1, 3]
    assert X.is_balanced()
    assert len(X.cells(0)) == 2
    assert WeightedComplex(1, [facet((-1,), offset, 1) for offset in (1, -3)]) == X
    assert WeightedComplex(1, [facet((1,), offset, 2) for offset in (3, -1)]) != X
    assert X.weight_at([3]) == 1
    assert X.weight_at([2]) == 0
    assert X.canonical().facets == X.facets
    assert (X - X).facets == ()


def test_lineality():
    """max(0, x, y) on R^3: the origin becomes a line."""
    flat = max_0_x_y()
    facets = [
        Facet(
            (*part.normal, 0),
            0,
            1,
            Polyhedron.from_generators(
                [(0, 0, 0)], [(*ray, 0) for ray in part.polyhedron.rays], [(0, 0, 1)]
            ),
        )
        for part in flat.facets
    ]
    X = WeightedComplex(3, facets)
    assert X.is_balanced()
    assert [len(X.cells(k)) for k in range(3)] == [0, 1, 3]
    assert X.cells(1)[0].lines == ((0, 0, 1),)
    above = WeightedComplex(
        3,
        [
            Facet(part.normal, 0, 1, part.polyhedron.intersection(half))
            for part in facets
            for half in (Polyhedron.from_inequalities([[0, s, s]], [0]) for s in (1, -1))
        ],
    )
    assert above == X
    assert above.canonical().facets == X.facets
    broken = WeightedComplex(3, [facets[0].with_weight(2), *facets[1:]])
    assert [cell.lines for cell in broken.unbalanced_cells()] == [((0, 0, 1),)]


def test_overlapping_facets_add_up():
    left = facet((0, 1), 0, 1, [(1, 0, 2)])
    right = facet((0, 1), 0, 1, [(-1, 0, 0)])
    X = WeightedComplex(2, [left, right])
    assert X.weight_at((1, 0)) == 2
    assert X.weight_at((3, 0)) == X.weight_at((-1, 0)) == 1
    assert [(part.weight, len(part.polyhedron.vertices)) for part in X.canonical().facets] == [
        (1, 1),
        (2, 2),
        (1, 1),
    ]
    assert {cell.vertices[0][0] for cell in X.unbalanced_cells()} == {0, 2}
    with pytest.raises(InvalidInputError, match="not constant around"):
        X.weight_at((2, 0))
    same = WeightedComplex(2, [left, left.with_weight(3)])
    assert [part.weight for part in same.facets] == [4]


def test_cancelling_facets_leave_nothing():
    line = facet((0, 1), 0, -1)
    halves = [facet((0, 1), 0, 1, [(s, 0, 0)]) for s in (1, -1)]
    X = WeightedComplex(2, [line, *halves])
    assert WeightedComplex(2) == X
    assert hash(X) == hash(WeightedComplex(2))
    assert X.digest() == WeightedComplex(2).digest()
    assert X.hyperplanes() == ()
    assert X.is_balanced()
    assert not X.contains((0, 0))
    assert X.weight_at((0, 0)) == 0
    assert X.canonical().facets == ()


def test_vector_weights():
    X = cross(halves=True, weights=((1, 0), (0, "1/2")))
    Y = cross(halves=False, weights=((1, 0), (0, "1/2")))
    assert X == Y
    assert X.output_dim == 2
    assert X.is_balanced()
    assert X.weight_at((0, 5)) == (1, 0)
    assert X.weight_at((7, 5)) == (0, 0)
    assert X.digest() == Y.digest()
    assert cross(halves=True) != X
    assert cross(halves=False, weights=((1, 0), (0, 1))) != X
    assert (3 * X - X - X - Y).facets == ()
    first = WeightedComplex(2, [ray((0, 1), (1, 0), (1, 0)), ray((0, 1), (-1, 0), (1, 1))])
    assert [cell.vertices for cell in first.unbalanced_cells()] == [(ORIGIN,)]
    with pytest.raises(InvalidInputError, match="different kinds"):
        X + cross(halves=True)


@pytest.mark.parametrize("n", [1, 2, 4])
def test_the_empty_complex(n: int):
    X = WeightedComplex(n)
    assert X.facets == X.cells(0) == X.unbalanced_cells() == X.hyperplanes() == ()
    assert X.is_balanced()
    assert X == WeightedComplex(n, []) == -X == 3 * X == X + X == X.canonical()
    assert not X.contains((0,) * n)
    assert X.incidence_graph().number_of_nodes() == 0
    assert f"R^{n}" in X.describe()
    assert X.output_dim is None
    assert WeightedComplex(n + 1) != X
    assert hash(X) == hash(-X)
    vectors = WeightedComplex(n, [facet((1,) + (0,) * (n - 1), 0, (1, 2))])
    assert X + vectors == vectors + X == vectors
    assert vectors != X


def test_arithmetic():
    X = max_0_x_y()
    assert X + X == 2 * X == X * 2
    assert -X == -1 * X
    assert "1/2" * (X + X) == X
    assert (0 * X).facets == (X - X).facets == ()
    assert (X + cross(halves=False)).is_balanced()
    assert [part.weight for part in (Fraction(1, 3) * X).facets] == [Fraction(1, 3)] * 3
    assert pickle.loads(pickle.dumps(X)) == X


def test_facets_are_canonical():
    line = hyperplane((1, -2), 3)
    part = Facet((-1, 2), -3, 1.5, line)
    assert (part.normal, part.offset, part.weight) == ((1, -2), 3, Fraction(3, 2))
    assert part == Facet((1, -2), "3", "3/2", line)
    assert WeightedComplex(2, [part.with_weight(0)]).facets == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((2, 0), 0, 1, hyperplane((1, 0), 0)), "normal: .* not primitive"),
        (((0, 0), 0, 1, hyperplane((1, 0), 0)), "normal: .* not primitive"),
        (((), 0, 1, hyperplane((1, 0), 0)), "normal"),
        (((0.5, 1), 0, 1, hyperplane((1, 0), 0)), "normal: 0.5"),
        (((1, 0), float("nan"), 1, hyperplane((1, 0), 0)), "offset"),
        (((1, 0), 0, "heavy", hyperplane((1, 0), 0)), "weight"),
        (((1, 0), 0, (1, True), hyperplane((1, 0), 0)), r"weight"),
        (((1, 0), 0, (), hyperplane((1, 0), 0)), "weight"),
        (((1, 0), 1, 1, hyperplane((1, 0), 0)), "hyperplane x = 1"),
        (((1, 0, 0), 0, 1, hyperplane((1, 0), 0)), r"R\^2"),
        (((1, 0), 0, 1, Polyhedron.from_generators([(0, 0)])), "dimension is 0"),
        (((1, 0), 0, 1, Polyhedron.from_generators([], ambient_dim=2)), "dimension is -1"),
        (((1, 0), 0, 1, "a line"), "expected a Polyhedron"),
    ],
)
def test_bad_facets(arguments: Any, message: str):
    with pytest.raises(InvalidInputError, match=message):
        Facet(*arguments)


def test_bad_complexes():
    good = max_0_x_y().facets
    with pytest.raises(InvalidInputError, match=r"facets\[1\]: expected a Facet"):
        WeightedComplex(2, [good[0], "x"])  # type: ignore[list-item]
    with pytest.raises(InvalidInputError, match=r"facets\[0\].*R\^3"):
        WeightedComplex(3, good)
    with pytest.raises(InvalidInputError, match=r"facets\[2\]: the weight \(1, 2\)"):
        WeightedComplex(2, [*good[:2], good[2].with_weight((Fraction(1), Fraction(2)))])
    for n in (0, -1, "2", True, 2.0):
        with pytest.raises(InvalidInputError, match="ambient_dim"):
            WeightedComplex(n)  # type: ignore[arg-type]
    X = max_0_x_y()
    for k in (2, -1, "0"):
        with pytest.raises(InvalidInputError, match="k: "):
            X.cells(k)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="3 coordinates"):
        X.contains((0, 0, 0))
    with pytest.raises(InvalidInputError, match="not constant"):
        X.weight_at((0, 0))
    with pytest.raises(InvalidInputError, match=r"R\^2 and R\^3"):
        X + WeightedComplex(3)
    with pytest.raises(InvalidInputError, match="factor"):
        X * float("inf")
    with pytest.raises(TypeError):
        X + 1  # type: ignore[operator]
    with pytest.raises(TypeError):
        X * X
    assert X != 1


def test_everything_in_one_text():
    assert max_0_x_y("1/2").describe() == str(max_0_x_y("1/2"))
    assert bent_sheet(by_x=True).describe() == bent_sheet(by_x=True).describe()
    text = str(bent_sheet(by_x=True))
    assert text.startswith("Weighted complex of dimension 2 in R^3: 7 facets on 6 hyperplanes, ")
    assert "z = 0, weight 1: vertices (0, 0, 0), rays (-1, 0, 0), lines (0, 1, 0)" in text
    assert repr(max_0_x_y()) == "<WeightedComplex in R^2: 3 facets>"
