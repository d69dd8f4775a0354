"""Common summands and reduction, against the definition and against weighted hypersurfaces."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropical.tropical_strategies import polynomials, rationals, small
from tropnet import InvalidInputError, TropicalPolynomial, TropicalRational, decide_equality
from tropnet.tropical.reduction import common_summand

X, Y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0])


def factor(*terms: tuple[int, int, int]) -> TropicalPolynomial:
    return TropicalPolynomial([term[:2] for term in terms], [term[2] for term in terms])


def same_up_to_affine(p: TropicalPolynomial, q: TropicalPolynomial) -> bool:
    """By the first essential monomials: a shift keeps the order of exponents."""
    p, q = p.essential(), q.essential()
    a, b = (TropicalPolynomial(f.exponents[:1], f.coefficients[:1]) for f in (p, q))
    return p * b == q * a


def check(r: TropicalRational) -> TropicalRational:
    """Everything `reduce` promises that can be checked without it."""
    short = r.reduce()
    p, q = r.numerator.essential(), r.denominator.essential()
    assert (short.numerator * q).essential() == (p * short.denominator).essential()
    assert len(short.numerator) <= len(p)
    assert len(short.denominator) <= len(q)
    assert short == short.essential()
    assert [min(column) for column in zip(*short.denominator.exponents, strict=True)] == [
        0
    ] * r.variables
    assert max(short.denominator.coefficients) == 0
    assert short.reduce() == short
    # The summand divides both, with the quotients that `reduce` returns.
    s = common_summand(p, q)
    assert same_up_to_affine(s * short.numerator, p)
    assert same_up_to_affine(s * short.denominator, q)
    assert common_summand(short.numerator, short.denominator).is_monomial
    return short


@settings(max_examples=60, deadline=None)
@given(rationals(size=4))
def test_any_rational_function(r: TropicalRational) -> None:
    short = check(r)
    assert decide_equality(short, r).equal


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_common_factors_disappear(data: st.DataObject) -> None:
    r = data.draw(rationals(variables=data.draw(st.integers(1, 2))))
    t = data.draw(polynomials(variables=r.variables, size=3))
    short = check(TropicalRational(r.numerator * t, r.denominator * t))
    s = common_summand(r.numerator * t, r.denominator * t)
    assert s.is_monomial <= t.essential().is_monomial
    x = data.draw(st.tuples(*[small()] * r.variables))
    assert short(x) == r(x)
    assert decide_equality(short, r).equal


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_convex_functions_become_polynomials(data: st.DataObject) -> None:
    p = data.draw(polynomials(variables=data.draw(st.integers(1, 3)), size=4))
    q = data.draw(polynomials(variables=p.variables, size=3))
    zero = p.constant(p.variables)
    assert ((p * q) / q).reduce() == p.essential() / zero
    concave = (q / (p * q)).reduce()
    assert concave.numerator.is_monomial
    assert decide_equality(concave, zero / p).equal
    assert same_up_to_affine(common_summand(p * q, q), q)


creases = st.lists(st.tuples(st.sampled_from((0, 1)), small(), small().map(abs)), max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from((1, 2, 3)), creases, creases)
def test_grids_have_the_minimum_of_the_weights(
    n: int,
    first: list[tuple[int, Fraction, Fraction]],
    second: list[tuple[int, Fraction, Fraction]],
) -> None:
    """No three of the hyperplanes x = c, y = d meet in codimension 2: weights are constant."""

    def weights(
        lines: list[tuple[int, Fraction, Fraction]],
    ) -> dict[tuple[int, Fraction], Fraction]:
        sums: dict[tuple[int, Fraction], Fraction] = {}
        for axis, root, weight in lines:
            line = (min(axis, n - 1), root)
            sums[line] = sums.get(line, Fraction(0)) + weight
        return sums

    def product(weighted: dict[tuple[int, Fraction], Fraction]) -> TropicalPolynomial:
        p = TropicalPolynomial.constant(n)
        for (axis, root), weight in weighted.items():
            unit = [int(axis == i) for i in range(n)]
            p = p * TropicalPolynomial([[0] * n, unit], [root, 0]).scale(weight)
        return p

    v, w = weights(first), weights(second)
    common = product({line: min(v[line], w[line]) for line in v.keys() & w.keys()})
    assert same_up_to_affine(common_summand(product(v), product(w)), common)


def test_without_common_factors_but_with_common_summands() -> None:
    # The hexagon is the sum of three segments, and of two triangles.
    segments = (X + 0) * (Y + 0) * (X + Y)
    up, down = factor((0, 0, 0), (1, 0, 0), (0, 1, 0)), factor((1, 1, 0), (1, 0, 0), (0, 1, 0))
    assert segments.essential() == (up * down).essential()
    assert same_up_to_affine(common_summand(segments, up), up)
    assert same_up_to_affine(common_summand(segments, (X + 0) * (Y + 0)), (X + 0) * (Y + 0))
    assert common_summand(up, down).is_monomial
    assert common_summand(up, X + 0).is_monomial
    assert common_summand(up, X + Y).is_monomial
    # Half of a factor, and a factor of other weights on parallel creases.
    assert same_up_to_affine(
        common_summand((X + 0).scale(3), (X + 0).scale("1/2") * up), (X + 0).scale("1/2")
    )
    assert common_summand(X + 0, X + 1).is_monomial


def test_creases_in_common_without_summand() -> None:
    """All creases of p are creases of q, yet nothing balanced fits below both."""
    p = factor((0, 0, 0), (1, 0, 0), (0, 1, 0))
    q = factor((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, -1))
    assert common_summand(p, q).is_monomial
    check(p / q)
    r = check((p * (X + 0)) / (q * (X + 0)))
    assert same_up_to_affine(r.numerator, p)
    assert same_up_to_affine(r.denominator, q)


def test_reduced_is_not_unique() -> None:
    long = ((X + 0) * (Y + 0)) / (X + Y + 0)
    short = (X + Y + X * Y) / (X + Y)
    assert decide_equality(long, short).equal
    assert check(long) == long
    assert check(short) == short


def test_affine_parts() -> None:
    r = (X * (Y + 3)) / (X * (X + 0) * 5)
    assert r.reduce() == ((Y + 3) * -5) / (X + 0)
    assert (X / Y).reduce() == (X / Y * Y / Y).reduce()
    assert (X / Y).reduce().denominator == TropicalPolynomial.constant(2)
    with pytest.raises(InvalidInputError, match="1 and 2 variables"):
        common_summand(TropicalPolynomial.constant(1), X)
