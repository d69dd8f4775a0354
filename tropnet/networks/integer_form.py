"""A network rewritten with integer weights by its trivial symmetries.

Positive scaling of a hidden neuron, undone in the next layer, changes neither the function nor
any activation region.  Scaling each neuron so that its weights and bias become coprime integers
gives a network on which all region work and all evaluation is integer arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm

import flint

from tropnet.exact import Matrix, Vector
from tropnet.networks.layer_forms import Level
from tropnet.networks.layers import Layers


class IntegerForm:
    """Integer matrices that compute a network in homogeneous coordinates (x, t), t > 0.

    Attributes:
        hidden: One `fmpz_mat` for each hidden layer, shape (neurons, inputs + 1); the last column
            is the bias and multiplies t.  Neuron i computes a positive multiple of the original.
        output: The output layer, shape (outputs, neurons + 1), each row scaled to integers.
        output_factors: What each output row was multiplied by: f = (output row) / factor.
        hidden_factors: For each hidden layer, what each neuron was multiplied by.
    """

    __slots__ = ("hidden", "hidden_factors", "output", "output_factors")

    def __init__(self, layers: Layers) -> None:
        matrices = []
        all_factors = []
        previous: list[Fraction] | None = None
        for layer in layers:
            rows, factors = [], []
            for weights, bias in zip(layer.weight, layer.bias, strict=True):
                row = [
                    *(
                        weights
                        if previous is None
                        else (w / s if w else w for w, s in zip(weights, previous, strict=True))
                    ),
                    bias,
                ]
                common = lcm(*(entry.denominator for entry in row))
                integers = [entry.numerator * (common // entry.denominator) for entry in row]
                divisor = gcd(*integers) or 1
                rows.append([entry // divisor for entry in integers])
                factors.append(Fraction(common, divisor))
            matrices.append(flint.fmpz_mat(rows))
            all_factors.append(factors)
            previous = factors
        self.hidden: tuple[flint.fmpz_mat, ...] = tuple(matrices[:-1])
        self.output: flint.fmpz_mat = matrices[-1]
        self.hidden_factors: tuple[tuple[Fraction, ...], ...] = tuple(
            tuple(factors) for factors in all_factors[:-1]
        )
        self.output_factors: tuple[Fraction, ...] = tuple(all_factors[-1])

    @property
    def matrices(self) -> tuple[flint.fmpz_mat, ...]:
        """The matrices of all layers, the output layer last."""
        return (*self.hidden, self.output)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The hidden layers as levels for the region engine."""
        return tuple(
            Level(matrix, (depth - 1,) if depth else (), depth == 0)
            for depth, matrix in enumerate(self.hidden)
        )

    def evaluate(self, point: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
        """The exact value of the network at a point."""
        scale = lcm(*(entry.denominator for entry in point))
        vector = [entry.numerator * (scale // entry.denominator) for entry in point]
        for matrix in self.hidden:
            product = matrix * flint.fmpz_mat([[entry] for entry in (*vector, scale)])
            vector = [max(int(entry), 0) for entry in product.entries()]
        product = self.output * flint.fmpz_mat([[entry] for entry in (*vector, scale)])
        return tuple(
            Fraction(int(entry), scale) / factor
            for entry, factor in zip(product.entries(), self.output_factors, strict=True)
        )

    def preactivations(self, active: Sequence[int]) -> list[flint.fmpz_mat]:
        """The affine forms of every layer, the output layer last, with given active neurons.

        Args:
            active: For each hidden layer the active neurons, as bits.

        Returns:
            For each layer its forms (gradient, constant), one row a neuron, in the scaling of
            `hidden` and `output`.
        """
        columns = (self.hidden[0] if self.hidden else self.output).ncols()
        last = [[0] * (columns - 1) + [1]]
        matrices = (*self.hidden, self.output)
        forms = [matrices[0]]
        for matrix, mask in zip(matrices[1:], active, strict=True):
            rows = [
                [int(entry) for entry in row] if mask >> neuron & 1 else [0] * columns
                for neuron, row in enumerate(forms[-1].tolist())
            ]
            forms.append(matrix * flint.fmpz_mat(rows + last))
        return forms

    def affine_piece(self, active: Sequence[int]) -> tuple[Matrix, Vector]:
        """The affine map x ↦ gradient @ x + constant that a set of active neurons computes.

        Args:
            active: For each hidden layer the active neurons, as bits.

        Returns:
            The gradient, shape (outputs, inputs), and the constant, shape (outputs,).
        """
        pieces = [
            tuple(Fraction(int(entry)) / factor for entry in row)
            for row, factor in zip(
                self.preactivations(active)[-1].tolist(), self.output_factors, strict=True
            )
        ]
        return tuple(piece[:-1] for piece in pieces), tuple(piece[-1] for piece in pieces)
