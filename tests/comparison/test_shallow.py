"""One hidden layer: decided for every function, with proofs that fail when they are damaged."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.mutations import (
    changed_numbers,
    foreign_values,
    places,
    rearranged_lists,
    replaced,
)
from generators.networks import integer_network, sixty_fourths_network
from generators.strategies import architectures, networks
from generators.transformations import TRANSFORMATIONS
from tropnet import (
    Answer,
    CertificateError,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    Verdict,
    decide_equality,
    decide_shallow,
    piecewise_linear,
    tropicalize,
)
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.certificates.shallow import NotShallowCertificate, ShallowCertificate

FORK = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
SUM = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, -2, 3]], [1])])


def assert_proved(answer: Answer, f: Any) -> ShallowCertificate:
    assert answer.verdict is Verdict.PROVED
    certificate = answer.certificate
    assert isinstance(certificate, ShallowCertificate)
    assert certificate.check(f)
    net = ReLUNetwork(certificate.layers)
    assert net.depth == 1
    assert decide_equality(f, net).equal
    assert answer.statistics["hyperplanes"] == len(certificate.normals)
    return certificate


def assert_refuted(answer: Answer, f: Any) -> NotShallowCertificate:
    assert answer.verdict is Verdict.REFUTED
    certificate = answer.certificate
    assert isinstance(certificate, NotShallowCertificate)
    assert certificate.check(f)
    return certificate


@settings(max_examples=30, deadline=None)
@given(networks(architectures(max_depth=1, max_hidden=5)), st.integers(0, 2**32))
def test_networks_with_one_layer_in_any_disguise(net: ReLUNetwork, seed: int) -> None:
    rng = Random(seed)
    other = TRANSFORMATIONS[rng.choice(sorted(TRANSFORMATIONS))](net, rng)
    for f in (net, other):
        assert_proved(decide_shallow(f), f)


@settings(max_examples=30, deadline=None)
@given(networks(architectures(max_depth=3, max_hidden=5)))
def test_every_network_is_decided(net: ReLUNetwork) -> None:
    answer = decide_shallow(net)
    if answer.verdict is Verdict.PROVED:
        assert_proved(answer, net)
    else:
        assert net.input_width > 1
        assert_refuted(answer, net)
    again = certificate_from_json(certificate_to_json(answer.certificate))
    assert again == answer.certificate
    assert again.check(net)


def test_small_cases() -> None:
    assert_proved(decide_shallow(ReLUNetwork([([[0, 0]], [5])])), ReLUNetwork([([[0, 0]], [5])]))
    affine = ReLUNetwork([([[1, 2], [0, 3]], [5, 6])])
    assert assert_proved(decide_shallow(affine), affine).normals == ()
    single = TropicalPolynomial([["1/2", 3]], [1])
    assert_proved(decide_shallow(single), single)
    certificate = assert_proved(decide_shallow(SUM), SUM)
    assert certificate.normals == ((0, 1), (1, 0), (1, 1))
    assert [weight[0] for weight in certificate.weights] == [-2, 1, 3]
    wide = TropicalPolynomial([[i] for i in range(6)], [-i * i for i in range(6)])
    assert len(assert_proved(decide_shallow(wide), wide).normals) == 5  # one variable


def test_every_kind_of_function() -> None:
    rational = tropicalize(SUM)
    for f in (SUM, rational, (rational, rational), piecewise_linear(SUM)):
        assert_proved(decide_shallow(f), f)
    for f in (FORK, (FORK, FORK), piecewise_linear(FORK), FORK / TropicalPolynomial([[1, 1]], [0])):
        assert_refuted(decide_shallow(f), f)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_maximum_of_three_needs_two_layers(n: int) -> None:
    zeros = [0] * (n - 2)
    f = TropicalPolynomial([[0, 0, *zeros], [1, 0, *zeros], [0, 1, *zeros]], [0, 0, 0])
    certificate = assert_refuted(decide_shallow(f), f)
    assert "one hidden layer" in decide_shallow(f).scope
    assert "one hidden layer" in certificate.statement


def test_two_weights_of_one_hyperplane() -> None:
    """relu(x) + relu(y) − max(0, x, y): both weights on x = 0, and neither 0 on y = 0."""
    x = TropicalPolynomial([[0, 0], [1, 0]], [0, 0])
    y = TropicalPolynomial([[0, 0], [0, 1]], [0, 0])
    f = x * x * y / FORK
    certificate = assert_refuted(decide_shallow(f), f)
    first, second = certificate.points
    assert not replace(certificate, points=(first, first)).check(f)
    assert replace(certificate, points=(second, first)).check(f)
    assert not certificate.check(x * y)
    assert not certificate.check(FORK.pull_back([[1, 0, 0], [0, 1, 0]], [0, 0]))


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="f:"):
        decide_shallow(3)  # type: ignore[arg-type]
    square = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1), (1, 1)])
    with pytest.raises(InvalidInputError, match=r"R\^n"):
        decide_shallow(piecewise_linear(SUM).restrict(square))
    with pytest.raises(TypeError):
        bool(decide_shallow(SUM))


DEEP_SUM = ReLUNetwork(
    [*SUM.layers[:1], ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]), SUM.layers[1]]
)
EXAMPLES = {
    "one layer": (SUM, (SUM, 2 * SUM, sixty_fourths_network((2, 3, 3, 1), 0))),
    "flat": (ReLUNetwork([([[1, 2]], [3])]), (FORK, SUM)),
    "not": (FORK, (SUM, DEEP_SUM, integer_network((2, 3, 1), Random(1)))),
    "deep": (sixty_fourths_network((2, 2, 2, 1), 0), (SUM, DEEP_SUM)),
}


@pytest.mark.parametrize("change", [changed_numbers, rearranged_lists, foreign_values])
@pytest.mark.parametrize("name", EXAMPLES)
def test_damaged_proofs(name: str, change: Any) -> None:
    """What still passes has the claim of the original; it never passes for other functions."""
    f, others = EXAMPLES[name]
    answer = decide_shallow(f)
    data = json.loads(certificate_to_json(answer.certificate))
    for mutation in change(data):
        try:
            certificate = certificate_from_json(json.dumps(mutation.data))
        except CertificateError:
            continue
        if certificate.check(f):
            assert type(certificate) is type(answer.certificate)
        for other in others:
            if other is not f and certificate.check(other):
                assert certificate.claim == decide_shallow(other).certificate.claim


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_number_of_the_sum_matters(name: str) -> None:
    f, _ = EXAMPLES[name]
    data = json.loads(certificate_to_json(decide_shallow(f).certificate))
    for path, value in places(data):
        if path[:1] in (("weights",), ("gradient",), ("constant",), ("offsets",)) and isinstance(
            value, str
        ):
            changed = certificate_from_json(
                json.dumps(replaced(data, path, str(Fraction(value) + 1)))
            )
            assert not changed.check(f), path


def test_malformed_sums() -> None:
    proof = decide_shallow(SUM).certificate.proof
    one = (Fraction(1),)
    for certificate in (
        ShallowCertificate((), (), (), (), (), proof),
        ShallowCertificate((), (), (), ((),), one, proof),
        ShallowCertificate(((1, 2),), (), (), (one * 2,), one, proof),
        ShallowCertificate(((1, 2),), one, (one * 2,), (one * 2,), one, proof),
        ShallowCertificate(((1, 2, 3),), one, (one,), (one * 2,), one, proof),
    ):
        assert not certificate.check(SUM)
