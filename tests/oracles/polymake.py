"""polymake as a subprocess (Debian: ``apt install polymake``)."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile


def installed() -> str | None:
    """The version of polymake, None where there is none."""
    if shutil.which("polymake") is None:
        return None
    text = subprocess.run(["polymake", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"polymake version (\S+)", text.stdout + text.stderr)
    return found[1] if found else None


def run_script(script: str, answers: int, timeout: float = 600) -> dict[str, dict[str, str]]:
    """What a script prints, by name and field.

    Args:
        script: Perl for ``polymake --script``.  An answer is printed as a line ``ANSWER name``,
            lines ``field: text`` and a line ``END``.
        answers: How many there must be.
        timeout: Seconds before polymake is stopped with ``subprocess.TimeoutExpired``.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".pl") as file:
        file.write(script)
        file.flush()
        run = subprocess.run(
            ["polymake", "--script", file.name],
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
    found: dict[str, dict[str, str]] = {}
    blocks = re.findall(r"^ANSWER (.*?)\n(.*?)^END$", run.stdout, re.DOTALL | re.MULTILINE)
    for name, body in blocks:
        fields = (line.partition(":") for line in body.splitlines())
        found[name] = {key: text.strip() for key, _, text in fields}
    if len(found) != answers:
        raise RuntimeError(f"polymake failed:\n{run.stderr}")
    return found
