"""The narrowest network with one hidden layer, with its proof."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings

from comparison.shallow_brute_force import Creases, creases
from tropnet import (
    Budget,
    InvalidInputError,
    ReLUNetwork,
    TropicalPolynomial,
    decide_equality,
    minimal_shallow_network,
    random_network,
    shallow_representations,
    tropicalize,
)
from tropnet.certificates.answer import Verdict
from tropnet.certificates.shallow import NotShallowCertificate
from tropnet.certificates.shallow_width import ShallowWidthCertificate


def test_a_constant() -> None:
    constant = ReLUNetwork([([[0, 0], [0, 0]], [1, "1/2"])])
    answer = minimal_shallow_network(constant)
    assert (answer.verdict, answer.width, answer.network) == (Verdict.PROVED, 0, constant)
    assert answer.certificate is not None
    assert answer.certificate.check(constant)


def test_the_identity_needs_two_neurons() -> None:
    identity = ReLUNetwork([([[1]], [0])])
    answer = minimal_shallow_network(identity)
    assert (answer.verdict, answer.width, answer.bounds) == (Verdict.PROVED, 2, {"width": (2, 2)})
    assert answer.network is not None
    assert answer.network.architecture == (1, 2, 1)
    assert answer.certificate is not None
    assert answer.certificate.check(identity)


@pytest.mark.parametrize("seed", range(6))
def test_generic_networks_are_as_narrow_as_can_be(seed: int) -> None:
    net = random_network((3, 30, 2), seed)
    answer = minimal_shallow_network(net)
    assert answer.width == 30
    assert answer.certificate is not None
    assert answer.certificate.check(net)


@settings(max_examples=40, deadline=None)
@given(creases(4))
def test_padded_networks_shrink_to_the_width_of_brute_force(f: Creases) -> None:
    net = f.network()
    answer = minimal_shallow_network(net)
    assert answer.verdict is Verdict.PROVED
    assert answer.reason is None
    assert answer.width == f.narrowest()[0]
    assert answer.network is not None
    assert answer.network.hidden_neuron_count == answer.width
    assert decide_equality(answer.network, net).equal
    assert isinstance(answer.certificate, ShallowWidthCertificate)
    assert answer.certificate.check(net)


@pytest.mark.parametrize("seed", range(4))
def test_functions_given_otherwise(seed: int) -> None:
    """A tropical rational function, and a network with a second layer that does nothing."""
    net = random_network((2, 4, 1), seed)
    deeper = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, -1]], [0])]) @ net
    for f in (tropicalize(net), deeper):
        answer = minimal_shallow_network(f)
        assert answer.width == 4
        assert answer.certificate is not None
        assert answer.certificate.check(f)
        assert answer.representations.count == shallow_representations(net).count


@pytest.mark.parametrize(
    "f",
    [
        TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]),
        TropicalPolynomial([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [0, 0, 0]),
        (
            TropicalPolynomial([[0, 0]], [0]),
            TropicalPolynomial([[0, 0], [1, 0], [0, 1], [2, 1]], [0, 0, 0, -1]),
        ),
        random_network((2, 3, 2, 1), 1),
    ],
)
def test_there_is_none_for_functions_whose_weights_change(f) -> None:
    answer = minimal_shallow_network(f)
    assert (answer.verdict, answer.network, answer.width) == (Verdict.REFUTED, None, None)
    assert answer.bounds == {}
    assert isinstance(answer.certificate, NotShallowCertificate)
    assert answer.certificate.check(f)
    assert answer.reason is not None
    assert answer.reason.startswith("the weight changes on the hyperplane")


def test_out_of_budget_the_answer_has_bounds() -> None:
    random = Random(1)
    rows = [[random.randint(-9, 9) for _ in range(2)] for _ in range(20)]
    outs = [[random.randint(1, 9) for _ in range(20)]]
    net = ReLUNetwork([(rows, range(20)), (outs, [0])])
    wide = net + ReLUNetwork([([[10007, 1]], [0])])
    answer = minimal_shallow_network(wide, budget=Budget(regions=100))
    assert answer.verdict is Verdict.UNDECIDED
    assert (answer.width, answer.certificate) == (None, None)
    low, high = answer.bounds["width"]
    assert answer.network is not None
    assert answer.network.hidden_neuron_count == high > low
    assert decide_equality(answer.network, wide).equal
    assert answer.reason is not None
    assert f"between {low} and {high}" in answer.reason


def test_an_answer_is_not_a_truth_value() -> None:
    with pytest.raises(TypeError, match=r"ask for \.verdict"):
        bool(minimal_shallow_network(random_network((1, 1, 1))))


def test_what_is_no_function() -> None:
    with pytest.raises(InvalidInputError, match="f: expected a ReLUNetwork"):
        minimal_shallow_network("net")  # type: ignore[arg-type]
