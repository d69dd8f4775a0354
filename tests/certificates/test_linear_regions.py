"""The checker's own enumeration of regions, against the engine and against linear programs."""

from __future__ import annotations

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.networks import DEGRADATIONS, gaussian_network
from generators.strategies import architectures, networks
from networks.brute_force import activation_patterns
from tropnet import ReLUNetwork, activation_regions, random_network
from tropnet.certificates.linear_regions import LinearRegion, linear_regions


def regions(net: ReLUNetwork) -> list[LinearRegion]:
    return list(linear_regions(net.integer_form.hidden))


def hidden() -> st.SearchStrategy[ReLUNetwork]:
    return networks(architectures(max_hidden=6)).filter(lambda net: net.depth)


@settings(max_examples=60, deadline=None)
@given(hidden())
def test_the_same_regions_as_the_engine(net: ReLUNetwork) -> None:
    found = [region.pattern for region in regions(net)]
    assert len(set(found)) == len(found)
    assert set(found) == {region.pattern for region in activation_regions(net)}


@settings(max_examples=25, deadline=None)
@given(hidden())
def test_the_same_regions_as_brute_force(net: ReLUNetwork) -> None:
    found = {tuple(sign for layer in r.pattern for sign in layer) for r in regions(net)}
    assert found == activation_patterns(net)


@settings(max_examples=30, deadline=None)
@given(hidden())
def test_what_the_layers_read(net: ReLUNetwork) -> None:
    """The output layer, applied to what it reads, is the affine map on the region."""
    by_pattern = {region.pattern: region for region in activation_regions(net)}
    form = net.integer_form
    for pattern, reads in regions(net):
        assert len(reads) == len(net.layers)
        product = (form.output * flint.fmpz_mat(reads[-1])).tolist()
        region = by_pattern[pattern]
        for row, gradient, constant, factor in zip(
            product, region.gradient, region.constant, form.output_factors, strict=True
        ):
            assert [int(entry) / factor for entry in row] == [*gradient, constant]


@pytest.mark.parametrize("architecture", [(2, 16, 16, 1), (3, 6, 6, 1), (4, 5, 4, 1), (1, 9, 9, 1)])
def test_larger_networks(architecture: tuple[int, ...]) -> None:
    net = gaussian_network(architecture)
    expected = {region.pattern for region in activation_regions(net)}
    assert {region.pattern for region in regions(net)} == expected


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_degenerate_networks(name: str) -> None:
    from random import Random

    net = DEGRADATIONS[name](random_network((3, 4, 3, 1), seed=5), Random(2))
    expected = {region.pattern for region in activation_regions(net)}
    assert {region.pattern for region in regions(net)} == expected
