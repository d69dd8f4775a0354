"""Signs of affine forms on generators in float64, each one certified or left undecided.

A floating-point filter in the sense of Shewchuk (1997): a sign counts only where the computed value
exceeds a rigorous bound on its error; the rest is decided exactly by the caller.  The bound is
carried along with the forms: a form is stored as a centre C and a radius R with |C − F| ≤ R for
the true form F, entry by entry.  With u = 2^-53 and n summands, a computed inner product differs
from the true one by at most γ_n Σ|a_i b_i|, γ_n = nu/(1 − nu), in any order of summation and with
or without fused multiply-add (Higham, *Accuracy and Stability of Numerical Algorithms*, §3.1).

All matrices are scaled by powers of two, neuron by neuron, which changes no sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import flint
import numpy as np
from numpy.typing import NDArray

FloatMatrix: TypeAlias = NDArray[np.float64]

# Twice the unit roundoff; covers the rounding of the data (u each) with room to spare.
_ROUNDOFF = 2.0**-52
# Relative room for rounding in the bounds themselves: sums of fewer than 10^6 non-negative terms.
_SLACK = 1.0 + 2.0**-30
# Absolute room for underflow in sums of fewer than 10^6 products.
_TINY = 1e-290
# Non-zero data below this could lose their relative accuracy to underflow.
_SMALLEST = 1e-200
_MAX_WIDTH = 100_000


class FloatForms:
    """Affine forms of one layer on one region, as centres and bounds.

    Attributes:
        centre: Shape (neurons + 1, D); the last row is the homogenising coordinate t.
        bound: The same shape; `bound` ≥ radius + (rounding of one more inner product).
    """

    __slots__ = ("bound", "centre")

    def __init__(self, centre: FloatMatrix, bound: FloatMatrix) -> None:
        self.centre = centre
        self.bound = bound

    def signs(self, points: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
        """Values at points (rows of shape D) and bounds on their errors, shape (points, neurons).

        The sign of a value is certain where its modulus exceeds the bound.
        """
        values = points @ self.centre[:-1].T
        errors = np.abs(points) @ self.bound[:-1].T
        errors *= _SLACK
        errors += _TINY
        return values, errors


class SignFilter:
    """The hidden layers of an integer network in float64, ready to be applied region by region.

    Args:
        matrices: The integer matrices (neurons, inputs + 1), the bias in the last column.

    Guarantees:
        A certified sign is the sign of the exact value.  Where the numbers are outside what
        float64 holds with full relative accuracy nothing is certified.
    """

    def __init__(self, matrices: Iterable[flint.fmpz_mat]) -> None:
        self._weights: list[FloatMatrix] = []
        self._moduli: list[FloatMatrix] = []
        self._gammas: list[float] = []
        self.reliable = True
        exponents: list[int] = []
        for matrix in matrices:
            rows = []
            next_exponents = []
            for row in matrix.tolist():
                *weights, bias = map(int, row)
                # Undo the previous layer's scaling: its neuron j was divided by 2^exponents[j].
                if exponents:
                    weights = [w << e for w, e in zip(weights, exponents, strict=True)]
                exponent = max(max(w.bit_length() for w in (*weights, bias)), 1)
                scale = 1 << exponent
                rows.append([w / scale for w in (*weights, bias)])
                next_exponents.append(exponent)
            exponents = next_exponents
            last = [0.0] * (len(rows[0]) - 1) + [1.0]
            weight = np.array([*rows, last])
            modulus = np.abs(weight)
            exact_zeros = sum(1 for row in matrix.tolist() for entry in row if entry == 0)
            self.reliable &= bool(
                len(last) < _MAX_WIDTH and np.count_nonzero(modulus[:-1] < _SMALLEST) == exact_zeros
            )
            self._weights.append(weight)
            self._moduli.append(modulus)
            self._gammas.append((len(last) + 8) * _ROUNDOFF)

    def first_layer(self) -> FloatForms:
        """The forms of the first layer, the same on every region."""
        centre = self._weights[0]
        return self._forms(centre, _ROUNDOFF * self._moduli[0], 0)

    def next_layer(self, layer: int, forms: FloatForms, active: NDArray[np.bool_]) -> FloatForms:
        """The forms of hidden layer `layer` (from 0) where exactly the `active` neurons are on.

        Args:
            layer: The layer whose forms are wanted; at least 1.
            forms: The forms of the layer before it on the same region.
            active: Shape (neurons of the layer before + 1, 1); the last entry is true.
        """
        centre = self._weights[layer] @ (forms.centre * active)
        radius = self._moduli[layer] @ (forms.bound * active)
        radius *= _SLACK
        radius += _TINY
        radius[-1] = 0.0
        return self._forms(centre, radius, layer)

    def _forms(self, centre: FloatMatrix, radius: FloatMatrix, layer: int) -> FloatForms:
        # The next inner product with these entries has at most neurons + 1 or D summands.
        following = self._gammas[layer + 1] if layer + 1 < len(self._gammas) else 0.0
        gamma = max(following, (centre.shape[1] + 8) * _ROUNDOFF)
        return FloatForms(centre, (radius + gamma * np.abs(centre)) * _SLACK)


def approximate_point(point: tuple[int, ...]) -> tuple[float, ...]:
    """A generator divided by a power of two so that its entries are at most 1, correctly rounded.

    Entries too small for full relative accuracy become nan, which certifies nothing.
    """
    scale = 1 << max(entry.bit_length() for entry in point)
    approximation = tuple(entry / scale for entry in point)
    if any(
        entry and abs(value) < _SMALLEST for entry, value in zip(point, approximation, strict=True)
    ):
        return (float("nan"),) * len(point)
    return approximation
