"""Proof that a network with one hidden layer is the narrowest that realises a function.

A network with one hidden layer is Σ c_i relu(h_i) + ℓ x + e, with one h_i = u_i·x − o_i for each
hyperplane on which its neurons do not cancel: relu(−h) = relu(h) − h.  The c_i are the jumps of the
gradient across the hyperplanes, so the h_i, c_i and ℓ depend on the function alone.

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

from tropnet.certificates.domain import WHOLE_SPACE
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.json_fields import Layers, layer_data, layers
from tropnet.certificates.plain import IntegerRow, require
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector, nullspace, primitive_vector, rank

Term: TypeAlias = tuple[Vector, Vector]
"""The matrix c ⊗ u: a column c and a row u."""


@dataclass(frozen=True, repr=False)
class ShallowWidthCertificate(Proof):
    """A proof that a network with one hidden layer is the narrowest one that realises a function.

    Attributes:
        layers: The pairs (weight, bias) of the network; without hidden layer for a constant one.
        equality: The proof that the function is equal to it.
    """

    claim: ClassVar[str] = "narrowest with one hidden layer"
    statement: ClassVar[str] = "no narrower network with one hidden layer represents this function"

    layers: Layers
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
            _require_shapes(self.layers)
        except CertificateError:
            return False
        return (
            _is_everywhere(f) and self.equality.check(f, self, WHOLE_SPACE) and self._is_minimal()
        )

    def _is_minimal(self) -> bool:
        """Whether there is no narrower network with one hidden layer that is equal to this one."""
        terms, linear = normal_form(self.layers)
        if len(self.layers) == 1:  # a constant; else it would be no network with one hidden layer
            return not any(map(any, linear))
        less = len(self.layers[0][1]) - len(terms) - 1
        return not any(
            _reaches(terms, linear, doubled, (less - size) // 2)
            for size in range(min(less, len(terms)) + 1)
            for doubled in combinations(range(len(terms)), size)
        )

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "layers": layer_data(self.layers),
            "equality": self.equality.data(),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ShallowWidthCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"layers", "equality"}, "expected the keys 'layers' and 'equality'")
        require(isinstance(data["equality"], dict), "equality is not an object")
        return cls(
            layers(data["layers"], "layers"), EqualityCertificate.from_data(data["equality"])
        )


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


def coordinates_modulo(
    terms: list[Term], linear: Matrix, doubled: tuple[int, ...]
) -> tuple[Vector, list[Vector], int]:
    """ℓ and the c_i ⊗ u_i, i not doubled, modulo the span of the doubled normals.

    Returns:
        Coordinates of ℓ, those of the others, and how many belong to one output.
    """
    # The values where the doubled normals vanish are coordinates modulo their span.
    points = nullspace([terms[j][1] for j in doubled], len(linear[0]))
    start = tuple(value for row in linear for value in _values(row, points))
    steps = [
        tuple(c * value for c in column for value in _values(row, points))
        for i, (column, row) in enumerate(terms)
        if i not in doubled
    ]
    return start, steps, len(points)


def _reaches(terms: list[Term], linear: Matrix, doubled: tuple[int, ...], bound: int) -> bool:
    """Whether some S leaves a linear part of rank at most a bound modulo the doubled normals."""
    start, steps, width = coordinates_modulo(terms, linear, doubled)
    if bound == 0:
        half = len(steps) // 2
        first = set(partial_sums(start, steps[:half]))
        others = partial_sums((Fraction(0),) * len(start), steps[half:])
        return any(tuple(-entry for entry in total) in first for total in others)
    return any(
        rank([total[k : k + width] for k in range(0, len(total), width or 1)]) <= bound
        for total in partial_sums(start, steps)
    )


def partial_sums(start: Vector, steps: Sequence[Vector]) -> Iterator[Vector]:
    """The sums of a vector and the subsets of others."""
    if not steps:
        yield start
        return
    for total in partial_sums(start, steps[:-1]):
        yield total
        yield tuple(a + b for a, b in zip(total, steps[-1], strict=True))


def _values(row: Vector, points: Sequence[IntegerRow]) -> list[Fraction]:
    return [sum((a * x for a, x in zip(row, point, strict=True)), Fraction(0)) for point in points]


def _is_everywhere(f: Any) -> bool:
    """Whether a function is not one given on a polyhedron only, where fewer neurons may do."""
    parts = f if isinstance(f, (list, tuple)) else [f]
    # Plain cells alone do not say where they are: only a function that says so is everywhere.
    return all(
        getattr(part, "domain", part if hasattr(part, "cells") else None) is None for part in parts
    )


def _require_shapes(layers: Layers) -> None:
    """Checks that some layers are a network with at most one hidden layer."""
    require(len(layers) in (1, 2), "the network has more than one hidden layer")
    for weight, bias in layers:
        require(weight and len(weight) == len(bias), "not one bias for each row")
        require(
            weight[0] and len({*map(len, weight)}) == 1, "the rows of a weight differ in length"
        )
    if len(layers) == 2:
        require(len(layers[1][0][0]) == len(layers[0][1]), "the layers do not fit together")
