"""Entries of the catalogue as JSON."""

from __future__ import annotations

import json
from typing import Any

from tropnet.catalogue.entry import CatalogueEntry
from tropnet.errors import InvalidInputError
from tropnet.search.finding import Finding

_FORMAT = "tropnet/catalogue-entry"
_VERSION = 2
_TEXTS = ("name", "title", "about", "found_by")
_KEYS = {"format", "version", *_TEXTS, "finding"}


def entry_to_json(entry: CatalogueEntry) -> str:
    """An entry as JSON text, one line for each of its parts; every number in it is exact."""
    parts: dict[str, Any] = {"format": _FORMAT, "version": _VERSION}
    parts |= {name: getattr(entry, name) for name in _TEXTS}
    lines = [_line(key, value) for key, value in parts.items()]
    finding = [_line(key, value) for key, value in entry.finding.data().items()]
    return "{" + ",\n".join([*lines, '"finding": {' + ",\n".join(finding)]) + "}}\n"


def _line(key: str, value: Any) -> str:
    return f"{json.dumps(key)}: {json.dumps(value)}"


def entry_from_json(text: str) -> CatalogueEntry:
    """The entry that JSON text describes.

    Raises:
        InvalidInputError: if it is no entry.
        CertificateError: if its finding, or a proof in it, is malformed.

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
    texts = {name: str(parts[name]) for name in _TEXTS}
    return CatalogueEntry(**texts, finding=Finding.from_data(parts["finding"]))
