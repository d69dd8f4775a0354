"""A hidden layer made narrower by what is known about its neurons, or merged with the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from typing import TypeAlias

from tropnet.exact import Vector
from tropnet.networks.simplification.bundles import bundled
from tropnet.networks.simplification.dependence import Elimination, eliminations
from tropnet.networks.simplification.draft import Draft, Neuron, Reduced
from tropnet.networks.simplification.orientation import (
    NEW,
    Arrangement,
    Floor,
    narrow_arrangement,
)
from tropnet.networks.simplification.shares import Share, always_active
from tropnet.networks.simplification.steps import Reason, Step

DraftFloor: TypeAlias = Callable[[Draft, int, Vector], Fraction | None]
"""`orientation.Floor` for what a hidden layer of a draft reads."""


def narrowed(draft: Draft, index: int, relations: Sequence[Vector], floor: DraftFloor) -> Reduced:
    """With a narrower hidden layer, or without it, if a way is found.

    Args:
        draft: A draft without twins, silent or constant neurons in that layer.
        index: The hidden layer, counted from 0.
        relations: Independent forms in (its neurons, what it reads, 1) that vanish, and in none of
            whose combinations its neurons occur alone; or none.  Those that the weights show need
            not be among them if there are no others.
        floor: Shows bounds of what the layer of a draft reads (see `orientation.Floor`).

    Returns:
        The narrowest layer that is found with some neurons eliminated and others read on the other
        side of their hyperplanes.  Which, among as many, is the same for all networks equal up to
        trivial symmetries.
    """
    width = draft.width(index)
    if not relations and len(Share.of(draft, index).kinks) == width:
        return draft, []
    ordered = draft.in_canonical_order()
    best: tuple[Elimination, Arrangement] | None = None
    limit = width
    shown = cache(partial(floor, ordered, index))
    for elimination in _shares(ordered, index, _moved(draft, ordered, index, relations)):
        if not elimination.share.kinks:
            layer = elimination.share.affine_layer(ordered.layers[index + 1].bias)
            step = ordered.step(index, ordered.neurons(index), Reason.AFFINE_LAYER)
            return ordered.merged(index, layer), [step]
        for arrangement in _arrangements(elimination, index, limit, shown):
            best, limit = (elimination, arrangement), len(arrangement.neurons)
    if best is None:
        return _bundled(draft, index)
    return _arranged(ordered, index, *best)


def without_dependent(draft: Draft, index: int, relations: Sequence[Vector]) -> Reduced:
    """Without neurons of a hidden layer that others of the layer express.

    Args:
        draft: A draft.
        index: The hidden layer, counted from 0.
        relations: Independent forms in (its neurons, 1) that vanish, at least one.

    Returns:
        The narrowest layer that elimination in some order leaves, always a narrower one; among as
        narrow ones one that reads the fewest neurons.
    """
    ordered = draft.in_canonical_order()
    found = eliminations(ordered, index, _moved(draft, ordered, index, relations))
    outcomes = [(e, e.arrangement) for e in found if e.arrangement is not None]
    return _arranged(ordered, index, *min(outcomes, key=lambda outcome: _cost(outcome[1])))


def _cost(arrangement: Arrangement) -> tuple[int, int, int]:
    """The numbers of neurons, of neurons that they read, and of weights with which they do."""
    columns = list(zip(*(neuron.row for neuron in arrangement.neurons), strict=True))
    weights = [sum(map(bool, column)) for column in columns]
    return len(arrangement.neurons), sum(map(bool, weights)), sum(weights)


def _arrangements(
    elimination: Elimination, index: int, limit: int, floor: Floor
) -> Iterator[Arrangement]:
    """Arrangements with fewer than `limit` neurons, each with fewer than the one before."""
    if elimination.arrangement is not None and len(elimination.arrangement.neurons) < limit:
        limit = len(elimination.arrangement.neurons)
        yield elimination.arrangement
    found = narrow_arrangement(elimination.share, index, limit, floor)
    if found is not None:
        yield found


def _shares(draft: Draft, index: int, relations: Sequence[Vector]) -> Iterator[Elimination]:
    """The layer's share as it is after eliminations, and at last as its weights have it."""
    if relations:
        yield from eliminations(draft, index, relations)
    yield Elimination(Share.of(draft, index), {})


def _moved(draft: Draft, ordered: Draft, index: int, relations: Sequence[Vector]) -> list[Vector]:
    """The relations for a draft with the same neurons in another order."""
    width = draft.width(index)
    order = [draft.names[index].index(name) for name in ordered.names[index]]
    if relations and len(relations[0]) > width + 1:
        names = draft.names[index - 1]
        order += [width + names.index(name) for name in ordered.names[index - 1]]
    return [(*(relation[j] for j in order), relation[-1]) for relation in relations]


def _arranged(
    draft: Draft, index: int, elimination: Elimination, arrangement: Arrangement
) -> Reduced:
    """The draft with an arrangement of neurons; new ones get names that became free."""
    old = {neuron.name: neuron for neuron in draft.neurons(index)}
    taken = {neuron.name for neuron in arrangement.neurons}
    free = iter(sorted(old.keys() - taken))
    neurons = [
        neuron._replace(name=next(free)) if neuron.name == NEW else neuron
        for neuron in arrangement.neurons
    ]
    names = {neuron.name for neuron in neurons}
    active = {neuron.name for neuron in neurons if neuron.form in arrangement.active}
    known = draft.with_active(index, active)
    smaller = known.with_neurons(index, neurons, arrangement.constant)
    steps = _steps(draft, index, elimination, [n for n in old.values() if n.name not in names])
    changed = sorted(neuron.name for neuron in neurons if neuron.form != old[neuron.name].form)
    steps[0] = replace(steps[0], changed=tuple(changed))
    return smaller, steps


def _steps(draft: Draft, index: int, elimination: Elimination, gone: list[Neuron]) -> list[Step]:
    active = always_active(draft, index)
    groups: dict[Reason, list[Neuron]] = {}
    steps = []
    for neuron in sorted(gone):
        terms = elimination.terms.get(neuron.name)
        if terms is not None:
            steps.append(draft.step(index, [neuron], Reason.DEPENDENT, terms))
        elif neuron.name in active:
            groups.setdefault(Reason.BUNDLED, []).append(neuron)
        else:
            groups.setdefault(Reason.OPPOSITE, []).append(neuron)
    return steps + [draft.step(index, group, reason) for reason, group in groups.items()]


def _bundled(draft: Draft, index: int) -> Reduced:
    """With fewer neurons that are always active."""
    active = always_active(draft, index)
    straight = [neuron for neuron in draft.neurons(index) if neuron.name in active]
    fewer = {neuron.name: neuron for neuron in bundled(straight)}
    if len(fewer) == len(straight):
        return draft, []
    gone = [neuron for neuron in straight if neuron.name not in fewer]
    names = {neuron.name for neuron in gone}
    neurons = [fewer.get(n.name, n) for n in draft.neurons(index) if n.name not in names]
    step = replace(draft.step(index, gone, Reason.BUNDLED), changed=tuple(sorted(fewer)))
    return draft.with_neurons(index, neurons).with_active(index, fewer.keys()), [step]
