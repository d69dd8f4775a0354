"""Piecewise linear activations written with ReLUs are the functions they should be."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet.errors import InvalidInputError
from tropnet.io import affine
from tropnet.io.affine import Affine, composed, identity
from tropnet.io.chain import ABSOLUTE, IDENTITY, RELU, Chain, clip, leaky
from tropnet.io.folding import inverse_root

NUMBERS = st.fractions(-5, 5, max_denominator=6)
FUNCTIONS = st.one_of(
    st.just((RELU, lambda z: max(z, 0))),
    st.just((ABSOLUTE, abs)),
    st.just((IDENTITY, lambda z: z)),
    NUMBERS.map(lambda a: (leaky(a), lambda z: z if z >= 0 else a * z)),
    NUMBERS.map(lambda a: (clip(a, None), lambda z: max(z, a))),
    NUMBERS.map(lambda a: (clip(None, a), lambda z: min(z, a))),
    st.tuples(NUMBERS, NUMBERS).map(
        lambda pair: (clip(*pair), lambda z: min(max(z, pair[0]), pair[1]))
    ),
)


@st.composite
def affine_maps(draw, inputs, outputs):
    rows = [
        {j: c for j in range(inputs) if (c := draw(NUMBERS))} for _ in range(outputs)
    ]  # fmt: skip
    return Affine(rows, [draw(NUMBERS) for _ in range(outputs)])


def value(rows, x):
    return [
        sum((c * x[j] for j, c in row.items()), Fraction(0)) + b
        for row, b in zip(rows.rows, rows.bias, strict=True)
    ]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_chains_of_activations(data):
    chain = Chain(2)
    x = data.draw(st.tuples(NUMBERS, NUMBERS))
    current, expected = identity(2), list(x)
    for _ in range(data.draw(st.integers(1, 3))):
        inner = data.draw(affine_maps(2, 2))
        current = affine.shifted(composed(inner.rows, current), inner.bias)
        chosen = [data.draw(FUNCTIONS) for _ in range(2)]
        current = chain.apply(current, [piece for piece, _ in chosen])
        pairs = zip(chosen, value(inner, expected), strict=True)
        expected = [function(z) for (_, function), z in pairs]
    assert list(chain.network(current)(x)) == expected


@given(st.data(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_maxima_over_groups(data, after_relu):
    chain = Chain(2)
    x = data.draw(st.tuples(NUMBERS, NUMBERS))
    current, values = identity(2), list(x)
    if after_relu:
        current, values = chain.relu(current), [max(z, 0) for z in x]
    inner = data.draw(affine_maps(2, 5))
    current = affine.shifted(composed(inner.rows, current), inner.bias)
    values = value(inner, values)
    groups = data.draw(
        st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=5), min_size=1, max_size=4)
    )
    network = chain.network(chain.maximum(current, groups))
    assert list(network(x)) == [max(values[i] for i in group) for group in groups]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_products_through_flint_are_the_sparse_ones(data):
    outer, inner = data.draw(affine_maps(3, 4)), data.draw(affine_maps(2, 3))
    sparse = composed(outer.rows, inner)
    assert affine._dense_product(outer.rows, inner.rows) == sparse.rows


def test_sizes_are_limited():
    chain = Chain(3000)
    with pytest.raises(InvalidInputError, match="limit"):
        chain.relu(affine.selected(identity(3000), [0] * 4000))


@given(st.fractions(-9, 9).filter(bool), st.fractions(0, 9).filter(bool))
@settings(max_examples=100, deadline=None)
def test_inverse_roots_are_exact_or_nearest(numerator, radicand):
    root, exact = inverse_root(numerator, radicand)
    square = numerator**2 / radicand
    assert (root > 0) == (numerator > 0)
    if exact:
        assert root**2 == square
        return
    result = float(root)
    assert Fraction(result) == root
    for neighbour in (math.nextafter(result, 0), math.nextafter(result, math.inf * numerator)):
        middle = (Fraction(neighbour) + root) / 2
        assert (middle**2 < square) == (abs(neighbour) < abs(result))
