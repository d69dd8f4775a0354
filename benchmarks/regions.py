"""Counting activation regions: CPU time and peak memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import Measurement, measure
from benchmarks.table import Table, seconds
from generators.networks import GAUSSIAN_REGION_COUNTS

FILES = {
    "single_pendulum.onnx": 1_280,
    "vcas1.onnx": 119_759,
}
"""Networks of the folder ``shared/networks`` and their known numbers of regions."""


def run(shared: Path, repeats: int, only: list[str] | None, stream: bool) -> None:
    """Print the table of counts; with `stream`, also the memory of walks through the regions."""
    _print_counts(shared, repeats, only)
    if stream:
        _print_memory(shared, only)


def _print_counts(shared: Path, repeats: int, only: list[str] | None) -> None:
    table = Table(
        "count_activation_regions, CPU seconds in the process",
        ["network", "regions", "known", "seconds", "regions/s", "peak MB"],
        [22, 8, 8, 8, 10, 8],
    )

    def add(name: str, known: int, result: Measurement) -> None:
        speed = "-" if result.limited else f"{result.answer / result.seconds:.0f}"
        count = "stopped" if result.limited else str(result.answer)
        peak = f"{result.peak_megabytes:.0f}"
        table.row([name, count, str(known), seconds(result.seconds), speed, peak])
        if not result.limited and result.answer != known:
            raise SystemExit(f"{name}: wrong count")

    for architecture, known in sorted(GAUSSIAN_REGION_COUNTS.items(), key=lambda item: item[1]):
        name = "-".join(map(str, architecture))
        if _wanted(name, only):
            add(name, known, measure("count-gaussian", name, repeats=repeats))
    for name, path, known in _files(shared, only):
        add(
            name, known, measure("count-file", str(path), repeats=min(repeats, 1 + (known < 10**4)))
        )


def _print_memory(shared: Path, only: list[str] | None) -> None:
    table = Table(
        "activation_regions, peak memory in MB after so many regions of the stream",
        ["network", "1000", "10 000", "100 000", "all", "regions"],
        [22, 8, 8, 8, 8, 8],
    )
    tasks = [("4-12-12-1", "stream-gaussian", "4-12-12-1")]
    tasks += [(name, "stream-file", str(path)) for name, path, _ in _files(shared, only)]
    for name, task, argument in tasks:
        if not _wanted(name, only):
            continue
        result = measure(task, argument)
        if result.limited:
            table.row([name, "stopped", "", "", "", ""])
            continue
        count, last = list(result.answer.items())[-1]
        peaks = [result.answer.get(key) for key in ("1000", "10000", "100000")]
        cells = ["" if peak is None else f"{peak:.1f}" for peak in peaks]
        table.row([name, *cells, f"{last:.1f}", count])


def _files(shared: Path, only: list[str] | None) -> list[tuple[str, Path, int]]:
    found = [(name, shared / "networks" / name, known) for name, known in FILES.items()]
    return [item for item in found if item[1].exists() and _wanted(item[0], only)]


def _wanted(name: str, only: list[str] | None) -> bool:
    return only is None or name in only
