"""`tropnet plot`: pictures of a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click

from tropnet.cli.files import read_network
from tropnet.cli.options import reading_options
from tropnet.cli.progress import shown_clock
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, to_vector
from tropnet.identifiability.fiber import fiber
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.tropicalization import tropicalize
from tropnet.plots import (
    plot_bend_graph,
    plot_bends,
    plot_break_locus,
    plot_duality,
    plot_fiber,
    plot_regions,
    plot_surface,
    write_figure,
)


class _Request(NamedTuple):
    """What a picture is to show: all that its vertices need, unless there is a window."""

    window: Vector | None
    library: str | None  # only plotly writes pictures in space that can be turned, and only .html


def _regions(net: ReLUNetwork, request: _Request) -> Any:
    return plot_regions(net, request.window or _SQUARE)


def _surface(net: ReLUNetwork, request: _Request) -> Any:
    return plot_surface(net, request.window or _SQUARE, library=request.library)


def _breaks(net: ReLUNetwork, request: _Request) -> Any:
    return plot_break_locus(net, request.window, library=request.library)


def _bends(net: ReLUNetwork, request: _Request) -> Any:
    return plot_bends(net, request.window)


def _bend_graph(net: ReLUNetwork, _request: _Request) -> Any:
    return plot_bend_graph(net)


def _fiber(net: ReLUNetwork, _request: _Request) -> Any:
    return plot_fiber(fiber(net))


def _part(which: str) -> Callable[[ReLUNetwork, _Request], Any]:
    def draw(net: ReLUNetwork, request: _Request) -> Any:
        found = tropicalize(net)
        if isinstance(found, tuple):
            raise InvalidInputError(f"{which}: the network has {len(found)} outputs; it needs one")
        function = found.reduce().essential()
        return plot_duality(getattr(function, which), request.window)

    return draw


_SQUARE = (-4, 4, -4, 4)
_PICTURES: dict[str, Callable[[ReLUNetwork, _Request], Any]] = {
    "regions": _regions,
    "surface": _surface,
    "breaks": _breaks,
    "bends": _bends,
    "bend-graph": _bend_graph,
    "fiber": _fiber,
    "numerator": _part("numerator"),
    "denominator": _part("denominator"),
}


def _window(_context: Any, _option: Any, text: str | None) -> Vector | None:
    if text is None:
        return None
    try:
        return to_vector(text.split(","), "window")
    except InvalidInputError:
        raise click.BadParameter("expected numbers like -4,4,-4,4") from None


@click.command()
@click.argument("net")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it: .svg, .png, .pdf or .html.",
)
@click.option(
    "--what",
    type=click.Choice(tuple(_PICTURES)),
    help="regions (coloured by affine piece; the default with two inputs), surface (the graph), "
    "breaks (the weighted break locus; the default otherwise), bends (which branches bend at "
    "which), bend-graph (the same as a graph), fiber (the neurons of all networks with this "
    "function), numerator and denominator (Newton polygon and dual tropical curve of g and h in "
    "f = g - h).",
)
@click.option(
    "--window",
    callback=_window,
    metavar="X0,X1,...",
    help="The part of space to show; --window=-4,4,-4,4.",
)
@reading_options
def plot(net: str, output: Path, what: str | None, window: Vector | None, **reading: bool) -> int:
    """Draw a network with one, two or three inputs.

    Example: tropnet plot A.onnx -o A.svg --what breaks --window=-2,2,-2,2
    """
    network = read_network(net, **reading)
    chosen = what or ("regions" if network.input_width == 2 else "breaks")
    library = None if output.suffix.lower() == ".html" else "matplotlib"
    with shown_clock(f"drawing {chosen}"):
        write_figure(_PICTURES[chosen](network, _Request(window, library)), output)
    click.echo(f"{output}: {chosen}")
    return 0
