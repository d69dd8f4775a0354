"""Neurons that are affine combinations of others, removed by relations that have been proved.

Let W be the outgoing weights of a layer's neurons, extended by 0 for the neurons of the layer
before, whose activations a neuron could pass on.  If the rows of Γ are relations, W + C Γ does the
same for every C.  A column that becomes 0 is a neuron that can go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from tropnet.exact import Vector, row_echelon
from tropnet.networks.layers import AffineLayer
from tropnet.networks.simplification.bundles import coordinates, nonnegative_span
from tropnet.networks.simplification.draft import Draft, Neuron, Reason, Reduced, Step, Term
from tropnet.networks.simplification.obvious import combined, is_straight

_ZERO, _ONE = Fraction(0), Fraction(1)


def without_dependent(draft: Draft, index: int, relations: Sequence[Vector]) -> Reduced:
    """With fewer neurons in a hidden layer, or without it, as far as relations allow.

    Args:
        draft: The draft.
        index: The hidden layer, counted from 0.
        relations: Independent forms in (its neurons, those of the layer before, 1) that vanish;
            for the first layer in (its neurons, 1).

    Returns:
        A layer is left out if the relations make its share of the next preactivations affine in
        what it reads.  Otherwise the fewest neurons that elimination in some orders leaves; which,
        among as many, is the same for all networks equal up to trivial symmetries.
    """
    ordered = draft.in_canonical_order()
    search = _Elimination(ordered, index, _columns_moved(draft, ordered, index, relations))
    layer = search.affine_layer()
    if layer is not None:
        step = ordered.step(index, ordered.neurons(index), Reason.AFFINE_LAYER)
        return ordered.merged(index, layer), [step]
    best = min(search.outcomes(), key=len, default=None)
    if best is None or len(best) >= draft.width(index):
        return draft, []
    return search.applied(best)


def straightened(draft: Draft, index: int, relations: Sequence[Vector]) -> Draft:
    """With neurons whose activations are affine in what the layer reads made to read just that.

    They are then known to be always active.  Nothing else changes, and no neuron goes.

    Args:
        draft: The draft.
        index: The hidden layer, counted from 0, not the first.
        relations: As in `without_dependent`.
    """
    width = draft.width(index)
    neurons = draft.neurons(index)
    straight = {neuron.name for neuron in neurons if draft.is_active(index, neuron)}
    # Reduced with the neurons first, what is affine in the rest stands alone in its row.
    for row in row_echelon(relations)[0]:
        alone = [i for i, entry in enumerate(row[:width]) if entry]
        if len(alone) == 1:
            neuron = neurons[alone[0]]
            form = tuple(-entry for entry in row[width:])
            neurons[alone[0]] = neuron._replace(row=form[:-1], bias=form[-1])
            straight.add(neuron.name)
    return draft.with_neurons(index, neurons).with_active(index, straight)


def _columns_moved(
    draft: Draft, ordered: Draft, index: int, relations: Sequence[Vector]
) -> list[Vector]:
    """The relations for a draft with the same neurons in another order."""
    width = draft.width(index)
    here = [draft.names[index].index(name) for name in ordered.names[index]]
    names, others = (draft.names[index - 1], ordered.names[index - 1]) if index else ((), ())
    before = [names.index(name) for name in others]
    order = [*here, *(width + i for i in before), width + len(before)]
    return [tuple(relation[j] for j in order) for relation in relations]


class _Elimination:
    """Relations used up on the outgoing weights of one layer."""

    def __init__(self, draft: Draft, index: int, relations: Sequence[Vector]) -> None:
        self._draft = draft
        self._index = index
        self._relations = relations
        self._neurons = draft.neurons(index)
        self._before = draft.width(index - 1) if index else 0
        weight, bias = draft.layers[index + 1]
        none = (_ZERO,) * self._before
        self._weight = [(*row, *none, b) for row, b in zip(weight, bias, strict=True)]

    def affine_layer(self) -> AffineLayer | None:
        """The layer's share as an affine map of what it reads, if the relations make it one."""
        if not self._before:
            return None
        width = len(self._neurons)
        reduced = self._reduced(range(width + self._before))
        if any(any(row[:width]) for row in reduced.weight):
            return None
        return AffineLayer(
            tuple(row[width:-1] for row in reduced.weight),
            tuple(row[-1] for row in reduced.weight),
        )

    def outcomes(self) -> Iterator[_Reduced]:
        """What elimination in several orders of the columns leaves."""
        width = len(self._neurons)
        before = range(width, width + self._before)
        straight = [
            i
            for i, neuron in enumerate(self._neurons)
            if is_straight(neuron, self._index) or self._draft.is_active(self._index, neuron)
        ]
        for neurons in (range(width), range(width)[::-1]):
            bent = [i for i in neurons if i not in straight]
            # Relations among the layer's own neurons alone come first, then last; then what is
            # always active is left to new neurons.
            yield self._reduced([*before, *neurons])
            yield self._reduced([*neurons, *before])
            yield self._reduced([*straight, *before, *bent])

    def applied(self, outcome: _Reduced) -> Reduced:
        """The draft with an outcome's weights."""
        kept = [
            neuron._replace(out=tuple(row[i] for row in outcome.weight))
            for i, neuron in enumerate(self._neurons)
            if i in outcome.read
        ]
        gone = [neuron for i, neuron in enumerate(self._neurons) if i not in outcome.read]
        names = sorted(neuron.name for neuron in gone)
        shares = zip(*outcome.passed_shares, strict=True)
        for name, row, out in zip(names, outcome.passed, shares, strict=False):
            kept.append(Neuron(name, row, _ZERO, out))
        constant = tuple(
            row[-1] - old[-1] for row, old in zip(outcome.weight, self._weight, strict=True)
        )
        smaller = self._draft.with_neurons(self._index, kept, constant)
        return smaller, self._steps(outcome, gone)

    def _steps(self, outcome: _Reduced, gone: list[Neuron]) -> list[Step]:
        steps = []
        for pivot, row in sorted(outcome.pivots.items()):
            if pivot < len(self._neurons):
                terms = [self._term(j, -entry) for j, entry in enumerate(row) if entry]
                del terms[[j for j, entry in enumerate(row) if entry].index(pivot)]
                neuron = self._neurons[pivot]
                steps.append(self._draft.step(self._index, [neuron], Reason.DEPENDENT, terms))
                gone = [other for other in gone if other.name != neuron.name]
        if gone:
            steps.append(self._draft.step(self._index, gone, Reason.UNREAD))
        return steps

    def _term(self, column: int, coefficient: Fraction) -> Term:
        width = len(self._neurons)
        if column < width:
            number = self._draft.numbers[self._index]
            return Term(coefficient, number, self._neurons[column].name)
        if column < width + self._before:
            number = self._draft.numbers[self._index - 1]
            return Term(coefficient, number, self._draft.names[self._index - 1][column - width])
        return Term(coefficient, None, 0)

    def _reduced(self, order: Sequence[int]) -> _Reduced:
        """The weights after elimination with pivots as early in an order as possible."""
        columns = [*order, len(self._relations[0]) - 1]
        place = {column: k for k, column in enumerate(columns)}
        echelon, pivots = row_echelon([[row[j] for j in columns] for row in self._relations])
        rows = [tuple(row[place[j]] for j in range(len(columns))) for row in echelon]
        leading = [columns[k] for k in pivots]
        weight = [
            combined(
                [
                    (_ONE, old),
                    *((-old[j], row) for j, row in zip(leading, rows, strict=True)),
                ],
                len(old),
            )
            for old in self._weight
        ]
        return _Reduced(weight, dict(zip(leading, rows, strict=True)), len(self._neurons))


class _Reduced:
    """Outgoing weights after an elimination.

    Attributes:
        weight: The weights, the constants last.
        pivots: For each column that was eliminated the relation with coefficient 1 there.
        read: The layer's own neurons whose columns are not 0.
        passed: Non-negative rows, to be passed on from the layer before.
        passed_shares: What the next layer reads of each of them.
    """

    def __init__(self, weight: list[Vector], pivots: dict[int, Vector], width: int) -> None:
        self.weight = weight
        self.pivots = pivots
        self.read = [j for j in range(width) if any(row[j] for row in weight)]
        rest = [row[width:-1] for row in weight]
        self.passed = nonnegative_span(rest)
        self.passed_shares = coordinates(rest, self.passed)

    def __len__(self) -> int:
        return len(self.read) + len(self.passed)
