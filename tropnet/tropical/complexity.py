"""How many monomials a function needs: the two measures of Tran and Wang.

Write f = g − h with g = g_1 + … + g_k and h = h_1 + … + h_l, tropical polynomials (k, l ≥ 1; as
functions, products are sums).  The *factorization complexity* of f is the least total number of
monomials of all factors; with k = l = 1 it is the *monomial complexity*.

Bounds from below.  Let s be the number of monomials of the factors of g, and t that of h.

*On a line.*  Restricted to a line, a factor with m monomials has at most m − 1 breaks, all convex.
Where f breaks convexly, some factor of g does.  So s − k is at least the number of convex breaks of
f on a line, and s at least one more; the same for t and the concave ones.

*Parts of space.*  A piece of g lies in one component of the complement of the facets of positive
weight of f, for g breaks there.  So for k = 1, s is at least the number of components.

*Pieces.*  If g has a pieces and h has b, then f has at most a·b, so for k = l = 1 it holds that
s·t ≥ the number of linear pieces of f.

*Near a point and far away.*  Replacing every factor by x ↦ lim (g_i(p + tx) − g_i(p))/t for t → 0,
or t → ∞, makes no monomials more.  In two variables these are conewise linear functions, for which
both measures are known: see `piecewise.conewise` for the monomials.  And each ray along which a
factor with m ≥ 2 monomials breaks takes one of at most m, so s is at least the number of rays of g,
which is its number of monomials unless it is linear: the two measures agree.

References:
    Tran and Wang, *Minimal representations of tropical rational functions*, Algebraic Statistics 15
    (2024), 27-59 (arXiv 2205.05647).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice
from math import isqrt
from typing import Any, TypeAlias

from tropnet.certificates.budget import Budget
from tropnet.errors import BudgetExceededError
from tropnet.exact import Vector, dot, primitive_vector
from tropnet.piecewise.compatible import scalar_locus, spanned_arrangement, weights_on
from tropnet.piecewise.components import count_components
from tropnet.piecewise.conewise import tran_wang_decomposition
from tropnet.piecewise.decomposition import Decomposition
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.function_like import FunctionLike, function_like, values
from tropnet.piecewise.incidence import IntegerRow
from tropnet.piecewise.minimal_decompositions import minimal_decompositions
from tropnet.piecewise.shallow import WeightChange, hyperplane_weights
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron
from tropnet.tropical.minimal_representations import (
    as_rational,
    common_decomposition,
    minimal_pairs,
    monomial_counts,
)
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.rational import TropicalRational

# How many lines through pairs of facets are looked at.
_LINES = 256


Factors: TypeAlias = tuple[tuple[TropicalPolynomial, ...], tuple[TropicalPolynomial, ...]]
"""The factors of a numerator and of a denominator."""


@dataclass(frozen=True)
class Complexity:
    """How many monomials a function needs.

    Attributes:
        lower: At least so many.
        upper: At most so many, as `factors` shows.
        factors: Tropical polynomials g_1, …, g_k and h_1, …, h_l with f = Σ g_i − Σ h_j.
        reason: What proves the lower bound.
    """

    lower: int
    upper: int
    factors: Factors
    reason: str

    @property
    def value(self) -> int | None:
        """The number; None if it is not decided."""
        return self.upper if self.lower == self.upper else None

    @property
    def representation(self) -> TropicalRational:
        """The factors multiplied out."""
        numerator, denominator = (_product(factors) for factors in self.factors)
        return numerator / denominator


def monomial_complexity(f: FunctionLike, *, budget: Budget | None = None) -> Complexity:
    """The least number of monomials of p and q together with f = p / q.

    Args:
        f: A scalar function-like on R^n.
        budget: Limits on the search for a short pair over the arrangement of the hyperplanes in
            which f breaks; when it runs out, the best one so far is taken.

    Returns:
        Bounds, with a pair that attains the upper one.

    Raises:
        InvalidInputError: for vector-valued functions, and functions on a part of R^n.

    Guarantees:
        Both bounds are proved (see `complexity`).  They agree for functions of one variable, for
        convex and concave ones, and for those of two variables that are linear on the sectors of a
        fan with apex 0.

    References:
        Tran and Wang 2024.

    >>> h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    >>> monomial_complexity((h + 0) / h).value                        # max(0, min(x, y)): 3 + 2
    5
    """
    X = scalar_locus(f)
    bounds = [*_monomial_bounds(f, X), *_conewise_bounds(X)]
    lower, reason = max(bounds, key=lambda bound: bound[0])
    pair = _short_pair(f, X, lower, budget)
    factors = (pair.numerator,), (pair.denominator,)
    return Complexity(lower, sum(monomial_counts(pair)), factors, reason)


def factorization_complexity(f: FunctionLike, *, budget: Budget | None = None) -> Complexity:
    """The least number of monomials of all factors with f = p_1 ⋯ p_k / (q_1 ⋯ q_l).

    Args:
        f: A scalar function-like on R^n.
        budget: As for `monomial_complexity`.

    Returns:
        Bounds, with factors that attain the upper one: those of the shortest pair that was found,
        or, if f has one hidden layer, a factor with two monomials for each of its hyperplanes.

    Raises:
        InvalidInputError: for vector-valued functions, and functions on a part of R^n.

    Guarantees:
        Both bounds are proved (see `complexity`).  They agree for functions of one variable, and
        for those of two variables that are linear on the sectors of a fan with apex 0; there both
        measures are the same.  For others, convex ones too, they need not agree.

    References:
        Tran and Wang 2024.

    >>> from tropnet import ReLUNetwork
    >>> grid = ReLUNetwork([([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], [0, 1, 2, 0, 1, 2]),
    ...                     ([[1] * 6], [0])])                         # 16 linear pieces
    >>> monomial_complexity(grid).value, factorization_complexity(grid).upper
    (17, 9)
    """
    X = scalar_locus(f)
    bounds = [_line_bound(X), *_conewise_bounds(X)]
    lower, reason = max(bounds, key=lambda bound: bound[0])
    best = monomial_complexity(f, budget=budget)
    factors: Factors = min((best.factors, *_by_direction(f, X)), key=_size)
    return Complexity(lower, _size(factors), factors, reason)


def _size(factors: Factors) -> int:
    return sum(len(factor.coefficients) for side in factors for factor in side)


def _product(factors: tuple[TropicalPolynomial, ...]) -> TropicalPolynomial:
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    return product.essential()


def _short_pair(
    f: FunctionLike, X: WeightedComplex, lower: int, budget: Budget | None
) -> TropicalRational:
    """A pair with as few monomials as is found."""
    weights = [facet.coefficients[0] for facet in X.facets]
    if min(weights, default=1) > 0 or max(weights, default=1) < 0:
        return minimal_pairs(f).pairs[0]
    if _is_conewise(X):
        return as_rational(tran_wang_decomposition(f))
    candidates: list[Decomposition] = [common_decomposition(f)]
    if candidates[0].pieces > lower:
        try:
            candidates += minimal_decompositions(f, budget=budget).decompositions[:1]
        except BudgetExceededError as stop:
            found: Any = stop.found
            candidates += found[:1]
    return as_rational(min(candidates, key=lambda decomposition: decomposition.pieces))


def _by_direction(f: FunctionLike, X: WeightedComplex) -> Iterator[Factors]:
    """For functions with one hidden layer: a factor for each direction of hyperplanes and sign."""
    found = hyperplane_weights(X)
    if isinstance(found, WeightChange) or not found:
        return
    creases: dict[tuple[int, IntegerRow], list[tuple[Fraction, Fraction]]] = {}
    for (normal, offset), (weight,) in found.items():
        creases.setdefault((1 if weight > 0 else -1, normal), []).append((offset, abs(weight)))
    sides: dict[int, list[TropicalPolynomial]] = {1: [], -1: []}
    for (sign, normal), places in sorted(creases.items()):
        sides[sign].append(_parallel(normal, sorted(places)))
    n = X.ambient_dim
    one = TropicalPolynomial([[0] * n], [0])
    numerator, denominator = (sides[sign] or [one] for sign in (1, -1))
    rest = _affine_rest(f, numerator, denominator)
    numerator[0] = numerator[0] * rest
    yield tuple(numerator), tuple(denominator)


def _parallel(normal: IntegerRow, places: list[tuple[Fraction, Fraction]]) -> TropicalPolynomial:
    """Σ c·relu(u·x − s) over places (s, c) in ascending order, one monomial more than places."""
    slope, constant = Fraction(0), Fraction(0)
    exponents, coefficients = [[Fraction(0)] * len(normal)], [Fraction(0)]
    for offset, weight in places:
        slope, constant = slope + weight, constant - weight * offset
        exponents.append([slope * entry for entry in normal])
        coefficients.append(constant)
    return TropicalPolynomial(exponents, coefficients)


def _affine_rest(
    f: FunctionLike,
    numerator: list[TropicalPolynomial],
    denominator: list[TropicalPolynomial],
) -> TropicalPolynomial:
    """The affine function f − Σ numerator + Σ denominator, as a monomial."""
    function = function_like(f, "f")
    cell = next(iter(function.affine_cells()))
    interior = cell.polyhedron.interior_point()
    n = len(interior)
    points = [interior, *(_moved(interior, j) for j in range(n))]

    def value(point: Vector) -> Fraction:
        parts = [values(f, point)[0]]
        parts += [-p(point) for p in numerator] + [q(point) for q in denominator]
        return sum(parts, Fraction(0))

    start, *others = map(value, points)
    gradient = [other - start for other in others]
    return TropicalPolynomial([gradient], [start - dot(gradient, interior)])


def _moved(point: Vector, j: int) -> Vector:
    return (*point[:j], point[j] + 1, *point[j + 1 :])


Bound: TypeAlias = tuple[int, str]
"""A lower bound and its reason."""


def _monomial_bounds(f: FunctionLike, X: WeightedComplex) -> Iterator[Bound]:
    """Bounds for the number of monomials of p and q."""
    yield _line_bound(X)
    complex = spanned_arrangement(X)
    weights = weights_on(complex, X)
    sides = [(facet.below, facet.above) for facet in complex.facets]
    parts = [
        count_components(
            len(complex.maximal_cells),
            sides,
            {e for e, weight in enumerate(weights) if sign * weight > 0},
        )
        for sign in (1, -1)
    ]
    yield sum(parts), f"the facets of one sign leave {parts[0]} and {parts[1]} parts of space"
    cells = function_like(f, "f").affine_cells()
    pieces = len({(cell.gradient, cell.constant) for cell in cells})
    yield isqrt(4 * pieces - 1) + 1, f"it has {pieces} linear pieces"


def _line_bound(X: WeightedComplex) -> Bound:
    """The largest number of breaks that is found on a line, and two more."""
    found = [_breaks_on(X, *line) for line in islice(_lines(X), _LINES)]
    positive, negative = (max((counts[k] for counts in found), default=0) for k in (0, 1))
    return positive + negative + 2, f"lines with {positive} convex and {negative} concave breaks"


def _lines(X: WeightedComplex) -> Iterator[tuple[Vector, Vector]]:
    """Lines, as a point and a direction: across facets, and through two of them."""
    points = [facet.polyhedron.interior_point() for facet in X.facets]
    for facet, point in zip(X.facets, points, strict=True):
        yield point, tuple(map(Fraction, facet.normal))
    for one, other in combinations(points, 2):
        yield one, tuple(b - a for a, b in zip(one, other, strict=True))


def _breaks_on(X: WeightedComplex, point: Vector, direction: Vector) -> tuple[int, int]:
    """The numbers of convex and of concave breaks of a function on a line."""
    if not any(direction):
        return 0, 0
    jumps: dict[Fraction, Fraction] = {}
    for facet in X.facets:
        speed = dot(facet.normal, direction)
        if not speed:
            continue
        time = (facet.offset - dot(facet.normal, point)) / speed
        place = tuple(a + time * b for a, b in zip(point, direction, strict=True))
        if facet.polyhedron.contains(place):
            if not _is_inside(facet, place):
                return 0, 0  # through the boundary of a facet: not in general position
            jumps[time] = jumps.get(time, Fraction(0)) + facet.coefficients[0] * abs(speed)
    return sum(j > 0 for j in jumps.values()), sum(j < 0 for j in jumps.values())


def _is_inside(facet: Facet, point: Vector) -> bool:
    return all(dot(row[:-1], point) < row[-1] for row in facet.polyhedron.inequalities)


def _conewise_bounds(X: WeightedComplex) -> Iterator[Bound]:
    """In two variables: the number for the function near a point, or far away."""
    if X.ambient_dim != 2:
        return
    vertices = {vertex for facet in X.facets for vertex in facet.polyhedron.vertices}
    for vertex in (None, *sorted(vertices)):
        fan = _fan(X, vertex)
        if fan.facets:
            where = "far away" if vertex is None else f"near ({vertex[0]}, {vertex[1]})"
            yield tran_wang_decomposition(fan).pieces, f"the conewise linear function {where}"


def _fan(X: WeightedComplex, apex: Vector | None) -> WeightedComplex:
    """The rays from a point, or of the unbounded facets, moved to the origin."""
    weights: dict[IntegerRow, Fraction] = {}
    for facet in X.facets:
        for ray in _rays_from(facet, apex):
            weights[ray] = weights.get(ray, Fraction(0)) + facet.coefficients[0]
    facets = []
    for (a, b), weight in sorted(weights.items()):
        if weight:
            polyhedron = Polyhedron.from_generators([(0, 0)], rays=[(a, b)])
            facets.append(Facet((-b, a), Fraction(0), weight, polyhedron))
    return WeightedComplex(2, facets)


def _rays_from(facet: Facet, apex: Vector | None) -> set[IntegerRow]:
    """The primitive directions that a segment, half-line or line takes from a point, or ends in."""
    polyhedron = facet.polyhedron
    ends = [primitive_vector(ray) for ray in polyhedron.rays]
    for line in polyhedron.lines:
        ends += [primitive_vector(line), primitive_vector([-entry for entry in line])]
    if apex is None:
        return set(ends)
    if not polyhedron.contains(apex):
        return set()
    others = (vertex for vertex in polyhedron.vertices if vertex != apex)
    toward = {
        primitive_vector([a - b for a, b in zip(vertex, apex, strict=True)]) for vertex in others
    }
    return {*ends, *toward} if len({*ends, *toward}) <= 2 else set(ends)


def _is_conewise(X: WeightedComplex) -> bool:
    """Whether a function of two variables is linear on the sectors of a fan with apex 0."""
    return X.ambient_dim == 2 and all(
        facet.polyhedron.generators[0] == (0, 0, 1) and not facet.polyhedron.is_bounded
        for facet in X.facets
    )
