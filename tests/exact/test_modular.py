"""Linear algebra modulo a prime in floats, against Python's integers."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import flint
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet import InvalidInputError
from tropnet.exact.modular import ModularKernel, primes, product, reduced, residues

LARGEST = next(primes())
PRIMES = (2, 3, 5, 7, 65_537, LARGEST)


def test_primes_fall_from_below_two_to_the_23() -> None:
    found = list(islice(primes(), 5))
    assert found == sorted(found, reverse=True)
    assert found[0] == 8_388_593
    assert all(flint.fmpz(prime).is_prime() for prime in found)


@pytest.mark.parametrize("prime", PRIMES)
def test_reduced_is_zero_only_for_multiples(prime: int) -> None:
    bound = 64 * prime**2
    integers = [k * prime + r for k in (0, 1, 7, bound // prime - 1) for r in range(-3, 4)]
    integers += [-n for n in integers]
    values = reduced(np.array(integers, dtype=float), prime)
    for n, value in zip(integers, values.tolist(), strict=True):
        assert (int(value) - n) % prime == 0
        assert abs(value) <= prime / 2 + 8
        assert (value == 0) == (n % prime == 0) or abs(value) < prime


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("terms", [0, 1, 255, 256, 257, 600])
def test_products_of_the_largest_residues(prime: int, terms: int) -> None:
    half = prime // 2
    left = np.full((2, terms), float(half))
    left[1] *= -1
    right = np.full((terms, 3), float(half))
    expected = half * half * terms % prime
    assert ((product(left, right, prime)[0] - expected) % prime == 0).all()
    assert ((product(left, right, prime)[1] + expected) % prime == 0).all()


def test_residues() -> None:
    found = residues([[Fraction(1, 2), -1], [10**40, 0]], LARGEST)
    assert found[0, 0] * 2 % LARGEST == 1
    assert (found[1, 0] - 10**40 % LARGEST) % LARGEST == 0
    assert abs(found).max() <= LARGEST / 2


@pytest.mark.parametrize("prime", [-7, 0, 1, 4, 2**23, 2**61 - 1])
def test_what_is_no_prime(prime: int) -> None:
    with pytest.raises(InvalidInputError, match="is not a prime"):
        residues([[1]], prime)


def test_a_prime_that_divides_a_denominator() -> None:
    with pytest.raises(InvalidInputError, match="divides a denominator"):
        residues([[Fraction(1, 14)]], 7)


@st.composite
def matrices(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    """A prime and a matrix of small rank."""
    columns, rank = draw(st.integers(1, 7)), draw(st.integers(0, 4))
    entries = st.integers(-3, 3)
    basis = draw(st.lists(st.lists(entries, min_size=columns, max_size=columns), max_size=rank))
    rows = []
    for _ in range(draw(st.integers(0, 9))):
        factors = [draw(entries) for _ in basis]
        rows.append(
            [sum(f * row[j] for f, row in zip(factors, basis, strict=True)) for j in range(columns)]
        )
    return draw(st.sampled_from(PRIMES)), rows or [[0] * columns]


@settings(max_examples=150, deadline=None)
@given(matrices(), st.integers(1, 9))
def test_kernels(matrix: tuple[int, list[list[int]]], part: int) -> None:
    prime, rows = matrix
    columns = len(rows[0])
    kernel = ModularKernel(columns, prime)
    chosen = []
    for start in range(0, len(rows), part):
        some = residues(rows[start : start + part], prime)
        chosen += [start + number for number in kernel.add(some)]
    flat = [entry % prime for row in rows for entry in row]
    assert kernel.rank == flint.nmod_mat(len(rows), columns, flat, prime).rank()
    assert kernel.rank + kernel.dimension == columns
    assert sorted([*kernel.pivots.tolist(), *kernel.free.tolist()]) == list(range(columns))
    # The rows chosen are the first ones that are independent of those before.
    again = ModularKernel(columns, prime)
    ranks = [0] + [again.rank for row in rows if again.add(residues([row], prime)) is not None]
    assert chosen == [i for i in range(len(rows)) if ranks[i + 1] > ranks[i]]
    for vector in kernel.vectors().astype(int).tolist():
        for row in rows:
            assert sum(a * b for a, b in zip(row, vector, strict=True)) % prime == 0
    assert (kernel.vectors()[:, kernel.free] == np.eye(kernel.dimension)).all()


def test_kernels_without_rows_or_columns() -> None:
    assert ModularKernel(3, 7).add(np.zeros((0, 3))) == []
    assert ModularKernel(0, 7).add(np.zeros((2, 0))) == []
    assert (ModularKernel(2, 7).vectors() == np.eye(2)).all()
    full = ModularKernel(2, 7)
    assert full.add(np.eye(2)) == [0, 1]
    assert full.vectors().shape == (0, 2)
    assert full.add(np.array([[1.0, 3.0]])) == []


def test_a_large_kernel_in_parts() -> None:
    """More pivots than are treated at once, and products with more terms than fit."""
    random = np.random.default_rng(0)
    rows = random.integers(-(2**20), 2**20, (700, 600)).astype(float)
    rows[300:] = rows[:400] + rows[100:500]
    kernel = ModularKernel(600, LARGEST)
    for start in range(0, 700, 90):
        kernel.add(reduced(rows[start : start + 90].copy(), LARGEST))
    flat = [int(entry) % LARGEST for entry in rows.ravel()]
    assert kernel.rank == flint.nmod_mat(700, 600, flat, LARGEST).rank()
    small = reduced(rows.copy(), LARGEST)
    assert not product(small, kernel.vectors().T.copy(), LARGEST).any()
