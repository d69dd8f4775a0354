"""Deciding f = g: tropnet beside z3 on the pairs of networks with a known answer."""

from __future__ import annotations

import statistics
from importlib.metadata import version
from pathlib import Path

from generators.pairs import load_pair, pair_files

from benchmarks.measure import Measurement, measure
from benchmarks.table import Table, ratio, seconds


def run(
    shared: Path, repeats: int, families: list[str], architectures: list[str], limit: int
) -> None:
    """Print one line a pair and, by architecture, the medians over its equal pairs."""
    table = Table(
        "decide_equality beside z3 "
        f"{version('z3-solver')} (QF_LRA), CPU seconds in the process and with start-up",
        ["pair", "equal", "tropnet", "z3", "ratio", "with start-up", "z3"],
        [18, 6, 8, 8, 8, 14, 8],
    )
    for architecture in architectures:
        equal: list[tuple[Measurement, Measurement]] = []
        for family in families:
            for path in pair_files(family, architecture, shared):
                pair = load_pair(path)
                ours = measure("equality-tropnet", str(path), repeats=repeats, limit=limit)
                theirs = measure("equality-z3", str(path), repeats=repeats, limit=limit)
                table.row(_cells(f"{architecture} {family}", pair.equal, ours, theirs))
                for name, result in (("tropnet", ours), ("z3", theirs)):
                    if not result.limited and result.answer is not pair.equal:
                        raise SystemExit(f"{path.stem}: {name} gives the wrong answer")
                if pair.equal:
                    equal.append((ours, theirs))
        if len(equal) > 1:
            ours, theirs = (_median([run[side] for run in equal]) for side in (0, 1))
            table.row(_cells(f"{architecture} median", True, ours, theirs))


def _cells(name: str, equal: bool, ours: Measurement, theirs: Measurement) -> list[str]:
    return [
        name,
        "yes" if equal else "no",
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
