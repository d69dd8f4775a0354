"""The reductions that a network's weights show at once, until none is left."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TypeAlias

from tropnet.networks.simplification.draft import Draft, Reduced
from tropnet.networks.simplification.obvious import (
    with_twins_merged,
    without_constants,
    without_silent,
    without_unread,
)
from tropnet.networks.simplification.shares import without_affine_layer
from tropnet.networks.simplification.steps import Step

Reduction: TypeAlias = Callable[[Draft, int], Reduced]

# In this order each may rely on those before having been tried on all layers.
_REDUCTIONS = (
    without_unread,
    without_silent,
    without_constants,
    with_twins_merged,
    without_affine_layer,
)


def tidied(draft: Draft) -> Reduced:
    """The draft after all reductions that its weights show at once, and their steps."""
    steps: list[Step] = []
    while True:
        draft, new = _first_reduction(draft)
        if not new:
            return draft, steps
        steps += new


def _first_reduction(draft: Draft) -> Reduced:
    for reduce, index in product(_REDUCTIONS, range(draft.depth)):
        smaller, steps = reduce(draft, index)
        if steps:
            return smaller, steps
    return draft, []
