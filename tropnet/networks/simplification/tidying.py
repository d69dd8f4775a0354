"""The reductions that need no look at regions, one after the other until none applies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import TypeAlias

from tropnet.networks.simplification.bundles import with_bundles
from tropnet.networks.simplification.draft import Draft, Reduced, Step
from tropnet.networks.simplification.hinges import without_affine_layer
from tropnet.networks.simplification.obvious import (
    with_twins_merged,
    without_constants,
    without_silent,
    without_unread,
)
from tropnet.networks.simplification.orientation import reoriented

Reduction: TypeAlias = Callable[[Draft, int], Reduced]

# In this order each may rely on those before having been tried on all layers.
_PLAIN = (
    without_unread,
    without_silent,
    without_constants,
    with_twins_merged,
    without_affine_layer,
)
_RESHAPING = (reoriented, with_bundles)


def tidied(draft: Draft) -> Reduced:
    """The draft after all reductions that its weights show at once, and their steps."""
    steps: list[Step] = []
    while True:
        draft, new = _first(_PLAIN, draft, range(draft.depth))
        if not new:
            return draft, steps
        steps += new


def reshaped(draft: Draft, indices: Iterable[int] | None = None) -> Reduced:
    """The draft after one reduction that gives neurons other weights, if one is found.

    It has to be tidy.  What is known about its neurons as functions should have been used before:
    such relations are easier to see while neurons have the weights that they were given.

    Args:
        draft: The draft.
        indices: The hidden layers to look at, counted from 0; by default all.
    """
    return _first(_RESHAPING, draft, range(draft.depth) if indices is None else indices)


def _first(reductions: Sequence[Reduction], draft: Draft, indices: Iterable[int]) -> Reduced:
    for reduce, index in product(reductions, indices):
        smaller, steps = reduce(draft, index)
        if steps:
            return smaller, steps
    return draft, []
