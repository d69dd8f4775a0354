"""The balancing condition, checked on every flat of codimension 2.

Going once around a codimension-2 cell τ, the gradient jumps must sum to zero.  The facet σ with
normal u and weight w contributes ε·w ⊗ u, where ε = ±1 says in which sense it is crossed.  If τ
is cut out of σ by the inequality a·x ≤ b, then u ∧ a, up to a positive factor, is one of the two
orientations of the plane normal to τ, and ε is its sign against a fixed one.  So the residuals
form a chain on each flat of codimension 2, with coefficients in Q^m ⊗ Q^n, and the complex is
balanced iff all of them are null.  A facet that runs through the flat contributes its jump twice
with opposite signs, that is nothing; so the facets need not meet face to face and may overlap.

References:
    Maclagan and Sturmfels, *Introduction to Tropical Geometry*, 2015, Definition 3.3.1 and
    Theorem 3.3.2 (the structure theorem).
    Mikhalkin and Rau, *Tropical Geometry*, chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm

from tropnet.exact import Vector
from tropnet.piecewise.chain import Chain
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.incidence import FaceKey, IntegerRow, face_polyhedron, facings
from tropnet.polyhedra import Polyhedron


def residual_chains(facets: Sequence[Facet]) -> list[Chain]:
    """The sums of oriented gradient jumps around the codimension-2 flats where they may not vanish.

    Guarantees:
        The facets are balanced iff every chain is null.

    Cost: linear in the number of pairs of a facet and its facets.  Where facets meet face to face
    the sums are formed by hashing, and only those that do not vanish become polyhedra.
    """
    scale = lcm(*(entry.denominator for facet in facets for entry in facet.coefficients))
    sums: dict[FaceKey, tuple[Polyhedron, list[int]]] = {}
    for facet in facets:
        jump = [int(scale * entry) * u for entry in facet.coefficients for u in facet.normal]
        for row, key in facings(facet.polyhedron):
            total = sums.setdefault(key, (facet.polyhedron, [0] * len(jump)))[1]
            sign = _sense(facet.normal, row)
            for i, entry in enumerate(jump):
                total[i] += sign * entry
    flats: dict[tuple[IntegerRow, ...], list[tuple[Polyhedron, Vector]]] = {}
    for key, (polyhedron, total) in sums.items():
        if any(total):
            ridge = face_polyhedron(polyhedron, key)
            residual = tuple(Fraction(entry, scale) for entry in total)
            flats.setdefault(ridge.equations, []).append((ridge, residual))
    return [Chain(flats[equations]) for equations in sorted(flats)]


def _sense(normal: IntegerRow, row: IntegerRow) -> int:
    """The sign of normal ∧ a: of its first coordinate that is not zero."""
    for i, j in combinations(range(len(normal)), 2):
        minor = normal[i] * row[j] - normal[j] * row[i]
        if minor:
            return 1 if minor > 0 else -1
    raise AssertionError("a facet of a facet is not parallel to it")
