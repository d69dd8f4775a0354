"""The possible preactivations of the next layer, when all layers before it are known.

A neuron that reads known outputs y_A is z = Σ λ_A y_A + β.  On a facet u·x = c of its zero set z is
a multiple of u·x − c, on both sides if they are equal near the facet, which they are: no other
neuron vanishes inside a part of the facet.  These linear equations for (λ, β), over all parts of
the facets of a branch, are the *conditions* of the branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import TypeAlias

from tropnet.certificates.budget import Meter
from tropnet.exact import Matrix, Vector, dot, nullspace, row_echelon
from tropnet.identifiability.recovery.cuts import Part
from tropnet.piecewise.bends import Branch
from tropnet.piecewise.facet import Facet

Pieces: TypeAlias = tuple[tuple[Facet, Part], ...]
"""The parts of the facets of a branch."""

Neuron: TypeAlias = tuple[int, ...]
"""The weights λ of a neuron and its bias β, up to a factor."""


@dataclass(frozen=True)
class Conditions:
    """What it takes for a branch to belong to a neuron of the next layer.

    Attributes:
        rows: The equations for (λ, β), in reduced row echelon form.
        slopes: For each part of a facet the linear form in (λ, β) that z is times u·x − c there.
    """

    rows: Matrix
    slopes: tuple[Vector, ...]

    @classmethod
    def of(cls, pieces: Pieces, orientation: Sequence[int]) -> Conditions:
        """The conditions of a branch, for neurons that read relu(s z) of the last known layer."""
        rows: set[Vector] = set()
        slopes: dict[Vector, None] = {}
        for facet, part in pieces:
            pivot = next(k for k, entry in enumerate(facet.normal) if entry)
            hyperplane = [*map(Fraction, facet.normal), -facet.offset]
            one = (*(Fraction(0),) * len(facet.normal), Fraction(1))
            forms = [*part.outputs(orientation), one]
            slope = tuple(form[pivot] / facet.normal[pivot] for form in forms)
            slopes[slope] = None
            for j, entry in enumerate(hyperplane):
                rest = (form[j] - s * entry for form, s in zip(forms, slope, strict=True))
                rows.add(tuple(rest))
        return cls(row_echelon(sorted(rows))[0], tuple(slopes))

    def neurons(self, size: int) -> tuple[Neuron, ...]:
        """A basis of the solutions; empty if every solution is constant near some part."""
        basis = nullspace(self.rows, size)
        if all(any(dot(slope, neuron) for neuron in basis) for slope in self.slopes):
            return tuple(basis)
        return ()

    def hold(self, neuron: Neuron) -> bool:
        """Whether a neuron vanishes exactly along the branch, near it."""
        return not any(dot(row, neuron) for row in self.rows) and all(
            dot(slope, neuron) for slope in self.slopes
        )


@dataclass(frozen=True)
class LayerChoices:
    """The possible preactivations of a layer.

    Attributes:
        conditions: The conditions of the branches that can belong to it.
        forced: The branches that must belong to it.
        neurons: All neurons determined by the conditions of some branches, up to factors.
        certain: Those among them that must be in the layer.
        unclear: Branches that may belong to neurons which no conditions determine.
    """

    conditions: Mapping[Branch, Conditions]
    forced: tuple[Branch, ...]
    neurons: tuple[Neuron, ...]
    certain: frozenset[Neuron]
    unclear: tuple[Branch, ...]

    @classmethod
    def of(
        cls,
        pieces: Mapping[Branch, Pieces],
        forced: Sequence[Branch],
        orientation: Sequence[int],
        meter: Meter,
    ) -> LayerChoices | None:
        """The choices; None if a branch that must belong to the layer cannot.

        Args:
            pieces: The parts of the branches that may belong to the layer.
            forced: Those of them that must.
            orientation: The signs s of the last known layer.
            meter: Counts the intersections of solution spaces.
        """
        size = len(orientation) + 1
        conditions = {}
        found: set[Neuron] = set()
        certain: set[Neuron] = set()
        wide: list[Branch] = []
        for branch in (*forced, *(each for each in pieces if each not in forced)):
            here = Conditions.of(pieces[branch], orientation)
            basis = here.neurons(size)
            if not basis:
                if branch in forced:
                    return None
                continue
            conditions[branch] = here
            if len(basis) > 1:
                wide.append(branch)
                continue
            found.add(_normal(basis[0]))
            if branch in forced:
                certain.add(_normal(basis[0]))
        found |= _common([conditions[branch].rows for branch in wide], size, meter)
        unclear = [each for each in wide if not any(map(conditions[each].hold, certain))]
        return cls(
            conditions, tuple(forced), tuple(sorted(found)), frozenset(certain), tuple(unclear)
        )

    def may_be_incomplete(self, width: int) -> bool:
        """Whether a layer of this width may have a neuron that is not among `neurons`."""
        return (
            bool(self.unclear)
            and len(self.certain) < width
            and len(self.neurons) + len(self.unclear) >= width
        )

    def layers(self, width: int) -> Iterator[dict[Neuron, list[Branch]]]:
        """The ways to choose the neurons of the layer, each with its branches."""
        missing = width - len(self.certain)
        others = [neuron for neuron in self.neurons if neuron not in self.certain]
        if missing < 0:
            return
        for more in combinations(others, missing):
            owned = {
                neuron: [each for each, needs in self.conditions.items() if needs.hold(neuron)]
                for neuron in sorted((*self.certain, *more))
            }
            taken = [branch for branches in owned.values() for branch in branches]
            if (
                all(owned.values())
                and len(set(taken)) == len(taken)
                and set(self.forced) <= set(taken)
            ):
                yield owned


def _common(spaces: Sequence[Matrix], size: int, meter: Meter) -> set[Neuron]:
    """The neurons that are, up to factors, the only common solutions of some equations."""
    seen = set(spaces)
    todo = list(spaces)
    found = set()
    while todo:
        rows = todo.pop()
        for other in spaces:
            meter.add(1)
            both = row_echelon([*rows, *other])[0]
            if both not in seen:
                seen.add(both)
                if len(both) == size - 1:
                    found.add(_normal(nullspace(both, size)[0]))
                elif len(both) < size - 1:
                    todo.append(both)
    return found


def _normal(neuron: Sequence[int]) -> Neuron:
    """A multiple with a positive first entry."""
    sign = next(1 if entry > 0 else -1 for entry in neuron if entry)
    return tuple(sign * entry for entry in neuron)
