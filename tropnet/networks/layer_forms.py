"""The affine forms of one layer on one region: exact on demand, in float64 at once."""

from __future__ import annotations

from operator import mul

import flint

from tropnet.networks.sign_filter import FloatForms

IntegerRow = tuple[int, ...]


class LayerForms:
    """The affine forms of one hidden layer on one region of the layers before it.

    Args:
        layer: The layer, counted from 0.
        weight: Its integer matrix (neurons, inputs + 1).
        parent: The forms of the layer before, None for the first layer.
        active: The neurons of that layer that are on, as bits.
        approximate: The same forms in float64 with error bounds, None without a filter.
    """

    __slots__ = ("_active", "_matrix", "_rows", "_weight", "approximate", "layer", "parent")

    def __init__(
        self,
        layer: int,
        weight: flint.fmpz_mat,
        parent: LayerForms | None,
        active: int,
        approximate: FloatForms | None,
    ) -> None:
        self.layer = layer
        self.parent = parent
        self.approximate = approximate
        self._weight = weight
        self._active = active
        self._matrix: list[list[flint.fmpz]] | None = None
        self._rows: dict[int, IntegerRow] = {}

    @property
    def width(self) -> int:
        """The number of neurons."""
        return int(self._weight.nrows())

    def matrix(self) -> list[list[flint.fmpz]]:
        """The exact forms: one row (gradient, constant) for each neuron."""
        if self._matrix is None:
            if self.parent is None:
                self._matrix = self._weight.tolist()
            else:
                self._matrix = self.parent.image(self._weight, self._active).tolist()
        return self._matrix

    def row(self, neuron: int) -> IntegerRow:
        """One exact form as Python integers."""
        row = self._rows.get(neuron)
        if row is None:
            row = self._rows[neuron] = tuple(map(int, self.matrix()[neuron]))
        return row

    def image(self, weight: flint.fmpz_mat, active: int) -> flint.fmpz_mat:
        """The forms of the next layer: weight @ (these forms, the inactive ones zero; t)."""
        matrix = self.matrix()
        columns = len(matrix[0])
        zero = [0] * columns
        rows: list[list[flint.fmpz] | list[int]] = [
            row if active >> neuron & 1 else zero for neuron, row in enumerate(matrix)
        ]
        rows.append([0] * (columns - 1) + [1])
        return weight * flint.fmpz_mat(rows)

    def value(self, neuron: int, point: IntegerRow) -> int:
        """The exact value of one form at a point in homogeneous coordinates."""
        return sum(map(mul, self.row(neuron), point))

    def exact_signs(self, neurons: int, point: IntegerRow) -> tuple[int, int]:
        """Those of `neurons` that are positive, and negative, at a point; sets are bits."""
        positive = negative = 0
        while neurons:
            bit = neurons & -neurons
            neurons ^= bit
            value = self.value(bit.bit_length() - 1, point)
            if value > 0:
                positive |= bit
            elif value < 0:
                negative |= bit
        return positive, negative
