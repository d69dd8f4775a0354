"""Pictures of activation regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tropnet.errors import InvalidInputError
from tropnet.exact import Number
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions
from tropnet.plots.libraries import matplotlib_figure
from tropnet.plots.polygons import ring
from tropnet.plots.style import Colour, colour
from tropnet.plots.window import Window

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_regions(
    net: ReLUNetwork,
    window: Sequence[Number] = (-4, 4, -4, 4),
    *,
    size: float = 5.0,
) -> Figure:
    """The activation regions of a network with two inputs, coloured by affine piece.

    Regions on which the network is the same affine map have the same colour; thin white lines are
    the borders of regions, also those that do not bend the function.

    Args:
        net: A network with two inputs.
        window: (x_min, x_max, y_min, y_max), the part of the plane to show.
        size: The width of the figure in inches.

    Returns:
        A matplotlib figure; `figure.savefig(path)` writes it.

    Raises:
        InvalidInputError: if the network does not have two inputs or the window is empty.
        TropnetError: if matplotlib is not installed.
    """
    if net.input_width != 2:
        raise InvalidInputError(f"plot: a network with {net.input_width} inputs; it needs two")
    shown = Window.of(window, 2)
    figure = matplotlib_figure(size, size * shown.ratio)
    axes = figure.add_axes((0.08, 0.08, 0.9, 0.86))
    colours: dict[object, Colour] = {}
    for region in activation_regions(net, shown.polyhedron):
        piece = (region.gradient, region.constant)
        shade = colours.setdefault(piece, colour(len(colours)))
        corners = [(float(x), float(y)) for x, y in ring(region.vertices)]
        axes.fill(*zip(*corners, strict=True), facecolor=shade, edgecolor="white", linewidth=0.4)
    axes.set_xlim(*shown.floats[0])
    axes.set_ylim(*shown.floats[1])
    axes.set_aspect("equal")
    axes.set_title("one colour for each affine piece", fontsize=9)
    return figure
