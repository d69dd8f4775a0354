"""Stars: every codimension-2 cell with what is around it, against plain incidence."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.complexes import arrangement, facet, max_0_x_y, random_hypersurface, refined
from tropnet.certificates.star_pattern import opposite_pairs
from tropnet.piecewise import WeightedComplex
from tropnet.piecewise.constancy import overlap
from tropnet.piecewise.stars import Star, stars
from tropnet.polyhedra import Polyhedron

RNGS = st.integers(0, 2**32).map(Random)


def stars_of(X: WeightedComplex) -> tuple[tuple[Star, ...], WeightedComplex]:
    canonical = X.canonical()
    return stars(canonical.facets), canonical


def generic_point(cell: Polyhedron, rng: Random) -> tuple[Fraction, ...]:
    """A point inside a cell that lies on no other facet by accident."""
    weights = [rng.randint(1, 10**6) for _ in cell.generators]
    *total, scale = (
        sum(w * entry for w, entry in zip(weights, column, strict=True))
        for column in zip(*cell.generators, strict=True)
    )
    steps = [rng.randint(-(10**6), 10**6) for _ in cell.lines]
    shift = [
        sum((s * line[k] for s, line in zip(steps, cell.lines, strict=True)), Fraction(0))
        for k in range(len(total))
    ]
    return tuple(Fraction(entry, scale) + step for entry, step in zip(total, shift, strict=True))


@settings(max_examples=12, deadline=None)
@given(RNGS, st.integers(2, 3))
def test_each_star_is_what_its_inside_sees(rng: Random, n: int) -> None:
    """Just beside an inner point in the direction of a sheet there is its facet, and no other."""
    found, X = stars_of(random_hypersurface(rng, n) - arrangement(rng, n, 2))
    for star in found:
        assert star.cell.dim == n - 2
        point = generic_point(star.cell, rng)
        here = {i for i, part in enumerate(X.facets) if part.polyhedron.contains(point)}
        assert here == {sheet.facet for sheet in star.sheets}
        for i, sheet in enumerate(star.sheets):
            direction = star.direction(i)
            size = 1
            while True:  # as near as needed
                beside = [a + Fraction(b, size) for a, b in zip(point, direction, strict=True)]
                around = {k for k in here if X.facets[k].polyhedron.contains(beside)}
                if around == {sheet.facet}:
                    break
                assert size < 2**60
                size *= 4
        twice = [i for i in here if sum(sheet.facet == i for sheet in star.sheets) == 2]
        rays = [sheet.ray for sheet in star.sheets]
        assert len(set(rays)) == len(rays)
        for k in twice:
            both = tuple(i for i, sheet in enumerate(star.sheets) if sheet.facet == k)
            assert both in opposite_pairs(rays)


@settings(max_examples=8, deadline=None)
@given(RNGS, st.integers(2, 3))
def test_stars_do_not_overlap_and_miss_nothing(rng: Random, n: int) -> None:
    found, X = stars_of(random_hypersurface(rng, n) + arrangement(rng, n, 1))
    cells = [star.cell for star in found]
    for left, right in combinations(cells, 2):
        assert left.equations != right.equations or not overlap(left, right)
    for cell in X.refined().cells(n - 2):
        point = generic_point(cell, rng)
        if sum(part.polyhedron.contains(point) for part in X.facets) > 1:
            assert any(star.cell.contains(point) for star in found)


@settings(max_examples=8, deadline=None)
@given(RNGS, st.integers(2, 3))
def test_stars_depend_on_the_weighted_set_alone(rng: Random, n: int) -> None:
    X = random_hypersurface(rng, n) - random_hypersurface(rng, n)
    assert stars_of(refined(X, rng))[0] == stars_of(X)[0]


def test_small_cases() -> None:
    assert stars(()) == ()
    assert stars([facet((1,), c, 1) for c in (0, 1)]) == ()  # points of a line
    assert stars([facet((1, 0), c, 1) for c in (0, 1)]) == ()  # parallel lines
    assert stars([facet((1, 0, 0), 0, 1)]) == ()
    (cross,), _ = stars_of(WeightedComplex(2, [facet((1, 0), 0, 1), facet((0, 1), 0, 1)]))
    assert [sheet.facet for sheet in cross.sheets] == [0, 1, 0, 1]
    (corner,), _ = stars_of(max_0_x_y())
    assert corner.cell.vertices == ((0, 0),)
    assert [sheet.ray for sheet in corner.sheets] == [(1, 1), (-1, 0), (0, -1)]


@pytest.mark.parametrize("n", [3, 4])
def test_cells_with_lines(n: int) -> None:
    zeros = (0,) * (n - 2)
    X = WeightedComplex(n, [facet((a, b, *zeros), 0, 1) for a, b in ((1, 0), (0, 1), (1, 1))])
    (star,), _ = stars_of(X)
    assert len(star.cell.lines) == n - 2
    assert len(star.sheets) == 6
