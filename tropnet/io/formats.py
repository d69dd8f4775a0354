"""What every file format has in common: its result, its options and the limits it keeps to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.networks.network import ReLUNetwork

MAX_FILE_BYTES = 64 * 2**20
"""No larger file is read; what a format makes of it is some twenty times as large at worst."""

MAX_NUMBERS = 5_000_000
"""No network with more weights and biases is built, zeros included."""

MAX_WIDTH = 500_000
"""No layer is wider, and no tensor of a graph larger."""


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
    _check(count, what, "numbers", MAX_NUMBERS)


def check_width(count: int, what: str) -> None:
    """Refuse a layer or tensor of more than `MAX_WIDTH` entries.

    Raises:
        InvalidInputError: names `what`, the count and the limit.
    """
    _check(count, what, "entries", MAX_WIDTH)


def _check(count: int, what: str, unit: str, limit: int) -> None:
    if count > limit:
        shown = str(count) if count < 10**30 else "more than 10^30"
        raise InvalidInputError(f"{what}: {shown} {unit} are more than the limit of {limit}")
