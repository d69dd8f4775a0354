"""The flats of a vector configuration, and their bases.

A flat is a linear space spanned by some of the vectors.  Flats and bases are those of the linear
matroid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TypeAlias

from tropnet.certificates.budget import Meter
from tropnet.exact import nullspace, primitive_vector, rank
from tropnet.piecewise.chain import oriented

Row: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Flat:
    """A space spanned by some of the vectors.

    Attributes:
        rank: Its dimension s.
        elements: The positions of all the vectors in it, ascending.
        annihilator: A basis of the linear forms that vanish on it; the values of these are
            coordinates of the quotient by the flat.
        required: Independent vectors that its bases have to contain.
        basis_count: The number of sets of s vectors that are such a basis.
    """

    rank: int
    elements: tuple[int, ...]
    annihilator: tuple[Row, ...]
    required: tuple[int, ...]
    basis_count: int

    def image(self, vector: Sequence[int]) -> Row:
        """A vector modulo the flat, in coordinates."""
        return _image(self.annihilator, vector)

    def bases(self, vectors: Sequence[Row]) -> Iterator[tuple[int, ...]]:
        """The bases as ascending positions, in a fixed order."""
        others = [i for i in self.elements if i not in self.required]
        for more in combinations(others, self.rank - len(self.required)):
            basis = tuple(sorted((*self.required, *more)))
            if rank([vectors[i] for i in basis]) == self.rank:
                yield basis


def flats(
    vectors: Sequence[Row],
    size: int,
    dimension: int,
    meter: Meter,
    required: tuple[int, ...] = (),
) -> list[Flat]:
    """The flats of a given rank that contain some of the vectors.

    Args:
        vectors: Non-zero integer vectors of length `dimension`.
        size: The rank s; beyond the rank of the vectors there are none.
        dimension: d.
        meter: Counts the flats of ranks up to s against a budget.
        required: Positions of independent vectors that the flats, and their bases, contain.

    Returns:
        The flats, sorted by their elements.

    Cost: at most C(n, s) flats for n vectors, each found from those one rank below.

    >>> from tropnet.certificates.budget import Meter
    >>> lines = flats([(1, 0), (-2, 0), (0, 1)], 1, 2, Meter(None, None))
    >>> [(line.elements, line.basis_count) for line in lines]
    [((0, 1), 2), ((2,), 1)]
    >>> [plane.basis_count for plane in flats([(1, 0), (-2, 0), (0, 1)], 2, 2, Meter(None, None))]
    [2]
    """
    if size < len(required):
        return []
    # An ordered basis picks a flat one rank up with each vector: count the orders, then divide.
    annihilator = nullspace([vectors[i] for i in required], dimension)
    span = tuple(i for i, vector in enumerate(vectors) if not any(_image(annihilator, vector)))
    level: dict[Row, tuple[tuple[Row, ...], int]] = {span: (annihilator, 1)}
    for _ in range(size - len(required)):
        following: dict[Row, tuple[tuple[Row, ...], int]] = {}
        for elements, (annihilator, orders) in level.items():
            classes: dict[Row, list[int]] = {}
            for i, vector in enumerate(vectors):
                if i not in elements:
                    classes.setdefault(direction(_image(annihilator, vector)), []).append(i)
            for members in classes.values():
                closure = tuple(sorted((*elements, *members)))
                if closure not in following:
                    meter.add(1)
                    basis = [vectors[i] for i in closure]
                    following[closure] = (nullspace(basis, dimension), 0)
                forms, before = following[closure]
                following[closure] = (forms, before + orders * len(members))
        level = following
    return [
        Flat(size, elements, annihilator, required, orders // factorial(size - len(required)))
        for elements, (annihilator, orders) in sorted(level.items())
    ]


def direction(vector: Sequence[int]) -> Row:
    """The primitive vector on the line of a vector, its first non-zero entry positive.

    >>> direction((0, -2, 4))
    (0, 1, -2)
    """
    primitive = primitive_vector(vector)
    return oriented(primitive)[0] if any(primitive) else primitive


def _image(forms: Sequence[Row], vector: Sequence[int]) -> Row:
    return tuple(sum(a * b for a, b in zip(form, vector, strict=True)) for form in forms)
