"""Common Minkowski summands of two tropical polynomials, and reduced rational functions.

A polynomial s is a common summand of p and q if p = p' ⊙ s and q = q' ⊙ s for polynomials p', q':
s, p − s and q − s are convex.  Then s is affine wherever p is and wherever q is, so on every region
that connects linearity domains of p and of q overlapping in dimension n.  Such an s is one affine
function for each region; over a facet of p's hypersurface it bends t times as much as p, over a
facet of q's u times as much as q, and the three functions are convex iff all t and all u are in
[0, 1].  In the language of hypersurfaces: weights at most min(w_p, w_q), and balanced.

References:
    Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*, 2024:
    the same inequalities on weights, for the decompositions of one function.
    Maclagan and Sturmfels, *Introduction to Tropical Geometry*, section 3.1 (duality).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, nullspace
from tropnet.polyhedra import essential_points, solve_linear_program
from tropnet.polyhedra.decomposability import Edge, closing_conditions, positions
from tropnet.tropical.epigraph import Epigraph
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.rational import TropicalRational


class _Summand(NamedTuple):
    """A common summand: its lifted monomial on each linearity domain of the two polynomials."""

    over_numerator: list[Vector]
    over_denominator: list[Vector]


def common_summand(p: TropicalPolynomial, q: TropicalPolynomial) -> TropicalPolynomial:
    """A largest polynomial s with p = p' ⊙ s and q = q' ⊙ s for some polynomials p', q'.

    Returns:
        s without its affine part: the smallest exponent of each variable is 0, as is the largest
        coefficient.  The constant 0 iff p and q have no common summand that is not affine.

    Raises:
        InvalidInputError: if the numbers of variables differ.

    Guarantees:
        Exact.  p' and q' have no further common summand except affine ones: among all common
        summands s has the largest sum of relative weights (the t and u above), and a further one
        would add to it.  If p = q ⊙ f for a polynomial f, then s is q up to an affine function.
        Otherwise there can be several s that cannot be enlarged; which one is returned means
        nothing.

    Cost:
        The essential monomials of p ⊙ q (at most one linear program for each product of monomials);
        the hypersurfaces of p and q; an exact nullspace with a column for each of their facets that
        can be common; and one linear program with as many unknowns as the nullspace has dimensions,
        usually few.

    >>> x, y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0])
    >>> common_summand((x + y) * (x + 0), (x + y) * (y + 1))
    max(y, x)
    """
    if p.variables != q.variables:
        raise InvalidInputError(f"polynomials in {p.variables} and {q.variables} variables")
    found = _largest_summand(p.essential(), q.essential())
    s = _polynomial(found.over_numerator)
    return s * _normalizing_monomial(s)


def reduced(function: TropicalRational) -> TropicalRational:
    """An equal function p' ⊘ q' in which p' and q' have only affine functions in common.

    Returns:
        p' and q' with essential monomials only, not more than those of p and of q.  Affine
        functions are shifted from one to the other until the smallest exponent of each variable in
        q' is 0, as is the largest coefficient of q'.

    Guarantees:
        Equal to the given function.  No polynomial that is not affine is a common Minkowski summand
        of p' and q' (an irreducible decomposition in the sense of Brandenburg, Grillo and
        Hertrich).  If the function is convex, then q' = 0; if it is concave, p' is affine; so
        both are decided.  Otherwise not unique, nor always of the least number of monomials:
        max(0, x, y, x + y) − max(0, x, y) is reduced, and equals max(x, y, x + y) − max(x, y).

    Cost:
        As for `common_summand`.

    >>> x, y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0])
    >>> reduced(((x + y) * (x + 0)) / ((x + y) * (y + 1)))
    max(-1, -1 + x) - max(0, -1 + y)
    """
    p, q = function.numerator.essential(), function.denominator.essential()
    s = _largest_summand(p, q)
    numerator = _polynomial(_differences(_lifted(p), s.over_numerator))
    denominator = _polynomial(_differences(_lifted(q), s.over_denominator))
    shift = _normalizing_monomial(denominator)
    return TropicalRational(numerator * shift, denominator * shift)


def _largest_summand(p: TropicalPolynomial, q: TropicalPolynomial) -> _Summand:
    """For p and q with essential monomials only."""
    lifted = [*_lifted(p), *_lifted(q)]
    trivial = (Fraction(0),) * (p.variables + 1)
    places = [trivial]
    regions = [0] * len(lifted)
    if not (p.is_monomial or q.is_monomial):
        regions = _affine_regions(p, q)
        if max(regions):
            edges = _edges(p, 0, regions) + _edges(q, len(p), regions)
            scalings = _largest_scalings(max(regions) + 1, edges)
            places = positions(max(regions) + 1, edges, scalings)
    return _Summand(
        [places[region] for region in regions[: len(p)]],
        [places[region] for region in regions[len(p) :]],
    )


def _affine_regions(p: TropicalPolynomial, q: TropicalPolynomial) -> list[int]:
    """For each monomial of p and of q the number of the region that its linearity domain is in.

    Domains of p and of q overlap in dimension n iff the product of their monomials is essential in
    p ⊙ q: a vertex of a Minkowski sum is the sum of two vertices in one way only.
    """
    right = _lifted(q)
    pairs: dict[Vector, tuple[int, int]] = {}
    for i, first in enumerate(_lifted(p)):
        for j, second in enumerate(right):
            pairs[tuple(x + y for x, y in zip(first, second, strict=True))] = (i, len(p) + j)
    points = list(pairs)
    parent = list(range(len(p) + len(q)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = node = parent[parent[node]]
        return node

    for position in essential_points(points):
        i, j = pairs[points[position]]
        parent[root(i)] = root(j)
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(node), len(numbers)) for node in range(len(parent))]


def _edges(polynomial: TropicalPolynomial, start: int, regions: Sequence[int]) -> list[Edge]:
    """The edges of the regular subdivision, lifted, between monomials of different regions."""
    lifted = _lifted(polynomial)
    return [
        Edge(
            regions[start + border.first],
            regions[start + border.second],
            _differences([lifted[border.second]], [lifted[border.first]])[0],
        )
        for border in Epigraph(polynomial).borders()
        if regions[start + border.first] != regions[start + border.second]
    ]


def _largest_scalings(regions: int, edges: Sequence[Edge]) -> list[Fraction]:
    """The numbers t_e in [0, 1] with Σ t_e maximal for which the edges t_e·e close up."""
    basis = nullspace(closing_conditions(regions, edges), len(edges))
    if not basis:
        return [Fraction(0)] * len(edges)
    rows = sorted(set(zip(*basis, strict=True)))
    negative = [[-entry for entry in row] for row in rows]
    solution = solve_linear_program(
        [sum(vector) for vector in basis],
        [*rows, *negative],
        [1] * len(rows) + [0] * len(rows),
    )
    assert solution.point is not None  # bounded, and 0 is feasible
    return [
        sum((x * vector[e] for x, vector in zip(solution.point, basis, strict=True)), Fraction(0))
        for e in range(len(edges))
    ]


def _normalizing_monomial(polynomial: TropicalPolynomial) -> TropicalPolynomial:
    """What makes the smallest exponent of each variable 0, and the largest coefficient."""
    smallest = [min(column) for column in zip(*polynomial.exponents, strict=True)]
    return TropicalPolynomial([[-entry for entry in smallest]], [-max(polynomial.coefficients)])


def _lifted(polynomial: TropicalPolynomial) -> list[Vector]:
    return [(*a, c) for a, c in zip(polynomial.exponents, polynomial.coefficients, strict=True)]


def _differences(first: Sequence[Vector], second: Sequence[Vector]) -> list[Vector]:
    return [
        tuple(x - y for x, y in zip(v, w, strict=True)) for v, w in zip(first, second, strict=True)
    ]


def _polynomial(lifted: Sequence[Vector]) -> TropicalPolynomial:
    return TropicalPolynomial([row[:-1] for row in lifted], [row[-1] for row in lifted])
