"""Minimal polynomials and pairs, and how many monomials a function needs."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet import (
    Budget,
    Facet,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    count_linear_pieces,
    decide_equality,
    factorization_complexity,
    is_convex,
    minimal_pairs,
    minimal_polynomial,
    monomial_complexity,
    random_network,
    tran_wang_decomposition,
    tran_wang_fan,
    tropicalize,
)

ZERO = TropicalPolynomial([[0, 0]], [0])


def crease_sum(creases: list[tuple[list[int], int, int]]) -> ReLUNetwork:
    """Σ c relu(a·x + b) from triples (a, b, c)."""
    rows = [row for row, _, _ in creases]
    return ReLUNetwork([(rows, [b for _, b, _ in creases]), ([[c for _, _, c in creases]], [0])])


def agrees(f: object, factors: object) -> bool:
    numerator, denominator = factors  # type: ignore[misc]
    total = numerator[0]
    for factor in numerator[1:]:
        total = total * factor
    below = denominator[0]
    for factor in denominator[1:]:
        below = below * factor
    return bool(decide_equality(f, total / below).equal)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "f",
    [
        TropicalPolynomial([[0]], [3]),
        TropicalPolynomial([[2]], [1]),
        TropicalPolynomial([["1/2", -1, 3]], [0]),
        ReLUNetwork([([[1, 2]], [3])]),
        ReLUNetwork([([[0, 0]], [1]), ([[2]], [3])]),
    ],
)
def test_affine_functions(f: TropicalPolynomial | ReLUNetwork) -> None:
    polynomial = minimal_polynomial(f).polynomial
    assert polynomial is not None
    assert len(polynomial.coefficients) == 1
    assert decide_equality(f, polynomial).equal
    assert minimal_pairs(f).counts == ((1, 1),)
    for complexity in (monomial_complexity(f), factorization_complexity(f)):
        assert complexity.value == 2
        assert agrees(f, complexity.factors)


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.integers(-4, 4), st.sampled_from([-2, -1, 1, Fraction(1, 2), 3]), max_size=6
    ),
    st.integers(-2, 2),
)
def test_one_variable_is_decided(jumps: dict[int, Fraction], slope: int) -> None:
    rows = [[1]] * len(jumps) + [[1], [-1]]
    weights = [*jumps.values(), slope, -slope]
    f = ReLUNetwork([(rows, [*(-s for s in jumps), 0, 0]), ([weights], [1])])
    positive = sum(weight > 0 for weight in jumps.values())
    expected = len(jumps) + 2
    found = minimal_pairs(f)
    assert found.complete
    assert found.counts == ((positive + 1, len(jumps) - positive + 1),)
    for pair in found:
        assert decide_equality(f, pair).equal
    for complexity in (monomial_complexity(f), factorization_complexity(f)):
        assert complexity.value == expected
        assert agrees(f, complexity.factors)


@pytest.mark.parametrize("seed", range(6))
def test_convex_and_concave_functions(seed: int) -> None:
    rng = Random(seed)
    exponents = [[rng.randint(-2, 2) for _ in range(2)] for _ in range(5)]
    p = TropicalPolynomial(exponents, [rng.randint(-2, 2) for _ in exponents])
    essential = len(p.essential().coefficients)
    assert minimal_polynomial(p).polynomial == p.essential()
    assert minimal_pairs(p).counts == ((essential, 1),)
    assert monomial_complexity(p).value == essential + 1
    concave = ZERO / p
    assert (minimal_polynomial(concave).polynomial is None) == (essential > 1)
    assert minimal_pairs(concave).counts == ((1, essential),)
    assert monomial_complexity(concave).value == essential + 1
    assert decide_equality(concave, minimal_pairs(concave).pairs[0]).equal
    assert factorization_complexity(p).upper <= essential + 1


def test_conewise_functions_against_brute_force() -> None:
    """max(0, min(x, y)) and others: all h with monomials in a small box, g = f + h if convex."""
    grid = list(product((-1, 0, 1), repeat=2))
    for corners in ([[0, 0], [1, 0]], [[-1, 0], [0, -1]], [[1, 1], [0, -1]]):
        h = TropicalPolynomial(corners, [0, 0])
        f = (h + 0) / h
        expected = monomial_complexity(f)
        assert expected.value == tran_wang_decomposition(f).pieces
        assert factorization_complexity(f).value == expected.value
        best = min(
            len(monomials) + pieces
            for size in (1, 2, 3)
            for monomials in combinations(grid, size)
            if (pieces := _pieces_of_sum(f, TropicalPolynomial(monomials, [0] * size))) is not None
        )
        assert expected.value <= best


def _pieces_of_sum(f: object, h: TropicalPolynomial) -> int | None:
    total = f * h  # type: ignore[operator]
    return count_linear_pieces(total) if is_convex(total) else None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("architecture", [(2, 3, 1), (2, 2, 2, 1), (3, 2, 1), (2, 2, 1, 1)])
def test_bounds_hold_together(architecture: tuple[int, ...], seed: int) -> None:
    f = random_network(architecture, seed)
    monomials = monomial_complexity(f, budget=Budget(regions=300))
    factors = factorization_complexity(f, budget=Budget(regions=300))
    for complexity in (monomials, factors):
        assert complexity.lower <= complexity.upper
        assert agrees(f, complexity.factors)
        assert decide_equality(f, complexity.representation).equal
    assert factors.upper <= monomials.upper
    numerator, denominator = tropicalize(f).numerator, tropicalize(f).denominator
    assert monomials.lower <= len(numerator.coefficients) + len(denominator.coefficients)


def test_a_grid_has_few_factors() -> None:
    grid = crease_sum([([1, 0], s, 1) for s in range(4)] + [([0, 1], s, 1) for s in range(4)])
    assert monomial_complexity(grid).value == 26
    found = factorization_complexity(grid)
    assert found.upper == 11
    assert agrees(grid, found.factors)
    mixed = crease_sum([([1, 0], 0, 2), ([0, 1], 1, -1), ([1, 1], 0, -3), ([1, 0], 5, 1)])
    assert agrees(mixed, factorization_complexity(mixed).factors)


def test_several_minimal_pairs() -> None:
    """Two pairs over one fan, with 3 + 4 and with 4 + 3 monomials (see `piecewise.conewise`)."""
    weights = {(1, 0): 2, (0, 1): 1, (-1, -1): 1, (1, 1): "-1/2", (1, -1): "-1/2"}
    facets = [
        Facet((-b, a), 0, Fraction(weight), Polyhedron.from_generators([(0, 0)], rays=[(a, b)]))
        for (a, b), weight in weights.items()
    ]
    f = WeightedComplex(2, facets).to_function([0, 0], 0, at=(5, 1))
    found = minimal_pairs(f, tran_wang_fan(f))
    assert found.counts == ((3, 4), (4, 3))
    assert not found.complete
    assert "cells" in found.scope
    for pair in found:
        assert decide_equality(f, pair).equal
    assert monomial_complexity(f).value == 7


def test_bad_input() -> None:
    two = random_network((2, 2, 2))
    for call in (minimal_polynomial, minimal_pairs, monomial_complexity, factorization_complexity):
        with pytest.raises(InvalidInputError, match="outputs"):
            call(two)
        with pytest.raises(InvalidInputError, match="f"):
            call("nothing")  # type: ignore[arg-type]
