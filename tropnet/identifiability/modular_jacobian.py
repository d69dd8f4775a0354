"""The Jacobians of many regions at once, modulo a prime.

On the region where exactly the neurons of a set are active, let F_l be the affine forms of what
layer l reads (its last row is the constant 1), and B_l the derivatives of the outputs by the
preactivations of layer l.  The derivative of the output o by the parameter (l, j, i) is the affine
form B_l[o, j] · F_l[i].  Its coefficients are what the Jacobian holds, in a row for each output
and each of x_1, …, x_n and 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tropnet.exact.modular import Residues, product, reduced, residues
from tropnet.identifiability.parameters import ParameterSpace
from tropnet.networks.network import ReLUNetwork

ActivePatterns = NDArray[np.bool_]
"""Which hidden neurons are active on some regions; shape (regions, hidden neurons)."""

_PART = 512


class ModularJacobian:
    """The Jacobians of the regions of a network in its integer form, modulo a prime.

    Args:
        net: The network.
        space: The coordinates of its parameters.
        prime: The prime.

    Attributes:
        rows_per_region: The number of outputs times the number of coefficients.
    """

    def __init__(self, net: ReLUNetwork, space: ParameterSpace, prime: int) -> None:
        self.prime = prime
        self._space = space
        self._weights = [
            residues([[int(entry) for entry in row] for row in matrix.tolist()], prime)
            for matrix in net.integer_form.matrices
        ]
        self._coefficients = self._weights[0].shape[1]
        self._outputs = len(self._weights[-1])
        self.rows_per_region = self._outputs * self._coefficients
        self._ends = np.cumsum([len(weight) for weight in self._weights[:-1]])[:-1]

    def rows(self, active: ActivePatterns) -> Residues:
        """The rows of the Jacobian, region by region; shape (any, parameters)."""
        masks = self._masks(active)
        reads = list(self._reads(masks, len(active)))
        back = np.broadcast_to(np.eye(self._outputs), (len(active), self._outputs, self._outputs))
        blocks = []
        for depth in range(len(self._weights) - 1, -1, -1):
            block = np.einsum("roj,rik->rokji", back, reads[depth])
            shape = len(active) * self.rows_per_region, self._weights[depth].size
            blocks.append(reduced(block, self.prime).reshape(shape))
            if depth:
                back = product(back, self._weights[depth][:, :-1], self.prime)
                back *= masks[depth - 1][:, None, :]
        return np.concatenate(blocks[::-1], axis=1)

    def derivative(self, active: ActivePatterns, direction: Residues) -> Residues:
        """The products of the Jacobians with a vector, shape (regions, rows_per_region)."""
        blocks = self._space.blocks(direction)
        parts = [
            self._derivative(active[start : start + _PART], blocks)
            for start in range(0, len(active), _PART)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.rows_per_region))

    def _derivative(self, active: ActivePatterns, blocks: Sequence[Residues]) -> Residues:
        masks = self._masks(active)
        rate: Residues = np.zeros((len(active), self._coefficients, self._coefficients))
        # The constant 1 does not change.
        still = np.zeros((len(active), 1, self._coefficients))
        for depth, read in enumerate(self._reads(masks, len(active))):
            rate = product(self._weights[depth], rate, self.prime)
            rate += product(blocks[depth], read, self.prime)
            reduced(rate, self.prime)
            if depth < len(masks):
                rate = np.concatenate([rate * masks[depth][:, :, None], still], axis=1)
        return rate.reshape(len(active), -1)

    def _masks(self, active: ActivePatterns) -> list[Residues]:
        """The patterns layer by layer, as zeros and ones."""
        if len(self._weights) == 1:
            return []
        return np.split(active.astype(np.float64), self._ends, axis=1)

    def _reads(self, masks: Sequence[Residues], regions: int) -> Iterator[Residues]:
        """For each layer the forms F_l of what it reads, shape (regions, inputs + 1, n + 1)."""
        size = self._coefficients
        forms = np.broadcast_to(np.eye(size), (regions, size, size))
        one = np.zeros((regions, 1, size))
        one[:, 0, -1] = 1.0
        yield forms
        for weight, mask in zip(self._weights, masks, strict=False):
            values = product(weight, forms, self.prime)
            forms = np.concatenate([values * mask[:, :, None], one], axis=1)
            yield forms
