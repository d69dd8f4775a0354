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

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tropnet.networks.layer_forms import IntegerRow, Level

FloatMatrix: TypeAlias = NDArray[np.float64]

# Twice the unit roundoff; covers the rounding of the data (u each) with room to spare.
_ROUNDOFF = 2.0**-52
# Relative room for rounding in the bounds themselves: sums of fewer than 10^6 non-negative terms.
SLACK = 1.0 + 2.0**-30
# Absolute room for underflow in sums of fewer than 10^6 products.
TINY = 1e-290
# Non-zero data below this could lose their relative accuracy to underflow.
_SMALLEST = 1e-200
MAX_WIDTH = 100_000


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
        with np.errstate(all="ignore"):  # the bounds take care of underflow, nan decides nothing
            values = points @ self.centre[:-1].T
            errors = np.abs(points) @ self.bound[:-1].T
            errors *= SLACK
            errors += TINY
        return values, errors


class SignFilter:
    """The levels of an integer network in float64, ready to be applied region by region.

    Args:
        levels: The levels (see `layer_forms.Level`).
        frame: The inputs and t as forms in the coordinates of the cells (see `LayerForms`).

    Attributes:
        reliable: Whether all numbers are where float64 has its full relative accuracy; if not,
            the filter must not be used.

    Guarantees:
        A certified sign is the sign of the exact value.
    """

    def __init__(self, levels: Sequence[Level], frame: Sequence[IntegerRow]) -> None:
        self._levels = levels
        weights, self.reliable = scaled_weights(levels)
        self._weights: list[FloatMatrix] = []
        for weight in weights:
            last = np.zeros((1, weight.shape[1]))
            last[0, -1] = 1.0
            self._weights.append(np.concatenate([weight, last]))
            self.reliable &= weight.shape[1] < MAX_WIDTH
        self._moduli = [np.abs(weight) for weight in self._weights]
        # Room for every inner product that follows: its rounding and that of its data.
        widths = [len(frame), *(weight.shape[1] for weight in self._weights)]
        self._gamma = (max(widths) + 8) * _ROUNDOFF
        self._frame, _, reliable = scaled_frame(frame)
        self.reliable &= reliable
        self._frame_bound = self._gamma * np.abs(self._frame)

    def first_level(self) -> FloatForms:
        """The forms of the first level, the same on every region."""
        return self.next_level(0, ())

    def next_level(self, depth: int, before: Iterable[tuple[int, FloatForms, int]]) -> FloatForms:
        """The forms of a later level on a region.

        Args:
            depth: The level.
            before: Earlier levels, nearest first: number, forms on the region, active neurons as
                bits.  Read only as far as it is needed.
        """
        level = self._levels[depth]
        with np.errstate(all="ignore"):
            centre_input, bound_input = self._rectified(level, before)
            centre = self._weights[depth] @ centre_input
            radius = self._moduli[depth] @ bound_input
            radius *= SLACK
            radius += TINY
            return self._forms(centre, radius)

    def _rectified(
        self, level: Level, before: Iterable[tuple[int, FloatForms, int]]
    ) -> tuple[FloatMatrix, FloatMatrix]:
        """The rectified forms that a level reads, and bounds, each ending in the rows of (x, t)."""
        parts: dict[int, tuple[FloatMatrix, FloatMatrix]] = {}
        for number, forms, active in before:
            if number in level.sources:
                mask = _column(active, len(forms.centre) - 1)
                parts[number] = forms.centre * mask, forms.bound * mask
            if len(parts) == len(level.sources):
                break
        if len(parts) == 1 and not level.inputs:
            return next(iter(parts.values()))
        first = 0 if level.inputs else -1
        centres = [parts[source][0][:-1] for source in level.sources]
        bounds = [parts[source][1][:-1] for source in level.sources]
        return np.concatenate([*centres, self._frame[first:]]), np.concatenate(
            [*bounds, self._frame_bound[first:]]
        )

    def _forms(self, centre: FloatMatrix, radius: FloatMatrix) -> FloatForms:
        return FloatForms(centre, (radius + self._gamma * np.abs(centre)) * SLACK)


class ScaledLevels(NamedTuple):
    """Levels in float64, each neuron scaled by a power of two.

    Attributes:
        weights: For each level its weight, shape (neurons, columns), with rows whose moduli sum to
            less than 1 (columns that read scaled neurons are adjusted).
        exponents: For each level the exponents of the powers of two by which its neurons were
            divided.
        reliable: Whether all entries are correctly rounded with full relative accuracy.
    """

    weights: list[FloatMatrix]
    exponents: list[list[int]]
    reliable: bool


def scaled_levels(levels: Sequence[Level]) -> ScaledLevels:
    """The weights of levels in float64."""
    weights = []
    exponents: list[list[int]] = []
    reliable = True
    for level in levels:
        shifts = [shift for source in level.sources for shift in exponents[source]]
        rows, own = [], []
        for row in level.weight.tolist():
            # Undo the scaling of the sources: neuron j was divided by 2^shifts[j].
            integers = [int(entry) for entry in row]
            for j, shift in enumerate(shifts):
                integers[j] <<= shift
            exponent = sum(map(abs, integers)).bit_length()
            scale = 1 << exponent
            rows.append([entry / scale for entry in integers])
            own.append(exponent)
            reliable &= all(
                entry == 0 or abs(value) >= _SMALLEST
                for entry, value in zip(integers, rows[-1], strict=True)
            )
        exponents.append(own)
        weights.append(np.array(rows).reshape(len(rows), level.weight.ncols()))
    return ScaledLevels(weights, exponents, reliable)


def scaled_frame(frame: Sequence[IntegerRow]) -> tuple[FloatMatrix, int, bool]:
    """A frame in float64, divided by a power of two, since a common factor changes no sign.

    Returns:
        The matrix, the exponent, and whether all entries have their full relative accuracy.
    """
    shift = max(entry.bit_length() for row in frame for entry in row)
    matrix = np.array([[entry / (1 << shift) for entry in row] for row in frame])
    reliable = all(
        entry == 0 or abs(value) >= _SMALLEST
        for row, values in zip(frame, matrix, strict=True)
        for entry, value in zip(row, values, strict=True)
    )
    return matrix, shift, reliable


def scaled_weights(levels: Sequence[Level]) -> tuple[list[FloatMatrix], bool]:
    """The weights of `scaled_levels`, and whether they are reliable."""
    scaled = scaled_levels(levels)
    return scaled.weights, scaled.reliable


def _column(active: int, width: int) -> NDArray[np.bool_]:
    """Bits as a Boolean column with a true entry for t at the end."""
    data = (active | 1 << width).to_bytes(width // 8 + 1, "little")
    bits = np.frombuffer(data, dtype=np.uint8)
    return np.unpackbits(bits, count=width + 1, bitorder="little").view(np.bool_)[:, None]


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
