"""The verbs `tropnet newton` and `tropnet plot`, and what all verbs have in common."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from command_line import run
from tropnet import ReLUNetwork, TropicalPolynomial, decide_equality, random_network
from tropnet.cli.application import app

CORNER = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])])


def all_verbs(group: click.Group, path: str = "") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += all_verbs(command, f"{path}{name} ")
        else:
            found.append((path + name, command))
    return found


def test_every_verb_shows_an_example_of_itself() -> None:
    for name, command in all_verbs(app):
        example = re.search(r"Example: tropnet (.*)", command.help or "")
        assert example is not None, name
        shown = name.removesuffix("run").strip()
        assert example[1].startswith(shown), name


def test_the_program_as_a_module() -> None:
    for module in ("tropnet", "tropnet.__main__"):
        done = subprocess.run(
            [sys.executable, "-m", module, "--version"], capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith("tropnet, version")


def polynomial(data: dict[str, list[list[str]]]) -> TropicalPolynomial:
    return TropicalPolynomial(data["exponents"], data["coefficients"])


def test_newton(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    CORNER.save(net)
    status, out, _ = run(capsys, "newton", net)
    assert status == 0
    assert re.match(r"g  7 monomials, Newton polytope of dimension 2 with 6 vertices: max\(", out)
    assert "h  1 monomial, Newton polytope of dimension 0 with 1 vertex: max(0)" in out
    status, out, _ = run(capsys, "newton", net, "--json")
    data = json.loads(out)
    assert decide_equality(CORNER, polynomial(data["g"]) / polynomial(data["h"])).equal
    assert len(data["g"]["vertices"]) == 6


def test_newton_of_degenerate_networks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    for layers in (
        [([[0, 0]], ["1/3"])],
        [([[0, 0]], [0]), ([[0], [0]], [0, 1])],
        [([[1, -1]], [0]), ([[2], [-3]], [0, 1])],
    ):
        original = ReLUNetwork(layers)
        original.save(net)
        status, out, _ = run(capsys, "newton", net, "--json")
        assert status == 0
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["output"] for line in lines] == list(range(original.output_width))
        outputs = tuple(polynomial(line["g"]) / polynomial(line["h"]) for line in lines)
        assert decide_equality(original, outputs if len(outputs) > 1 else outputs[0]).equal
        assert run(capsys, "newton", net)[0] == 0


STARTS = {".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF", ".html": b"<!DOCTYPE html>"}


@pytest.mark.parametrize(
    "what",
    [
        *("regions", "surface", "breaks", "bends", "bend-graph", "fiber"),
        *("numerator", "denominator"),
    ],
)
@pytest.mark.parametrize("suffix", sorted(STARTS))
def test_pictures(
    what: str, suffix: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    net, target = tmp_path / "net.json", tmp_path / f"picture{suffix}"
    CORNER.save(net)
    status, out, err = run(capsys, "plot", net, "-o", target, "--what", what)
    assert (status, out, err) == (0, f"{target}: {what}\n", "")
    start = target.read_bytes()[:2000]
    assert start.startswith(STARTS[suffix]) or (suffix == ".html" and b"<html" in start)


def test_what_is_drawn_by_default(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    net, target = tmp_path / "net.json", tmp_path / "picture.svg"
    for inputs, what in ((1, "breaks"), (2, "regions"), (3, "breaks")):
        random_network((inputs, 3, 1)).save(net)
        assert run(capsys, "plot", net, "-o", target)[1] == f"{target}: {what}\n"


def test_trouble_with_pictures(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    net, target = tmp_path / "net.json", tmp_path / "picture.svg"
    random_network((2, 3, 2)).save(net)
    for arguments, message in (
        (("-o", tmp_path / "picture.jpg"), "pictures are .svg, .png, .pdf or .html"),
        (("-o", tmp_path / "none" / "picture.svg"), "cannot write"),
        (("-o", target, "--window", "1,0,0,1"), "expected x_min < x_max"),
        (("-o", target, "--window", "a,b"), "expected numbers like"),
        (("-o", target, "--window", "0,1"), "2 numbers; expected"),
        (("-o", target, "--what", "numerator"), "has 2 outputs; it needs one"),
    ):
        status, out, err = run(capsys, "plot", net, *arguments)
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert message in err
    random_network((4, 3, 1)).save(net)
    status, _, err = run(capsys, "plot", net, "-o", target)
    assert (status, err.count("\n")) == (2, 1)
    assert "pictures are of one, two and three" in err


def test_missing_library(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = tmp_path / "net.json"
    CORNER.save(net)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    status, _, err = run(capsys, "plot", net, "-o", tmp_path / "picture.svg")
    assert (status, err.count("\n")) == (2, 1)
    assert 'pip install "tropnet[plot]"' in err
