"""Proofs about networks with one hidden layer: that one is the narrowest, or that there is none.

A network with one hidden layer is Σ c_i relu(h_i) + ℓ x + e, with one h_i = u_i·x − o_i for each
hyperplane on which its neurons do not cancel: relu(−h) = relu(h) − h.  The c_i are the jumps of the
gradient across the hyperplanes, so the h_i, c_i and ℓ depend on the function alone.

Jumps are constant along a hyperplane: a function for which one is not has no such network.

A network that realises the function has on each hyperplane i neurons that make
α_i relu(h_i) + β_i relu(−h_i) with α_i + β_i = c_i, two unless β_i is 0 or c_i, and on other
hyperplanes pairs of neurons that make an affine function.  With S and J the sets where β_i = c_i,
and where it is neither 0 nor c_i, and with k pairs, the linear parts add up only if the matrix
ℓ + Σ_{i∈S} c_i ⊗ u_i has rank at most k modulo the span of the u_j, j ∈ J; and the width is
H + |J| + 2k.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, ClassVar, TypeAlias

import flint

from tropnet.certificates.affine_pieces import affine_piece
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.plain import (
    IntegerRow,
    Layers,
    fractions,
    input_width,
    integers,
    require,
)
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector, format_fraction, nullspace, primitive_vector, rank

Term: TypeAlias = tuple[Vector, Vector]
"""The matrix c ⊗ u: a column c and a row u."""


@dataclass(frozen=True)
class ShallowWidthCertificate:
    """A proof that a network with one hidden layer is the narrowest one that realises a function.

    Attributes:
        layers: The pairs (weight, bias) of the network; without hidden layer for a constant one.
        equality: The proof that the function is equal to it.
    """

    claim: ClassVar[str] = "narrowest with one hidden layer"

    layers: tuple[tuple[Matrix, Vector], ...]
    equality: EqualityCertificate

    def check(self, f: Any) -> bool:
        """Whether every network with one hidden layer that realises f is at least as wide.

        Args:
            f: A function as plain data (see `plain`).

        Guarantees:
            True proves it.  False says that this is no proof for f.

        Cost: whether a narrower network exists is searched for again: at most 2^(H/2) sums for each
            set J of doubled hyperplanes if no invisible one would do, else 2^H matrices.
        """
        try:
            layers = _network(self.layers)
            if not self.equality.check(f, self):
                return False
        except CertificateError:
            return False
        terms, linear = normal_form(layers)
        if len(layers) == 1:
            return not any(map(any, linear))
        excess = len(layers[0][1]) - len(terms) - 1
        return not any(
            _reaches(terms, linear, doubled, (excess - size) // 2)
            for size in range(min(excess, len(terms)) + 1)
            for doubled in combinations(range(len(terms)), size)
        )

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "layers": [
                {
                    "weight": [[format_fraction(entry) for entry in row] for row in weight],
                    "bias": [format_fraction(entry) for entry in bias],
                }
                for weight, bias in self.layers
            ],
            "equality": self.equality.data(),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ShallowWidthCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"layers", "equality"}, "expected the keys 'layers' and 'equality'")
        require(isinstance(data["layers"], list), "layers is not a list")
        require(isinstance(data["equality"], dict), "equality is not an object")
        return cls(
            tuple(_layer(layer) for layer in data["layers"]),
            EqualityCertificate.from_data(data["equality"]),
        )


@dataclass(frozen=True)
class NotShallowCertificate:
    """A proof that no network with one hidden layer, of any width, realises a function.

    Attributes:
        normal: The normal of a hyperplane, integers.
        points: Two points of it.  Going off a little within the hyperplane, in the same general
            way from both, the function's gradient jumps across it by different amounts.
    """

    claim: ClassVar[str] = "not with one hidden layer"

    normal: IntegerRow
    points: tuple[Vector, Vector]

    def check(self, f: Any) -> bool:
        """Whether the jumps of a function across a hyperplane differ at two of its points.

        Args:
            f: A function as plain data (see `plain`).

        Guarantees:
            True proves that no network with one hidden layer realises f.
        """
        try:
            inputs = input_width(f)
            require(len(self.points) == 2, "there are not two points")
            require(
                all(len(vector) == inputs for vector in (self.normal, *self.points)),
                "a vector of a wrong length",
            )
            require(any(self.normal), "the normal is zero")
            first, second = self.points
            require(
                sum(u * (a - b) for u, a, b in zip(self.normal, first, second, strict=True)) == 0,
                "the points lie in different parallel hyperplanes",
            )
            return self._jump(f, first) != self._jump(f, second)
        except CertificateError:
            return False

    def _jump(self, f: Any, point: Vector) -> list[list[flint.fmpq]]:
        """The difference of the affine forms of f across the hyperplane near a point.

        With one hidden layer, the other hyperplanes are met no more after going off within this
        one, so the forms differ by what jumps across it.
        """
        inside = nullspace([self.normal], len(point))
        ahead, behind = (
            affine_piece(f, (point, *inside, tuple(sign * u for u in self.normal))).forms
            for sign in (1, -1)
        )
        return [
            [a - b for a, b in zip(one, other, strict=True)][:-1]
            for one, other in zip(ahead, behind, strict=True)
        ]

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "normal": [str(flint.fmpz(entry)) for entry in self.normal],
            "points": [[format_fraction(entry) for entry in point] for point in self.points],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotShallowCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"normal", "points"}, "expected the keys 'normal' and 'points'")
        points = data["points"]
        require(isinstance(points, list) and len(points) == 2, "points is not a list of two")
        first, second = (fractions(point, "points") for point in points)
        return cls(integers(data["normal"], "normal"), (first, second))


def normal_form(layers: Layers) -> tuple[list[Term], Matrix]:
    """The c_i ⊗ u_i of a network with at most one hidden layer, and ℓ, shape (outputs, inputs)."""
    output = layers[-1][0]
    if len(layers) == 1:
        return [], output
    weight, bias = layers[0]
    jumps: dict[IntegerRow, list[Fraction]] = {}
    linear = [[Fraction(0)] * len(weight[0]) for _ in output]
    for row, constant, out in zip(weight, bias, zip(*output, strict=True), strict=True):
        if not any(row):
            continue
        sign = 1 if next(entry for entry in row if entry) > 0 else -1
        form = primitive_vector([sign * entry for entry in (*row, constant)])
        scale = next(abs(a / b) for a, b in zip(row, form, strict=False) if b)
        jump = jumps.setdefault(form, [Fraction(0)] * len(out))
        for k, v in enumerate(out):
            jump[k] += scale * v
            if sign < 0:
                linear[k] = [a + v * b for a, b in zip(linear[k], row, strict=True)]
    terms = [
        (tuple(jump), tuple(map(Fraction, form[:-1]))) for form, jump in jumps.items() if any(jump)
    ]
    return terms, tuple(map(tuple, linear))


def _reaches(terms: list[Term], linear: Matrix, doubled: tuple[int, ...], bound: int) -> bool:
    """Whether some S leaves a linear part of rank at most a bound modulo the doubled normals."""
    # The values where the doubled normals vanish are coordinates modulo their span.
    points = nullspace([terms[j][1] for j in doubled], len(linear[0]))
    start = tuple(value for row in linear for value in _values(row, points))
    steps = [
        tuple(c * value for c in column for value in _values(row, points))
        for i, (column, row) in enumerate(terms)
        if i not in doubled
    ]
    if bound == 0:
        half = len(steps) // 2
        first = set(_sums(start, steps[:half]))
        others = _sums((Fraction(0),) * len(start), steps[half:])
        return any(tuple(-entry for entry in total) in first for total in others)
    width = len(points)
    return any(
        rank([total[k : k + width] for k in range(0, len(total), width or 1)]) <= bound
        for total in _sums(start, steps)
    )


def _sums(start: Vector, steps: Sequence[Vector]) -> Iterator[Vector]:
    """The sums of a vector and the subsets of others."""
    if not steps:
        yield start
        return
    for total in _sums(start, steps[:-1]):
        yield total
        yield tuple(a + b for a, b in zip(total, steps[-1], strict=True))


def _values(row: Vector, points: Sequence[IntegerRow]) -> list[Fraction]:
    return [sum((a * x for a, x in zip(row, point, strict=True)), Fraction(0)) for point in points]


def _network(layers: Any) -> Layers:
    """The layers of a network with at most one hidden layer, all of whose shapes fit."""
    require(len(layers) in (1, 2), "the network has more than one hidden layer")
    for weight, bias in layers:
        require(weight and len(weight) == len(bias), "not one bias for each row")
        require(
            weight[0] and len({*map(len, weight)}) == 1, "the rows of a weight differ in length"
        )
    if len(layers) == 2:
        require(len(layers[1][0][0]) == len(layers[0][1]), "the layers do not fit together")
    return list(layers)


def _layer(data: Any) -> tuple[Matrix, Vector]:
    require(isinstance(data, dict) and set(data) == {"weight", "bias"}, "'layers' is malformed")
    require(isinstance(data["weight"], list), "weight is not a list")
    weight = tuple(fractions(row, "weight") for row in data["weight"])
    return weight, fractions(data["bias"], "bias")
