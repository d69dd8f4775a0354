"""The verb `tropnet dimension`, and its proofs in `tropnet check`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from identifiability.known_networks import MAXIMUM, TRIPLE_FLIP, TWICE_RELU, VANISHING
from tropnet import functional_dimension, random_network
from tropnet.cli import main


class Result(NamedTuple):
    """What a run left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in a folder with some networks."""
    monkeypatch.chdir(tmp_path)
    MAXIMUM.save("maximum.json")
    TRIPLE_FLIP.save("flip.json")
    TWICE_RELU.save("twice.json")
    VANISHING["zero row"][0].save("zero.json")
    random_network((2, 3, 3, 3, 1), seed=2).save("random.json")

    def run(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert isinstance(stop.value.code, int)
        return Result(stop.value.code, *capsys.readouterr())

    return run


def test_a_maximal_network(run: Run) -> None:
    status, out, err = run("dimension", "flip.json", "--certificate", "proof.json")
    assert (status, err) == (0, "")
    assert out.splitlines()[:2] == ["functional dimension 10", "upper bound P - N    10"]
    assert "hidden symmetries    0" in out
    assert run("check", "proof.json", "flip.json") == (
        *(0, "proved: the functional dimension is 10\n", ""),
    )
    assert run("check", "proof.json", "maximum.json").status == 1
    assert run("check", "proof.json", "flip.json", "flip.json").status == 2


def test_hidden_symmetries(run: Run) -> None:
    out = run("dimension", "maximum.json").out
    assert "hidden symmetries    1" in out
    assert "bias of neuron 1" in out
    assert "family" not in out
    assert "family on (-oo, oo)" in run("dimension", "maximum.json", "--integrate").out
    assert "first-order only" in run("dimension", "twice.json", "--integrate").out


def test_json(run: Run) -> None:
    def data(*arguments: str) -> Any:
        result = run("dimension", "--json", *arguments)
        assert result.status == 0
        return json.loads(result.out)

    found = data("twice.json", "--integrate")
    assert (found["value"], found["lower_bound"], found["upper_bound"]) == (3, 3, 5)
    assert (found["is_maximal"], found["regions_used"], found["regions_skipped"]) == (False, 2, 0)
    biases, outputs = found["hidden_symmetries"]
    assert biases["moves"] == [[1, 0, None, "-1"], [1, 1, None, "1"]]
    assert (biases["integration"], biases["interval"]) == ("first-order only", None)
    assert (outputs["integration"], outputs["interval"]) == ("family", "(-oo, oo)")
    assert "integration" not in data("twice.json")["hidden_symmetries"][0]
    assert data("flip.json")["hidden_symmetries"] == []
    assert data("flip.json")["reason"] is None


def test_undefined(run: Run) -> None:
    status, out, _ = run("dimension", "zero.json", "--certificate", "proof.json")
    assert status == 0
    assert "functional dimension undefined" in out
    assert "0 used, 2 skipped" in out
    assert "remove" in out
    assert json.loads(run("dimension", "zero.json", "--json").out)["value"] is None
    status, out, _ = run("check", "proof.json", "zero.json")
    assert status == 0
    assert "undefined" in out


def test_out_of_budget_a_lower_bound_is_proved(run: Run) -> None:
    value = functional_dimension(random_network((2, 3, 3, 3, 1), seed=2)).value
    assert value is not None
    status, out, err = run("dimension", "random.json", "--budget", "2", "--certificate", "proof")
    assert status == 2
    assert err.startswith("tropnet: budget: stopped after 2 regions")
    assert len(err.splitlines()) == 1
    bound = int(out.splitlines()[0].split()[-1])
    assert "at least" in out
    assert 0 < bound <= value
    assert "hidden" not in out
    status, out, _ = run("check", "proof", "random.json")
    assert (status, out) == (0, f"proved: the functional dimension is at least {bound}\n")
    data = json.loads(run("dimension", "random.json", "--budget", "2", "--json").out)
    assert (data["value"], data["lower_bound"]) == (None, bound)
    assert run("dimension", "random.json", "--budget", "100000").status == 0


def test_jobs_do_not_change_the_answer(run: Run) -> None:
    assert run("dimension", "random.json", "--jobs", "2") == run("dimension", "random.json")


def test_bad_input_is_one_line(run: Run) -> None:
    for arguments in (("none.json",), ("flip.json", "--budget", "x"), ()):
        status, out, err = run("dimension", *arguments)
        assert (status, out) == (2, "")
        assert len(err.splitlines()) == 1
