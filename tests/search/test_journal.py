"""The journal: whole shards or nothing, whatever happens to the file."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tropnet import InvalidInputError, SearchResult, TropnetError, search_counterexamples
from tropnet.search.journal import Journal, read_journal

KIND = "search.predicates:many_pieces"
ARCHITECTURES = [(2, 3, 1), (2, 2, 1, 1)]


def run(path: Path | None, seeds: int | range = 60, **more: Any) -> SearchResult:
    return search_counterexamples(KIND, ARCHITECTURES, seeds, None, path, shard_size=20, **more)


def keys(result: SearchResult) -> list[tuple[object, ...]]:
    return [(*finding.key, finding.index, dict(finding.facts)) for finding in result.findings]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    assert run(path).findings
    return path


def test_a_finished_search_has_nothing_left_to_do(journal: Path) -> None:
    before = journal.read_bytes()
    assert keys(run(journal)) == keys(run(None))
    assert journal.read_bytes() == before


def test_cut_off_anywhere(journal: Path) -> None:
    whole = journal.read_bytes()
    wanted = keys(run(None))
    lines = whole.splitlines(keepends=True)
    for number in range(0, len(whole), len(whole) // 40):
        journal.write_bytes(whole[:number])
        assert keys(run(journal)) == wanted
        assert sorted(journal.read_bytes().splitlines(keepends=True)) == sorted(lines)


def test_lines_that_cannot_be_read(journal: Path) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    wanted = keys(run(None))
    for number in range(1, len(lines)):
        spoiled = [*lines[:number], b'{"type": "find\xff\n', *lines[number + 1 :]]
        journal.write_bytes(b"".join(spoiled))
        contents = read_journal(journal)
        assert any("line" in problem for problem in contents.problems)
        assert len(contents.shards) >= 4
        assert keys(run(journal)) == wanted
    journal.write_bytes(b"".join([*lines[:-1], lines[-1], b"\n\n"]))
    assert keys(run(journal)) == wanted


def test_a_finding_that_is_gone_or_doubled(journal: Path) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    place = next(k for k, line in enumerate(lines) if b'"finding"' in line)
    for copies in (0, 2):
        changed = [*lines[:place], *lines[place : place + 1] * copies, *lines[place + 1 :]]
        journal.write_bytes(b"".join(changed))
        assert read_journal(journal).problems
        assert keys(run(journal)) == keys(run(None))


def test_another_search(journal: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="seeds"):
        run(journal, 61)
    with pytest.raises(InvalidInputError, match="functions"):
        run(journal, functions=True)
    other = tmp_path / "other"
    other.write_text("[]\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="journal"):
        run(other)
    assert other.read_text(encoding="utf-8") == "[]\n"
    header = json.loads(journal.read_text(encoding="utf-8").splitlines()[0])
    other.write_text(json.dumps(header | {"version": 2}) + "\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="version"):
        run(other)
    for bad in (tmp_path, tmp_path / "no" / "folder", Path("/dev/null")):
        with pytest.raises(InvalidInputError):
            run(bad)


def test_two_searches_at_once(journal: Path) -> None:
    header = json.loads(journal.read_text(encoding="utf-8").splitlines()[0])
    with Journal(journal, header["run"]), pytest.raises(InvalidInputError, match="another search"):
        run(journal)
    assert keys(run(journal)) == keys(run(None))


def test_a_full_disk(journal: Path, tmp_path: Path) -> None:
    """A limit on the length of files does what a full disk does, in another process."""
    whole = journal.read_bytes()
    path = tmp_path / "short.jsonl"
    script = f"""
import resource, signal, sys
sys.path[:0] = {sys.path!r}
from search.test_journal import run
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({len(whole) // 2}, resource.RLIM_INFINITY))
run(Path(sys.argv[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, path], capture_output=True, check=False, text=True
    )
    assert "TropnetError" in done.stderr
    assert "finished shards are kept" in done.stderr
    kept = path.read_bytes()
    assert whole.startswith(kept)
    assert len(read_journal(path).shards) >= 1
    assert keys(run(path)) == keys(run(None))
    assert path.read_bytes() == whole


def test_writing_fails_in_this_process(journal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = journal.read_bytes()
    lines = before.splitlines(keepends=True)
    cut = b"".join(lines[: len(lines) // 2])
    journal.write_bytes(cut)

    def fail(_file: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.write", fail)
        with pytest.raises(TropnetError, match="No space left"):
            run(journal)
    assert cut.startswith(journal.read_bytes())
    assert keys(run(journal)) == keys(run(None))


def test_pandas_could_read_it(journal: Path) -> None:
    for line in journal.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        assert isinstance(data, dict)


def test_findings_that_repeat_between_shards(tmp_path: Path) -> None:
    path = tmp_path / "j"
    result = search_counterexamples("hidden_symmetry", [(1, 1, 1)], 300, None, path, shard_size=50)
    contents = read_journal(path)
    lines = sum(map(len, contents.found.values()))
    assert len(result.findings) < lines
    assert len({finding.key for finding in result.findings}) == len(result.findings)
