"""Pictures of Newton polygons and of the duality with tropical curves."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, format_fraction
from tropnet.plots.curve import (
    Piece,
    corners,
    draw_breaks,
    draw_curve,
    reference_points,
    write,
)
from tropnet.plots.libraries import matplotlib_figure
from tropnet.plots.polygons import ring
from tropnet.plots.style import INK, PALE, Colour, colour, light, spread, weight_width
from tropnet.plots.window import Window
from tropnet.polyhedra import Polyhedron
from tropnet.tropical import TropicalPolynomial
from tropnet.tropical.epigraph import Epigraph
from tropnet.tropical.hypersurface import lattice_length

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
    dual = _dual_subdivision(p, "plot_newton_polygon")
    figure = matplotlib_figure(size, size if p.variables == 2 else 0.4 * size)
    axes = figure.add_subplot()
    _draw_newton(axes, dual, [INK] * len(dual.edges), [PALE] * len(dual.cells))
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
    dual = _dual_subdivision(p, "plot_duality")
    given = None if window is None else Window.of(window, p.variables)
    shown = given or Window.around(
        reference_points(edge.polyhedron for edge in dual.edges), p.variables
    )
    lines = spread(len(dual.edges))
    fills = [colour(number) for number in range(len(dual.cells))]
    pieces = [
        Piece(edge.polyhedron, edge.length, shade)
        for edge, shade in zip(dual.edges, lines, strict=True)
    ]
    figure = matplotlib_figure(size, 0.5 * size)
    left, right = figure.subplots(1, 2)
    if p.variables == 1:
        draw_breaks(left, pieces, shown, p)
    else:
        dots = {cell.vertex: shade for cell, shade in zip(dual.cells, fills, strict=True)}
        draw_curve(left, pieces, shown, dots)
    _draw_newton(right, dual, lines, fills)
    left.set_title("curve" if p.variables == 2 else "function", fontsize=10)
    right.set_title("dual subdivision", fontsize=10)
    figure.set_layout_engine("constrained")
    return figure


class _Edge(NamedTuple):
    """An edge of the subdivision and the facet of the curve dual to it."""

    ends: tuple[Vector, Vector]
    length: Fraction
    polyhedron: Polyhedron


class _Cell(NamedTuple):
    """A polygon of the subdivision and the vertex of the curve dual to it."""

    corners: tuple[Vector, ...]
    vertex: Vector


class _Dual(NamedTuple):
    polynomial: TropicalPolynomial
    edges: list[_Edge]
    cells: list[_Cell]


def _dual_subdivision(p: TropicalPolynomial, where: str) -> _Dual:
    """The subdivision by duality: edges from the facets of the curve, polygons from its vertices.

    Raises:
        InvalidInputError: for another argument, or more than two variables.
    """
    if not isinstance(p, TropicalPolynomial):
        raise InvalidInputError(f"{where}: expected a TropicalPolynomial, got {type(p).__name__}")
    if p.variables > 2:
        raise InvalidInputError(
            f"{where}: a polynomial in {p.variables} variables; it needs one or two"
        )
    q = p.essential()
    edges = []
    for border in Epigraph(q).borders():
        first, second = q.exponents[border.first], q.exponents[border.second]
        difference = tuple(b - a for a, b in zip(first, second, strict=True))
        edges.append(_Edge((first, second), lattice_length(difference), border.polyhedron))
    cells = []
    if p.variables == 2:
        for vertex in corners(edge.polyhedron for edge in edges):
            values = [
                c + sum(e * x for e, x in zip(a, vertex, strict=True))
                for a, c in zip(q.exponents, q.coefficients, strict=True)
            ]
            active = [a for a, v in zip(q.exponents, values, strict=True) if v == max(values)]
            cells.append(_Cell(ring(active), vertex))
    return _Dual(p, edges, cells)


def _draw_newton(axes: Axes, dual: _Dual, lines: Sequence[Colour], fills: Sequence[Colour]) -> None:
    for cell, shade in zip(dual.cells, fills, strict=True):
        xs, ys = zip(*map(_point, cell.corners), strict=True)
        axes.fill(xs, ys, facecolor=light(shade), edgecolor="none", zorder=1, gid="cell")
    for edge, shade in zip(dual.edges, lines, strict=True):
        xs, ys = zip(*map(_point, edge.ends), strict=True)
        width = weight_width(edge.length)
        axes.plot(
            xs, ys, color=shade, linewidth=width, solid_capstyle="round", gid="edge", zorder=3
        )
        if edge.length != 1:
            write(axes, sum(xs) / 2, sum(ys) / 2, format_fraction(edge.length), shade)
    essential = set(dual.polynomial.essential().exponents)
    for exponent in dual.polynomial.exponents:
        filled = exponent in essential
        axes.plot(
            *_point(exponent), "o", color=INK if filled else "white", markeredgecolor=INK,
            markersize=6, zorder=6, clip_on=False,
            gid="essential exponent" if filled else "other exponent",
        )  # fmt: skip
    _frame(axes, dual.polynomial)


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
