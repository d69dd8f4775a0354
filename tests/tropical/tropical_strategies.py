"""Hypothesis strategies for tropical functions, degenerate ones included."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from tropnet import TropicalPolynomial, TropicalRational


def small() -> st.SearchStrategy[Fraction]:
    return st.one_of(st.integers(-2, 2).map(Fraction), st.fractions(-3, 3, max_denominator=4))


@st.composite
def polynomials(draw: st.DrawFn, variables: int | None = None, size: int = 5) -> TropicalPolynomial:
    """Few monomials, with collinear and repeated exponents and equal coefficients likely."""
    n = draw(st.integers(1, 3)) if variables is None else variables
    k = draw(st.integers(1, size))
    flat = draw(st.booleans())
    exponents = [
        [entry if not (flat and j) else exponent[0] for j, entry in enumerate(exponent)]
        for exponent in draw(st.lists(st.tuples(*[small()] * n), min_size=k, max_size=k))
    ]
    coefficients = draw(
        st.one_of(st.just([Fraction(0)] * k), st.lists(small(), min_size=k, max_size=k))
    )
    return TropicalPolynomial(exponents, coefficients)


@st.composite
def rationals(draw: st.DrawFn, variables: int | None = None, size: int = 3) -> TropicalRational:
    p = draw(polynomials(variables, size))
    return p / draw(polynomials(p.variables, size))
