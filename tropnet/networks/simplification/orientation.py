"""As few neurons as can be found for a layer's share of the next preactivations.

It needs one neuron for each kink, on either side of its hyperplane: relu(h) = relu(−h) + h.
Neurons beyond these serve the affine rest only.  The rest changes by out_i ⊗ a_i where kink i is
read on its other side, so what is sought are 0-1 combinations of these that leave nothing, or
something in the span of few directions: those of neurons that are always active, or of hyperplanes
read on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product

from tropnet.exact import Vector, nullspace, rank, row_echelon
from tropnet.networks.simplification.bundles import coordinates, nonnegative_span
from tropnet.networks.simplification.draft import Neuron
from tropnet.networks.simplification.obvious import combined
from tropnet.networks.simplification.shares import Share

_ZERO, _ONE = Fraction(0), Fraction(1)

# How many sets of directions are tried, and for each how many choices of sides.
_DIRECTION_SETS = 128
_CHOICES = 1024
# How many choices of sides are tried for the sake of few new neurons.
_WAYS = 256

NEW = -1
"""The name of neurons that come from none."""


@dataclass(frozen=True)
class Arrangement:
    """Neurons that together have a given share.

    Attributes:
        neurons: The neurons; those that come from none are named `NEW`.
        constant: What is to be added to the next bias.
        active: The forms of those known to be always active.
    """

    neurons: tuple[Neuron, ...]
    constant: Vector
    active: frozenset[Vector]


def narrow_arrangement(share: Share, index: int, limit: int) -> Arrangement | None:
    """The narrowest arrangement that is found with fewer than `limit` neurons, if there is one.

    Args:
        share: The share of a layer.
        index: Which hidden layer it is, counted from 0: all but the first read what is ≥ 0.
        limit: How many neurons are too many.

    Cost: bounded; not all choices are tried where they are very many.
    """
    best = None
    search = _Search(share, index)
    for plan in search.plans(limit - len(share.kinks)):
        found = search.realised(plan)
        if len(found.neurons) < limit:
            best, limit = found, len(found.neurons)
            if limit == len(share.kinks):
                break
    return best


@dataclass(frozen=True)
class _Plan:
    """A way to arrange neurons.

    Attributes:
        flips: For each kink 1 if it is to be read on the other side, else 0.
        doubled: The numbers of the kinks to be read on both sides.
        straight: The forms of neurons, always active, that stay.
        passed: Rows ≥ 0 to be passed on, each by a neuron that is always active.
        paired: Rows to be passed on, each by one neuron for either sign.
    """

    flips: Sequence[int]
    doubled: tuple[int, ...] = ()
    straight: tuple[tuple[int, Vector], ...] = ()
    passed: Sequence[Vector] = ()
    paired: Sequence[Vector] = ()


class _Search:
    """The choices for one layer."""

    def __init__(self, share: Share, index: int) -> None:
        self._share = share
        self._index = index

    def plans(self, limit: int) -> Iterator[_Plan]:
        """Plans that might do with fewer than `limit` neurons beyond the kinks."""
        straight = range(-len(self._share.straight), 0)
        kinks = range(len(self._share.kinks))
        sets = (
            chosen
            for number in range(limit)
            for chosen in combinations((*straight, *kinks), number)
        )
        for chosen in islice(sets, _DIRECTION_SETS):
            yield from self._flipped(chosen)
        if 0 < len(straight) < limit:
            yield from self._flipped(straight)
        yield from self._passing_on(limit)

    def realised(self, plan: _Plan) -> Arrangement:
        """The neurons of a plan."""
        rest = self._rest_after(plan.flips)
        new = [(NEW, (*row, _ZERO)) for row in (*plan.passed, *plan.paired)]
        lines = [*plan.straight, *new]
        forms = [self._share.kinks[i].form for i in plan.doubled] + [form for _, form in lines]
        shares = coordinates([row[:-1] for row in rest], [form[:-1] for form in forms])
        constant = tuple(
            row[-1] - sum((c * form[-1] for c, form in zip(share, forms, strict=True)), _ZERO)
            for row, share in zip(rest, shares, strict=True)
        )
        columns = [tuple(share[k] for share in shares) for k in range(len(forms))]
        neurons = self._bent(plan, dict(zip(plan.doubled, columns, strict=False)))
        columns = columns[len(plan.doubled) :]
        neurons += [_neuron(*line, out) for line, out in zip(lines, columns, strict=True)]
        first = len(lines) - len(plan.paired)
        for (name, form), out in zip(lines[first:], columns[first:], strict=True):
            neurons.append(_neuron(name, _negative(form), _negative(out)))
        active = frozenset(form for _, form in (*plan.straight, *new[: len(plan.passed)]))
        return Arrangement(tuple(n for n in neurons if any(n.out)), constant, active)

    def _bent(self, plan: _Plan, extra: dict[int, Vector]) -> list[Neuron]:
        """The neurons for the kinks; those of doubled ones have an affine part to add."""
        neurons = []
        for i, kink in enumerate(self._share.kinks):
            here, there = kink.form, kink.on_the_other_side
            if i not in extra:
                neurons.append(_neuron(kink.name, there if plan.flips[i] else here, kink.out))
                continue
            sides = [(here, combined([(_ONE, kink.out), (_ONE, extra[i])], len(kink.out)))]
            sides.append((there, _negative(extra[i])))
            read = [(form, out) for form, out in sides if any(out)]
            neurons += [
                _neuron(name, *side) for name, side in zip((kink.name, NEW), read, strict=False)
            ]
        return neurons

    def _flipped(self, directions: Sequence[int]) -> Iterator[_Plan]:
        """The plan that leaves only what some directions span, if there is one.

        Kinks are counted from 0, straight neurons back from −1.
        """
        kinks = self._share.kinks
        doubled = tuple(i for i in directions if i >= 0)
        straight = tuple(self._share.straight[i] for i in directions if i < 0)
        rows = [kinks[i].form[:-1] for i in doubled] + [form[:-1] for _, form in straight]
        if rank(rows) < len(rows):
            return
        normals = nullspace(rows, len(self._share.rest[0]) - 1)
        columns = [
            tuple(
                _ZERO if i in doubled else entry * _dot(kink.form, normal)
                for entry in kink.out
                for normal in normals
            )
            for i, kink in enumerate(kinks)
        ]
        target = tuple(-_dot(row, normal) for row in self._share.rest for normal in normals)
        flips = zero_one_combination(columns, target, _CHOICES)
        if flips is not None:
            yield _Plan(flips, doubled, straight)

    def _passing_on(self, limit: int) -> Iterator[_Plan]:
        """Plans with new neurons for the rest, each with fewer than those before."""
        count = len(self._share.kinks)
        ways = product((0, 1), repeat=count) if 1 << count <= _WAYS else iter([(0,) * count])
        for flips in ways:
            needed = row_echelon([form[:-1] for form in self._rest_after(flips)])[0]
            if not self._index and 2 * len(needed) < limit:
                limit = 2 * len(needed)
                yield _Plan(flips, paired=needed)
            elif self._index and len(needed) < limit:
                passed = nonnegative_span(needed)
                if len(passed) < limit:
                    limit = len(passed)
                    yield _Plan(flips, passed=passed)

    def _rest_after(self, flips: Sequence[int]) -> list[Vector]:
        """The affine rest after flips."""
        flipped = [kink for kink, flip in zip(self._share.kinks, flips, strict=True) if flip]
        return [
            combined([(_ONE, row), *((kink.out[i], kink.form) for kink in flipped)], len(row))
            for i, row in enumerate(self._share.rest)
        ]


def zero_one_combination(
    columns: Sequence[Vector], target: Vector, limit: int
) -> tuple[int, ...] | None:
    """Numbers t_i in {0, 1} with Σ t_i · columns[i] = target, if some are found.

    Args:
        columns: The vectors.
        target: What they are to sum up to.
        limit: How many assignments of those t_i that linear algebra does not determine are tried.

    >>> one, two = (Fraction(1),), (Fraction(2),)
    >>> zero_one_combination([one, two, two], (Fraction(3),), 8)
    (1, 0, 1)
    """
    count = len(columns)
    equations = list(zip(*columns, target, strict=True)) if columns else [(e,) for e in target]
    reduced, pivots = row_echelon(equations)
    if count in pivots:
        return None
    free = [i for i in range(count) if i not in pivots]
    for choice in islice(product((0, 1), repeat=len(free)), limit):
        chosen = dict(zip(free, choice, strict=True))
        for row, pivot in zip(reduced, pivots, strict=True):
            value = row[count] - sum(row[i] for i in free if chosen[i])
            if value not in (0, 1):
                break
            chosen[pivot] = int(value)
        else:
            return tuple(chosen[i] for i in range(count))
    return None


def _neuron(name: int, form: Vector, out: Vector) -> Neuron:
    return Neuron(name, form[:-1], form[-1], out)


def _negative(vector: Vector) -> Vector:
    return tuple(-entry for entry in vector)


def _dot(first: Sequence[Fraction], second: Sequence[Fraction | int]) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=False)), _ZERO)
