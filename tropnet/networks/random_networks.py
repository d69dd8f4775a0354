"""Reproducible random networks with small exact rational parameters."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from tropnet.errors import InvalidInputError
from tropnet.networks.architectures import to_architecture
from tropnet.networks.network import ReLUNetwork


def random_network(architecture: Sequence[int], seed: int = 0) -> ReLUNetwork:
    """A random network whose parameters are uniform in {−200, …, 200}/64.

    All weights are drawn first, layer by layer and row by row, the output layer included, then
    all biases, layer by layer, from ``random.Random(seed)``.

    Args:
        architecture: The widths (inputs, hidden layers …, outputs), at least two, all positive.
        seed: Any integer.

    Raises:
        InvalidInputError: for an architecture or a seed that is none.

    >>> random_network((2, 3, 1), seed=1).layers[0].weight[0]
    (Fraction(-33, 16), Fraction(91, 64))
    """
    widths = to_architecture(architecture)
    if type(seed) is not int:
        raise InvalidInputError(f"seed: {seed!r} is not an integer")
    generator = random.Random(seed)

    def draw() -> Fraction:
        return Fraction(generator.randint(-200, 200), 64)

    weights = [
        [[draw() for _ in range(inputs)] for _ in range(outputs)]
        for inputs, outputs in pairwise(widths)
    ]
    biases = [[draw() for _ in range(outputs)] for outputs in widths[1:]]
    return ReLUNetwork(zip(weights, biases, strict=True))
