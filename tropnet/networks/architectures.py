"""Architectures: the widths of a network's layers."""

from __future__ import annotations

from collections.abc import Sequence

from tropnet.errors import InvalidInputError
from tropnet.exact import to_integers


def to_architecture(architecture: Sequence[int]) -> tuple[int, ...]:
    """The widths (inputs, hidden layers …, outputs) as a tuple.

    Raises:
        InvalidInputError: if they are not at least two positive integers.

    >>> to_architecture([2, 3, 1])
    (2, 3, 1)
    """
    widths = to_integers(architecture, "architecture")
    if len(widths) < 2 or min(widths) < 1:
        raise InvalidInputError(
            f"architecture: {widths} is not a sequence of at least two positive widths"
        )
    return widths
