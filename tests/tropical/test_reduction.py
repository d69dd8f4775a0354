"""Common summands and reduction, against the definition and against weighted hypersurfaces."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropical.tropical_strategies import polynomials, rationals, small
from tropnet import InvalidInputError, TropicalPolynomial, TropicalRational, decide_equality
from tropnet.exact import Vector
from tropnet.polyhedra import solve_linear_program
from tropnet.tropical.epigraph import Epigraph
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


def has_common_summand(p: TropicalPolynomial, q: TropicalPolynomial) -> bool:
    """One linear program over the domains of p ⊙ q, with an affine function on each."""
    r = (p * q).essential()
    lifts = [[(*a, c) for a, c in zip(f.exponents, f.coefficients, strict=True)] for f in (p, q, r)]
    split = {added(v, w): v for v in lifts[0] for w in lifts[1]}
    borders = list(Epigraph(r).borders())
    width = r.variables + 1
    offset = len(r) * width
    equations, bounds = [], []
    for e, (i, j, _) in enumerate(borders):
        step = added(lifts[2][j], lifts[2][i], -1)
        part = added(split[lifts[2][j]], split[lifts[2][i]], -1)
        share = next(x / y for x, y in zip(part, step, strict=True) if y)
        assert part == tuple(share * y for y in step)
        bounds.append(min(share, 1 - share))
        for c in range(width):
            row = [Fraction(0)] * (offset + len(borders))
            row[j * width + c], row[i * width + c], row[offset + e] = 1, -1, -step[c]
            equations.append(row)
    if not borders:
        return False
    unit = [
        [Fraction(int(k == offset + e)) for k in range(offset + len(borders))]
        for e in range(len(borders))
    ]
    solution = solve_linear_program(
        [int(k >= offset) for k in range(offset + len(borders))],
        [*unit, *([-x for x in row] for row in unit)],
        [*bounds, *[0] * len(borders)],
        (equations, [0] * len(equations)),
    )
    return solution.value != 0


def added(v: Vector, w: Vector, sign: int = 1) -> Vector:
    return tuple(x + sign * y for x, y in zip(v, w, strict=True))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_nothing_in_common_is_left(data: st.DataObject) -> None:
    r = data.draw(rationals(variables=data.draw(st.integers(1, 2))))
    t = data.draw(polynomials(variables=r.variables, size=3))
    p, q = (r.numerator * t).essential(), (r.denominator * t).essential()
    assert common_summand(p, q).is_monomial is not has_common_summand(p, q)
    short = TropicalRational(p, q).reduce()
    assert not has_common_summand(short.numerator, short.denominator)


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
