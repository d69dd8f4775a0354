"""Neurons expressed by others through affine relations that hold on all of R^n.

If the rows of Γ are relations between a layer's activations and what it reads, the next layer may
read W + C Γ as well as W, for every C.  Elimination makes as many columns of the layer's own
neurons 0 as there are relations; which ones depends on the order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tropnet.exact import Vector, nullspace, row_echelon
from tropnet.networks.simplification.draft import Draft
from tropnet.networks.simplification.obvious import combined
from tropnet.networks.simplification.orientation import Arrangement
from tropnet.networks.simplification.shares import Share, always_active
from tropnet.networks.simplification.steps import Term

_ZERO, _ONE = Fraction(0), Fraction(1)

# In how many orders neurons are eliminated.
_ORDERS = 16


@dataclass(frozen=True)
class Elimination:
    """A layer's share without some of its neurons.

    Attributes:
        share: The share.
        terms: For each neuron that was eliminated, by name, the terms whose sum is its activation.
        arrangement: The other neurons as they are, if that is all it takes.
    """

    share: Share
    terms: dict[int, tuple[Term, ...]]
    arrangement: Arrangement | None = None


def among_activations(relations: Sequence[Vector], width: int) -> list[Vector]:
    """The combinations of relations in which only the layer's own neurons occur.

    Args:
        relations: Forms in (its neurons, what it reads, 1) that vanish.
        width: The number of its neurons.

    Returns:
        Forms in (its neurons, 1), independent if the relations are.
    """
    inputs = [relation[width:-1] for relation in relations]
    found = []
    for factors in nullspace(list(zip(*inputs, strict=True)), len(relations)):
        terms = zip(map(Fraction, factors), relations, strict=True)
        total = combined(list(terms), len(relations[0]))
        found.append((*total[:width], total[-1]))
    return found


def eliminations(draft: Draft, index: int, relations: Sequence[Vector]) -> Iterator[Elimination]:
    """A layer's share after elimination in several orders.

    Args:
        draft: The draft.
        index: The hidden layer, counted from 0.
        relations: Independent forms in (its neurons, what it reads, 1), or in (its neurons, 1),
            that vanish; for the first layer the latter.
    """
    width = draft.width(index)
    here, before = list(range(width)), list(range(width, len(relations[0]) - 1))
    for order in (here, here[::-1]):
        # What relates the layer's own neurons only is what is left when the others come first.
        yield _eliminated(draft, index, relations, before + order)
    orders = [here, here[::-1], *([i for i in here if i != last] + [last] for last in here)]
    seen: set[frozenset[int]] = set()
    for order in orders[:_ORDERS]:
        pivots = frozenset(_reduced(relations, order + before))
        if pivots not in seen:
            seen.add(pivots)
            yield _eliminated(draft, index, relations, order + before)


def _eliminated(
    draft: Draft, index: int, relations: Sequence[Vector], order: list[int]
) -> Elimination:
    neurons = draft.neurons(index)
    width, columns = len(neurons), len(relations[0])
    leading = {j: row for j, row in _reduced(relations, order).items() if j < width}
    none = (_ZERO,) * (columns - width)
    weight = [
        combined(
            [
                (_ONE, tuple(neuron.out[i] for neuron in neurons) + none),
                *((-neurons[j].out[i], row) for j, row in leading.items()),
            ],
            columns,
        )
        for i in range(len(neurons[0].out))
    ]
    kept = [
        neuron._replace(out=tuple(row[j] for row in weight))
        for j, neuron in enumerate(neurons)
        if j not in leading and any(row[j] for row in weight)
    ]
    active = always_active(draft, index)
    inputs = (_ZERO,) * (len(neurons[0].form) - (columns - width))
    passed = [(*inputs, *row[width:]) for row in weight]
    share = (
        Share.of_neurons(kept, active).with_more(passed) if kept else Share((), tuple(passed), ())
    )
    straight = share.straight + tuple(
        (neurons[j].name, tuple(-entry for entry in row[width:]))
        for j, row in leading.items()
        if columns - width == len(neurons[0].form)
        and not any(row[i] for i in range(width) if i != j)
    )
    arrangement = None
    if not any(any(form[:-1]) for form in passed):
        forms = frozenset(neuron.form for neuron in kept if neuron.name in active)
        arrangement = Arrangement(tuple(kept), tuple(form[-1] for form in passed), forms)
    terms = {neurons[j].name: _terms(draft, index, row, j) for j, row in leading.items()}
    return Elimination(replace(share, straight=straight), terms, arrangement)


def _reduced(relations: Sequence[Vector], order: list[int]) -> dict[int, Vector]:
    """The relations after elimination with pivots as early in an order as possible, by pivot."""
    places = [*order, len(relations[0]) - 1]
    echelon, pivots = row_echelon([[row[j] for j in places] for row in relations])
    back = sorted(range(len(places)), key=places.__getitem__)
    rows = (tuple(row[k] for k in back) for row in echelon)
    return dict(zip((places[k] for k in pivots), rows, strict=True))


def _terms(draft: Draft, index: int, relation: Vector, pivot: int) -> tuple[Term, ...]:
    """The other terms of a relation, with which a neuron's activation can be written."""
    places: list[tuple[int | None, int]] = [
        (draft.numbers[index], name) for name in draft.names[index]
    ]
    if len(relation) - 1 > len(places):
        number = draft.numbers[index - 1]
        places += [(number, name) for name in draft.names[index - 1]]
    places.append((None, 0))
    return tuple(
        Term(-entry, *place)
        for j, (entry, place) in enumerate(zip(relation, places, strict=True))
        if entry and j != pivot
    )
