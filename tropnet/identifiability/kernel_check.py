"""Whether the Jacobians of regions kill some vectors, exactly.

Most entries of most vectors are multiplied by 0 on most regions: the neuron they feed is off, or
the one they come from, or there is no active path on to an output.  That is seen for many regions
at once.  What is left is followed forwards to the last layer that the vector changes.  There it has
usually cancelled out, and whether it has depends on the layers before alone, which many regions in
a row have in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tropnet.identifiability.exact_jacobian import ExactJacobian
from tropnet.identifiability.modular_jacobian import ActivePatterns
from tropnet.identifiability.parameters import ParameterSpace
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork

_MOST_NEURONS = 16

SparseVector: TypeAlias = Mapping[int, int]
"""An integer vector in the space of parameters, by its non-zero coordinates."""


class _Change(NamedTuple):
    """What a vector does to the incoming parameters of one neuron.

    Attributes:
        depth: The neuron's layer, counted from 0.
        neuron: The neuron.
        terms: Columns, the last of which is the bias, and their values.
    """

    depth: int
    neuron: int
    terms: tuple[tuple[int, int], ...]


class KernelCheck:
    """Tests of given vectors, none of them zero, on many regions.

    Args:
        net: The network; the vectors are about its integer form.
        space: The coordinates of its parameters.
        vectors: The vectors.
    """

    def __init__(
        self, net: ReLUNetwork, space: ParameterSpace, vectors: Sequence[SparseVector]
    ) -> None:
        self._jacobian = ExactJacobian(net, space)
        self._changes = [_changes(space, vector) for vector in vectors]
        widths = net.architecture[1:-1]
        self._columns = [columns for _, columns in space.shapes]
        self._ends = np.cumsum(widths, dtype=np.intp)
        # Whether a neuron (column) feeds a neuron or output of the next layer (row).
        self._feeds = [
            np.array([[entry != 0 for entry in row] for row in layer.weight], dtype=float)
            for layer in net.layers[1:]
        ]
        first = (0, *accumulate(widths))
        always = first[-1]  # stands for inputs, constants and outputs
        targets: list[int] = []
        sources: list[int] = []
        starts: list[int] = []
        for changes in self._changes:
            starts.append(len(targets))
            for depth, neuron, terms in changes:
                for column, _ in terms:
                    targets.append(first[depth] + neuron if depth < len(widths) else always)
                    is_neuron = depth > 0 and column < widths[depth - 1]
                    sources.append(first[depth - 1] + column if is_neuron else always)
        self._targets, self._sources, self._starts = targets, sources, starts
        # Where the Jacobian is: what the changes of each layer do there, and what the vectors do
        # whose last change is in it.
        self._rates: list[dict[tuple[int, int], IntegerRow]] = [{} for _ in net.layers]
        self._moved: list[dict[int, list[int]]] = [{} for _ in net.layers]

    def first_failure(self, active: ActivePatterns) -> int | None:
        """The number of a region whose Jacobian does not kill some vector, None if all do."""
        if not self._changes:
            return None
        live = self._live_vectors(active) & ~self._settled_vectors(active)
        for region in np.flatnonzero(live.any(axis=1)).tolist():
            same = self._jacobian.move_to(active[region])
            for rates, moved in zip(self._rates[same:], self._moved[same:], strict=True):
                rates.clear()
                moved.clear()
            for vector in np.flatnonzero(live[region]).tolist():
                if not self._is_killed(vector):
                    return region
        return None

    def _live_vectors(self, active: ActivePatterns) -> NDArray[np.bool_]:
        """Whether a vector meets more than structural zeros; shape (regions, vectors)."""
        layers = np.split(active, self._ends, axis=1)[:-1]
        reaching = []
        reach = np.ones((len(active), len(self._feeds[-1])))
        for feeds, layer in zip(reversed(self._feeds), reversed(layers), strict=True):
            reaching.append(layer & (reach @ feeds > 0))
            reach = reaching[-1].astype(float)
        everywhere = np.ones((len(active), 1), dtype=bool)
        # Bits of eight regions at a time.
        target = np.packbits(np.concatenate([*reaching[::-1], everywhere], axis=1).T, axis=1)
        source = np.packbits(np.concatenate([active, everywhere], axis=1).T, axis=1)
        live = np.bitwise_or.reduceat(target[self._targets] & source[self._sources], self._starts)
        return np.unpackbits(live, axis=1, count=len(active)).T.astype(bool)

    def _settled_vectors(self, active: ActivePatterns) -> NDArray[np.bool_]:
        """Whether a vector is seen to be killed from few neurons alone; shape (regions, vectors).

        That can be where it changes one layer, or two in a row: it may cancel out there by its
        entries and the weights alone, whatever the first of these layers reads.
        """
        settled = np.zeros((len(active), len(self._changes)), dtype=bool)
        for vector, changes in enumerate(self._changes):
            depth = min(changes[0].depth, len(self._ends) - 1)
            width = self._columns[depth + 1] - 1
            if changes[-1].depth > depth + 1:
                continue
            own = {change.neuron for change in changes if change.depth == depth}
            own |= {i for c in changes if c.depth > depth for i, _ in c.terms if i < width}
            neurons = sorted(own)
            if len(neurons) > _MOST_NEURONS:
                continue
            start = int(self._ends[depth]) - width
            codes = active[:, [start + n for n in neurons]] @ (1 << np.arange(len(neurons)))
            found, inverse = np.unique(codes, return_inverse=True)
            on = ({n for i, n in enumerate(neurons) if code >> i & 1} for code in found.tolist())
            still = [self._moves_nothing(changes, depth, neurons) for neurons in on]
            settled[:, vector] = np.array(still)[inverse]
        return settled

    def _moves_nothing(self, changes: Sequence[_Change], depth: int, on: set[int]) -> bool:
        """Whether changes of a layer and the next cancel out in the preactivations of the next.

        Args:
            changes: The changes.
            depth: The first of the two layers.
            on: Those of its neurons that are active, among those that matter.
        """
        rows, following = self._jacobian.weights[depth], self._jacobian.weights[depth + 1]
        constant = self._columns[depth] - 1
        before = [change for change in changes if change.depth == depth and change.neuron in on]
        after = {change.neuron: change.terms for change in changes if change.depth > depth}
        for neuron, weights in enumerate(following):
            # How the preactivation moves, in terms of what the first layer reads.
            total = [0] * self._columns[depth]
            for _, source, terms in before:
                for column, value in terms:
                    total[column] += weights[source] * value
            for source, value in after.get(neuron, ()):
                if source == self._columns[depth + 1] - 1:
                    total[constant] += value
                elif source in on:
                    total = [a + value * b for a, b in zip(total, rows[source], strict=True)]
            if any(total):
                return False
        return True

    def _is_killed(self, vector: int) -> bool:
        """Whether the Jacobian of the region at which it is kills a vector."""
        last = self._changes[vector][-1].depth
        known = self._moved[last]
        if vector not in known:
            known[vector] = self._moved_neurons(vector)
        if not known[vector]:
            return True
        if last == len(self._ends):
            return False
        mask = self._jacobian.masks[last]
        return not any(mask[neuron] for neuron in known[vector]) or self._cancels(vector)

    def _moved_neurons(self, vector: int) -> list[int]:
        """The neurons of the last layer that a vector changes whose preactivations do move."""
        jacobian, changes = self._jacobian, self._changes[vector]
        rates: dict[int, IntegerRow] = {}
        for depth in range(changes[0].depth, changes[-1].depth + 1):
            own = {c.neuron: self._rate(vector, c) for c in changes if c.depth == depth}
            if depth > changes[0].depth:
                mask = jacobian.masks[depth - 1]
                before = [(neuron, form) for neuron, form in rates.items() if mask[neuron]]
                for neuron, row in enumerate(jacobian.weights[depth]) if before else ():
                    terms = [(row[source], form) for source, form in before]
                    terms += [(1, own[neuron])] if neuron in own else []
                    own[neuron] = _combination(terms)
            rates = {neuron: form for neuron, form in own.items() if any(form)}
        return list(rates)

    def _cancels(self, vector: int) -> bool:
        """Whether what a vector does cancels out at the outputs."""
        rates = [(change, self._rate(vector, change)) for change in self._changes[vector]]
        backs = [self._jacobian.back(change.depth) for change, _ in rates]
        return not any(
            any(
                _combination(
                    [
                        (back[output][change.neuron], form)
                        for back, (change, form) in zip(backs, rates, strict=True)
                    ]
                )
            )
            for output in range(len(backs[0]))
        )

    def _rate(self, vector: int, change: _Change) -> IntegerRow:
        """How the preactivation of a neuron moves with its own parameters."""
        known = self._rates[change.depth]
        place = vector, change.neuron
        if place not in known:
            form = self._jacobian.form
            known[place] = _combination(
                [(value, form(change.depth, column)) for column, value in change.terms]
            )
        return known[place]


def _combination(terms: Sequence[tuple[int, IntegerRow]]) -> IntegerRow:
    return tuple(map(sum, zip(*([k * entry for entry in row] for k, row in terms), strict=True)))


def _changes(space: ParameterSpace, vector: SparseVector) -> list[_Change]:
    """A vector neuron by neuron."""
    entries = [(space.cell(coordinate), value) for coordinate, value in sorted(vector.items())]
    return [
        _Change(depth, neuron, tuple((cell[2], value) for cell, value in group))
        for (depth, neuron), group in groupby(entries, key=lambda entry: entry[0][:2])
    ]
