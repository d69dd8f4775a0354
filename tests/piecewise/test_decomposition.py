"""The decomposition polyhedron, and the minimal decompositions over a complex."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.decompositions import (
    check,
    fan_complex,
    max_0_min_x_y,
    mother_of_all_examples,
    naive_vertices,
    polynomials,
    random_rational,
    two_ways,
)
from tropnet import (
    Budget,
    BudgetExceededError,
    Facet,
    InvalidInputError,
    PiecewiseLinearFunction,
    PolyhedralComplex,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    break_locus,
    convex_cone,
    decide_equality,
    decomposition_polyhedron,
    is_regular_complex,
    minimal_decompositions,
    pareto_minimal_decompositions,
    random_network,
)
from tropnet.piecewise.compatible import balanced_weights

RNGS = st.integers(0, 2**32).map(Random)


# -- degenerate input -------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3])
def test_affine_functions(n: int):
    f = TropicalPolynomial([range(1, n + 1)], [5])
    problem = decomposition_polyhedron(f)
    assert len(problem.complex.maximal_cells) == 1
    assert not problem.is_empty
    assert problem.polyhedron == Polyhedron.from_generators([()], ambient_dim=0)
    (vertex,) = problem.vertices
    assert vertex.counts == (1, 1)
    assert list(problem.stream_vertices()) == [vertex]
    assert minimal_decompositions(f).decompositions == (vertex,)
    check(vertex, f)


def test_affine_functions_over_a_finer_complex():
    f = TropicalPolynomial([[1, 2]], [0])
    complex = PolyhedralComplex.from_hyperplanes([[1, 0], [0, 1], [1, 1]], [0, 0, 0])
    problem = decomposition_polyhedron(f, complex)
    assert problem.polyhedron == convex_cone(complex)
    assert [vertex.counts for vertex in problem.vertices] == [(1, 1)]
    assert minimal_decompositions(f, complex).counts == ((1, 1),)


def test_convex_and_concave_functions():
    p = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    minus_p = TropicalPolynomial.constant(2) / p
    for f, counts in ((p, (3, 1)), (minus_p, (1, 3)), (break_locus(p), (3, 1))):
        (vertex,) = minimal_decompositions(f).decompositions
        assert vertex.counts == counts
        check(vertex, f)


def test_lineality():
    flat = random_rational(Random(7), 2)
    f = flat.pull_back([[1, 0, 1], [0, 1, -1]], [0, 0])
    assert minimal_decompositions(f).counts == minimal_decompositions(flat).counts
    for vertex in minimal_decompositions(f).decompositions:
        check(vertex, f)


def test_parallel_hyperplanes():
    staircase = ReLUNetwork([([[1, 1]] * 4, [0, -1, -2, -3]), ([[1, -1, 1, -1]], [0])])
    problem = decomposition_polyhedron(staircase)
    (vertex,) = problem.vertices
    assert vertex.weights == (1, 0, 1, 0)
    assert vertex.counts == (3, 3)
    check(vertex, staircase)


# -- the examples of theory.md ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("added", "counts"),
    [([(-1, -1)], (3, 2)), ([(-1, 0), (0, -1)], (4, 3))],
)
def test_max_0_min_x_y_depends_on_the_complex(added: list[tuple[int, int]], counts: object):
    f = max_0_min_x_y()
    fan = PolyhedralComplex.from_rays([(1, 0), (0, 1), (1, 1), *added])
    problem = decomposition_polyhedron(f, fan)
    result = minimal_decompositions(f, fan)
    assert result.decompositions == problem.vertices
    assert result.counts == (counts,)
    assert f"{len(fan.maximal_cells)} maximal cells of the complex" in result.scope
    check(result.decompositions[0], f)


def test_several_minimal_decompositions():
    f = two_ways()
    rays = [(1, 0), (0, 1), (-1, -1), (1, 1), (1, -1), (-1, 0)]
    result = minimal_decompositions(f, PolyhedralComplex.from_rays(rays))
    assert result.counts == ((3, 4), (4, 3))
    assert {d.pieces for d in result.decompositions} == {7}
    assert len(result.decompositions) == 2
    for vertex in result.decompositions:
        check(vertex, f)
    assert minimal_decompositions(f).counts == result.counts  # nor do more lines help


def test_no_decomposition_over_the_mother_of_all_examples():
    K = mother_of_all_examples()
    assert not is_regular_complex(K)
    cone = convex_cone(K)
    never = [e for e in range(len(K.facets)) if not any(ray[e] for ray in cone.rays)]
    assert len(never) == 3  # the twisted diagonals
    empty = 0
    for weights in balanced_weights(K):
        f = K.weighted(weights)
        problem = decomposition_polyhedron(f, K)
        assert problem.is_empty == any(weights[e] > 0 for e in never)
        assert problem.is_empty == problem.polyhedron.is_empty == (not problem.vertices)
        assert problem.is_empty == minimal_decompositions(f, K).is_empty
        assert problem.is_empty == (not list(problem.stream_vertices()))
        empty += problem.is_empty
        (*_, vertex) = decomposition_polyhedron(f).vertices  # never empty
        check(vertex, f)
    assert empty


# -- one variable -----------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(RNGS)
def test_one_variable_has_one_minimal_decomposition(rng: Random):
    points = {Fraction(rng.randint(-9, 9), rng.randint(1, 3)) for _ in range(rng.randint(0, 6))}
    weights = {c: Fraction(rng.choice((-3, -1, 1, 2)), rng.choice((1, 2))) for c in sorted(points)}
    f = WeightedComplex(
        1, [Facet((1,), c, w, Polyhedron.from_generators([(c,)])) for c, w in weights.items()]
    )
    result = minimal_decompositions(f)
    (vertex,) = result.decompositions
    assert result.scope.endswith("among all decompositions")
    assert break_locus(vertex.g) == f.positive_part()
    assert break_locus(vertex.h) == f.negative_part()
    positive = sum(w > 0 for w in weights.values())
    assert vertex.counts == (positive + 1, len(weights) - positive + 1)
    assert decomposition_polyhedron(f).vertices == result.decompositions
    # Neither does it help to allow breaks elsewhere.
    finer = PolyhedralComplex.from_hyperplanes([[1]] * (len(points) + 1), [*points, 100])
    assert minimal_decompositions(f, finer).counts == (vertex.counts,)


# -- vertices ---------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_vertices_against_brute_force(rng: Random, n: int):
    f = random_rational(rng, n, 3 if n < 3 else 2)
    problem = decomposition_polyhedron(f)
    streamed = list(problem.stream_vertices())
    vertices = problem.vertices
    assert not problem.is_empty
    assert sorted(d.weights for d in streamed) == [d.weights for d in vertices]
    assert [d.weights for d in vertices] == sorted(problem.polyhedron.vertices)
    bounds = problem.bounds
    if bounds.dimension <= 5 and len(bounds.rows) <= 12:
        naive = {bounds.weights(y) for y in naive_vertices(bounds.rows, bounds.dimension)}
        assert naive == {d.weights for d in vertices}
    for vertex in rng.sample(vertices, min(3, len(vertices))):
        assert problem.complex.weighted(vertex.weights).is_balanced()
        assert min(vertex.weights, default=0) >= 0
        assert min(vertex.h_weights, default=0) >= 0
        check(vertex, f)


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 2))
def test_minimal_ones_are_the_best_vertices(rng: Random, n: int):
    f = random_rational(rng, n, 4)
    problem = decomposition_polyhedron(f)
    counts = [vertex.counts for vertex in problem.vertices]
    least = min(map(sum, counts))
    minimal = minimal_decompositions(f)
    assert sorted(d.weights for d in minimal.decompositions) == [
        d.weights for d in problem.vertices if d.pieces == least
    ]
    pareto = pareto_minimal_decompositions(f)
    assert sorted(d.weights for d in pareto.decompositions) == [
        d.weights
        for d in problem.vertices
        if not any(a <= d.counts[0] and b <= d.counts[1] and (a, b) != d.counts for a, b in counts)
    ]
    assert {d.weights for d in minimal.decompositions} <= {d.weights for d in pareto.decompositions}


@settings(max_examples=20, deadline=None)
@given(RNGS)
def test_the_polyhedron_contains_exactly_the_decompositions(rng: Random):
    f = random_rational(rng, 2)
    problem = decomposition_polyhedron(f)
    K, basis = problem.complex, balanced_weights(problem.complex)
    for _ in range(5):
        factors = [rng.randint(-2, 4) for _ in basis]
        v = [
            sum((c * b[e] for c, b in zip(factors, basis, strict=True)), Fraction(0))
            for e in range(len(K.facets))
        ]
        both_convex = all(x >= max(0, w) for x, w in zip(v, problem.f_weights, strict=True))
        assert problem.polyhedron.contains(v) is both_convex
        if both_convex:
            check(problem.decomposition(tuple(v)), f)
    if any(problem.f_weights):
        unbalanced = [1 + abs(w) for w in problem.f_weights]
        unbalanced[0] += Fraction(1, 7)
        balanced = K.weighted(unbalanced).is_balanced()
        assert problem.polyhedron.contains(unbalanced) is balanced


@pytest.mark.parametrize("architecture", [(2, 2, 2, 1), (2, 3, 2, 1), (1, 3, 2, 1), (3, 2, 1)])
def test_networks(architecture: tuple[int, ...]):
    for seed in range(2):
        net = random_network(architecture, seed=seed)
        result = minimal_decompositions(net)
        assert result.decompositions
        for vertex in result.decompositions:
            p, q = polynomials(vertex)
            assert decide_equality(p / q, net).equal
            assert vertex.counts == (len(p.essential()), len(q.essential()))


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5])
def test_the_search_against_all_vertices_of_larger_networks(seed: int):
    net = random_network((2, 3, 3, 1), seed=seed)
    problem = decomposition_polyhedron(net)
    vertices = problem.vertices
    least = min(vertex.pieces for vertex in vertices)
    assert [d.weights for d in minimal_decompositions(net).decompositions] == [
        d.weights
        for d in sorted(vertices, key=lambda d: (d.counts, d.weights))
        if d.pieces == least
    ]
    for vertex in vertices:
        check(vertex, net)


# -- bad input --------------------------------------------------------------------------------


def test_what_has_no_decomposition_polyhedron():
    p = TropicalPolynomial([[0, 0], [1, 0]], [0, 0])
    half = Polyhedron.from_inequalities([[1, 0]], [1])
    on_half = PiecewiseLinearFunction([(half, [1, 1], 0)], domain=half)
    unbalanced = fan_complex({(1, 0): 1})
    vectors = WeightedComplex(1, [Facet((1,), 0, (1, 2), Polyhedron.from_generators([(0,)]))])
    for f, message in (
        ((p, p), "2 outputs; take one"),
        (on_half, "defined everywhere"),
        (unbalanced, "not balanced"),
        (vectors, "vector weights"),
        (3, "f: expected a ReLUNetwork"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            decomposition_polyhedron(f)
    with pytest.raises(InvalidInputError, match=r"in R\^1, and f has 2 inputs"):
        decomposition_polyhedron(p, PolyhedralComplex.from_hyperplanes([[1]], [0]))


def test_f_must_break_in_facets_of_the_complex():
    x_axis = PolyhedralComplex.from_hyperplanes([[0, 1]], [0])
    with pytest.raises(
        InvalidInputError, match=r"f breaks .* in x - y = 0 on the set with .*\(1, 1\)"
    ):
        decomposition_polyhedron(TropicalPolynomial([[1, 0], [0, 1]], [0, 0]), x_axis)
    # Half of the line is not enough: weight 1 where x > 0, and 0 where x < 0.
    with pytest.raises(InvalidInputError, match=r"f breaks .* in y = 0 on the set"):
        decomposition_polyhedron(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]), x_axis)


def test_budget():
    f = two_ways()
    with pytest.raises(BudgetExceededError, match=r"best decompositions .* in \.found") as caught:
        minimal_decompositions(f, budget=Budget(regions=4))
    for vertex in caught.value.found:
        check(vertex, f)
    with pytest.raises(BudgetExceededError):
        list(decomposition_polyhedron(f).stream_vertices(budget=Budget(regions=2)))
    reports: list[int] = []
    minimal_decompositions(f, progress=reports.append)
    assert reports[-1] > 4


def test_reprs():
    result = minimal_decompositions(max_0_min_x_y())
    assert repr(result) == "<MinimalDecompositions: 1 with pieces 3 - 2>"
    assert repr(result.decompositions[0]) == "<Decomposition: 3 - 2 pieces>"
    assert repr(decomposition_polyhedron(max_0_min_x_y())) == (
        "<DecompositionPolyhedron over 6 facets, 4 independent balanced weights>"
    )
