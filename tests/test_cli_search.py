"""The verb `tropnet search`, interrupted."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tropnet.search.journal import read_journal

SEARCH = ("-m", "tropnet", "search", "hidden_symmetry", "2-3-1", "--seeds", "1000000")


def start(*arguments: str) -> subprocess.Popen[str]:
    """A search in a session of its own, which a terminal's Ctrl-C reaches.

    What runs in the background inherits that this signal is ignored.
    """
    return subprocess.Popen(
        [sys.executable, *SEARCH, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def interrupt(driver: subprocess.Popen[str]) -> str:
    """What it says at Ctrl-C, which reaches the workers as well."""
    os.killpg(driver.pid, signal.SIGINT)
    try:
        _, err = driver.communicate(timeout=60)
    finally:
        if driver.poll() is None:
            os.killpg(driver.pid, signal.SIGKILL)
    assert driver.returncode == 130
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_says_what_was_found(jobs: str, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    driver = start("--shard-size", "10", "--journal", str(journal), "--jobs", jobs)
    end = time.monotonic() + 60
    while not journal.exists() or journal.read_bytes().count(b"\n") < 60:
        assert time.monotonic() < end
        time.sleep(0.05)
    err = interrupt(driver)
    found = re.search(r"tropnet: interrupted after (\d+) networks; (\d+) findings, in (.*)\n", err)
    assert found is not None, err
    contents = read_journal(journal)
    # A shard may have been written and not yet been reported.
    assert contents.networks - int(found[1]) in (0, 10)
    assert found[3] == str(journal)
    assert not contents.problems


def test_ctrl_c_without_a_journal() -> None:
    driver = start("--shard-size", "1")
    time.sleep(6)
    err = interrupt(driver)
    assert re.search(r"tropnet: interrupted (after .*, lost without --journal|before)", err), err
