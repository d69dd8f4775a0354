"""Every entry of the catalogue holds, and corrupted ones do not."""

from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path

import pytest

from tropnet import InvalidInputError, ReLUNetwork, decide_equality, decide_equivalence
from tropnet.catalogue import entries, entry, names
from tropnet.catalogue.reading import entry_from_json, entry_to_json


@pytest.mark.parametrize("name", names())
def test_the_proofs_hold(name: str) -> None:
    item = entry(name)
    assert item.name == name
    assert item.check()
    assert entry_from_json(entry_to_json(item)) == item
    assert item.network.architecture == item.partner.architecture
    assert decide_equality(item.network, item.partner).equal
    assert not decide_equivalence(item.network, item.partner).equivalent


def test_families_are_proved_anew() -> None:
    families = [family for item in entries() if (family := item.family()) is not None]
    assert len(families) >= 4
    for family in families:
        end = family.highest if family.highest is not None else 3
        member = family.network(end)
        assert decide_equality(family.net, member).equal
        assert not decide_equivalence(family.net, member).equivalent


def test_the_kinds_that_there_are() -> None:
    items = list(entries())
    assert {"triple-flip", "identity", "maximum"} <= set(names())
    assert any(item.network.output_width > 1 for item in items)
    assert any(item.network.depth == 2 and item.direction for item in items)
    bias_free = [
        i for i in items if not any(any(b) for _, b in (*i.network.layers, *i.partner.layers))
    ]
    assert any(item.network.depth == 2 for item in bias_free)


def test_the_script_that_made_them() -> None:
    script = runpy.run_path(str(Path(__file__).parents[2] / "examples" / "make_catalogue.py"))
    for item in script["given"]():
        assert item == entry(item.name)
    architecture, seed = (2, 3, 2, 1), 2
    (found,) = script["families"](architecture, range(seed, seed + 1), 1)
    assert found == entry(found.name)


def test_corrupted_entries_fail() -> None:
    items = list(entries())
    for item, other in zip(items, [*items[1:], items[0]], strict=True):
        for changed in (
            {"partner": item.network},
            {"partner": 2 * item.partner},
            {"equality": item.inequivalence},
            {"inequivalence": item.equality},
            {"minimality": other.minimality},
        ):
            assert not replace(item, **changed).check()
    wider = ReLUNetwork([([[1], [-1], [1]], [0, 0, 1]), ([[1, -1, 0]], [0])])
    assert not replace(entry("identity"), network=wider, partner=wider).check()


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="no 'nothing'"):
        entry("nothing")
    good = json.loads(entry_to_json(entry("identity")))
    for bad in (
        "no json",
        "[]",
        json.dumps(good | {"version": 2}),
        json.dumps(good | {"more": 1}),
        json.dumps(good | {"direction": [1]}),
    ):
        with pytest.raises(InvalidInputError, match="catalogue entry"):
            entry_from_json(bad)
