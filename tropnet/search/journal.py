"""The journal of a search: a file to which finished shards are appended.

One line of JSON each: a header that says what is searched for; then, for every finished shard, its
findings, its failures, and last the shard itself with how many of them there are.  The lines of a
shard are written together and forced to the disk before the next shard's.  So whatever is killed,
at any moment, a shard is in the journal as a whole or not at all; what stands behind the last whole
shard is cut off before more is written.  A line that cannot be read makes its shard count as not
finished, and nothing else.

`pandas.read_json(path, lines=True)` reads it; a search repeats nothing within a shard, and
`Journal.findings` is without repetitions between shards.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import Any

from tropnet.errors import InvalidInputError, TropnetError
from tropnet.search.finding import Finding
from tropnet.search.shards import ShardResult

FORMAT = "tropnet/search-journal"
VERSION = 1


@dataclass
class JournalContents:
    """What a journal says.

    Attributes:
        run: What was searched for: the header's description.
        shards: The lines of finished shards by number.
        found: Their findings as JSON texts, which take less room than objects.
        failed: The lines of their failures.
        problems: Sentences about lines that are not used, with their numbers.
        end: The length in bytes up to the last whole shard.
    """

    run: dict[str, Any]
    shards: dict[int, dict[str, Any]] = field(default_factory=dict)
    found: dict[int, list[str]] = field(default_factory=dict)
    failed: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    end: int = 0

    @property
    def networks(self) -> int:
        """How many networks were examined."""
        return sum(shard["networks"] for shard in self.shards.values())

    @property
    def functions(self) -> int | None:
        """How many different functions they are; None if that was not asked for."""
        if any(shard["functions"] is None for shard in self.shards.values()):
            return None
        return len({name for shard in self.shards.values() for name in shard["functions"]})

    def finding_lines(self) -> Iterator[dict[str, Any]]:
        """The findings, by shard, none twice."""
        seen: set[tuple[str, str]] = set()
        for number in sorted(self.found):
            for text in self.found[number]:
                line: dict[str, Any] = json.loads(text)
                key = line["function"], line["class"]
                if key not in seen:
                    seen.add(key)
                    yield line

    def findings(self) -> Iterator[Finding]:
        """The findings, none twice.

        Raises:
            CertificateError: if one is malformed.
        """
        return map(Finding.from_data, self.finding_lines())

    def failures(self) -> Iterator[dict[str, Any]]:
        """The lines about failures, by shard."""
        for number in sorted(self.failed):
            yield from self.failed[number]


def read_journal(path: str | os.PathLike[str]) -> JournalContents:
    """What a journal says; lines that cannot be read are named among its problems.

    Raises:
        InvalidInputError: if the file cannot be read, or is no journal of this version.
    """
    try:
        if Path(path).exists() and not Path(path).is_file():
            raise InvalidInputError(f"{path}: a journal is a regular file")
        data = Path(path).read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot read ({error})") from None
    lines = data.split(b"\n")
    reader = _Reader(_header(path, lines[0]))
    position = len(lines[0]) + 1
    reader.contents.end = min(position, len(data))
    for number, line in enumerate(lines[1:], 2):
        position += len(line) + 1
        if line and reader.read(number, line):
            reader.contents.end = min(position, len(data))
    reader.finish()
    return reader.contents


def _header(path: str | os.PathLike[str], line: bytes) -> JournalContents:
    try:
        header = json.loads(line)
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise InvalidInputError(f"{path}: no journal of a search (line 1 does not say so)")
    if header.get("version") != VERSION or not isinstance(header.get("run"), dict):
        raise InvalidInputError(f"{path}: a journal of another version than {VERSION}")
    return JournalContents(header["run"])


class _Reader:
    def __init__(self, contents: JournalContents) -> None:
        self.contents = contents
        self._pending: list[tuple[int, dict[str, Any] | None]] = []
        self._texts: list[str] = []

    def read(self, number: int, line: bytes) -> bool:
        """Reads a line; whether it completes a shard."""
        data = _line(line)
        if data is None or data["type"] != "shard":
            self._pending.append((number, data))
            if data is not None and data["type"] == "finding":
                self._texts.append(line.decode())
            return False
        shard, lines = data["shard"], [line for _, line in self._pending]
        numbers = [number for number, line in self._pending if line is None]
        texts, self._pending, self._texts = self._texts, [], []
        sorts = {
            sort: [line for line in lines if line is not None and line["type"] == sort]
            for sort in ("finding", "failure")
        }
        whole = all(line is not None and line["shard"] == shard for line in lines)
        if not whole or [len(sorts["finding"]), len(sorts["failure"])] != [
            data["findings"],
            data["failures"],
        ]:
            where = f"line {numbers[0]} cannot be read" if numbers else "its lines do not add up"
            self.contents.problems.append(
                f"shard {shard} (line {number}) does not count: {where}; a resumed search repeats "
                "it"
            )
            return True
        self.contents.shards[shard] = data
        self.contents.found[shard] = texts
        self.contents.failed[shard] = sorts["failure"]
        return True

    def finish(self) -> None:
        """What is left belongs to a shard that was not finished."""
        if self._pending:
            self.contents.problems.append(
                f"line {self._pending[0][0]} and what follows belong to a shard that was not "
                "finished; a resumed search repeats it"
            )


_FIELDS: Mapping[str, Mapping[str, type]] = {
    "finding": {"shard": int, "function": str, "class": str, "network": list},
    "failure": {"shard": int, "error": str},
    "shard": {"shard": int, "networks": int, "findings": int, "failures": int},
}


def _line(line: bytes) -> dict[str, Any] | None:
    """A line as data; None if it is none of a journal."""
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("type") not in _FIELDS:
        return None
    fields = _FIELDS[data["type"]]
    if any(type(data.get(name)) is not sort for name, sort in fields.items()):
        return None
    if data["type"] == "shard" and not isinstance(data.get("functions"), (list, type(None))):
        return None
    return data


class Journal:
    """A journal that is written to; a context manager.

    Args:
        path: The file; it is made if it does not exist.
        run: The description of the search.

    Raises:
        InvalidInputError: if the file belongs to another search, is in use, or cannot be opened.

    Attributes:
        contents: What it said when it was opened.
    """

    def __init__(self, path: str | os.PathLike[str], run: Mapping[str, Any]) -> None:
        self._path = path
        self._done = 0
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise InvalidInputError(f"{path}: cannot open ({error})") from None
        try:
            if not S_ISREG(os.fstat(self._file).st_mode):
                raise InvalidInputError(f"{path}: a journal must be a regular file")
            flock(self._file, LOCK_EX | LOCK_NB)
            header = {"format": FORMAT, "version": VERSION, "run": dict(run)}
            if self._has_no_header(header):
                os.lseek(self._file, 0, os.SEEK_SET)
                self._append([header])
            self.contents = read_journal(path)
            self._compare(run)
            os.ftruncate(self._file, self.contents.end)
            os.lseek(self._file, 0, os.SEEK_END)
            self._done = len(self.contents.shards)
        except BlockingIOError:
            os.close(self._file)
            raise InvalidInputError(f"{path}: another search is writing to it") from None
        except BaseException:
            os.close(self._file)
            raise

    def _has_no_header(self, header: Mapping[str, Any]) -> bool:
        """Whether the file is empty, or a search was killed while writing this very header."""
        start = os.pread(self._file, 1 << 20, 0)
        if b"\n" in start or not _text([header]).startswith(start):
            return False
        if start:
            os.ftruncate(self._file, 0)
        return True

    def _compare(self, run: Mapping[str, Any]) -> None:
        here = json.loads(json.dumps(dict(run)))
        for name in sorted({*here, *self.contents.run}):
            if here.get(name) != self.contents.run.get(name):
                raise InvalidInputError(
                    f"{self._path}: the journal of another search; its {name} is "
                    f"{json.dumps(self.contents.run.get(name))}, not {json.dumps(here.get(name))}; "
                    "name a new file, or search for the same"
                )

    def write(self, result: ShardResult) -> None:
        """Appends a finished shard.

        Raises:
            TropnetError: if it cannot be written; the journal is then as it was.
        """
        number = result.shard.number
        lines: list[dict[str, Any]] = [
            {"type": "finding", "shard": number, **finding.data()} for finding in result.findings
        ]
        lines += [
            {"type": "failure", "shard": number, **failure.data()} for failure in result.failures
        ]
        lines.append(
            {
                "type": "shard",
                "shard": number,
                "architecture": list(result.shard.architecture),
                "start": result.shard.start,
                "stop": result.shard.stop,
                "networks": result.networks,
                "undecided": result.undecided,
                "findings": len(result.findings),
                "failures": len(result.failures),
                "functions": None if result.functions is None else list(result.functions),
            }
        )
        self._append(lines)
        self._done += 1

    def _append(self, lines: Sequence[Mapping[str, Any]]) -> None:
        text = _text(lines)
        end = os.fstat(self._file).st_size
        try:
            written = 0
            while written < len(text):
                written += os.write(self._file, text[written:])
            os.fsync(self._file)
        except OSError as error:
            os.ftruncate(self._file, end)
            os.lseek(self._file, end, os.SEEK_SET)
            raise TropnetError(
                f"{self._path}: cannot write ({error.strerror}); {self._done} finished shards are "
                "kept; the same search goes on from there once this is mended"
            ) from None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._file)


def _text(lines: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
