"""Representations of a function by as few tropical monomials as possible.

A convex piecewise linear function is a tropical polynomial in one minimal way: one monomial for
each linear piece.  Any other is a difference g − h of two, and there may be many minimal pairs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tropnet.certificates.budget import Budget, Progress
from tropnet.piecewise.compatible import scalar_locus
from tropnet.piecewise.decomposition import Decomposition, decomposition_polyhedron
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.minimal_decompositions import pareto_minimal_decompositions
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.rational import TropicalRational

_ALL = "all pairs of tropical polynomials"


@dataclass(frozen=True)
class MinimalPolynomial:
    """The answer of `minimal_polynomial`.

    Attributes:
        polynomial: The polynomial with one monomial for each linear piece; None if there is none.
        obstruction: A facet of the break locus with a negative weight, across which the function is
            not convex; None if there is none.
    """

    polynomial: TropicalPolynomial | None
    obstruction: Facet | None


@dataclass(frozen=True)
class MinimalPairs:
    """The answer of `minimal_pairs`.

    Attributes:
        pairs: Tropical rational functions p / q, all equal to the function; each is one of its
            pairs up to a common monomial of p and q.
        complete: Whether these are all minimal pairs among all tropical polynomials.
        scope: Among which pairs they are all the minimal ones.
    """

    pairs: tuple[TropicalRational, ...]
    complete: bool
    scope: str

    @property
    def counts(self) -> tuple[tuple[int, int], ...]:
        """The numbers of monomials of p and q that occur, sorted."""
        return tuple(sorted({monomial_counts(pair) for pair in self.pairs}))

    def __iter__(self) -> Iterator[TropicalRational]:
        """The pairs, in order."""
        return iter(self.pairs)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.pairs)


def minimal_polynomial(f: FunctionLike) -> MinimalPolynomial:
    """The tropical polynomial with the fewest monomials that is a function.

    Args:
        f: A scalar function-like on R^n.

    Returns:
        The polynomial, or a facet that shows that f is not convex.

    Raises:
        InvalidInputError: for vector-valued functions, and functions on a part of R^n.

    Guarantees:
        Exact.  A polynomial for f has a monomial for each linear piece; so this one is the only
        minimal one (theory of regular subdivisions: its monomials are the essential ones of any).

    >>> from tropnet import ReLUNetwork
    >>> net = ReLUNetwork([([[1], [1]], [0, -1]), ([[1, 1]], [0])])
    >>> minimal_polynomial(net).polynomial                       # relu(x) + relu(x - 1)
    max(0, x, -1 + 2*x)
    >>> minimal_polynomial(-1 * net).obstruction
    <Facet of weight -1 in x = 0: vertices (0)>
    """
    for facet in scalar_locus(f).facets:
        if facet.coefficients[0] < 0:
            return MinimalPolynomial(None, facet)
    return MinimalPolynomial(_convex(f), None)


def minimal_pairs(
    f: FunctionLike,
    complex: PolyhedralComplex | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> MinimalPairs:
    """The pairs of polynomials p, q with f = p / q that are minimal.

    A pair is minimal if no other has fewer monomials in p and not more in q, or the other way
    round.  Adding a monomial to both as functions, p·m / q·m, gives the same pair.

    Args:
        f: A scalar function-like on R^n.
        complex: A complete complex; p and q are affine on its cells.  By default the arrangement
            of the hyperplanes in which f breaks; it does not matter for functions of one variable,
            convex and concave ones.
        budget: Limits on the nodes of the search.
        progress: Called with the number of nodes.

    Returns:
        The pairs, sorted by their numbers of monomials; several if there are several.

    Raises:
        InvalidInputError: for vector-valued functions, functions on a part of R^n, and complexes
            that do not fit.
        BudgetExceededError: when the budget runs out.

    Guarantees:
        Exact and complete in `scope`.  For functions of one variable, convex and concave ones
        `complete` holds: p breaks at least where f is convex, and p / q with nothing else is
        minimal in both numbers.  In general other complexes can have smaller pairs.

    References:
        Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*,
        2024.  Tran and Wang, *Minimal representations of tropical rational functions*, 2024.

    >>> h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    >>> found = minimal_pairs((h + 0) / h)                             # max(0, min(x, y))
    >>> found.counts, found.complete
    (((3, 2),), False)
    >>> minimal_pairs(h).pairs[0].denominator, minimal_pairs(h).complete
    (max(0), True)
    """
    weights = [facet.coefficients[0] for facet in scalar_locus(f).facets]
    if complex is None:
        one = _one(scalar_locus(f).ambient_dim)
        if all(weight >= 0 for weight in weights):
            return MinimalPairs((_convex(f) / one,), True, _ALL)
        if all(weight <= 0 for weight in weights):
            return MinimalPairs((one / _convex(f, -1),), True, _ALL)
    found = pareto_minimal_decompositions(f, complex, budget=budget, progress=progress)
    pairs = tuple(map(as_rational, found.decompositions))
    if found.complex.ambient_dim == 1:
        return MinimalPairs(pairs, True, _ALL)
    return MinimalPairs(pairs, False, found.scope)


def as_rational(decomposition: Decomposition) -> TropicalRational:
    """A decomposition f = g − h as a tropical rational function."""
    return TropicalPolynomial(*decomposition.g_terms) / TropicalPolynomial(*decomposition.h_terms)


def monomial_counts(pair: TropicalRational) -> tuple[int, int]:
    """The numbers of monomials of numerator and denominator."""
    return len(pair.numerator.coefficients), len(pair.denominator.coefficients)


def common_decomposition(f: FunctionLike) -> Decomposition:
    """A decomposition that is at hand: g has on each hyperplane the largest weight of f there."""
    problem = decomposition_polyhedron(f)
    largest: dict[tuple[tuple[int, ...], Fraction], Fraction] = {}
    places = [(facet.normal, facet.offset) for facet in problem.complex.facets]
    for place, weight in zip(places, problem.f_weights, strict=True):
        largest[place] = max(largest.get(place, Fraction(0)), weight)
    return problem.decomposition(tuple(largest[place] for place in places))


def _convex(f: FunctionLike, sign: int = 1) -> TropicalPolynomial:
    """The polynomial of a convex function f, or of −f."""
    cells = function_like(f, "f").affine_cells()
    terms = sorted({(cell.gradient[0], cell.constant[0]) for cell in cells})
    return TropicalPolynomial(
        [[sign * entry for entry in a] for a, _ in terms], [sign * c for _, c in terms]
    )


def _one(variables: int) -> TropicalPolynomial:
    """The polynomial that is 0 as a function."""
    return TropicalPolynomial([[0] * variables], [0])
