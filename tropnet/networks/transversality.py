"""Whether a network is transversal: its neurons' zero sets meet as generic ones do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn, TypeAlias

from tropnet.certificates.budget import Budget, Progress, metered
from tropnet.certificates.records import Record
from tropnet.networks.cells import Cell
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import RegionLayout
from tropnet.polyhedra import Polyhedron

Neuron: TypeAlias = tuple[int, int]
"""A hidden layer, counted from 1, and a position in it, counted from 0."""


@dataclass(frozen=True)
class Transversality(Record):
    """The answer of `is_transversal`.

    Attributes:
        transversal: Whether the network is transversal.
        reason: Why not; None if it is.
        neurons: The neurons that vanish together where they should not, as pairs (layer, position),
            layers counted from 1 and positions from 0.
        cell: A cell on which they vanish: a region, a facet of one, or a cell of codimension 2.
    """

    transversal: bool
    reason: str | None = None
    neurons: tuple[Neuron, ...] = ()
    cell: Polyhedron | None = None

    def __bool__(self) -> NoReturn:
        raise TypeError("a Transversality is not a truth value; ask for .transversal")

    def __repr__(self) -> str:
        return f"<Transversality: {self.reason or 'transversal'}>"


def is_transversal(
    net: ReLUNetwork, *, budget: Budget | None = None, progress: Progress | None = None
) -> Transversality:
    """Decides whether a network is transversal.

    It is if no preactivation of a hidden neuron vanishes identically on an activation region, at
    most one on each facet of a region, and at most two on each cell of codimension 2 of the
    canonical complex (the faces of the regions).  What is said about depth, and about recovering
    parameters from a function, is said about transversal networks.

    Args:
        net: Any network.  Without hidden layers it is transversal.
        budget: Limits on the regions looked at.
        progress: Called with the number of regions done so far.

    Returns:
        A `Transversality` with `.transversal`, and for other networks `.reason`, `.neurons` and
        `.cell`, the first that was found.

    Raises:
        InvalidInputError: if it is no network.
        BudgetExceededError: when the budget runs out.

    Guarantees:
        Exact.  It is a property of the parameters, not of the function.

    Cost: that of the activation regions, and for each an integer matrix product and the pairs of
        its facets.

    >>> twins = ReLUNetwork([([[1, 0], [2, 0]], [0, 0]), ([[1, 1]], [0])])
    >>> is_transversal(twins)
    <Transversality: neuron 0 of layer 1 and neuron 1 of layer 1 vanish on a facet of a region>
    >>> is_transversal(ReLUNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])).transversal
    True
    """
    layout = RegionLayout(net, None)
    if net.depth == 0:
        return Transversality(True)
    for cell in metered(layout.cells(), budget, progress):
        for neurons, on, where in _faults(cell):
            return _refuted(layout, cell, neurons, on, where)
    return Transversality(True)


def _faults(cell: Cell) -> Iterator[tuple[list[int], int, str]]:
    """Sets of neurons that vanish together where they should not.

    Returns:
        The neurons, numbered through all layers; the face on which they vanish, as the bit set of
        its generators; and what kind of face that is.
    """
    whole = (1 << len(cell.tight)) - 1
    # The hyperplane at infinity has the number 0.
    vertices = sum(1 << i for i, mask in enumerate(cell.tight) if not mask & 1)
    # A preactivation has one sign on the region, so where it vanishes is a face of it.
    zeros = _zero_sets(cell, whole)
    for neuron, zero in enumerate(zeros):
        if zero == whole:
            yield [neuron], zero, "identically on a region"
    # Every facet is the zero set of a neuron, and every other face lies in a facet.
    facets = _largest({zero for zero in zeros if zero & vertices})
    for facet in facets:
        neurons = [neuron for neuron, zero in enumerate(zeros) if zero == facet]
        if len(neurons) > 1:
            yield neurons, facet, "on a facet of a region"
    for facet in facets:
        common = {facet & other for other in facets if other != facet}
        for ridge in _largest({face for face in common if face & vertices}):
            neurons = [neuron for neuron, zero in enumerate(zeros) if zero & ridge == ridge]
            if len(neurons) > 2:
                yield neurons, ridge, "on a cell of codimension 2"


def _zero_sets(cell: Cell, whole: int) -> list[int]:
    """For each hidden neuron, layer by layer, the generators at which it vanishes, as bits."""
    levels = [cell.forms, *(forms for forms, _ in cell.forms.ancestors())]
    zeros = []
    number = 1
    for forms, (positive, negative) in zip(reversed(levels), cell.signs, strict=True):
        for neuron in range(forms.width):
            on = sum(1 << i for i, mask in enumerate(cell.tight) if mask >> number & 1)
            zeros.append(on if (positive | negative) >> neuron & 1 else whole)
            number += 1
    return zeros


def _largest(sets: set[int]) -> list[int]:
    """The bit sets that no other contains, in increasing order."""
    return [one for one in sorted(sets) if not any(one & two == one != two for two in sets)]


def _refuted(
    layout: RegionLayout, cell: Cell, neurons: Sequence[int], on: int, where: str
) -> Transversality:
    widths = layout.net.architecture[1:-1]
    places = [(layer, i) for layer, width in enumerate(widths, 1) for i in range(width)]
    found = tuple(places[neuron] for neuron in neurons)
    names = [f"neuron {position} of layer {layer}" for layer, position in found]
    verb = "vanish" if len(names) > 1 else "vanishes"
    points = [
        layout.point(generator.point) for i, generator in enumerate(cell.generators) if on >> i & 1
    ]
    polyhedron = Polyhedron.from_generators(
        [[Fraction(entry, point[-1]) for entry in point[:-1]] for point in points if point[-1]],
        [point[:-1] for point in points if not point[-1]],
        layout.lines,
        ambient_dim=layout.net.input_width,
    )
    text = " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
    return Transversality(False, f"{text} {verb} {where}", found, polyhedron)
