"""The explorer: its data agree with the library, and it works in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from generators.networks import gaussian_network
from tropnet import (
    InvalidInputError,
    ReLUNetwork,
    activation_regions,
    break_locus,
    decide_equality,
    load,
    random_network,
)
from tropnet.cli.application import app
from tropnet.plots.explorer import coordinate_slice, explorer_page
from tropnet.plots.planar import PlanarNetwork, normal_and_offset

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "networks"
CORNER = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])])
SHIFTED = CORNER + ReLUNetwork([([[1, 1]], [-3]), ([[1]], [0])])
DEGENERATE = {
    "affine": ReLUNetwork([([[1, -2]], ["1/3"])]),
    "constant": ReLUNetwork([([[0, 0]], [1]), ([[1]], [0])]),
    "one line": ReLUNetwork([([[1, 1]], [0]), ([[1]], [0])]),
    "strips": ReLUNetwork([([[1, 0], [1, 0], [-2, 0]], [0, 1, 1]), ([[1, 2, 1]], [0])]),
    "halves": ReLUNetwork([([[2, 4], [2, 0]], [1, -1]), ([[1, -1]], [0])]),
    "pencil": ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])]),
    "duplicates": ReLUNetwork([([[1, 0], [2, 0], [0, 0]], [0, 0, 0]), ([[1, -1, 5]], [0])]),
    "two outputs": random_network((2, 3, 2, 2)),
    "cancelling": CORNER - CORNER,
}


def page_data(page: str) -> dict[str, Any]:
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page)
    data: dict[str, Any] = json.loads(text)
    return data


@pytest.mark.parametrize("name", sorted(DEGENERATE))
def test_walls_are_shared_and_weighted(name: str) -> None:
    net = DEGENERATE[name]
    plane = PlanarNetwork(net)
    assert len(plane.regions) == len(list(activation_regions(net)))
    for wall in plane.walls:
        assert len(wall.regions) == 2
        assert list(plane.vanishing(wall))
    breaking = [wall for wall in plane.walls if any(plane.weight(wall))]
    for facet in break_locus(net).facets:
        weights = facet.weight if isinstance(facet.weight, tuple) else (facet.weight,)
        line = (facet.normal, facet.offset)
        matching = [wall for wall in breaking if normal_and_offset(wall.edge.line) == line]
        assert weights in [plane.weight(wall) for wall in matching]
    beside = [{plane.piece_of[number] for number in wall.regions} for wall in plane.walls]
    colours = plane.piece_colours()
    assert all(len({colours[piece] for piece in pieces}) == len(pieces) for pieces in beside)
    page = explorer_page(net, seconds=1)
    assert len(page_data(page)["panels"][0]["regions"]) == len(plane.regions)


def test_the_cells_where_networks_differ() -> None:
    assert not page_data(explorer_page(CORNER, CORNER.permute(1, (2, 0, 1))))["difference"]["cells"]
    data = page_data(explorer_page(CORNER, SHIFTED))
    cells = data["difference"]["cells"]
    for point in ((5, 5), (0, 0), (3, 1), (-4, 9), (2, 2)):
        inside = [all(a * point[0] + b * point[1] > c for a, b, c in cell) for cell in cells]
        assert any(inside) == (CORNER(point) != SHIFTED(point))
    assert "different functions" in data["facts"][0]


def test_slices() -> None:
    net = random_network((4, 5, 3, 2))
    plane = coordinate_slice(net, (3, 1), (1, 0, "1/2", 0))
    for s, t in ((0, 0), (1, -2), (Fraction(1, 3), 5)):
        assert plane((s, t)) == net((1, t, Fraction(1, 2), s))
    for axes, at in (((0, 0), ()), ((0, 4), ()), ((-1, 2), ()), ((0, 1), (1, 2))):
        with pytest.raises(InvalidInputError, match=r"^(axes|at):"):
            coordinate_slice(net, axes, at)


def test_bad_input() -> None:
    with pytest.raises(InvalidInputError, match="3 inputs"):
        explorer_page(random_network((3, 2, 1)))
    with pytest.raises(InvalidInputError, match="2 outputs beside 1"):
        explorer_page(random_network((2, 2, 2)), CORNER)
    with pytest.raises(InvalidInputError, match="expected a ReLUNetwork"):
        explorer_page(CORNER, 3)  # type: ignore[arg-type]


def explore(*arguments: object) -> tuple[str, Any]:
    done = CliRunner().invoke(app, ["explore", *map(str, arguments)], standalone_mode=False)
    return done.output, done.exception


def test_the_verb(tmp_path: Path) -> None:
    net, target = tmp_path / "net.json", tmp_path / "page.html"
    random_network((3, 4, 1)).save(net)
    _, error = explore(net, "-o", target)
    assert "choose two that vary with --slice" in str(error)
    output, error = explore(net, "-o", target, "--slice", "0,2", "--at", "0,1,0", "--seconds", "1")
    assert (output, error) == (f"{target}\n", None)
    assert page_data(target.read_text(encoding="utf-8"))["axes"] == ["x0", "x2"]
    for wrong in (("--slice", "0"), ("--slice", "0,1", "--at", "a")):
        assert "expected" in str(explore(net, "-o", target, *wrong)[1])
    random_network((1, 4, 1)).save(net)
    assert "tropnet plot draws this one" in str(explore(net, "-o", target)[1])


def test_serving(tmp_path: Path) -> None:
    net = tmp_path / "net.json"
    CORNER.save(net)
    command = [sys.executable, "-m", "tropnet", "explore", str(net), "--serve", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            found = re.match(r"(http://127\.0\.0\.1:\d+/)", server.stdout.readline())
            assert found is not None
            with urllib.request.urlopen(found[1], timeout=30) as answer:
                assert answer.read().startswith(b"<!DOCTYPE html>")
        finally:
            server.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium, Debian's own."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Debian's package chromium is not installed")
    with api.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def opened(browser: Any, page: str, path: Path) -> Any:
    """The page in a tab without network; an error in it fails the test when it is closed."""
    path.write_text(page, encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1400, "height": 900})
    tab = context.new_page()
    tab.errors = []
    tab.on("pageerror", lambda error: tab.errors.append(str(error)))
    tab.goto(path.as_uri())
    tab.wait_for_selector("body[data-ready=yes]")
    return tab


def read_point(tab: Any) -> tuple[Fraction, Fraction]:
    found = re.search(r"= \((.*), (.*)\)", tab.inner_text("#point"))
    assert found is not None
    return Fraction(found[1]), Fraction(found[2])


def hover(tab: Any, right: float, down: float, panel: int = 0) -> tuple[Fraction, Fraction]:
    box = tab.locator("canvas").nth(panel).bounding_box()
    tab.mouse.move(box["x"] + right * box["width"], box["y"] + down * box["height"])
    return read_point(tab)


def pattern_text(net: ReLUNetwork, point: tuple[Fraction, Fraction]) -> set[str]:
    """The patterns of the regions that contain a point, as the page writes them."""
    signs = {1: "+", 0: "0", -1: "−"}
    return {
        "pattern "
        + (" | ".join("".join(signs[s] for s in layer) for layer in region.pattern) or "()")
        for region in activation_regions(net)
        if region.polyhedron.contains(point)
    }


def assert_true(tab: Any, net: ReLUNetwork, point: tuple[Fraction, Fraction], k: int = 0) -> None:
    """What the page says at a point is what the library says."""
    assert re.sub("^.*: ", "", tab.inner_text(f"#pattern{k}")) in pattern_text(net, point)
    for number, value in enumerate(net(point)):
        found = re.search(r"value (\S+)", tab.inner_text(f"#value{k}-{number}"))
        assert found is not None
        assert Fraction(found[1]) == value


def test_reading_points_in_the_browser(browser: Any, tmp_path: Path) -> None:
    tab = opened(browser, explorer_page(CORNER), tmp_path / "page.html")
    for right, down in ((0.5, 0.5), (0.1, 0.9), (0.93, 0.22), (0.31, 0.3)):
        assert_true(tab, CORNER, hover(tab, right, down))
    assert tab.locator("#polygon-g circle[r='7']").count() == 1
    tab.locator("canvas").focus()
    before = read_point(tab)
    tab.keyboard.press("ArrowLeft")
    after = read_point(tab)
    assert after[0] < before[0]
    assert_true(tab, CORNER, after)
    assert not tab.errors
    tab.close()


@pytest.mark.parametrize("name", sorted(DEGENERATE))
def test_degenerate_networks_in_the_browser(name: str, browser: Any, tmp_path: Path) -> None:
    net = DEGENERATE[name]
    tab = opened(browser, explorer_page(net, seconds=1), tmp_path / "page.html")
    for right, down in ((0.5, 0.5), (0.12, 0.7), (0.99, 0.01)):
        assert_true(tab, net, hover(tab, right, down))
    assert not tab.errors
    tab.close()


def network_with_many_regions(name: str) -> ReLUNetwork:
    if name == "gaussian":
        return gaussian_network((2, 25, 25, 1))
    path = SHARED / name
    if not path.exists():
        pytest.skip("../shared/networks is not there")
    return load(path)


def picture(tab: Any) -> bytes:
    shot: bytes = tab.locator("canvas").first.screenshot()
    return shot


@pytest.mark.parametrize("name", ["gaussian", "single_pendulum.onnx"])
def test_a_network_with_many_regions(name: str, browser: Any, tmp_path: Path) -> None:
    """Some thousand regions: it loads, pans, zooms, switches, and compares with a changed copy."""
    net = network_with_many_regions(name)
    layers = [([list(row) for row in weight], list(bias)) for weight, bias in net.layers]
    layers[1][1][3] += 1
    other = ReLUNetwork(layers)
    assert not decide_equality(net, other).equal
    page = explorer_page(net, other, names=("first", "second"), seconds=0.5)
    tab = opened(browser, page, tmp_path / "page.html")
    tab.screenshot(path=tmp_path / "page.png")
    assert (tmp_path / "page.png").stat().st_size > 20_000
    for panel in (0, 1):
        point = hover(tab, 0.4, 0.6, panel)
        assert_true(tab, net, point, 0)
        assert_true(tab, other, point, 1)
        found = re.search(r"difference (\S+)", tab.inner_text("#difference"))
        assert found is not None
        assert Fraction(found[1]) == net(point)[0] - other(point)[0]
    shots = [picture(tab)]
    tab.locator("#layer0-1").click()
    shots.append(picture(tab))
    tab.locator("#neuron0-1-7").click()
    shots.append(picture(tab))
    tab.locator("#hatch").click()
    shots.append(picture(tab))
    box = tab.locator("canvas").first.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.mouse.move(*middle)
    before = read_point(tab)
    tab.mouse.down()
    tab.mouse.move(middle[0] + 60, middle[1] + 40, steps=3)
    tab.mouse.up()
    shots.append(picture(tab))
    tab.mouse.move(*middle)
    after = read_point(tab)
    assert after[0] < before[0]
    assert after[1] > before[1]
    tab.mouse.wheel(0, -100)
    shots.append(picture(tab))
    assert len(set(shots)) == len(shots)
    assert_true(tab, net, hover(tab, 0.6, 0.2), 0)
    assert not tab.errors
    tab.close()
