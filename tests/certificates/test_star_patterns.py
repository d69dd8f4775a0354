"""What stars say about neurons, against functions whose neurons are known."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet import BendGraph, ReLUNetwork, break_locus
from tropnet.certificates.star_pattern import Pattern, Reading, around, is_along, read_star

RIGHT, UP, LEFT, DOWN = (1, 0), (0, 1), (-1, 0), (0, -1)
ONE, MINUS = (1,), (-1,)


@pytest.mark.parametrize(
    ("rays", "weights", "reading"),
    [
        ([], [], Reading(Pattern.IMPOSSIBLE)),
        ([UP], [ONE], Reading(Pattern.IMPOSSIBLE)),
        ([RIGHT, LEFT], [ONE, ONE], Reading(Pattern.STRAIGHT, (0, 1))),
        ([RIGHT, UP], [ONE, ONE], Reading(Pattern.IMPOSSIBLE)),
        ([RIGHT, UP, (-1, -1)], [ONE, ONE, ONE], Reading(Pattern.FORK)),
        ([RIGHT, UP, (-1, -1)], [MINUS, MINUS, MINUS], Reading(Pattern.FORK)),
        ([RIGHT, (1, 1), UP], [ONE, MINUS, ONE], Reading(Pattern.BEND, (1,), (0, 2))),
        ([RIGHT, (1, 1), UP], [(0, 2), (0, -1), (0, 2)], Reading(Pattern.BEND, (1,), (0, 2))),
        ([RIGHT, UP, LEFT], [ONE, ONE, ONE], Reading(Pattern.IMPOSSIBLE)),
        ([RIGHT, UP, LEFT, DOWN], [ONE] * 4, Reading(Pattern.CROSSING, (0, 2), (1, 3))),
        ([RIGHT, UP, LEFT, (1, -1)], [ONE] * 4, Reading(Pattern.BEND, (0, 2), (1, 3))),
        ([RIGHT, (1, 1), UP, DOWN], [ONE] * 4, Reading(Pattern.IMPOSSIBLE)),
        ([RIGHT, (1, 1), UP, (-3, -1)], [ONE] * 4, Reading(Pattern.IMPOSSIBLE)),
        ([RIGHT, UP, LEFT, DOWN, (1, -1)], [ONE] * 5, Reading(Pattern.IMPOSSIBLE)),
    ],
)
def test_readings(rays: list, weights: list, reading: Reading) -> None:
    assert read_star(rays, weights) == reading


@given(st.permutations([(3, 1), (1, 1), (1, 3), (-1, 2), (-1, 0), (-1, -1), (0, -1), (2, -1)]))
def test_order_around_a_point(rays: list) -> None:
    turned = [rays[i] for i in around(rays)]
    assert turned == [(3, 1), (1, 1), (1, 3), (-1, 2), (-1, 0), (-1, -1), (0, -1), (2, -1)]


def test_directions() -> None:
    assert is_along((2, 4), (Fraction(1, 3), Fraction(2, 3)))
    assert not is_along((2, 4), (-1, -2))
    assert not is_along((2, 4), (2, 3))


def bending_pair(rng: Random) -> tuple[ReLUNetwork, list[int], list[int], int]:
    """a·relu(z_A) + b·relu(ℓ + κ·relu(z_A)) in the plane, with z_A, ℓ and κ."""
    while True:
        first, form = ([rng.randint(-3, 3) for _ in range(2)] for _ in range(2))
        if first[0] * form[1] - first[1] * form[0]:
            break
    kappa, a, b = rng.randint(-2, 2), rng.randint(-2, 2), rng.randint(-2, 2)
    opposite = [-entry for entry in form]
    layers = [
        ([first, form, opposite], [0, 0, 0]),
        ([[1, 0, 0], [kappa, 1, -1]], [0, 0]),
        ([[a, b]], [0]),
    ]
    return ReLUNetwork(layers), first, form, kappa


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32).map(Random), st.integers(2, 4))
def test_two_neurons(rng: Random, n: int) -> None:
    """Whatever two neurons do at a cell, its star is read as theirs, in the plane and above."""
    net, first, form, kappa = bending_pair(rng)
    embed = [[int(i == j) for j in range(n)] for i in range(2)]
    for row in embed:
        row[2:] = [rng.randint(-1, 1) for _ in range(n - 2)]
    function = net @ ReLUNetwork([(embed, [rng.randint(-2, 2), 0])])
    bends = BendGraph(break_locus(function))
    assert len(bends.stars) <= 1
    for star, reading in zip(bends.stars, bends.readings, strict=True):
        assert reading.pattern is not Pattern.IMPOSSIBLE

        def linear(row: list[int], i: int) -> int:
            v = star.direction(i)  # noqa: B023
            image = [sum(a * b for a, b in zip(line, v, strict=True)) for line in embed]
            return sum(a * b for a, b in zip(row, image, strict=True))

        on_first = [i for i in range(len(star.sheets)) if linear(first, i) == 0]
        others = [i for i in range(len(star.sheets)) if i not in on_first]
        for i in others:
            assert linear(form, i) + kappa * max(linear(first, i), 0) == 0
        if reading.pattern is Pattern.BEND:
            assert kappa
            assert list(reading.straight) == on_first
            assert list(reading.bent) == others
        elif reading.pattern is Pattern.CROSSING:
            assert not kappa
            assert on_first in (list(reading.straight), list(reading.bent))
        elif reading.pattern is Pattern.FORK:
            assert kappa
            assert len(on_first) == 1
