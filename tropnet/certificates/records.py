"""How answers and certificates show themselves in a notebook."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from html import escape
from typing import Any, ClassVar

_LONGEST = 160


class Record:
    """A class that shows its attributes as a table; long ones by their size."""

    def _repr_html_(self) -> str:
        shown: Any = self
        names = [name for name in vars(self) if not name.startswith("_")]
        if is_dataclass(shown):
            names = [field.name for field in fields(shown) if field.repr]
        statement = getattr(self, "statement", None)
        rows = [("statement", str(statement))] if isinstance(statement, str) else []
        rows += [(name, _summary(getattr(self, name))) for name in names]
        return table(type(self).__name__, rows)


class Proof(Record):
    """A certificate: its `repr` says what it claims, and does not write out all data."""

    claim: ClassVar[str]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {getattr(self, 'statement', self.claim)}>"


def table(title: str, rows: list[tuple[str, str]]) -> str:
    """A table with a caption, as HTML."""
    body = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th>"
        f"<td style='text-align:left'>{escape(text)}</td></tr>"
        for name, text in rows
    )
    return f"<table><caption>{escape(title)}</caption><tbody>{body}</tbody></table>"


def _summary(value: Any) -> str:
    text = str(value.value) if isinstance(value, Enum) else repr(value)
    if len(text) <= _LONGEST:
        return text
    kind = type(value).__name__
    try:
        count = len(value)
    except TypeError:
        return f"{text[:_LONGEST]}…"
    return f"{kind} of {count} entr{'y' if count == 1 else 'ies'}"
