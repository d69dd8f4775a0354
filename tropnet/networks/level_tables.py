"""What the cells of a complex have in common, as arrays: levels in float64, columns, bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tropnet.exact import primitive_vector
from tropnet.networks.layer_forms import IntegerRow, Level, empty_level
from tropnet.networks.sign_filter import (
    MAX_WIDTH,
    FloatMatrix,
    scaled_frame,
    scaled_levels,
)

Words: TypeAlias = NDArray[np.uint64]
"""Sets as bits: the last axis holds 64 elements to a word."""

Booleans: TypeAlias = NDArray[np.bool_]

WORD = 64

UNIT_ROUNDOFF = 2.0**-53
# Powers of two up to here are far from the end of what float64 holds.
_MOST = 900
_LITTLE = np.dtype("<u8")


class LevelTable:
    """One level in float64.

    Attributes:
        level: The level.
        width: The number of neurons.
        weight: Shape (columns, neurons): neuron j computes `row @ weight[:, j]`, a positive
            multiple of its integer form (`unit`).
        modulus: The absolute values of `weight`.
        exponents: The integer form is 2^exponent times what `weight` computes, for each neuron.
        unit: These powers of two; inf where they are out of range.
        words: How many words a set of its neurons takes.
        full: The set of all neurons.
        twins: For each neuron the set of those with the same form up to a non-zero factor.
        carried: The earlier levels that a later level reads, besides this one.
    """

    def __init__(
        self,
        level: Level,
        weight: FloatMatrix,
        exponents: Sequence[int],
        carried: tuple[int, ...],
    ) -> None:
        self.level = level
        self.width = int(level.weight.nrows())
        self.weight = np.ascontiguousarray(weight.T)
        self.modulus = np.abs(self.weight)
        self.exponents = tuple(exponents)
        self.unit = powers_of_two(exponents)
        self.full = packed(np.ones((1, self.width), dtype=bool))[0]
        self.words = len(self.full)
        self.carried = carried
        self.twins = packed(_twins(level))


class ComplexTables:
    """The tables of all levels of a complex, and where the bits of its hyperplanes are.

    Args:
        levels: The levels.
        frame: The inputs and t as forms in the coordinates of the cells.
        outside: The number of hyperplanes that belong to no neuron.

    Attributes:
        depth: The number of levels.
        levels: The levels; one without neurons if there are none.
        dimension: The number of coordinates of a generator, the last one s ≥ 0.
        frame: The inputs and t in float64, shape (dimension, n + 1): a row of coordinates times
            this is a positive multiple of (x, t).
        frame_unit: The integer (x, t) divided by what `frame` computes.
        plain: Whether float64 holds that multiple of t without rounding.
        gamma: See `generator_table`.
        reliable: Whether float64 holds the data with full relative accuracy.
        column_exponents: For each level and column of a `GeneratorTable` the exponent of the power
            of two by which the column is divided, beside integer forms.
        column_units: These powers of two, inf where they are out of range.
        first_words: The first word of each level's neurons in a set of hyperplanes.  The words
            before hold the others (`outside` many).
        words: How many words a set of hyperplanes takes.
    """

    def __init__(self, levels: Sequence[Level], frame: Sequence[IntegerRow], outside: int) -> None:
        self.depth = len(levels)
        levels = levels or [empty_level(len(frame))]
        scaled = scaled_levels(levels)
        columns, shift, reliable = scaled_frame(frame)
        reads = [set(level.sources) for level in levels]
        self.levels = [
            LevelTable(
                level,
                weight,
                [entry + shift for entry in exponents],
                tuple(sorted(s for s in set().union(*reads[depth + 1 :]) if s < depth)),
            )
            for depth, (level, weight, exponents) in enumerate(
                zip(levels, scaled.weights, scaled.exponents, strict=True)
            )
        ]
        self.dimension = len(frame[0])
        self.frame = np.ascontiguousarray(columns.T)
        self.frame_modulus = np.abs(self.frame)
        self.frame_unit = powers_of_two([shift])[0]
        self.reliable = scaled.reliable and reliable
        # Whether t is a power of two times s.
        self.plain = frame[-1][-1].bit_count() == 1
        # Room for the rounding of every inner product and of its data.
        widest = max([len(frame), *(table.weight.shape[0] for table in self.levels)])
        self.reliable &= widest < MAX_WIDTH
        self.gamma = (widest + 8) * UNIT_ROUNDOFF if self.reliable else np.nan
        self.words = -(-outside // WORD)
        self.first_words = []
        for table in self.levels:
            self.first_words.append(self.words)
            self.words += table.words
        self.column_exponents = [self._exponents(depth) for depth in range(len(self.levels))]
        self.column_units = [powers_of_two(exponents) for exponents in self.column_exponents]

    def _exponents(self, depth: int) -> list[int]:
        columns = [0] * self.dimension
        for source in (*self.levels[depth].carried, depth):
            columns += self.levels[source].exponents
        return columns


def powers_of_two(exponents: Sequence[int]) -> FloatMatrix:
    """2^exponent, or inf where that is out of range."""
    return np.array([2.0**exponent if exponent < _MOST else np.inf for exponent in exponents])


def to_mask(words: Words) -> int:
    """A set of words as the bits of an integer."""
    return int.from_bytes(words.tobytes(), "little")


def to_masks(sets: Words) -> list[int]:
    """Each row of words as the bits of an integer."""
    if sets.shape[1] == 1:
        masks: list[int] = sets[:, 0].tolist()
        return masks
    data, width = np.ascontiguousarray(sets).tobytes(), 8 * sets.shape[1]
    return [
        int.from_bytes(data[start : start + width], "little")
        for start in range(0, len(data), width)
    ]


def to_words(mask: int, words: int) -> Words:
    """The bits of an integer as so many words."""
    return np.frombuffer(mask.to_bytes(8 * words, "little"), dtype=_LITTLE)


def packed(members: Booleans) -> Words:
    """Each row of a Boolean matrix as the bits of words, at least one word."""
    data = np.packbits(members, axis=1, bitorder="little")
    words = max(1, -(-members.shape[1] // WORD))
    result = np.zeros((len(members), 8 * words), dtype=np.uint8)
    result[:, : data.shape[1]] = data
    return result.view(_LITTLE)


def unpacked(sets: Words, size: int) -> Booleans:
    """The first `size` bits of each row as a Boolean matrix."""
    data = np.ascontiguousarray(sets).view(np.uint8)
    return np.unpackbits(data, axis=1, count=size, bitorder="little").view(np.bool_)


def _twins(level: Level) -> Booleans:
    """For each neuron the neurons of the same form up to a non-zero factor."""
    members: dict[IntegerRow, list[int]] = {}
    for neuron, row in enumerate(level.weight.tolist()):
        members.setdefault(_line(tuple(map(int, row))), []).append(neuron)
    result = np.zeros((level.weight.nrows(), level.weight.nrows()), dtype=bool)
    for group in members.values():
        result[np.ix_(group, group)] = True
    return result


def _line(row: IntegerRow) -> IntegerRow:
    """A vector up to a non-zero factor."""
    row = primitive_vector(row)
    return max(row, tuple(-entry for entry in row))
