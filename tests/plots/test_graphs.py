"""Pictures of bend graphs and fibres, by what is in them; and the colours."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pytest

from tropnet import (
    InvalidInputError,
    ReLUNetwork,
    depth_lower_bound,
    depth_separating_network,
    fiber,
    random_network,
)
from tropnet.plots.style import colour, spread

pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")

from tropnet.plots import plot_bend_graph, plot_fiber

CORNER = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])])


def count(axes: Any, gid: str) -> int:
    return sum(line.get_gid() == gid for line in axes.lines)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_bend_graphs(depth: int) -> None:
    net = depth_separating_network((2, *[2] * depth, 1)).network
    bends = depth_lower_bound(net).bends
    (axes,) = plot_bend_graph(net).axes
    assert count(axes, "branch") == len(bends.branches)
    arrows = [text for text in axes.texts if not text.get_text()]
    assert len(arrows) == bends.graph.number_of_edges()
    heights = [line.get_ydata()[0] for line in axes.lines if line.get_gid() == "branch"]
    assert max(heights) == nx.dag_longest_path_length(bends.graph) + 1


def test_bend_graphs_of_degenerate_functions() -> None:
    (axes,) = plot_bend_graph(ReLUNetwork([([[1, 2]], [3])])).axes
    assert count(axes, "branch") == 0
    assert any("affine" in text.get_text() for text in axes.texts)
    (axes,) = plot_bend_graph(random_network((1, 3, 1))).axes
    assert count(axes, "branch") == 3


def test_fibres() -> None:
    found = fiber(CORNER)
    figure = plot_fiber(found)
    assert len(figure.axes) == len(found.components) == 2
    for axes in figure.axes:
        assert count(axes, "neuron") == count(axes, "active side") > 0
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "neurons of layer 1",
        "neurons of layer 2",
    ]
    (axes,) = plot_fiber(fiber(ReLUNetwork([([[1, 2]], [3])]))).axes
    assert count(axes, "neuron") == 0


def test_fibres_that_are_not_drawn() -> None:
    with pytest.raises(InvalidInputError, match="3 inputs"):
        plot_fiber(fiber(random_network((3, 2, 1))))


def test_colours_are_different() -> None:
    assert len({colour(number) for number in range(64)}) == 64
    for number in (1, 6, 40):
        assert len(set(spread(number))) == number
    assert spread(0) == []
    assert all(0 <= part <= 1 for shade in spread(100) for part in shade)
