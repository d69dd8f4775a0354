"""Layers as kinks and an affine rest, and the neurons that realise them."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from random import Random

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.networks import integer_network
from generators.strategies import generators
from generators.transformations import TRANSFORMATIONS
from tropnet import ReLUNetwork
from tropnet.exact import rank
from tropnet.networks.simplification.bundles import bundled, coordinates, nonnegative_span
from tropnet.networks.simplification.dependence import eliminations
from tropnet.networks.simplification.draft import Draft, Neuron
from tropnet.networks.simplification.orientation import (
    Arrangement,
    narrow_arrangement,
    zero_one_combination,
)
from tropnet.networks.simplification.shares import Share, evident_relations
from tropnet.networks.simplification.tidying import tidied

Vector = tuple[Fraction, ...]

entries = st.integers(-2, 2).map(Fraction)


def value(neurons: tuple[Neuron, ...] | list[Neuron], constant: Vector, y: Vector) -> Vector:
    """What neurons add to the next preactivations."""
    total = constant
    for neuron in neurons:
        z = max(sum((a * b for a, b in zip(neuron.row, y, strict=True)), neuron.bias), Fraction(0))
        total = tuple(a + z * b for a, b in zip(total, neuron.out, strict=True))
    return total


def share_value(share: Share, y: Vector) -> Vector:
    point = (*y, Fraction(1))
    kinks = [Neuron(kink.name, kink.form[:-1], kink.form[-1], kink.out) for kink in share.kinks]
    rest = tuple(sum(a * b for a, b in zip(form, point, strict=True)) for form in share.rest)
    return value(kinks, rest, y)


def points(width: int, rng: Random, *, nonnegative: bool) -> list[Vector]:
    low = 0 if nonnegative else -9
    return [tuple(Fraction(rng.randint(low, 9), 2) for _ in range(width)) for _ in range(12)]


def unbounded(row: Vector) -> None:
    """No bound is known."""


@st.composite
def layers(draw: st.DrawFn) -> tuple[Draft, int]:
    """A tidy draft and a hidden layer of it, often padded."""
    rng = draw(generators())
    widths = draw(st.sampled_from(((2, 3, 2), (1, 3, 1), (2, 2, 3, 1), (3, 2, 2, 2))))
    net = integer_network(widths, rng, 2)
    name = draw(st.sampled_from(("affine_pairs", "triple_substitution", "flipped_neuron", None)))
    if name is not None:
        net = TRANSFORMATIONS[name](net, rng)
    draft, _ = tidied(Draft.of(net))
    if not draft.depth:
        return Draft.of(integer_network((1, 1, 1), Random(1))), 0
    return draft, draw(st.integers(0, draft.depth - 1))


@settings(max_examples=60, deadline=None)
@given(layers(), generators())
def test_a_share_is_what_the_neurons_add(layer: tuple[Draft, int], rng: Random) -> None:
    draft, index = layer
    neurons = draft.neurons(index)
    share = Share.of(draft, index)
    none = (Fraction(0),) * len(neurons[0].out)
    for y in points(len(neurons[0].row), rng, nonnegative=index > 0):
        assert share_value(share, y) == value(neurons, none, y)


@settings(max_examples=60, deadline=None)
@given(layers(), generators())
def test_arrangements_have_the_share(layer: tuple[Draft, int], rng: Random) -> None:
    draft, index = layer
    neurons = draft.neurons(index)
    none = (Fraction(0),) * len(neurons[0].out)
    limit = len(neurons)
    arrangement = narrow_arrangement(Share.of(draft, index), index, limit, unbounded)
    if arrangement is None:
        return
    assert len(arrangement.neurons) < limit
    for y in points(len(neurons[0].row), rng, nonnegative=index > 0):
        assert value(arrangement.neurons, arrangement.constant, y) == value(neurons, none, y)
        for form in arrangement.active:
            assert sum(a * b for a, b in zip(form, (*y, 1), strict=True)) >= 0


@settings(max_examples=60, deadline=None)
@given(layers(), generators())
def test_evident_relations_vanish(layer: tuple[Draft, int], rng: Random) -> None:
    draft, index = layer
    neurons = draft.neurons(index)
    relations = evident_relations(draft, index)
    for y in points(len(neurons[0].row), rng, nonnegative=index > 0):
        activations = [
            value([neuron._replace(out=(Fraction(1),))], (Fraction(0),), y)[0] for neuron in neurons
        ]
        for position, relation in relations.items():
            assert relation[position] == 1
            vector = (*activations, *y, Fraction(1))
            assert not sum(a * b for a, b in zip(relation, vector, strict=True))


@settings(max_examples=40, deadline=None)
@given(layers(), generators())
def test_eliminations_keep_the_share(layer: tuple[Draft, int], rng: Random) -> None:
    draft, index = layer
    relations = list(evident_relations(draft, index).values())
    if not index or not relations:
        return
    neurons = draft.neurons(index)
    none = (Fraction(0),) * len(neurons[0].out)
    for elimination in eliminations(draft, index, relations):
        for y in points(len(neurons[0].row), rng, nonnegative=True):
            expected = value(neurons, none, y)
            assert share_value(elimination.share, y) == expected
            kept = elimination.arrangement
            if kept is not None:
                assert isinstance(kept, Arrangement)
                assert value(kept.neurons, kept.constant, y) == expected


@given(st.lists(st.tuples(entries, entries, entries), min_size=1, max_size=4))
def test_nonnegative_spans(rows: list[Vector]) -> None:
    span = nonnegative_span(rows)
    assert all(entry >= 0 for row in span for entry in row)
    assert rank([*span, *rows] or [()]) == rank(span or [()]) == len(span)
    assert len(span) in (rank(rows), rank(rows) + 1)
    for row, factors in zip(rows, coordinates(rows, span), strict=True):
        total = [sum((f * r[j] for f, r in zip(factors, span, strict=True)), 0) for j in range(3)]
        assert tuple(total) == row


@pytest.mark.parametrize(
    ("rows", "size"),
    [
        ([(0, 0)], 0),
        ([(1, 2)], 1),
        ([(-1, -2)], 1),
        ([(1, -1)], 2),
        ([(1, -1, 0), (0, 1, 1)], 2),
        ([(1, -1, 0), (0, 1, -1)], 3),
        ([(1, 0), (0, -1)], 2),
    ],
)
def test_known_nonnegative_spans(rows: list[tuple[int, ...]], size: int) -> None:
    assert len(nonnegative_span([tuple(map(Fraction, row)) for row in rows])) == size


def test_bundles_of_what_one_neuron_can_pass_on() -> None:
    """x + 2y read with weight 3 each way is one neuron; x − y takes two."""
    one, none = Fraction(1), Fraction(0)
    x, y = (one, none), (none, one)
    same = [Neuron(0, x, none, (3 * one,)), Neuron(1, y, one, (6 * one,))]
    assert bundled(same) == [Neuron(0, (one, 2 * one), 2 * one, (3 * one,))]
    different = [Neuron(0, x, none, (one,)), Neuron(1, y, none, (-one,))]
    assert bundled(different) == different
    assert bundled(same[:1]) == same[:1]
    assert bundled([]) == []


@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), max_size=5), st.data())
def test_zero_one_combinations(columns: list[tuple[int, int]], data: st.DataObject) -> None:
    chosen = data.draw(st.tuples(*(st.integers(0, 1) for _ in columns)))
    shift = data.draw(st.integers(0, 1))
    target = [
        sum(t * column[k] for t, column in zip(chosen, columns, strict=True)) + shift
        for k in range(2)
    ]
    found = zero_one_combination(
        [list(map(flint.fmpq, column)) for column in columns], list(map(flint.fmpq, target)), 64
    )
    solutions = [
        t
        for t in product((0, 1), repeat=len(columns))
        if all(
            sum(a * column[k] for a, column in zip(t, columns, strict=True)) == target[k]
            for k in range(2)
        )
    ]
    assert (found in solutions) if solutions else found is None


def test_names_survive_reordering() -> None:
    net = ReLUNetwork([([[1], [-1], [2]], [0, 3, 1]), ([[5, 7, -1]], [0])])
    draft = Draft.of(net).in_canonical_order()
    assert sorted(draft.names[0]) == [0, 1, 2]
    assert draft.in_given_order().network == net
