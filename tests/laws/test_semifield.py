"""The laws of the tropical semiring and semifield, formally and as functions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import points
from tropical.tropical_strategies import polynomials, rationals, small
from tropnet import TropicalPolynomial, TropicalRational, decide_equality

Tropical = TropicalPolynomial | TropicalRational


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_semiring_laws_are_formal(data: st.DataObject, n: int) -> None:
    p, q, r = (data.draw(polynomials(n)) for _ in range(3))
    one = TropicalPolynomial.constant(n)
    assert p + q == q + p
    assert (p + q) + r == p + (q + r)
    assert p + p == p
    assert p * q == q * p
    assert (p * q) * r == p * (q * r)
    assert p * one == p == one * p
    assert p * (q + r) == p * q + p * r
    assert p**0 == one
    assert p**3 == p * p * p


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_operations_are_those_of_the_functions(data: st.DataObject, n: int) -> None:
    x = data.draw(points(n))
    f, g = data.draw(rationals(n)), data.draw(st.one_of(rationals(n), polynomials(n)))
    k = data.draw(small())
    assert (f + g)(x) == max(f(x), g(x)) == (g + f)(x)
    assert (f * g)(x) == f(x) + g(x)
    assert (f / g)(x) == f(x) - g(x) == -(g / f)(x)
    assert (f + k)(x) == max(f(x), k) == (k + f)(x)
    assert (k / f)(x) == k - f(x)
    assert f.scale(k)(x) == k * f(x)
    p, q = data.draw(polynomials(n)), data.draw(polynomials(n))
    assert (p + q)(x) == max(p(x), q(x))
    assert (p * q)(x) == p(x) + q(x)
    assert (p / q)(x) == p(x) - q(x)
    assert (p**2)(x) == 2 * p(x)
    assert p.scale(abs(k))(x) == abs(k) * p(x)


@pytest.mark.parametrize("factor", [3, "1/2", -2, 0])
@settings(max_examples=25, deadline=None)
@given(rationals(), st.data())
def test_multiples(factor: object, f: TropicalRational, data: st.DataObject) -> None:
    x = data.draw(points(f.variables))
    assert f.scale(factor)(x) == Fraction(factor) * f(x)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 2))
def test_semifield_laws_hold_as_functions(data: st.DataObject, n: int) -> None:
    f, g, h = (data.draw(rationals(n, 2)) for _ in range(3))
    assert decide_equality(f * (g + h), f * g + f * h).equal
    assert decide_equality((f / g) * g, f).equal
    assert decide_equality(f / f, TropicalPolynomial.constant(n)).equal
    assert decide_equality(f + f, f).equal


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_pull_back_and_composition(data: st.DataObject) -> None:
    n, m = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
    f = data.draw(st.one_of(rationals(n, 3), polynomials(n, 3)))
    A = [[data.draw(small()) for _ in range(m)] for _ in range(n)]
    b = [data.draw(small()) for _ in range(n)]
    x = data.draw(points(m))
    inner = [
        sum((a * t for a, t in zip(row, x, strict=True)), s) for row, s in zip(A, b, strict=True)
    ]
    assert f.pull_back(A, b)(x) == f(inner)
    functions = [data.draw(rationals(m, 2)) for _ in range(n)]
    r = f if isinstance(f, TropicalRational) else f / TropicalPolynomial.constant(n)
    assert r.compose(functions)(x) == f([g(x) for g in functions])


@settings(max_examples=80, deadline=None)
@given(polynomials(size=7))
def test_essential_monomials_are_the_unique_minimal_representation(p: TropicalPolynomial) -> None:
    q = p.essential()
    assert decide_equality(p, q).equal
    assert q.essential() == q
    assert set(zip(q.exponents, q.coefficients, strict=True)) <= set(
        zip(p.exponents, p.coefficients, strict=True)
    )
    for i in range(len(q)):
        if len(q) > 1:
            rest = TropicalPolynomial(
                [a for j, a in enumerate(q.exponents) if j != i],
                [c for j, c in enumerate(q.coefficients) if j != i],
            )
            assert not decide_equality(q, rest).equal


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 2))
def test_equal_functions_have_equal_essential_parts(data: st.DataObject, n: int) -> None:
    p, q = data.draw(polynomials(n)), data.draw(polynomials(n))
    answer = decide_equality(p, q)
    assert answer.equal == (p.essential() == q.essential())
    assert answer.certificate.check(p, q)
