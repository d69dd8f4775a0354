"""Pictures of the graphs of functions of two variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions
from tropnet.networks.tropicalization import to_network
from tropnet.plots.polygons import ring
from tropnet.plots.scene import Figure3D, Patch, draw_scene
from tropnet.plots.style import colour
from tropnet.plots.window import Window
from tropnet.tropical import TropicalPolynomial, TropicalRational
from tropnet.tropical.printing import affine_text, variable_names

Function: TypeAlias = TropicalPolynomial | TropicalRational | ReLUNetwork
_Piece: TypeAlias = tuple[Vector, Fraction]


def plot_surface(
    f: Function,
    window: Sequence[Number] = (-4, 4, -4, 4),
    *,
    output: int = 0,
    library: str | None = None,
    size: float = 6.0,
) -> Figure3D:
    """The graph of a function of two variables, as exact polygons coloured by affine piece.

    A network is drawn over its activation regions, a rational function over those of `to_network`;
    their lines show borders of regions, also those that do not bend the function.

    Args:
        f: A tropical polynomial, a tropical rational function, or a network; two variables.
        window: (x_min, x_max, y_min, y_max), the part of the plane to draw it over.
        output: Which output of a network, counted from 0.
        library: "plotly" or "matplotlib"; by default plotly where it is installed.
        size: The width of a matplotlib figure in inches.

    Returns:
        A figure of plotly where it is installed, else of matplotlib.  The height has its own unit.

    Raises:
        InvalidInputError: for another argument, number of variables or output, or an empty window.
        TropnetError: if the library is not installed.
    """
    _check(f, output)
    shown = Window.of(window, 2)
    rings: dict[_Piece, list[tuple[Vector, ...]]] = {}
    regions = (
        _domains(f, shown)
        if isinstance(f, TropicalPolynomial)
        else _regions(f if isinstance(f, ReLUNetwork) else to_network(f), shown, output)
    )
    for (gradient, constant), vertices in regions:
        corners = tuple(
            (x, y, gradient[0] * x + gradient[1] * y + constant) for x, y in ring(vertices)
        )
        rings.setdefault((gradient, constant), []).append(corners)
    names = variable_names(2)
    patches = [
        Patch(affine_text(*piece, names), colour(number), rings[piece])
        for number, piece in enumerate(sorted(rings))
    ]
    heights = [corner[2] for patch in patches for polygon in patch.rings for corner in polygon]
    low, high = min(heights), max(heights)
    margin = (high - low) / 20 or Fraction(1)
    return draw_scene(
        patches,
        Window((*shown.intervals, (low - margin, high + margin))),
        library=library,
        legend=False,
        opacity=1.0,
        cube=True,
        size=size,
    )


def _check(f: object, output: int) -> None:
    if not isinstance(f, (TropicalPolynomial, TropicalRational, ReLUNetwork)):
        raise InvalidInputError(
            "plot_surface: expected a TropicalPolynomial, a TropicalRational or a ReLUNetwork, "
            f"got {type(f).__name__}"
        )
    inputs = f.input_width if isinstance(f, ReLUNetwork) else f.variables
    if inputs != 2:
        raise InvalidInputError(
            f"plot_surface: a function of {inputs} variable{'s' if inputs != 1 else ''}; "
            "it needs two"
        )
    outputs = f.output_width if isinstance(f, ReLUNetwork) else 1
    if type(output) is not int or not 0 <= output < outputs:
        raise InvalidInputError(f"output: {output!r} is not a number from 0 to {outputs - 1}")


def _regions(
    net: ReLUNetwork, window: Window, output: int
) -> Iterator[tuple[_Piece, Sequence[Vector]]]:
    for region in activation_regions(net, window.polyhedron):
        yield (region.gradient[output], region.constant[output]), region.vertices


def _domains(p: TropicalPolynomial, window: Window) -> Iterator[tuple[_Piece, Sequence[Vector]]]:
    """Where each of the monomials is maximal, inside the window."""
    from tropnet.polyhedra import Polyhedron

    q = p.essential()
    for i, (a, c) in enumerate(zip(q.exponents, q.coefficients, strict=True)):
        others = [k for k in range(len(q)) if k != i]
        domain = Polyhedron.from_inequalities(
            [[y - x for x, y in zip(a, q.exponents[k], strict=True)] for k in others],
            [c - q.coefficients[k] for k in others],
            ambient_dim=2,
        )
        vertices = window.clip(domain)
        if vertices:
            yield (a, c), vertices
