"""Entries of JSON objects: exact numbers as text, matrices and lists, read strictly.

Errors name the place.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from tropnet.errors import InvalidInputError
from tropnet.exact import format_fraction, to_fraction, to_matrix
from tropnet.io.formats import check_count
from tropnet.io.json_text import _kind, _NumberText, _shown

T = TypeVar("T")


def object_text(entries: dict[str, str]) -> str:
    """A JSON object from the texts of its values."""
    return "{" + ", ".join(f'"{key}": {text}' for key, text in entries.items()) + "}"


def vector_text(values: Any) -> str:
    """A JSON list of exact numbers."""
    return json.dumps([format_fraction(to_fraction(value)) for value in values])


def matrix_text(rows: Any) -> str:
    """A JSON list of lists of exact numbers."""
    return f"[{', '.join(map(vector_text, rows))}]"


def read_matrix(entries: dict[str, Any], key: str, where: str, width: int | None = None) -> Any:
    """A matrix of exact numbers, its rows of length `width` if one is given."""
    rows = read_list(entries, key, where)
    for i, row in enumerate(rows):
        if not isinstance(row, list):
            raise InvalidInputError(f"{where}{key}[{i}]: expected a list, got {_kind(row)}")
        if width is not None and len(row) != width:
            raise InvalidInputError(f"{where}{key}[{i}]: expected {width} numbers, got {len(row)}")
    return placed(where, lambda: to_matrix(rows, key))


def read_list(entries: dict[str, Any], key: str, where: str) -> list[Any]:
    """The list under a key."""
    value = entries[key]
    if not isinstance(value, list):
        raise InvalidInputError(f"{where}{key}: expected a list, got {_kind(value)}")
    return value


def read_object(value: Any, where: str) -> dict[str, Any]:
    """A value that must be a JSON object."""
    if not isinstance(value, dict):
        raise InvalidInputError(f"{where}: expected an object, got {_kind(value)}")
    return value


def read_ambient_dim(entries: dict[str, Any]) -> int:
    """The dimension under its key, of a size that its matrices can have."""
    value = entries["ambient_dim"]
    if not isinstance(value, _NumberText) or not value.isdigit():
        raise InvalidInputError(f'"ambient_dim": expected a natural number, got {_shown(value)}')
    check_count(int(value[:9]) ** 2, f'"ambient_dim": {_shown(value)}: a basis of the space')
    return int(value)


def placed(where: str, build: Callable[[], T]) -> T:
    """What `build` makes; its errors start with the place."""
    try:
        return build()
    except InvalidInputError as error:
        raise InvalidInputError(f"{where}{error}") from error
