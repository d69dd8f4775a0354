"""The last layer of a network whose hidden zero sets are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from random import Random

from tropnet.exact import Vector, dot
from tropnet.networks.layers import AffineLayer
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.function_like import FunctionLike, values


def with_output(
    f: FunctionLike, hidden: Sequence[object], outer: Sequence[Sequence[Fraction | int]]
) -> ReLUNetwork:
    """The network with given hidden layers and outgoing weights that is f at the origin."""
    net = ReLUNetwork([*hidden, (outer, [0] * len(outer))])
    origin = (Fraction(0),) * net.input_width
    bias = [a - b for a, b in zip(values(f, origin), net(origin), strict=True)]
    return ReLUNetwork([*hidden, (outer, bias)])


def orientations_of_last(
    f: FunctionLike, preactivations: ReLUNetwork, outgoing: Sequence[Vector]
) -> Iterator[tuple[int, ...]]:
    """The signs s for which f can be Σ v relu(s z) plus a constant, by its values at some points.

    Twice relu(s z) is s z + |z|, so the conditions on s are linear.

    Args:
        f: The function.
        preactivations: The z, as a network.
        outgoing: For each of them v, by output.
    """
    random = Random(0)
    width = len(outgoing)
    inputs = preactivations.input_width
    points = [
        tuple(Fraction(random.randint(-4096, 4096), 512) for _ in range(inputs))
        for _ in range(width + 3)
    ]
    z = [preactivations(point) for point in points]
    y = [values(f, point) for point in points]
    rows, right = [], []
    for here, value in zip(z[1:], y[1:], strict=True):
        for output in range(len(value)):
            v = [column[output] for column in outgoing]
            rows.append([w * (a - b) for w, a, b in zip(v, here, z[0], strict=True)])
            kinks = [abs(a) - abs(b) for a, b in zip(here, z[0], strict=True)]
            right.append(2 * (value[output] - y[0][output]) - dot(v, kinks))
    for signs in product((1, -1), repeat=width):
        if all(dot(row, signs) == b for row, b in zip(rows, right, strict=True)):
            yield signs


def oriented(layer: AffineLayer, signs: Sequence[int]) -> AffineLayer:
    """A layer with some of its preactivations negated."""
    return AffineLayer(
        tuple(
            tuple(s * entry for entry in row) for s, row in zip(signs, layer.weight, strict=True)
        ),
        tuple(s * entry for s, entry in zip(signs, layer.bias, strict=True)),
    )
