"""The vertices of an upper hull, without computing the hull.

References:
    Clarkson, *More output-sensitive geometric algorithms*, FOCS 1994, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import gcd, lcm
from operator import mul
from typing import Any

import flint
import numpy as np

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, row_echelon, to_matrix
from tropnet.polyhedra.double_description import IntegerRow
from tropnet.polyhedra.linear_program import certain_optimum

_SCORES = 400_000
"""How many scalar products the survey of random directions may take."""


def essential_points(points: Iterable[Iterable[Number]]) -> tuple[int, ...]:
    """The points of a finite set that are vertices of its upper hull.

    The upper hull is conv(points) + R_{≥0}·(0, …, 0, −1), downwards in the last coordinate.  For
    lifted exponents (a_i, c_i) of max_i (c_i + a_i·x) these are the essential monomials; with a
    last coordinate that is constantly 0, the vertices of conv(points).

    Args:
        points: Shape (k, d + 1).

    Returns:
        The positions of the vertices, ascending; of equal points the first.

    Raises:
        InvalidInputError: for rows of different lengths, or without any entry.
        TropnetError: if a linear program's answer fails its check (never seen).

    Guarantees:
        Both ways, by exact arithmetic.  A point is kept because it is the only maximal one for a
        linear functional that is positive on the last coordinate (ties are broken by an
        infinitesimal change of the functional).  A point is dropped because it lies on or below an
        explicit convex combination of points that are kept.

    Cost:
        At most one linear program a point, with as many rows as there are vertices.  Points that
        are extreme in some random direction, or lie under a simplex of vertices that has covered
        another point, cost none.

    References:
        Clarkson 1994, section 2; theory: Maclagan and Sturmfels, *Introduction to Tropical
        Geometry*, 2015, section 2.3.

    >>> essential_points([(0, 0), (1, 0), (2, 0), (1, -3), (2, -1)])    # max(0, x, 2x, …)
    (0, 2)
    """
    matrix = to_matrix(points, "points")
    if matrix and not matrix[0]:
        raise InvalidInputError("points: a point needs at least the coordinate of its height")
    highest: dict[tuple[Fraction, ...], int] = {}
    for i, row in enumerate(matrix):
        best = highest.setdefault(row[:-1], i)
        if row[-1] > matrix[best][-1]:
            highest[row[:-1]] = i
    indices = sorted(highest.values())
    if len(indices) <= 2:
        return tuple(indices)
    hull = _UpperHull(_integer_coordinates([matrix[i] for i in indices]))
    return tuple(indices[i] for i in hull.vertices())


class _UpperHull:
    """Integer points with distinct exponents: vertices found, points undecided, points dropped."""

    def __init__(self, points: Sequence[IntegerRow]) -> None:
        self._points = points
        self._width = len(points[0]) - 1
        self._found: dict[int, None] = {}
        self._undecided = dict.fromkeys(range(len(points)))

    def vertices(self) -> list[int]:
        """Every point is decided: a vertex, or under a combination of vertices."""
        self._survey()
        if not self._found:
            self._keep(self._extreme([0] * self._width + [1]))
        while self._undecided:
            self._decide(next(iter(self._undecided)))
        return sorted(self._found)

    def _survey(self) -> None:
        """Keep the points that are alone in being maximal in some of many directions."""
        bits = max(max(point) for point in self._points).bit_length()
        # Every product has at most bits + 7 bits, and width + 1 of them are added.
        is_small = bits + 7 + (self._width + 1).bit_length() < 63
        kind = np.int64 if is_small else object
        size = len(self._points) * (self._width + 1)
        count = max(8, min(3 * len(self._points) + 32, _SCORES // size))
        directions = _directions(self._width, count if is_small else 4 * self._width + 4, kind)
        scores = directions @ np.array(self._points, kind).T
        alone = (scores == scores.max(axis=1, keepdims=True)).sum(axis=1) == 1
        for i in np.unique(scores.argmax(axis=1)[alone]):
            self._keep(int(i))

    def _keep(self, i: int) -> None:
        del self._undecided[i]
        self._found[i] = None

    def _extreme(self, direction: Sequence[int]) -> int:
        """The lexicographically last of the points that are maximal in a direction.

        Dropped points may be left out: they are under the hull of the others.
        """
        points = self._points
        return max(
            (*self._found, *self._undecided),
            key=lambda i: (_dot(points[i], direction), points[i]),
        )

    def _decide(self, i: int) -> None:
        """Drop a point under the hull of the vertices found, or find another vertex.

        Maximises t over {(x, t) : (a_i − a_s)·x + c_i − c_s ≥ t for all vertices s, t ≤ 1}.  If
        t > 0, the point is above all vertices found in direction (x, 1), so a maximal point is new.
        Else the multipliers λ satisfy Σ λ_s = 1, Σ λ_s a_s = a_i and Σ λ_s c_s = c_i − t ≥ c_i.
        """
        point, found = self._points[i], list(self._found)
        # In units of t that make all entries of a row alike, for cddlib's attempt in floats.
        unit = 1 << max(point).bit_length()
        rows = []
        for s in found:
            *slope, height = (p - q for p, q in zip(point, self._points[s], strict=True))
            rows.append((*slope, -unit, height))
        rows.append((0,) * self._width + (-1, 1))
        pair = certain_optimum((0,) * self._width + (1,), rows)
        if pair.value > 0:
            bottom = lcm(*(entry.denominator for entry in pair.point[:-1]))
            direction = [int(entry * bottom) for entry in pair.point[:-1]]
            self._keep(self._extreme([*direction, bottom]))
            return
        del self._undecided[i]
        self._drop_under([found[s] for s in pair.multipliers])

    def _drop_under(self, simplex: Sequence[int]) -> None:
        """Drop the undecided points on or under the simplex of some vertices.

        With the columns (1, a_s) in B, the weights of a point are B^{-1} (1, a): all ≥ 0 iff the
        point is over, on or under the simplex, whose height there is their sum with the c_s.
        """
        if len(simplex) != self._width + 1:
            return
        corners = [self._points[s] for s in simplex]
        columns = flint.fmpz_mat([[1, *corner[:-1]] for corner in corners]).transpose()
        bottom = abs(int(columns.det()))
        if not bottom:
            return
        weights = [[int((entry * bottom).p) for entry in row] for row in columns.inv().tolist()]
        heights = [
            sum(w * c[-1] for w, c in zip(column, corners, strict=True))
            for column in zip(*weights, strict=True)
        ]
        for i in list(self._undecided):
            exponent = (1, *self._points[i][:-1])
            if _dot(heights, exponent) >= bottom * self._points[i][-1] and all(
                _dot(row, exponent) >= 0 for row in weights
            ):
                del self._undecided[i]


def _integer_coordinates(points: Sequence[Sequence[Fraction]]) -> list[IntegerRow]:
    """The points in integer coordinates on the affine hull of their exponents.

    Coordinates that determine the others stay; each is shifted to start at 0 and scaled, all to
    about the same size.  This is an affine bijection that keeps "up", so it changes no vertex.
    """
    columns = []
    for coordinates in zip(*points, strict=True):
        scale = lcm(*(entry.denominator for entry in coordinates))
        column = [entry.numerator * (scale // entry.denominator) for entry in coordinates]
        least = min(column)
        divisor = gcd(*(entry - least for entry in column)) or 1
        columns.append([(entry - least) // divisor for entry in column])
    base, *others = zip(*columns[:-1], strict=True)
    _, pivots = row_echelon([[x - y for x, y in zip(row, base, strict=True)] for row in others])
    kept = [columns[j] for j in (*pivots, len(columns) - 1)]
    sizes = [max(column).bit_length() for column in kept]
    shifted = [
        [entry << (max(sizes) - size) for entry in column]
        for column, size in zip(kept, sizes, strict=True)
    ]
    return list(zip(*shifted, strict=True))


def _directions(width: int, count: int, kind: type) -> Any:
    """Pseudo-random directions that look up, as rows."""
    rng = np.random.default_rng(0)
    sides = rng.integers(-64, 64, (count, width), endpoint=True)
    ups = rng.choice([1, 4, 16, 32, 64], (count, 1))
    return np.concatenate([sides, ups], axis=1).astype(kind)


def _dot(a: Sequence[int], x: Sequence[int]) -> int:
    return sum(map(mul, a, x))
