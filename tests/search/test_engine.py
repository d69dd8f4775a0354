"""The search: the same answer whoever works at it, and whoever is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

from tropnet import (
    Budget,
    Enumeration,
    InvalidInputError,
    SearchProgress,
    SearchResult,
    TropnetError,
    WorkerProcesses,
    search_counterexamples,
)

SHAPES = [(1, 2, 1), (2, 2, 1)]


def run(path: Path | None, executor: Executor | None = None) -> SearchResult:
    return search_counterexamples(
        "hidden_symmetry", SHAPES, 60, executor, path, shard_size=10, functions=True
    )


def lines(path: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8").splitlines())


def search_in_a_process(
    kind: str, path: Path, more: tuple[str, ...] = (), **environment: str
) -> subprocess.Popen[bytes]:
    """The command line, with the tests' predicates."""
    places = os.pathsep.join(place for place in sys.path if place)
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "tropnet.cli", "search", kind, "2-3-1", "--seeds", "240"),
            *("--shard-size", "10", "--journal", str(path), *more),
        ],
        env=os.environ | {"PYTHONPATH": places} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def is_done(driver: subprocess.Popen[bytes]) -> bool:
    """Waits for a search; whether it ended well."""
    driver.communicate()
    return driver.returncode == 0


def wait_for_lines(path: Path, number: int) -> None:
    end = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < number:
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def cluster() -> Iterator[Executor]:
    """A Dask scheduler and two workers, each a process of its own, on loopback."""
    distributed = pytest.importorskip("distributed", reason="the extra 'distributed' is absent")
    places = os.pathsep.join(place for place in sys.path if place)
    environment = os.environ | {"PYTHONPATH": places}
    programs: list[subprocess.Popen[bytes]] = []
    script = "from distributed.cli.dask_{0} import main; main()"

    def start(what: str, *arguments: str) -> None:
        programs.append(
            subprocess.Popen(
                [sys.executable, "-c", script.format(what), *arguments],
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "60s")
        port = _free_port()
        address = f"tcp://127.0.0.1:{port}"
        loopback = ("--host", "127.0.0.1", "--no-dashboard")
        start("scheduler", *loopback, "--port", str(port))
        for _ in range(2):
            start("worker", address, *loopback, "--nthreads", "1", "--no-nanny")
        try:
            with distributed.Client(address, timeout="60s") as client:
                client.wait_for_workers(2, timeout=60)
                yield client.get_executor()
        finally:
            # A worker without a scheduler may wait for another one instead of ending.
            for program in programs:
                program.kill()
            for program in programs:
                program.wait()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("alone") / "run.jsonl"
    assert run(path).findings
    return lines(path)


def test_two_processes(tmp_path: Path, alone: list[str]) -> None:
    path = tmp_path / "run.jsonl"
    with WorkerProcesses(2) as executor:
        result = run(path, executor)
    assert lines(path) == alone
    assert result.findings == run(None).findings


@pytest.mark.parametrize("make", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_any_executor(make: type[ThreadPoolExecutor], tmp_path: Path, alone: list[str]) -> None:
    path = tmp_path / "run.jsonl"
    with make(2) as executor:
        run(path, executor)
    assert lines(path) == alone


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_dask_cluster(cluster: Executor, tmp_path: Path, alone: list[str]) -> None:
    path = tmp_path / "run.jsonl"
    run(path, cluster)
    assert lines(path) == alone


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_driver_is_killed(tmp_path: Path, jobs: str) -> None:
    kind = "search.predicates:slow"
    undisturbed, path = tmp_path / "undisturbed.jsonl", tmp_path / "run.jsonl"
    assert is_done(search_in_a_process(kind, undisturbed, ("--jobs", "2")))
    for number in (3, 12):
        driver = search_in_a_process(kind, path, ("--jobs", jobs))
        wait_for_lines(path, number)
        driver.send_signal(signal.SIGKILL)
        driver.communicate()
    assert len(lines(path)) < len(lines(undisturbed))
    assert is_done(search_in_a_process(kind, path, ("--jobs", jobs)))
    assert lines(path) == lines(undisturbed)


def test_a_worker_is_killed(tmp_path: Path) -> None:
    path, calm = tmp_path / "run.jsonl", tmp_path / "calm.jsonl"
    marked = {"DEADLY": str(tmp_path / "mark")}
    driver = search_in_a_process("search.predicates:deadly", path, ("--jobs", "2"), **marked)
    assert is_done(driver)
    assert (tmp_path / "mark").exists()
    assert is_done(search_in_a_process("search.predicates:deadly", calm, **marked))
    assert lines(path) == lines(calm)


def test_a_worker_dies_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    driver = search_in_a_process(
        "search.predicates:always_deadly", path, ("--jobs", "2", "--shard-size", "80")
    )
    _, errors = driver.communicate()
    assert driver.returncode == 2
    assert b"3 shards died" in errors
    assert len(lines(path)) == 1


def test_a_predicate_that_raises(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    result = search_counterexamples(
        "search.predicates:moody", [(2, 3, 1)], 60, None, path, shard_size=20
    )
    calm = search_counterexamples("search.predicates:many_pieces", [(2, 3, 1)], 60, shard_size=20)
    assert result.networks == 60
    assert result.failures
    assert all("this one not" in failure for failure in result.failures)
    assert 0 < len(result.findings) < len(calm.findings)
    again = search_counterexamples(
        "search.predicates:moody", [(2, 3, 1)], 60, None, path, shard_size=20
    )
    assert again.failures == result.failures


@pytest.mark.parametrize(
    ("kind", "words"), [("wrong_type", "returned a float"), ("unproved", "do not hold")]
)
def test_a_predicate_that_returns_nonsense(kind: str, words: str) -> None:
    result = search_counterexamples(f"search.predicates:{kind}", [(2, 3, 1)], 5)
    assert not result.findings
    assert len(result.failures) == 5
    assert all(words in failure for failure in result.failures)


def test_progress_and_budget() -> None:
    seen: list[SearchProgress] = []
    result = search_counterexamples(
        "hidden_symmetry",
        [(2, 3, 1)],
        40,
        shard_size=10,
        budget=Budget(regions=1),
        progress=seen.append,
    )
    assert [report.finished for report in seen] == [1, 2, 3, 4]
    assert {report.shards for report in seen} == {4}
    assert seen[-1].networks == result.networks == 40
    assert seen[-1].remaining_seconds == 0
    assert result.undecided + len(result.findings) <= 40


def test_an_executor_that_is_closed(tmp_path: Path) -> None:
    executor = ThreadPoolExecutor(1)
    executor.shutdown()
    with pytest.raises(TropnetError, match="executor"):
        run(tmp_path / "run.jsonl", executor)
    assert run(tmp_path / "run.jsonl").findings


def test_bad_input() -> None:
    for arguments in (
        {"seeds": None},
        {"seeds": range(0, 10, 2)},
        {"seeds": range(-3, 10)},
        {"seeds": 5, "shard_size": 0},
        {"seeds": 5, "architectures": [(2, 3, 1), (2, 3, 1)]},
        {"seeds": 5, "architectures": [(2,)]},
        {"seeds": 5, "kind": "none_of_these"},
    ):
        more = {"kind": "hidden_symmetry", "architectures": [(2, 3, 1)]} | arguments
        with pytest.raises(InvalidInputError):
            search_counterexamples(**more)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="count"):
        WorkerProcesses(0)
    nothing = search_counterexamples("hidden_symmetry", [], 5)
    assert nothing.networks == 0
    assert not nothing.findings


def test_all_networks_against_brute_force() -> None:
    """Classes and functions of 1-2-1, counted by hand."""
    result = search_counterexamples(
        "hidden_symmetry", [(1, 2, 1)], generator=Enumeration(), functions=True, shard_size=500
    )
    classes, functions = counted_by_hand(1)
    assert (result.networks, result.functions) == (classes, functions)
    json.dumps(result.contents.run)


@pytest.mark.exhaustive
def test_all_networks_of_two_inputs_against_brute_force() -> None:
    with WorkerProcesses(2) as executor:
        result = search_counterexamples(
            "hidden_symmetry",
            [(2, 2, 1)],
            None,
            executor,
            generator=Enumeration(),
            functions=True,
            shard_size=1000,
        )
    assert (result.networks, result.functions) == counted_by_hand(2)


def counted_by_hand(inputs: int) -> tuple[int, int]:
    """Networks with two hidden neurons and numbers −1, 0, 1, up to order, and their functions.

    v relu(w·x + b) is a weight v on the hyperplane of (w, b), oriented so that its first non-zero
    entry is positive, and −v(w·x + b) if that turns it over; a constant if w = 0.
    """
    from itertools import combinations_with_replacement, product

    values = (-1, 0, 1)
    neurons = [(row, v) for row in product(values, repeat=inputs + 1) for v in values]
    functions = set()
    classes = 0
    for pair in combinations_with_replacement(neurons, 2):
        bends: dict[tuple[int, ...], int] = {}
        affine = [0] * (inputs + 1)
        for row, v in pair:
            if not any(row[:-1]):
                affine[-1] += v * max(row[-1], 0)
                continue
            sign = next(entry for entry in row if entry)
            plane = tuple(sign * entry for entry in row)
            bends[plane] = bends.get(plane, 0) + v
            if sign < 0:
                affine = [a + v * entry for a, entry in zip(affine, row, strict=True)]
        weights = tuple(sorted((plane, v) for plane, v in bends.items() if v))
        for bias in values:
            classes += 1
            functions.add((weights, *affine[:-1], affine[-1] + bias))
    return classes, len(functions)
