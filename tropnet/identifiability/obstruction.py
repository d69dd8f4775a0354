"""Why no curve of parameters that starts in some direction keeps the function.

In homogeneous coordinates (x, t), t ≥ 0, a network is a function F_θ(x, t) = t f_θ(x/t), continuous
also at infinity.  Let p be a point, ξ a direction that does not leave t ≥ 0, and v a direction in
the space of parameters.  As s decreases to 0,

    F_{θ + s v}(p + s ξ) = F_θ(p) + s D_v(ξ) + o(s),    F_θ(p + s ξ) = F_θ(p) + s D_0(ξ) + o(s),

where D is computed forwards: a neuron that is positive at p passes on the rate of its
preactivation, a negative one passes on 0, and one that vanishes at p the positive part of the rate.
Since F is locally Lipschitz in θ, the same holds with v replaced by v + o(1).  If D_v(ξ) ≠ D_0(ξ),
no curve θ(s) = θ + s v + o(s), s ≥ 0, consists of networks with the function of θ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from random import Random

from tropnet.certificates.budget import Meter
from tropnet.certificates.dimension import Direction
from tropnet.exact import Vector, dot, primitive_vector
from tropnet.identifiability.directions import moved
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import ActivationRegion, activation_regions

_REGIONS = 256
_RANDOM = 3
_SIZE = 8


@dataclass(frozen=True)
class Obstruction:
    """A place where all curves that start in a direction leave the function at once.

    Attributes:
        point: The point (x, t) with t ≥ 0; a point at infinity if t = 0.
        velocity: The direction ξ in which one looks from there.
        rates: D_v(ξ) and D_0(ξ), which differ.
    """

    point: Vector
    velocity: Vector
    rates: tuple[Vector, Vector]


def find_obstruction(net: ReLUNetwork, direction: Direction, meter: Meter) -> Obstruction | None:
    """Looks for an obstruction on the faces of the first few regions; None if none is found.

    Raises:
        BudgetExceededError: when the budget runs out.
    """
    velocity = _difference(net, direction)
    seen: set[tuple[int, ...]] = set()
    for region in islice(activation_regions(net), _REGIONS):
        meter.add(1)
        for point, along in _places(region, seen):
            rates = (_rate(net, velocity, point, along), _rate(net, None, point, along))
            if rates[0] != rates[1]:
                return Obstruction(point, along, rates)
    return None


def _places(
    region: ActivationRegion, seen: set[tuple[int, ...]]
) -> Iterator[tuple[Vector, Vector]]:
    """Points on faces of a region, not seen before, and directions to look in."""
    one, zero = Fraction(1), Fraction(0)
    generators = [(*vertex, one) for vertex in region.vertices]
    generators += [(*ray, zero) for ray in region.rays]
    generators += [(*(s * e for e in line), zero) for line in region.lines for s in (1, -1)]
    size = len(generators[0])
    random = Random(0)
    chosen: list[tuple[Vector, ...]] = [(generator,) for generator in generators]
    for count in range(2, size):
        chosen += islice(combinations(generators, count), 2 * len(generators))
    for parts in chosen:
        point = primitive_vector([sum(column, zero) for column in zip(*parts, strict=True)])
        if point in seen or not any(point):
            continue
        seen.add(point)
        place = tuple(map(Fraction, point))
        yield place, (zero,) * size
        for _ in range(_RANDOM):
            along = [Fraction(random.randint(-_SIZE, _SIZE)) for _ in range(size)]
            if not place[-1]:
                along[-1] = abs(along[-1])
            yield place, tuple(along)


def _difference(net: ReLUNetwork, direction: Direction) -> ReLUNetwork:
    """A direction as a network of the same shape."""
    zero = ReLUNetwork(
        ([[0] * len(row) for row in weight], [0] * len(bias)) for weight, bias in net.layers
    )
    return moved(zero, direction, Fraction(1))


def _rate(net: ReLUNetwork, velocity: ReLUNetwork | None, point: Vector, along: Vector) -> Vector:
    """The one-sided derivative of the output, with or without moving parameters."""
    *values, t = point
    *rates, rate_of_t = along
    for depth, (weight, bias) in enumerate(net.layers):
        heights = [dot(row, values) + b * t for row, b in zip(weight, bias, strict=True)]
        slopes = [dot(row, rates) + b * rate_of_t for row, b in zip(weight, bias, strict=True)]
        if velocity is not None:
            moves = velocity.layers[depth]
            slopes = [
                slope + dot(row, values) + b * t
                for slope, row, b in zip(slopes, moves.weight, moves.bias, strict=True)
            ]
        if depth < net.depth:
            zero = Fraction(0)
            rates = [
                slope if height > 0 else max(slope, zero) if height == 0 else zero
                for height, slope in zip(heights, slopes, strict=True)
            ]
            values = [max(height, zero) for height in heights]
    return tuple(slopes)
