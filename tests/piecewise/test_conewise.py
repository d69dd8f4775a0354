"""The canonical decomposition of conewise linear functions in two variables."""

from __future__ import annotations

from fractions import Fraction
from math import hypot
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.decompositions import (
    check,
    fan_complex,
    max_0_min_x_y,
    random_rational,
    two_ways,
)
from tropnet import (
    Decomposition,
    InvalidInputError,
    PolyhedralComplex,
    TropicalPolynomial,
    break_locus,
    minimal_decompositions,
    tran_wang_decomposition,
    tran_wang_fan,
)

RNGS = st.integers(0, 2**32).map(Random)


def rays(K: PolyhedralComplex) -> set[tuple[int, ...]]:
    return {tuple(map(int, cone.rays[0])) for cone in K.cells(1)}


def directions(fan: PolyhedralComplex) -> list[tuple[Fraction, ...]]:
    found = [ray for cone in fan.cells(1) for ray in cone.rays]
    for line in (line for cone in fan.cells(1) for line in cone.lines):
        found += [line, tuple(-x for x in line)]
    return found


def perimeter(decomposition: Decomposition) -> float:
    """Of the Newton polygon of g: a ray is dual to an edge, as long as the ray times its weight."""
    facets = decomposition.complex.facets
    return sum(
        float(v) * hypot(*facet.normal) * (2 if facet.polyhedron.lines else 1)
        for v, facet in zip(decomposition.weights, facets, strict=True)
    )


def test_max_0_min_x_y():
    f = max_0_min_x_y()
    assert rays(tran_wang_fan(f)) == {(1, 0), (0, 1), (1, 1), (-1, -1)}
    vertex = tran_wang_decomposition(f)
    assert vertex.counts == (3, 2)
    check(vertex, f)


def test_another_decomposition_can_have_as_few_pieces():
    f = two_ways()
    fan = tran_wang_fan(f)
    canonical = tran_wang_decomposition(f)
    assert canonical.counts == (4, 3)
    result = minimal_decompositions(f, fan)
    assert result.counts == ((3, 4), (4, 3))
    assert canonical in result.decompositions
    assert [perimeter(d) > perimeter(canonical) for d in result.decompositions] == [True, False]


def test_the_added_ray_can_be_one_of_the_function():
    # p = (1, 1), and f has weight −1 on the ray along −p.
    f = fan_complex({(1, 0): 1, (0, 1): 1, (-1, -1): -1, (1, 1): -2})
    assert len(tran_wang_fan(f).facets) == 4
    vertex = tran_wang_decomposition(f)
    assert vertex.counts == (3, 2)
    check(vertex, f)


@pytest.mark.parametrize(
    ("weights", "fan_rays", "counts"),
    [
        ({}, 0, (1, 1)),
        ({(1, 0): 1, (-1, 0): 1}, 1, (2, 1)),
        ({(1, 0): -1, (-1, 0): -1}, 1, (1, 2)),
        ({(1, 0): 1, (-1, 0): 1, (0, 1): -1, (0, -1): -1}, 4, (2, 2)),
        ({(1, 0): 1, (0, 1): 1, (-1, -1): 1}, 3, (3, 1)),
        ({(1, 0): 2, (1, 1): -1, (1, -1): -1}, 4, (2, 3)),
    ],
)
def test_degenerate_fans(weights: dict[tuple[int, int], int], fan_rays: int, counts: object):
    f = fan_complex(weights)
    assert len(tran_wang_fan(f).facets) == fan_rays
    vertex = tran_wang_decomposition(f)
    assert vertex.counts == counts
    check(vertex, f)


@settings(max_examples=25, deadline=None)
@given(RNGS)
def test_fewest_pieces_over_every_complex_and_least_perimeter(rng: Random):
    f = random_rational(rng, 2, 4, homogeneous=True)
    canonical = tran_wang_decomposition(f)
    check(canonical, f)
    fan = tran_wang_fan(f)
    over_fan = minimal_decompositions(f, fan)
    assert canonical in over_fan.decompositions
    # More rays do not help.
    around = [(rng.randint(-3, 3), rng.randint(1, 3)) for _ in range(2)]
    around += [(-x, -y) for x, y in around]
    finer = PolyhedralComplex.from_rays([*directions(fan), *around])
    over_finer = minimal_decompositions(f, finer)
    assert over_finer.decompositions[0].pieces == canonical.pieces
    for other in over_fan.decompositions + over_finer.decompositions:
        longer = perimeter(other) - perimeter(canonical)
        same = break_locus(other.g) == break_locus(canonical.g)
        assert abs(longer) < 1e-9 if same else longer > 1e-9


def test_functions_that_are_not_conewise():
    shifted = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 1, 0])
    square = TropicalPolynomial([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 0, 0, 1])
    parallel = TropicalPolynomial([[0, 0], [1, 0], [2, 0]], [0, 0, -1])
    for f in (shifted, square, parallel):
        with pytest.raises(InvalidInputError, match=r"f: not linear .* breaks along"):
            tran_wang_fan(f)
    with pytest.raises(InvalidInputError, match="f: 3 variables"):
        tran_wang_decomposition(TropicalPolynomial([[0, 0, 1]], [0]))
    assert tran_wang_decomposition(shifted.pull_back([[1, 0], [0, 1]], [-1, 0])).counts == (3, 1)


def test_rational_weights():
    f = fan_complex({(2, 1): Fraction(1, 3), (-1, 2): Fraction(1, 2), (1, 8): Fraction(-1, 6)})
    vertex = tran_wang_decomposition(f)
    assert rays(tran_wang_fan(f)) == {(2, 1), (-1, 2), (1, 8), (-1, -8)}
    assert vertex.weights.count(Fraction(1, 6)) == 1
    check(vertex, f)
