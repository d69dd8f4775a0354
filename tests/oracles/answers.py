"""The files in which the answers of other systems are kept, each with what made it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
UNEXPLAINED = "unexplained"


class Answer(NamedTuple):
    """What a system says, and what is true by an independent computation.

    `stored` is kept in the file; `found` is the part of it that is compared with `truth`, field by
    field, and `note` explains where they differ.
    """

    name: str
    stored: Mapping[str, Any]
    found: Mapping[str, Any]
    truth: Mapping[str, Any]
    note: str = UNEXPLAINED


def write_answers(
    path: Path,
    questions: Path,
    version: str | None,
    meaning: Mapping[str, str],
    answers: Iterable[Answer],
) -> None:
    """Write a file named after its tool and say of each answer whether it is right.

    Args:
        path: TOOL_SUBJECT.json, beside the script TOOL_SUBJECT.py that makes it.
        questions: The file of what was asked.
        version: The version of the tool.
        meaning: What the fields of the answers are.
        answers: The answers.
    """
    tool, entries = _tool(path), []
    for name, stored, found, truth, note in answers:
        entry: dict[str, Any] = {"name": name, tool: stored}
        wrong = {key: value for key, value in truth.items() if found[key] != value}
        if wrong:
            entry |= {"truth": wrong, "note": note}
        entries.append(json.dumps(entry))
        sys.stdout.write(f"{name}: {'differs in ' + ', '.join(wrong) if wrong else 'agrees'}\n")
    head = json.dumps(
        {
            "tool": tool,
            "version": version,
            "made by": f"tests/oracles/{path.stem}.py",
            questions.stem: f"tests/oracles/{questions.name}",
            "meaning": meaning,
        },
        indent=1,
        ensure_ascii=False,
    )
    path.write_text(head[:-2] + ',\n"answers": [\n' + ",\n".join(entries) + "\n]}\n")


def read_answers(path: Path) -> dict[str, dict[str, Any]]:
    """The answers of a file, by name, corrected where they are known to be wrong."""
    entries = json.loads(path.read_text())["answers"]
    return {entry["name"]: entry[_tool(path)] | entry.get("truth", {}) for entry in entries}


def is_explained(path: Path) -> bool:
    """Whether there is a note wherever the tool is wrong."""
    entries = json.loads(path.read_text())["answers"]
    return all(entry.get("note") != UNEXPLAINED for entry in entries)


def _tool(path: Path) -> str:
    return path.stem.partition("_")[0]
