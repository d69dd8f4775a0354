"""The generic depth bound: never above the depth of a transversal network, and sharp for most."""

from __future__ import annotations

import json
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest

from certificates.mutations import changed_numbers, places, replaced
from generators.networks import bias_free, duplicated_rows, sixty_fourths_network
from generators.transformations import TRANSFORMATIONS
from tropnet import (
    ReLUNetwork,
    TropicalPolynomial,
    break_locus,
    decide_shallow,
    depth_lower_bound,
    is_transversal,
    piecewise_linear,
    random_network,
)
from tropnet.certificates.answer import Verdict
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.errors import CertificateError

# Of 20 networks with parameters k/64, |k| ≤ 200, at least so many have at least this bound.
SHARES = {
    (2, 5, 1): (1, 20),
    (2, 3, 3, 1): (2, 19),
    (2, 6, 6, 1): (2, 20),
    (2, 4, 4, 4, 1): (3, 15),
    (2, 6, 6, 6, 1): (3, 20),
    (2, 8, 8, 8, 1): (3, 20),
    (2, 6, 6, 6, 6, 1): (4, 19),
}
SMALL = ((2, 5, 1), (2, 3, 3, 1), (2, 4, 4, 4, 1))


def check_share(architecture):
    value, share = SHARES[architecture]
    bounds = [
        depth_lower_bound(sixty_fourths_network(architecture, seed)).value for seed in range(20)
    ]
    assert sum(bound >= value for bound in bounds) >= share
    assert max(bounds) <= len(architecture) - 2


@pytest.mark.parametrize("architecture", SMALL)
def test_shares(architecture):
    check_share(architecture)


@pytest.mark.exhaustive
@pytest.mark.parametrize("architecture", sorted(set(SHARES) - set(SMALL)))
def test_shares_of_larger_networks(architecture):
    check_share(architecture)


def sample(seed):
    """A network of one to three hidden layers with dyadic or small integer parameters."""
    rng = Random(seed)
    inputs = rng.choice((1, 2, 2, 2, 3))
    depth = rng.choice((1, 2, 2, 3))
    widths = [rng.randint(1, 4 if inputs < 3 else 3) for _ in range(depth)]
    architecture = (inputs, *widths, rng.choice((1, 1, 2)))
    bound, scale = rng.choice(((200, 64), (3, 1), (5, 1)))

    def number():
        return Fraction(rng.randint(-bound, bound), scale)

    layers = [
        ([[number() for _ in range(a)] for _ in range(b)], [number() for _ in range(b)])
        for a, b in pairwise(architecture)
    ]
    return ReLUNetwork(layers)


def check_samples(seeds):
    kinds = Counter()
    for seed in seeds:
        net = sample(seed)
        bound = depth_lower_bound(net)
        assert bound.chain.check(net), seed
        transversal = is_transversal(net).transversal
        kinds[transversal] += 1
        if transversal:
            assert bound.value <= net.depth, seed
            assert bound.obstruction is None, seed
        elif bound.obstruction is not None:
            assert bound.obstruction.check(net), seed
        if net.input_width == 1:
            assert bound.value <= 1
        assert (bound.value == 0) == (not break_locus(net).facets)
    return kinds


@pytest.mark.parametrize("block", range(6))
def test_never_above_the_depth_of_a_transversal_network(block):
    kinds = check_samples(range(50 * block, 50 * block + 50))
    assert min(kinds[True], kinds[False]) > 5


@pytest.mark.exhaustive
@pytest.mark.parametrize("block", range(60))
def test_never_above_the_depth_of_thousands(block):
    check_samples(range(10_000 + 100 * block, 10_100 + 100 * block))


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
def test_the_bound_belongs_to_the_function(name):
    rng = Random(3)
    net = sixty_fourths_network((2, 3, 2, 1), 5)
    bound = depth_lower_bound(net)
    other = TRANSFORMATIONS[name](net, rng)
    assert depth_lower_bound(other).value == bound.value
    assert bound.chain.check(piecewise_linear(net))


# -- the proof ---------------------------------------------------------------------------------


def test_the_chain_survives_json_and_does_not_pass_for_others():
    net = sixty_fourths_network((2, 4, 4, 4, 1), 0)
    bound = depth_lower_bound(net)
    assert bound.value == bound.chain.value == 3
    again = certificate_from_json(certificate_to_json(bound.chain))
    assert again == bound.chain
    assert again.check(net)
    for other in (
        sixty_fourths_network((2, 4, 4, 4, 1), 1),
        random_network((2, 4, 1)),
        random_network((3, 4, 1)),
        ReLUNetwork([([[1, 2]], [0])]),
    ):
        assert not again.check(other)


@pytest.mark.parametrize("seed", [0, 3])
def test_changed_chains_fail_or_prove_no_more(seed):
    net = sixty_fourths_network((2, 4, 4, 4, 1), seed)
    bound = depth_lower_bound(net)
    data = json.loads(certificate_to_json(bound.chain))
    passed = 0
    for mutation in changed_numbers(data):
        try:
            certificate = certificate_from_json(json.dumps(mutation.data))
        except CertificateError:
            continue
        if certificate.check(net):
            # A point moved inside its cell, or a direction scaled: the claim must be the same.
            passed += 1
            assert certificate.value <= bound.value
    assert passed < 0.5 * sum(1 for _ in changed_numbers(data))


def test_removing_a_part_of_a_chain_fails():
    net = sixty_fourths_network((2, 4, 4, 4, 1), 0)
    data = json.loads(certificate_to_json(depth_lower_bound(net).chain))
    removed = 0
    for path, value in places(data):
        if not path or path[0] not in ("cells", "branches") or not isinstance(value, list):
            continue
        for index in range(len(value)):
            shorter = replaced(data, path, value[:index] + value[index + 1 :])
            removed += 1
            try:
                certificate = certificate_from_json(json.dumps(shorter))
            except CertificateError:
                continue
            # Points in which a path does not turn may be left out; cells and rays may not.
            assert not certificate.check(net) or (path[0] == "branches" and len(path) == 2)
    assert removed > 10


def test_an_impossible_star_is_told():
    """Five rays around a point: no transversal network of any depth."""
    rays = [[0, 0], [2, 1], [1, 3], [-2, 2], [-1, -2]]
    f = TropicalPolynomial(rays, [0] * 5)
    bound = depth_lower_bound(f)
    if bound.obstruction is None:
        pytest.fail("the star of a generic convex function with four or five rays is impossible")
    assert bound.obstruction.check(f)
    assert certificate_from_json(certificate_to_json(bound.obstruction)).check(f)
    assert not bound.obstruction.check(random_network((2, 3, 3, 1)))


# -- transversality ----------------------------------------------------------------------------


def test_what_is_not_transversal_is_named():
    generic = sixty_fourths_network((2, 3, 3, 1), 0)
    assert is_transversal(generic).transversal
    with pytest.raises(TypeError):
        bool(is_transversal(generic))
    rng = Random(1)
    twins = ReLUNetwork([([[1, 0], [2, 0]], [1, 2]), ([[1, 1]], [0])])
    opposite = ReLUNetwork([([[1, 0], [-1, 0]], [1, -1]), ([[1, 1]], [0])])
    for net in (twins, opposite):
        answer = is_transversal(net)
        assert not answer.transversal
        assert set(answer.neurons) == {(1, 0), (1, 1)}
    pencil = ReLUNetwork([([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    answer = is_transversal(pencil)
    assert not answer.transversal
    assert len(answer.neurons) == 3
    zero = ReLUNetwork([([[0, 0], [1, 0]], [0, 0]), ([[1, 1]], [0])])
    assert is_transversal(zero).neurons == ((1, 0),)
    assert not is_transversal(bias_free(sixty_fourths_network((2, 3, 1), 1), rng)).transversal
    assert not is_transversal(duplicated_rows(generic, rng)).transversal
    assert is_transversal(ReLUNetwork([([[1, 2]], [3])])).transversal
    line = ReLUNetwork([([[1], [1]], [0, 1]), ([[1, 1]], [0])])
    assert is_transversal(line).transversal


def test_a_neuron_that_dies_behind_another_is_not_transversal():
    """relu(x) feeds a neuron that vanishes identically where x < 0."""
    net = ReLUNetwork([([[1, 0]], [0]), ([[1]], [0]), ([[1]], [0])])
    answer = is_transversal(net)
    assert not answer.transversal
    assert (2, 0) in answer.neurons


# -- one hidden layer --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(30))
def test_one_hidden_layer_is_decided(seed):
    net = sample(seed)
    answer = decide_shallow(net)
    assert answer.verdict in (Verdict.PROVED, Verdict.REFUTED)
    assert answer.certificate.check(net)
    if net.depth <= 1 or net.input_width == 1:
        assert answer.verdict is Verdict.PROVED
    if depth_lower_bound(net).value >= 2 and answer.verdict is Verdict.PROVED:
        assert not is_transversal(net).transversal
    again = certificate_from_json(certificate_to_json(answer.certificate))
    assert again.check(net)
