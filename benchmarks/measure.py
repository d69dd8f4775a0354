"""Run one measurement in a process of its own, and the other side of it.

The child, ``python -m benchmarks.measure LIMIT TASK ARGUMENT``, prints one JSON object: the answer,
the CPU seconds of the call after imports and after reading its input, those of the whole process
from its start to its first answer, and the peak memory.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import ROOT
from benchmarks.questions import question
from benchmarks.timed import Timed
from generators.networks import gaussian_network
from tropnet import ReLUNetwork

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_LONG_ENOUGH, _CALLS = 0.2, 100
_TICK = 0.01


class Measurement(NamedTuple):
    """What one task took; `limited` if it was stopped, and `seconds` is where.

    With a `failure`, the reason, there is no answer.
    """

    answer: Any
    seconds: float
    total_seconds: float
    peak_megabytes: float
    limited: bool = False
    failure: str | None = None


def measure(
    task: str, *arguments: str, repeats: int = 1, limit: int = 600, may_fail: bool = False
) -> Measurement:
    """The median over `repeats` fresh processes; one is enough if it fails or is stopped."""
    runs: list[Measurement] = []
    for _ in range(repeats):
        runs.append(_measure_once(task, arguments, limit, may_fail))
        if runs[-1].limited or runs[-1].failure:
            return runs[-1]
    return Measurement(
        runs[0].answer,
        statistics.median(run.seconds for run in runs),
        statistics.median(run.total_seconds for run in runs),
        max(run.peak_megabytes for run in runs),
    )


def _measure_once(task: str, arguments: Sequence[str], limit: int, may_fail: bool) -> Measurement:
    command = [sys.executable, "-m", "benchmarks.measure", str(limit), task, *arguments]
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if may_fail else None,
        text=True,
        start_new_session=True,
    )
    stopped = Measurement(None, float(limit), float(limit), 0.0, limited=True)
    try:
        # The limit is one of CPU time for each process; a process may wait for another.
        output, errors = child.communicate(timeout=2 * limit if may_fail else None)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return stopped
    if child.returncode == -signal.SIGXCPU:
        return stopped
    if may_fail and child.returncode:
        reason = "crash" if child.returncode < 0 else errors.strip().splitlines()[-1]
        return Measurement(None, 0.0, 0.0, 0.0, failure=reason)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    data = json.loads(output.splitlines()[-1])
    return Measurement(**data)


def _gaussian(architecture: str) -> ReLUNetwork:
    return gaussian_network([int(width) for width in architecture.split("-")])


def _file(path: str) -> ReLUNetwork:
    from tropnet.io import load

    return load(path)


def _count(net: ReLUNetwork) -> Callable[[], Any]:
    from tropnet import count_activation_regions

    return lambda: count_activation_regions(net)


def _stream(net: ReLUNetwork) -> Callable[[], Any]:
    """Walk through the regions; the answer is the peak memory after 1000, 10 000, … of them."""
    from tropnet import activation_regions

    def walk() -> dict[str, float]:
        peaks = {}
        mark, count = 1000, 0
        for count, _ in enumerate(activation_regions(net), 1):
            if count == mark:
                peaks[str(count)] = _peak_megabytes()
                mark *= 10
        peaks[str(count)] = _peak_megabytes()
        return peaks

    return walk


def _equality(name: str) -> Callable[[], Any]:
    from tropnet import decide_equality

    f, g, _ = question(name)

    def decide() -> dict[str, Any]:
        answer = decide_equality(f, g)
        if not answer.equal:
            assert answer.witness is not None
            assert f(answer.witness) != g(answer.witness)
        return {"equal": answer.equal, "method": answer.method}

    return decide


def _check(name: str, proof: str) -> Callable[[], Any]:
    from tropnet.certificates.serialization import certificate_from_json

    f, g, _ = question(name)
    text = Path(proof).read_text()
    return lambda: certificate_from_json(text).check(f, g)


def _z3(name: str) -> Callable[[], Any]:
    import z3

    from benchmarks.smt import decide

    f, g, _ = question(name)
    return lambda: {"equal": decide(z3, f, g)}


def _network(name: str) -> ReLUNetwork:
    """A file, or KIND:ARCHITECTURE[:rescaled] with the kinds gaussian and random."""
    from tropnet import random_network

    if name.endswith(".onnx"):
        return _file(name)
    kind, architecture, *rescaled = name.split(":")
    widths = [int(width) for width in architecture.split("-")]
    net = gaussian_network(widths) if kind == "gaussian" else random_network(widths)
    return net.rescale(1, [2.0**-40, *[1] * (widths[1] - 1)]) if rescaled else net


def _dimension(name: str) -> Callable[[], Any]:
    from tropnet import functional_dimension

    net = _network(name)

    def decide() -> dict[str, Any]:
        d = functional_dimension(net)
        return {"value": d.value, "upper_bound": d.upper_bound, "regions_used": d.regions_used}

    return decide


def _float_rank(name: str, kind: str) -> Callable[[], Any]:
    import numpy as np

    from examples.float_ranks import float_jacobian
    from tropnet import functional_dimension

    net = _network(name)
    points = functional_dimension(net).certificate.points
    jacobian = float_jacobian(net, points, np.dtype(kind).type)
    return lambda: int(np.linalg.matrix_rank(jacobian))


def _search(kind: str, architecture: str, count: str) -> Callable[[], Any]:
    from tropnet import search_counterexamples

    widths = [int(width) for width in architecture.split("-")]

    def search() -> dict[str, Any]:
        found = search_counterexamples(kind, [widths], int(count))
        return {"networks": found.networks, "findings": len(found.findings)}

    return search


def _peer(tool: str, name: str) -> Callable[[], Any]:
    from benchmarks.peers.tools import TOOLS

    return TOOLS[tool].ask(name)


_TASKS: dict[str, Callable[..., Callable[[], Any]]] = {
    "count-gaussian": lambda text: _count(_gaussian(text)),
    "count-file": lambda text: _count(_file(text)),
    "stream-gaussian": lambda text: _stream(_gaussian(text)),
    "stream-file": lambda text: _stream(_file(text)),
    "dimension": _dimension,
    "float-rank": _float_rank,
    "equality-tropnet": _equality,
    "equality-check": _check,
    "equality-z3": _z3,
    "search": _search,
    "peer": _peer,
}


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 if sys.platform == "linux" else 1024**2)


def _cpu_seconds() -> float:
    """CPU seconds so far of this thread, of the other threads, and of programs that it ran."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    # With a limit set, the clock of the process ticks in milliseconds; that of the thread is exact.
    others = max(0.0, time.process_time() - time.thread_time() - _TICK)
    return time.thread_time() + others + programs.ru_utime + programs.ru_stime


def _child(limit: int, task: str, *arguments: str) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
    times: list[float] = []
    while sum(times) < _LONG_ENOUGH and len(times) < _CALLS:
        call = _TASKS[task](*arguments)  # on freshly read input
        start = _cpu_seconds()
        answer = call()
        times.append(_cpu_seconds() - start)
        if isinstance(answer, Timed):
            answer, times[-1] = answer
        if len(times) == 1:
            first_total = time.process_time()
    seconds = statistics.median(times)
    data = {"answer": answer, "seconds": seconds, "peak_megabytes": _peak_megabytes()}
    print(json.dumps(data | {"total_seconds": first_total}))


if __name__ == "__main__":
    _child(int(sys.argv[1]), *sys.argv[2:])
