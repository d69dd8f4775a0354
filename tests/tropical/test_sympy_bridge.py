"""The sympy bridge: round trips as functions, and refusals that name the term."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Max, Min, Rational

from tropical.tropical_strategies import polynomials, rationals, small
from tropnet import TropicalPolynomial, TropicalRational, decide_equality
from tropnet.errors import InvalidInputError

X, Y, Z = sympy.symbols("x y z")


def value(expression, symbols, point):
    """The value by sympy's own substitution."""
    numbers = [Rational(Fraction(entry).numerator, Fraction(entry).denominator) for entry in point]
    result = expression.subs(dict(zip(symbols, numbers, strict=True)), simultaneous=True)
    assert result.is_Rational
    return Fraction(int(result.p), int(result.q))


# -- out ---------------------------------------------------------------------------------------


def test_the_expressions_are_as_printed():
    p = TropicalPolynomial([[0, 0], ["1/2", 0], [0, -3]], [0, 2, "-1/3"])
    assert p.to_sympy() == Max(0, X / 2 + 2, -3 * Y - Rational(1, 3))
    assert (p / p.constant(2, 5)).to_sympy() == p.to_sympy() - 5
    assert p.constant(1, "7/2").to_sympy() == Rational(7, 2)


def test_more_variables_and_other_symbols():
    p = TropicalPolynomial([[1, 0, 0, 0], [0, 0, 0, 1]], [0, 0])
    assert p.to_sympy() == Max(*sympy.symbols("x1 x4"))
    assert p.to_sympy("a, b, c, d") == Max(*sympy.symbols("a d"))
    real = sympy.symbols("u:4", real=True)
    assert p.to_sympy(real).free_symbols == {real[0], real[3]}


def test_redundant_monomials_stay():
    p = TropicalPolynomial([[0], [1], [2]], [0, -5, 0])
    assert len(p.to_sympy().args) == 3
    assert TropicalPolynomial.from_sympy(p.to_sympy(), [X]) == p


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ([X], "1 of them for a function in 2 variables"),
        ([X, X], "x occurs twice"),
        ([X, 3], "3 is not a sympy symbol"),
        ([], "at least one variable"),
        (5, "expected a sequence"),
    ],
)
def test_wrong_symbols(symbols, message):
    with pytest.raises(InvalidInputError, match=f"^symbols: .*{message}"):
        TropicalPolynomial([[0, 1]], [0]).to_sympy(symbols)


# -- there and back ----------------------------------------------------------------------------


@given(polynomials())
@settings(max_examples=60, deadline=None)
def test_polynomials_round_trip_formally(p):
    symbols = sympy.symbols(f"x1:{p.variables + 1}")
    assert TropicalPolynomial.from_sympy(p.to_sympy(symbols), symbols) == p


@given(rationals(), st.data())
@settings(max_examples=30, deadline=None)
def test_rational_functions_round_trip_as_functions(r, data):
    symbols = sympy.symbols(f"x1:{r.variables + 1}")
    expression = r.to_sympy(symbols)
    again = TropicalRational.from_sympy(expression, symbols)
    point = data.draw(st.tuples(*[small()] * r.variables))
    assert value(expression, symbols, point) == r(point) == again(point)
    assert decide_equality(r, again).equal


def expressions() -> st.SearchStrategy[sympy.Expr]:
    leaves = st.sampled_from([X, Y, sympy.Integer(0), Rational(1, 2), X - 2 * Y + 1])
    factors = st.sampled_from([Rational(-2), Rational(1, 3), Rational(-1, 2), Rational(2)])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda pair: Max(*pair)),
            st.tuples(inner, inner).map(lambda pair: Min(*pair)),
            st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
            st.tuples(factors, inner).map(lambda pair: pair[0] * pair[1]),
            inner.map(Abs),
            inner.map(lambda e: Max(0, e)),
        ),
        max_leaves=5,
    )


@given(expressions(), st.lists(st.tuples(small(), small()), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_nested_expressions_have_their_values(expression, points):
    r = TropicalRational.from_sympy(expression, [X, Y])
    for point in points:
        assert r(point) == value(expression, [X, Y], point)


def test_convex_expressions_are_polynomials():
    def read(expression):
        return TropicalPolynomial.from_sympy(expression, [X, Y])

    assert read(-3 * Min(X, Y)) == TropicalPolynomial([[-3, 0], [0, -3]], [0, 0])
    assert read(Max(Max(0, X) + Y, 1)) == TropicalPolynomial([[0, 1], [1, 1], [0, 0]], [0, 0, 1])
    assert read(2 * Max(0, X) + Abs(Y) / 2 - X)((3, -4)) == 5
    assert read(sympy.Integer(3)) == read(3) == TropicalPolynomial.constant(2, 3)
    assert read(Fraction(1, 3)) == TropicalPolynomial.constant(2, "1/3")


def test_nested_maxima_stay_small():
    # A sum of 12 kinks in one variable has 13 pieces, not 2^12 monomials.
    p = TropicalPolynomial.from_sympy(sum(Max(0, X - k) for k in range(12)), [X])
    assert len(p) == 13


def test_assumptions_of_symbols():
    x = sympy.Symbol("x", real=True)
    assert TropicalPolynomial.from_sympy(Abs(x), [x])(-2) == 2
    with pytest.raises(InvalidInputError, match=r"symbol x is not among the symbols x; .*assump"):
        TropicalPolynomial.from_sympy(x, [X])


# -- refusals ----------------------------------------------------------------------------------

BAD = [
    (1 + X * Y, r"x\*y is not piecewise linear"),
    (Max(0, X**2 + Y), r"x\*\*2 is not piecewise linear"),
    (3 * X * Max(0, Y), r"x\*Max\(0, y\) is not piecewise linear"),
    (X + sympy.sin(Y), r"sin\(y\) is not piecewise linear"),
    (X / Y, r"x/y is not piecewise linear"),
    (1 + 1 / X, r"1/x is not piecewise linear"),
    (sympy.sqrt(X), r"sqrt\(x\) is not piecewise linear"),
    (X * sympy.exp(Y), r"exp\(y\) is not piecewise linear"),
    (sympy.Piecewise((X, X > 0), (0, True)), r"Piecewise\(.*\) is not piecewise linear"),
    (sympy.Heaviside(X), r"Heaviside\(x\) is not piecewise linear"),
    (sympy.sqrt(2) * X, r"sqrt\(2\) is not a rational number"),
    (X + sympy.pi, "pi is not a rational number"),
    (X + sympy.I, "I is not a rational number"),
    (sympy.oo, "oo is not a rational number"),
    (sympy.nan, "nan is not a rational number"),
    (sympy.zoo, "zoo is not a rational number"),
    (Max(X, -sympy.oo, evaluate=False), "-oo is not a rational number"),
    (X + Z, "the symbol z is not among the symbols x, y"),
    (X / 2 + 0.25, "0.25.* is a floating-point number; .*Rational"),
    (0.1, "is a floating-point number"),
    (X > 0, "expected a sympy expression, got x > 0"),
    ("Max(0, x)", "expected a sympy expression"),
    (None, "expected a sympy expression"),
    (True, "expected a sympy expression"),
    (sympy.Matrix([X]), "expected a sympy expression"),
]


@pytest.mark.parametrize(("expression", "message"), BAD, ids=str)
@pytest.mark.parametrize("kind", [TropicalPolynomial, TropicalRational])
def test_refusals_name_the_term(kind, expression, message):
    with pytest.raises(InvalidInputError, match=f"^expression: .*{message}") as caught:
        kind.from_sympy(expression, [X, Y])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    ("expression", "term"),
    [
        (Max(0, X) + Min(0, Y), r"Min\(0, y\)"),
        (Max(0, X) - 2 * Max(0, Y), r"-2\*Max\(0, y\)"),
        (Max(1, Y + Min(0, X)), r"Min\(0, x\)"),
    ],
)
def test_concave_terms_are_named(expression, term):
    with pytest.raises(InvalidInputError, match=f"the term {term} is not a maximum"):
        TropicalPolynomial.from_sympy(expression, [X, Y])
    assert TropicalRational.from_sympy(expression, [X, Y])((1, 2)) == value(
        expression, [X, Y], (1, 2)
    )


def test_long_terms_are_shortened():
    with pytest.raises(InvalidInputError) as caught:
        TropicalRational.from_sympy(sum(k * X**k for k in range(2, 60)) * Y, [X, Y])
    assert len(str(caught.value)) < 250


def test_sympy_is_imported_when_it_is_used():
    code = "import sys, tropnet.tropical; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
