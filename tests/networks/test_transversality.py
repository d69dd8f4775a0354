"""Transversality, against the definition applied to all faces of all regions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.networks import sixty_fourths_network
from generators.strategies import architectures, networks
from tropnet import (
    Budget,
    BudgetExceededError,
    InvalidInputError,
    ReLUNetwork,
    activation_regions,
    is_transversal,
)

Point = tuple[Fraction, ...]


def vanishing(net: ReLUNetwork, x: Point) -> set[tuple[int, int]]:
    """The hidden neurons whose preactivation is 0 at a point."""
    found, values = set(), x
    for layer, (weight, bias) in enumerate(net.layers[:-1], 1):
        forms = [
            sum((a * b for a, b in zip(row, values, strict=True)), start)
            for row, start in zip(weight, bias, strict=True)
        ]
        found |= {(layer, i) for i, form in enumerate(forms) if form == 0}
        values = tuple(max(form, Fraction(0)) for form in forms)
    return found


def naive_faults(net: ReLUNetwork) -> set[str]:
    """What the definition forbids: a preactivation vanishes on a face iff it does inside it."""
    n, faults = net.input_width, set()
    for region in activation_regions(net):
        for codimension, allowed, name in (
            (0, 0, "region"),
            (1, 1, "facet"),
            (2, 2, "codimension 2"),
        ):
            for face in region.polyhedron.faces(n - codimension) if codimension <= n else ():
                if len(vanishing(net, face.interior_point())) > allowed:
                    faults.add(name)
    return faults


def assert_right(net: ReLUNetwork) -> bool:
    faults, answer = naive_faults(net), is_transversal(net)
    assert answer.transversal == (not faults)
    if answer.transversal:
        assert (answer.reason, answer.neurons, answer.cell) == (None, (), None)
        return True
    assert answer.reason is not None
    assert answer.cell is not None
    codimension = net.input_width - answer.cell.dim
    assert ("region", "facet", "codimension 2")[codimension] in faults
    assert len(answer.neurons) > codimension
    found = vanishing(net, answer.cell.interior_point())
    assert set(answer.neurons) == found if codimension else set(answer.neurons) <= found
    return False


@settings(max_examples=60, deadline=None)
@given(networks(architectures(max_inputs=3, max_hidden=5)))
def test_degenerate_networks(net: ReLUNetwork) -> None:
    assert_right(net)


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(1, 4, 1), (2, 3, 2, 1), (2, 2, 2, 2, 1), (3, 3, 2, 1), (2, 3, 2, 2)]),
    st.integers(0, 10**6),
)
def test_generic_networks(architecture: tuple[int, ...], seed: int) -> None:
    assert_right(sixty_fourths_network(architecture, seed))


NAMED = {
    "no hidden layer": (ReLUNetwork([([[1, 2]], [3])]), ()),
    "one neuron": (ReLUNetwork([([[1, 2]], [3]), ([[1]], [0])]), ()),
    "parallel": (ReLUNetwork([([[1, 2], [2, 4]], [3, 0]), ([[1, 1]], [0])]), ()),
    "constant": (ReLUNetwork([([[0, 0], [1, 1]], [1, 0]), ([[1, 1]], [0])]), ()),
    "zero": (ReLUNetwork([([[1, 1], [0, 0]], [0, 0]), ([[1, 1]], [0])]), ((1, 1),)),
    "twins": (ReLUNetwork([([[1, 2], [3, 6]], [1, 3]), ([[1, 1]], [0])]), ((1, 0), (1, 1))),
    "opposite": (ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]), ((1, 0), (1, 1))),
    "pencil": (
        ReLUNetwork([([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])]),
        ((1, 0), (1, 1), (1, 2)),
    ),
    "dead behind two": (  # relu(x) + relu(y) vanishes on a quadrant
        ReLUNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0]), ([[1]], [0])]),
        ((1, 0), (1, 1), (2, 0)),
    ),
    "deep twins": (  # relu(x + 5) - 5 and its double
        ReLUNetwork([([[1, 0]], [5]), ([[1], [2]], [-5, -10]), ([[1, 1]], [0])]),
        ((2, 0), (2, 1)),
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_named_networks(name: str) -> None:
    net, neurons = NAMED[name]
    assert assert_right(net) == (not neurons)
    assert is_transversal(net).neurons == neurons


def test_three_forms_may_share_a_point_where_others_do_not_touch() -> None:
    """In space, three planes through one point are generic; three through one line are not."""
    rows = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert assert_right(ReLUNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])]))
    rows[2] = [1, 1, 0]
    assert not assert_right(ReLUNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])]))


def test_the_answer_in_words() -> None:
    answer = is_transversal(NAMED["pencil"][0])
    assert answer.reason == (
        "neuron 0 of layer 1, neuron 1 of layer 1 and neuron 2 of layer 1 "
        "vanish on a cell of codimension 2"
    )
    assert is_transversal(NAMED["zero"][0]).reason == (
        "neuron 1 of layer 1 vanishes identically on a region"
    )
    with pytest.raises(TypeError, match=r"ask for \.transversal"):
        bool(answer)
    with pytest.raises(InvalidInputError, match="ReLUNetwork"):
        is_transversal([[1]])  # type: ignore[arg-type]


def test_budget_and_progress() -> None:
    net = sixty_fourths_network((2, 6, 4, 1), 0)
    counts: list[int] = []
    assert is_transversal(net, progress=counts.append).transversal
    assert counts
    with pytest.raises(BudgetExceededError):
        is_transversal(net, budget=Budget(regions=3))
