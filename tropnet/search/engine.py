"""The search: shards to an executor, results to a journal."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from tropnet.certificates.budget import Budget
from tropnet.errors import InvalidInputError, TropnetError
from tropnet.networks.architectures import to_architecture
from tropnet.networks.network import ReLUNetwork
from tropnet.search.finding import Finding
from tropnet.search.generators import Generator, RandomWeights
from tropnet.search.journal import Journal, JournalContents
from tropnet.search.kinds import load_kind
from tropnet.search.shards import Examination, Shard, ShardResult, shards

# A worker that dies takes its shard with it; the shard is given out again so many times.
_ATTEMPTS = 3

# How many shards are waiting or worked at, for each worker.
_AHEAD = 2
_WORKERS = 16


@dataclass(frozen=True)
class SearchProgress:
    """How far a search is.

    Attributes:
        shards: How many shards there are.
        finished: How many are finished, those of an earlier run included.
        networks: How many networks have been examined.
        findings: How many findings there are; some may be repetitions.
        failures: How many networks could not be examined.
        seconds: How long this run has taken.
        new: How many shards this run has finished.
    """

    shards: int
    finished: int
    networks: int
    findings: int
    failures: int
    seconds: float
    new: int

    @property
    def remaining_seconds(self) -> float | None:
        """An estimate of how long it will still take; None before anything is finished."""
        if not self.new:
            return None
        return self.seconds / self.new * (self.shards - self.finished)


Report: TypeAlias = Callable[[SearchProgress], None]


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        kind: What was searched for.
        contents: What the journal says, or would say.
        networks: How many networks were examined.
        undecided: How many of them the budget did not suffice for.
        functions: How many different functions they are; None if that was not asked for.
        failures: Sentences about the networks that could not be examined.
        lost: The numbers of shards whose worker died again and again; they are not finished, and
            the same search with the same journal tries them again.
        problems: Sentences about lines of the journal that were not used.
    """

    kind: str
    contents: JournalContents
    networks: int
    undecided: int
    functions: int | None
    failures: tuple[str, ...]
    lost: tuple[int, ...]
    problems: tuple[str, ...]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, by shard and index.

        No two are about the same function and the same network up to permutation and scaling.
        """
        return tuple(self.contents.findings())

    def __repr__(self) -> str:
        count = len(self.findings)
        return (
            f"<SearchResult: {count} finding{'s' if count != 1 else ''} of kind {self.kind} among "
            f"{self.networks} networks>"
        )


def search_counterexamples(
    kind: str | Callable[[ReLUNetwork], object],
    architectures: Sequence[Sequence[int]],
    seeds: int | range | None = None,
    executor: Executor | None = None,
    journal: str | os.PathLike[str] | None = None,
    *,
    generator: Generator | None = None,
    shard_size: int = 100,
    functions: bool = False,
    budget: Budget | None = None,
    progress: Report | None = None,
) -> SearchResult:
    """Looks through networks for a property, and proves every finding before it is kept.

    Args:
        kind: One of `kinds.KINDS` (`non_identifiable_minimal`, `hidden_symmetry`, `depth_collapse`,
            `shallow_orbits`, `locally_unique_only`), or one's own predicate: a function, or its
            name as "module:function" (see `load_kind`).
        architectures: The widths of the networks.
        seeds: How many networks for each architecture, or the range of their seeds; None for all
            networks of an `Enumeration`.
        executor: Any `concurrent.futures.Executor`: processes, a Dask client's `get_executor()`,
            mpi4py's `MPIPoolExecutor`; None to work in this process.
        journal: A file to which finished shards are appended.  If it exists, the search goes on
            where it ended (see `journal`).
        generator: Where the networks come from; small random integers by default.
        shard_size: How many indices make a shard.
        functions: Whether to count the different functions among all networks.
        budget: Limits for each network, for what may take long.
        progress: Called after every shard.

    Returns:
        A `SearchResult`; it depends on the arguments alone, not on the executor, as long as no
        budget of time is set.

    Raises:
        InvalidInputError: for an unknown kind, a bad architecture, no seeds where they are needed,
            or a journal of another search.
        TropnetError: if the journal cannot be written, or the executor takes no more tasks; the
            finished shards are kept.

    Guarantees:
        The certificates of every finding have been checked (`kinds.Kind.verify`).

    >>> found = search_counterexamples("shallow_orbits", [(2, 3, 1)], 40)
    >>> all(finding.proofs_hold() for finding in found.findings)
    True
    """
    source = RandomWeights() if generator is None else generator
    widths = [to_architecture(architecture) for architecture in architectures]
    examination = Examination(load_kind(kind), source, functions, budget)
    indices = range(seeds) if isinstance(seeds, int) else seeds
    _check_arguments(source, widths, indices, shard_size)
    plan = shards(source, widths, indices, shard_size)
    run = {
        "kind": examination.kind.name,
        **source.data(),
        "architectures": [list(each) for each in widths],
        "seeds": None if indices is None else [indices.start, indices.stop],
        "shard_size": shard_size,
        "shards": len(plan),
        "functions": functions,
        "regions": None if budget is None else budget.regions,
        "seconds": None if budget is None else budget.seconds,
    }
    with nullcontext() if journal is None else Journal(journal, run) as book:
        contents = JournalContents(run) if book is None else book.contents
        ledger = _Ledger(contents, len(plan), book, progress)
        todo = [shard for shard in plan if shard.number not in contents.shards]
        if executor is None:
            for shard in todo:
                ledger.add(examination.run(shard))
            lost = []
        else:
            lost = _distribute(examination, todo, executor, ledger)
    return ledger.result(examination.kind.name, lost)


def _check_arguments(
    source: Generator,
    architectures: Sequence[tuple[int, ...]],
    seeds: range | None,
    shard_size: int,
) -> None:
    if shard_size < 1:
        raise InvalidInputError("shard_size: expected a positive number")
    if len(set(architectures)) < len(architectures):
        raise InvalidInputError("architectures: one of them is named twice")
    if seeds is not None and (seeds.step != 1 or seeds.start < 0):
        raise InvalidInputError("seeds: expected a number, or a range of step 1 from 0 or more on")
    for architecture in architectures:
        if seeds is None and source.size(architecture) is None:
            raise InvalidInputError("seeds: this generator has no end; say how many networks")
        # What a generator has to say against an architecture it says before anything is done.
        next(source.networks(architecture, 0, 1), None)


class _Ledger:
    """Adds up shards, in memory as in the journal."""

    def __init__(
        self,
        contents: JournalContents,
        total: int,
        journal: Journal | None,
        progress: Report | None,
    ) -> None:
        self._contents = contents
        self._total = total
        self._journal = journal
        self._progress = progress
        self._new = 0
        self._start = time.monotonic()

    def add(self, result: ShardResult) -> None:
        """Keeps a finished shard."""
        if self._journal is not None:
            self._journal.write(result)
        number = result.shard.number
        self._contents.found[number] = [json.dumps(each.data()) for each in result.findings]
        self._contents.failed[number] = [failure.data() for failure in result.failures]
        self._contents.shards[number] = {
            "architecture": list(result.shard.architecture),
            "failures": len(result.failures),
            "networks": result.networks,
            "undecided": result.undecided,
            "functions": result.functions,
        }
        self._new += 1
        if self._progress is not None:
            self._progress(
                SearchProgress(
                    self._total,
                    len(self._contents.shards),
                    self._contents.networks,
                    sum(map(len, self._contents.found.values())),
                    sum(map(len, self._contents.failed.values())),
                    time.monotonic() - self._start,
                    self._new,
                )
            )

    def result(self, kind: str, lost: Sequence[int]) -> SearchResult:
        """What has been found so far."""
        contents = self._contents
        return SearchResult(
            kind,
            contents,
            contents.networks,
            sum(shard["undecided"] for shard in contents.shards.values()),
            contents.functions,
            tuple(
                f"network {line['index']} of {line['architecture']}: {line['error']}"
                for line in contents.failures()
            ),
            tuple(sorted(lost)),
            tuple(contents.problems),
        )


def _distribute(
    examination: Examination, todo: Sequence[Shard], executor: Executor, ledger: _Ledger
) -> list[int]:
    """Has an executor work at shards; the numbers of those whose workers always died."""
    ahead = _AHEAD * getattr(executor, "_max_workers", _WORKERS)
    waiting = iter(todo)
    running: dict[Future[Any], tuple[Shard, int]] = {}
    lost = []
    try:
        for shard in _first(waiting, ahead):
            running[_submit(executor, examination, shard)] = shard, 1
        while running:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=lambda each: running[each][0].number):
                shard, attempt = running.pop(future)
                error = future.exception()
                if error is None:
                    ledger.add(future.result())
                elif not _is_lost_worker(error):
                    raise error
                elif attempt < _ATTEMPTS:
                    running[_submit(executor, examination, shard)] = shard, attempt + 1
                    continue
                else:
                    lost.append(shard.number)
                for following in _first(waiting, 1):
                    running[_submit(executor, examination, following)] = following, 1
    finally:
        for future in running:
            future.cancel()
    return lost


def _submit(executor: Executor, examination: Examination, shard: Shard) -> Future[ShardResult]:
    try:
        return executor.submit(examination.run, shard)
    except (BrokenExecutor, RuntimeError) as error:
        raise TropnetError(
            f"executor: it takes no more tasks ({error}); the finished shards are in the journal, "
            "and the same search with another executor goes on from there"
        ) from None


def _is_lost_worker(error: BaseException) -> bool:
    """Whether a worker died; Dask, which tries again by itself, has its own exception."""
    return isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"


def _first(items: Iterator[Shard], count: int) -> Iterator[Shard]:
    for _ in range(count):
        item = next(items, None)
        if item is None:
            return
        yield item
