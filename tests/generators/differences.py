"""Pairs of networks that differ, often only where it is hard to see, with a known witness.

Each of `DIFFERENCES` is a function (net, seed) -> Difference.  The partner is permuted and
rescaled, but for the two single-weight changes, whose point is that all other weights agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from random import Random
from typing import NamedTuple

from generators.identities import Identity
from generators.neurons import Vector
from generators.transformations import scrambled
from tropnet import ReLUNetwork

Point = tuple[Fraction, ...]


class Difference(NamedTuple):
    """Two networks and a point where they take different values (checked exactly)."""

    f: ReLUNetwork
    g: ReLUNetwork
    witness: Point


Maker = Callable[[ReLUNetwork, int], Difference]

NEAR, FAR, VERY_FAR = 4, 10**3, 10**6
"""How far from the origin a difference may lie, coordinate by coordinate."""

_BUMP_SLOPE = 128  # a cross-polytope of radius 1/128 lies in a box of side 1/64
_SLAB_WIDTH = Fraction(1, 2**20)
_CONE_SLOPE = 2**10
_FLOAT32_ULP = Fraction(1, 2**23)
_SAMPLE_SCALES = (1, 4, 30, 10**3, 10**6)


def checked(f: ReLUNetwork, g: ReLUNetwork, witness: Iterable[Fraction]) -> Difference:
    """The difference, after an exact look at its witness."""
    point = tuple(witness)
    assert f(point) != g(point)
    return Difference(f, g, point)


def bump(net: ReLUNetwork, seed: int, scale: int, height: Fraction) -> Difference:
    """g = f + height · relu(1 − 128 |x − c|_1), supported in a box of side 1/64 around c."""
    rng = Random(seed)
    center = _random_point(net.input_width, rng, scale)
    added = norm_cap(center, Fraction(_BUMP_SLOPE), height)
    return checked(net, _partner(net, added, rng), center)


def near_bump(net: ReLUNetwork, seed: int) -> Difference:
    return bump(net, seed, NEAR, Fraction(1))


def far_bump(net: ReLUNetwork, seed: int) -> Difference:
    return bump(net, seed, FAR, Fraction(1))


def very_far_bump(net: ReLUNetwork, seed: int) -> Difference:
    return bump(net, seed, VERY_FAR, Fraction(1))


def low_bump(net: ReLUNetwork, seed: int) -> Difference:
    """Near the origin, 2^−30 high."""
    return bump(net, seed, NEAR, Fraction(1, 2**30))


def low_far_bump(net: ReLUNetwork, seed: int) -> Difference:
    """Very far from the origin, 2^−30 high."""
    return bump(net, seed, VERY_FAR, Fraction(1, 2**30))


def thin_slab(net: ReLUNetwork, seed: int) -> Difference:
    """A tent relu(s) − 2 relu(s − w/2) + relu(s − w) added, s a random affine form, w = 2^−20."""
    rng = Random(seed)
    point = _random_point(net.input_width, rng, rng.choice((NEAR, FAR)))
    normal = _random_direction(net.input_width, rng)
    offset = -_dot(normal, point)
    width = _SLAB_WIDTH
    added = ReLUNetwork(
        [
            ([normal] * 3, [offset, offset - width / 2, offset - width]),
            ([[1, -2, 1]], [0]),
        ]
    )
    step = width / 2 / _dot(normal, normal)
    witness = (x + step * a for x, a in zip(point, normal, strict=True))
    return checked(net, _partner(net, added, rng), witness)


def far_half_space(net: ReLUNetwork, seed: int) -> Difference:
    """relu(±x_i − 10^6) added: the functions differ only where that coordinate exceeds 10^6."""
    rng = Random(seed)
    row = _signed_axis(net.input_width, rng)
    added = ReLUNetwork([([row], [-VERY_FAR]), ([[rng.choice((-1, 1))]], [0])])
    return checked(net, _partner(net, added, rng), [a * (VERY_FAR + 1) for a in row])


def far_step(net: ReLUNetwork, seed: int) -> Difference:
    """relu(z) − relu(z − 1) with z = ±x_i − 10^6: different only far out, by at most 1."""
    rng = Random(seed)
    row = _signed_axis(net.input_width, rng)
    added = ReLUNetwork([([row] * 2, [-VERY_FAR, -VERY_FAR - 1]), ([[1, -1]], [0])])
    return checked(net, _partner(net, added, rng), [a * (VERY_FAR + 2) for a in row])


def far_cone(net: ReLUNetwork, seed: int) -> Difference:
    """relu(s − 2^10 |x − p − s d|_1) with s = ±(x − p)_i ≥ 0: a narrow cone pointing away from 0.

    Its apex has p_i = ±10^6 or a little more, and its axis is p + s d with d_i = ±1.
    """
    rng = Random(seed)
    width = net.input_width
    axis = rng.randrange(width)
    sign = rng.choice((-1, 1))
    apex = list(_random_point(width, rng, VERY_FAR))
    apex[axis] = sign * (VERY_FAR + Fraction(rng.randint(0, 640), 640))
    direction = [Fraction(rng.randint(-8, 8), rng.randint(1, 8)) for _ in range(width)]
    direction[axis] = Fraction(sign)
    along = tuple(Fraction(sign * (j == axis)) for j in range(width))
    rows = [along]
    for i in range(width):
        across = tuple((j == i) - direction[i] * along[j] for j in range(width))
        if any(across):
            rows += [across, tuple(-a for a in across)]
    added = ReLUNetwork(
        [
            (rows, [-_dot(row, apex) for row in rows]),
            ([[1, *[-_CONE_SLOPE] * (len(rows) - 1)]], [0]),
            ([[rng.choice((-1, 1))]], [0]),
        ]
    )
    witness = (p + 100 * d for p, d in zip(apex, direction, strict=True))
    return checked(net, _partner(net, added, rng), witness)


def changed_output_weight(net: ReLUNetwork, seed: int) -> Difference:
    """One weight of the output layer changed by 1/1000."""
    rng = Random(seed)
    return scrambled_partner(
        _changed_weight(net, rng, [net.depth], lambda w: w + Fraction(1, 1000)), rng
    )


def flipped_sign(net: ReLUNetwork, seed: int) -> Difference:
    """The sign of one weight flipped in the deepest hidden layer (the output's if none)."""
    rng = Random(seed)
    return _changed_weight(net, rng, [max(net.depth - 1, 0)], lambda w: -w)


def last_place(net: ReLUNetwork, seed: int) -> Difference:
    """One non-zero weight, of any layer, changed by one unit in the last place of a float32."""
    return _changed_weight(net, Random(seed), list(range(net.depth + 1)), lambda w: w + ulp(w))


DIFFERENCES: dict[str, Maker] = {
    function.__name__: function
    for function in (
        near_bump,
        far_bump,
        very_far_bump,
        low_bump,
        low_far_bump,
        thin_slab,
        far_half_space,
        far_step,
        far_cone,
        changed_output_weight,
        flipped_sign,
        last_place,
    )
}
"""By name."""


def disguised(
    maker: Maker,
    identity: Identity,
    parts: tuple[ReLUNetwork, ReLUNetwork, ReLUNetwork],
    seed: int,
) -> Difference:
    """The one side of an identity, and the other side made different.

    In the plain differences above all neurons of `net` are found again in its partner; here the
    two networks have little in common but their values.
    """
    f, equal = identity(*parts)
    _, g, witness = maker(equal, seed)
    return checked(f, g, witness)


def norm_cap(center: Point, slope: Fraction, height: Fraction) -> ReLUNetwork:
    """height · relu(1 − slope · |x − center|_1) in two hidden layers."""
    width = len(center)
    rows, bias = [], []
    for i, c in enumerate(center):
        for sign in (1, -1):
            rows.append([sign * slope * (j == i) for j in range(width)])
            bias.append(-sign * slope * c)
    return ReLUNetwork([(rows, bias), ([[-1] * (2 * width)], [1]), ([[height]], [0])])


def scrambled_partner(difference: Difference, rng: Random) -> Difference:
    return checked(difference.f, scrambled(difference.g, rng), difference.witness)


def ulp(value: Fraction) -> Fraction:
    """The last place of a float32 of this size: 2^(⌊log2 |value|⌋ − 23)."""
    magnitude = abs(value)
    exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    power = Fraction(2) ** exponent
    return _FLOAT32_ULP * (power if power <= magnitude else power / 2)


def sampled_witness(
    f: ReLUNetwork, g: ReLUNetwork, rng: Random, per_scale: int = 10
) -> Point | None:
    """A point where the values differ, if exact evaluation at random points shows one."""
    for _ in range(per_scale):
        for scale in _SAMPLE_SCALES:
            point = _random_point(f.input_width, rng, scale)
            if f(point) != g(point):
                return point
    return None


def _changed_weight(
    net: ReLUNetwork, rng: Random, layers: list[int], change: Callable[[Fraction], Fraction]
) -> Difference:
    """One non-zero weight of the given layers (from 0) changed so that the function changes."""
    places = [
        (index, i, j)
        for index in layers
        for i, row in enumerate(net.layers[index].weight)
        for j, entry in enumerate(row)
        if entry
    ]
    rng.shuffle(places)
    for index, i, j in places:
        weight = [list(row) for row in net.layers[index].weight]
        weight[i][j] = change(weight[i][j])
        changed: list[tuple[object, object]] = list(net.layers)
        changed[index] = (weight, net.layers[index].bias)
        partner = ReLUNetwork(changed)
        witness = sampled_witness(net, partner, rng)
        if witness is not None:
            return checked(net, partner, witness)
    raise ValueError("no change of one weight was seen to change the function")


def _partner(net: ReLUNetwork, added: ReLUNetwork, rng: Random) -> ReLUNetwork:
    """net + added, in one random output if there are several, permuted and rescaled."""
    output = rng.randrange(net.output_width)
    column = ReLUNetwork(
        [([[int(i == output)] for i in range(net.output_width)], [0] * net.output_width)]
    )
    return scrambled(net + column @ added, rng)


def _random_point(width: int, rng: Random, scale: int) -> Point:
    return tuple(Fraction(rng.randint(-640 * scale, 640 * scale), 640) for _ in range(width))


def _random_direction(width: int, rng: Random) -> Vector:
    while True:
        direction = tuple(Fraction(rng.randint(-5, 5)) for _ in range(width))
        if any(direction):
            return direction


def _signed_axis(width: int, rng: Random) -> Vector:
    axis, sign = rng.randrange(width), rng.choice((-1, 1))
    return tuple(Fraction(sign * (j == axis)) for j in range(width))


def _dot(first: Iterable[Fraction], second: Iterable[Fraction]) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True)), Fraction(0))
