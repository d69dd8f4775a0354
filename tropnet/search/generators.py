"""Networks to look through: random ones of several sorts, numbered by their seed.

A generator numbers networks of an architecture by indices; the same index gives the same network,
in every process and on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, Protocol

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, format_fraction, to_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.search.digests import class_digest

Architecture = tuple[int, ...]


class Generator(Protocol):
    """A source of networks."""

    def data(self) -> dict[str, Any]:
        """A description as plain JSON data: with it the networks can be made again."""

    def size(self, architecture: Architecture) -> int | None:
        """One more than the largest index; None if there is no largest."""

    def networks(
        self, architecture: Architecture, start: int, stop: int
    ) -> Iterator[tuple[int, ReLUNetwork]]:
        """The networks with indices from `start` to before `stop`, with their indices."""


def numbers(values: Sequence[Number], name: str) -> Vector:
    """Different numbers, sorted."""
    found = to_vector(values, name)
    if not found:
        raise InvalidInputError(f"{name}: no numbers to choose from")
    return tuple(sorted(set(found)))


def texts(values: Vector) -> list[str]:
    """Numbers as texts."""
    return [format_fraction(value) for value in values]


@dataclass(frozen=True)
class RandomWeights:
    """Independent weights and biases, each from a set of numbers.

    Attributes:
        weights: The numbers for weights.
        biases: The numbers for biases; (0,) for networks without biases.
        zeros: How many of a hundred weights are 0 whatever the set, for sparse networks.

    >>> generator = RandomWeights((-1, 1), (0,))
    >>> [(index, net)] = generator.networks((2, 3, 1), 5, 6)
    >>> index, net.architecture, set(net.layers[0].bias)
    (5, (2, 3, 1), {Fraction(0, 1)})
    """

    weights: Sequence[Number] = (-2, -1, 0, 1, 2)
    biases: Sequence[Number] = (-2, -1, 0, 1, 2)
    zeros: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", numbers(self.weights, "weights"))
        object.__setattr__(self, "biases", numbers(self.biases, "biases"))
        if not 0 <= self.zeros < 100:
            raise InvalidInputError("zeros: expected a percentage from 0 to 99")

    def data(self) -> dict[str, Any]:
        """A description as plain JSON data."""
        return {
            "generator": "random",
            "weights": texts(to_vector(self.weights, "weights")),
            "biases": texts(to_vector(self.biases, "biases")),
            "zeros": self.zeros,
        }

    def size(self, _architecture: Architecture) -> None:
        """There is one for each seed."""
        return

    def networks(
        self, architecture: Architecture, start: int, stop: int
    ) -> Iterator[tuple[int, ReLUNetwork]]:
        """The networks with seeds from `start` to before `stop`."""
        for seed in range(start, stop):
            random = Random(f"random {architecture} {seed}")
            yield (
                seed,
                ReLUNetwork(
                    (
                        [[self._weight(random) for _ in range(inputs)] for _ in range(outputs)],
                        [random.choice(self.biases) for _ in range(outputs)],
                    )
                    for inputs, outputs in pairwise(architecture)
                ),
            )

    def _weight(self, random: Random) -> Number:
        if random.randrange(100) < self.zeros:
            return 0
        return random.choice(self.weights)


@dataclass(frozen=True)
class Structured:
    """Networks whose layers have rows in common, up to sign and factor, or rows that sum to zero.

    Half of the rows of a layer are random; each other one is a small multiple of an earlier one, a
    sum of two earlier ones, or minus the sum of all.  Such networks have coincidences that
    independent weights hardly ever have.

    Attributes:
        weights: The numbers for weights.
        biases: The numbers for biases.
    """

    weights: Sequence[Number] = (-2, -1, 0, 1, 2)
    biases: Sequence[Number] = (-1, 0, 1)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", numbers(self.weights, "weights"))
        object.__setattr__(self, "biases", numbers(self.biases, "biases"))

    def data(self) -> dict[str, Any]:
        """A description as plain JSON data."""
        return {
            "generator": "structured",
            "weights": texts(to_vector(self.weights, "weights")),
            "biases": texts(to_vector(self.biases, "biases")),
        }

    def size(self, _architecture: Architecture) -> None:
        """There is one for each seed."""
        return

    def networks(
        self, architecture: Architecture, start: int, stop: int
    ) -> Iterator[tuple[int, ReLUNetwork]]:
        """The networks with seeds from `start` to before `stop`."""
        for seed in range(start, stop):
            random = Random(f"structured {architecture} {seed}")
            layers = []
            for inputs, outputs in pairwise(architecture):
                rows = self._rows(inputs, outputs, random)
                layers.append(([row[:-1] for row in rows], [row[-1] for row in rows]))
            yield seed, ReLUNetwork(layers)

    def _rows(self, inputs: int, outputs: int, random: Random) -> list[list[Fraction]]:
        rows: list[list[Fraction]] = []
        for number in range(outputs):
            kind = random.randrange(4) if 2 * number >= outputs else 3
            if kind == 0:
                factor = random.choice((-2, -1, 1, 2))
                rows.append([factor * entry for entry in random.choice(rows or [[]])])
            elif kind == 1:
                one, other = random.choice(rows or [[]]), random.choice(rows or [[]])
                rows.append([a + b for a, b in zip(one, other, strict=True)])
            elif kind == 2:
                rows.append([-sum(column, Fraction(0)) for column in zip(*rows, strict=True)])
            if kind == 3 or len(rows[-1]) != inputs + 1:
                del rows[number:]
                fresh = [*random.choices(self.weights, k=inputs), random.choice(self.biases)]
                rows.append(list(to_vector(fresh, "weights")))
            elif random.randrange(2):
                rows[-1][-1] = to_vector([random.choice(self.biases)], "biases")[0]
        random.shuffle(rows)
        return rows


@dataclass(frozen=True)
class Mutations:
    """Known networks with some of their numbers changed.

    Attributes:
        parents: The networks; those of the architecture in question are used.
        weights: The numbers that replace others.
    """

    parents: tuple[ReLUNetwork, ...]
    weights: Sequence[Number] = (-2, -1, 0, 1, 2)

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", numbers(self.weights, "weights"))

    def data(self) -> dict[str, Any]:
        """A description as plain JSON data."""
        return {
            "generator": "mutations",
            "weights": texts(to_vector(self.weights, "weights")),
            "parents": [class_digest(net) for net in self.parents],
        }

    def size(self, _architecture: Architecture) -> None:
        """There is one for each seed."""
        return

    def networks(
        self, architecture: Architecture, start: int, stop: int
    ) -> Iterator[tuple[int, ReLUNetwork]]:
        """The networks with seeds from `start` to before `stop`."""
        parents = [net for net in self.parents if net.architecture == architecture]
        if not parents:
            raise InvalidInputError(f"architecture: there are no networks {architecture} to mutate")
        for seed in range(start, stop):
            random = Random(f"mutations {architecture} {seed}")
            layers = [
                ([list(row) for row in layer.weight], list(layer.bias))
                for layer in parents[seed % len(parents)].layers
            ]
            for _ in range(random.randint(1, 3)):
                weight, bias = random.choice(layers)
                number = random.randrange(len(bias))
                place = random.randrange(-1, len(weight[0]))
                value = to_vector([random.choice(self.weights)], "weights")[0]
                if place < 0:
                    bias[number] = value
                else:
                    weight[number][place] = value
            yield seed, ReLUNetwork(layers)
