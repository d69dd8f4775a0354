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


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_says_what_was_found(jobs: str, tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    driver = subprocess.Popen(
        [sys.executable, *SEARCH, "--shard-size", "10", "--journal", str(journal), "--jobs", jobs],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 60
    while not journal.exists() or journal.read_bytes().count(b"\n") < 5:
        assert time.monotonic() < end
        time.sleep(0.05)
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does, to the workers as well
    _, err = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert "Traceback" not in err
    found = re.search(r"tropnet: interrupted after (\d+) networks; (\d+) findings, in (.*)\n", err)
    assert found is not None, err
    contents = read_journal(journal)
    assert contents.networks == int(found[1])
    assert found[3] == str(journal)
    assert not contents.problems


def test_ctrl_c_without_a_journal() -> None:
    driver = subprocess.Popen(
        [sys.executable, *SEARCH, "--shard-size", "1"], stderr=subprocess.PIPE, text=True
    )
    time.sleep(6)
    driver.send_signal(signal.SIGINT)
    _, err = driver.communicate(timeout=60)
    assert driver.returncode == 130
    assert re.search(r"tropnet: interrupted (after .*, lost without --journal|before)", err), err
