"""Docstrings are written to be read in a terminal; here they become reStructuredText."""

from __future__ import annotations

import re
from typing import Any


def escape_docstring(
    _app: Any, _what: str, _name: str, _object: Any, _options: Any, lines: list[str]
) -> None:
    """Escape |x|, a* and the like, which mean something else in reStructuredText.

    Doctests stay as they are: they end with an empty line.
    """
    inside = False
    for number, line in enumerate(lines):
        inside = bool(line.strip()) and (inside or line.lstrip().startswith(">>>"))
        if not inside and not line.lstrip().startswith(".."):
            lines[number] = _escaped(line)


def _escaped(line: str) -> str:
    parts = re.split(r"(`[^`]*`)", line)
    for index in range(0, len(parts), 2):
        text = parts[index].replace("|", r"\|")
        text = re.sub(r"(?<=[\w)])\*(?=[\w(])", r"\\*", text) if "*" in text else text
        parts[index] = re.sub(r"(?<=\w)_(?=[\s,.;:)]|$)", r"\\_", text)
    return "".join(parts)
