"""All networks with numbers from given sets, one for each class under trivial symmetry.

A network is the sequence of its rows (weights, then bias), layer by layer, and so a number in a
mixed radix.  Of all equivalent ones (permuted, or positively rescaled within the sets) the one with
the least number is taken.  Sequences in which the rows of the first hidden layer are not in order
are never the least, and are passed over together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, permutations, product
from math import prod
from typing import Any, NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, to_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.search.generators import Architecture, numbers, texts

Rows = tuple[tuple[Fraction, ...], ...]
"""Rows of a layer: weights, then bias."""


class _Radix(NamedTuple):
    """The digits of an architecture: for each a set of numbers, the most significant first."""

    bases: tuple[int, ...]
    first: int  # how many networks share their first hidden layer


@dataclass(frozen=True)
class Enumeration:
    """All networks with weights and biases from given sets, up to trivial symmetry.

    Attributes:
        weights: The numbers for weights.
        biases: The numbers for biases.

    >>> small = Enumeration((-1, 0, 1), (0,))
    >>> len(list(small.networks((1, 2, 1), 0, small.size((1, 2, 1)))))     # of 81
    45
    """

    weights: Sequence[Number] = (-1, 0, 1)
    biases: Sequence[Number] = (-1, 0, 1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", numbers(self.weights, "weights"))
        object.__setattr__(self, "biases", numbers(self.biases, "biases"))

    def data(self) -> dict[str, Any]:
        """A description as plain JSON data."""
        return {
            "generator": "enumeration",
            "weights": texts(to_vector(self.weights, "weights")),
            "biases": texts(to_vector(self.biases, "biases")),
        }

    def size(self, architecture: Architecture) -> int:
        """The number of all networks, equivalent ones counted as often as they occur."""
        return prod(self._radix(architecture).bases)

    def networks(
        self, architecture: Architecture, start: int, stop: int
    ) -> Iterator[tuple[int, ReLUNetwork]]:
        """One network of each class whose least number is from `start` to before `stop`."""
        if len(architecture) < 2:
            raise InvalidInputError(f"architecture: {architecture} has no layers")
        radix = self._radix(architecture)
        index, stop = start, min(stop, self.size(architecture))
        while index < stop:
            layers = self._layers(architecture, radix, index)
            if len(layers) > 1 and not _is_sorted(map(self._key, layers[0])):
                index += radix.first - index % radix.first
                continue
            if self._is_least(layers):
                yield (
                    index,
                    ReLUNetwork(
                        ([row[:-1] for row in rows], [row[-1] for row in rows]) for rows in layers
                    ),
                )
            index += 1

    def _radix(self, architecture: Architecture) -> _Radix:
        bases: list[int] = []
        first = 1
        for number, (inputs, outputs) in enumerate(pairwise(architecture)):
            layer = ([len(self.weights)] * inputs + [len(self.biases)]) * outputs
            bases += layer
            first *= prod(layer) if number else 1
        return _Radix(tuple(bases), first)

    def _layers(self, architecture: Architecture, radix: _Radix, index: int) -> list[Rows]:
        digits = []
        for base in reversed(radix.bases):
            index, digit = divmod(index, base)
            digits.append(digit)
        layers = []
        for inputs, outputs in pairwise(architecture):
            rows = []
            for _ in range(outputs):
                weights = [self._weight[digits.pop()] for _ in range(inputs)]
                rows.append((*weights, self._bias[digits.pop()]))
            layers.append(tuple(rows))
        return layers

    @cached_property
    def _weight(self) -> tuple[Fraction, ...]:
        return to_vector(self.weights, "weights")

    @cached_property
    def _bias(self) -> tuple[Fraction, ...]:
        return to_vector(self.biases, "biases")

    @cached_property
    def _places(self) -> tuple[dict[Fraction, int], dict[Fraction, int]]:
        weights, biases = (
            {value: place for place, value in enumerate(values)}
            for values in (self._weight, self._bias)
        )
        return weights, biases

    @cached_property
    def _factors(self) -> tuple[Fraction, ...]:
        """The positive factors that can take some number of a set to another one."""
        sizes = {
            (abs(a), abs(b))
            for values in (self._weight, self._bias)
            for a in values
            for b in values
            if a and b
        }
        return tuple(sorted({Fraction(1), *(a / b for a, b in sizes)}))

    def _key(self, row: Sequence[Fraction]) -> tuple[int, ...]:
        weights, biases = self._places
        return (*(weights[entry] for entry in row[:-1]), biases[row[-1]])

    def _is_least(self, layers: Sequence[Rows]) -> bool:
        """Whether no equivalent network with numbers from the sets has a lesser number."""
        own = [tuple(map(self._key, rows)) for rows in layers]
        orders = [permutations(range(len(rows))) for rows in layers[:-1]]
        for order in product(*orders):
            permuted = _permuted(layers, order)
            if self._comes_before(permuted, own):
                return False
            if len(self._factors) > 1 and any(
                self._comes_before(each, own) for each in self._rescaled(permuted)
            ):
                return False
        return True

    def _comes_before(
        self, layers: Sequence[Rows], own: Sequence[Sequence[tuple[int, ...]]]
    ) -> bool:
        for rows, keys in zip(layers, own, strict=True):
            for row, key in zip(rows, keys, strict=True):
                here = self._key(row)
                if here != key:
                    return here < key
        return False

    def _rescaled(self, layers: Sequence[Rows]) -> Iterator[list[Rows]]:
        """The networks with numbers from the sets whose neurons are rescaled."""
        index = [(k, i) for k, rows in enumerate(layers[:-1]) for i in range(len(rows))]
        for factors in product(self._factors, repeat=len(index)):
            scale = dict(zip(index, factors, strict=True))
            scaled = [
                tuple(
                    tuple(
                        entry * scale.get((k, i), 1) / scale.get((k - 1, j), 1)
                        for j, entry in enumerate(row)
                    )
                    for i, row in enumerate(rows)
                )
                for k, rows in enumerate(layers)
            ]
            weights, biases = self._places
            if all(
                row[-1] in biases and all(entry in weights for entry in row[:-1])
                for rows in scaled
                for row in rows
            ):
                yield scaled


def _permuted(layers: Sequence[Rows], order: Sequence[Sequence[int]]) -> list[Rows]:
    """The layers with hidden neurons in another order."""
    permuted: list[Rows] = []
    for k, rows in enumerate(layers):
        if k:
            rows = tuple((*(row[j] for j in order[k - 1]), row[-1]) for row in rows)
        if k < len(order):
            rows = tuple(rows[i] for i in order[k])
        permuted.append(rows)
    return permuted


def _is_sorted(keys: Iterator[tuple[int, ...]]) -> bool:
    return all(one <= other for one, other in pairwise(keys))
