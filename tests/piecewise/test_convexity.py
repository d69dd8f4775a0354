"""Convexity by weights, the cone of convex functions on a complex, indecomposable hypersurfaces."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.complexes import random_hypersurface, random_row, refined
from piecewise.decompositions import fan_complex, mother_of_all_examples, random_rational
from tropnet import (
    Facet,
    InvalidInputError,
    PiecewiseLinearFunction,
    PolyhedralComplex,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    convex_cone,
    is_convex,
    is_indecomposable_hypersurface,
    is_regular_complex,
    linearity_complex,
)
from tropnet.piecewise.compatible import balanced_weights

RNGS = st.integers(0, 2**32).map(Random)


def test_convex_and_not():
    p = TropicalPolynomial([[0], [1], [2]], [0, 0, -2])
    q = TropicalPolynomial([[0], [1]], [0, 0])
    assert is_convex(p)
    assert is_convex(p / q)
    assert not is_convex(q / p)
    assert is_convex(q / q)
    assert is_convex((p, q))
    assert not is_convex((p, q / p))
    relu = ReLUNetwork([([[1, 0]], [0]), ([[1]], [0])])
    assert is_convex(relu)
    assert not is_convex(-1 * relu)
    assert is_convex(ReLUNetwork([([[1, 2]], [3])]))


def test_convexity_on_a_part():
    half = Polyhedron.from_inequalities([[1]], [0])
    tent = TropicalPolynomial([[0]], [0]) / TropicalPolynomial([[0], [1]], [-1, 0])
    concave = PiecewiseLinearFunction(
        [(cell.polyhedron, cell.gradient, cell.constant) for cell in tent.affine_cells()]
    )
    assert not is_convex(concave)
    left = Polyhedron.from_inequalities([[1]], [-1])
    assert is_convex(concave.restrict(left))
    assert not is_convex(concave.restrict(half))


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_convexity_on_random_segments(rng: Random, n: int):
    f = random_rational(rng, n)
    convex = is_convex(f)
    for _ in range(20):
        x, y = (random_row(rng, n, 9)[:-1] for _ in range(2))
        middle = [(a + b) / 2 for a, b in zip(map(int, x), map(int, y), strict=True)]
        assert not convex or 2 * f(middle) <= f(x) + f(y)
    if not convex:  # somewhere, across a facet of negative weight
        with pytest.raises(InvalidInputError, match=r"not convex; it has the weight -"):
            linearity_complex(f)


def test_cones():
    nothing = PolyhedralComplex.from_hyperplanes([], [], ambient_dim=2)
    assert convex_cone(nothing).vertices == ((),)
    points = PolyhedralComplex.from_hyperplanes([[1], [1]], [0, 1])
    assert convex_cone(points).rays == ((0, 1), (1, 0))
    simplex_fan = PolyhedralComplex.from_maximum(
        [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [0] * 4
    )
    assert convex_cone(simplex_fan).rays == ((1,) * 6,)
    # The cone over a square: the lines of its normal fan, and nothing else.
    cross = PolyhedralComplex.from_hyperplanes([[1, 0], [0, 1]], [0, 0])
    assert len(convex_cone(cross).rays) == convex_cone(cross).dim == 2


@settings(max_examples=20, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_extreme_rays_are_indecomposable_and_their_sum_is_regular(rng: Random, n: int):
    rows = [random_row(rng, n, 1) for _ in range(rng.randint(1, 4))]
    K = PolyhedralComplex.from_hyperplanes(
        [row[:-1] for row in rows], [row[-1] for row in rows], ambient_dim=n
    )
    cone = convex_cone(K)
    assert is_regular_complex(K)
    assert cone.dim == len(balanced_weights(K))
    assert all(sum(column) > 0 for column in zip(*cone.rays, strict=True))
    for ray in rng.sample(cone.rays, min(4, len(cone.rays))):
        assert is_indecomposable_hypersurface(K.weighted(ray))
    if len(cone.rays) > 1:
        one, other = rng.sample(cone.rays, 2)
        both = K.weighted(one) + K.weighted(other)
        assert not is_indecomposable_hypersurface(both)
        assert linearity_complex(both) == linearity_complex(refined(both, rng))


def test_regular_complexes():
    assert not is_regular_complex(mother_of_all_examples())
    assert is_regular_complex(PolyhedralComplex.from_hyperplanes([], [], ambient_dim=3))
    skew = PolyhedralComplex.from_rays([(1, 0), (0, 1), (-1, 3), (-2, -7), (5, -1)])
    assert is_regular_complex(skew)  # all complete fans in the plane are


@settings(max_examples=25, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_linearity_complexes(rng: Random, n: int):
    X = random_hypersurface(rng, n)
    K = linearity_complex(X)
    ones = K.weighted([1] * len(K.facets))
    assert all(X.contains(facet.polyhedron.interior_point()) for facet in K.facets)
    for facet in X.facets:
        assert ones.contains(facet.polyhedron.interior_point())
    assert is_regular_complex(K)


def test_hypersurfaces():
    plane = TropicalPolynomial([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [0] * 4)
    assert is_indecomposable_hypersurface(plane)
    assert is_indecomposable_hypersurface(plane.scale("7/3").hypersurface())
    assert is_indecomposable_hypersurface(TropicalPolynomial([[1, 2]], [0]))  # empty
    point = TropicalPolynomial([[0], [3]], [0, 0])
    assert is_indecomposable_hypersurface(point)
    assert not is_indecomposable_hypersurface(point + TropicalPolynomial([[4]], [-9]))
    # A conic that is no pair of lines, and two lines of which one is crossed at its only vertex.
    conic = TropicalPolynomial([[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]], [0, 1, 1, 0, 1, 0])
    assert is_indecomposable_hypersurface(conic)
    star = fan_complex({(1, 0): 1, (-1, 0): 1, (0, 1): 1, (1, 1): 0, (0, -1): 1})
    assert not is_indecomposable_hypersurface(star)


def test_canonical_facets_are_not_fine_enough():
    """Three lines through a point: three canonical facets, but six on which weights can differ.

    The tropical line and its negative add up to them.
    """
    lines = fan_complex(dict.fromkeys(((1, 0), (0, 1), (-1, -1), (-1, 0), (0, -1), (1, 1)), 1))
    assert len(lines.canonical().facets) == 3
    assert len(linearity_complex(lines).facets) == 6
    assert len(balanced_weights(linearity_complex(lines))) == 4


def test_what_is_no_hypersurface():
    ray = fan_complex({(1, 0): 1})
    negative = fan_complex({(1, 0): -1, (-1, 0): -1})
    vectors = WeightedComplex(1, [Facet((1,), 0, (1, 1), Polyhedron.from_generators([(0,)]))])
    for X, message in (
        (ray, "not balanced"),
        (negative, "not convex; it has the weight -1 in y = 0"),
        (vectors, "vector weights"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            is_indecomposable_hypersurface(X)
