"""Exact linear algebra against sympy and against its own laws."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

import pytest
import sympy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tropnet import InvalidInputError
from tropnet.exact import (
    integer_rows,
    modular_rank,
    nullspace,
    primitive_vector,
    rank,
    row_echelon,
    solve,
)

Rows = list[list[Fraction]]


@st.composite
def matrices(draw: st.DrawFn) -> tuple[Rows, int]:
    """Small matrices, often of deficient rank, and their widths; no rows or no columns included."""
    height, width = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    entry = st.one_of(st.integers(-2, 2).map(Fraction), st.fractions(-9, 9, max_denominator=6))
    rows = [[draw(entry) for _ in range(width)] for _ in range(height)]
    if height > 1 and draw(st.booleans()):
        factor = draw(entry)
        rows[-1] = [factor * x for x in rows[0]]
    if draw(st.booleans()):
        scale = draw(st.sampled_from((Fraction(1, 2**300), Fraction(2**300), Fraction(10**40, 7))))
        rows[:1] = [[scale * x for x in row] for row in rows[:1]]
    return rows, width


def oracle(rows: Rows, width: int) -> sympy.Matrix:
    entries = [sympy.Rational(x.numerator, x.denominator) for row in rows for x in row]
    return sympy.Matrix(len(rows), width, entries)


def times(rows: Rows, vector: tuple[Fraction, ...] | tuple[int, ...]) -> list[Fraction]:
    return [sum((a * x for a, x in zip(row, vector, strict=True)), Fraction(0)) for row in rows]


@settings(max_examples=80, deadline=None)
@given(matrices())
@example(([], 0))
@example(([], 3))
@example(([[], []], 0))
@example(([[Fraction(0)] * 3] * 2, 3))
def test_rank_and_echelon_form_are_those_of_sympy(matrix: tuple[Rows, int]) -> None:
    rows, width = matrix
    expected, pivots = oracle(rows, width).rref()
    assert rank(rows) == len(pivots)
    echelon = tuple(
        tuple(Fraction(int(x.p), int(x.q)) for x in expected.row(i)) for i in range(len(pivots))
    )
    assert row_echelon(rows) == (echelon, pivots)


@settings(max_examples=80, deadline=None)
@given(matrices())
@example(([], 3))
@example(([[], []], 0))
def test_nullspace(matrix: tuple[Rows, int]) -> None:
    rows, width = matrix
    basis = nullspace(rows, width)
    assert len(basis) == width - rank(rows) == rank(basis)
    for vector in basis:
        assert not any(times(rows, vector))
        assert gcd(*vector) == 1
    # Canonical: it depends on the row space alone.
    changed = [[5 * a - b for a, b in zip(row, rows[0], strict=True)] for row in rows[1:]]
    assert nullspace(rows[:1] + changed[::-1], width) == basis


@settings(max_examples=80, deadline=None)
@given(matrices(), st.data())
def test_solve(matrix: tuple[Rows, int], data: st.DataObject) -> None:
    rows, width = matrix
    if not rows:
        return
    entries = st.fractions(-3, 3, max_denominator=3)
    if data.draw(st.booleans()):
        right = times(rows, tuple(data.draw(entries) for _ in range(width)))
    else:
        right = [data.draw(entries) for _ in rows]
    solution = solve(rows, right)
    augmented = rank([[*row, value] for row, value in zip(rows, right, strict=True)])
    assert (solution is None) == (augmented > rank(rows))
    if solution is not None:
        assert times(rows, solution) == right
        pivots = row_echelon(rows)[1]
        assert all(j in pivots or not x for j, x in enumerate(solution))


def test_solve_of_shapes_that_do_not_fit() -> None:
    for rows, right in (([], []), ([[1]], []), ([[1]], [1, 2])):
        with pytest.raises(InvalidInputError, match=r"solve: \d rows but \d right-hand sides"):
            solve(rows, right)


@settings(max_examples=80, deadline=None)
@given(matrices(), st.sampled_from((2, 3, 5, 101, 2**61 - 1)))
def test_modular_rank(matrix: tuple[Rows, int], prime: int) -> None:
    rows, width = matrix
    assert modular_rank(rows, prime) <= rank(rows)
    cleared, _ = integer_rows(rows)
    expected = 0
    remaining = [[x % prime for x in row] for row in cleared]
    for column in range(width):
        pivot = next((row for row in remaining if row[column]), None)
        if pivot is None:
            continue
        expected += 1
        remaining.remove(pivot)
        inverse = pow(pivot[column], -1, prime)
        remaining = [
            [(x - row[column] * inverse * y) % prime for x, y in zip(row, pivot, strict=True)]
            for row in remaining
        ]
    assert modular_rank(rows, prime) == expected


@settings(max_examples=50, deadline=None)
@given(matrices())
def test_the_default_prime_sees_the_rank_of_small_matrices(matrix: tuple[Rows, int]) -> None:
    rows, _ = matrix
    assert modular_rank(rows) == rank(rows)


def test_not_a_prime() -> None:
    for prime in (-7, 0, 1, 4, 2**61, 2**63, 2**89 - 1):
        with pytest.raises(InvalidInputError, match=r"^prime: "):
            modular_rank([[1]], prime)


def test_largest_prime_and_negative_entries() -> None:
    prime = 2**63 - 25
    assert modular_rank([[-1, prime - 1], [1, 1]], prime) == 1
    assert modular_rank([[-(2**200), 1], [0, Fraction(-1, 2**200)]], prime) == 2


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1], [2, 3]]])
def test_ragged_rows_are_refused(rows: Rows) -> None:
    for function in (rank, modular_rank, row_echelon):
        with pytest.raises(ValueError):  # noqa: PT011
            function(rows)


@pytest.mark.parametrize("columns", [0, 1, 3])
def test_nullspace_of_another_width(columns: int) -> None:
    with pytest.raises(InvalidInputError, match="columns"):
        nullspace([[1, 2]], columns)


vectors = st.lists(
    st.one_of(st.integers(-6, 6), st.fractions(), st.just(Fraction(2**400, 3))), max_size=5
)


@given(vectors, st.fractions(min_value=Fraction(1, 100), max_value=100))
def test_primitive_vector_represents_the_ray(
    vector: list[Fraction | int], factor: Fraction
) -> None:
    result = primitive_vector(vector)
    assert all(type(entry) is int for entry in result)
    assert primitive_vector(result) == result
    assert primitive_vector([factor * entry for entry in vector]) == result
    assert primitive_vector([-entry for entry in vector]) == tuple(-entry for entry in result)
    if any(vector):
        assert gcd(*result) == 1
        pivot = next(i for i, entry in enumerate(vector) if entry)
        ratio = Fraction(result[pivot]) / vector[pivot]
        assert ratio > 0
        assert [ratio * entry for entry in vector] == list(result)
    else:
        assert result == (0,) * len(vector)


@given(st.lists(vectors.filter(bool), max_size=3))
def test_integer_rows_keep_each_row_up_to_its_least_factor(rows: list[list[Fraction]]) -> None:
    scaled, factors = integer_rows(rows)
    for row, entries, factor in zip(rows, scaled, factors, strict=True):
        assert factor > 0
        assert [factor * entry for entry in row] == entries
        assert gcd(factor, *entries) == 1
        assert all(type(entry) is int for entry in entries)
