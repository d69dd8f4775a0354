"""Answers with the seconds that they took by the clock of those who gave them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Timed(NamedTuple):
    """An answer of a program whose start is not to count.

    Attributes:
        answer: The answer.
        seconds: CPU seconds without the start.
    """

    answer: Any
    seconds: float
