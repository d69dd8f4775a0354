"""Matrices modulo a prime in float64, without rounding.

Residues are kept balanced, |r| < 2^22, for primes below 2^23.  A sum of up to 256 products of them
is then an integer below 2^52, which float64 holds exactly whatever the order of summation, and so
is every partial sum: the fast matrix product of floats is exact here.

References:
    Dumas, Giorgi and Pernet, *Dense linear algebra over word-size prime fields: the FFLAS and
    FFPACK packages*, 2008.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

import flint
import numpy as np
from numpy.typing import NDArray

from tropnet.errors import InvalidInputError

Residues: TypeAlias = NDArray[np.float64]
"""Balanced residues: integers of modulus below 2^22."""

_BOUND = 2**23
_TERMS = 256
_ROWS = 512
# OpenBLAS takes threads for products of more than 2^18 numbers with numbers.
_THREADED = 2**18
_SMALL = 2**25


def primes() -> Iterator[int]:
    """The primes that `ModularKernel` takes, the largest first.

    >>> next(primes())
    8388593
    """
    return (number for number in range(_BOUND - 1, 1, -1) if flint.fmpz(number).is_prime())


def residues(rows: Sequence[Sequence[Fraction | int]], prime: int) -> Residues:
    """A rational matrix modulo a prime.

    Raises:
        InvalidInputError: if the prime divides a denominator, or is none below 2^23.

    >>> residues([[Fraction(1, 2), 8]], 7)
    array([[-3.,  1.]])
    """
    if not 1 < prime < _BOUND or not flint.fmpz(prime).is_prime():
        raise InvalidInputError(f"prime: {prime} is not a prime below 2^23")
    try:
        values = [[_residue(entry, prime) for entry in row] for row in rows]
    except ValueError:
        raise InvalidInputError(f"prime: {prime} divides a denominator; take another") from None
    return reduced(np.array(values, dtype=np.float64), prime)


def reduced(values: Residues, prime: int) -> Residues:
    """Integers as balanced residues, in place.

    For sums of up to 256 products of balanced residues: their modulus is below 2^53, and the
    computed quotient by the prime is off by less than 2^-20.  So what is left has a modulus of at
    most prime/2 + 8, and it is 0 iff the prime divides the integer.
    """
    quotients = values * (1.0 / prime)
    np.rint(quotients, out=quotients)
    quotients *= prime
    values -= quotients
    return values


def product(left: Residues, right: Residues, prime: int) -> Residues:
    """The product of matrices (or stacks of them, as `numpy.matmul` has it) of residues."""
    terms = left.shape[-1]
    if terms <= _TERMS:
        return reduced(_multiplied(left, right), prime)
    total = product(left[..., :_TERMS], right[..., :_TERMS, :], prime)
    for start in range(_TERMS, terms, _TERMS):
        stop = start + _TERMS
        total += reduced(_multiplied(left[..., start:stop], right[..., start:stop, :]), prime)
        reduced(total, prime)
    return total


def _multiplied(left: Residues, right: Residues) -> Residues:
    """A product of matrices, in parts that BLAS does not spread over threads if it is small.

    Starting threads, and letting them wait, costs more than such a product.
    """
    work = left.size * right.shape[-1]
    result: Residues
    if left.ndim > 2 or not _THREADED < work <= _SMALL:
        result = np.matmul(left, right)
        return result
    step = max(1, _THREADED // left.size)
    result = np.empty((len(left), right.shape[1]))
    for start in range(0, right.shape[1], step):
        np.matmul(left, right[:, start : start + step], out=result[:, start : start + step])
    return result


class ModularKernel:
    """The kernel modulo a prime of a matrix whose rows are given bit by bit.

    Args:
        columns: The number of columns.
        prime: A prime below 2^23.

    Attributes:
        pivots: Columns that are combinations of the free ones on the kernel.
        free: The other columns, as many as the kernel's dimension.
        combinations: Shape (pivots, free): v[pivots] = −combinations @ v[free] on the kernel.

    Guarantees:
        `rank` never exceeds the rank over the rationals of the integer matrix whose residues are
        given, since a minor that is non-zero modulo the prime is non-zero.

    Cost: memory for columns²/4 floats at most, however many rows; time for one elimination.

    >>> kernel = ModularKernel(3, prime=7)
    >>> kernel.add(np.array([[1.0, 2.0, 3.0], [2.0, 4.0, -1.0], [0.0, 1.0, 1.0]]))
    [0, 2]
    >>> kernel.rank, kernel.vectors()
    (2, array([[-1., -1.,  1.]]))
    """

    def __init__(self, columns: int, prime: int) -> None:
        self.prime = prime
        self.columns = columns
        self.pivots = np.zeros(0, dtype=np.intp)
        self.free = np.arange(columns)
        self.combinations: Residues = np.zeros((0, columns))

    @property
    def rank(self) -> int:
        """The rank of the rows given so far."""
        return len(self.pivots)

    @property
    def dimension(self) -> int:
        """The dimension of the kernel."""
        return len(self.free)

    def add(self, rows: Residues) -> list[int]:
        """Adds rows; returns the numbers of those that are independent of all before them.

        Args:
            rows: Balanced residues, shape (any, columns).
        """
        left = rows[:, self.free]
        if self.rank:
            left = left - product(rows[:, self.pivots], self.combinations, self.prime)
            reduced(left, self.prime)
        chosen, columns, echelon = _echelon(left, self.prime)
        if chosen:
            self._eliminate(columns, echelon)
        return chosen

    def vectors(self, coefficients: Residues | None = None) -> Residues:
        """Vectors of the kernel, one a row.

        Args:
            coefficients: Their entries at `free`, shape (any, free); by default a basis.
        """
        if coefficients is None:
            coefficients = np.eye(self.dimension)
        result = np.zeros((len(coefficients), self.columns))
        result[:, self.free] = coefficients
        if self.rank:
            values = product(coefficients, self.combinations.T, self.prime)
            result[:, self.pivots] = 0.0 - values
        return result

    def _eliminate(self, columns: list[int], echelon: Residues) -> None:
        """Makes some of the free columns, on which `echelon` is the identity, pivots."""
        kept = np.ones(self.dimension, dtype=bool)
        kept[columns] = False
        new = echelon[:, kept]
        rank = self.rank
        combinations = np.empty((rank + len(new), new.shape[1]))
        combinations[rank:] = new
        # A part at a time, so that no more than the result is in memory beside the old.
        for start in range(0, rank, _ROWS):
            old = self.combinations[start : start + _ROWS]
            part = old[:, kept]
            part -= product(old[:, columns], new, self.prime)
            combinations[start : min(start + _ROWS, rank)] = reduced(part, self.prime)
        self.combinations = combinations
        self.pivots = np.concatenate([self.pivots, self.free[columns]])
        self.free = self.free[kept]


def _echelon(rows: Residues, prime: int) -> tuple[list[int], list[int], Residues]:
    """The reduced echelon form without zero rows.

    Returns:
        The rows that are independent of those before them, the pivot column of each, and the
        echelon form, on whose pivot columns, in this order, it is the identity.
    """
    if len(rows) <= 1:
        if not rows.any():
            return [], [], rows[:0]
        pivot = int(np.flatnonzero(rows[0])[0])
        inverse = pow(int(rows[0, pivot]), -1, prime)
        balanced = inverse - prime if 2 * inverse > prime else inverse
        return [0], [pivot], reduced(rows * float(balanced), prime)
    half = len(rows) // 2
    first, first_pivots, above = _echelon(rows[:half], prime)
    below = rows[half:]
    if first:
        below = below - product(below[:, first_pivots], above, prime)
        reduced(below, prime)
    second, second_pivots, below = _echelon(below, prime)
    if first and second:
        above = above - product(above[:, second_pivots], below, prime)
        reduced(above, prime)
    chosen = first + [half + row for row in second]
    return chosen, first_pivots + second_pivots, np.concatenate([above, below])


def _residue(entry: Fraction | int, prime: int) -> int:
    return entry.numerator * pow(entry.denominator, -1, prime) % prime
