"""Proved counterexamples, as data: found by searches of every kind (`search.kinds`).

>>> entry("triple-flip").title
'relu(x) + relu(y) + relu(-x - y) = relu(-x) + relu(-y) + relu(x + y)'
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from tropnet.catalogue.entry import CatalogueEntry
from tropnet.catalogue.reading import entry_from_json
from tropnet.errors import InvalidInputError

__all__ = ["CatalogueEntry", "entries", "entry", "names"]

_DATA = files(__name__) / "data"


def names() -> tuple[str, ...]:
    """The names of all entries, sorted."""
    files_ = (path.name for path in _DATA.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in files_ if name.endswith(".json")))


def entry(name: str) -> CatalogueEntry:
    """The entry with a name.

    Raises:
        InvalidInputError: if there is none.
    """
    if name not in names():
        raise InvalidInputError(f"name: the catalogue has no {name!r}; see names()")
    return entry_from_json((_DATA / f"{name}.json").read_text(encoding="utf-8"))


def entries() -> Iterator[CatalogueEntry]:
    """All entries, in the order of `names`."""
    return map(entry, names())
