"""As few neurons as can be found for a layer's share of the next preactivations.

It needs one neuron for each kink, on either side of its hyperplane: relu(h) = relu(−h) + h.
Neurons beyond these serve the affine rest only.  The rest changes by out_i ⊗ a_i where kink i is
read on its other side, so what is sought are 0-1 combinations of these that leave nothing, or
something in the span of few directions: those of neurons that are always active, or of hyperplanes
read on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from typing import TypeAlias

import flint

from tropnet.exact import Vector, nullspace, rank
from tropnet.networks.simplification.bundles import coordinates, nonnegative_span
from tropnet.networks.simplification.draft import Neuron
from tropnet.networks.simplification.obvious import combined
from tropnet.networks.simplification.shares import Share

_ZERO, _ONE = Fraction(0), Fraction(1)

# How many sets of directions are tried, and for each how many choices of sides.
_DIRECTION_SETS = 64
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


Floor: TypeAlias = Callable[[Vector], Fraction | None]
"""For a row a with a·y bounded below, if that can be shown, a number c with a·y + c ≥ 0."""


def narrow_arrangement(share: Share, index: int, limit: int, floor: Floor) -> Arrangement | None:
    """The narrowest arrangement that is found with fewer than `limit` neurons, if there is one.

    Args:
        share: The share of a layer.
        index: Which hidden layer it is, counted from 0: all but the first read what is ≥ 0.
        limit: How many neurons are too many.
        floor: Shows bounds of what the layer reads, if it is not the first.

    Cost: bounded; not all choices are tried where they are very many.
    """
    best = None
    search = _Search(share, index, floor)
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
        passed: Forms to be passed on, each by a neuron that is always active.
        paired: Rows to be passed on, each by one neuron for either sign.
    """

    flips: Sequence[int]
    doubled: tuple[int, ...] = ()
    straight: tuple[tuple[int, Vector], ...] = ()
    passed: Sequence[Vector] = ()
    paired: Sequence[Vector] = ()


class _Search:
    """The choices for one layer."""

    def __init__(self, share: Share, index: int, floor: Floor) -> None:
        self._share = share
        self._index = index
        self._floor = floor
        self._rest = _matrix(share.rest)
        self._changes = [
            _matrix([(entry,) for entry in kink.out]) * _matrix([kink.form]) for kink in share.kinks
        ]

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
        if limit > 0:
            yield from self._passing_on(limit)

    def realised(self, plan: _Plan) -> Arrangement:
        """The neurons of a plan."""
        rest = _rows(self._rest_after(plan.flips))
        new = [(NEW, form) for form in plan.passed]
        new += [(NEW, (*row, _ZERO)) for row in plan.paired]
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
        if normals:
            along = flint.fmpq_mat([[*entries, 0] for entries in normals]).transpose()
            columns = [
                (change * along if i not in doubled else 0 * (change * along)).entries()
                for i, change in enumerate(self._changes)
            ]
            target = (-self._rest * along).entries()
            flips = zero_one_combination(columns, target, _CHOICES)
        else:
            flips = (0,) * len(kinks)
        if flips is not None:
            yield _Plan(flips, doubled, straight)

    def _passing_on(self, limit: int) -> Iterator[_Plan]:
        """Plans with new neurons for the rest, each with fewer than those before."""
        count = len(self._share.kinks)
        ways = product((0, 1), repeat=count) if 1 << count <= _WAYS else iter([(0,) * count])
        for flips in ways:
            echelon, size = _without_last_column(self._rest_after(flips)).rref()
            if not self._index and 2 * size < limit:
                limit = 2 * size
                yield _Plan(flips, paired=_rows(echelon)[:size])
            elif self._index and size < limit:
                passed = self._passed(_rows(echelon)[:size])
                if len(passed) < limit:
                    limit = len(passed)
                    yield _Plan(flips, passed=passed)

    def _passed(self, rows: Sequence[Vector]) -> list[Vector]:
        """Forms that neurons can pass on, whose gradients span given independent rows."""
        passed = nonnegative_span(rows)
        if len(passed) == len(rows):
            return [(*row, _ZERO) for row in passed]
        bounded = []
        for row in rows:
            floors = ((side, self._floor(side)) for side in (row, _negative(row)))
            form = next(((*side, floor) for side, floor in floors if floor is not None), None)
            if form is None:
                return [(*row, _ZERO) for row in passed]
            bounded.append(form)
        return bounded

    def _rest_after(self, flips: Sequence[int]) -> flint.fmpq_mat:
        """The affine rest after flips, a form in each row."""
        rest = self._rest
        for change, flip in zip(self._changes, flips, strict=True):
            if flip:
                rest = rest + change
        return rest


def zero_one_combination(
    columns: Sequence[Sequence[flint.fmpq]], target: Sequence[flint.fmpq], limit: int
) -> tuple[int, ...] | None:
    """Numbers t_i in {0, 1} with Σ t_i · columns[i] = target, if some are found.

    Args:
        columns: The vectors.
        target: What they are to sum up to, of length at least 1.
        limit: How many assignments of those t_i that linear algebra does not determine are tried.

    >>> one, two = [flint.fmpq(1)], [flint.fmpq(2)]
    >>> zero_one_combination([one, two, two], [flint.fmpq(3)], 8)
    (1, 0, 1)
    """
    count = len(columns)
    echelon, size = flint.fmpq_mat([*map(list, columns), list(target)]).transpose().rref()
    reduced = echelon.tolist()[:size]
    pivots = [next(j for j, entry in enumerate(row) if entry) for row in reduced]
    if count in pivots:
        return None
    free = [i for i in range(count) if i not in pivots]
    for choice in islice(product((0, 1), repeat=len(free)), limit):
        chosen = dict(zip(free, choice, strict=True))
        for row, pivot in zip(reduced, pivots, strict=True):
            value = row[count] - sum(row[i] for i in free if chosen[i])
            if value not in (0, 1):
                break
            chosen[pivot] = int(value.p)
        else:
            return tuple(chosen[i] for i in range(count))
    return None


def _matrix(rows: Sequence[Vector]) -> flint.fmpq_mat:
    return flint.fmpq_mat(
        [[flint.fmpq(entry.numerator, entry.denominator) for entry in row] for row in rows]
    )


def _rows(matrix: flint.fmpq_mat) -> list[Vector]:
    return [tuple(Fraction(int(entry.p), int(entry.q)) for entry in row) for row in matrix.tolist()]


def _without_last_column(matrix: flint.fmpq_mat) -> flint.fmpq_mat:
    return flint.fmpq_mat([row[:-1] for row in matrix.tolist()])


def _neuron(name: int, form: Vector, out: Vector) -> Neuron:
    return Neuron(name, form[:-1], form[-1], out)


def _negative(vector: Vector) -> Vector:
    return tuple(-entry for entry in vector)
