"""Fibres, and networks that are their only members."""

from __future__ import annotations

import pytest

from generators.networks import sixty_fourths_network
from tropnet import (
    InvalidInputError,
    ReLUNetwork,
    Verdict,
    decide_equality,
    fiber,
    identifiable_network,
    random_network,
    shallow_representations,
)


@pytest.mark.parametrize("seed", range(4))
def test_one_hidden_layer(seed: int) -> None:
    net = random_network((2, 3, 1), seed)
    found = fiber(net)
    assert found.complete
    assert len(found) == shallow_representations(net).count.isolated == 1
    flip = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    assert [component.dimension for component in fiber(flip).components] == [1]
    wide = net + net
    found = fiber(wide)
    assert not found.complete
    assert found.reason is not None
    assert "not minimal" in found.reason


def test_many_components_are_cut_off() -> None:
    rows = [[1]] * 12
    creases = ReLUNetwork([(rows, list(range(12))), ([[1, -1] * 6], [0])])
    found = fiber(creases, most=5)
    assert (len(found), found.complete) == (5, False)
    for component in found.components:
        assert decide_equality(creases, component.network).equal


@pytest.mark.parametrize("seed", range(8))
def test_two_hidden_layers(seed: int) -> None:
    net = sixty_fourths_network((2, 2, 2, 1), seed)
    found = fiber(net)
    assert found.components
    assert found.complete == ("visible" in found.scope)
    for component in found.components:
        assert component.network.architecture == net.architecture
        assert decide_equality(net, component.network).equal


def test_other_networks() -> None:
    assert fiber(ReLUNetwork([([[1, 2]], [3])])).complete
    deep = random_network((2, 2, 2, 2, 1))
    assert not fiber(deep).complete
    zero = ReLUNetwork([([[0], [1]], [0, 0]), ([[1, 1]], [0]), ([[1]], [0])])
    assert fiber(zero).components[0].dimension is None
    with pytest.raises(InvalidInputError, match="net"):
        fiber("net")  # type: ignore[arg-type]


SMALL = [(2, 2, 1), (3, 4, 1), (4, 2, 1), (2, 2, 2, 1), (2, 3, 4, 1), (3, 2, 3, 1), (3, 3, 2, 1)]
ALL = [
    *((a, b, 1) for a in (2, 3, 4) for b in (2, 3, 4)),
    *((a, b, c, 1) for a in (2, 3, 4) for b in (2, 3, 4) for c in (2, 3, 4)),
]


@pytest.mark.parametrize(
    "architecture", [*SMALL, *(pytest.param(a, marks=pytest.mark.exhaustive) for a in ALL)]
)
def test_networks_that_their_function_determines(architecture: tuple[int, ...]) -> None:
    found = identifiable_network(architecture)
    assert found.network.architecture == architecture
    assert found.dimension.is_maximal
    assert found.dimension.certificate.check(found.network)
    assert found.identifiability.verdict is Verdict.PROVED
    assert found.scope == found.identifiability.scope


def test_deeper_networks_are_determined_locally() -> None:
    for architecture in ((2, 2, 2, 2, 1), (2, 3, 2, 2)):
        found = identifiable_network(architecture)
        assert found.dimension.is_maximal
        assert found.identifiability.verdict is not Verdict.REFUTED or "near" in found.scope
    with pytest.raises(InvalidInputError, match="width 1"):
        identifiable_network((2, 1, 1))
