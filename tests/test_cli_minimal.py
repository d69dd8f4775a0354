"""The verbs `tropnet minimal` and `tropnet catalogue`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run
from tropnet import ReLUNetwork, load, random_network
from tropnet.catalogue import entry, names


def test_a_minimal_network(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net, other, proof = tmp_path / "net.json", tmp_path / "other.json", tmp_path / "proof.json"
    entry("maximum").network.save(net)
    random_network((2, 3, 1, 1)).save(other)
    status, out, _ = run(capsys, "minimal", net, "--certificate", proof)
    assert status == 0
    assert out.startswith("minimal\n")
    assert "no 2-4-1: no network with one hidden layer is the function" in out
    assert run(capsys, "check", proof, net)[:2] == (0, "proved: the network is minimal\n")
    assert run(capsys, "check", proof, other)[0] == 1
    status, out, _ = run(capsys, "minimal", net, "--json")
    data = json.loads(out)
    assert (status, data["verdict"], data["smaller"], data["open"]) == (0, "proved", None, [])
    assert [item["architecture"] for item in data["excluded"]][-1] == [2, 3, 0, 1]


def test_a_network_that_is_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net, smaller, proof = tmp_path / "n.json", tmp_path / "s.json", tmp_path / "proof.json"
    ReLUNetwork([([[1], [1]], [0, 0]), ([[1, 1]], [0])]).save(net)
    status, out, _ = run(capsys, "minimal", net, "-o", smaller, "--certificate", proof)
    assert status == 1
    assert "smaller 1-1-1" in out
    assert load(smaller).architecture == (1, 1, 1)
    assert run(capsys, "check", proof, net)[0] == 0
    assert run(capsys, "check", proof, smaller)[0] == 1


def test_out_of_budget(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    random_network((3, 5, 5, 1)).save(net)
    status, out, _ = run(capsys, "minimal", net, "--budget", "3")
    assert status == 2
    assert out.startswith("undecided")
    status, out, err = run(capsys, "minimal", tmp_path / "none.json")
    assert (status, out) == (2, "")
    assert err.startswith("tropnet: ")


def test_the_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "catalogue", "list")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == list(names())
    status, out, _ = run(capsys, "catalogue", "list", "--json")
    assert json.loads(out.splitlines()[0])["name"] == names()[0]
    status, out, _ = run(capsys, "catalogue", "show", "triple-flip", "--check")
    assert status == 0
    assert "proofs: all hold" in out
    status, out, _ = run(capsys, "catalogue", "show", "triple-flip", "--check", "--json")
    assert json.loads(out)["valid"] is True
    status, _, err = run(capsys, "catalogue", "show", "nothing")
    assert status == 2
    assert "the catalogue has no 'nothing'" in err
