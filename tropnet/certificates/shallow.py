"""Proofs about representations with one hidden layer, and their checkers.

A function Σ c_i relu(h_i(x)) + affine breaks along each hyperplane h_i = 0 with one weight on all
of it.  So two different weights on one hyperplane exclude a single hidden layer, whatever its
width; and where there are none, the function minus the sum with these weights is affine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from tropnet.certificates.affine_pieces import Row, affine_piece
from tropnet.certificates.domain import WHOLE_SPACE
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.json_fields import integer_texts, vector_rows, vector_texts
from tropnet.certificates.plain import (
    IntegerRow,
    entries,
    fractions,
    input_width,
    integers,
    require,
)
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector, format_fraction, nullspace

ShallowLayers: TypeAlias = tuple[tuple[Matrix, Vector], tuple[Matrix, Vector]]
"""The pairs (weight, bias) of one hidden layer and of the output layer."""


def shallow_layers(
    normals: Sequence[IntegerRow],
    offsets: Vector,
    weights: Matrix,
    gradient: Matrix,
    constant: Vector,
) -> ShallowLayers:
    """A network with one hidden layer for Σ w_i relu(u_i·x − c_i) + gradient @ x + constant.

    The linear part takes two neurons for each variable in it, x = relu(x) − relu(−x); so this is
    not the narrowest network.

    >>> hidden, output = shallow_layers([(1,)], (0,), ((2,),), ((-1,),), (5,))
    >>> [int(row[0]) for row in hidden[0]], [int(entry) for entry in output[0][0]]
    ([1, 1, -1], [2, -1, 1])
    """
    columns = list(zip(*gradient, strict=True))
    used = [j for j, column in enumerate(columns) if any(column)]
    if not used and not normals:
        used = [0]  # a layer needs a neuron
    units = [
        tuple(Fraction(sign * (i == j)) for i in range(len(columns)))
        for j in used
        for sign in (1, -1)
    ]
    hidden = (*(tuple(map(Fraction, normal)) for normal in normals), *units)
    bias = (*(-offset for offset in offsets), *(Fraction(0) for _ in units))
    outgoing = [*weights]
    for j in used:
        outgoing += [columns[j], tuple(-entry for entry in columns[j])]
    return (hidden, bias), (tuple(zip(*outgoing, strict=True)), constant)


@dataclass(frozen=True, repr=False)
class ShallowCertificate(Proof):
    """A proof that a function is Σ w_i relu(u_i·x − c_i) + gradient @ x + constant.

    Attributes:
        normals: The integer vectors u_i.
        offsets: The numbers c_i.
        weights: The vectors w_i, of length m.
        gradient: Shape (m, n).
        constant: Length m.
        proof: That the function equals the network `layers`.
    """

    claim: ClassVar[str] = "one hidden layer"
    statement: ClassVar[str] = "a network with one hidden layer represents this function"

    normals: tuple[IntegerRow, ...]
    offsets: Vector
    weights: Matrix
    gradient: Matrix
    constant: Vector
    proof: EqualityCertificate

    @property
    def layers(self) -> ShallowLayers:
        """The sum as the layers of a network (see `shallow_layers`)."""
        return shallow_layers(
            self.normals, self.offsets, self.weights, self.gradient, self.constant
        )

    def check(self, f: Any) -> bool:
        """Whether this proves that a function has a representation with one hidden layer.

        Args:
            f: A function as plain data (see `plain`).

        Guarantees:
            True proves that f is the sum, hence equal to the network `layers`.
        """
        outputs = len(self.constant)
        if not (
            len(self.normals) == len(self.offsets) == len(self.weights)
            and outputs == len(self.gradient)
            and {outputs} >= {len(weight) for weight in self.weights}
            and outputs
            and len({len(row) for row in (*self.gradient, *self.normals)}) == 1
            and self.gradient[0]
        ):
            return False
        return self.proof.check(f, self, WHOLE_SPACE)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "normals": integer_texts(self.normals),
            "offsets": _texts(self.offsets),
            "weights": vector_texts(self.weights),
            "gradient": vector_texts(self.gradient),
            "constant": _texts(self.constant),
            "proof": self.proof.data(),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ShallowCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"normals", "offsets", "weights", "gradient", "constant", "proof"}
        require(set(data) == names, "expected exactly the keys {}", ", ".join(sorted(names)))
        require(isinstance(data["proof"], dict), "the proof is not an object")
        return cls(
            tuple(integers(row, "normals") for row in entries(data["normals"], list, "normals")),
            fractions(data["offsets"], "offsets"),
            vector_rows(data["weights"], "weights"),
            vector_rows(data["gradient"], "gradient"),
            fractions(data["constant"], "constant"),
            EqualityCertificate.from_data(data["proof"]),
        )


@dataclass(frozen=True, repr=False)
class NotShallowCertificate(Proof):
    """A hyperplane with two different weights: no network with one hidden layer has that.

    Attributes:
        normal: The normal u of the hyperplane u·x = offset, integers.
        offset: The offset.
        points: Two points of the hyperplane; near one of them, in some direction, the jump of the
            gradient across the hyperplane is not what it is near the other.
    """

    claim: ClassVar[str] = "not one hidden layer"
    statement: ClassVar[str] = "no network with one hidden layer represents this function"

    normal: IntegerRow
    offset: Fraction
    points: tuple[Vector, Vector]

    def check(self, f: Any) -> bool:
        """Whether this proves that a function has no representation with one hidden layer.

        The jumps are taken at germs inside the hyperplane (see `affine_pieces`), so they are those
        on whole open parts of it.

        Args:
            f: A function as plain data (see `plain`).

        Guarantees:
            True proves it, for every width.
        """
        try:
            self._verify(f)
        except CertificateError:
            return False
        return True

    def _verify(self, f: Any) -> None:
        inputs = input_width(f)
        require(len(self.normal) == inputs and any(self.normal), "a normal of a wrong length, or 0")
        for point in self.points:
            require(len(point) == inputs, "a point of a wrong length")
            height = sum(a * b for a, b in zip(self.normal, point, strict=True))
            require(height == self.offset, "a point that is not in the hyperplane")
        first, second = (self._jump(f, point) for point in self.points)
        require(first != second, "the jumps at both points are equal")

    def _jump(self, f: Any, point: Vector) -> list[Row]:
        inside = nullspace([self.normal], len(self.normal))
        opposite = tuple(-entry for entry in self.normal)
        above, below = (
            affine_piece(f, (point, *inside, side)).forms for side in (self.normal, opposite)
        )
        return [
            [a - b for a, b in zip(upper, lower, strict=True)]
            for upper, lower in zip(above, below, strict=True)
        ]

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "normal": integer_texts([self.normal])[0],
            "offset": format_fraction(self.offset),
            "points": vector_texts(self.points),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotShallowCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"normal", "offset", "points"}
        require(set(data) == names, "expected exactly the keys {}", ", ".join(sorted(names)))
        (offset,) = fractions([data["offset"]], "offset")
        points = vector_rows(data["points"], "points")
        require(len(points) == 2, "not two points")
        return cls(integers(data["normal"], "normal"), offset, (points[0], points[1]))


def _texts(vector: Sequence[Fraction]) -> list[str]:
    return [format_fraction(entry) for entry in vector]
