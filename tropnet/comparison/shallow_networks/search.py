"""The search for the narrowest one-hidden-layer representations of a function.

The function is Σ c_i relu(h_i) + ℓ x + e with H hyperplanes h_i = u_i·x − o_i = 0.  A network that
realises it has on each of them α_i relu(h_i) + β_i relu(−h_i) with α_i + β_i = c_i, two neurons
unless β_i is 0 or c_i, and on other hyperplanes pairs of neurons that do not break.  relu(−h) is
relu(h) − h, so these pairs make the linear part R_S + Σ_{j∈J} β_j ⊗ u_j, where S is the set of the
i with β_i = c_i, and J that with β_i other than 0 and c_i; a matrix takes as many pairs as its
rank.  Therefore the minimal width is H plus the least *excess* |J| + 2k, where S and J are disjoint
and

    k = rank(R_S modulo the span of the u_j, j ∈ J),     R_S = ℓ + Σ_{i∈S} c_i ⊗ u_i.

At the least excess the u_j are independent (else a smaller J has the same span), and no β_j is 0 or
c_j (else a smaller J would do).  So each pair (S, J) stands for other networks than all the others.
For the search only the span of the u_j matters, a flat of the normals, and which of the elements of
the flat are in S does not: they vanish modulo it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb
from typing import NamedTuple

from tropnet.certificates.budget import Meter
from tropnet.comparison.shallow_networks.component import ShallowComponent
from tropnet.comparison.shallow_networks.flats import Flat, Row, flats
from tropnet.comparison.shallow_networks.form import ShallowForm
from tropnet.comparison.shallow_networks.low_rank_sums import LowRankSums, RankOne
from tropnet.comparison.shallow_networks.subset_sums import subsets
from tropnet.exact import Vector, nullspace, rank, row_echelon


class Kind(NamedTuple):
    """What components have in common.

    Attributes:
        doubled: |J|, the number of hyperplanes with both orientations.
        invisible: k, the number of invisible hyperplanes.
    """

    doubled: int
    invisible: int

    @property
    def excess(self) -> int:
        """How many neurons there are beyond one for each hyperplane."""
        return self.doubled + 2 * self.invisible

    @property
    def dimension(self) -> int:
        """The dimension of the components beyond the trivial symmetries."""
        return self.invisible * (self.invisible + self.doubled)


def kinds(excess: int) -> list[Kind]:
    """The kinds with a given excess, those that are easiest to decide first.

    >>> kinds(3)
    [Kind(doubled=1, invisible=1), Kind(doubled=3, invisible=0)]
    """
    return [Kind(excess - 2 * k, k) for k in range(excess // 2, -1, -1)]


@dataclass(frozen=True)
class ShallowSearch:
    """The components of each kind; meaningful at the least excess that has any.

    Attributes:
        form: The function.
    """

    form: ShallowForm

    @cached_property
    def normals(self) -> list[Row]:
        """The normals u_i of the hyperplanes."""
        return [normal for normal, _ in self.form.hyperplanes]

    def cases(self, kind: Kind, meter: Meter) -> Iterator[Case]:
        """The spans of the u_j, j ∈ J, one after the other.

        Raises:
            BudgetExceededError: if there are too many.
        """
        least, required = self._forced
        if kind.invisible < least:
            return
        forced = required if kind.invisible == least else ()
        inputs = self.form.input_width
        for flat in flats(self.normals, kind.doubled, inputs, meter, forced):
            yield Case(self, flat, kind, meter)

    @cached_property
    def _forced(self) -> tuple[int, tuple[int, ...]]:
        """How many hyperplanes must be invisible, and which visible ones are doubled with so few.

        The rank of the matrix M = ℓ + Σ β_i ⊗ u_i that the invisible ones make is at least that of
        ℓ on the x with u_i·x = 0 for all i.  If it is no more, the image of M is the image V of
        that.  So modulo V the sum Σ β_i ⊗ u_i is −ℓ, and β_i is determined if u_i is not in the
        span of the others; if it is not 0 or c_i modulo V, then i is in J.
        """
        form, normals = self.form, self.normals
        kernel = nullspace(normals, form.input_width)
        image = [_values(row, kernel) for row in form.gradient]
        functionals = nullspace(list(zip(*image, strict=True)), form.output_width)
        target = [_values(column, functionals) for column in zip(*form.gradient, strict=True)]
        rows: list[list[Fraction | int]] = [
            [*(normal[q] for normal in normals), *(-entry for entry in values)]
            for q, values in enumerate(target)
        ]
        required = []
        for row, pivot in zip(*row_echelon(rows), strict=True):
            coefficients, beta = row[: len(normals)], list(row[len(normals) :])
            is_determined = sum(map(bool, coefficients)) == 1
            if is_determined and any(beta) and beta != _values(form.jumps[pivot], functionals):
                required.append(pivot)
        return rank(image), tuple(required)

    def most(self, kind: Kind) -> int:
        """At least the number of components of a kind."""
        size = len(self.normals)
        return comb(size, kind.doubled) << max(size - kind.doubled, 0)


@dataclass(frozen=True)
class Case:
    """The components of one kind with one span of the u_j, j ∈ J."""

    search: ShallowSearch
    flat: Flat
    kind: Kind
    meter: Meter

    @cached_property
    def _others(self) -> list[int]:
        """The hyperplanes whose normals are not in the span."""
        inside = set(self.flat.elements)
        return [i for i in range(len(self.search.normals)) if i not in inside]

    @cached_property
    def _sums(self) -> LowRankSums:
        """The choices among these: rank(R_S modulo the span) ≤ k."""
        form, normals = self.search.form, self.search.normals
        start = [_values(row, self.flat.annihilator) for row in form.gradient]
        terms = [RankOne(form.jumps[i], self.flat.image(normals[i])) for i in self._others]
        return LowRankSums(start, terms, self.kind.invisible, self.meter)

    @property
    def count(self) -> int:
        """The number of components."""
        free = len(self.flat.elements) - self.flat.rank
        return (self.flat.basis_count << free) * self._sums.count

    @property
    def most(self) -> int:
        """At least the number of components, without counting."""
        free = len(self.search.normals) - self.flat.rank
        return self.flat.basis_count << free

    def __iter__(self) -> Iterator[ShallowComponent]:
        """The components, J by J."""
        for doubled in self.flat.bases(self.search.normals):
            free = [i for i in self.flat.elements if i not in doubled]
            for chosen in self._sums:
                first = [self._others[position] for position in chosen]
                for rest in subsets(free):
                    flipped = tuple(sorted((*first, *rest)))
                    yield ShallowComponent(self.search.form, flipped, doubled, self.kind.invisible)


def _values(row: Vector, vectors: Sequence[Row]) -> list[Fraction]:
    return [
        sum((a * x for a, x in zip(row, vector, strict=True)), Fraction(0)) for vector in vectors
    ]
