"""Tropical polynomials and rational functions as objects: construction, printing, errors."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest

from tropnet import InvalidInputError, ReLUNetwork, TropicalPolynomial, TropicalRational

P = TropicalPolynomial([[0, 0], [1, 0], ["1/2", -2]], [0, "-3/4", 2])


def test_printing() -> None:
    assert repr(P) == "max(0, 2 + x/2 - 2*y, -3/4 + x)"
    assert repr(TropicalPolynomial([[0, 0, 0, "3/2"]], [0])) == "max(3*x4/2)"
    assert repr(TropicalPolynomial([[-1]], [-1])) == "max(-1 - x)"
    assert repr(P / P.constant(2, 1)) == f"{P!r} - max(1)"


def test_canonical_order_and_repeated_exponents() -> None:
    q = TropicalPolynomial([[1, 0], [0, 0], [1, 0], ["1/2", -2]], ["-3/4", 0, -5, 2])
    assert q == P
    assert hash(q) == hash(P)
    assert len(q) == 3
    assert pickle.loads(pickle.dumps(P)) == P
    assert pickle.loads(pickle.dumps(P / P)) == P / P


def test_formal_equality_is_not_equality_of_functions() -> None:
    p, q = TropicalPolynomial([[0], [1], [2]], [0, 0, 0]), TropicalPolynomial([[0], [2]], [0, 0])
    assert p != q
    assert p.essential() == q
    assert p != 3
    assert P / P != P


def test_evaluation() -> None:
    assert P((2, 1)) == Fraction(5, 4)
    assert P.evaluate([(2, 1), ("0", 0.5)]) == (Fraction(5, 4), 1)
    assert TropicalPolynomial([[2]], [1])(3) == 7
    with pytest.raises(InvalidInputError, match="coordinates"):
        P((1, 2, 3))


@pytest.mark.parametrize(
    ("exponents", "coefficients", "message"),
    [
        ([], [], "at least one monomial"),
        ([[]], [0], "at least one variable"),
        ([[1, 2], [3]], [0, 0], "row 1 has 1 entries"),
        ([[1]], [0, 1], "2 numbers for 1 exponents"),
        ([[float("nan")]], [0], "exponents"),
        ([[1]], [True], "coefficients"),
    ],
)
def test_bad_polynomials(exponents, coefficients, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        TropicalPolynomial(exponents, coefficients)


def test_bad_operations() -> None:
    line = TropicalPolynomial([[1]], [0])
    for operation, message in (
        (lambda: P + line, "variables"),
        (lambda: P * line, "variables"),
        (lambda: P / line, "variables"),
        (lambda: (P / P) + line, "variables"),
        (lambda: P**-1, "integer"),
        (lambda: P ** Fraction(1, 2), "integer"),
        (lambda: P.scale(-1), "negative"),
        (lambda: P.pull_back([[1]], [0]), "A, b"),
        (lambda: P.compose([line]), "1 functions for 2"),
        (lambda: P.compose([line, P]), "different variables"),
        (lambda: P.compose([line, line]), "negative exponent"),
        (lambda: TropicalRational(P, line), "denominator"),
        (lambda: TropicalRational(P, 3), "denominator"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            operation()


@pytest.mark.parametrize("other", ["x", None, [1], ReLUNetwork([([[1, 2]], [0])])])
def test_kinds_do_not_mix(other: object) -> None:
    for operation in (
        lambda: P + other,
        lambda: other + P,
        lambda: P * other,
        lambda: other * P,
        lambda: P / other,
        lambda: other / P,
        lambda: (P / P) + other,
        lambda: other / (P / P),
    ):
        with pytest.raises(TypeError):
            operation()
