"""All subsets of a few rank-one matrices, looked at together: which sums have a small rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np

from tropnet.exact import rank

Row: TypeAlias = tuple[int, ...]
Array: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

# Products of two residues fit into 64 bits.
_PRIME = 2**31 - 1


def low_rank_choices(
    start: Sequence[Row], columns: Sequence[Row], rows: Sequence[Row], bound: int
) -> list[tuple[int, ...]]:
    """The subsets S of n terms with rank(start + Σ_{i∈S} columns[i] ⊗ rows[i]) ≤ bound.

    Args:
        start: Integers, shape (m, q).
        columns: Shape (n, m).
        rows: Shape (n, q).
        bound: Less than m and than q.

    Returns:
        The subsets as ascending positions.

    Guarantees:
        Exact.  A matrix of rank at most k has no non-zero minor of size k + 1, nor a minor that is
        not zero modulo a prime.  That is computed for all subsets at once; those that pass are
        looked at exactly.

    Cost: 2^n small matrices in time and memory.

    >>> low_rank_choices([(-1, 0), (0, 2)], [(1, 0), (1, 0)], [(1, 0), (1, 0)], 1)
    [(0,), (1,)]
    """
    sums = np.array([start], dtype=object) % _PRIME
    sums = sums.astype(np.int64)
    for column, row in zip(columns, rows, strict=True):
        term = np.array([[c * a % _PRIME for a in row] for c in column], dtype=np.int64)
        sums = np.concatenate([sums, (sums + term) % _PRIME])
    candidates = np.arange(len(sums))
    for minor in _minors(len(start), len(start[0]), bound + 1):
        keep = np.flatnonzero(_determinant(sums, *minor) == 0)
        sums, candidates = sums[keep], candidates[keep]
    found = []
    for mask in candidates.tolist():
        subset = tuple(i for i in range(len(rows)) if mask >> i & 1)
        if rank(_sum(start, columns, rows, subset)) <= bound:
            found.append(subset)
    return found


def _minors(height: int, width: int, size: int) -> Iterator[tuple[Row, Row]]:
    for lines in combinations(range(height), size):
        for columns in combinations(range(width), size):
            yield lines, columns


def _determinant(matrices: Array, lines: Row, columns: Row) -> Array:
    """The minors modulo the prime, expanded along the first line."""
    first, *others = lines
    if not others:
        return matrices[:, first, columns[0]]
    total = np.zeros(len(matrices), dtype=np.int64)
    for k, column in enumerate(columns):
        rest = _determinant(matrices, tuple(others), columns[:k] + columns[k + 1 :])
        term = matrices[:, first, column] * rest % _PRIME
        total = (total - term if k % 2 else total + term) % _PRIME
    return total


def _sum(
    start: Sequence[Row], columns: Sequence[Row], rows: Sequence[Row], subset: Row
) -> list[list[int]]:
    return [
        [entry + sum(columns[i][p] * rows[i][q] for i in subset) for q, entry in enumerate(line)]
        for p, line in enumerate(start)
    ]
