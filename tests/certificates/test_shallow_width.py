"""Proofs that a network with one hidden layer is the narrowest: they travel, and none is forged."""

from __future__ import annotations

import json
from functools import cache
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings

from certificates.mutations import changed_numbers, foreign_values, rearranged_lists
from comparison.shallow_brute_force import Creases, creases
from tropnet import (
    CertificateError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    decide_equality,
    minimal_shallow_network,
    piecewise_linear,
    shallow_representations,
)
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.certificates.shallow_width import ShallowWidthCertificate


def net(rows, bias, outs, constant=(0,)) -> ReLUNetwork:
    return ReLUNetwork([(rows, bias), (outs, constant)])


FUNCTIONS = {
    "a constant": ReLUNetwork([([[0, 0]], ["1/2"])]),
    "the identity": ReLUNetwork([([[1]], [0])]),
    "a rank of two": ReLUNetwork([([[1, 2], [3, 4]], [0, 1])]),
    "the triple flip": net([[1, 0], [0, 1], [-1, -1]], [0, 0, 0], [[1, 1, 1]]),
    "a doubled crease": net([[1], [2], [-1]], [0, 1, 0], [[1, 3, 7]]),
    "an invisible crease": net(
        [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1]], [0] * 4, [[1, 1, 1, -1]]
    ),
    "doubled and invisible, two outputs": net(
        [[1, 0, 0], [1, 1, 0], [-1, -1, 0], [0, 1, 0], [0, -1, 0]],
        [1, 0, 0, 0, 0],
        [[1, 1, -1, 0, 0], [3, 0, 0, 1, -1]],
        [0, 0],
    ),
    "a polynomial": TropicalPolynomial([[0], [1], [3]], [0, 0, -2]),
}


def certificate(f: Any) -> ShallowWidthCertificate:
    found = minimal_shallow_network(f).certificate
    assert isinstance(found, ShallowWidthCertificate)
    return found


@cache
def plain(name: str) -> Any:
    return json.loads(certificate_to_json(certificate(FUNCTIONS[name])))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_certificates_survive_json(name: str) -> None:
    proof = certificate(FUNCTIONS[name])
    assert proof.check(FUNCTIONS[name])
    read = certificate_from_json(certificate_to_json(proof))
    assert read == proof
    assert read.check(FUNCTIONS[name])
    others = [f for other, f in FUNCTIONS.items() if other != name]
    assert not any(proof.check(f) for f in others)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_whatever_passes_after_a_change_is_still_true(name: str) -> None:
    """A changed proof may still be one; its network then is equal to f and of the right width."""
    f, data = FUNCTIONS[name], plain(name)
    width = minimal_shallow_network(f).width
    mutations = chain(changed_numbers(data), rearranged_lists(data), foreign_values(data))
    rejected = 0
    for mutation in mutations:
        try:
            proof = certificate_from_json(json.dumps(mutation.data))
        except CertificateError:
            rejected += 1
            continue
        if isinstance(proof, ShallowWidthCertificate) and proof.check(f):
            network = ReLUNetwork(proof.layers)
            assert network.hidden_neuron_count == width, mutation
            assert decide_equality(network, f).equal, mutation
        else:
            rejected += 1
    assert rejected > 20


def wide_proof(wide: ReLUNetwork, f: Any) -> ShallowWidthCertificate:
    """The claim that a network is the narrowest, with a right proof that it is equal to f."""
    equality = decide_equality(f, wide).certificate
    assert isinstance(equality, EqualityCertificate)
    return ShallowWidthCertificate(wide.layers, equality)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_wider_network_passes(name: str) -> None:
    """One more neuron that does nothing, or on the same or on another hyperplane."""
    f = FUNCTIONS[name]
    narrowest = minimal_shallow_network(f).network
    assert narrowest is not None
    zero = narrowest - narrowest
    n, m = narrowest.input_width, narrowest.output_width
    dead = net([[1] * n], [0], [[0]] * m, [0] * m)
    halves = net([[1] * n, [-1] * n, [1] * n], [7, -7, 0], [[1, -1, 0]] * m, [0] * m)
    affine = ReLUNetwork([([[-1] * n] * m, [-7] * m)])
    for wide in (narrowest + dead, narrowest + zero, narrowest + halves + affine):
        if wide.depth == 1:
            assert decide_equality(wide, f).equal
            assert not wide_proof(wide, f).check(f)


def test_an_affine_network_is_no_proof_for_a_function_that_is_not_constant() -> None:
    identity = ReLUNetwork([([[1]], [0])])
    assert not wide_proof(identity, identity).check(identity)
    constant = ReLUNetwork([([[0]], [3])])
    assert wide_proof(constant, constant).check(constant)


def test_a_second_hidden_layer_is_no_proof() -> None:
    deep = ReLUNetwork([([[1]], [0]), ([[1]], [0]), ([[1]], [0])])
    assert not wide_proof(deep, deep).check(deep)


def test_layers_that_do_not_fit_are_refused() -> None:
    f = FUNCTIONS["the triple flip"]
    proof = certificate(f)
    (weight, bias), (output, constant) = proof.layers
    for layers in (
        (),
        ((weight, bias[:2]), (output, constant)),
        ((weight[:2], bias[:2]), (output, constant)),
        (((*weight[:2], (1,)), bias), (output, constant)),
        ((((),) * 3, bias), (output, constant)),
        ((weight, bias), ((), ())),
    ):
        assert not ShallowWidthCertificate(layers, proof.equality).check(f)


def test_a_function_on_a_polyhedron_is_another_matter() -> None:
    """There fewer neurons may do: |x| on x ≥ 0 is linear."""
    modulus = net([[1], [-1]], [0, 0], [[1, 1]])
    half = piecewise_linear(modulus, Polyhedron.from_inequalities([[-1]], [0]))
    whole = piecewise_linear(modulus)
    proof = certificate(whole)
    assert proof.check(whole)
    equality = decide_equality(half, modulus, half.domain).certificate
    assert isinstance(equality, EqualityCertificate)
    assert not ShallowWidthCertificate(modulus.layers, equality).check(half)
    assert not ShallowWidthCertificate(modulus.layers, proof.equality).check(half)


@settings(max_examples=40, deadline=None)
@given(creases(4))
def test_exactly_the_narrowest_representations_pass(f: Creases) -> None:
    wide = f.network()
    width, _ = f.narrowest()
    assert wide_proof(wide, wide).check(wide) == (wide.hidden_neuron_count == width)
    for component in list(shallow_representations(wide))[:3]:
        assert wide_proof(component.network, wide).check(wide)
