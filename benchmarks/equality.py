"""Deciding f = g: tropnet beside z3 on the pairs of networks with a known answer."""

from __future__ import annotations

import statistics
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Measurement, measure
from benchmarks.questions import question
from benchmarks.table import Table, ratio, seconds
from generators.identities import IDENTITIES
from generators.pairs import pair_files


def compare_pairs(
    shared: Path, repeats: int, families: list[str], architectures: list[str], limit: int
) -> None:
    """Print one line a pair and, by architecture, the medians over its equal pairs."""
    table = _table("the pairs of the folder shared/pairs")
    for architecture in architectures:
        equal: list[tuple[Measurement, Measurement]] = []
        for family in families:
            for path in pair_files(family, architecture, shared):
                name = f"{architecture} {family}"
                runs = _compare(table, name, str(path), repeats, limit)
                if question(str(path)).equal:
                    equal.append(runs)
        if len(equal) > 1:
            ours, theirs = (_median([run[side] for run in equal]) for side in (0, 1))
            table.row(_cells(f"{architecture} median", True, ours, theirs))


def compare_identities(repeats: int, architectures: list[str], limit: int) -> None:
    """Print one line for each side of each identity, equal and with a low bump."""
    table = _table("identities such as max(a, max(b, c)) = max(max(a, b), c) in random networks")
    for architecture in architectures:
        for identity in IDENTITIES:
            for suffix in ("", ":bump"):
                name = f"{identity}:{architecture}{suffix}"
                _compare(table, name, name, repeats, limit)


def _table(what: str) -> Table:
    z3 = f"z3 {version('z3-solver')} (QF_LRA)"
    return Table(
        f"decide_equality beside {z3} on {what},\nCPU seconds in the process and with start-up",
        ["pair", "equal", "decided by", "tropnet", "z3", "ratio", "with start-up", "z3"],
        [28, 6, 10, 8, 8, 8, 14, 8],
    )


def _compare(
    table: Table, name: str, key: str, repeats: int, limit: int
) -> tuple[Measurement, Measurement]:
    ours = measure("equality-tropnet", key, repeats=repeats, limit=limit)
    theirs = measure("equality-z3", key, repeats=repeats, limit=limit)
    equal = question(key).equal
    table.row(_cells(name, equal, ours, theirs))
    for who, result in (("tropnet", ours), ("z3", theirs)):
        if not result.limited and result.answer["equal"] is not equal:
            raise SystemExit(f"{name}: {who} gives the wrong answer")
    return ours, theirs


def _cells(name: str, equal: bool, ours: Measurement, theirs: Measurement) -> list[str]:
    return [
        name,
        "yes" if equal else "no",
        "-" if ours.answer is None else ours.answer["method"],
        _shown(ours, ours.seconds),
        _shown(theirs, theirs.seconds),
        "-" if ours.limited else ratio(ours.seconds, theirs.seconds, theirs.limited),
        _shown(ours, ours.total_seconds),
        _shown(theirs, theirs.total_seconds),
    ]


def _shown(result: Measurement, value: float) -> str:
    return f">{seconds(value)}" if result.limited else seconds(value)


def _median(runs: list[Measurement]) -> Measurement:
    return Measurement(
        None,
        statistics.median(run.seconds for run in runs),
        statistics.median(run.total_seconds for run in runs),
        max(run.peak_megabytes for run in runs),
        any(run.limited for run in runs),
    )
