"""Deciding whether two networks compute the same function."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers.questions import pair
from benchmarks.smt import EQUAL, decide, smt_lib
from tropnet import decide_equality

Decide = Callable[[], bool | None]


def tropnet(name: str) -> Decide:
    """Ours."""
    f, g, _ = pair(name)
    return lambda: decide_equality(f, g).equal


def z3(name: str) -> Decide:
    """z3 through its Python interface."""
    import z3

    f, g, _ = pair(name)
    return lambda: decide(z3, f, g)


def cvc5(name: str) -> Decide:
    """cvc5 through its Python interface."""
    import cvc5.pythonic

    f, g, _ = pair(name)
    return lambda: decide(cvc5.pythonic, f, g)


def yices(name: str) -> Decide:
    """The program yices-smt2 on an SMT-LIB text."""
    program = yices_program()
    assert program is not None
    f, g, _ = pair(name)
    text = smt_lib(f, g)

    def run() -> bool | None:
        found = subprocess.run([program], input=text, capture_output=True, text=True, check=False)
        answer = EQUAL.get(found.stdout.strip())
        used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        if answer is None and used + 1 > resource.getrlimit(resource.RLIMIT_CPU)[0]:
            signal.raise_signal(signal.SIGXCPU)  # it noticed the limit and ended by itself
        return answer

    return run


def yices_program() -> str | None:
    """Where yices-smt2 is; pip puts it beside the interpreter."""
    beside = Path(sys.executable).with_name("yices-smt2")
    return str(beside) if beside.exists() else shutil.which("yices-smt2")
