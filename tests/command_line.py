"""The program, run in the tests' own process."""

from __future__ import annotations

import pytest

from tropnet.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """The exit status, and what went to standard output and to standard error."""
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    assert isinstance(stop.value.code, int)
    out, err = capsys.readouterr()
    return stop.value.code, out, err
