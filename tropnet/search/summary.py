"""A journal in numbers."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from tropnet.search.journal import JournalContents


class ArchitectureSummary(NamedTuple):
    """What a search found for one architecture.

    Attributes:
        architecture: The widths.
        networks: How many networks were examined.
        undecided: How many of them the budget did not suffice for.
        failures: How many could not be examined.
        functions: How many different functions they are; None if that was not asked for.
        findings: How many findings there are; one that repeats a finding of an earlier shard does
            not count.
        found_functions: How many different functions the findings are.
    """

    architecture: tuple[int, ...]
    networks: int
    undecided: int
    failures: int
    functions: int | None
    findings: int
    found_functions: int


def summaries(contents: JournalContents) -> list[ArchitectureSummary]:
    """A line for each architecture of a journal, in the order of the search."""
    findings: dict[tuple[int, ...], int] = defaultdict(int)
    found: dict[tuple[int, ...], set[str]] = defaultdict(set)
    for line in contents.finding_lines():
        widths = tuple(line["architecture"])
        findings[widths] += 1
        found[widths].add(line["function"])
    rows = []
    for architecture in contents.run["architectures"]:
        widths = tuple(architecture)
        here = [line for line in contents.shards.values() if line["architecture"] == architecture]
        names = None
        if all(line["functions"] is not None for line in here):
            names = {name for line in here for name in line["functions"]}
        rows.append(
            ArchitectureSummary(
                widths,
                sum(line["networks"] for line in here),
                sum(line["undecided"] for line in here),
                sum(line["failures"] for line in here),
                None if names is None else len(names),
                findings[widths],
                len(found[widths]),
            )
        )
    return rows
