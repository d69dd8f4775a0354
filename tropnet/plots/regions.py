"""Pictures of activation regions."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from fractions import Fraction
from math import atan2
from typing import TYPE_CHECKING

from tropnet.errors import InvalidInputError, TropnetError
from tropnet.exact import Number, to_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions
from tropnet.polyhedra import Polyhedron

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GOLDEN_RATIO = 0.618033988749895


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
    left, right, low, high = to_vector(window, "window")
    if left >= right or low >= high:
        raise InvalidInputError("window: expected x_min < x_max and y_min < y_max")
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise TropnetError('plots need matplotlib: pip install "tropnet[plot]"') from None
    box = Polyhedron.from_inequalities(
        [[1, 0], [-1, 0], [0, 1], [0, -1]], [right, -left, high, -low]
    )
    figure = Figure(figsize=(size, size * float((high - low) / (right - left))))
    axes = figure.add_axes((0.08, 0.08, 0.9, 0.9))
    colours: dict[object, tuple[float, float, float]] = {}
    for region in activation_regions(net, box):
        piece = (region.gradient, region.constant)
        colour = colours.setdefault(piece, _colour(len(colours)))
        corners = _around(region.interior_point, region.vertices)
        axes.fill(*zip(*corners, strict=True), facecolor=colour, edgecolor="white", linewidth=0.4)
    axes.set_xlim(float(left), float(right))
    axes.set_ylim(float(low), float(high))
    axes.set_aspect("equal")
    return figure


def _colour(number: int) -> tuple[float, float, float]:
    hue = number * _GOLDEN_RATIO % 1.0
    return colorsys.hls_to_rgb(hue, 0.45 + 0.1 * (number % 4), 0.55)


def _around(
    centre: Sequence[Fraction], vertices: Sequence[Sequence[Fraction]]
) -> list[tuple[float, float]]:
    """The vertices of a polygon in order around an interior point."""
    shifted = [(x - centre[0], y - centre[1]) for x, y in vertices]
    order = sorted(range(len(shifted)), key=lambda i: atan2(shifted[i][1], shifted[i][0]))
    return [(float(vertices[i][0]), float(vertices[i][1])) for i in order]
