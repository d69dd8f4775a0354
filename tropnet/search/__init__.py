"""Search for counterexamples: generators, kinds, an engine over executors, a journal."""

from __future__ import annotations

from tropnet.search.engine import SearchProgress, SearchResult, search_counterexamples
from tropnet.search.enumeration import Enumeration
from tropnet.search.finding import Finding
from tropnet.search.generators import Mutations, RandomWeights, Structured
from tropnet.search.processes import WorkerProcesses

__all__ = [
    "Enumeration",
    "Finding",
    "Mutations",
    "RandomWeights",
    "SearchProgress",
    "SearchResult",
    "Structured",
    "WorkerProcesses",
    "search_counterexamples",
]
