"""The parts of the search: Jacobians modulo a prime and over the integers, kernels, samples."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, generators, networks
from identifiability.known_networks import MAXIMUM, TWICE_RELU
from identifiability.plain_jacobian import derivative, parameters
from tropnet import ReLUNetwork, activation_regions, functional_dimension, random_network
from tropnet.exact.modular import primes
from tropnet.identifiability.exact_jacobian import ExactJacobian
from tropnet.identifiability.kernel_check import KernelCheck
from tropnet.identifiability.modular_jacobian import ModularJacobian
from tropnet.identifiability.parameters import ParameterSpace, scalings
from tropnet.identifiability.sampling import Sampler, exact_point

PRIME = next(primes())


def integral(net: ReLUNetwork) -> ReLUNetwork:
    """The integer form of a network as a network; its output rows are scaled too."""
    return ReLUNetwork(
        ([row[:-1] for row in matrix.tolist()], [row[-1] for row in matrix.tolist()])
        for matrix in net.integer_form.matrices
    )


def active_patterns(net: ReLUNetwork) -> np.ndarray:
    patterns = [
        [sign > 0 for layer in region.pattern for sign in layer]
        for region in activation_regions(net)
        if not any(0 in layer for layer in region.pattern)
    ]
    return np.array(patterns, dtype=bool).reshape(len(patterns), net.hidden_neuron_count)


def nets() -> st.SearchStrategy[ReLUNetwork]:
    return networks(architectures(max_hidden=6)).filter(lambda net: net.depth)


@settings(max_examples=25, deadline=None)
@given(nets())
def test_jacobians_agree_with_the_definition(net: ReLUNetwork) -> None:
    space = ParameterSpace(net.architecture)
    plain = integral(net)
    active = active_patterns(net)
    modular = ModularJacobian(net, space, PRIME).rows(active)
    exact = ExactJacobian(net, space)
    directions = list(parameters(net))
    assert len(directions) == space.dimension == net.parameter_count
    for number, pattern in enumerate(active):
        signs = [1 if on else -1 for on in pattern]
        columns = [
            [e for form in derivative(plain, signs, one) for e in form] for one in directions
        ]
        exact.move_to(pattern)
        rows = exact.rows(range(space.dimension))
        assert rows == [list(row) for row in zip(*columns, strict=True)]
        size = len(rows)
        part = modular[number * size : (number + 1) * size]
        residues = np.array([[entry % PRIME for entry in row] for row in rows], dtype=float)
        assert not ((part - residues) % PRIME).any()


@settings(max_examples=25, deadline=None)
@given(nets(), generators())
def test_derivatives_are_products_with_the_jacobian(net: ReLUNetwork, rng) -> None:
    space = ParameterSpace(net.architecture)
    jacobian = ModularJacobian(net, space, PRIME)
    active = active_patterns(net)
    direction = [rng.randint(-9, 9) for _ in range(space.dimension)]
    found = jacobian.derivative(active, np.array(direction, dtype=float))
    expected = jacobian.rows(active) @ np.array(direction, dtype=float)
    assert not ((found.ravel() - expected) % PRIME).any()


def test_places_of_parameters() -> None:
    space = ParameterSpace((2, 3, 1))
    assert space.dimension == 13
    places = [space.place(i) for i in range(13)]
    assert places[:4] == [(1, 0, 0), (1, 0, 1), (1, 0, None), (1, 1, 0)]
    assert places[-4:] == [(2, 0, 0), (2, 0, 1), (2, 0, 2), (2, 0, None)]
    assert [space.coordinate(*place) for place in places] == list(range(13))


def test_gauges_skip_zeros() -> None:
    net = ReLUNetwork([([[0, 2], [0, 0], [0, 0]], [1, 3, 0]), ([[1, 1, 1]], [0])])
    space = ParameterSpace(net.architecture)
    assert [space.place(i) for i in space.gauges(net)] == [(1, 0, 1), (1, 1, None)]
    assert scalings(net)[2] == ((2, 0, 2, Fraction(-1)),)


def vectors(net: ReLUNetwork) -> list[dict[int, int]]:
    """The kernel in the certificate, for a network that is its own integer form."""
    space = ParameterSpace(net.architecture)
    return [
        {space.coordinate(*place): int(value) for *place, value in vector}
        for vector in functional_dimension(net).certificate.kernel
    ]


@settings(max_examples=25, deadline=None)
@given(nets(), generators())
def test_the_check_of_a_kernel(net: ReLUNetwork, rng) -> None:
    """It passes the kernel, and finds every region on which a changed vector survives."""
    net = integral(net)
    active = active_patterns(net)
    kernel = vectors(net) if len(active) else []
    if not kernel:
        return
    space = ParameterSpace(net.architecture)
    assert KernelCheck(net, space, kernel).first_failure(active) is None
    changed = [dict(vector) for vector in kernel]
    victim = rng.choice(changed)
    coordinate = rng.choice([*victim, rng.randrange(space.dimension)])
    victim[coordinate] = victim.get(coordinate, 0) + rng.choice((-1, 1, 5))
    changed = [{k: v for k, v in vector.items() if v} for vector in changed]
    changed = [vector for vector in changed if vector]
    failing = []
    exact = ExactJacobian(net, space)
    for number, pattern in enumerate(active):
        exact.move_to(pattern)
        rows = exact.rows(range(space.dimension))
        if any(sum(row[k] * v for k, v in vector.items()) for row in rows for vector in changed):
            failing.append(number)
    found = KernelCheck(net, space, changed).first_failure(active)
    assert found == (failing[0] if failing else None)


def test_an_empty_kernel_always_passes() -> None:
    space = ParameterSpace(MAXIMUM.architecture)
    assert KernelCheck(MAXIMUM, space, []).first_failure(active_patterns(MAXIMUM)) is None


@pytest.mark.parametrize(
    "net",
    [
        MAXIMUM,
        TWICE_RELU,
        random_network((3, 4, 4, 1), seed=1),
        random_network((4, 2, 3, 1), seed=1),
        ReLUNetwork([([[0, 0], [0, 0]], [0, 1]), ([[0, 0]], [0]), ([[1]], [0])]),
        ReLUNetwork([([[10**40, 0], [10**40, 1]], [1, 1]), ([[1, "1/3"]], [0])]),
    ],
)
def test_samples(net: ReLUNetwork) -> None:
    jacobian = ExactJacobian(net, ParameterSpace(net.architecture))
    rounds = list(islice(Sampler(net, 300).rounds(), 4))
    again = list(islice(Sampler(net, 300).rounds(), 4))
    for (points, active), (same, _) in zip(rounds, again, strict=True):
        assert (points == same).all()
        assert np.isfinite(points).all()
        assert len({tuple(row) for row in active.tolist()}) == len(active) == len(points)
        for point, guess in zip(points[:40], active[:40], strict=True):
            exact = jacobian.pattern_at(exact_point(point))
            # A guess may be wrong near a hyperplane, which is why it is only a guess.
            assert exact is None or exact.shape == guess.shape


def test_samples_find_most_regions() -> None:
    net = random_network((2, 4, 4, 1), seed=3)
    jacobian = ExactJacobian(net, ParameterSpace(net.architecture))
    found = set()
    for points, _ in islice(Sampler(net, 500).rounds(), 6):
        patterns = [jacobian.pattern_at(exact_point(point)) for point in points]
        found |= {tuple(pattern.tolist()) for pattern in patterns if pattern is not None}
    everything = {tuple(row) for row in active_patterns(net).tolist()}
    assert found <= everything
    assert 10 * len(found) >= 8 * len(everything)
