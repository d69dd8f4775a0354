"""What a few exact evaluations prove, and what they leave to be proved.

The activations at any point are exact.  So one point at which a neuron is active proves that it is
not silent, and as many points as it takes for the activations of a layer to be linearly independent
vectors prove that no affine combination of them vanishes.  Only what all points leave possible
needs a look at all regions.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import flint

from tropnet.exact import nullspace, primitive_vector
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.sign_claims import SignClaims

_PRIME = 2**61 - 1


class Evidence:
    """The activations of a network at some points, and what they leave possible.

    A *relation* of hidden layer l ≥ 1 (counted from 0) is an affine form that vanishes on all
    values of (activations of layer l, activations of layer l − 1).  Those of the first layer can be
    read off its weights.

    Args:
        net: The network.
        active: For each hidden layer the neurons known to be always active, as bits.
        related: For each hidden layer neurons that known relations express by others, as bits;
            those that are always active are among them.

    Attributes:
        points: The points (x, t) with t > 0.
        spans: For each hidden layer but the first what the vectors (activations of the layer,
            activations of the one before, t) at the points span.
    """

    def __init__(self, net: ReLUNetwork, active: Sequence[int], related: Sequence[int]) -> None:
        self.net = net
        self.points: list[IntegerRow] = []
        self._active = active
        self._related = related
        widths = net.architecture[1:-1]
        self._positive = [0] * net.depth
        self._negative = [0] * net.depth
        self.spans = [RowSpan(a + b + 1) for a, b in pairwise(widths)]

    def add(self, points: Sequence[IntegerRow]) -> bool:
        """Takes more points into account; tells whether they proved anything new."""
        before = self._positive + self._negative
        rows: list[list[IntegerRow]] = [[] for _ in self.spans]
        for point in points:
            self.points.append(point)
            *vector, scale = point
            last: IntegerRow = ()
            for depth, matrix in enumerate(self.net.integer_form.hidden):
                product = matrix * flint.fmpz_mat([[entry] for entry in (*vector, scale)])
                values = [int(entry) for entry in product.entries()]
                self._positive[depth] |= sum(1 << i for i, v in enumerate(values) if v > 0)
                self._negative[depth] |= sum(1 << i for i, v in enumerate(values) if v < 0)
                vector = [max(value, 0) for value in values]
                if depth:
                    rows[depth - 1].append(primitive_vector((*vector, *last, scale)))
                last = tuple(vector)
        grown = [span.extend(new) for span, new in zip(self.spans, rows, strict=True)]
        return any(grown) or before != self._positive + self._negative

    def claims(self, index: int) -> SignClaims:
        """The neurons of a layer never seen active, and those never seen inactive.

        Those known to be always active are not among them, and in the first layer there are none.
        """
        if not index:
            return SignClaims(0, 0)
        others = self._everything(index) & ~self._active[index]
        silent = others & ~self._positive[index]
        return SignClaims(silent, others & ~silent & ~self._negative[index])

    def further_relations(self, index: int) -> int:
        """How many independent relations of a layer are possible beyond those known or implied.

        A neuron that is never active implies one, and so does one that always is.
        """
        implied = self._left_out(index).bit_count() + self.claims(index - 1).silent.bit_count()
        return self.spans[index - 1].corank - implied

    def relations(self, index: int) -> list[IntegerRow]:
        """Possible relations of a layer beyond those known or implied.

        Returns:
            A basis of forms in (neurons of layer `index`, neurons of the layer before, t), in the
            scaling of `integer_form`, in which no neuron occurs that is claimed or related.
        """
        width = self.net.architecture[index + 1]
        left_out = self._left_out(index) | self.claims(index - 1).silent << width
        return self.spans[index - 1].orthogonal(left_out)

    @property
    def is_conclusive(self) -> bool:
        """Whether nothing is claimed and no further relation possible."""
        layers = range(1, self.net.depth)
        return not any(any(self.claims(i)) or self.further_relations(i) for i in layers)

    def _everything(self, index: int) -> int:
        return (1 << self.net.architecture[index + 1]) - 1

    def _left_out(self, index: int) -> int:
        """The neurons that were never seen to change sides, and the related ones."""
        claims = self.claims(index)
        return claims.silent | claims.active | self._related[index]


class RowSpan:
    """The span of integer vectors: its dimension modulo a prime, and what is orthogonal to it.

    The dimension modulo the prime is at most the true one, so full dimension is a proof.

    Args:
        columns: The length of the vectors.
    """

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._rows: list[IntegerRow] = []

    @property
    def corank(self) -> int:
        """The number of vectors that are missing for full dimension."""
        return self._columns - len(self._rows)

    def extend(self, rows: Sequence[IntegerRow]) -> bool:
        """Adds vectors; tells whether they made the span larger."""
        if not self.corank or not rows:
            return False
        candidates = [*self._rows, *rows]
        entries = [row[j] % _PRIME for j in range(self._columns) for row in candidates]
        echelon, rank = flint.nmod_mat(self._columns, len(candidates), entries, _PRIME).rref()
        grown = rank > len(self._rows)
        pivots = (
            next(j for j in range(len(candidates)) if int(echelon[i, j])) for i in range(rank)
        )
        self._rows = [candidates[j] for j in pivots]
        return grown

    def orthogonal(self, left_out: int) -> list[IntegerRow]:
        """A basis of the vectors orthogonal to the span that are 0 at the columns left out."""
        kept = [j for j in range(self._columns) if not left_out >> j & 1]
        basis = nullspace([[row[j] for j in kept] for row in self._rows], len(kept))
        result = []
        for vector in basis:
            entries = dict(zip(kept, vector, strict=True))
            result.append(tuple(entries.get(j, 0) for j in range(self._columns)))
        return result
