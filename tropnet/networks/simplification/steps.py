"""What a simplification did, and what a budget left undecided, as data and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import NamedTuple


class Reason(Enum):
    """Why neurons could go; the value says it in words."""

    UNREAD = "nothing reads it"
    SILENT = "never active"
    CONSTANT = "constant"
    TWIN = "a positive multiple of another neuron of its layer"
    OPPOSITE = "spared by reading others of its layer on the other side of their hyperplanes"
    DEPENDENT = "an affine combination of other neurons"
    BUNDLED = "always active, and what it passes on others can pass on"
    AFFINE_LAYER = "the layer is affine and merges with the next"
    CONSTANT_NETWORK = "the network is constant"
    IRRELEVANT = "deeper neurons let it reach no output"
    ACTIVE_WHERE_RELEVANT = "deeper neurons read the layer only where it is affine"
    SHALLOW = "spared by the narrowest layer that does the same"


class Term(NamedTuple):
    """A multiple of a neuron's activation, of an input (layer 0), or of the constant 1.

    Attributes:
        coefficient: The factor.
        layer: The hidden layer, counted from 1; 0 for inputs; None for the constant.
        neuron: The position in the layer.
    """

    coefficient: Fraction
    layer: int | None
    neuron: int

    def __str__(self) -> str:
        if self.layer is None:
            return str(self.coefficient)
        return f"{self.coefficient}·[{self.layer}:{self.neuron}]"


@dataclass(frozen=True)
class Step:
    """One reduction.

    Layers are counted from 1 and positions from 0, as they are in the network that was given.

    Attributes:
        layer: The hidden layer.
        neurons: The neurons that it lost.
        reason: Why they could go.
        terms: For a dependent neuron, the terms whose sum is its activation, in the scaling that
            the neurons have by then.
        changed: Neurons of the layer that got other incoming weights with this step.
    """

    layer: int
    neurons: tuple[int, ...]
    reason: Reason
    terms: tuple[Term, ...] = ()
    changed: tuple[int, ...] = ()

    def __str__(self) -> str:
        text = f"{place(self.layer, self.neurons)}: {self.reason.value}"
        if self.terms:
            text += f" ({' + '.join(map(str, self.terms))})"
        if self.changed:
            text += f"; changed: {_listed(self.changed)}"
        return text


class OpenQuestion(NamedTuple):
    """Something that a budget left undecided.

    Attributes:
        layer: The hidden layer, counted from 1 as in the network that was given.
        neurons: The neurons in question.
        text: The question.
    """

    layer: int
    neurons: tuple[int, ...]
    text: str

    def __str__(self) -> str:
        return f"{place(self.layer, self.neurons)}: {self.text}"


def place(layer: int, neurons: Sequence[int]) -> str:
    """Some neurons of a layer in words.

    >>> place(2, (0, 3, 4, 5))
    'layer 2, neurons 0, 3–5'
    """
    return f"layer {layer}, neuron{'s' if len(neurons) > 1 else ''} {_listed(neurons)}"


def _listed(numbers: Sequence[int]) -> str:
    """Ascending numbers, three or more consecutive ones as a range."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][-1] + 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ", ".join(
        f"{part[0]}–{part[-1]}" if len(part) > 2 else ", ".join(map(str, part)) for part in parts
    )
