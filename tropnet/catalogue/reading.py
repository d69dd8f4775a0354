"""Entries of the catalogue as JSON."""

from __future__ import annotations

import json
from typing import Any

from tropnet.catalogue.entry import CatalogueEntry
from tropnet.certificates.dimension import Direction, Entry
from tropnet.errors import InvalidInputError
from tropnet.exact import format_fraction, to_fraction
from tropnet.io import object_from_json, object_to_json

_FORMAT = "tropnet/catalogue-entry"
_VERSION = 1
_TEXTS = ("name", "title", "about", "found_by")
_OBJECTS = ("network", "partner", "equality", "inequivalence", "minimality")
_KEYS = {"format", "version", *_TEXTS, *_OBJECTS, "direction"}


def entry_to_json(entry: CatalogueEntry) -> str:
    """An entry as JSON text, one line for each of its parts; every number in it is exact."""
    parts: dict[str, Any] = {"format": _FORMAT, "version": _VERSION}
    parts |= {name: getattr(entry, name) for name in _TEXTS}
    parts |= {name: json.loads(object_to_json(getattr(entry, name))) for name in _OBJECTS}
    parts["direction"] = [[*place, format_fraction(value)] for *place, value in entry.direction]
    lines = (f"{json.dumps(key)}: {json.dumps(value)}" for key, value in parts.items())
    return "{" + ",\n".join(lines) + "}\n"


def entry_from_json(text: str) -> CatalogueEntry:
    """The entry that JSON text describes.

    Raises:
        InvalidInputError: if it is no entry.
        CertificateError: if a proof in it is malformed.

    Guarantees:
        What its proofs are worth is `CatalogueEntry.check`'s business.
    """
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"catalogue entry: not JSON ({error})") from None
    if not isinstance(parts, dict) or parts.get("format") != _FORMAT:
        raise InvalidInputError(f"catalogue entry: the format is not {_FORMAT!r}")
    if parts.get("version") != _VERSION:
        raise InvalidInputError(f"catalogue entry: the version is not {_VERSION}")
    if set(parts) != _KEYS:
        raise InvalidInputError(f"catalogue entry: expected the keys {', '.join(sorted(_KEYS))}")
    fields: dict[str, Any] = {name: str(parts[name]) for name in _TEXTS}
    fields |= {name: object_from_json(json.dumps(parts[name])) for name in _OBJECTS}
    return CatalogueEntry(**fields, direction=_direction(parts["direction"]))


def _direction(entries: Any) -> Direction:
    try:
        return tuple(
            Entry(layer, neuron, source, to_fraction(value))
            for layer, neuron, source, value in entries
        )
    except (TypeError, ValueError):
        raise InvalidInputError("catalogue entry: a direction is no list of quadruples") from None
