"""Refinements: the same weighted set, face to face, whatever the subdivision was."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.complexes import (
    arrangement,
    balanced_complex,
    facet,
    hypersurface,
    max_0_x_y,
    random_hypersurface,
    refined,
    wild_complex,
)
from tropnet.piecewise import Facet, WeightedComplex
from tropnet.polyhedra import Polyhedron

BUILDERS = (
    wild_complex,
    random_hypersurface,
    lambda rng, n: arrangement(rng, n, 3),
    lambda rng, n: balanced_complex(rng, min(n, 2)),
)


def assert_face_to_face(X: WeightedComplex) -> None:
    for left, right in combinations([part.polyhedron for part in X.facets], 2):
        common = left.intersection(right)
        if not common.is_empty:
            assert common in left.faces(common.dim)
            assert common in right.faces(common.dim)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32).map(Random), st.integers(1, 3), st.sampled_from(BUILDERS))
def test_laws(rng: Random, n: int, build) -> None:
    X = build(rng, n)
    R = X.refined()
    assert R == X
    assert_face_to_face(R)
    assert refined(X, rng).refined().facets == R.facets
    assert R.refined().facets == R.facets


@pytest.mark.parametrize(
    "X",
    [
        arrangement(Random(1), 4, 3),
        hypersurface([((0, 0, 0, 0), 0), ((1, 0, 0, 0), 0), ((0, 1, 0, 0), 0)])
        + arrangement(Random(2), 4, 1),
    ],
)
def test_four_dimensions(X: WeightedComplex) -> None:
    R = X.refined()
    assert R == X
    assert_face_to_face(R)


def test_empty_and_points() -> None:
    assert WeightedComplex(3).refined().facets == ()
    points = [Polyhedron.from_generators([(x,)]) for x in (0, 1)]
    X = WeightedComplex(1, [Facet((1,), x, 1, point) for x, point in enumerate(points)])
    assert X.refined().facets == X.facets


def test_parallel_and_lone_hyperplanes_stay_whole() -> None:
    X = WeightedComplex(3, [facet((1, 0, 0), c, c + 1, ()) for c in range(3)])
    assert X.refined().facets == X.facets
    assert X.refined().cells(1) == ()


def test_in_the_plane_facets_are_cut_where_others_meet_them() -> None:
    lines = [facet(u, 0, 1) for u in ((1, 0), (0, 1), (1, 1))]
    star = WeightedComplex(2, lines).refined()
    assert len(star.facets) == 6
    assert [cell.vertices for cell in star.cells(0)] == [((0, 0),)]
    assert max_0_x_y().refined().facets == max_0_x_y().facets
    # A crossing and a facet that ends inside another one.
    T = WeightedComplex(2, [facet((0, 1), 0, 1), facet((1, 0), 0, 1, [(0, 1, 0)])])
    assert sorted(len(part.polyhedron.rays) for part in T.refined().facets) == [1, 1, 1]


def test_non_convex_flat_parts() -> None:
    """relu(z − relu(min(x, y))): the plane z = 0 without the positive quadrant."""
    flat = [
        facet((0, 0, 1), 0, 1, [(1, 0, 0, 0), (0, -1, 0, 0)]),
        facet((0, 0, 1), 0, 1, [(0, 1, 0, 0)]),
    ]
    tilted = [
        facet((1, 0, -1), 0, 1, [(-1, 0, 0, 0), (1, -1, 0, 0)]),
        facet((0, 1, -1), 0, 1, [(0, -1, 0, 0), (-1, 1, 0, 0)]),
        facet((1, -1, 0), 0, 1, [(-1, 0, 0, 0), (-1, 0, 1, 0)]),
    ]
    X = WeightedComplex(3, flat + tilted)
    R = X.refined()
    assert R == X
    assert_face_to_face(R)
    assert {cell.vertices for cell in R.cells(0)} == {((0, 0, 0),)}


def test_lineality() -> None:
    """Products with a line: the same cuts, and no vertices."""
    X = WeightedComplex(3, [facet(u, 0, 1) for u in ((1, 0, 0), (0, 1, 0), (1, 1, 0))])
    R = X.refined()
    assert len(R.facets) == 6
    assert [len(cell.lines) for cell in R.cells(1)] == [1]
