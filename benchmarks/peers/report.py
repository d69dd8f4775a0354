"""Put every question to every tool that is there; write a table and a plot of what came of it."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import ROOT
from benchmarks.measure import Measurement, measure
from benchmarks.peers.questions import DEGENERATE, GENERIC, PAIRS, POINTS
from benchmarks.peers.tools import TOOLS
from benchmarks.table import Table, seconds

RESULTS = ROOT / "benchmarks" / "results"

QUESTIONS: dict[str, Sequence[str]] = {
    "regions": [*GENERIC, *DEGENERATE],
    "regions in a box": [name for name in (*GENERIC, *DEGENERATE) if name.split()[1][0] == "2"],
    "equality": PAIRS,
    "facets of a polytope": POINTS,
    "tropical hypersurfaces": [name for name in POINTS if name != "random 6 40"],
}

_SHOWN = {True: "equal", False: "different"}


class Row(NamedTuple):
    """One tool's answer to one question.

    Attributes:
        task: The kind of question.
        question: Its name.
        tool: The tool.
        answer: What it said, None if it said nothing.
        right: Whether that is the exact answer; None if it said nothing.
        seconds: CPU seconds, with all threads and programs it runs.
        note: Why it said nothing.
    """

    task: str
    question: str
    tool: str
    answer: Any
    right: bool | None
    seconds: float
    note: str


def run(repeats: int, limit: int, only: str | None = None, folder: Path = RESULTS) -> None:
    """Measure, print as it goes, and write ``peers.json``, ``peers.md`` and ``peers.svg``.

    Args:
        repeats: Medians are over so many processes.
        limit: CPU seconds after which a process is stopped.
        only: The one kind of question to measure again; the others are read from ``peers.json``.
        folder: Where the results are.
    """
    rows: list[Row] = []
    if only is not None:
        before = json.loads((folder / "peers.json").read_text())["rows"]
        rows = [Row(**row) for row in before if row["task"] != only]
    for task, names in QUESTIONS.items():
        if only not in (None, task):
            continue
        ours, *peers = [tool for tool, entry in TOOLS.items() if entry.task == task]
        present = [tool for tool in peers if TOOLS[tool].version() is not None]
        for tool in peers:
            if tool not in present:
                print(f"{tool}: not installed, left out")
        table = Table(
            f"{task}: CPU seconds, and how many times ours",
            ["question", "exact", "tropnet", *present],
            [26, 10, 10, *[24] * len(present)],
        )
        for name in names:
            exact = measure("peer", ours, name, repeats=repeats, limit=limit)
            rows.append(_row(task, name, ours, exact, exact))
            for tool in present:
                # The first run tells whether there is time for more; it counts if there is not.
                first = measure("peer", tool, name, limit=limit, may_fail=True)
                again = repeats - 1 if first.seconds < limit / 20 and first.failure is None else 0
                result = first
                if again:
                    result = measure("peer", tool, name, repeats=again, limit=limit, may_fail=True)
                rows.append(_row(task, name, tool, result, exact))
            cells = [_cell(row, exact.seconds) for row in rows[-len(present) :]] if present else []
            table.row([name, str(_plain(exact.answer)), seconds(exact.seconds), *cells])
    facts = machine()
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "machine": facts,
        "repeats": repeats,
        "limit": limit,
        "rows": [r._asdict() for r in rows],
    }
    (folder / "peers.json").write_text(json.dumps(data, indent=1) + "\n")
    (folder / "peers.md").write_text(markdown(facts, rows, repeats))
    plot(rows, folder / "peers.svg")


def machine() -> dict[str, str]:
    """What was measured, where and when."""
    cpu = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    versions = {
        tool: found
        for tool, entry in TOOLS.items()
        if not tool.startswith("tropnet ") and (found := entry.version()) is not None
    }
    return {
        "date": datetime.date.today().isoformat(),
        "processor": f"{cpu}, {os.cpu_count()} processors",
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "Python": platform.python_version(),
        "versions": ", ".join(f"{tool} {found}" for tool, found in versions.items()),
    }


def markdown(facts: dict[str, str], rows: list[Row], repeats: int) -> str:
    """The tables as Markdown."""
    lines = [
        "# tropnet and its peers",
        "",
        "Written by `./run bench peers`. CPU seconds of one call in a process of its own, after",
        "imports and reading, with all threads and programs that it starts; medians of",
        f"{repeats} processes for tropnet and {max(repeats - 1, 1)} for peers, one where it takes",
        "long; where it says > it was stopped.",
        "In brackets how many times as long as ours. Ours are exact; **wrong** ones are in bold.",
        "",
        *(f"- {name}: {text}" for name, text in facts.items()),
        "",
    ]
    for task in QUESTIONS:
        of_task = [row for row in rows if row.task == task]
        tools = [tool for tool in TOOLS if any(row.tool == tool for row in of_task)]
        if not tools:
            continue
        heads = [f"{tool} ({TOOLS[tool].about})" for tool in tools[1:]]
        lines += [f"## {task[0].upper()}{task[1:]}", ""]
        lines += [f"| question | exact answer | tropnet | {' | '.join(heads)} |"]
        lines += ["|---|---|---|" + "---|" * len(heads)]
        for name in QUESTIONS[task]:
            found = {row.tool: row for row in of_task if row.question == name}
            ours = found[tools[0]]
            cells = [_cell(found[tool], ours.seconds, bold=True) for tool in tools[1:]]
            exact = str(_plain(ours.answer))
            lines.append(f"| {name} | {exact} | {seconds(ours.seconds)} | {' | '.join(cells)} |")
        lines.append("")
    wrong = sum(row.right is False for row in rows)
    silent = sum(row.right is None for row in rows)
    lines += [
        f"{wrong} wrong answers of peers, {silent} times none.",
        "",
        "![ratios](peers.svg)",
        "",
    ]
    return "\n".join(lines)


def svg_pyplot() -> Any:
    """matplotlib.pyplot, set to write SVG files that depend on the data alone."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams |= {"svg.hashsalt": "tropnet", "svg.fonttype": "none"}
    return plt


def plot(rows: list[Row], path: Path) -> None:
    """How many times as long as ours each peer took; wrong answers and none are marked."""
    plt = svg_pyplot()
    tasks = [
        task for task in QUESTIONS if sum(row.task == task for row in rows) > len(QUESTIONS[task])
    ]
    heights = [len(QUESTIONS[task]) + 1.5 for task in tasks]
    figure, panels = plt.subplots(
        len(tasks), 1, figsize=(9, 0.26 * sum(heights)), sharex=True, squeeze=False,
        gridspec_kw={"height_ratios": heights}, layout="constrained",
    )  # fmt: skip
    for axes, task in zip(panels[:, 0], tasks, strict=True):
        names = list(QUESTIONS[task])
        ours, *peers = [tool for tool, entry in TOOLS.items() if entry.task == task]
        base = {row.question: row.seconds for row in rows if row.tool == ours}
        for number, tool in enumerate(peers):
            for row in (row for row in rows if row.tool == tool and row.seconds):
                ratio = row.seconds / base[row.question]
                filled = f"C{number}" if row.right else "white"
                marker = ">" if row.right is None else "o"
                axes.plot(ratio, names.index(row.question), marker, color=f"C{number}", mfc=filled)
            axes.plot([], [], "o", color=f"C{number}", label=tool)
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set(xscale="log", ylim=(len(names) - 0.5, -0.5), title=task)
        axes.set_yticks(range(len(names)), names, fontsize=7)
        axes.grid(axis="x", alpha=0.3)
        axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    panels[-1, 0].set_xlabel("times as long as tropnet (hollow: wrong answer; >: stopped)")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def _row(task: str, name: str, tool: str, result: Measurement, exact: Measurement) -> Row:
    if result.limited:
        return Row(task, name, tool, None, None, result.seconds, "stopped")
    if result.failure is not None:
        return Row(task, name, tool, None, None, result.seconds, result.failure)
    right = None if result.answer is None else result.answer == exact.answer
    return Row(task, name, tool, result.answer, right, result.seconds, "")


def _cell(row: Row, ours: float, bold: bool = False) -> str:
    if row.note == "stopped":
        return f"> {row.seconds:.0f} (> {_times(row.seconds / ours)})"
    if row.right is None:
        return row.note.partition(":")[0].rpartition(".")[2] or "gives up"
    text = f"{seconds(row.seconds)} ({_times(row.seconds / ours)})"
    if row.right:
        return text
    said = f"wrong: {_plain(row.answer)}"
    return f"{f'**{said}**' if bold else said}, {text}"


def _times(ratio: float) -> str:
    return f"{ratio:.0f}×" if ratio > 100 else f"{ratio:.2g}×"


def _plain(answer: Any) -> str:
    return _SHOWN[answer] if isinstance(answer, bool) else str(answer)
