"""Deciding f = g on pairs of networks with a known answer: beside z3, and beside its proofs."""

from __future__ import annotations

import statistics
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Measurement, measure
from benchmarks.questions import question
from benchmarks.table import Table, ratio, seconds
from generators.identities import IDENTITIES
from generators.pairs import pair_files
from tropnet import decide_equality
from tropnet.certificates.serialization import certificate_to_json


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


def compare_certificates(
    shared: Path,
    repeats: int,
    families: list[str],
    architectures: list[str],
    identities: list[str],
    limit: int,
) -> None:
    """Print for each question what its certificate takes to read and check, beside deciding.

    The certificate goes to another process as JSON, and every run is on freshly read networks.
    """
    table = Table(
        "decide_equality beside reading its certificate from JSON and checking it,\n"
        "CPU milliseconds in processes of their own",
        ["question", "decided by", "kB", "deciding", "reading, checking", "ratio"],
        [34, 10, 7, 9, 17, 6],
    )
    files = [
        str(path)
        for architecture in architectures
        for family in families
        for path in pair_files(family, architecture, shared)
    ]
    names = [f"{name}:{arch}" for arch in identities for name in IDENTITIES]
    worst = 0.0
    with TemporaryDirectory() as folder:
        proof = Path(folder, "certificate.json")
        for key in (*files, *names):
            f, g, _ = question(key)
            proof.write_text(certificate_to_json(decide_equality(f, g).certificate))
            rounds = [  # side by side, as the machine may be busier at one time than at another
                (
                    measure("equality-tropnet", key, limit=limit),
                    measure("equality-check", key, str(proof), limit=limit),
                )
                for _ in range(repeats)
            ]
            if any(run.limited for both in rounds for run in both):
                raise SystemExit(f"{key}: not done in {limit} seconds")
            if not all(checking.answer for _, checking in rounds):
                raise SystemExit(f"{key}: the certificate does not pass")
            deciding, checking = (
                statistics.median(both[side].seconds for both in rounds) for side in (0, 1)
            )
            share = statistics.median(b.seconds / a.seconds for a, b in rounds)
            worst = max(worst, share)
            table.row(
                [
                    Path(key).stem if key in files else key,
                    rounds[0][0].answer["method"],
                    f"{proof.stat().st_size / 1000:.1f}",
                    f"{1000 * deciding:.3g}",
                    f"{1000 * checking:.3g}",
                    f"{share:.2f}",
                ]
            )
    table.row(["largest ratio", "", "", "", "", f"{worst:.2f}"])


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
