"""The verb `tropnet depth`, and its proof in `tropnet check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run
from tropnet import ReLUNetwork, depth_lower_bound, random_network


def test_the_bound_and_its_proof(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    deep, flat = random_network((2, 3, 3, 1), seed=5), random_network((2, 3, 1))
    deep.save(tmp_path / "deep.json")
    flat.save(tmp_path / "flat.json")
    value = depth_lower_bound(deep).value
    status, out, _ = run(capsys, "depth", tmp_path / "deep.json")
    assert status == 0
    assert f"at least {value} (the network has 2)" in out
    proof = tmp_path / "proof.json"
    status, out, _ = run(capsys, "depth", "--json", tmp_path / "deep.json", "--certificate", proof)
    assert json.loads(out)["lower_bound"] == value == 2
    assert run(capsys, "check", proof, tmp_path / "deep.json")[0] == 0
    assert run(capsys, "check", proof, tmp_path / "flat.json")[0] == 1


def test_degenerate_networks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ReLUNetwork([([[1, 2]], [3])]).save(tmp_path / "affine.json")
    assert "at least 0 (the network has 0)" in run(capsys, "depth", tmp_path / "affine.json")[1]
    status, _, err = run(capsys, "depth", tmp_path / "nothing.json")
    assert status == 2
    assert err.startswith("tropnet: ")
