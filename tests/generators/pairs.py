"""The pairs of networks with a known answer in ``../shared/pairs``, where that folder exists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tropnet import ReLUNetwork

SHARED = Path(__file__).resolve().parents[3] / "shared"
"""The folder ``shared`` beside the checkout; tests that need it skip where it is absent."""


class Pair(NamedTuple):
    """Two networks and whether they are equal functions; a witness where they are not."""

    name: str
    family: str
    architecture: str
    f: ReLUNetwork
    g: ReLUNetwork
    equal: bool
    witness: tuple[str, ...] | None


def pair_files(family: str = "*", architecture: str = "*", shared: Path = SHARED) -> list[Path]:
    """The files of a family (a, b, c, d, e, f, fi, fs or g) and architecture, or of all."""
    return sorted((shared / "pairs").glob(f"{architecture}_{family}_*.json"))


def load_pair(path: Path) -> Pair:
    """One pair; read without tropnet's own reader, which it may serve to test."""
    data = json.loads(path.read_text(encoding="utf-8"))
    f, g = (
        ReLUNetwork((layer["weight"], layer["bias"]) for layer in data[name]["layers"])
        for name in ("f", "g")
    )
    witness = None if data["witness"] is None else tuple(data["witness"])
    return Pair(path.stem, data["family"], data["architecture"], f, g, bool(data["equal"]), witness)


def shared_pairs(family: str = "*", architecture: str = "*") -> Iterator[Pair]:
    """The pairs of `pair_files`."""
    return map(load_pair, pair_files(family, architecture))
