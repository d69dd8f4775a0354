"""`tropnet explore`: a page to explore a network in the browser."""

from __future__ import annotations

from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click

from tropnet.cli.files import read_network, write_text
from tropnet.cli.options import reading_options
from tropnet.cli.progress import shown_clock
from tropnet.errors import InvalidInputError, TropnetError
from tropnet.exact import Vector, to_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.plots.explorer import coordinate_slice, explorer_page
from tropnet.tropical.printing import variable_names


def _axes(_context: Any, _option: Any, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    try:
        first, second = (int(part) for part in text.split(","))
    except ValueError:
        raise click.BadParameter("expected two inputs, counted from 0, like 0,2") from None
    return first, second


def _values(_context: Any, _option: Any, text: str | None) -> Vector:
    if text is None:
        return ()
    try:
        return to_vector(text.split(","), "at")
    except InvalidInputError:
        raise click.BadParameter("expected a number for each input, like 0,0,1/2") from None


@click.command()
@click.argument("net")
@click.argument("other", required=False)
@click.option(
    "-o",
    "--output",
    metavar="FILE.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the page; default: the name of NET with .html.",
)
@click.option(
    "--slice",
    "axes",
    callback=_axes,
    metavar="I,J",
    help="For more than two inputs: the two that vary, counted from 0.",
)
@click.option(
    "--at",
    callback=_values,
    metavar="X0,X1,...",
    help="The values of all inputs; those of the two that vary do not matter.  Default 0.",
)
@click.option("--serve", metavar="PORT", type=int, help="Serve the page on this machine instead.")
@click.option(
    "--seconds", type=float, default=5.0, help="How long to try to prove each fact; default 5."
)
@reading_options
def explore(
    net: str,
    other: str | None,
    output: Path | None,
    axes: tuple[int, int] | None,
    at: Vector,
    serve: int | None,
    seconds: float,
    **reading: bool,
) -> int:
    """Write a page to explore a network with two inputs, alone or beside an OTHER one.

    The page works without a network, from the file.

    Example: tropnet explore A.onnx B.onnx --slice 0,2 --at 0,0,1 -o A.html
    """
    paths = [net] if other is None else [net, other]
    networks = [_planar(read_network(path, **reading), path, axes, at) for path in paths]
    names = [Path(path).name for path in paths]
    inputs = variable_names(2)
    if axes is not None:
        inputs = (f"x{axes[0]}", f"x{axes[1]}")
    with shown_clock("regions and facts"):
        page = explorer_page(*networks, names=names, axes=inputs, seconds=seconds)
    if serve is not None:
        return _serve(page, serve)
    target = output or Path(Path(net).stem + ".html" if net != "-" else "network.html")
    write_text(target, page)
    click.echo(str(target))
    return 0


def _planar(
    network: ReLUNetwork, path: str, axes: tuple[int, int] | None, at: Vector
) -> ReLUNetwork:
    if axes is not None:
        return coordinate_slice(network, axes, at)
    if network.input_width != 2:
        raise InvalidInputError(
            f"{path}: {network.input_width} inputs; choose two that vary with --slice I,J"
            if network.input_width > 2
            else f"{path}: one input; the explorer needs two (tropnet plot draws this one)"
        )
    return network


class _Page(BaseHTTPRequestHandler):
    """Answers every request with the page."""

    def __init__(self, page: bytes, *arguments: Any) -> None:
        self._page = page
        super().__init__(*arguments)

    def do_GET(self) -> None:
        """Send the page."""
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self._page)))
        self.end_headers()
        self.wfile.write(self._page)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def _serve(page: str, port: int) -> int:
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Page, page.encode()))
    except (OSError, OverflowError) as error:
        raise TropnetError(f"--serve: cannot listen on port {port} ({error})") from None
    with server:
        click.echo(f"http://127.0.0.1:{server.server_port}/  (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
    return 0
