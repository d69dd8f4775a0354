"""Virtual polytopes: formal differences of polyhedra under Minkowski addition.

Polyhedra with one common recession cone cancel: A + C = B + C implies A = B, because their support
functions are finite on the polar of the cone, add up, and determine them.  So differences form a
group, a vector space over Q even, in which P − Q is the function h_P − h_Q.

References:
    Pukhlikov and Khovanskii, *Finitely additive measures of virtual polytopes*, St. Petersburg
    Math. J. 4 (1993).
    Schneider, *Convex Bodies: The Brunn-Minkowski Theory*, section 1.7 (support functions).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, dot, to_fraction, to_vector
from tropnet.polyhedra import Polyhedron

if TYPE_CHECKING:
    from tropnet.tropical.polynomial import TropicalPolynomial
    from tropnet.tropical.rational import TropicalRational


class VirtualPolytope:
    """The formal difference P − Q of two polyhedra with the same recession cone.

    Two are equal iff they have the same recession cone and P + Q' = P' + Q.  Sums, differences and
    multiples are those of formal differences; −(P − Q) is Q − P, not the point reflection of
    anything.  The function P − Q stands for is `support`.

    Args:
        minuend: P, not empty.
        subtrahend: Q, not empty, with P's recession cone; by default that cone, the zero of the
            addition (the origin if P is a polytope).

    Raises:
        InvalidInputError: for an empty polyhedron, other dimensions or other recession cones.

    Cost:
        Nothing until asked; sums are one or two Minkowski sums, `==` at most two (different support
        values at some directions decide before), `scale` and ``-`` no conversion at all.

    >>> P = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1)])
    >>> Q = Polyhedron.from_generators([(0, 0), (1, 1)])
    >>> VirtualPolytope(P.minkowski_sum(Q), Q) == VirtualPolytope(P)
    True
    >>> (VirtualPolytope(P) - VirtualPolytope(Q)).support((1, 1))
    Fraction(-1, 1)
    """

    def __init__(self, minuend: Polyhedron, subtrahend: Polyhedron | None = None) -> None:
        for name, part in (("minuend", minuend), ("subtrahend", subtrahend)):
            if part is None:
                continue
            if not isinstance(part, Polyhedron):
                raise InvalidInputError(f"{name}: expected a Polyhedron, got {type(part).__name__}")
            if part.is_empty:
                raise InvalidInputError(f"{name}: the polyhedron is empty")
        cone = minuend.recession_cone()
        if subtrahend is None:
            subtrahend = cone
        if subtrahend.ambient_dim != minuend.ambient_dim:
            raise InvalidInputError(
                f"subtrahend: polyhedra in R^{minuend.ambient_dim} and R^{subtrahend.ambient_dim}"
            )
        if subtrahend.recession_cone() != cone:
            raise InvalidInputError("subtrahend: another recession cone than the minuend's")
        self._minuend, self._subtrahend, self._cone = minuend, subtrahend, cone

    @property
    def minuend(self) -> Polyhedron:
        """The polyhedron P of this representation."""
        return self._minuend

    @property
    def subtrahend(self) -> Polyhedron:
        """The polyhedron Q of this representation."""
        return self._subtrahend

    @property
    def recession_cone(self) -> Polyhedron:
        """The recession cone of both polyhedra, the same in every representation."""
        return self._cone

    @property
    def ambient_dim(self) -> int:
        """The dimension of the space of the polyhedra."""
        return self._minuend.ambient_dim

    def support(self, u: Iterable[Number]) -> Fraction:
        """The difference of the maxima of u·x over P and over Q, the same for every representation.

        Args:
            u: A direction in which P is bounded: u·r ≤ 0 for the directions r of recession.

        Raises:
            InvalidInputError: for another number of coordinates, or if P is unbounded towards u.
        """
        direction = to_vector(u, "u")
        if len(direction) != self.ambient_dim:
            raise InvalidInputError(
                f"u: {len(direction)} coordinates for polyhedra in R^{self.ambient_dim}"
            )
        if any(dot(direction, ray) > 0 for ray in self._cone.rays) or any(
            dot(direction, line) for line in self._cone.lines
        ):
            raise InvalidInputError("u: the polyhedra are unbounded in that direction")
        return self._support(direction)

    def __add__(self, other: object) -> VirtualPolytope:
        """(P + P') − (Q + Q').  Cost: two Minkowski sums."""
        if not isinstance(other, VirtualPolytope):
            return NotImplemented
        if other._cone != self._cone:
            raise InvalidInputError("virtual polytopes with different recession cones")
        return VirtualPolytope(
            self._minuend.minkowski_sum(other._minuend),
            self._subtrahend.minkowski_sum(other._subtrahend),
        )

    def __sub__(self, other: object) -> VirtualPolytope:
        """(P + Q') − (Q + P').  Cost: two Minkowski sums."""
        if not isinstance(other, VirtualPolytope):
            return NotImplemented
        return self + -other

    def __neg__(self) -> VirtualPolytope:
        return VirtualPolytope(self._subtrahend, self._minuend)

    def scale(self, k: Number) -> VirtualPolytope:
        """The multiple whose support is k times as large: |k|·P − |k|·Q, or reversed for k < 0.

        >>> segment = Polyhedron.from_generators([(0,), (1,)])
        >>> VirtualPolytope(segment).scale(-2).subtrahend.vertices
        ((Fraction(0, 1),), (Fraction(2, 1),))
        """
        factor = to_fraction(k, "k")
        if not factor:
            return VirtualPolytope(self._cone)
        scaled = VirtualPolytope(
            self._minuend.scale(abs(factor)), self._subtrahend.scale(abs(factor))
        )
        return scaled if factor > 0 else -scaled

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, VirtualPolytope):
            return NotImplemented
        return self._invariant == other._invariant and self._minuend.minkowski_sum(
            other._subtrahend
        ) == other._minuend.minkowski_sum(self._subtrahend)

    def __hash__(self) -> int:
        return hash(self._invariant)

    def __repr__(self) -> str:
        return f"<VirtualPolytope: {self._minuend!r} minus {self._subtrahend!r}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return VirtualPolytope, (self._minuend, self._subtrahend)

    def _support(self, direction: Vector) -> Fraction:
        return max(dot(direction, v) for v in self._minuend.vertices) - max(
            dot(direction, v) for v in self._subtrahend.vertices
        )

    @cached_property
    def _invariant(self) -> tuple[Polyhedron, Vector]:
        """The cone, and support values at directions that depend on the cone alone."""
        facets = [row[:-1] for row in self._cone.inequalities]
        spanning = [row[:-1] for row in self._cone.equations]
        inner = [sum(column) for column in zip(*facets, strict=True)] or [0] * self.ambient_dim
        uneven = [
            sum((k + 2) * row[c] for k, row in enumerate(spanning)) for c in range(self.ambient_dim)
        ]
        directions = [
            *facets,
            *(
                [x + sign * y for x, y in zip(inner, row, strict=True)]
                for row in (*spanning, uneven)
                for sign in (1, -1)
            ),
        ]
        return self._cone, tuple(self._support(to_vector(u)) for u in directions)


def virtual_polytope(function: TropicalRational) -> VirtualPolytope:
    """The difference of the extended Newton polyhedra of numerator and denominator.

    For p = max_i (c_i + a_i·x) that is conv{(a_i, c_i)} + R_{≥0}·(0, …, 0, −1) in R^(n+1);
    the downward ray removes the lower hull, which the function does not determine.

    Guarantees:
        Two rational functions are equal as functions iff their virtual polytopes are; ⊙, ⊘ and
        `scale` become sum, difference and `scale`.  The support at (x, 1) is the value at x, at
        (u, 0) the slope at infinity in the direction u.

    Cost:
        The essential monomials of both; the polyhedra are converted when asked.

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, section 3.1.
    """
    numerator, denominator = (
        _extended_newton_polyhedron(part) for part in (function.numerator, function.denominator)
    )
    return VirtualPolytope(numerator, denominator)


def _extended_newton_polyhedron(polynomial: TropicalPolynomial) -> Polyhedron:
    p = polynomial.essential()
    points = [(*a, c) for a, c in zip(p.exponents, p.coefficients, strict=True)]
    return Polyhedron.from_generators(points, [(0,) * p.variables + (-1,)])
