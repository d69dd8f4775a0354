"""Tropical hypersurfaces with weights: the weighted normal complexes of Newton polytopes."""

from __future__ import annotations

from fractions import Fraction

from tropnet.exact import Vector, primitive_vector
from tropnet.piecewise import Facet, WeightedComplex
from tropnet.tropical.epigraph import Epigraph
from tropnet.tropical.polynomial import TropicalPolynomial


def tropical_hypersurface(polynomial: TropicalPolynomial) -> WeightedComplex:
    """Where the maximum is attained twice, each facet weighted with the lattice length of its edge.

    A facet on which the monomials with exponents a and b are maximal is dual to the edge from a to
    b of the regular subdivision; its weight w is the lattice length of that edge, a − b = ±w·u with
    u primitive (rational if the exponents are), and its normal is u.

    Guarantees:
        Balanced, all weights positive; empty iff the function is affine.  The facets are those of
        the complex of linearity domains, which meet face to face.

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, proposition 3.1.6 and
        theorem 3.3.2.
    """
    p = polynomial.essential()
    facets = []
    for border in Epigraph(p).borders():
        difference = tuple(
            b - a
            for a, b in zip(p.exponents[border.first], p.exponents[border.second], strict=True)
        )
        normal = primitive_vector(difference)
        weight = lattice_length(difference)
        offset = (p.coefficients[border.first] - p.coefficients[border.second]) / weight
        facets.append(Facet(normal, offset, weight, border.polyhedron))
    return WeightedComplex(p.variables, facets)


def lattice_length(vector: Vector) -> Fraction:
    """The w ≥ 0 with vector = w·u, u a primitive integer vector.

    >>> lattice_length((Fraction(4), Fraction(6))), lattice_length((Fraction(1, 2), Fraction(0)))
    (Fraction(2, 1), Fraction(1, 2))
    """
    integers = primitive_vector(vector)
    return next((x / u for x, u in zip(vector, integers, strict=True) if u), Fraction(0))
