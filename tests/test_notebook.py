"""What a notebook shows: well-formed, short, exact, and nothing where it cannot be shown."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest

from tropnet import (
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    break_locus,
    catalogue,
    decide_equality,
    decide_equivalence,
    decide_identifiability,
    decide_minimality,
    depth_lower_bound,
    fiber,
    functional_dimension,
    identifiable_network,
    is_transversal,
    max_difference,
    maximal_network,
    minimal_shallow_network,
    random_network,
    simplify,
    tropicalize,
)

F = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
G = ReLUNetwork([([[-1, 0], [0, -1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
EQUALITY, EQUIVALENCE = decide_equality(F, G), decide_equivalence(F, G)
ANSWERS: list[Any] = [
    *(EQUALITY, EQUALITY.certificate, decide_equality(F, 2 * G), EQUIVALENCE),
    *(decide_equality(F, 2 * G).certificate, EQUIVALENCE.certificate, fiber(F)),
    *(decide_minimality(F), decide_minimality(F).certificate, simplify(F + G)),
    *(decide_identifiability(F), decide_identifiability(F).certificate, depth_lower_bound(F)),
    *(functional_dimension(F), functional_dimension(F).certificate, is_transversal(F)),
    *(minimal_shallow_network(F), minimal_shallow_network(F).certificate, *max_difference(F, G)),
    *(identifiable_network((2, 2, 1)), maximal_network((2, 2, 1)), F, random_network((3, 9, 9, 2))),
    catalogue.entry("maximum").finding,
]


class Balance(HTMLParser):
    """Counts open elements."""

    depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        assert self.depth >= 0


@pytest.mark.parametrize("item", ANSWERS, ids=lambda item: type(item).__name__)
def test_tables(item: Any) -> None:
    html = item._repr_html_()
    parser = Balance()
    parser.feed(html)
    assert parser.depth == 0
    assert f"<caption>{type(item).__name__}</caption>" in html
    assert len(html) < 6000


def test_networks_as_formulas() -> None:
    assert "f = relu(x) + relu(y) + relu(-x - y)" in F._repr_html_()
    assert "<pre>" not in random_network((3, 9, 9, 2))._repr_html_()
    assert "f = 2" in ReLUNetwork([([[0]], [2])])._repr_html_()


def test_typeset_functions() -> None:
    p = TropicalPolynomial([["1/2", 0], [0, 2], [0, 0]], ["-1/3", 0, 0])
    text = p._repr_latex_() or ""
    assert text.startswith(r"$\max\left(")
    assert all(part in text for part in ("2 y", r"\frac{x}{2} - \frac{1}{3}"))
    assert TropicalPolynomial([[1]], [2])._repr_latex_() == "$x + 2$"
    assert tropicalize(F)._repr_latex_().startswith("$- x - y + \\max")
    long = TropicalPolynomial([[k] for k in range(60)], [-k * k for k in range(60)])
    assert long._repr_latex_() is None


def test_complexes_as_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    for X in (break_locus(F), WeightedComplex(2), break_locus(random_network((1, 3, 1)))):
        assert ElementTree.fromstring(X._repr_svg_()).tag.endswith("svg")
    assert break_locus(random_network((3, 2, 1)))._repr_svg_() is None
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert break_locus(F)._repr_svg_() is None


def test_repr_is_short() -> None:
    for item in ANSWERS:
        assert len(repr(item)) < 1500, type(item).__name__


def test_figures_show_themselves() -> None:
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    from tropnet.plots import plot_fiber

    figure = plot_fiber(fiber(F))
    assert ElementTree.fromstring(figure._repr_svg_()).tag.endswith("svg")


def test_certificates_say_what_they_claim() -> None:
    assert repr(decide_minimality(F).certificate).startswith("<MinimalityCertificate: ")
    for item in ANSWERS:
        if hasattr(item, "check") and hasattr(item, "claim"):
            assert len(repr(item)) < 300, repr(item)
