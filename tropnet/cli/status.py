"""What the command line ends with, and its one line on trouble."""

from __future__ import annotations

import click

EQUAL, DIFFERENT, TROUBLE, INTERRUPTED = 0, 1, 2, 130


def trouble(message: str, status: int = TROUBLE) -> int:
    """Print one line on standard error; returns the status to end with."""
    line = " ".join(message.split())
    click.echo(f"tropnet: {line}", err=True)
    return status
