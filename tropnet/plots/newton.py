"""Pictures of Newton polygons and of the duality with tropical curves."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from typing import TYPE_CHECKING

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, format_fraction
from tropnet.plots.curve import (
    Piece,
    draw_breaks,
    draw_curve,
    reference_points,
)
from tropnet.plots.libraries import matplotlib_figure
from tropnet.plots.polygons import ring
from tropnet.plots.style import INK, PALE, Colour, colour, light, spread, weight_width
from tropnet.plots.window import Window
from tropnet.tropical import TropicalPolynomial
from tropnet.tropical.regular_subdivision import (
    RegularSubdivision,
    SubdivisionCell,
    SubdivisionEdge,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# More lattice points than this in one direction are not drawn.
_LATTICE = 30


def plot_newton_polygon(p: TropicalPolynomial, *, size: float = 5.0) -> Figure:
    """The Newton polygon with its regular subdivision.

    Filled points are the exponents of essential monomials, hollow ones the others; an edge without
    label has lattice length 1.  In one variable the polygon is a segment.

    Args:
        p: A polynomial in one or two variables.
        size: The width of the figure in inches.

    Returns:
        A matplotlib figure.

    Raises:
        InvalidInputError: for another argument, or more variables.
        TropnetError: if matplotlib is not installed.
    """
    dual = _subdivision(p, "plot_newton_polygon")
    figure = matplotlib_figure(size, size if p.variables == 2 else 0.4 * size)
    axes = figure.add_subplot()
    _draw_newton(axes, dual, [INK] * len(dual.edges), [PALE] * len(_polygons(dual)))
    figure.set_layout_engine("constrained")
    return figure


def plot_duality(
    p: TropicalPolynomial, window: Sequence[Number] | None = None, *, size: float = 9.0
) -> Figure:
    """The tropical curve, and beside it the Newton polygon with the dual subdivision.

    A facet of the curve and the edge dual to it have the same colour, and so have a vertex and the
    cell dual to it.  In one variable: the graph with its break points, and the Newton segment.

    Args:
        p: A polynomial in one or two variables.
        window: (x_min, x_max, y_min, y_max) for the curve; by default all vertices with a margin.
        size: The width of the figure in inches.

    Returns:
        A matplotlib figure with two axes.

    Raises:
        InvalidInputError: for another argument, more variables, or an empty window.
        TropnetError: if matplotlib is not installed.

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, proposition 3.1.6.
    """
    dual = _subdivision(p, "plot_duality")
    given = None if window is None else Window.of(window, p.variables)
    shown = given or Window.around(
        reference_points(edge.cell.dual for edge in dual.edges), p.variables
    )
    lines = spread(len(dual.edges))
    fills = [colour(number) for number in range(len(_polygons(dual)))]
    pieces = [
        Piece(edge.cell.dual, edge.lattice_length, shade)
        for edge, shade in zip(dual.edges, lines, strict=True)
    ]
    figure = matplotlib_figure(size, 0.5 * size)
    left, right = figure.subplots(1, 2)
    if p.variables == 1:
        draw_breaks(left, pieces, shown, p)
    else:
        dots = {
            cell.dual.vertices[0]: shade for cell, shade in zip(_polygons(dual), fills, strict=True)
        }
        draw_curve(left, pieces, shown, dots)
    _draw_newton(right, dual, lines, fills)
    left.set_title("curve" if p.variables == 2 else "function", fontsize=10)
    right.set_title("dual subdivision", fontsize=10)
    figure.set_layout_engine("constrained")
    return figure


def _subdivision(p: TropicalPolynomial, where: str) -> RegularSubdivision:
    """The dual subdivision.

    Raises:
        InvalidInputError: for another argument, or more than two variables.
    """
    if not isinstance(p, TropicalPolynomial):
        raise InvalidInputError(f"{where}: expected a TropicalPolynomial, got {type(p).__name__}")
    if p.variables > 2:
        raise InvalidInputError(
            f"{where}: a polynomial in {p.variables} variables; it needs one or two"
        )
    return p.regular_subdivision()


def _polygons(dual: RegularSubdivision) -> Sequence[SubdivisionCell]:
    return dual.cells[2] if dual.dim == 2 else ()


def _draw_newton(
    axes: Axes, dual: RegularSubdivision, lines: Sequence[Colour], fills: Sequence[Colour]
) -> None:
    for cell, shade in zip(_polygons(dual), fills, strict=True):
        xs, ys = zip(*map(_point, ring(cell.exponents)), strict=True)
        axes.fill(xs, ys, facecolor=light(shade), edgecolor="none", zorder=1, gid="cell")
    points = [_point(exponent) for exponent in dual.polynomial.exponents]
    centre = tuple(sum(column) / len(points) for column in zip(*points, strict=True))
    for edge, shade in zip(dual.edges, lines, strict=True):
        xs, ys = zip(*map(_point, edge.ends), strict=True)
        width = weight_width(edge.lattice_length)
        axes.plot(
            xs, ys, color=shade, linewidth=width, solid_capstyle="round", gid="edge", zorder=3
        )
        if edge.lattice_length != 1:
            _write_beside(axes, edge, centre, shade)
    essential = {cell.exponents[0] for cell in dual.cells[0]}
    for exponent in dual.polynomial.exponents:
        filled = exponent in essential
        axes.plot(
            *_point(exponent), "o", color=INK if filled else "white", markeredgecolor=INK,
            markersize=6, zorder=6, clip_on=False,
            gid="essential exponent" if filled else "other exponent",
        )  # fmt: skip
    _frame(axes, dual.polynomial)


def _write_beside(
    axes: Axes, edge: SubdivisionEdge, centre: tuple[float, ...], shade: Colour
) -> None:
    """The lattice length, on the side away from the centre: exponents may lie on the edge."""
    (a, b), (c, d) = map(_point, edge.ends)
    middle = ((a + c) / 2, (b + d) / 2)
    normal = (b - d, c - a)
    outward = normal[0] * (middle[0] - centre[0]) + normal[1] * (middle[1] - centre[1])
    step = (9 if outward >= 0 else -9) / hypot(*normal)
    axes.annotate(
        format_fraction(edge.lattice_length), middle, (step * normal[0], step * normal[1]),
        textcoords="offset points", ha="center", va="center", fontsize=9, color=shade, zorder=5,
    )  # fmt: skip


def _frame(axes: Axes, p: TropicalPolynomial) -> None:
    """Limits with a margin, integer ticks, and the lattice if it is not too dense."""
    from matplotlib.ticker import MaxNLocator

    points = [_point(exponent) for exponent in p.exponents]
    bounds = [(min(column), max(column)) for column in zip(*points, strict=True)]
    extent = max(high - low for low, high in bounds)
    margin = max(0.12 * extent, 0.5 if extent >= 1 else 0.3 * extent or 1.0)
    (left, right), (low, high) = [(a - margin, b + margin) for a, b in bounds]
    if max(right - left, high - low) <= _LATTICE:
        lattice = [
            (x, y)
            for x in range(-int(-left // 1), int(right // 1) + 1)
            for y in (range(-int(-low // 1), int(high // 1) + 1) if p.variables == 2 else (0,))
        ]
        axes.plot(
            [x for x, _ in lattice], [y for _, y in lattice], ".", color=PALE, markersize=3,
            gid="lattice", zorder=2,
        )  # fmt: skip
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)
    axes.set_aspect("equal")
    whole = extent >= 1 or extent == 0
    axes.xaxis.set_major_locator(MaxNLocator(integer=whole, nbins=6))
    axes.yaxis.set_major_locator(MaxNLocator(integer=whole, nbins=6))
    axes.set_xlabel("exponent of x")
    if p.variables == 2:
        axes.set_ylabel("exponent of y")
    else:
        axes.set_yticks([])


def _point(exponent: Vector) -> tuple[float, float]:
    return float(exponent[0]), float(exponent[1]) if len(exponent) == 2 else 0.0
