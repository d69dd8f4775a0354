"""Vertices by backtracking, against the double description and square systems."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.decompositions import naive_vertices
from tropnet import Budget, BudgetExceededError, Polyhedron
from tropnet.certificates.budget import Meter
from tropnet.exact import rank
from tropnet.piecewise.backtracking import Strict, search_vertices

Row = tuple[int, ...]
RNGS = st.integers(0, 2**32).map(Random)


def search(rows: list[Row], start: tuple[Fraction, ...], budget: Budget | None = None):
    meter = Meter(budget, None)
    return list(search_vertices(rows, start, [0] * len(rows), lambda strict: False, meter))


def random_rows(rng: Random, n: int) -> tuple[list[Row], tuple[Fraction, ...]]:
    """Inequalities, many of them tight or parallel, with a point that satisfies them."""
    point = [rng.randint(-2, 2) for _ in range(n)]
    rows: list[Row] = []
    while len(rows) < n + 4 or rank([row[:-1] for row in rows]) < n:
        k = [rng.randint(-2, 2) for _ in range(n)]
        if any(k):
            value = sum(a * b for a, b in zip(k, point, strict=True))
            rows.append((*k, rng.choice((0, 0, 1, 2)) - value))
    return rows, tuple(map(Fraction, point))


@settings(max_examples=80, deadline=None)
@given(RNGS, st.integers(1, 4))
def test_every_vertex_once(rng: Random, n: int):
    rows, start = random_rows(rng, n)
    found = search(rows, start)
    points = [y for _, y in found]
    polyhedron = Polyhedron.from_inequalities(
        [[-a for a in row[:-1]] for row in rows], [row[-1] for row in rows]
    )
    assert sorted(points) == list(polyhedron.vertices) == sorted(naive_vertices(rows, n))
    for strict, y in found:
        for i, row in enumerate(rows):
            slack = sum((a * b for a, b in zip(row, y, strict=False)), row[-1])
            assert slack > 0 if i in strict else slack == 0


@settings(max_examples=30, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_only_hopeless_vertices_are_left_out(rng: Random, n: int):
    rows, start = random_rows(rng, n)
    heavy = {i for i in range(len(rows)) if rng.random() < 0.5}
    limit = rng.randint(0, n)

    def is_hopeless(strict: Strict) -> bool:
        return len(strict & heavy) > limit

    pruned = search_vertices(rows, start, list(range(len(rows))), is_hopeless, Meter(None, None))
    expected = {y for strict, y in search(rows, start) if not is_hopeless(strict)}
    assert {y for _, y in pruned} == expected


def test_dimension_0():
    assert search([], ()) == [(frozenset(), ())]


def test_one_point():
    rows = [(1, 0, 0), (0, 1, 0), (-1, -1, 0), (1, 1, 5)]
    assert search(rows, (Fraction(0), Fraction(0))) == [(frozenset({3}), (0, 0))]


def test_budget():
    cube = [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (-1, 0, 0, 1), (0, -1, 0, 1), (0, 0, -1, 1)]
    start = (Fraction(1, 2),) * 3
    assert len(search(cube, start)) == 8
    with pytest.raises(BudgetExceededError):
        search(cube, start, Budget(regions=5))
