"""Portions of a search: which networks, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tropnet.certificates.budget import Budget
from tropnet.certificates.json_fields import layer_data
from tropnet.errors import BudgetExceededError, TropnetError
from tropnet.networks.network import ReLUNetwork
from tropnet.search.digests import class_digest, function_digest
from tropnet.search.finding import Finding
from tropnet.search.generators import Architecture, Generator
from tropnet.search.kinds import Kind


class Shard(NamedTuple):
    """Networks of one architecture with successive indices.

    Attributes:
        number: The number of the shard in its search.
        architecture: The widths.
        start: The first index.
        stop: One more than the last index.
    """

    number: int
    architecture: Architecture
    start: int
    stop: int


@dataclass(frozen=True)
class Failure:
    """A network that could not be examined.

    Attributes:
        index: Its index.
        network: It.
        error: What went wrong.
    """

    index: int
    network: ReLUNetwork
    error: str

    def data(self) -> dict[str, Any]:
        """The failure as plain JSON data."""
        return {
            "architecture": list(self.network.architecture),
            "index": self.index,
            "network": layer_data(self.network.layers),
            "error": self.error,
        }


@dataclass(frozen=True)
class ShardResult:
    """What came of a shard.

    Attributes:
        shard: The shard.
        networks: How many networks were examined.
        undecided: How many of them the budget did not suffice for.
        findings: No two about the same function and the same network up to trivial symmetry.
        failures: The networks that could not be examined.
        functions: The digests of all functions, sorted; None if they were not asked for.
    """

    shard: Shard
    networks: int
    undecided: int
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    functions: tuple[str, ...] | None


@dataclass(frozen=True)
class Examination:
    """What is done with every network of a search; it can be sent to another process.

    Attributes:
        kind: What is searched for.
        generator: Where the networks come from.
        functions: Whether to name all functions, not only those of findings.
        budget: Limits for each network.
    """

    kind: Kind
    generator: Generator
    functions: bool = False
    budget: Budget | None = None

    def run(self, shard: Shard) -> ShardResult:
        """Examines the networks of a shard; an error is kept with the network it concerns."""
        count = undecided = 0
        findings: dict[tuple[str, str], Finding] = {}
        failures = []
        functions = set()
        for index, net in self.generator.networks(shard.architecture, shard.start, shard.stop):
            count += 1
            try:
                if self.functions:
                    functions.add(function_digest(net))
                finding = self._examine(index, net)
            except BudgetExceededError:
                undecided += 1
            except Exception as error:  # one's own predicate may raise anything
                failures.append(Failure(index, net, f"{type(error).__name__}: {error}"))
            else:
                if finding is not None:
                    findings.setdefault(finding.key, finding)
        return ShardResult(
            shard,
            count,
            undecided,
            tuple(findings.values()),
            tuple(failures),
            tuple(sorted(functions)) if self.functions else None,
        )

    def _examine(self, index: int, net: ReLUNetwork) -> Finding | None:
        finding = self.kind.find(net, self.budget)
        if finding is None:
            return None
        if not self.kind.verify(finding):
            raise TropnetError("the proofs of a finding do not hold; it is left out")
        # What is named is the network that was found, which one's own predicate may have changed.
        return finding.labelled(
            self.kind.name,
            index,
            function_digest(finding.network),
            class_digest(finding.network),
        )


def shards(
    generator: Generator,
    architectures: Sequence[Architecture],
    seeds: range | None,
    size: int,
) -> tuple[Shard, ...]:
    """The shards of a search, numbered.

    Args:
        generator: Where the networks come from.
        architectures: The architectures, one after the other.
        seeds: The indices, for each architecture; None for all there are.
        size: How many indices a shard has at most.
    """
    found: list[Shard] = []
    for architecture in architectures:
        total = generator.size(architecture)
        indices = range(total or 0) if seeds is None else seeds
        stop = indices.stop if total is None else min(indices.stop, total)
        for start in range(indices.start, stop, size):
            found.append(Shard(len(found), architecture, start, min(start + size, stop)))
    return tuple(found)
