"""Drawing tropical curves, and in one variable break points with the graph, into given axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tropnet.exact import Vector
from tropnet.piecewise.facet import Weight, format_weight
from tropnet.piecewise.function_like import PiecewiseLinear, values
from tropnet.plots.style import INK, PALE, Colour, weight_width
from tropnet.plots.window import Window
from tropnet.polyhedra import Polyhedron

if TYPE_CHECKING:
    from matplotlib.axes import Axes


_LONGEST_LABEL = 12


class Piece(NamedTuple):
    """What is drawn of a facet.

    Attributes:
        polyhedron: The set.
        weight: Its weight; weights other than 1 are written beside it, if their text is short.
        colour: Of the line.
        unit: The weight that is drawn as thick as weight 1 by default.
    """

    polyhedron: Polyhedron
    weight: Weight
    colour: Colour
    unit: Fraction = Fraction(1)


def reference_points(polyhedra: Iterable[Polyhedron]) -> list[Vector]:
    """All vertices, and a point of each line."""
    return sorted({vertex for polyhedron in polyhedra for vertex in polyhedron.vertices})


def corners(polyhedra: Iterable[Polyhedron]) -> list[Vector]:
    """All vertices."""
    return reference_points(polyhedron for polyhedron in polyhedra if not polyhedron.lines)


def draw_curve(
    axes: Axes,
    pieces: Sequence[Piece],
    window: Window,
    dots: dict[Vector, Colour] | None = None,
) -> None:
    """One-dimensional facets in the plane, clipped, and their end points as dots.

    Args:
        axes: Where to draw.
        pieces: The facets.
        window: The part of the plane to show.
        dots: The colours of vertices, if they are not all the same.
    """
    for piece in pieces:
        ends = window.clip(piece.polyhedron)
        if not ends:
            continue
        xs, ys = zip(*[(float(x), float(y)) for x, y in ends], strict=True)
        axes.plot(
            xs,
            ys,
            color=piece.colour,
            linewidth=weight_width(piece.weight, piece.unit),
            solid_capstyle="round",
            gid="facet",
            zorder=2,
        )
        label = format_weight(piece.weight)
        if piece.weight != 1 and len(label) <= _LONGEST_LABEL:
            write(axes, sum(xs) / 2, sum(ys) / 2, label, piece.colour)
    for vertex in corners(piece.polyhedron for piece in pieces):
        if all(low <= x <= high for x, (low, high) in zip(vertex, window.intervals, strict=True)):
            shade = (dots or {}).get(vertex, INK)
            axes.plot(
                float(vertex[0]), float(vertex[1]), "o", color=shade, markersize=5,
                markeredgecolor=INK, markeredgewidth=0.6, gid="vertex", zorder=4,
            )  # fmt: skip
    if not pieces:
        note(axes, "empty: the function is affine")
    _show(axes, window)
    axes.set_aspect("equal")


def draw_breaks(
    axes: Axes,
    pieces: Sequence[Piece],
    window: Window,
    function: PiecewiseLinear | None = None,
) -> None:
    """Break points on a line, on the graph of the function if it is given.

    Args:
        axes: Where to draw.
        pieces: Points of R^1.
        window: The interval to show.
        function: Scalar, in one variable.
    """
    (left, right) = window.intervals[0]
    points = [(piece.polyhedron.vertices[0][0], piece) for piece in pieces]
    inside = [(x, piece) for x, piece in points if left <= x <= right]
    stops = [left, *sorted(x for x, _ in inside), right]
    heights = [values(function, (x,))[0] if function else Fraction(0) for x in stops]
    axes.plot(
        [float(x) for x in stops],
        [float(y) for y in heights],
        color=INK,
        linewidth=1.5,
        gid="graph",
        zorder=2,
    )
    for x, piece in inside:
        y = float(values(function, (x,))[0]) if function else 0.0
        axes.plot(float(x), y, "o", color=piece.colour, markersize=7, gid="vertex", zorder=4)
        if piece.weight != 1:
            axes.annotate(
                format_weight(piece.weight), (float(x), y), (0, 9), textcoords="offset points",
                ha="center", fontsize=9, color=piece.colour,
            )  # fmt: skip
        if function:
            axes.axvline(float(x), color=PALE, linewidth=0.8, linestyle=":", zorder=1)
    if not pieces:
        note(axes, "no break: the function is affine")
    axes.set_xlim(*window.floats[0])
    axes.set_xlabel("x")
    if function is None:
        axes.set_yticks([])
    axes.grid(visible=False)


def write(axes: Axes, x: float, y: float, text: str, shade: Colour) -> None:
    """A label on a line."""
    axes.text(
        x, y, text, color=shade, fontsize=9, ha="center", va="center", clip_on=True, zorder=5,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
    )  # fmt: skip


def note(axes: Axes, text: str) -> None:
    """A remark at the top of an otherwise empty picture."""
    axes.text(
        0.5, 0.94, text, transform=axes.transAxes, ha="center", va="top", fontsize=10,
        color=INK, style="italic",
    )  # fmt: skip


def _show(axes: Axes, window: Window) -> None:
    axes.set_xlim(*window.floats[0])
    axes.set_ylim(*window.floats[1])
    axes.set_xlabel("x")
    axes.set_ylabel("y", rotation=0, labelpad=8)
