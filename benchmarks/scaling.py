"""How counting activation regions scales, where the time goes, and how far it is to the limit."""

from __future__ import annotations

import cProfile
import json
import pstats
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import numpy as np

from benchmarks.peers.report import RESULTS, machine, svg_pyplot
from benchmarks.questions import widths
from benchmarks.table import Table, seconds
from generators.networks import gaussian_network, integer_network
from tropnet import ReLUNetwork, count_activation_regions
from tropnet.networks.cell_blocks import Descent
from tropnet.networks.cell_complex import CellComplex

COUNTS = ["3-6-6-1", "3-10-10-1", "3-16-16-1", "3-24-24-1", "3-36-36-1", "3-56-56-1", "3-96-96-1"]
DIMENSIONS = ["1-100-100-1", "2-64-64-1", "3-20-20-1", "4-12-12-1", "5-9-9-1", "6-8-7-1"]
DEPTHS = ["2-32-32-1", "2-32-32-32-1", "2-32-32-32-32-1", "2-24-24-24-24-24-24-1"]
BITS = [1, 8, 24, 53, 100, 400, 1600]

PHASES = {
    "values of a level": ("entered",),
    "points on edges": ("between",),
    "which pairs span edges": ("_edges",),
    "parts of cells": ("_parts",),
    "exact arithmetic": ("_compute",),
}
"""Functions of the engine by what they are for; none of them calls another of them."""


class Point(NamedTuple):
    """One network.

    Attributes:
        name: The network.
        regions: Its number of regions.
        seconds: CPU seconds.
        bytes: What has to be written for its finished cells, with their generators.
        shares: For each phase its share of the time.
    """

    name: str
    regions: int
    seconds: float
    bytes: int
    shares: dict[str, float]


def run(repeats: int) -> None:
    """Print the tables and write ``scaling.json``, ``scaling.md`` and ``scaling.svg``."""
    count_activation_regions(gaussian_network((2, 3, 1)))  # imports are not measured
    speed = _write_speed()
    studies: dict[str, list[Point]] = {
        "number of regions": [
            _point(name, gaussian_network(widths(name)), repeats) for name in COUNTS
        ],
        "number of inputs": [
            _point(name, gaussian_network(widths(name)), repeats) for name in DIMENSIONS
        ],
        "depth": [_point(name, gaussian_network(widths(name)), repeats) for name in DEPTHS],
        "size of the weights": [
            *(
                _point(
                    f"3-14-14-1, weights of {bits} bit{'s' * (bits > 1)}",
                    _with_bits("3-14-14-1", bits),
                    repeats,
                )
                for bits in BITS
            ),
            _point(
                "3-14-14-1, weights −3 … 3", integer_network((3, 14, 14, 1), Random(0)), repeats
            ),
        ],
    }
    facts = machine() | {"memory": f"{speed / 1e9:.1f} GB/s written by one thread"}
    for what, points in studies.items():
        _print(what, points, speed)
    RESULTS.mkdir(parents=True, exist_ok=True)
    data = {"machine": facts, "studies": {k: [p._asdict() for p in v] for k, v in studies.items()}}
    (RESULTS / "scaling.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    (RESULTS / "scaling.md").write_text(_markdown(facts, studies, speed))
    _plot(studies, speed)


def _point(name: str, net: ReLUNetwork, repeats: int) -> Point:
    times = []
    for _ in range(repeats):
        start = time.process_time()
        regions = count_activation_regions(net)
        times.append(time.process_time() - start)
        if times[-1] > 5:
            break
    return Point(name, regions, statistics.median(times), _bytes(net), _shares(net))


def _bytes(net: ReLUNetwork) -> int:
    """What the finished cells and the generators of their blocks take."""
    total = 0
    cells = CellComplex(net.integer_form.levels, net.input_width)
    for subtree in cells.subtrees(1):
        for block in Descent(subtree):
            arrays = [
                *block.table.columns,
                *(getattr(block.cells, n) for n in block.cells.__slots__),
            ]
            total += sum(array.nbytes for array in arrays)
    return total


def _shares(net: ReLUNetwork) -> dict[str, float]:
    profile = cProfile.Profile()
    profile.runcall(count_activation_regions, net)
    statistics_: Any = pstats.Stats(profile)
    within = {function: entry[3] for (_, _, function), entry in statistics_.stats.items()}
    exact = within.get("_compute", 0.0)
    found = {
        phase: sum(within.get(function, 0.0) for function in functions) / statistics_.total_tt
        for phase, functions in PHASES.items()
    }
    # Exact values are computed from within the first two.
    share = exact / statistics_.total_tt
    larger = max(("values of a level", "points on edges"), key=lambda phase: found[phase])
    found[larger] -= min(share, found[larger])
    return found | {"the rest": max(0.0, 1 - sum(found.values()))}


def _write_speed() -> float:
    """Bytes a second that one thread writes into memory."""
    array = np.zeros(1 << 25)
    rates = []
    for value in range(5):
        start = time.perf_counter()
        array.fill(value)
        rates.append(array.nbytes / (time.perf_counter() - start))
    return statistics.median(rates)


def _with_bits(architecture: str, bits: int) -> ReLUNetwork:
    """Weights and biases k / 2^bits with random k of so many bits and either sign."""
    rng = Random(0)

    def number() -> Fraction:
        return Fraction(rng.choice((-1, 1)) * rng.randint(1, 2**bits), 2**bits)

    return ReLUNetwork(
        (
            [[number() for _ in range(inputs)] for _ in range(outputs)],
            [number() for _ in range(outputs)],
        )
        for inputs, outputs in pairwise(widths(architecture))
    )


_COLUMNS: dict[str, Callable[[Point, float], str]] = {
    "network": lambda p, speed: p.name,
    "regions": lambda p, speed: str(p.regions),
    "seconds": lambda p, speed: seconds(p.seconds),
    "µs a region": lambda p, speed: f"{1e6 * p.seconds / p.regions:.1f}",
    "bytes a region": lambda p, speed: f"{p.bytes / p.regions:.0f}",
    "times the limit": lambda p, speed: f"{p.seconds / (p.bytes / speed):.0f}",
    **{
        phase: lambda p, speed, phase=phase: f"{100 * p.shares[phase]:.0f} %"  # type: ignore[misc]
        for phase in (*PHASES, "the rest")
    },
}


def _print(what: str, points: list[Point], speed: float) -> None:
    shown = list(_COLUMNS)[:6]
    table = Table(f"scaling with the {what}", shown, [26, 8, 8, 12, 14, 15])
    for point in points:
        table.row([_COLUMNS[column](point, speed) for column in shown])


def _markdown(facts: dict[str, str], studies: dict[str, list[Point]], speed: float) -> str:
    lines = [*(f"- {name}: {text}" for name, text in facts.items() if name != "versions"), ""]
    for what, points in studies.items():
        lines += [f"## Scaling with the {what}", "", f"| {' | '.join(_COLUMNS)} |"]
        lines += ["|---|" + "---:|" * (len(_COLUMNS) - 1)]
        lines += [f"| {' | '.join(make(p, speed) for make in _COLUMNS.values())} |" for p in points]
        lines.append("")
    return "\n".join(lines)


def _plot(studies: dict[str, list[Point]], speed: float) -> None:
    plt = svg_pyplot()
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for what, points in studies.items():
        regions = np.array([p.regions for p in points])
        time_each = np.array([1e6 * p.seconds / p.regions for p in points])
        left.plot(regions, time_each, "o-" if what == "number of regions" else "o", label=what)
    left.set(xscale="log", yscale="log", xlabel="regions", ylabel="µs of CPU a region")
    left.set_title("time a region")
    left.legend(fontsize=7)
    points = studies["number of regions"]
    bottom = np.zeros(len(points))
    for phase in (*PHASES, "the rest"):
        height = np.array([1e6 * p.seconds / p.regions * p.shares[phase] for p in points])
        right.bar([p.name for p in points], height, bottom=bottom, label=phase)
        bottom += height
    limit = [1e6 * p.bytes / speed / p.regions for p in points]
    right.plot([p.name for p in points], limit, "k_", markersize=14, label="memory-write limit")
    right.tick_params(axis="x", rotation=30, labelsize=7)
    right.set(ylabel="µs of CPU a region", title="where it goes, three inputs")
    right.legend(fontsize=7)
    figure.savefig(RESULTS / "scaling.svg", metadata={"Date": None})
    plt.close(figure)
