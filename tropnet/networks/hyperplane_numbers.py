"""The numbers of hyperplanes in the bits of `Cell.tight`, and in the words of a `GeneratorTable`.

As bits: the hyperplane at infinity, the constraints, the neurons level by level, others.  In words
those that belong to no neuron come first, and each level begins with a new word.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from tropnet.networks.cells import SignMasks
from tropnet.networks.level_tables import WORD, ComplexTables, Words, to_masks, to_words


class HyperplaneNumbers:
    """Both ways to number the hyperplanes of a complex.

    Args:
        tables: Its levels, at least one.
        constraints: The number of constraints.

    Attributes:
        tables: Its levels.
        first: The number of each level's first neuron.
        end: The number after the last neuron, where other hyperplanes begin.
    """

    def __init__(self, tables: ComplexTables, constraints: int) -> None:
        self.tables = tables
        self._inner = 1 + constraints
        self.end = self._inner
        self.first = []
        for level in tables.levels:
            self.first.append(self.end)
            self.end += level.width
        # All that belong to no neuron.
        outside = WORD * tables.first_words[0] - self._inner
        self._others = (1 << self._inner) - 1 | ((1 << outside) - 1) << self.end

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked_numbers, (self._packed,)

    @cached_property
    def _packed(self) -> bytes:
        return pickle.dumps((self.tables, self._inner - 1))

    def to_words(self, masks: Sequence[int]) -> Words:
        """Sets of hyperplanes given as bits."""
        tables = self.tables
        result = np.zeros((len(masks), tables.words), dtype=np.uint64)
        outside = tables.first_words[0]
        for row, mask in enumerate(masks):
            others = mask & (1 << self._inner) - 1 | mask >> self.end << self._inner
            result[row, :outside] = to_words(others, outside)
            for word, first, level in zip(
                tables.first_words, self.first, tables.levels, strict=True
            ):
                neurons = mask >> first & (1 << level.width) - 1
                result[row, word : word + level.words] = to_words(neurons, level.words)
        return result

    def to_masks(self, on: Words) -> list[int]:
        """Sets of hyperplanes given as words."""
        tables, low = self.tables, (1 << self._inner) - 1
        masks = [
            mask & low | mask >> self._inner << self.end
            for mask in to_masks(on[:, : tables.first_words[0]])
        ]
        for word, first, level in zip(tables.first_words, self.first, tables.levels, strict=True):
            neurons = to_masks(on[:, word : word + level.words])
            masks = [mask | more << first for mask, more in zip(masks, neurons, strict=True)]
        return masks

    def touching(self, signs: Sequence[SignMasks]) -> int:
        """All hyperplanes but those of neurons that vanish identically, given the signs on a cell.

        Args:
            signs: Those of the first levels; the neurons of later ones are left out.
        """
        result = self._others
        for first, (positive, negative) in zip(self.first, signs, strict=False):
            result |= (positive | negative) << first
        return result


@lru_cache(maxsize=8)
def _unpacked_numbers(packed: bytes) -> HyperplaneNumbers:
    """Numbers that many tasks have in common are made once in each process."""
    return HyperplaneNumbers(*pickle.loads(packed))
