"""From networks to tropical rational functions and back, decided exactly."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.networks import (
    DEGRADATIONS,
    eighths_network,
    gaussian_network,
    integer_network,
)
from generators.strategies import architectures, networks
from tropical.tropical_strategies import polynomials, rationals
from tropnet import (
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    TropicalRational,
    decide_equality,
    max_difference,
    to_network,
    tropicalize,
)


@settings(max_examples=60, deadline=None)
@given(networks(architectures(max_hidden=5)))
def test_tropicalize_keeps_the_function(net: ReLUNetwork) -> None:
    function = tropicalize(net)
    assert isinstance(function, tuple) == (net.output_width > 1)
    answer = decide_equality(net, function)
    assert answer.equal
    assert answer.certificate.check(net, function)


@pytest.mark.parametrize("architecture", [(2, 6, 5, 1), (3, 5, 4, 1), (1, 4, 3, 2, 2), (2, 3)])
@pytest.mark.parametrize("build", [eighths_network, integer_network])
def test_networks_of_some_size(architecture: tuple[int, ...], build) -> None:
    net = build(architecture, Random(1))
    assert decide_equality(tropicalize(net), net).equal


@pytest.mark.parametrize("name", sorted(DEGRADATIONS))
def test_degenerate_networks(name: str) -> None:
    net = DEGRADATIONS[name](integer_network((2, 4, 3, 1), Random(5)), Random(6))
    assert decide_equality(tropicalize(net), net).equal


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_to_network_keeps_the_function(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    functions = data.draw(st.lists(st.one_of(polynomials(n), rationals(n)), min_size=1, max_size=3))
    net = to_network(functions)
    assert net.output_width == len(functions)
    assert decide_equality(net, tuple(functions)).equal
    assert decide_equality(to_network(functions[0]), functions[0]).equal


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 9])
def test_depth_of_the_maximum_tree(count: int) -> None:
    p = TropicalPolynomial([[i] for i in range(count)], [-i * i for i in range(count)])
    assert to_network(p).depth == math.ceil(math.log2(count))


def test_bad_input() -> None:
    p, q = TropicalPolynomial([[1]], [0]), TropicalPolynomial([[1, 2]], [0])
    for functions in ([], [p, 3], "p", [p, q], None):
        with pytest.raises((InvalidInputError, TypeError)):
            to_network(functions)


def test_differences_have_witnesses_and_proofs() -> None:
    net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    p = TropicalPolynomial([[1], [-1]], [0, "1/1000"])
    answer = decide_equality(net, p)
    assert answer.witness is not None
    assert net(answer.witness) != (p(answer.witness),)
    assert answer.certificate.check(net, p)
    assert not answer.certificate.check(net, TropicalRational(p, p))
    with pytest.raises(InvalidInputError, match="inputs"):
        decide_equality(net, TropicalPolynomial([[1, 1]], [0]))
    with pytest.raises(InvalidInputError, match="outputs"):
        decide_equality(net, (p, p))
    with pytest.raises(InvalidInputError, match="g"):
        decide_equality(net, 3)


def test_a_maximum_is_compared_region_by_region() -> None:
    """Not through a tree of maxima of two, whose regions would be a thousand times as many."""
    net = gaussian_network((3, 5, 4, 1))
    function = tropicalize(net)
    answer = decide_equality(net, function)
    assert answer.equal
    assert answer.regions < 400
    proof = answer.certificate
    assert proof.check(net, function)
    assert not replace(proof, maxima=proof.maxima[:-1]).check(net, function)
    changed = tuple(forms[1:] for forms in proof.maxima)
    assert not replace(proof, maxima=changed).check(net, function)


def test_maxima_on_flat_domains() -> None:
    """On a line, forms can coincide that differ in the plane."""
    p = TropicalPolynomial([[1, 0], [0, 1], [1, 1], [0, 0], [2, -1]], [0, 0, -1, 0, 0])
    q = TropicalPolynomial([[1, 0], [1, 1], [0, 0]], [0, -1, 0])
    diagonal = Polyhedron.from_inequalities([], [], ([[1, -1]], [0]))
    answer = decide_equality(p, q, diagonal)
    assert answer.equal
    assert answer.certificate.check(p, q)
    assert not decide_equality(p, q).equal
    (found,) = max_difference(p, q, Polyhedron.from_inequalities([], [], ([[1, -1]], [2])))
    assert found.value is None or found.value > 0
