"""Pictures of branches and bends, by what the figures contain."""

import io

import pytest

from tropnet import (
    InvalidInputError,
    TropicalPolynomial,
    break_locus,
    depth_lower_bound,
    random_network,
)
from tropnet.plots import plot_bends

pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")

BENT = TropicalPolynomial([[0, 0], [0, 1], [1, 0], [2, 1]], [0, 0, 0, 0])


def kinds(axes, gid):
    return [line for line in axes.lines if line.get_gid() == gid]


def test_a_branch_that_bends_at_another():
    figure = plot_bends(BENT)
    axes = figure.axes[0]
    branches = depth_lower_bound(BENT).bends.branches
    assert len({line.get_color() for line in kinds(axes, "facet")}) == len(branches) == 2
    (dot,) = kinds(axes, "bend")
    assert dot.get_xydata().tolist() == [[0, 0]]
    assert axes.get_title() == "hidden layers ≥ 2"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["branch 0 bends at 1"]
    figure.savefig(io.BytesIO(), format="png", dpi=40)


def test_networks_complexes_and_nothing_at_all():
    net = random_network((2, 3, 2, 1), seed=4)
    drawn = kinds(plot_bends(net).axes[0], "facet")
    assert len(drawn) == len(kinds(plot_bends(break_locus(net)).axes[0], "facet"))
    empty = plot_bends(TropicalPolynomial([[1, 2]], [3])).axes[0]
    assert empty.get_title() == "hidden layers ≥ 0"
    shallow = plot_bends(random_network((2, 3, 1))).axes[0]
    assert shallow.get_legend() is None


def test_only_planes_can_be_drawn():
    with pytest.raises(InvalidInputError, match=r"plot_bends: R\^3"):
        plot_bends(random_network((3, 2, 1)))
