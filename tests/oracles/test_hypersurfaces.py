"""Hypersurfaces beside the stored answers of polymake and gfan, and those beside a brute force."""

from __future__ import annotations

import pytest

from oracles.answers import is_explained, read_answers
from oracles.gfan_hypersurfaces import ANSWERS as GFAN
from oracles.make_polynomials import make_polynomials, read_polynomials
from oracles.naive_hypersurface import brute_force
from oracles.polymake_hypersurfaces import ANSWERS as POLYMAKE
from oracles.polymake_hypersurfaces import truth
from tropnet import TropicalPolynomial

POLYNOMIALS = read_polynomials()
SMALL = [name for name, p in POLYNOMIALS.items() if len(p.exponents) <= 20]


ANSWERS = {
    "polymake": read_answers(POLYMAKE),
    "gfan": read_answers(GFAN),
}


def tropical(name: str) -> TropicalPolynomial:
    return TropicalPolynomial(*POLYNOMIALS[name])


def test_the_stored_polynomials_are_those_of_the_script():
    assert {name: p for name, (_, p) in make_polynomials().items()} == POLYNOMIALS


def test_every_disagreement_is_explained():
    assert is_explained(POLYMAKE)
    assert is_explained(GFAN)


@pytest.mark.parametrize("name", SMALL)
def test_polymake_agrees_with_the_brute_force(name: str):
    answer = ANSWERS["polymake"][name]
    expected = truth(POLYNOMIALS[name], brute_force(POLYNOMIALS[name]))
    assert {key: answer[key] for key in expected} == expected


@pytest.mark.parametrize("name", ANSWERS["polymake"])
def test_hypersurface_agrees_with_polymake(name: str):
    answer = ANSWERS["polymake"][name]
    p = tropical(name)
    X = p.hypersurface()
    assert len(X.facets) == answer["facets"]
    assert sorted(facet.weight for facet in X.facets) == answer["weights"]
    minimal = X.cells(answer["lineality"]) if answer["facets"] else ()
    assert len(minimal) == answer["vertices"]


@pytest.mark.parametrize("name", ANSWERS["polymake"])
def test_hypersurface_is_balanced(name: str):
    assert tropical(name).hypersurface().is_balanced()


@pytest.mark.parametrize("name", ANSWERS["polymake"])
def test_redundant_monomials_agree_with_polymake(name: str):
    exponents = POLYNOMIALS[name].exponents
    redundant = {exponents[k] for k in ANSWERS["polymake"][name]["redundant"]}
    assert set(exponents) - set(tropical(name).essential().exponents) == redundant


@pytest.mark.parametrize("name", ANSWERS["gfan"])
def test_hypersurface_agrees_with_gfan(name: str):
    answer = ANSWERS["gfan"][name]
    facets = tropical(name).hypersurface().facets
    assert sorted(facet.weight for facet in facets) == sorted(answer["multiplicities"])
    assert {len(facet.polyhedron.lines) for facet in facets} == {answer["lineality"]}
