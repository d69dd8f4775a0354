"""Pictures of branches and of the places where they bend at one another."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from tropnet.certificates.star_pattern import Pattern
from tropnet.errors import InvalidInputError
from tropnet.exact import Number
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.depth import depth_lower_bound
from tropnet.piecewise.function_like import FunctionLike
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.plots.curve import Piece, draw_curve, reference_points
from tropnet.plots.libraries import matplotlib_figure
from tropnet.plots.style import INK, Colour, spread
from tropnet.plots.window import Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LISTED = 12


def plot_bends(
    f: FunctionLike | WeightedComplex,
    window: Sequence[Number] | None = None,
    *,
    size: float = 5.0,
) -> Figure:
    """The branches of a break locus in the plane, each in its colour, and their bends.

    A branch belongs to one neuron in every transversal representation.  At a filled dot the branch
    of the dot's colour bends at another one, so its neuron lies in a deeper layer; the legend lists
    the branches that bend.  The title gives the bound for the number of hidden layers.

    Args:
        f: A function-like of two variables, or the break locus of one.
        window: (x_min, x_max, y_min, y_max), what to show; by default all vertices with a margin.
        size: The longer side of the figure in inches.

    Raises:
        InvalidInputError: for another argument or number of variables, or an empty window.
        TropnetError: if matplotlib is not installed.
    """
    X = f if isinstance(f, WeightedComplex) else break_locus(f)
    if X.ambient_dim != 2:
        raise InvalidInputError(f"plot_bends: R^{X.ambient_dim}; branches are drawn in the plane")
    given = None if window is None else Window.of(window, 2)
    bound = depth_lower_bound(f)
    bends = bound.bends
    cells = [facet.polyhedron for facet in bends.complex.facets]
    cells += [star.cell for star in bends.stars]
    shown = given or Window.around(reference_points(cells), 2)
    figure = matplotlib_figure(min(size, size / shown.ratio), min(size, size * shown.ratio))
    axes = figure.add_subplot()
    colours = spread(max(len(bends.branches), 1))
    # All lines have one width: colour tells the branch, not the weight.
    draw_curve(
        axes,
        [
            Piece(facet.polyhedron, Fraction(1), colours[branch.number])
            for facet, branch in zip(bends.complex.facets, bends.branch_of, strict=True)
        ],
        shown,
    )
    _mark(axes, bends, shown, colours)
    kind = "no transversal representation" if bound.obstruction else "hidden layers"
    axes.set_title(f"{kind} ≥ {bound.value}" if not bound.obstruction else kind, fontsize=10)
    figure.set_layout_engine("constrained")
    return figure


def _mark(axes: Axes, bends: BendGraph, window: Window, colours: Sequence[Colour]) -> None:
    """A dot in the colour of the branch that bends, at each bend inside the window."""
    for number, (star, reading) in enumerate(zip(bends.stars, bends.readings, strict=True)):
        if reading.pattern is Pattern.BEND and window.polyhedron.contains(star.cell.vertices[0]):
            x, y = star.cell.vertices[0]
            shade = colours[bends.neurons_at(number)[0].number]
            axes.plot(
                float(x), float(y), "o", color=shade, markersize=7, markeredgecolor=INK,
                markeredgewidth=0.8, gid="bend", zorder=6,
            )  # fmt: skip
    labels = [
        (deeper.number, f"branch {deeper.number} bends at {', '.join(map(str, targets))}")
        for deeper in bends.branches
        if (targets := sorted(other.number for other in bends.graph.successors(deeper)))
    ]
    if labels:
        from matplotlib.lines import Line2D

        axes.legend(
            handles=[Line2D([], [], color=colours[n], label=text) for n, text in labels[:_LISTED]],
            loc="best",
            fontsize=7,
        )
