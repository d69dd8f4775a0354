"""Break loci of tropical rational functions beside the stored divisors of polymake."""

from __future__ import annotations

import pytest

from oracles.answers import is_explained, read_answers
from oracles.make_rational_functions import make_rational_functions, read_rational_functions
from oracles.polymake_divisors import ANSWERS, divisor, naive_divisor
from tropnet import (
    TropicalPolynomial,
    TropicalRational,
    WeightedComplex,
    break_locus,
    to_network,
)

FUNCTIONS = read_rational_functions()
DIVISORS = read_answers(ANSWERS)
AS_NETWORKS = [name for name, f in FUNCTIONS.items() if sum(len(p.exponents) for p in f) <= 8]


def rational(name: str) -> TropicalRational:
    numerator, denominator = FUNCTIONS[name]
    return TropicalPolynomial(*numerator) / TropicalPolynomial(*denominator)


def stored(name: str) -> WeightedComplex:
    return divisor(DIVISORS[name], FUNCTIONS[name].variables)


def test_the_stored_functions_are_those_of_the_script() -> None:
    assert {name: f for name, (_, f) in make_rational_functions().items()} == FUNCTIONS
    assert set(DIVISORS) == set(FUNCTIONS)


def test_every_disagreement_is_explained() -> None:
    assert is_explained(ANSWERS)


@pytest.mark.parametrize("name", DIVISORS)
def test_polymake_agrees_with_the_brute_force(name: str) -> None:
    f = FUNCTIONS[name]
    assert stored(name) == divisor(naive_divisor(f), f.variables)


@pytest.mark.parametrize("name", DIVISORS)
def test_break_locus_agrees_with_polymake(name: str) -> None:
    assert break_locus(rational(name)) == stored(name)


@pytest.mark.parametrize("name", AS_NETWORKS)
def test_break_locus_of_a_network_agrees_with_polymake(name: str) -> None:
    assert break_locus(to_network(rational(name))) == stored(name)
