"""The questions that the benchmarks put to other systems are what their names say."""

from __future__ import annotations

import pytest

from benchmarks.peers import report
from benchmarks.peers.questions import DEGENERATE, GENERIC, PAIRS, POINTS, network, pair, points
from benchmarks.peers.tools import TOOLS
from benchmarks.smt import smt_lib
from generators.networks import GAUSSIAN_REGION_COUNTS
from tropnet import count_activation_regions, decide_equality


@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name: str) -> None:
    f, g, equal = pair(name)
    assert decide_equality(f, g).equal == equal
    text = smt_lib(f, g)
    assert text.count("(") == text.count(")")
    assert text.count("Real)") == f.input_width + sum(
        (*f.architecture[1:-1], *g.architecture[1:-1])
    )


def test_networks() -> None:
    for name in GENERIC[:1] + DEGENERATE[:3]:
        net = network(name)
        assert "-".join(map(str, net.architecture)) == name.split()[1]
        if name.startswith("Gaussian"):
            assert count_activation_regions(net) == GAUSSIAN_REGION_COUNTS[net.architecture]


def test_points() -> None:
    for name in POINTS:
        _, dimension, number = name.split()
        rows = points(name)
        assert {len(row) for row in rows} == {int(dimension)}
        assert len(set(rows)) == int(number)


def test_report_tells_wrong_answers_from_right_ones() -> None:
    """Every kind of outcome has its place in the table."""
    ours, *peers = [tool for tool, entry in TOOLS.items() if entry.task == "regions"]
    rows = [
        report.Row("regions", name, ours, 450, True, 0.01, "") for name in (*GENERIC, *DEGENERATE)
    ]
    rows += [
        report.Row("regions", name, peer, answer, right, 0.5, note)
        for name in (*GENERIC, *DEGENERATE)
        for peer, answer, right, note in (
            (peers[0], 449, False, ""),
            (peers[1], None, None, "stopped"),
        )
    ]
    text = report.markdown({"date": "today"}, rows, 5)
    assert "**wrong: 449**, 0.5 (50×)" in text
    assert "> 0 (> 50×)" in text
    assert "12 wrong answers of peers, 12 times none." in text
