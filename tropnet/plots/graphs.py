"""Pictures of bend graphs and of the components of a fibre."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Literal

import networkx as nx

from tropnet.errors import InvalidInputError
from tropnet.identifiability.fiber import Fiber
from tropnet.piecewise.depth import depth_lower_bound
from tropnet.piecewise.function_like import FunctionLike
from tropnet.plots.curve import note
from tropnet.plots.libraries import matplotlib_figure
from tropnet.plots.planar import PlanarNetwork, Wall
from tropnet.plots.style import INK, spread
from tropnet.plots.window import Window
from tropnet.polyhedra import Polyhedron

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLUMNS, _MOST = 3, 12
_STYLES: tuple[Literal["-", "--", ":", "-."], ...] = ("-", "--", ":", "-.")


def plot_bend_graph(f: FunctionLike, *, size: float = 5.0) -> Figure:
    """The branches of a break locus, with an arrow where one bends at another.

    A branch stands above those at which it bends; its height is the least hidden layer in which its
    neuron can be.  The colours are those of `plot_bends`.

    Args:
        f: A function-like.
        size: The width of the figure in inches; more where many branches stand side by side.

    Raises:
        InvalidInputError: if there is no transversal representation, or f is no function.
        TropnetError: if matplotlib is not installed.
    """
    bound = depth_lower_bound(f)
    if bound.obstruction is not None:
        raise InvalidInputError("plot_bend_graph: the function has no transversal representation")
    graph = bound.bends.graph
    height = dict.fromkeys(graph, 1)
    for branch in reversed(list(nx.topological_sort(graph))):
        height[branch] = 1 + max((height[below] for below in graph.successors(branch)), default=0)
    levels = sorted(set(height.values()))
    rows = [[each for each in bound.bends.branches if height[each] == level] for level in levels]
    widest = max(map(len, rows), default=1)
    figure = matplotlib_figure(max(size, 0.35 * widest), 0.75 * size)
    axes = figure.add_subplot()
    colours = spread(max(len(height), 1))
    places = {}
    for level, row in zip(levels, rows, strict=True):
        for k, branch in enumerate(row):
            places[branch] = ((k + 1) / (len(row) + 1), level)
    for branch, other in graph.edges:
        axes.annotate(
            "", places[other], places[branch], zorder=2,
            arrowprops={"arrowstyle": "-|>", "color": INK, "shrinkA": 9, "shrinkB": 9},
        )  # fmt: skip
    for branch, (x, y) in places.items():
        axes.plot(x, y, "o", color=colours[branch.number], markersize=15, gid="branch", zorder=3)
        axes.annotate(
            str(branch.number), (x, y), ha="center", va="center", color="white", zorder=4,
            fontsize=9, fontweight="bold",
        )  # fmt: skip
    if not places:
        note(axes, "empty: the function is affine")
    highest = max(height.values(), default=1)
    axes.set(xlim=(0, 1), ylim=(0.5, highest + 0.5), xticks=[], yticks=range(1, highest + 1))
    axes.set_ylabel("hidden layer at least")
    figure.set_layout_engine("constrained")
    return figure


def plot_fiber(found: Fiber, *, size: float = 9.0) -> Figure:
    """For each component of a fibre, where the neurons of its representative vanish.

    The function is the same in all pictures; what differs is which neurons make it.  Layers differ
    in colour and dashes, and a tick points to the side on which a neuron is active.  At most twelve
    components are drawn.

    Args:
        found: A `Fiber` of networks with two inputs.
        size: The width of the figure in inches.

    Raises:
        InvalidInputError: for another number of inputs, or an empty fibre.
        TropnetError: if matplotlib is not installed.
    """
    components = found.components[:_MOST]
    if not components:
        raise InvalidInputError("plot_fiber: no component is known")
    inputs = components[0].network.input_width
    if inputs != 2:
        raise InvalidInputError(f"plot_fiber: networks with {inputs} inputs; they need two")
    planes = [PlanarNetwork(component.network) for component in components]
    points = [v for plane in planes for region in plane.regions for v in region.vertices]
    window = Window.around(points, 2)
    columns = min(_COLUMNS, len(planes))
    rows = -(-len(planes) // columns)
    figure = matplotlib_figure(size * columns / _COLUMNS, size * rows / _COLUMNS + 0.4)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat[len(planes) :]:
        axes.set_axis_off()
    for axes, plane, component in zip(grid.flat, planes, components, strict=False):
        _draw_neurons(axes, plane, window)
        dimension = "?" if component.dimension is None else component.dimension
        axes.set_title(f"dimension {dimension}", fontsize=9)
    _explain_layers(figure, planes[0].net.depth)
    figure.set_layout_engine("constrained")
    return figure


def _draw_neurons(axes: Axes, plane: PlanarNetwork, window: Window) -> None:
    colours = spread(max(plane.net.depth, 1))
    (left, right), _ = window.floats
    for wall in plane.walls:
        ends = window.clip(_polyhedron(wall))
        if len(ends) < 2:
            continue
        xs, ys = zip(*[(float(x), float(y)) for x, y in ends], strict=True)
        middle = (sum(xs) / 2, sum(ys) / 2)
        for layer, neuron in plane.vanishing(wall):
            shade = colours[layer - 1]
            axes.plot(
                xs, ys, color=shade, linestyle=_STYLES[(layer - 1) % 4], linewidth=1.6,
                gid="neuron",
            )  # fmt: skip
            a, b = plane.active_side(wall, layer, neuron)
            step = 0.025 * (right - left) / hypot(a, b)
            axes.plot(
                [middle[0], middle[0] + step * a], [middle[1], middle[1] + step * b],
                color=shade, linewidth=2.4, gid="active side",
            )  # fmt: skip
    axes.set_xlim(*window.floats[0])
    axes.set_ylim(*window.floats[1])
    axes.set_aspect("equal")
    axes.tick_params(labelsize=7)


def _polyhedron(wall: Wall) -> Polyhedron:
    edge = wall.edge
    if edge.most is not None:
        end = tuple(p + d for p, d in zip(edge.point, edge.direction, strict=True))
        return Polyhedron.from_generators([edge.point, end])
    if edge.least is not None:
        return Polyhedron.from_generators([edge.point], rays=[edge.direction])
    return Polyhedron.from_generators([edge.point], lines=[edge.direction])


def _explain_layers(figure: Figure, depth: int) -> None:
    from matplotlib.lines import Line2D

    colours = spread(max(depth, 1))
    handles = [
        Line2D(
            [], [], color=colours[k], linestyle=_STYLES[k % 4], label=f"neurons of layer {k + 1}"
        )
        for k in range(depth)
    ]
    if handles:
        figure.legend(handles=handles, loc="outside lower center", ncols=depth, fontsize=8)
