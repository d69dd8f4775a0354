"""Certificates changed in every place: whatever still passes `check` must still be true.

The truth of a claim is decided without its proof (see `proofs.claim_is_true`).  Every change is
checked against the networks of the proof, and against networks that differ from them in one weight
of the output layer, so that the formal part of the proof still fits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from certificates.mutations import (
    Mutation,
    changed_numbers,
    foreign_values,
    places,
    rearranged_lists,
    replaced,
)
from certificates.proofs import (
    PROOFS,
    all_parameter_changes,
    claim_is_true,
    with_parameter_changed,
)
from generators.strategies import generators, identity_pairs
from tropnet import CertificateError, ReLUNetwork, decide_equality
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.piecewise.function_like import FunctionLike

FIELDS = {
    *("format", "version", "claim", "witness", "orders", "factors", "atoms", "rules"),
    *("cover", "frame", "lines", "corners", "simplices", "domain", "inequalities", "equations"),
    "maxima",
}
NEEDED = {
    *((("rules",), 4), (("atoms",), 2), (("atoms",), 3)),
    *((("maxima",), 2), (("maxima",), 3), (("maxima",), 4)),
}
"""The fields, and the depths in them, at which nothing can go."""
EQUAL = [n for n, proof in PROOFS.items() if isinstance(proof.certificate, EqualityCertificate)]


def plain(name: str) -> Any:
    return json.loads(certificate_to_json(PROOFS[name].certificate))


def verdicts(data: Any, *pairs: tuple[FunctionLike, FunctionLike]) -> list[bool]:
    """For which pairs plain data is a certificate that checks; for those its claim is true."""
    try:
        certificate = certificate_from_json(json.dumps(data))
    except CertificateError:
        return [False] * len(pairs)
    found = [certificate.check(*pair) for pair in pairs]
    for pair, verdict in zip(pairs, found, strict=True):
        assert not verdict or claim_is_true(certificate, *pair), certificate
    return found


def passes(data: Any, f: FunctionLike, g: FunctionLike) -> bool:
    """Whether plain data is a certificate that checks, with a claim that is true."""
    return verdicts(data, (f, g))[0]


@cache
def false_pairs(name: str) -> tuple[tuple[FunctionLike, FunctionLike], ...]:
    """Pairs about which a proof claims something false, one weight away from its own."""
    f, g, certificate = PROOFS[name]
    found = [
        pair
        for pair in (
            *((other, g) for other in reversed(all_parameter_changes(f))),
            *((f, other) for other in reversed(all_parameter_changes(g))),
        )
        if not claim_is_true(certificate, *pair)
    ]
    return (*found[:1], *found[-1:])


@pytest.mark.parametrize("name", PROOFS)
def test_the_proofs_themselves(name: str) -> None:
    f, g, certificate = PROOFS[name]
    assert passes(plain(name), f, g)
    assert claim_is_true(certificate, f, g)


@pytest.mark.parametrize("change", [changed_numbers, rearranged_lists, foreign_values])
@pytest.mark.parametrize("name", PROOFS)
def test_whatever_still_passes_is_true(
    name: str, change: Callable[[Any], Iterator[Mutation]]
) -> None:
    f, g, _ = PROOFS[name]
    for mutation in change(plain(name)):
        verdicts(mutation.data, (f, g), *false_pairs(name))


@pytest.mark.parametrize("name", EQUAL)
def test_what_a_proof_needs(name: str) -> None:
    """No rule, sign, form in use, simplex, corner in use, line or frame entry can go."""
    f, g, _ = PROOFS[name]
    data = plain(name)
    needed = [
        place
        for place, _ in places(data)
        if (place[:1], len(place)) in NEEDED or (place[:1] == ("cover",) and len(place) in (3, 4))
    ]
    assert needed
    for place in needed:
        parent = data
        for key in place[:-1]:
            parent = parent[key]
        shorter = [value for i, value in enumerate(parent) if i != place[-1]]
        assert not passes(replaced(data, place[:-1], shorter), f, g), place
    for place, value in places(data):
        if place[:1] == ("rules",) and place[4:] == (1,) and value != "0":
            opposite = str(-Fraction(value))
            assert not passes(replaced(data, place, opposite), f, g), place


@pytest.mark.parametrize("name", EQUAL)
def test_every_number_of_a_form_matters(name: str) -> None:
    f, g, _ = PROOFS[name]
    for mutation in changed_numbers(plain(name)):
        if mutation.path[:1] in (("atoms",), ("maxima",)):
            assert not passes(mutation.data, f, g), mutation


@pytest.mark.parametrize("name", PROOFS)
def test_other_networks(name: str) -> None:
    """Every parameter of either function changed; and the functions of all other proofs."""
    f, g, certificate = PROOFS[name]
    data = plain(name)
    pairs = [
        *((other, g) for other in all_parameter_changes(f)),
        *((f, other) for other in all_parameter_changes(g)),
        *((proof.f, proof.g) for proof in PROOFS.values() if proof.certificate != certificate),
        (f, f),
        (g, g),
    ]
    if isinstance(certificate, EquivalenceCertificate):
        pairs = [pair for pair in pairs if all(isinstance(part, ReLUNetwork) for part in pair)]
    assert not all(verdicts(data, *pairs))


@pytest.mark.parametrize("name", PROOFS)
def test_networks_in_the_other_order(name: str) -> None:
    f, g, certificate = PROOFS[name]
    passes(plain(name), g, f)
    if isinstance(certificate, EqualityCertificate):
        swapped = replace(certificate, rules=(certificate.rules[1], certificate.rules[0]))
        assert swapped.check(g, f)


@pytest.mark.parametrize("name", PROOFS)
def test_no_verdict_rests_on_a_checksum(name: str) -> None:
    """There is no field for one: what is not named here is refused."""
    keys = {key for _, value in places(plain(name)) if isinstance(value, dict) for key in value}
    assert keys <= FIELDS


@settings(max_examples=20, deadline=None)
@given(identity_pairs(), generators())
def test_covers_of_many_sizes(pair: tuple[ReLUNetwork, ReLUNetwork], random: Random) -> None:
    certificate = decide_equality(*pair).certificate
    assert certificate.check(*pair)
    if not isinstance(certificate, EqualityCertificate) or certificate.cover is None:
        return
    cover, (f, g) = certificate.cover, pair
    raised = with_parameter_changed(g, g.depth, 0, len(g.layers[-1].weight[0]))
    for _ in range(4):
        simplices = random.sample(cover.simplices, len(cover.simplices))
        assert replace(certificate, cover=replace(cover, simplices=tuple(simplices))).check(f, g)
        simplices.pop()
        assert not replace(certificate, cover=replace(cover, simplices=tuple(simplices))).check(
            f, g
        )
        index = random.randrange(len(cover.corners))
        corner = list(cover.corners[index])
        corner[random.randrange(len(corner))] += random.choice((-1, 1))
        corners = (*cover.corners[:index], tuple(corner), *cover.corners[index + 1 :])
        moved = replace(certificate, cover=replace(cover, corners=corners))
        moved.check(f, g)  # may hold, as the claim is true, and must not raise
        assert not moved.check(f, raised)
