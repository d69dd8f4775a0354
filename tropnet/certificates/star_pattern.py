"""What the facets around a codimension-2 cell say about the neurons of a transversal network.

A representation of f by a ReLU network is *transversal* if no preactivation vanishes identically on
an activation region, no two vanish on the same (d−1)-cell of its canonical complex, and no three on
the same (d−2)-cell.

Let f break near a point p exactly along some half-hyperplanes with a common boundary τ, of
dimension d − 2, through p.  A representation that is transversal has its cells of dimension ≤ d − 3
elsewhere on τ, so p may be taken off them.  Then at most two neurons vanish at p, all others have a
constant sign nearby, and up to functions that are affine near p there are three cases.

* *One neuron A.*  Its preactivation is affine near p, and f = c·relu(z_A): one hyperplane.
* *Two neurons A, B whose preactivations are both affine near p.*  They vanish on different
  hyperplanes, each with one weight (or none) on all of it.
* *Two neurons, and z_B = ℓ + κ·relu(z_A) with κ ≠ 0*, B in a deeper layer than A, ℓ affine, and
  f = a·relu(z_A) + b·relu(z_B).  Here ℓ is not constant on H = {z_A = 0}, or A and B would vanish
  there together.  So the zero set of z_B crosses H from one side to the other and is not flat.  If
  b ≠ 0, f breaks along both its halves, with weights that are positive multiples of b, and on H
  with weights that are positive multiples of a where z_B < 0 and of a + κb where z_B > 0, at least
  one of which is not 0.  If b = 0, f breaks along H with one weight.

Hence, whatever the transversal representation:

1. Two opposite half-hyperplanes along which f breaks belong to one neuron.  By moving along, so do
   all facets of one hyperplane that are connected through codimension-2 cells.
2. Four of them in two opposite pairs: two neurons, one for each pair (`CROSSING`).
3. Four with exactly one opposite pair, that is A; the others are B, which bends at A, and lie on
   different sides of A's hyperplane (`BEND`).
4. Three, no two opposite: one is A, the others are B, whose weights are positive multiples of one
   another.  If all three weights are, there are three readings (`FORK`), else one (`BEND`: A is the
   odd one; the three weights are multiples of one vector, since f is continuous).
5. No other star occurs (`IMPOSSIBLE`).  A star of two opposite half-hyperplanes is `STRAIGHT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import cmp_to_key
from typing import NamedTuple, TypeAlias

from tropnet.exact import Number

PlaneVector: TypeAlias = tuple[Number, Number]
"""A vector of the plane across a codimension-2 cell."""


class Pattern(Enum):
    """The kinds of stars."""

    STRAIGHT = "straight"
    CROSSING = "crossing"
    BEND = "bend"
    FORK = "fork"
    IMPOSSIBLE = "impossible"


class Reading(NamedTuple):
    """The kind of a star, and the positions of the rays that belong to one neuron.

    Attributes:
        pattern: The kind.
        straight: STRAIGHT, CROSSING: one opposite pair.  BEND: the neuron that stays straight.
        bent: CROSSING: the other opposite pair.  BEND: the neuron that bends there.
    """

    pattern: Pattern
    straight: tuple[int, ...] = ()
    bent: tuple[int, ...] = ()


def read_star(rays: Sequence[PlaneVector], weights: Sequence[Sequence[Number]]) -> Reading:
    """The kind of a star.

    Args:
        rays: Directions of the half-hyperplanes in the plane across the cell, counterclockwise, no
            two the same.
        weights: Their weights up to positive factors.

    >>> read_star([(1, 0), (1, 1), (-1, 0), (0, -1)], [(1,), (2,), (5,), (2,)])
    Reading(pattern=<Pattern.BEND: 'bend'>, straight=(0, 2), bent=(1, 3))
    """
    pairs = opposite_pairs(rays)
    if len(rays) == 2 and pairs:
        return Reading(Pattern.STRAIGHT, pairs[0])
    if len(rays) == 4 and len(pairs) == 2:
        return Reading(Pattern.CROSSING, *pairs)
    if len(rays) == 4 and pairs in ([(0, 2)], [(1, 3)]):  # one of the others on either side
        return Reading(Pattern.BEND, pairs[0], (1, 3) if pairs[0] == (0, 2) else (0, 2))
    if len(rays) == 3 and not pairs:
        agreeing = [
            (i, j) for i, j in ((0, 1), (0, 2), (1, 2)) if _product(weights[i], weights[j]) > 0
        ]
        if len(agreeing) == 3:
            return Reading(Pattern.FORK)
        if len(agreeing) == 1:
            return Reading(Pattern.BEND, (3 - sum(agreeing[0]),), agreeing[0])
    return Reading(Pattern.IMPOSSIBLE)


def opposite_pairs(rays: Sequence[PlaneVector]) -> list[tuple[int, int]]:
    """The positions i < j of opposite rays.

    >>> opposite_pairs([(1, 0), (0, 1), (-2, 0)])
    [(0, 2)]
    """
    return [
        (i, j)
        for i, ray in enumerate(rays)
        for j in range(i + 1, len(rays))
        if cross(ray, rays[j]) == 0 and _product(ray, rays[j]) < 0
    ]


def cross(first: PlaneVector, second: PlaneVector) -> Number:
    """The determinant of two vectors: positive if the second is to the left of the first."""
    return first[0] * second[1] - first[1] * second[0]


def is_along(first: PlaneVector, second: PlaneVector) -> bool:
    """Whether two vectors that are not zero are positive multiples of one another."""
    return bool(cross(first, second) == 0 and _product(first, second) > 0)


def around(rays: Sequence[PlaneVector]) -> list[int]:
    """The order in which rays come counterclockwise from the direction (1, 0) on.

    >>> around([(0, -1), (-1, 0), (1, 0), (1, 1)])
    [2, 3, 1, 0]
    """

    def compare(i: int, j: int) -> int:
        halves = [_half(rays[k]) for k in (i, j)]
        if halves[0] != halves[1]:
            return halves[0] - halves[1]
        turn = cross(rays[j], rays[i])
        return 1 if turn > 0 else -1 if turn < 0 else 0

    return sorted(range(len(rays)), key=cmp_to_key(compare))


def _half(ray: PlaneVector) -> int:
    """0 for angles in [0, π), 1 for the others."""
    return 0 if ray[1] > 0 or (ray[1] == 0 and ray[0] > 0) else 1


def _product(first: Sequence[Number], second: Sequence[Number]) -> Number:
    return sum(a * b for a, b in zip(first, second, strict=True))
