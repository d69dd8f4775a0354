"""Certificates of functional dimensions: nothing false passes, and each part is needed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings

from certificates.mutations import Mutation, changed_numbers, foreign_values, rearranged_lists
from generators.strategies import architectures, networks
from identifiability.known_networks import (
    MAXIMUM,
    TRIPLE_FLIP,
    TWICE_RELU,
    TWO_ORBITS,
    VANISHING,
    WITH_THE_PRIME,
)
from tropnet import (
    Budget,
    BudgetExceededError,
    CertificateError,
    FunctionalDimension,
    ReLUNetwork,
    functional_dimension,
    random_network,
)
from tropnet.certificates.dimension import DimensionCertificate, Entry
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json

NETWORKS = {
    "twice relu": TWICE_RELU,
    "maximum": MAXIMUM,
    "triple flip": TRIPLE_FLIP,
    "random": random_network((2, 2, 2, 1), seed=0),
    "two outputs": random_network((1, 2, 2, 2), seed=3),
    "zero row": VANISHING["zero row"][0],
    "the prime": WITH_THE_PRIME["not maximal"][0],
    "affine": ReLUNetwork([([[1, 2]], [3])]),
    "some regions": ReLUNetwork([([[1]], [0]), ([[1], [-1]], [0, 1]), ([[1, 1]], [0])]),
}


@cache
def proof(name: str) -> DimensionCertificate:
    return functional_dimension(NETWORKS[name]).certificate


def is_true(certificate: DimensionCertificate, name: str) -> bool:
    value = functional_dimension(NETWORKS[name]).value
    if certificate.is_exact:
        return certificate.value == value
    return value is not None and certificate.value is not None and certificate.value <= value


def assert_refused_or_true(certificate: DimensionCertificate, name: str) -> None:
    assert not certificate.check(NETWORKS[name]) or is_true(certificate, name), certificate


@pytest.mark.parametrize("name", NETWORKS)
def test_the_proofs_themselves(name: str) -> None:
    certificate = proof(name)
    assert certificate.check(NETWORKS[name])
    text = certificate_to_json(certificate)
    assert certificate_from_json(text) == certificate
    assert certificate_to_json(certificate_from_json(text)) == text
    assert certificate_from_json(text).check(NETWORKS[name])


@pytest.mark.parametrize("change", [changed_numbers, rearranged_lists, foreign_values])
@pytest.mark.parametrize("name", ["twice relu", "maximum", "random", "zero row", "some regions"])
def test_whatever_still_passes_is_true(
    name: str, change: Callable[[Any], Iterator[Mutation]]
) -> None:
    for mutation in change(json.loads(certificate_to_json(proof(name)))):
        try:
            certificate = certificate_from_json(json.dumps(mutation.data))
        except CertificateError:
            continue
        assert isinstance(certificate, DimensionCertificate)
        assert_refused_or_true(certificate, name)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("other", NETWORKS)
def test_proofs_about_other_networks(name: str, other: str) -> None:
    assert_refused_or_true(proof(name), other)


@pytest.mark.parametrize("name", ["twice relu", "maximum", "random", "two outputs"])
def test_what_a_proof_needs(name: str) -> None:
    """The points, each vector of the kernel and each entry of one, and the value as it is."""
    net, certificate = NETWORKS[name], proof(name)
    value, kernel = certificate.value, certificate.kernel
    assert value is not None
    broken = [replace(certificate, points=())]
    broken += [
        replace(certificate, kernel=kernel[:i] + kernel[i + 1 :], value=value + delta)
        for i in range(len(kernel))
        for delta in (0, 1)
    ]
    for i, vector in enumerate(kernel):
        shorter = [vector[:k] + vector[k + 1 :] for k in range(len(vector))]
        broken += [
            replace(certificate, kernel=(*kernel[:i], one, *kernel[i + 1 :])) for one in shorter
        ]
    broken += [replace(certificate, value=value + delta) for delta in (-1, 1)]
    broken += [replace(certificate, value=None), replace(certificate, kernel=(*kernel, *kernel))]
    broken += [replace(certificate, is_exact=False)] if kernel else []
    assert not any(each.check(net) for each in broken)


class TestForgedKernels:
    """Vectors that are no kernel, or not as large a one as they seem."""

    NET = NETWORKS["twice relu"]

    def forged(self, *kernel: tuple[Entry, ...], value: int = 3) -> bool:
        points = ((Fraction(1),), (Fraction(-1),))
        assert DimensionCertificate(3, 8_388_593, points, is_exact=False).check(self.NET)
        return DimensionCertificate(value, 8_388_593, points, tuple(kernel)).check(self.NET)

    BIASES = (Entry(1, 0, None, Fraction(1)), Entry(1, 1, None, Fraction(-1)))
    OUTPUTS = (Entry(2, 0, 0, Fraction(1)), Entry(2, 0, 1, Fraction(-1)))

    def test_the_true_one(self) -> None:
        assert self.forged(self.BIASES, self.OUTPUTS)

    def test_dependent_vectors(self) -> None:
        both = (*self.BIASES, *self.OUTPUTS)
        assert not self.forged(self.BIASES, self.BIASES)
        assert not self.forged(self.BIASES, self.OUTPUTS, both, value=2)

    def test_scalings_in_disguise(self) -> None:
        scaling = (Entry(1, 0, 0, Fraction(1)), Entry(2, 0, 0, Fraction(-1)))
        assert not self.forged(self.BIASES, scaling)
        assert not self.forged(self.BIASES, self.OUTPUTS, scaling, value=2)

    def test_vectors_that_move_something(self) -> None:
        assert not self.forged(self.BIASES, (Entry(2, 0, 0, Fraction(1)),))
        assert not self.forged(self.BIASES, (Entry(1, 0, None, Fraction(1)),))

    def test_the_zero_vector(self) -> None:
        zero = tuple(entry._replace(value=Fraction(0)) for entry in self.OUTPUTS)
        assert not self.forged(self.BIASES, ())
        assert not self.forged(self.BIASES, zero)

    @pytest.mark.parametrize(
        "place", [(0, 0, 0), (-1, 0, 0), (4, 0, 0), (1, 2, 0), (1, -1, 0), (1, 0, 1), (2, 0, -1)]
    )
    def test_places_that_are_none(self, place: tuple[int, int, int]) -> None:
        assert not self.forged(self.BIASES, (Entry(*place, Fraction(1)),))

    def test_a_place_named_twice(self) -> None:
        twice = (*self.OUTPUTS, *self.OUTPUTS)
        assert not self.forged(self.BIASES, twice)


def test_points_on_the_border_prove_nothing() -> None:
    certificate = proof("twice relu")
    moved = replace(certificate, points=((Fraction(0),), *certificate.points))
    assert not moved.check(TWICE_RELU)
    assert not replace(certificate, points=((Fraction(1), Fraction(1)),)).check(TWICE_RELU)


@pytest.mark.parametrize("prime", [-7, 0, 1, 6, 2**23, 2**61 - 1])
def test_what_is_no_prime(prime: int) -> None:
    assert not replace(proof("triple flip"), prime=prime).check(TRIPLE_FLIP)


def test_small_primes_prove_less_but_nothing_false() -> None:
    for prime in (2, 3, 5, 7, 11, 13, 65_537):
        assert_refused_or_true(replace(proof("random"), prime=prime), "random")
        assert_refused_or_true(replace(proof("triple flip"), prime=prime), "triple flip")


def test_lower_bounds() -> None:
    net = random_network((2, 3, 3, 3, 1), seed=2)
    with pytest.raises(BudgetExceededError) as stop:
        functional_dimension(net, budget=Budget(regions=0))
    assert isinstance(stop.value.found, FunctionalDimension)
    certificate = stop.value.found.certificate
    assert certificate.check(net)
    assert certificate.value is not None
    assert "at least" in certificate.statement
    assert not replace(certificate, is_exact=True).check(net)
    assert not replace(certificate, value=certificate.value + 1).check(net)
    assert replace(certificate, value=1).check(net)


def test_statements() -> None:
    assert proof("maximum").statement == "the functional dimension is 10"
    assert "undefined" in proof("zero row").statement


def test_undefined_only_without_admissible_regions() -> None:
    undefined = DimensionCertificate(None)
    for name, net in NETWORKS.items():
        assert undefined.check(net) == (name == "zero row")
    for net, _ in VANISHING.values():
        assert undefined.check(net)


@pytest.mark.parametrize("thing", [None, 5, "net", (), []])
def test_what_is_no_network(thing: object) -> None:
    assert not proof("maximum").check(thing)  # type: ignore[arg-type]


def test_a_proof_carries_over_to_permuted_points_only() -> None:
    """The kernel names neurons; after a permutation it is another kernel."""
    flipped = MAXIMUM.permute(1, (1, 0, 2))
    assert not proof("maximum").check(flipped)
    assert functional_dimension(flipped).certificate.check(flipped)


@settings(max_examples=40, deadline=None)
@given(networks(architectures(max_hidden=6)))
def test_round_trips(net: ReLUNetwork) -> None:
    certificate = functional_dimension(net).certificate
    assert certificate_from_json(certificate_to_json(certificate)) == certificate


def test_a_large_proof() -> None:
    assert functional_dimension(TWO_ORBITS).certificate.check(TWO_ORBITS)
