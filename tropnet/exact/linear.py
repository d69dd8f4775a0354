"""Exact linear algebra over the rationals, on python-flint integer matrices.

Matrices are sequences of rows of `Fraction` or `int`.  A matrix without rows does not know its
width, so functions whose answer depends on it take ``columns``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

import flint

from tropnet.errors import InvalidInputError
from tropnet.exact.numbers import Matrix, Vector
from tropnet.exact.primitive import primitive_vector

Rows = Sequence[Sequence[Fraction | int]]

_PRIME = 2**61 - 1


def integer_rows(rows: Rows) -> tuple[list[list[int]], list[int]]:
    """Each row times the least common denominator of its entries.

    Returns:
        The integer rows and the positive factor of each.

    >>> integer_rows([[Fraction(1, 2), Fraction(1, 3)], [2, 4]])
    ([[3, 2], [2, 4]], [6, 1])
    """
    scaled, factors = [], []
    for row in rows:
        factor = lcm(*(entry.denominator for entry in row))
        scaled.append([entry.numerator * (factor // entry.denominator) for entry in row])
        factors.append(factor)
    return scaled, factors


def dot(first: Sequence[Fraction | int], second: Sequence[Fraction | int]) -> Fraction:
    """The product Σ first[i] · second[i] of two vectors of one length.

    >>> dot((1, Fraction(1, 2)), (3, 4))
    Fraction(5, 1)
    """
    total = Fraction(0)
    for a, b in zip(first, second, strict=True):
        if a and b:
            total += a * b
    return total


def identity_rows(size: int) -> list[tuple[int, ...]]:
    """The rows of the identity matrix.

    >>> identity_rows(2)
    [(1, 0), (0, 1)]
    """
    return [tuple(int(i == j) for j in range(size)) for i in range(size)]


def rank(rows: Rows) -> int:
    """The rank over the rationals.

    >>> rank([[1, 2], [Fraction(1, 2), 1]])
    1
    """
    if not rows or not rows[0]:
        return 0
    return int(flint.fmpz_mat(integer_rows(rows)[0]).rank())


def modular_rank(rows: Rows, prime: int = _PRIME) -> int:
    """The rank modulo a prime of the matrix whose rows are first cleared of denominators.

    Guarantees:
        Never more than `rank(rows)`, since a minor that is non-zero modulo the prime is non-zero.
        It can be less.  Clearing a row multiplies it by a non-zero rational, which changes no rank,
        so every prime is admissible.

    Raises:
        InvalidInputError: if `prime` is not a prime below 2^63.

    >>> modular_rank([[1, 2], [3, 4]]), modular_rank([[5]], prime=5)
    (2, 0)
    """
    if not 1 < prime < 2**63 or not flint.fmpz(prime).is_prime():
        raise InvalidInputError(f"prime: {prime} is not a prime below 2^63")
    if not rows or not rows[0]:
        return 0
    scaled = integer_rows(rows)[0]
    return int(flint.nmod_mat(len(scaled), len(scaled[0]), _residues(scaled, prime), prime).rank())


def row_echelon(rows: Rows) -> tuple[Matrix, tuple[int, ...]]:
    """The reduced row echelon form without its zero rows, and the pivot columns.

    >>> row_echelon([[2, 4], [1, 2]])
    (((Fraction(1, 1), Fraction(2, 1)),), (0,))
    """
    if not rows or not rows[0]:
        return (), ()
    reduced, denominator, size = flint.fmpz_mat(integer_rows(rows)[0]).rref()
    bottom = int(denominator)
    matrix = tuple(
        tuple(Fraction(int(reduced[i, j]), bottom) for j in range(reduced.ncols()))
        for i in range(size)
    )
    return matrix, tuple(next(j for j, entry in enumerate(row) if entry) for row in matrix)


def nullspace(rows: Rows, columns: int) -> tuple[tuple[int, ...], ...]:
    """A basis of {x : rows @ x = 0} as primitive integer vectors.

    Args:
        rows: The matrix, shape (m, columns); m may be 0.
        columns: The number of unknowns.

    Returns:
        One vector for each non-pivot column, in order; canonical for the space.

    Raises:
        InvalidInputError: if the rows have another number of entries.

    >>> nullspace([[1, 2, 3]], 3)
    ((-2, 1, 0), (-3, 0, 1))
    """
    if rows and len(rows[0]) != columns:
        raise InvalidInputError(f"columns: {columns}, but the rows have {len(rows[0])} entries")
    reduced, pivots = row_echelon(rows)
    basis = []
    for free in range(columns):
        if free in pivots:
            continue
        vector = [Fraction(0)] * columns
        vector[free] = Fraction(1)
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free]
        basis.append(primitive_vector(vector))
    return tuple(basis)


def solve(rows: Rows, right: Sequence[Fraction | int]) -> Vector | None:
    """One solution x of rows @ x = right with all free unknowns 0, or None if there is none.

    Raises:
        InvalidInputError: if `rows` and `right` differ in length, or there are no rows.

    >>> solve([[1, 1], [1, -1]], [3, 1])
    (Fraction(2, 1), Fraction(1, 1))
    >>> solve([[0]], [1]) is None
    True
    """
    if not rows or len(rows) != len(right):
        raise InvalidInputError(f"solve: {len(rows)} rows but {len(right)} right-hand sides")
    columns = len(rows[0])
    reduced, pivots = row_echelon([[*row, value] for row, value in zip(rows, right, strict=True)])
    if columns in pivots:
        return None
    solution = [Fraction(0)] * columns
    for row, pivot in zip(reduced, pivots, strict=True):
        solution[pivot] = row[columns]
    return tuple(solution)


def _residues(rows: list[list[int]], prime: int) -> list[int]:
    return [entry % prime for row in rows for entry in row]
