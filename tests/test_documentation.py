"""The documentation: every block runs, the pages build without warnings, every name has a page."""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tropnet

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(ROOT) for path in DOCS.rglob("*.md") if "gallery" not in path.parts)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDS = {Path("docs/howto/pytorch.md"): "torch", Path("docs/howto/onnx.md"): "onnx"}


@pytest.mark.parametrize("page", [Path("README.md"), *PAGES], ids=str)
def test_every_block_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """In order, in one folder; Python blocks share their names, shell blocks stop at an error.

    The README's shell blocks set up the machine, or speak of files that are not here.
    """
    needed = NEEDS.get(page)
    if needed is not None and importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "page"}
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner()
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start(2))
        if block[1] == "python":
            assert ">>>" in block[2], f"{page}:{line}: a block without prompts shows no output"
            test = parser.get_doctest(block[2], names, f"{page}:{line}", str(page), line)
            failed = runner.run(test, clear_globs=False).failed
            assert failed == 0, capfd.readouterr().out
            names.update(test.globs)
        elif block[1] == "sh" and page.parts[0] == "docs":
            run_in_shell(block[2], f"{page}:{line}")


def run_in_shell(commands: str, where: str) -> None:
    """Run a block, with this environment's `tropnet` first."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        ["bash", "-eu", "-c", commands],
        env=os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{where}\n{done.stdout}\n{done.stderr}"


def test_every_public_name_has_its_page() -> None:
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    listed = re.findall(r"^   tropnet\.(\w+)$", reference, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) >= set(tropnet.__all__)


def test_every_verb_has_its_line() -> None:
    from tropnet.cli.application import app

    page = (DOCS / "commands.md").read_text(encoding="utf-8")
    for verb in app.commands:
        assert f"| `tropnet {verb}" in page, verb


def test_the_pages_build(tmp_path: Path) -> None:
    """Without warnings, with all examples of the gallery run and all links resolved."""
    for package in ("sphinx", "myst_nb", "sphinx_gallery", "furo", "matplotlib"):
        pytest.importorskip(package, reason=f"{package} (the extra docs) is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", DOCS, tmp_path],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    for example in ("abstract/depth_hierarchy", "literature/sawtooth"):
        assert f"gallery/{example}.html" in pages
