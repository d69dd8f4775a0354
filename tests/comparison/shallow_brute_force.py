"""Functions with one hidden layer, and all their narrowest networks by trying everything.

Nothing here knows how the library finds them: every hyperplane is tried in one orientation, in the
other and in both, and ranks are computed with Fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from random import Random

from hypothesis import strategies as st

from tropnet import ReLUNetwork

Vector = tuple[Fraction, ...]


@dataclass(frozen=True)
class Creases:
    """The function Σ jumps[i] relu(rows[i]·x + shifts[i]) + linear @ x + constant.

    No two of the hyperplanes coincide, and no jump is zero.
    """

    rows: tuple[Vector, ...]
    shifts: Vector
    jumps: tuple[Vector, ...]
    linear: tuple[Vector, ...]
    constant: Vector

    def network(self) -> ReLUNetwork:
        """A wide network: the linear part of each output has two neurons of its own."""
        rows, shifts, outs = [*self.rows], [*self.shifts], [*self.jumps]
        for k, row in enumerate(self.linear):
            for sign in (1, -1):
                rows.append(tuple(sign * a for a in row))
                shifts.append(Fraction(0))
                outs.append(tuple(Fraction(sign * (j == k)) for j in range(len(self.linear))))
        return ReLUNetwork([(rows, shifts), (list(zip(*outs, strict=True)), self.constant)])

    def narrowest(self) -> tuple[int, dict[tuple[int, int], set[frozenset[tuple[int, int]]]]]:
        """The smallest width, and what the narrowest networks look like.

        Returns:
            The width; by the numbers (doubled, invisible) the sets of pairs (hyperplane, sign) of
            the visible neurons.
        """
        number = len(self.rows)
        best = 2 * min(len(self.linear), len(self.linear[0]))
        found: dict[int, dict[tuple[int, int], set[frozenset[tuple[int, int]]]]] = {}
        for size in range(number + 1):
            if size > best:
                break
            for doubled in combinations(range(number), size):
                others = [i for i in range(number) if i not in doubled]
                normals = [self.rows[j] for j in doubled]
                base = rank(normals)
                for signs in product((1, -1), repeat=number - size):
                    rest = [list(row) for row in self.linear]
                    for i, sign in zip(others, signs, strict=True):
                        if sign < 0:  # relu(h) = relu(-h) + h
                            for k, c in enumerate(self.jumps[i]):
                                rest[k] = plus(rest[k], c, self.rows[i])
                    invisible = rank([*normals, *rest]) - base
                    cost = size + 2 * invisible
                    best = min(best, cost)
                    both = [(j, sign) for j in doubled for sign in (1, -1)]
                    neurons = [*zip(others, signs, strict=True), *both]
                    kinds = found.setdefault(cost, {})
                    kinds.setdefault((size, invisible), set()).add(frozenset(neurons))
        return number + best, found[best]


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank, by Gaussian elimination on lists."""
    rest = [list(row) for row in rows if any(row)]
    found = 0
    while rest:
        first = rest.pop()
        place = next(k for k, entry in enumerate(first) if entry)
        found += 1
        rest = [plus(row, -row[place] / first[place], first) for row in rest]
        rest = [row for row in rest if any(row)]
    return found


def plus(first: Sequence[Fraction], factor: Fraction, second: Sequence[Fraction]) -> list[Fraction]:
    """first + factor · second."""
    return [a + factor * b if b else a for a, b in zip(first, second, strict=True)]


def line(row: Sequence[Fraction], shift: Fraction) -> Vector:
    """The hyperplane row·x + shift = 0 in a form that does not depend on the row's scale."""
    scale = next(a for a in row if a)
    return tuple(a / scale for a in (*row, shift))


def random_creases(
    random: Random, inputs: int, outputs: int, number: int, size: int = 2
) -> Creases:
    """At most `number` creases with integers up to `size`; parallel ones are frequent."""

    def vector(length: int) -> Vector:
        return tuple(Fraction(random.randint(-size, size)) for _ in range(length))

    lines: dict[Vector, tuple[Vector, Fraction, Vector]] = {}
    for _ in range(4 * number):
        row, shift, jump = vector(inputs), Fraction(random.randint(-size, size)), vector(outputs)
        if len(lines) < number and any(row) and any(jump):
            lines.setdefault(line(row, shift), (row, shift, jump))
    linear = [vector(inputs) for _ in range(outputs)]
    if (
        random.random() < 0.5
    ):  # a linear part that some orientations absorb, up to a few hyperplanes
        linear = [(Fraction(0),) * inputs] * outputs
        for row, _, jump in lines.values():
            if random.random() < 0.5:
                linear = [tuple(plus(old, -c, row)) for old, c in zip(linear, jump, strict=True)]
    rows, shifts, jumps = zip(*lines.values(), strict=True) if lines else ((), (), ())
    return Creases(rows, shifts, jumps, tuple(linear), vector(outputs))


@st.composite
def creases(draw: st.DrawFn, most: int = 5) -> Creases:
    """Small functions with one or two outputs."""
    return random_creases(
        Random(draw(st.integers(0, 2**32))),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 2)),
        draw(st.integers(0, most)),
        draw(st.integers(1, 3)),
    )
