"""Answers to questions that may stay open: proved, refuted, or undecided with what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NoReturn

from tropnet.certificates.records import Record


class Verdict(Enum):
    """What is known about a statement."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Answer(Record):
    """What is known about a statement, and why.

    Attributes:
        verdict: Proved, refuted, or undecided.
        certificate: What proves the verdict: plain data with a `check`; None if undecided.
        bounds: The best bounds that were found, by name.
        scope: The statement, and the class of representations that it covers.
        statistics: How the verdict was found, by name: counts of what was looked at.

    An answer is no truth value, since an undecided one must not read as no:

    >>> answer = Answer(Verdict.PROVED, scope="2 + 2 = 4")
    >>> answer.verdict is Verdict.PROVED
    True
    >>> bool(answer)
    Traceback (most recent call last):
        ...
    TypeError: an Answer is not a truth value; ask for .verdict
    """

    verdict: Verdict
    certificate: Any = None
    bounds: Mapping[str, Any] = field(default_factory=dict)
    scope: str = ""
    statistics: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> NoReturn:
        raise TypeError("an Answer is not a truth value; ask for .verdict")

    def __repr__(self) -> str:
        return f"<Answer: {self.verdict.value}{f'; {self.scope}' if self.scope else ''}>"
