"""Certificates as JSON: nothing is lost, and nothing but a certificate of this version is read."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.mutations import places, replaced
from certificates.proofs import PROOFS, Proof, proof_of_equality
from comparison.known_identities import affine, relu
from generators.strategies import identity_pairs, networks, transformed_pairs
from tropnet import CertificateError, Polyhedron, ReLUNetwork, decide_equality, decide_equivalence
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.serialization import (
    Certificate,
    certificate_from_json,
    certificate_to_json,
)

HUGE = Fraction(7**6000, 10**5000)


def assert_kept(certificate: Certificate) -> None:
    text = certificate_to_json(certificate)
    again = certificate_from_json(text)
    assert type(again) is type(certificate)
    assert again == certificate
    assert certificate_to_json(again) == text


def refused(data: Any) -> str:
    with pytest.raises(CertificateError) as refusal:
        certificate_from_json(data if isinstance(data, str) else json.dumps(data))
    return str(refusal.value)


def plain(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(certificate_to_json(PROOFS[name].certificate))
    return data


@pytest.mark.parametrize("name", PROOFS)
def test_round_trip(name: str) -> None:
    assert_kept(PROOFS[name].certificate)


@settings(max_examples=30, deadline=None)
@given(st.one_of(transformed_pairs(), identity_pairs()), st.booleans())
def test_round_trip_of_random_proofs(pair: tuple[ReLUNetwork, ReLUNetwork], on_a_box: bool) -> None:
    n = pair[0].input_width
    cube = Polyhedron.from_generators(
        [[0] * n, *([int(i == j) for i in range(n)] for j in range(n))]
    )
    assert_kept(decide_equality(*pair, cube if on_a_box else None).certificate)


@settings(max_examples=30, deadline=None)
@given(networks())
def test_round_trip_of_random_symmetries(net: ReLUNetwork) -> None:
    orders = [tuple(reversed(range(width))) for width in net.architecture[1:-1]]
    other = net
    for layer, order in enumerate(orders, 1):
        other = other.permute(layer, order).rescale(layer, [Fraction(2, k + 1) for k in order])
    certificate = decide_equivalence(net, other).certificate
    assert certificate is not None
    assert_kept(certificate)


def huge_proofs() -> dict[str, Proof]:
    """Numbers of more than 4300 digits, which Python itself does not turn into text."""
    x, y = affine([[1, 0]], [0]), affine([[0, 1]], [HUGE])
    net = relu(HUGE * x + y)
    scaled = net.rescale(1, [HUGE])
    equivalence = decide_equivalence(net, scaled).certificate
    assert isinstance(equivalence, EquivalenceCertificate)
    on_half = PROOFS["half-space with lines"]
    assert isinstance(on_half.certificate, EqualityCertificate)
    ((row,), equations) = on_half.certificate.domain
    multiple = tuple(7**6000 * entry for entry in row)
    return {
        "witness": Proof(x, y - affine([[0, 1]], [0]), InequalityCertificate((1 / HUGE, HUGE))),
        "symmetry": Proof(net, scaled, equivalence),
        "rules": proof_of_equality(net, scaled, covered=False),
        "cover": proof_of_equality(relu(relu(x) - relu(y)), relu(x - relu(y))),
        "domain": on_half._replace(
            certificate=replace(on_half.certificate, domain=((multiple,), equations))
        ),
    }


@pytest.mark.parametrize("name", huge_proofs())
def test_numbers_of_any_length(name: str) -> None:
    f, g, certificate = huge_proofs()[name]
    assert max(len(text) for text in certificate_to_json(certificate).split('"')) > 4300
    assert_kept(certificate)
    assert certificate_from_json(certificate_to_json(certificate)).check(f, g)


def test_the_header() -> None:
    for name in PROOFS:
        data = plain(name)
        assert data["format"] == "tropnet/certificate"
        assert type(data["version"]) is int
        assert data["claim"] == PROOFS[name].certificate.claim
        for field, word in (("format", "format"), ("version", "version"), ("claim", "claim")):
            for value in (None, "", "tropnet/network", "2", 2, 0, -1, [], {}, ["equal"]):
                assert word in refused(data | {field: value})
            assert word in refused({key: data[key] for key in data if key != field})


@pytest.mark.parametrize("version", [True, 1.0, "1", [1]])
def test_the_version_is_an_integer(version: object) -> None:
    assert "version" in refused(plain("witness") | {"version": version})


def test_long_versions_make_short_messages() -> None:
    for version in ("9" * 10**6, [[]] * 10**5):
        assert len(refused(plain("witness") | {"version": version})) < 500
    assert len(refused(plain("witness") | {"claim": "9" * 10**6})) < 500


@pytest.mark.parametrize("name", PROOFS)
def test_keys_are_exact(name: str) -> None:
    data = plain(name)
    for place, value in places(data):
        if isinstance(value, dict):
            refused(replaced(data, place, value | {"note": "1"}))
            for key in value:
                if key not in ("cover", "domain", "maxima"):
                    rest = {other: value[other] for other in value if other != key}
                    refused(replaced(data, place, rest))


@pytest.mark.parametrize("name", ["plane", "witness", "symmetry"])
def test_the_data_of_another_claim(name: str) -> None:
    claims = {proof.certificate.claim for proof in PROOFS.values()}
    for claim in claims - {PROOFS[name].certificate.claim}:
        refused(plain(name) | {"claim": claim})


@pytest.mark.parametrize("name", ["half-space with lines", "witness", "symmetry"])
def test_damaged_text(name: str) -> None:
    text = certificate_to_json(PROOFS[name].certificate)
    for end in range(len(text)):
        refused(text[:end])
    refused(text + "}")


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "[]", "1", '"equal"', "{}", "\x00", "NaN", "[" * 10**5, '{"a":' * 10**5),
        '{"format": "tropnet/certificate", "version": ' + "1" * 5000 + "}",
    ],
)
def test_text_that_is_no_certificate(text: str) -> None:
    refused(text)


NO_NUMBERS = [
    *("NaN", "Infinity", "true", "null", "0.5", "[]", '{"1": "1"}', '""', '"nan"', '"x"', '"-"'),
    *('"1/0"', '"1/-2"', '"1/"', '"/2"', '"1/2/3"', '"1 2"', '"1 -2"', '" 1"', '"1 "', '"1.0"'),
    *('"+1"', '"--1"', '"1_0"', '"0x1"', '"\\n1"', '"1\\n"', '"\\u0661"'),
]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_number(number: str) -> None:
    header = '{"format": "tropnet/certificate", "version": 1, '
    refused(f'{header}"claim": "different", "witness": [{number}]}}')
    refused(f'{header}"claim": "equivalent", "orders": [[{number}]], "factors": []}}')
    refused(f'{header}"claim": "equivalent", "orders": [], "factors": [[{number}]]}}')
    refused(f'{header}"claim": "equal", "atoms": [[[0, {number}]]], "rules": [[], []]}}')
    refused(f'{header}"claim": "equal", "atoms": [], "rules": [[[[0, {number}]]], []]}}')


def test_integers_are_integers() -> None:
    for name in ("space with a line", "segment in a plane"):
        data = plain(name)
        for place, value in places(data):
            if not isinstance(value, (dict, list)) and place[0] in ("cover", "domain"):
                refused(replaced(data, place, f"{value}/7" if int(value) % 7 else "1/7"))


def test_short_texts_of_huge_numbers() -> None:
    """A certificate is read in memory in proportion to its length."""
    data = plain("half-space with lines")
    for place in (("cover", "corners", 0, 0), ("atoms", 0, 0, 1), ("rules", 0, 0, 0, 1)):
        refused(replaced(data, place, "1e9999"))
    refused(plain("witness") | {"witness": ["1e9999", "0"]})


def test_the_kinds_are_different_claims() -> None:
    kinds = (EqualityCertificate, InequalityCertificate, EquivalenceCertificate)
    assert len({kind.claim for kind in kinds}) == 3
