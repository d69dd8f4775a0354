"""Laws of networks with one hidden layer, found by trying all small ones."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.shallow_brute_force import Creases, creases
from tropnet import ReLUNetwork, decide_equality, shallow_representations

LINE = [((sign,), sign * shift) for shift in (-1, 0, 1) for sign in (1, -1)]
PLANE = [((sign * a, sign * b), 0) for a, b in ((1, 0), (0, 1), (1, 1)) for sign in (1, -1)]
BETWEEN = {1: [(x,) for x in range(-2, 3)], 2: list(product((-1, 0, 1), repeat=2))}
"""Points that tell apart the functions made of the neurons of LINE and of PLANE."""


@pytest.mark.parametrize(
    ("neurons", "outs", "most"),
    [
        (LINE, [(-1,), (1,), (2,)], 3),
        (PLANE, [(-1,), (1,)], 4),
        (PLANE, [(1, 0), (0, 1), (1, 1)], 3),
    ],
)
def test_no_small_network_is_missed(neurons, outs, most: int) -> None:
    """Functions up to constants, each with all its networks: none is narrower than the width.

    Those of that width are all listed; and where they need one neuron for each crease, and so only
    neurons of the kinds that are tried, they are all of them.
    """
    inputs = len(neurons[0][0])
    networks: dict[tuple[tuple[Fraction, ...], ...], list[ReLUNetwork]] = defaultdict(list)
    for size in range(1, most + 1):
        for chosen in combinations(neurons, size):
            for weights in product(outs, repeat=size):
                rows, biases = zip(*chosen, strict=True)
                columns = list(zip(*weights, strict=True))
                start = ReLUNetwork([(rows, biases), (columns, [0] * len(columns))])
                shift = [-value for value in start([0] * inputs)]
                net = ReLUNetwork([(rows, biases), (columns, shift)])
                networks[tuple(map(net, BETWEEN[inputs]))].append(net)
    assert len(networks) > 100
    compared = 0
    for group in networks.values():
        found = shallow_representations(group[0])
        assert found.form is not None
        assert found.width is not None
        width = found.width
        assert min(net.hidden_neuron_count for net in group) >= width
        narrow = [net for net in group if net.hidden_neuron_count == width]
        components = [found.component_of(net) for net in narrow]
        assert None not in components
        creased = len(found.form.hyperplanes)
        if width == creased > 0 and set(found.form.jumps) <= set(outs):
            compared += 1
            assert len(set(components)) == len(narrow) == found.count.isolated == found.count.total
    assert compared > 20


@settings(max_examples=40, deadline=None)
@given(creases(4), st.data())
def test_invertible_affine_maps_change_neither_width_nor_counts(
    f: Creases, data: st.DataObject
) -> None:
    net = f.network()
    moved = invertible(data, net.output_width) @ net @ invertible(data, net.input_width)
    one, other = shallow_representations(net), shallow_representations(moved)
    assert (one.width, one.count) == (other.width, other.count)


def invertible(data: st.DataObject, size: int) -> ReLUNetwork:
    """x ↦ (lower triangular, then upper triangular) x + b, with units on the diagonals."""
    entry = st.integers(-2, 2)
    lower = [[data.draw(entry) if j < i else int(i == j) for j in range(size)] for i in range(size)]
    upper = [[data.draw(entry) if j > i else int(i == j) for j in range(size)] for i in range(size)]
    shift = [data.draw(entry) for _ in range(size)]
    return ReLUNetwork([(lower, shift)]) @ ReLUNetwork([(upper, [0] * size)])


@settings(max_examples=40, deadline=None)
@given(creases(4), st.data())
def test_every_listed_network_lists_the_same(f: Creases, data: st.DataObject) -> None:
    """Width, counts and components depend on the function alone, and any parameters will do."""
    found = shallow_representations(f.network())
    component = data.draw(st.sampled_from(list(found)))
    number = st.fractions(-3, 3, max_denominator=3)
    k = component.invisible
    member = component.member(
        offsets=[data.draw(number) for _ in range(k)],
        mixing=[
            [data.draw(number) if j < i else i + 1 if i == j else 0 for j in range(k)]
            for i in range(k)
        ],
        shifts=[[data.draw(number) for _ in range(k)] for _ in component.doubled],
    )
    assert member.hidden_neuron_count == found.width
    assert decide_equality(member, f.network()).equal
    again = shallow_representations(member)
    assert list(again) == list(found)
    assert again.component_of(member) == component
