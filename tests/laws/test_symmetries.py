"""Trivial symmetries change no region; neither do copies of a neuron or a change of coordinates."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from hypothesis import assume, given, settings

from generators.networks import GAUSSIAN_REGION_COUNTS, gaussian_network
from generators.neurons import neurons, scaled, with_neurons
from generators.strategies import architectures, generators, networks
from tropnet import Polyhedron, ReLUNetwork, activation_regions, count_activation_regions

Pattern = tuple[tuple[int, ...], ...]
Piece = tuple[Pattern, tuple[tuple[Fraction, ...], ...], tuple[Fraction, ...]]

SCALES = (1, 3, Fraction(1, 7), Fraction(2) ** 130, Fraction(2) ** -130)
deep = architectures(max_hidden=7).filter(lambda widths: len(widths) > 2)


def pieces(net: ReLUNetwork) -> Counter[Piece]:
    return Counter(
        (region.pattern, region.gradient, region.constant) for region in activation_regions(net)
    )


def bodies(net: ReLUNetwork) -> Counter[Polyhedron]:
    return Counter(region.polyhedron for region in activation_regions(net))


def affine_maps(net: ReLUNetwork) -> Counter[object]:
    return Counter((region.gradient, region.constant) for region in activation_regions(net))


@settings(max_examples=50, deadline=None)
@given(networks(deep), generators())
def test_permutation_permutes_the_patterns(net: ReLUNetwork, rng: Random) -> None:
    layer = rng.randint(1, net.depth)
    order = rng.sample(range(net.architecture[layer]), net.architecture[layer])

    def rearranged(pattern: Pattern) -> Pattern:
        changed = tuple(pattern[layer - 1][i] for i in order)
        return (*pattern[: layer - 1], changed, *pattern[layer:])

    expected = Counter((rearranged(pattern), *piece) for pattern, *piece in pieces(net))
    permuted = net.permute(layer, order)
    assert pieces(permuted) == expected
    assert bodies(permuted) == bodies(net)


@settings(max_examples=50, deadline=None)
@given(networks(deep), generators())
def test_rescaling_changes_no_pattern_and_no_piece(net: ReLUNetwork, rng: Random) -> None:
    layer = rng.randint(1, net.depth)
    rescaled = net.rescale(layer, [rng.choice(SCALES) for _ in range(net.architecture[layer])])
    regions, expected = (list(activation_regions(each)) for each in (rescaled, net))
    assert [region.pattern for region in regions] == [region.pattern for region in expected]
    for region, old in zip(regions, expected, strict=True):
        assert (region.gradient, region.constant) == (old.gradient, old.constant)
        assert region.interior_point == old.interior_point
        assert region.polyhedron == old.polyhedron


@settings(max_examples=50, deadline=None)
@given(networks(deep), generators())
def test_a_copy_of_a_neuron_cuts_nothing_new(net: ReLUNetwork, rng: Random) -> None:
    layer = rng.randint(1, net.depth)
    changed = neurons(net, layer)
    index = rng.randrange(len(changed))
    old, share, factor = changed[index], Fraction(rng.randint(-3, 3), 2), rng.choice(SCALES)
    changed[index] = old._replace(out=scaled(1 - share, old.out))
    copy = old._replace(
        row=scaled(factor, old.row),
        bias=factor * old.bias,
        out=scaled(share / factor, old.out),
    )
    changed.insert(rng.randint(0, len(changed)), copy)
    doubled = with_neurons(net, layer, changed)
    assert bodies(doubled) == bodies(net)
    assert affine_maps(doubled) == affine_maps(net)


@settings(max_examples=50, deadline=None)
@given(networks(deep), generators())
def test_constant_neurons_cut_nothing(net: ReLUNetwork, rng: Random) -> None:
    layer = rng.randint(1, net.depth)
    changed = neurons(net, layer)
    like = changed[0]
    sign = rng.choice((-1, 0, 1))
    constant = like._replace(row=scaled(0, like.row), bias=Fraction(sign), out=scaled(0, like.out))
    bigger = with_neurons(net, layer, [*changed, constant])
    assert bodies(bigger) == bodies(net)
    for region in activation_regions(bigger):
        assert region.pattern[layer - 1][-1] == sign


@settings(max_examples=40, deadline=None)
@given(networks(deep), generators())
def test_an_invertible_change_of_coordinates_keeps_all_patterns(
    net: ReLUNetwork, rng: Random
) -> None:
    n = net.input_width
    matrix = [[Fraction(rng.randint(-2, 2)) for _ in range(n)] for _ in range(n)]
    for i in range(n):
        matrix[i] = [entry if i >= j else Fraction(0) for j, entry in enumerate(matrix[i])]
        assume(matrix[i][i])
        matrix[i] = [rng.choice(SCALES) * entry for entry in matrix[i]]
    shift = [Fraction(rng.randint(-3, 3), 5) for _ in range(n)]
    moved = net @ ReLUNetwork([(matrix, shift)])
    assert Counter(region.pattern for region in activation_regions(moved)) == Counter(
        region.pattern for region in activation_regions(net)
    )


@pytest.mark.parametrize("architecture", [(2, 16, 16, 1), (3, 10, 10, 1)])
def test_known_counts_survive_symmetries(architecture: tuple[int, ...]) -> None:
    net, rng = gaussian_network(architecture), Random(1)
    for layer in range(1, net.depth + 1):
        width = net.architecture[layer]
        net = net.permute(layer, rng.sample(range(width), width))
        net = net.rescale(layer, [rng.choice(SCALES) for _ in range(width)])
    assert count_activation_regions(net) == GAUSSIAN_REGION_COUNTS[architecture]
