"""Networks from files and standard input, and text files."""

from __future__ import annotations

import sys
from pathlib import Path

from tropnet.errors import InvalidInputError
from tropnet.io import load_with_notes, loads_json
from tropnet.networks.network import ReLUNetwork


def read_network(path: str, **reading: bool) -> ReLUNetwork:
    """The network in a file, or for "-" on standard input."""
    return read_network_with_notes(path, **reading)[0]


def read_network_with_notes(path: str, **reading: bool) -> tuple[ReLUNetwork, tuple[str, ...]]:
    """The network in a file or on standard input, and what its reader has to say about it."""
    if path == "-":
        try:
            if sys.stdin is None:
                raise InvalidInputError("it is closed")
            return loads_json(sys.stdin.buffer.read()), ()
        except (OSError, InvalidInputError) as error:
            raise InvalidInputError(f"standard input: {error}") from None
    return load_with_notes(path, **reading)


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot write ({error.strerror})") from None
