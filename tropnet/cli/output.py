"""Exact numbers as JSON."""

from __future__ import annotations

import json
from typing import Any

import click

from tropnet.exact import Vector, format_fraction


def texts(vector: Vector) -> list[str]:
    """Exact numbers as texts."""
    return [format_fraction(entry) for entry in vector]


def print_json(data: Any) -> None:
    """Print one line of JSON."""
    click.echo(json.dumps(data))
