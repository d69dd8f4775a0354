"""What every file format has in common: its result, its options and the limits it keeps to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.networks.network import ReLUNetwork

MAX_FILE_BYTES = 256 * 2**20
"""No larger file is read."""

MAX_NUMBERS = 10_000_000
"""No network with more weights and biases is built, zeros included."""


class Loaded(NamedTuple):
    """A network and what its file said that the network does not say."""

    network: ReLUNetwork
    notes: tuple[str, ...] = ()


class Options(NamedTuple):
    """How to read a file; formats for which an option means nothing ignore it."""

    drop_final_activation: bool = False
    raw: bool = False


Reader: TypeAlias = Callable[[bytes, Options], Loaded]
Writer: TypeAlias = Callable[[ReLUNetwork], bytes]


def check_count(count: int, what: str) -> None:
    """Refuse more than `MAX_NUMBERS` numbers before any memory is spent on them.

    Raises:
        InvalidInputError: names `what`, the count and the limit.
    """
    if count > MAX_NUMBERS:
        raise InvalidInputError(f"{what}: {count} numbers are more than the limit of {MAX_NUMBERS}")
