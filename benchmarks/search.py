"""How many networks a second the search examines, and what a second process brings."""

from __future__ import annotations

import statistics
import time

from benchmarks.measure import measure
from benchmarks.table import Table, seconds
from tropnet import search_counterexamples
from tropnet.search.processes import WorkerProcesses

KINDS = ("hidden_symmetry", "shallow_orbits")
ARCHITECTURES = ("2-4-1", "2-3-3-1")
_SHARD = 20


def run(repeats: int, limit: int) -> None:
    """Print the tables; networks have random integers from -2 to 2, and findings are proved."""
    table = Table(
        "search_counterexamples, networks per second of one core's CPU time",
        ["kind", "architecture", "networks", "findings", "networks/s", "MB"],
        [16, 12, 8, 8, 10, 6],
    )
    for kind in KINDS:
        for architecture in ARCHITECTURES:
            count = _NUMBERS[kind, architecture]
            ours = measure("search", kind, architecture, str(count), repeats=repeats, limit=limit)
            if ours.limited:
                table.row([kind, architecture, str(count), "", f">{limit} s", ""])
                continue
            table.row(
                [
                    kind,
                    architecture,
                    str(count),
                    str(ours.answer["findings"]),
                    f"{count / ours.seconds:.0f}",
                    f"{ours.peak_megabytes:.0f}",
                ]
            )
    _scaling(repeats)


# Enough networks for some seconds.
_NUMBERS = {
    ("hidden_symmetry", "2-4-1"): 300,
    ("hidden_symmetry", "2-3-3-1"): 150,
    ("shallow_orbits", "2-4-1"): 2000,
    ("shallow_orbits", "2-3-3-1"): 300,
}


def _scaling(repeats: int) -> None:
    """The time on the clock with one and two processes, taken in turn on the same networks."""
    table = Table(
        "The same on the clock, with one and two worker processes that are already running",
        ["kind", "architecture", "networks", "one: s", "two: s", "speed-up"],
        [16, 12, 8, 8, 8, 8],
    )
    with WorkerProcesses(1) as one, WorkerProcesses(2) as two:
        for executor in (one, two):
            search_counterexamples(KINDS[0], [(1, 1, 1)], 40, executor, shard_size=1)
        for kind in KINDS:
            for architecture in ARCHITECTURES:
                count = 2 * _NUMBERS[kind, architecture]
                times: dict[object, list[float]] = {one: [], two: []}
                for _ in range(repeats):
                    for executor in (one, two):
                        start = time.perf_counter()
                        search_counterexamples(
                            kind,
                            [tuple(map(int, architecture.split("-")))],
                            count,
                            executor,
                            shard_size=_SHARD,
                        )
                        times[executor].append(time.perf_counter() - start)
                single, double = (statistics.median(each) for each in times.values())
                table.row(
                    [
                        kind,
                        architecture,
                        str(count),
                        seconds(single),
                        seconds(double),
                        f"{single / double:.2f}x",
                    ]
                )
