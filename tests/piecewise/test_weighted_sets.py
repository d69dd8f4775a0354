"""Laws of weighted sets: nothing depends on the subdivision, and everything on the weights."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.complexes import (
    arrangement,
    balanced_complex,
    brute_weights,
    hypersurface,
    primitive,
    random_hypersurface,
    random_row,
    random_weight,
    ray,
    refined,
    wild_complex,
)
from tropnet import InvalidInputError
from tropnet.exact import primitive_vector
from tropnet.piecewise import WeightedComplex
from tropnet.piecewise.constancy import overlap

DIMENSIONS = st.integers(1, 3)
RNGS = st.integers(0, 2**32).map(Random)


@settings(max_examples=25, deadline=None)
@given(RNGS, DIMENSIONS, st.integers(0, 2))
def test_equality_and_canonical_form_against_brute_force(rng: Random, n: int, weights: int):
    X = wild_complex(rng, n, weights)
    Y = wild_complex(rng, n, weights) if rng.random() < 0.5 else refined(X, rng)
    table = brute_weights(X, Y)
    equal = all(left == right for _, left, right in table)
    assert (X == Y) is equal
    assert (X.digest() == Y.digest()) is equal
    assert (X.canonical().facets == Y.canonical().facets) is equal
    assert bool((X - Y).facets) is not equal
    if equal:
        assert hash(X) == hash(Y)
    C = X.canonical()
    assert C == X
    assert all(left == right for _, left, right in brute_weights(X, C))
    for one in C.facets:
        for other in C.facets:
            if one is not other and one.hyperplane == other.hyperplane:
                assert not overlap(one.polyhedron, other.polyhedron)
    for point, left, _ in table:
        if any(left):
            assert X.contains(point)
            with suppress(InvalidInputError):  # the point lies in a second hyperplane
                value = X.weight_at(point)
                assert (value if weights else (value,)) == left


@settings(max_examples=40, deadline=None)
@given(RNGS, DIMENSIONS)
def test_a_refinement_is_the_same_weighted_set(rng: Random, n: int):
    build = rng.choice((balanced_complex, arrangement_of_three, wild_complex))
    X = build(rng, n)
    Y = refined(X, rng)
    assert X == Y
    assert Y == X
    assert hash(X) == hash(Y)
    assert X.digest() == Y.digest()
    assert X.canonical().facets == Y.canonical().facets
    assert X.hyperplanes() == Y.hyperplanes()
    assert X.is_balanced() == Y.is_balanced() == (build is not wild_complex or X.is_balanced())
    assert X.unbalanced_cells() == Y.unbalanced_cells()


@settings(max_examples=40, deadline=None)
@given(RNGS, DIMENSIONS)
def test_one_changed_weight_shows(rng: Random, n: int):
    X = balanced_complex(rng, n)
    assert X.is_balanced()
    assert X.unbalanced_cells() == ()
    if not X.facets:
        return
    i = rng.randrange(len(X.facets))
    changed = X.facets[i].with_weight(X.facets[i].weight + random_weight(rng))
    Y = WeightedComplex(n, [*X.facets[:i], changed, *X.facets[i + 1 :]])
    assert X != Y
    assert X.digest() != Y.digest()
    # The defect is a multiple of the boundary of that facet.
    ridges = changed.polyhedron.faces(n - 2) if n > 1 else ()
    assert set(Y.unbalanced_cells()) == set(ridges)
    assert Y.is_balanced() == (not ridges)
    assert refined(Y, rng).unbalanced_cells() == Y.unbalanced_cells()


@settings(max_examples=30, deadline=None)
@given(RNGS, DIMENSIONS)
def test_weighted_sets_form_a_vector_space(rng: Random, n: int):
    X, Y = wild_complex(rng, n), wild_complex(rng, n)
    k, m = random_weight(rng), random_weight(rng)
    assert X + Y == Y + X
    assert X + Y - Y == X
    assert k * (X + Y) == k * X + k * Y
    assert (k + m) * X == k * X + m * X
    assert (X - refined(X, rng)).facets == ()
    assert (X + Y).canonical() == X + Y


def arrangement_of_three(rng: Random, n: int) -> WeightedComplex:
    return arrangement(rng, n, 3)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_sum_of_maxima_breaks_along_the_sum(n: int):
    """max_i f_i + max_j g_j = max_ij (f_i + g_j), whose facets are found anew."""
    rng = Random(n)
    for _ in range(4 if n < 4 else 1):
        f, g = ([_form(rng, n) for _ in range(3)] for _ in range(2))
        both = [
            (tuple(p + q for p, q in zip(a, b, strict=True)), c + d) for a, c in f for b, d in g
        ]
        X, Y, sum_ = hypersurface(f), hypersurface(g), hypersurface(both)
        assert sum_ == X + Y
        assert (X + Y).digest() == sum_.digest()
        assert sum_.is_balanced()
        assert sum_ - X == Y
        assert (sum_ - X).is_balanced()


@settings(max_examples=60, deadline=None)
@given(RNGS, st.integers(0, 1))
def test_balancing_of_fans_by_lattice_vectors(rng: Random, extra: int):
    """In the plane: the sum of weight times primitive direction, for rays from the origin."""
    directions = [primitive(random_row(rng, 2, 4)[:2])[0] for _ in range(rng.randint(1, 4))]
    weights = [random_weight(rng) for _ in directions]
    total = [sum(w * v[k] for w, v in zip(weights, directions, strict=True)) for k in range(2)]
    if any(total) and extra:
        last = primitive_vector([-entry for entry in total])
        k = 0 if last[0] else 1
        directions.append(last)
        weights.append(-total[k] / last[k])
        total = [0, 0]
    X = WeightedComplex(
        2, [ray((v[1], -v[0]), v, w) for v, w in zip(directions, weights, strict=True)]
    )
    assert X.is_balanced() == (not any(total))
    assert len(X.unbalanced_cells()) == any(total)
    assert refined(X, rng).is_balanced() == (not any(total))


@pytest.mark.parametrize("n", [2, 3])
def test_cells_of_a_hypersurface_meet_face_to_face(n: int):
    for seed in range(5):
        X = random_hypersurface(Random(seed), n)
        graph = X.incidence_graph()
        assert set(graph) == {cell for k in range(n) for cell in X.cells(k)}
        for lower, upper in graph.edges:
            assert upper.dim == lower.dim + 1
            assert upper.intersection(lower) == lower
        for k in range(n):
            assert list(X.cells(k)) == sorted(
                {face for part in X.facets for face in part.polyhedron.faces(k)},
                key=lambda cell: (cell.vertices, cell.rays, cell.lines),
            )


def _form(rng: Random, n: int) -> tuple[tuple[int, ...], int]:
    return tuple(rng.randint(0, 2) for _ in range(n)), rng.randint(-2, 2)
