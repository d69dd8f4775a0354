"""Equal functions that no rewriting of single neurons shows to be equal.

Each of `IDENTITIES` takes three scalar networks with equal input widths, any depth, and returns
two networks with the same function, whose hidden neurons have different kinks.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from tropnet import ReLUNetwork

Identity = Callable[[ReLUNetwork, ReLUNetwork, ReLUNetwork], tuple[ReLUNetwork, ReLUNetwork]]

RELU = ReLUNetwork([([[1]], [0]), ([[1]], [0])])


def maximum(a: ReLUNetwork, b: ReLUNetwork) -> ReLUNetwork:
    """max(a, b) = a + relu(b − a)."""
    return a + RELU @ (b - a)


def minimum(a: ReLUNetwork, b: ReLUNetwork) -> ReLUNetwork:
    """min(a, b) = a − relu(a − b)."""
    return a - RELU @ (a - b)


def associativity(
    a: ReLUNetwork, b: ReLUNetwork, c: ReLUNetwork
) -> tuple[ReLUNetwork, ReLUNetwork]:
    """max(a, max(b, c)) = max(max(a, b), c)."""
    return maximum(a, maximum(b, c)), maximum(maximum(a, b), c)


def distributivity(
    a: ReLUNetwork, b: ReLUNetwork, c: ReLUNetwork
) -> tuple[ReLUNetwork, ReLUNetwork]:
    """min(a, max(b, c)) = max(min(a, b), min(a, c))."""
    return minimum(a, maximum(b, c)), maximum(minimum(a, b), minimum(a, c))


def absorption(a: ReLUNetwork, b: ReLUNetwork, c: ReLUNetwork) -> tuple[ReLUNetwork, ReLUNetwork]:
    """max(a, min(a, b)) + c = a + c."""
    return maximum(a, minimum(a, b)) + c, a + c


def threshold(a: ReLUNetwork, b: ReLUNetwork, c: ReLUNetwork) -> tuple[ReLUNetwork, ReLUNetwork]:
    """relu(relu(a) − t) = relu(a − t) with t = relu(b) ≥ 0; c added to both."""
    t = RELU @ b
    return c + RELU @ (RELU @ a - t), c + RELU @ (a - t)


def complement(a: ReLUNetwork, b: ReLUNetwork, c: ReLUNetwork) -> tuple[ReLUNetwork, ReLUNetwork]:
    """relu(1 − relu(a)) = 1 − relu(1 − relu(1 − a)); b + c added to both."""
    one = constant(a.input_width, Fraction(1))
    left = RELU @ (one - RELU @ a)
    right = one - RELU @ (one - RELU @ (one - a))
    return left + b + c, right + b + c


IDENTITIES: dict[str, Identity] = {
    function.__name__: function
    for function in (associativity, distributivity, absorption, threshold, complement)
}
"""By name."""


def constant(inputs: int, value: Fraction) -> ReLUNetwork:
    """A constant function, without hidden layers."""
    return ReLUNetwork([([[0] * inputs], [value])])


def random_affine(inputs: int, rng: Random) -> ReLUNetwork:
    """An affine form with coefficients k/2, |k| ≤ 8."""
    row = [Fraction(rng.randint(-8, 8), 2) for _ in range(inputs)]
    return ReLUNetwork([([row], [Fraction(rng.randint(-8, 8), 2)])])


def hidden_zero(net: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """The network with the two sides of an identity in affine forms added and subtracted.

    A transformation in the sense of `transformations`, in one random output.
    """
    a, b, c = (random_affine(net.input_width, rng) for _ in range(3))
    f, g = IDENTITIES[rng.choice(sorted(IDENTITIES))](a, b, c)
    output = rng.randrange(net.output_width)
    column = ReLUNetwork(
        [([[int(i == output)] for i in range(net.output_width)], [0] * net.output_width)]
    )
    return net + column @ (f - g)
