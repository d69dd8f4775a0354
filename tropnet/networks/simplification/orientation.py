"""Neurons spared by reading others on the other side of their hyperplanes.

A layer needs one neuron for each hyperplane along which its share of the next preactivations bends,
on either side of it: relu(h) = relu(−h) + h.  Neurons beyond these serve the affine rest only
(see `hinges`).  The rest changes by ±(α_i + β_i) ⊗ a_i where hyperplane i is read on its other
side, so what is sought are 0-1 combinations of these that leave nothing, or something in the span
of few directions: those of neurons that are always active, or of hyperplanes read on both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product

from tropnet.exact import Vector, nullspace, rank, row_echelon
from tropnet.networks.simplification.bundles import coordinates, nonnegative_span
from tropnet.networks.simplification.draft import Draft, Neuron, Reason, Reduced
from tropnet.networks.simplification.hinges import Hinge, HingedLayer
from tropnet.networks.simplification.obvious import combined, size

_ZERO, _ONE = Fraction(0), Fraction(1)

# How many sets of directions are tried, and for each how many choices of sides.
_DIRECTION_SETS = 128
_CHOICES = 1024
# How many choices of sides are tried for the sake of few new neurons.
_WAYS = 256


def reoriented(draft: Draft, index: int) -> Reduced:
    """With fewer neurons in a hidden layer, if another choice of sides is found that allows it.

    Args:
        draft: A draft without twins, silent or constant neurons in that layer.
        index: The hidden layer, counted from 0.

    Cost: bounded; not all choices are tried where they are very many.
    """
    layer = HingedLayer.of(draft, index)
    width = draft.width(index)
    needed = sum(hinge.visible for hinge in layer.hinges)
    if width == needed:
        return draft, []
    ordered = draft.in_canonical_order()
    search = _Search(HingedLayer.of(ordered, index), index)
    best: tuple[list[Neuron], Vector] | None = None
    for plan in search.plans(width - needed):
        found = search.realised(plan)
        if len(found[0]) < (width if best is None else len(best[0])):
            best = found
            if len(found[0]) == needed:
                break
    if best is None:
        return draft, []
    neurons, constant = best
    taken = {neuron.name for neuron in neurons}
    gone = [neuron for neuron in ordered.neurons(index) if neuron.name not in taken]
    step = ordered.step(index, gone, Reason.OPPOSITE)
    straight = {neuron.form for neuron in search.straight}
    active = {neuron.name for neuron in neurons if neuron.form in straight}
    reduced = ordered.with_neurons(index, neurons, constant)
    return reduced.with_active(index, active), [step]


@dataclass(frozen=True)
class _Plan:
    """A way to realise a layer's share of the next preactivations.

    Attributes:
        flips: For each visible hinge 1 if it is to be read on the other side, else 0.
        doubled: The numbers of visible hinges to be read on both sides.
        straight: The neurons, always active, that stay.
        passed: Rows ≥ 0 to be passed on, each by a neuron that is always active.
        paired: Rows to be passed on, each by one neuron for either sign.
    """

    flips: Sequence[int]
    doubled: tuple[int, ...] = ()
    straight: tuple[Neuron, ...] = ()
    passed: Sequence[Vector] = ()
    paired: Sequence[Vector] = ()


class _Search:
    """The choices for one layer."""

    def __init__(self, layer: HingedLayer, index: int) -> None:
        self._index = index
        self.straight = layer.straight
        self._visible = [hinge for hinge in layer.hinges if hinge.visible]
        invisible = [hinge for hinge in layer.hinges if not hinge.visible]
        self._neurons = [neuron for hinge in layer.hinges for neuron in hinge.neurons]
        self._neurons += layer.straight
        outputs, columns = len(self._neurons[0].out), len(self._neurons[0].form)
        # The rest where every visible hinge is read on its own side, above if it has both.
        terms = [(h.rest, h.form) for h in (*self._visible, *invisible) if h.above is not None]
        terms += [(neuron.out, neuron.form) for neuron in layer.straight]
        self._rest = [
            combined([(factor[i], form) for factor, form in terms], columns)
            for i in range(outputs)
        ]

    def plans(self, limit: int) -> Iterator[_Plan]:
        """Plans that might do with fewer than `limit` neurons beyond the visible hinges."""
        tried = 0
        for number in range(limit):
            for chosen in self._direction_sets(number):
                tried += 1
                if tried > _DIRECTION_SETS:
                    break
                yield from self._flipped(chosen)
        if 0 < len(self.straight) < limit:
            yield from self._flipped(range(-len(self.straight), 0))
        yield from self._passing_on(limit)

    def realised(self, plan: _Plan) -> tuple[list[Neuron], Vector]:
        """The neurons of a plan, and the constant that they leave for the next bias."""
        rest = self._rest_after(plan.flips)
        doubled = [self._visible[i].form for i in plan.doubled]
        new = [(*row, _ZERO) for row in (*plan.passed, *plan.paired)]
        forms = [*doubled, *(neuron.form for neuron in plan.straight), *new]
        shares = coordinates([row[:-1] for row in rest], [form[:-1] for form in forms])
        constant = tuple(
            row[-1] - sum((c * form[-1] for c, form in zip(share, forms, strict=True)), _ZERO)
            for row, share in zip(rest, shares, strict=True)
        )
        columns = [tuple(share[k] for share in shares) for k in range(len(forms))]
        extra = dict(zip(plan.doubled, columns, strict=False))
        parts: list[tuple[Neuron | None, Vector, Vector]] = []
        for i, hinge in enumerate(self._visible):
            parts += _sides(hinge, plan.flips[i], extra.get(i))
        columns = columns[len(doubled) :]
        parts += [(n, n.form, column) for n, column in zip(plan.straight, columns, strict=False)]
        columns = columns[len(plan.straight) :]
        parts += [(None, form, column) for form, column in zip(new, columns, strict=True)]
        for form, column in zip(new[len(plan.passed) :], columns[len(plan.passed) :], strict=True):
            parts.append((None, _negative(form), _negative(column)))
        return self._named([part for part in parts if any(part[2])]), constant

    def _named(self, parts: list[tuple[Neuron | None, Vector, Vector]]) -> list[Neuron]:
        """Neurons with the names of those that they come from; new ones get those left over."""
        taken = {old.name for old, _, _ in parts if old is not None}
        free = iter(sorted(neuron.name for neuron in self._neurons if neuron.name not in taken))
        return [
            Neuron(old.name if old is not None else next(free, -1), form[:-1], form[-1], out)
            for old, form, out in parts
        ]

    def _direction_sets(self, number: int) -> Iterator[tuple[int, ...]]:
        """Sets of directions: visible hinges from 0, straight neurons counted back from −1."""
        straight = range(-len(self.straight), 0)
        return combinations((*straight, *range(len(self._visible))), number)

    def _flipped(self, directions: Sequence[int]) -> Iterator[_Plan]:
        """The plan that leaves only what some directions span, if there is one."""
        doubled = tuple(i for i in directions if i >= 0)
        straight = tuple(self.straight[i] for i in directions if i < 0)
        rows = [self._visible[i].form[:-1] for i in doubled] + [n.row for n in straight]
        if rank(rows) < len(rows):
            return
        normals = nullspace(rows, len(self._rest[0]) - 1)
        changes = self._changes([int(i not in doubled) for i in range(len(self._visible))])
        columns = [
            tuple(entry * _dot(hinge.form, normal) for entry in change for normal in normals)
            for change, hinge in changes
        ]
        target = tuple(-_dot(row, normal) for row in self._rest for normal in normals)
        flips = zero_one_combination(columns, target, _CHOICES)
        if flips is not None:
            yield _Plan(flips, doubled, straight)

    def _passing_on(self, limit: int) -> Iterator[_Plan]:
        """Plans with new neurons for the rest, each with fewer than those before."""
        count = len(self._visible)
        both = tuple(i for i, h in enumerate(self._visible) if h.above and h.below)
        ways = product((0, 1), repeat=count) if 1 << count <= _WAYS else iter([(0,) * count])
        for flips, doubled in product(ways, dict.fromkeys(((), both))):
            rows = [self._visible[i].form[:-1] for i in doubled]
            if any(flips[i] for i in doubled) or rank(rows) < len(rows):
                continue
            needed = _independent(rows, [form[:-1] for form in self._rest_after(flips)])
            cost = len(doubled) + len(needed) * (1 if self._index else 2)
            if cost >= limit:
                continue
            if self._index:
                passed = nonnegative_span(needed)
                if len(doubled) + len(passed) < limit:
                    limit = len(doubled) + len(passed)
                    yield _Plan(flips, doubled, passed=passed)
            else:
                limit = cost
                yield _Plan(flips, doubled, paired=needed)

    def _rest_after(self, flips: Sequence[int]) -> list[Vector]:
        """The affine rest after flips: a form for each neuron of the next layer."""
        changes = [(change, h) for change, h in self._changes(flips) if any(change)]
        return [
            combined([(_ONE, row), *((change[i], h.form) for change, h in changes)], len(row))
            for i, row in enumerate(self._rest)
        ]

    def _changes(self, flips: Sequence[int]) -> list[tuple[Vector, Hinge]]:
        """How the rest changes with flips: (factor, hinge) for each, 0 where there is none."""
        return [
            (tuple((flip if h.above else -flip) * entry for entry in h.kink), h)
            for flip, h in zip(flips, self._visible, strict=True)
        ]


def zero_one_combination(
    columns: Sequence[Vector], target: Vector, limit: int
) -> tuple[int, ...] | None:
    """Numbers t_i in {0, 1} with Σ t_i · columns[i] = target, if some are found.

    Args:
        columns: The vectors.
        target: What they are to sum up to.
        limit: How many assignments of those t_i that linear algebra does not determine are tried.
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


def _sides(
    hinge: Hinge, flip: int, extra: Vector | None
) -> list[tuple[Neuron | None, Vector, Vector]]:
    """The neurons that read a hinge: where they come from, their forms and outgoing weights."""
    first = hinge.above if hinge.above is not None else hinge.below
    assert first is not None
    scale = size(first.form)
    above = tuple(scale * entry for entry in hinge.form)
    is_above = (hinge.above is not None) != bool(flip)
    kink = tuple(entry / scale for entry in hinge.kink)
    none = (_ZERO,) * len(kink)
    outs = (kink, none) if is_above else (none, kink)
    if extra is not None:
        share = tuple(entry / scale for entry in extra)
        outs = combined([(_ONE, outs[0]), (_ONE, share)], len(none)), combined(
            [(_ONE, outs[1]), (-_ONE, share)], len(none)
        )
    sides = [(above, outs[0]), (_negative(above), outs[1])]
    used = [(form, out) for form, out in sides if any(out)]
    sources: list[Neuron | None] = [first, None]
    return [(source, *side) for source, side in zip(sources, used, strict=False)]


def _independent(rows: list[Vector], others: list[Vector]) -> list[Vector]:
    """Vectors that span the same as others modulo the span of independent rows."""
    found: list[Vector] = []
    for other in row_echelon(others)[0]:
        if rank([*rows, *found, other]) > len(rows) + len(found):
            found.append(other)
    return found


def _negative(vector: Vector) -> Vector:
    return tuple(-entry for entry in vector)


def _dot(first: Sequence[Fraction], second: Sequence[Fraction | int]) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=False)), _ZERO)
