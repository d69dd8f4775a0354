"""The vertices of upper hulls, against the double description of the whole hull."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import generators
from tropnet import InvalidInputError, Polyhedron
from tropnet.polyhedra import essential_points
from tropnet.polyhedra.redundancy import _UpperHull

Points = list[tuple[Fraction, ...]]


@st.composite
def lifted_points(draw: st.DrawFn) -> Points:
    """Lifted exponents: with duplicates, flat, on a paraboloid, in a subspace, of any size."""
    rng = draw(generators())
    width = draw(st.integers(0, 4))
    bottom = draw(st.sampled_from((1, 1, 3)))
    exponents = [
        tuple(Fraction(rng.randint(-2, 3), rng.randint(1, bottom)) for _ in range(width))
        for _ in range(draw(st.integers(1, 14)))
    ]
    if draw(st.booleans()):
        exponents = [(*a, sum(a, Fraction(1))) for a in exponents]
    height: Callable[[Any], Fraction] = draw(
        st.sampled_from(
            (
                lambda a: Fraction(0),
                lambda a: Fraction(rng.randint(-3, 3), rng.randint(1, bottom)),
                lambda a: -sum((x * x for x in a), Fraction(0)),
                lambda a: -sum((abs(x) for x in a), Fraction(0)),
                lambda a: Fraction(rng.randint(-5, 5) * 10 ** rng.choice((0, 30)), 7**40),
            )
        )
    )
    return [(*a, height(a)) for a in exponents]


def brute_force(points: Points) -> tuple[int, ...]:
    """The vertices of the hull with the ray downwards, by cddlib's double description."""
    down = [0] * (len(points[0]) - 1) + [-1]
    hull = Polyhedron.from_generators(points, rays=[down])
    return tuple(sorted(points.index(v) for v in hull.vertices))


@settings(max_examples=150, deadline=None)
@given(lifted_points())
def test_against_the_double_description(points: Points) -> None:
    assert essential_points(points) == brute_force(points)


@settings(max_examples=60, deadline=None)
@given(lifted_points(), generators())
def test_laws(points: Points, rng: Random) -> None:
    kept = essential_points(points)
    vertices = {points[i] for i in kept}
    # Idempotent, and independent of order.
    assert essential_points([points[i] for i in kept]) == tuple(range(len(kept)))
    shuffled = rng.sample(points, len(points))
    assert {shuffled[i] for i in essential_points(shuffled)} == vertices
    # What lies below the hull changes nothing.
    first, second = rng.choice(points), rng.choice(points)
    middle = [(x + y) / 2 for x, y in zip(first, second, strict=True)]
    middle[-1] -= rng.randint(0, 1)
    assert essential_points([*points, tuple(middle)]) == kept
    # Adding a linear function and scaling change nothing.
    slope = [rng.randint(-3, 3) for _ in points[0][:-1]]
    moved = [
        (*p[:-1], 3 * p[-1] + sum(a * x for a, x in zip(slope, p[:-1], strict=True)) + 5)
        for p in points
    ]
    assert essential_points(moved) == kept
    # The same maximum everywhere.
    for _ in range(5):
        x = [*(Fraction(rng.randint(-9, 9), 2) for _ in slope), Fraction(1)]
        values = [sum(a * b for a, b in zip(p, x, strict=True)) for p in points]
        assert max(values) == max(values[i] for i in kept)


class TestByHand:
    def test_few_points(self) -> None:
        assert essential_points([]) == ()
        assert essential_points([(7,)]) == (0,)
        assert essential_points([(1,), (3,), (3,), (2,)]) == (1,)
        assert essential_points([(0, 0, 5), (0, 0, 5)]) == (0,)
        assert essential_points([(0, 0), (1, -100)]) == (0, 1)

    def test_of_equal_exponents_the_highest_and_first_stays(self) -> None:
        points = [(0, 0, 1), (0, 0, 2), (1, 0, 0), (0, 0, 2), (0, 1, 0)]
        assert essential_points(points) == (1, 2, 4)

    def test_on_the_hull_but_no_vertex(self) -> None:
        assert essential_points([(0, 0), (1, 1), (2, 2)]) == (0, 2)
        square = [(x, y, 0) for x in range(3) for y in range(3)]
        assert essential_points(square) == (0, 2, 6, 8)

    def test_ties_are_broken_towards_a_vertex(self) -> None:
        hull = _UpperHull([(1, 0), (0, 0), (2, 0)])
        assert hull._extreme([0, 1]) == 2

    def test_many_points(self) -> None:
        rng = Random(3)
        points = [
            (Fraction(x), Fraction(y), Fraction(rng.randint(-60, 60)))
            for x in range(14)
            for y in range(14)
        ]
        assert essential_points(points) == brute_force(points)

    def test_all_on_a_paraboloid(self) -> None:
        points = [
            (x, y, z, -(x * x + y * y + z * z))
            for x in range(3)
            for y in range(3)
            for z in range(3)
        ]
        assert essential_points(points) == tuple(range(27))

    def test_tiny_differences_and_huge_numbers(self) -> None:
        tiny = Fraction(1, 10**400)
        assert essential_points([(0, 0), (1, tiny), (2, 0)]) == (0, 1, 2)
        assert essential_points([(0, 0), (1, -tiny), (2, 0)]) == (0, 2)
        big = 10**300
        points = [(0, 0, 0), (big, 0, 0), (0, 1, 0), (big, 1, tiny), (big // 2, tiny, -tiny)]
        assert essential_points(points) == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(1, 2), (1,)], r"^points: row 1 has 1 entries but row 0 has 2$"),
        ([()], r"^points: a point needs"),
        ([(1, None)], r"^points\[0\]\[1\]: None"),
        (5, r"^points: expected"),
    ],
)
def test_bad_input_is_named(points: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        essential_points(points)
