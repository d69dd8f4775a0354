"""Pictures of weighted complexes: tropical curves, break loci, surfaces and break points."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector
from tropnet.piecewise import WeightedComplex, break_locus
from tropnet.piecewise.facet import Weight, format_weight
from tropnet.piecewise.function_like import FunctionLike, PiecewiseLinear, function_like
from tropnet.plots.curve import Piece, draw_breaks, draw_curve, reference_points
from tropnet.plots.libraries import matplotlib_figure
from tropnet.plots.polygons import ring
from tropnet.plots.scene import Figure3D, Patch, draw_scene
from tropnet.plots.style import NEGATIVE, POSITIVE, colour, weight_colour, weight_size
from tropnet.plots.window import Window
from tropnet.tropical import TropicalPolynomial

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_hypersurface(
    X: WeightedComplex | TropicalPolynomial,
    window: Sequence[Number] | None = None,
    *,
    library: str | None = None,
    size: float = 5.0,
) -> Any:
    """A weighted complex, or the hypersurface of a polynomial, in one, two or three variables.

    In the plane the facets are segments, rays and lines, cut off at the window exactly; width and
    label show the weight (a facet without label has weight 1) and negative weights are red.  In
    space the facets are polygons coloured by weight.  In one variable the break points are marked,
    on the graph of the function if a polynomial is given.

    Args:
        X: In R^1, R^2 or R^3.
        window: (x_min, x_max, …), what to show; by default all vertices with a margin.
        library: For R^3, "plotly" or "matplotlib"; by default plotly where it is installed.
        size: The longer side of a matplotlib figure in inches.

    Returns:
        A matplotlib figure; in R^3 a plotly figure where plotly is installed.

    Raises:
        InvalidInputError: for another argument or dimension, or an empty window.
        TropnetError: if the library is not installed.
    """
    function = X if isinstance(X, TropicalPolynomial) else None
    if not isinstance(X, (TropicalPolynomial, WeightedComplex)):
        raise InvalidInputError(
            "plot_hypersurface: expected a WeightedComplex or a TropicalPolynomial, "
            f"got {type(X).__name__}"
        )
    complex_ = X.hypersurface() if isinstance(X, TropicalPolynomial) else X
    return _picture(complex_, function, Fraction(1), window, library, size)


def plot_break_locus(
    f: FunctionLike,
    window: Sequence[Number] | None = None,
    *,
    library: str | None = None,
    size: float = 5.0,
) -> Any:
    """Where a piecewise linear function of one, two or three variables breaks, with its weights.

    As `plot_hypersurface` of `break_locus(f)`: colour shows the sign (red is concave), width the
    weight beside the largest one, and short weights are written.  In one variable a scalar function
    is drawn with its break points.

    Args:
        f: A function-like.
        window: (x_min, x_max, …), what to show; by default all vertices with a margin.
        library: For three variables, "plotly" or "matplotlib"; by default plotly where it is
            installed.
        size: The longer side of a matplotlib figure in inches.

    Returns:
        A matplotlib figure; for three variables a plotly figure where plotly is installed.

    Raises:
        InvalidInputError: for another argument or number of variables, or an empty window.
        TropnetError: if the library is not installed.
    """
    function = function_like(f, "f")
    if function.input_width > 3:
        raise InvalidInputError(
            f"plot_break_locus: a function of {function.input_width} variables; pictures are of "
            "one, two and three"
        )
    graph = function if function.output_width == 1 else None
    locus = break_locus(function)
    largest = max((weight_size(facet.weight) for facet in locus.facets), default=Fraction(1))
    return _picture(locus, graph, largest / 8, window, library, size)


def _picture(
    X: WeightedComplex,
    function: PiecewiseLinear | None,
    unit: Fraction,
    window: Sequence[Number] | None,
    library: str | None,
    size: float,
) -> Any:
    n = X.ambient_dim
    if n > 3:
        raise InvalidInputError(f"plot_hypersurface: R^{n}; pictures are of R^1, R^2 and R^3")
    given = None if window is None else Window.of(window, n)
    shown = given or Window.around(reference_points(f.polyhedron for f in X.facets), n)
    if n == 3:
        return _surface(X, shown, library, size)
    pieces = [Piece(f.polyhedron, f.weight, weight_colour(f.weight), unit) for f in X.facets]
    if n == 2:
        figure = matplotlib_figure(min(size, size / shown.ratio), min(size, size * shown.ratio))
        axes = figure.add_subplot()
        draw_curve(axes, pieces, shown)
    else:
        figure = matplotlib_figure(size, 0.75 * size if function else 0.3 * size)
        axes = figure.add_subplot()
        draw_breaks(axes, pieces, shown, function)
    if any(piece.colour == NEGATIVE for piece in pieces):
        _explain_signs(axes)
    figure.set_layout_engine("constrained")
    return figure


def _explain_signs(axes: Axes) -> None:
    from matplotlib.lines import Line2D

    signs = [("weight > 0", POSITIVE), ("weight < 0", NEGATIVE)]
    axes.legend(
        handles=[Line2D([], [], color=shade, label=text) for text, shade in signs],
        loc="best",
        fontsize=8,
    )


def _surface(
    complex_: WeightedComplex, window: Window, library: str | None, size: float
) -> Figure3D:
    """The two-dimensional facets, one patch for each weight."""
    rings: dict[Weight, list[tuple[Vector, ...]]] = {}
    for facet in complex_.facets:
        vertices = window.clip(facet.polyhedron)
        if vertices:
            # The plane does not contain a direction in which its normal does not vanish.
            drop = next(i for i, entry in enumerate(facet.normal) if entry)
            rings.setdefault(facet.weight, []).append(ring(vertices, drop))
    patches = [
        Patch(f"weight {format_weight(weight)}", colour(number + 1), rings[weight])
        for number, weight in enumerate(sorted(rings, key=_weight_key))
    ]
    return draw_scene(
        patches,
        window,
        library=library,
        legend=True,
        opacity=0.7,
        cube=False,
        size=size,
        remark="" if complex_.facets else "empty: the function is affine",
    )


def _weight_key(weight: Weight) -> Vector:
    return weight if isinstance(weight, tuple) else (weight,)
