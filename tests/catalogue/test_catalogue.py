"""Every entry of the catalogue holds, and is new; corrupted ones do not hold."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from click import Context

from tropnet import (
    CertificateError,
    InvalidInputError,
    ReLUNetwork,
    activation_regions,
    decide_equality,
    decide_equivalence,
    piecewise_linear,
)
from tropnet.catalogue import CatalogueEntry, entries, entry, names
from tropnet.catalogue.reading import entry_from_json, entry_to_json
from tropnet.cli.search import generator_of, run
from tropnet.comparison.affine_changes import affine_change
from tropnet.exact import rank
from tropnet.search.generators import Generator
from tropnet.search.kinds import KINDS, load_kind


@pytest.mark.parametrize("name", names())
def test_the_proofs_hold(name: str) -> None:
    item = entry(name)
    assert item.name == name
    assert item.check()
    assert entry_from_json(entry_to_json(item)) == item
    if item.partner is None:
        assert item.kind == "hidden_symmetry"
        return
    assert decide_equality(item.network, item.partner).equal
    if item.kind == "depth_collapse":
        assert item.partner.depth < item.network.depth
    else:
        assert item.network.architecture == item.partner.architecture
        assert not decide_equivalence(item.network, item.partner).equivalent


def command_parts(item: CatalogueEntry) -> tuple[str, dict[str, Any]]:
    """The kind and the options of the command that found an entry."""
    program, verb, *arguments = shlex.split(item.found_by)
    assert (program, verb) == ("tropnet", "search")
    context: Context = run.make_context("run", arguments)
    return context.params["kind"], context.params


def generator_parts(options: dict[str, Any]) -> Generator:
    """The generator that a command uses."""
    return generator_of(*(options[key] for key in ("generator", "weights", "biases", "zeros")))


@pytest.mark.parametrize("name", names())
def test_the_command_finds_it(name: str) -> None:
    """The network with the entry's number is made anew; the search keeps one of its class."""
    item = entry(name)
    kind, options = command_parts(item)
    assert kind == item.kind
    index = item.finding.index
    assert options["seeds"] is None or index in options["seeds"]
    widths = item.network.architecture
    assert ["-".join(map(str, widths))] == list(options["architectures"])
    assert (index, item.network) in generator_parts(options).networks(widths, index, index + 1)


@pytest.mark.parametrize("name", names())
def test_the_search_makes_the_same_proofs(name: str) -> None:
    item = entry(name)
    found = load_kind(item.kind).find(item.network, None)
    assert found is not None
    assert (found.proofs, found.partner) == (item.finding.proofs, item.partner)


def test_enough_of_every_kind() -> None:
    items = list(entries())
    assert len(items) >= 50
    assert {"triple-flip", "identity", "maximum"} <= set(names())
    counts = Counter(item.kind for item in items)
    assert set(counts) == set(KINDS)
    assert min(counts.values()) >= 5
    assert {item.network.depth for item in items} == {1, 2, 3}
    assert {item.network.input_width for item in items} == {1, 2, 3}
    assert any(item.network.output_width > 1 for item in items)


def test_no_two_are_the_same_function_up_to_an_affine_change_of_inputs() -> None:
    for one, other in combinations(entries(), 2):
        widths = [(net.input_width, net.output_width) for net in (one.network, other.network)]
        if widths[0] == widths[1]:
            assert affine_change(one.network, other.network) is None, (one.name, other.name)


@pytest.mark.parametrize("name", names())
def test_nothing_in_it_is_idle(name: str) -> None:
    """Every input counts, and every neuron is switched, and changes the function if left out."""
    net = entry(name).network
    pieces = piecewise_linear(net).pieces
    assert rank([row for piece in pieces for row in piece.gradient]) == net.input_width
    patterns = [region.pattern for region in activation_regions(net)]
    for layer, width in enumerate(net.architecture[1:-1]):
        for neuron in range(width):
            assert {pattern[layer][neuron] for pattern in patterns} >= {1, -1}
            layers = [([list(row) for row in weight], bias) for weight, bias in net.layers]
            for row in layers[layer + 1][0]:
                row[neuron] *= 0
            assert not decide_equality(net, ReLUNetwork(layers)).equal


def test_families_are_proved_anew() -> None:
    for name in ("identity", "maximum"):
        family = entry(name).family()
        assert family is not None
        end = family.highest if family.highest is not None else 3
        member = family.network(end)
        assert decide_equality(family.net, member).equal
        assert not decide_equivalence(family.net, member).equivalent
    assert entry("triple-flip").family() is None


def changed(item: CatalogueEntry, **parts: Any) -> bool:
    """Whether an entry with other parts in its finding still holds."""
    return replace(item, finding=replace(item.finding, **parts)).check()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_corrupted_entries_fail(kind: str) -> None:
    one, other = [item for item in entries() if item.kind == kind][:2]
    for parts in (
        {"network": other.network},
        {"network": 2 * one.network},
        {"proofs": other.finding.proofs},
        {"proofs": {}},
        {"kind": "none"},
        {"function": "0"},
        {"symmetry_class": "0"},
    ):
        assert not changed(one, **parts)
    if one.partner is not None:
        for partner in (None, one.network, 2 * one.partner, other.partner):
            assert not changed(one, partner=partner)
    for another in KINDS:
        if another != kind and set(one.finding.proofs) != set(other.finding.proofs):
            assert not changed(one, kind=another)


def test_formulas() -> None:
    two = ReLUNetwork([([[1, -1], [0, 2]], [1, 0]), ([[1, 1]], [-1]), ([[2], [0]], [0, 3])])
    item = replace(entry("identity"), finding=replace(entry("identity").finding, network=two))
    assert item.formula.splitlines() == [
        "a1 = relu(1 + x - y)",
        "a2 = relu(2*y)",
        "f1 = 2*relu(-1 + a1 + a2)",
        "f2 = 3",
    ]
    affine = replace(item, finding=replace(item.finding, network=ReLUNetwork([([[1]], [2])])))
    assert affine.formula == "f = 2 + x"
    deep = ReLUNetwork([([[1]], [0])] * 25)
    deep_item = replace(item, finding=replace(item.finding, network=deep))
    left = [line.split(" = ")[0] for line in deep_item.formula.splitlines()]
    assert len(set(left)) == len(left) == 24
    assert left[4:6] == ["e1", "g1"]
    assert left[-2:] == ["aa1", "f"]


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="no 'nothing'"):
        entry("nothing")
    good = json.loads(entry_to_json(entry("identity")))
    for bad in (
        "no json",
        "[]",
        json.dumps(good | {"version": 1}),
        json.dumps(good | {"more": 1}),
    ):
        with pytest.raises(InvalidInputError, match="catalogue entry"):
            entry_from_json(bad)
    with pytest.raises(CertificateError, match="finding"):
        entry_from_json(json.dumps(good | {"finding": [1]}))
