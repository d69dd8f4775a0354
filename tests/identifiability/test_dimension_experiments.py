"""The experiments of the examples folder, in small versions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(name: str, *arguments: object) -> list[str]:
    example = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert example.returncode == 0, example.stderr
    return example.stdout.splitlines()


def test_random_dimensions(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    target = tmp_path / "shares.png"
    head, *lines, last = run("random_dimensions.py", 1, target)
    assert "full" in head
    assert len(lines) == 4 * 4 + 3 * 5
    # Seed 0 of 2-2-2-1 has 10 of 11.
    assert [line.split() for line in lines if line.startswith("2-2-2-1 ")] == [
        ["2-2-2-1", "0/1", "0.909", "10", "of", "11"]
    ]
    assert last == f"wrote {target}"
    assert target.read_bytes().startswith(b"\x89PNG")


def test_maximal_dimensions() -> None:
    *lines, last = run("maximal_dimensions.py", 2, 3)
    assert last == "12 architectures, each with P - N proved"
    assert ["2-2-2-1", "15", "4", "11"] in [line.split()[:4] for line in lines]


def test_float_ranks() -> None:
    _, _, *lines = run("float_ranks.py", 2)
    assert [line.split()[0] for line in lines if line[0].isdigit()] == [
        *("2-2-2-1", "2-4-4-1", "2-8-8-1", "2-6-6-6-6-1")
    ]
    # The exact dimension does not change under scaling (the example asserts it); float64 does.
    assert any("rescaled in float64" in line for line in lines)
