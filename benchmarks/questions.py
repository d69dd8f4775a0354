"""Pairs of networks with a known answer, by names that a child process can be given."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import NamedTuple

from generators.differences import disguised, low_bump
from generators.identities import IDENTITIES
from generators.networks import eighths_network
from generators.pairs import load_pair
from tropnet import ReLUNetwork


class Question(NamedTuple):
    """Are f and g the same function?  They are iff `equal`."""

    f: ReLUNetwork
    g: ReLUNetwork
    equal: bool


def widths(architecture: str) -> tuple[int, ...]:
    """The widths of an architecture such as 2-4-1."""
    return tuple(map(int, architecture.split("-")))


def question(name: str) -> Question:
    """The pair of a name: the path of a pair's file, or IDENTITY:ARCHITECTURE[:bump].

    IDENTITY is one of `generators.identities.IDENTITIES`, in three random networks of the
    architecture; with `bump` a bump 2^−30 high in a box of side 1/64 is added to one side.
    """
    if name.endswith(".json"):
        pair = load_pair(Path(name))
        return Question(pair.f, pair.g, pair.equal)
    identity, architecture, *bump = name.split(":")
    a, b, c = (eighths_network(widths(architecture), Random(seed)) for seed in range(3))
    if bump:
        f, g, _ = disguised(low_bump, IDENTITIES[identity], (a, b, c), seed=0)
        return Question(f, g, equal=False)
    return Question(*IDENTITIES[identity](a, b, c), equal=True)
