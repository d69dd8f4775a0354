"""`tropnet convert`: a network in another format."""

from __future__ import annotations

from pathlib import Path

import click

from tropnet.cli.files import read_network
from tropnet.cli.options import (
    reading_options,
)
from tropnet.io import save


@click.command()
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@reading_options
def convert(source: str, target: Path, **reading: bool) -> int:
    """Write a network in another format, exactly or not at all.

    Example: tropnet convert A.onnx A.json
    """
    save(read_network(source, **reading), target)
    return 0
