"""Bounds for deep neurons on a cell of the layers before them, certified in float64.

On the cone over a cell every point is a combination Σ λ_g g of generators with λ_g ≥ 0.  Call
numbers U_g an upper bound of a function if it is at most Σ λ_g U_g there, L_g a lower bound
likewise.  Affine forms are both with their own values at the generators; non-negative combinations
of bounds are bounds; and by convexity max(U_g, 0) is an upper bound of relu(z) if U is one of z,
while both L and 0 are lower bounds if L is one of z.  So bounds pass through layer after layer, on
unbounded cells, too.

All bounds are widened by more than floating point can err (see `sign_filter` for the arithmetic).

References:
    Zhang, Weng, Chen, Hsieh, Daniel, *Efficient neural network robustness certification with
    general activation functions*, 2018 (linear bounds through the layers).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from tropnet.networks.cells import Cell
from tropnet.networks.layer_forms import Level
from tropnet.networks.sign_filter import FloatMatrix, scaled_weights

# As in `sign_filter`: twice the unit roundoff, room for rounding in bounds, and for underflow.
_ROUNDOFF = 2.0**-52
_SLACK = 1.0 + 2.0**-30
_TINY = 1e-290


class DeepBounds:
    """The levels of a network, each reading only the one before, ready to bound.

    Args:
        levels: The levels.
    """

    def __init__(self, levels: Sequence[Level]) -> None:
        self._weights, self.reliable = scaled_weights(levels)
        self._positive = [np.maximum(weight, 0.0) for weight in self._weights]
        self._negative = [np.minimum(weight, 0.0) for weight in self._weights]

    def below(self, cell: Cell, last: int) -> Iterator[tuple[int, FloatMatrix, FloatMatrix]]:
        """Bounds for the neurons of the levels after the cell's own.

        Args:
            cell: A cell with float forms.
            last: The last level to bound.

        Returns:
            For each level its number, lower and upper bounds, shape (neurons, generators).
        """
        forms = cell.forms.approximate
        if forms is None or not self.reliable:
            return
        points = np.array([generator.approximation for generator in cell.generators])
        values, errors = forms.signs(points)
        lower, upper = (values - errors).T, (values + errors).T
        # t, of which the rounding of the generators is the only error.
        scale = (points @ forms.centre[-1])[None, :]
        low, high = scale * (1.0 - 4 * _ROUNDOFF), scale * (1.0 + 4 * _ROUNDOFF)
        with np.errstate(all="ignore"):
            for depth in range(cell.forms.depth + 1, last + 1):
                lower, upper = _rectified(lower, upper)
                lower, upper = np.concatenate([lower, low]), np.concatenate([upper, high])
                size = np.maximum(np.abs(lower), np.abs(upper))
                room = np.abs(self._weights[depth]) @ size
                room *= _SLACK * _ROUNDOFF * (len(size) + 8)
                room += _TINY
                lower, upper = (
                    self._positive[depth] @ lower + self._negative[depth] @ upper - room,
                    self._positive[depth] @ upper + self._negative[depth] @ lower + room,
                )
                # Rectified values and t are not negative, whatever the bounds say.
                rising = (self._negative[depth] == 0).all(axis=1)[:, None]
                falling = (self._positive[depth] == 0).all(axis=1)[:, None]
                lower = np.where(rising, np.maximum(lower, 0.0), lower)
                upper = np.where(falling, np.minimum(upper, 0.0), upper)
                yield depth, lower, upper


def _rectified(lower: FloatMatrix, upper: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
    """Bounds of relu(z) from bounds of z."""
    above = np.maximum(upper, 0.0)
    # Of the two lower bounds the one that is nearer to relu(z) for most generators.
    keep = np.maximum(lower, 0.0).sum(axis=1) > np.maximum(-lower, 0.0).sum(axis=1)
    return np.where(keep[:, None], lower, 0.0), above
