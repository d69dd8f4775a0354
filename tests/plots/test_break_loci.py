"""Pictures of break loci, by what the figures contain."""

import io

import pytest

from tropnet import InvalidInputError, TropicalPolynomial, break_locus, random_network, tropicalize
from tropnet.plots import plot_break_locus, plot_hypersurface

pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")


def count(axes, gid):
    return sum(line.get_gid() == gid for line in axes.lines)


def render(figure):
    figure.savefig(io.BytesIO(), format="png", dpi=40)


def test_facets_of_a_network_in_the_plane():
    net = random_network((2, 4, 3, 1), seed=2)
    axes = plot_break_locus(net).axes[0]
    assert count(axes, "facet") == len(break_locus(net).facets)
    assert len({line.get_color() for line in axes.lines if line.get_gid() == "facet"}) == 2
    widths = {line.get_linewidth() for line in axes.lines if line.get_gid() == "facet"}
    assert len(widths) > 1
    render(axes.figure)


def test_the_same_picture_for_the_same_function():
    net = random_network((2, 2, 1), seed=3)
    first, second = (
        sorted(tuple(map(tuple, line.get_xydata())) for line in plot_break_locus(f).axes[0].lines)
        for f in (net, tropicalize(net))
    )
    assert first == second


def test_in_one_variable_the_graph_is_drawn():
    net = random_network((1, 3, 1), seed=2)
    axes = plot_break_locus(net).axes[0]
    assert count(axes, "graph") == 1
    assert count(axes, "vertex") == len(break_locus(net).facets)
    vector = plot_break_locus(random_network((1, 3, 2), seed=2))
    render(vector)


def test_in_space_the_facets_are_polygons():
    net = random_network((3, 3, 1), seed=2)
    figure = plot_break_locus(net, (-9, 9, -9, 9, -9, 9), library="matplotlib")
    assert figure.axes[0].collections
    render(figure)


def test_affine_functions_and_wrong_arguments():
    assert plot_break_locus(TropicalPolynomial([[2, 1]], [0])).axes[0].texts
    with pytest.raises(InvalidInputError, match="a function of 4 variables"):
        plot_break_locus(random_network((4, 2, 1)))
    with pytest.raises(InvalidInputError, match="expected a ReLUNetwork"):
        plot_break_locus(3)
    with pytest.raises(InvalidInputError, match="expected a WeightedComplex"):
        plot_hypersurface(random_network((2, 2, 1)))
