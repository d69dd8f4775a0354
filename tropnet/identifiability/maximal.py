"""Networks of the largest functional dimension, by a short deterministic search.

Layer by layer: the neurons of a layer start at random, each with a zero set that passes through the
values of the layer before at some sampled input, since a neuron that bends nowhere adds nothing.
Then one neuron after another is drawn anew and kept if the functional dimension of the network up
to this layer does not fall, until it is P − N.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import TypeAlias

from tropnet.certificates.budget import Budget, Meter
from tropnet.certificates.records import Record
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.exact.modular import primes
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.rank_search import RankSearch
from tropnet.networks.architectures import to_architecture
from tropnet.networks.layers import AffineLayer
from tropnet.networks.network import ReLUNetwork

Neuron: TypeAlias = tuple[Vector, Fraction]
"""Incoming weights and bias."""

_POINTS = 64
_TRIES_PER_NEURON = 10


@dataclass(frozen=True)
class MaximalNetwork(Record):
    """A network whose functional dimension is as large as its architecture allows.

    Attributes:
        network: The network.
        dimension: Its functional dimension, P − N, with a certificate.
    """

    network: ReLUNetwork
    dimension: FunctionalDimension


def maximal_network(architecture: Sequence[int], *, budget: Budget | None = None) -> MaximalNetwork:
    """Explicit small rational parameters of the largest functional dimension, P − N.

    All networks nearby with the same function arise from such parameters by scaling, and almost all
    parameters nearby are like them.

    Args:
        architecture: The widths (inputs, hidden layers …, outputs).  All but the last must be at
            least 2.
        budget: Limits on the time of the search.

    Returns:
        The network, the same at every call, and its functional dimension with a certificate.

    Raises:
        InvalidInputError: if the architecture is none, or has a width of 1 before the outputs.
        BudgetExceededError: when the budget runs out.

    Guarantees:
        That the dimension is P − N is proved.  That the search ends is not, though the theorem
        says that there is something to be found.

    References:
        Grillo and Montúfar, *Most ReLU networks admit identifiable parameters* (arXiv 2605.03601):
        if n_0, …, n_L ≥ 2, an open set of parameters is identifiable.

    >>> found = maximal_network((2, 3, 3, 1))
    >>> found.network.architecture, found.dimension.value, found.dimension.is_maximal
    ((2, 3, 3, 1), 19, True)
    """
    widths = check_widths(architecture)
    meter = Meter(budget, None)
    random = Random(0)
    while True:
        net = _attempt(widths, random, meter)
        if net is not None:
            return MaximalNetwork(net, functional_dimension(net))


def check_widths(architecture: Sequence[int]) -> tuple[int, ...]:
    """The widths of an architecture all of whose layers but the last have at least 2 neurons.

    Raises:
        InvalidInputError: for others.
    """
    widths = to_architecture(architecture)
    for number, width in enumerate(widths[:-1]):
        if width == 1:
            where = f"hidden layer {number} has" if number else "the inputs have"
            raise InvalidInputError(
                f"architecture: {where} width 1; that P − N is reached is known only if all widths "
                "but that of the outputs are at least 2 (functional_dimension takes any network)"
            )
    return widths


def _attempt(widths: Sequence[int], random: Random, meter: Meter) -> ReLUNetwork | None:
    """A network of the largest dimension, None if a layer did not succeed."""
    points = [_point(random, widths[0]) for _ in range(_POINTS)]
    net: ReLUNetwork | None = ReLUNetwork([_outputs(random, widths[0], widths[-1])])
    for depth in range(1, len(widths) - 1):
        if net is None:
            return None
        hidden = net.layers[:-1]
        values = [_values(hidden, point) for point in points]
        last = _outputs(random, widths[depth], widths[-1] if depth == len(widths) - 2 else 1)
        net = _with_layer(hidden, widths[depth], last, values, random, meter)
    return net


def _with_layer(
    hidden: Sequence[AffineLayer],
    width: int,
    last: AffineLayer,
    values: Sequence[Vector],
    random: Random,
    meter: Meter,
) -> ReLUNetwork | None:
    """Some hidden layers with one more between them and the outputs, of the largest dimension.

    Args:
        hidden: The hidden layers.
        width: The width of the new layer.
        last: The output layer.
        values: What the last of the hidden layers computes at some inputs.
        random: Where to draw from.
        meter: Watches over the time.
    """
    layer = [_neuron(random, values) for _ in range(width)]
    net = _network(hidden, layer, last)
    missing = _missing(net, meter)
    for _ in range(_TRIES_PER_NEURON * width):
        if not missing:
            return net
        changed = list(layer)
        changed[random.randrange(width)] = _neuron(random, values)
        candidate = _network(hidden, changed, last)
        still_missing = _missing(candidate, meter)
        if still_missing <= missing:
            layer, net, missing = changed, candidate, still_missing
    return None if missing else net


def _missing(net: ReLUNetwork, meter: Meter) -> int:
    """How far the rank of the Jacobian on some regions, modulo a prime, falls short of P − N."""
    search = RankSearch(net, next(primes()), meter)
    search.sample()
    return search.kernel.dimension


def _point(random: Random, inputs: int) -> Vector:
    return tuple(Fraction(random.randint(-64, 64), 16) for _ in range(inputs))


def _neuron(random: Random, values: Sequence[Vector]) -> Neuron:
    """A random neuron that vanishes near one of the values."""
    place = random.choice(values)
    weights = tuple(Fraction(random.randint(-8, 8), 4) for _ in place)
    height = sum((w * v for w, v in zip(weights, place, strict=True)), Fraction(0))
    return weights, Fraction(round(-8 * height), 8)


def _outputs(random: Random, inputs: int, outputs: int) -> AffineLayer:
    """A random output layer without zero weights."""
    rows = tuple(
        tuple(Fraction(random.choice((-1, 1)) * random.randint(1, 8), 4) for _ in range(inputs))
        for _ in range(outputs)
    )
    return AffineLayer(rows, (Fraction(0),) * outputs)


def _network(
    hidden: Sequence[AffineLayer], neurons: Sequence[Neuron], last: AffineLayer
) -> ReLUNetwork:
    weight, bias = zip(*neurons, strict=True)
    return ReLUNetwork([*hidden, (weight, bias), last])


def _values(hidden: Sequence[AffineLayer], point: Vector) -> Vector:
    """What the last of some hidden layers computes at a point."""
    for weight, bias in hidden:
        heights = (
            sum((w * v for w, v in zip(row, point, strict=True)), constant)
            for row, constant in zip(weight, bias, strict=True)
        )
        point = tuple(max(height, Fraction(0)) for height in heights)
    return point
