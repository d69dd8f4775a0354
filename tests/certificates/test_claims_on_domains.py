"""What a certificate proves about the domain that its reader names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.proofs import PROOFS, claim_is_true
from comparison.known_identities import affine, relu
from tropnet import (
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    decide_equality,
    decide_equivalence,
)
from tropnet.certificates.domain import WHOLE_SPACE, Domain, is_inside, is_obviously_within
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.plain import input_width
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json

X, Y, ONE = affine([[1, 0]], [0]), affine([[0, 1]], [0]), affine([[0, 0]], [1])
F, G = relu(X) + relu(Y), X + Y
"""Equal where x ≥ 0 and y ≥ 0, and nowhere else."""
QUADRANT = Polyhedron.from_inequalities([[-1, 0], [0, -1]], [0, 0])
EQUAL = [n for n, proof in PROOFS.items() if isinstance(proof.certificate, EqualityCertificate)]


def on_quadrant() -> EqualityCertificate:
    certificate = decide_equality(F, G, QUADRANT).certificate
    assert isinstance(certificate, EqualityCertificate)
    return certificate


def box(low: object, high: object) -> Polyhedron:
    return Polyhedron.from_inequalities(
        [[1, 0], [0, 1], [-1, 0], [0, -1]], [high, high, -Fraction(str(low)), -Fraction(str(low))]
    )


WITHIN: dict[str, Any] = {
    "itself": QUADRANT,
    "its rows": (QUADRANT.inequalities, QUADRANT.equations),
    "its rows in JSON's lists": [[["-1", "0", "0"], [0, -1, 0]], []],
    "multiples of its rows": (((-3, 0, 0), (0, Fraction(-1, 7), 0)), ()),
    "a box": box(0, 10),
    "a box farther off": box("1/3", "1/2"),
    "one of its facets": Polyhedron.from_inequalities([[-1, 0]], [0], ([[0, 1]], [0])),
    "a half-line inside": Polyhedron.from_inequalities([[-1, 0]], [-1], ([[0, 2]], [5])),
    "a point": Polyhedron.from_inequalities([], [], ([[1, 0], [0, 1]], [3, "1/9"])),
    "the empty set in its own words": (((0, 0, -1), (-1, 0, 0), (0, -1, 0)), ()),
}
NOT_WITHIN: dict[str, Any] = {
    "the plane": WHOLE_SPACE,
    "the plane in lists": [[], []],
    "the plane as a polyhedron": Polyhedron.from_inequalities([], [], ambient_dim=2),
    "the plane as 0 ≤ 1": (((0, 0, 1),), ()),
    "a half-plane": Polyhedron.from_inequalities([[-1, 0]], [0]),
    "a larger quadrant": Polyhedron.from_inequalities([[-1, 0], [0, -1]], [0, "1/1000000"]),
    "another quadrant": Polyhedron.from_inequalities([[1, 0], [0, -1]], [0, 0]),
    "a box around the origin": box(-1, 1),
    "a line": Polyhedron.from_inequalities([], [], ([[1, 0]], [1])),
    "a point outside": Polyhedron.from_generators([(1, -1)]),
}


@pytest.mark.parametrize("name", WITHIN)
def test_smaller_domains(name: str) -> None:
    assert on_quadrant().check(F, G, WITHIN[name])
    assert on_quadrant().check(F, G, domain=WITHIN[name])


@pytest.mark.parametrize("name", NOT_WITHIN)
def test_domains_that_the_proof_is_not_about(name: str) -> None:
    assert on_quadrant().check(F, G)
    assert not on_quadrant().check(F, G, NOT_WITHIN[name])


@pytest.mark.parametrize("name", EQUAL)
def test_claims_about_the_whole_space(name: str) -> None:
    """A proof with a domain proves nothing about R^n, one without is about every domain."""
    f, g, certificate = PROOFS[name]
    assert isinstance(certificate, EqualityCertificate)
    is_about_space = not any(certificate.domain)
    assert certificate.check(f, g)
    assert certificate.check(f, g, certificate.domain)
    assert certificate.check(f, g, WHOLE_SPACE) == is_about_space
    if is_about_space:
        assert claim_is_true(certificate, f, g)
        n = input_width(f)
        assert certificate.check(f, g, (((*[1] * n, 0),), ((*[1] * n, 1),)))


def test_a_wrong_proof_is_wrong_on_every_domain() -> None:
    certificate = replace(on_quadrant(), domain=WHOLE_SPACE)
    for domain in (None, QUADRANT, WHOLE_SPACE, box(0, 1)):
        assert not certificate.check(F, G, domain)


def test_empty_domains_of_the_reader() -> None:
    empty = Polyhedron.from_inequalities([[1, 0], [-1, 0]], [0, -1])
    assert empty.is_empty
    certificate = decide_equality(F, ONE, empty).certificate
    assert certificate.check(F, ONE)
    assert certificate.check(F, ONE, empty)
    assert not certificate.check(F, ONE, QUADRANT)
    assert not certificate.check(F, ONE, WHOLE_SPACE)
    assert not InequalityCertificate((Fraction(5), Fraction(5))).check(F, ONE, empty)


def test_witnesses_in_and_outside_a_domain() -> None:
    different = InequalityCertificate((Fraction(-1), Fraction(2)))
    assert different.check(F, G)
    for domain in (
        WHOLE_SPACE,
        Polyhedron.from_inequalities([[1, 0]], [0]),
        Polyhedron.from_inequalities([[1, 0]], [-1]),
        Polyhedron.from_inequalities([[0, -1]], [-2], ([[1, 1]], [1])),
        Polyhedron.from_generators([(-1, 2)]),
    ):
        assert different.check(F, G, domain)
    for domain in (
        QUADRANT,
        Polyhedron.from_inequalities([[1, 0]], ["-1000001/1000000"]),
        Polyhedron.from_inequalities([], [], ([[1, 1]], [2])),
        Polyhedron.from_generators([(-1, 3)]),
    ):
        assert not different.check(F, G, domain)


def test_the_witness_of_a_decision_on_a_domain() -> None:
    domain = Polyhedron.from_inequalities([[1, 0]], [-5])
    answer = decide_equality(F, G, domain)
    assert not answer.equal
    assert answer.certificate.check(F, G, domain)
    assert not answer.certificate.check(F, G, QUADRANT)


def test_symmetries_hold_on_every_domain() -> None:
    net = relu(X)
    other = net.rescale(1, [2])
    certificate = decide_equivalence(net, other).certificate
    assert certificate is not None
    for domain in (None, QUADRANT, WHOLE_SPACE):
        assert certificate.check(net, other, domain)
        assert not certificate.check(net, 2 * other, domain)


@pytest.mark.parametrize(
    ("domain", "word"),
    [
        ("R^2", "polyhedron"),
        (5, "polyhedron"),
        ((), "pair"),
        (((), (), ()), "pair"),
        (((1, 0, 0), ()), "sequence"),
        ((((1, 0),), ()), "2 inputs"),
        (((), ((1, 0, 0, 0),)), "2 inputs"),
        ((((1, 0, float("nan")),), ()), "nan"),
        ((((True, 0, 1),), ()), "boolean"),
        ((((1, 0, 1), (1, 0)), ()), "row 1"),
        (Polyhedron.from_inequalities([[1]], [0]), "2 inputs"),
        (Polyhedron.from_generators([], ambient_dim=3), "2 inputs"),
    ],
)
def test_what_is_no_domain(domain: Any, word: str) -> None:
    different = InequalityCertificate((Fraction(-1), Fraction(2)))
    for certificate in (on_quadrant(), different):
        with pytest.raises(InvalidInputError, match=word) as error:
            certificate.check(F, G, domain)
        assert str(error.value).startswith("domain")
        assert "\n" not in str(error.value)


rows = st.lists(st.tuples(*[st.integers(-2, 2)] * 3), max_size=4)
domains = st.tuples(rows, st.lists(st.tuples(*[st.integers(-2, 2)] * 3), max_size=1))


def polyhedron(domain: Domain) -> Polyhedron:
    inequalities, equations = domain
    return Polyhedron.from_inequalities(
        [row[:-1] for row in inequalities],
        [row[-1] for row in inequalities],
        ([row[:-1] for row in equations], [row[-1] for row in equations]),
        ambient_dim=2,
    )


@settings(max_examples=150, deadline=None)
@given(domains, domains, st.integers(1, 3))
def test_obvious_subsets_are_subsets(inner: Domain, other: Domain, factor: int) -> None:
    both = ([*inner[0], *other[0]], [*inner[1], *other[1]])
    scaled = tuple(
        tuple(tuple(Fraction(factor * entry, 5) for entry in row) for row in reversed(system))
        for system in inner
    )
    assert is_obviously_within(both, inner)
    assert is_obviously_within(inner, (scaled[0], scaled[1]))
    assert is_obviously_within(inner, WHOLE_SPACE)
    if is_obviously_within(inner, other):
        first, second = polyhedron(inner), polyhedron(other)
        assert first.intersection(second) == first
    for point in polyhedron(inner).vertices:
        assert is_inside(point, inner)


def test_certificates_of_older_files() -> None:
    """The format has not changed: a file of the first version, about a segment in the plane."""
    text = (
        '{"format": "tropnet/certificate", "version": 1, "claim": "equal", "atoms": [[[0, "1"]], '
        '[[1, "1"]]], "rules": [[[[2, "1"], [3, "1"]]], []], "cover": {"frame": [["-4", "1"], '
        '["4", "1"], ["0", "4"]], "lines": [], "corners": [["-1", "4"], ["1", "4"]], "simplices": '
        '[[0, 1]]}, "domain": {"inequalities": [["0", "-1", "0"], ["0", "2", "1"]], "equations": '
        '[["2", "2", "1"]]}}'
    )
    certificate = certificate_from_json(text)
    half = affine([[0, 0]], ["1/2"])
    segment = Polyhedron.from_generators([(0, "1/2"), ("1/2", 0)])
    assert certificate_to_json(certificate) == text
    assert certificate.check(F, half)
    assert certificate.check(F, half, segment)
    assert not certificate.check(F, half, WHOLE_SPACE)


class PlainDomain:
    """Rows and nothing else."""

    def __init__(self, inequalities: Any, equations: Any) -> None:
        self.inequalities = inequalities
        self.equations = equations


def test_anything_with_rows_is_a_domain() -> None:
    assert on_quadrant().check(F, G, PlainDomain([[-1.0, 0, 0], ["0", -1, "-1/2"]], []))
    assert not on_quadrant().check(F, G, PlainDomain([[-1, 0, 0], [0, -1, "1/2"]], []))
    assert not on_quadrant().check(F, ReLUNetwork([([[1, 1]], [1])]), QUADRANT)
