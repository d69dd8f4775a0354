"""One connected set of one-hidden-layer networks that are all the same function."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from tropnet.comparison.shallow_networks.form import ShallowForm
from tropnet.errors import InvalidInputError
from tropnet.exact import (
    Matrix,
    Number,
    Vector,
    identity_rows,
    nullspace,
    row_echelon,
    solve,
    to_matrix,
    to_vector,
)
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.hyperplanes import Hyperplane

_ZERO, _ONE = Fraction(0), Fraction(1)


class Neuron(NamedTuple):
    """x ↦ out · relu(row·x + bias)."""

    row: Vector
    bias: Fraction
    out: Vector


@dataclass(frozen=True)
class ShallowComponent:
    """The networks with one hidden layer that realise a function in one way.

    The function is Σ c_i relu(h_i) + ℓ x + e.  On its hyperplanes i a member has the neuron
    relu(h_i); or, if i is in S, relu(−h_i) instead; or, if i is in J, both.  On k further
    hyperplanes, the invisible ones, it has two neurons that make an affine function together.

    Attributes:
        form: The function.
        flipped: S, ascending positions in ``form.hyperplanes``.
        doubled: J, disjoint from S; the normals of its hyperplanes are linearly independent.
        invisible: k, the rank of ℓ + Σ_{i∈S} c_i ⊗ u_i modulo the normals u_j, j ∈ J.

    Two members are equivalent (up to permutation and positive scaling) only as `member` says.
    """

    form: ShallowForm = field(repr=False)
    flipped: tuple[int, ...]
    doubled: tuple[int, ...] = ()
    invisible: int = 0

    @property
    def hyperplanes(self) -> tuple[Hyperplane, ...]:
        """The function's hyperplanes as (normal, offset), to which the positions refer."""
        return self.form.hyperplanes

    @property
    def width(self) -> int:
        """The number of hidden neurons of the members."""
        return len(self.hyperplanes) + len(self.doubled) + 2 * self.invisible

    @property
    def dimension(self) -> int:
        """The dimension k(k + |J|) beyond the trivial symmetries; 0 for an isolated orbit."""
        return self.invisible * (self.invisible + len(self.doubled))

    @property
    def network(self) -> ReLUNetwork:
        """A member, `member()`."""
        return self.member()

    def member(
        self,
        *,
        offsets: Iterable[Number] | None = None,
        mixing: Iterable[Iterable[Number]] | None = None,
        shifts: Iterable[Iterable[Number]] | None = None,
    ) -> ReLUNetwork:
        """The member with given parameters.

        Args:
            offsets: Shape (k,), default 0: the invisible hyperplanes are n_t·x + offsets[t] = 0.
            mixing: Invertible, shape (k, k), default the identity: multiplies the normals n_t of
                the invisible hyperplanes from the left.
            shifts: Shape (|J|, k), default 0: moves the weights of the doubled hyperplanes along
                the space that the invisible neurons' outgoing weights span.

        Returns:
            A network with one hidden layer of width `width`; the affine one without hidden layer if
            that is 0.

        Raises:
            InvalidInputError: for shapes that do not fit, and a singular matrix.

        Guarantees:
            Equal to the function.  Every network of the component arises, up to permutation and
            positive scaling; two sets of parameters give equivalent networks iff their shifts are
            equal and their rows (mixing[t], offsets[t]) differ by an order and non-zero factors.

        >>> from tropnet import shallow_representations
        >>> (family,) = shallow_representations(ReLUNetwork([([[1]], [0])]))         # f(x) = x
        >>> family.member(offsets=[5]).layers[0].bias               # relu(x + 5) - relu(-x - 5) - 5
        (Fraction(5, 1), Fraction(-5, 1))
        """
        positions = _numbers(offsets, self.invisible, "offsets")
        mixed = _matrix(mixing, self.invisible, self.invisible, "mixing")
        if mixing is None:
            mixed = to_matrix(identity_rows(self.invisible))
        moved = _matrix(shifts, len(self.doubled), self.invisible, "shifts")
        betas = self._doubled_weights(moved)
        rest = self._rest(betas)
        normals = _product(mixed, [rest[pivot] for pivot in self._image[1]])
        outs = _product(_transposed(_inverse(mixed)), self._image[0])
        neurons = self._visible_neurons(betas)
        for normal, offset, out in zip(normals, positions, outs, strict=True):
            negative = tuple(-a for a in normal)
            neurons.append(Neuron(normal, offset, out))
            neurons.append(Neuron(negative, -offset, tuple(-b for b in out)))
        constant = self._constant(betas, zip(positions, outs, strict=True))
        return _network(neurons, constant, self.form.input_width)

    @cached_property
    def linear_part(self) -> Matrix:
        """R_S = ℓ + Σ_{i∈S} c_i ⊗ u_i, what the doubled and invisible neurons have to make."""
        return _plus_terms(
            self.form.gradient,
            [(self.form.jumps[i], self.hyperplanes[i][0]) for i in self.flipped],
        )

    @cached_property
    def _normals(self) -> list[tuple[int, ...]]:
        return [self.hyperplanes[j][0] for j in self.doubled]

    @cached_property
    def _image(self) -> tuple[Matrix, tuple[int, ...]]:
        """The space that the invisible neurons' outgoing weights span: R_S of what J cannot see."""
        kernel = nullspace(self._normals, self.form.input_width)
        return row_echelon(_transposed(_product(self.linear_part, _transposed(kernel))))

    def _doubled_weights(self, shifts: Matrix) -> list[Vector]:
        """The outgoing weights of the relu(−h_j), j ∈ J, that leave a matrix of rank k."""
        count, betas = len(self.doubled), []
        for j, shift in enumerate(shifts):
            dual = solve(self._normals, [int(i == j) for i in range(count)])
            assert dual is not None
            base = [-sum(a * x for a, x in zip(row, dual, strict=True)) for row in self.linear_part]
            for t, direction in zip(shift, self._image[0], strict=True):
                base = [b + t * v for b, v in zip(base, direction, strict=True)]
            betas.append(tuple(map(Fraction, base)))
        return betas

    def _rest(self, betas: list[Vector]) -> Matrix:
        """The linear part that the invisible neurons make."""
        return _plus_terms(self.linear_part, list(zip(betas, self._normals, strict=True)))

    def _visible_neurons(self, betas: list[Vector]) -> list[Neuron]:
        beta = dict(zip(self.doubled, betas, strict=True))
        neurons = []
        for i, ((normal, offset), jump) in enumerate(
            zip(self.hyperplanes, self.form.jumps, strict=True)
        ):
            row = tuple(map(Fraction, normal))
            opposite = beta.get(i, jump if i in self.flipped else None)
            if i not in self.flipped:
                same = tuple(c - b for c, b in zip(jump, opposite or _zeros(jump), strict=True))
                neurons.append(Neuron(row, -offset, same))
            if opposite is not None:
                neurons.append(Neuron(tuple(-a for a in row), offset, opposite))
        return neurons

    def _constant(
        self, betas: list[Vector], invisible: Iterable[tuple[Fraction, Vector]]
    ) -> Vector:
        """The output bias: relu(−h) is relu(h) − h, and an invisible pair is n·x + o."""
        terms = [(self.hyperplanes[i][1], self.form.jumps[i]) for i in self.flipped]
        terms += [
            (self.hyperplanes[j][1], beta) for j, beta in zip(self.doubled, betas, strict=True)
        ]
        constant = self.form.constant
        for offset, weight in [*terms, *invisible]:
            constant = tuple(e - offset * w for e, w in zip(constant, weight, strict=True))
        return constant


def _network(neurons: list[Neuron], constant: Vector, inputs: int) -> ReLUNetwork:
    if not neurons:
        return ReLUNetwork([([[0] * inputs] * len(constant), constant)])
    hidden = [neuron.row for neuron in neurons], [neuron.bias for neuron in neurons]
    output = list(zip(*(neuron.out for neuron in neurons), strict=True))
    return ReLUNetwork([hidden, (output, constant)])


def _numbers(values: Iterable[Number] | None, length: int, name: str) -> Vector:
    vector = (_ZERO,) * length if values is None else to_vector(values, name)
    if len(vector) != length:
        raise InvalidInputError(f"{name}: {len(vector)} numbers, but this component takes {length}")
    return vector


def _matrix(rows: Iterable[Iterable[Number]] | None, height: int, width: int, name: str) -> Matrix:
    matrix = ((_ZERO,) * width,) * height if rows is None else to_matrix(rows, name)
    if len(matrix) != height or any(len(row) != width for row in matrix):
        raise InvalidInputError(f"{name}: this component takes a matrix of shape {height, width}")
    return matrix


def _inverse(matrix: Matrix) -> Matrix:
    size = len(matrix)
    reduced, pivots = row_echelon(
        [[*row, *unit] for row, unit in zip(matrix, identity_rows(size), strict=True)]
    )
    if pivots != tuple(range(size)):
        raise InvalidInputError("mixing: the matrix is singular; give an invertible one")
    return tuple(row[size:] for row in reduced)


def _product(left: Matrix, right: Iterable[Iterable[Fraction | int]]) -> Matrix:
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(sum((a * b for a, b in zip(row, column, strict=True)), _ZERO) for column in columns)
        for row in left
    )


def _transposed(matrix: Iterable[Iterable[Fraction | int]]) -> Matrix:
    return tuple(zip(*matrix, strict=True))


def _plus_terms(matrix: Matrix, terms: list[tuple[Vector, tuple[int, ...]]]) -> Matrix:
    """A matrix plus the sum of the column ⊗ row."""
    for column, row in terms:
        matrix = tuple(
            tuple(entry + c * a for entry, a in zip(line, row, strict=True))
            for line, c in zip(matrix, column, strict=True)
        )
    return matrix


def _zeros(vector: Vector) -> Vector:
    return (_ZERO,) * len(vector)
