"""Certificates that a network with two hidden layers is the only transversal one."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest

from certificates.mutations import changed_numbers
from generators.networks import sixty_fourths_network
from identifiability.known_networks import TWO_ORBITS
from tropnet import (
    CertificateError,
    ReLUNetwork,
    Verdict,
    catalogue,
    decide_identifiability,
    is_transversal,
    random_network,
    recover_parameters,
)
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.certificates.unique_transversal import UniqueTransversalCertificate
from tropnet.identifiability.uniqueness import uniqueness_certificate
from tropnet.identifiability.visibility import invisible_neurons

UNIQUE = sixty_fourths_network((2, 3, 3, 1), 0)


def is_recoverable(net: ReLUNetwork) -> bool:
    return is_transversal(net).transversal and not invisible_neurons(net)


def check_against_recovery(net: ReLUNetwork) -> bool:
    """Whether there is a certificate; then everything that is recovered is the network."""
    certificate = uniqueness_certificate(net)
    if certificate is None:
        return False
    assert certificate.check(net)
    assert certificate_from_json(certificate_to_json(certificate)) == certificate
    if is_recoverable(net):
        found = recover_parameters(net, net.architecture)
        assert [component.dimension for component in found.components] == [0]
    return True


def small_networks(tries: int, shapes: tuple[tuple[int, ...], ...]) -> list[ReLUNetwork]:
    random = Random(5)
    nets = []
    for _ in range(tries):
        layers = [
            (
                [[random.randint(-2, 2) for _ in range(a)] for _ in range(b)],
                [random.randint(-1, 1) for _ in range(b)],
            )
            for a, b in pairwise(random.choice(shapes))
        ]
        nets.append(ReLUNetwork(layers))
    return nets


@pytest.mark.parametrize("shape", [(2, 3, 2, 1), (2, 3, 3, 1), (2, 3, 2, 2), (3, 3, 2, 1)])
def test_certified_networks_are_the_only_ones_recovered(shape: tuple[int, ...]) -> None:
    assert sum(check_against_recovery(sixty_fourths_network(shape, k)) for k in range(10)) > 1


@pytest.mark.parametrize("tries", [300, pytest.param(10_000, marks=pytest.mark.exhaustive)])
def test_small_integer_networks(tries: int) -> None:
    shapes = ((2, 2, 1, 1), (2, 2, 2, 1), (2, 3, 1, 1), (3, 2, 1, 1))
    found = [check_against_recovery(net) for net in small_networks(tries, shapes)]
    assert sum(found) > tries // 100


def test_networks_that_are_not_unique_have_none() -> None:
    assert uniqueness_certificate(TWO_ORBITS) is None
    for item in catalogue.entries():
        for net in (item.network, item.partner):
            if net is not None and net.architecture == item.network.architecture and net.depth == 2:
                assert uniqueness_certificate(net) is None


def test_degenerate_networks_have_none() -> None:
    zero = ReLUNetwork([([[0, 0], [1, 1]], [1, 0]), ([[1, 1]], [0]), ([[1]], [0])])
    same = ReLUNetwork([([[1, 0], [2, 0]], [1, 2]), ([[1, 1], [1, 2]], [0, 1]), ([[1, 1]], [0])])
    for net in (zero, same, random_network((1, 2, 2, 1))):
        assert uniqueness_certificate(net) is None


def test_the_answer_speaks_of_all_transversal_networks() -> None:
    answer = decide_identifiability(UNIQUE)
    assert answer.verdict is Verdict.PROVED
    assert isinstance(answer.certificate, UniqueTransversalCertificate)
    assert answer.certificate.check(UNIQUE)
    assert "visible" not in answer.scope


def test_every_part_of_the_proof_is_needed() -> None:
    proof = uniqueness_certificate(UNIQUE)
    assert proof is not None
    (head, *tail), neurons = proof.second, len(proof.second)
    assert neurons == 3
    forged = (
        replace(proof, first=()),
        replace(proof, second=tuple(tail)),
        replace(proof, second=(*tail, head)),
        replace(proof, second=(replace(head, corners=head.corners[:-1]), *tail)),
        replace(proof, second=(replace(head, parents=(-1, *head.parents[1:])), *tail)),
        replace(proof, second=(replace(head, parents=(5, *head.parents[1:])), *tail)),
    )
    assert not any(each.check(UNIQUE) for each in forged)
    for other in (TWO_ORBITS, 2 * TWO_ORBITS, sixty_fourths_network((2, 3, 3, 1), 2)):
        assert not proof.check(other)
    assert not proof.check(random_network((2, 2, 1)))
    assert not proof.check(None)


def test_corrupted_proofs_do_not_raise() -> None:
    proof = uniqueness_certificate(UNIQUE)
    assert proof is not None
    data = json.loads(certificate_to_json(proof))
    for place, changed in enumerate(changed_numbers(data["second"])):
        if place % 25 == 0:
            try:
                again = certificate_from_json(json.dumps(data | {"second": changed.data}))
            except CertificateError:
                continue
            again.check(UNIQUE)  # points may lie elsewhere on their segments
            assert not again.check(TWO_ORBITS)
