"""The functional dimension beside numpy's rank of the same Jacobian in floats.

The same Jacobian: that of the regions in our certificate, which carry all of the exact rank.  numpy
gets it ready-made; our time includes finding the regions and, unless the value is P − N, the walk
through all of them and the exact kernel.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.measure import measure
from benchmarks.table import Table, seconds

NETWORKS = (
    *("random:2-16-16-1", "gaussian:2-16-16-1", "gaussian:2-6-6-6-6-1"),
    *("gaussian:2-6-6-6-6-1:rescaled", "random:3-20-20-20-1", "gaussian:3-20-20-20-1"),
)
FILES = ("single_pendulum.onnx", "vcas1.onnx")


def run(shared: Path, repeats: int, limit: int) -> None:
    """Print the table; a float rank that is wrong is marked with an exclamation mark."""
    table = Table(
        "functional_dimension beside numpy's float rank, CPU seconds in the process\n"
        "(random: random_network; rescaled: a neuron by 2^-40, which changes no dimension)",
        ["network", "P - N", "exact", "float64", "float32", "regions", "seconds", "numpy", "MB"],
        [30, 6, 6, 8, 8, 8, 8, 8, 6],
    )
    names = [*NETWORKS, *(str(shared / "networks" / name) for name in FILES)]
    for name in names:
        if name.endswith(".onnx") and not Path(name).exists():
            continue
        ours = measure("dimension", name, repeats=repeats, limit=limit)
        shown = Path(name).name
        if ours.limited:
            table.row([shown, *[""] * 5, f">{limit}", "", ""])
            continue
        exact, answer = ours.answer["value"], ours.answer
        floats, times = [], []
        for kind in ("float64", "float32"):
            theirs = measure("float-rank", name, kind, repeats=1, limit=3 * limit)
            floats.append("-" if theirs.limited else _marked(theirs.answer, exact))
            times.append("-" if theirs.limited else seconds(theirs.seconds))
        table.row(
            [
                shown,
                str(answer["upper_bound"]),
                str(exact),
                *floats,
                str(answer["regions_used"]),
                seconds(ours.seconds),
                times[0],
                f"{ours.peak_megabytes:.0f}",
            ]
        )


def _marked(value: int, exact: int) -> str:
    return str(value) if value == exact else f"{value} !"
