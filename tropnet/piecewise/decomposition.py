"""Decompositions f = g − h into convex functions that are affine on the cells of a complex."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.exact import Matrix, Vector
from tropnet.piecewise.backtracking import search_vertices
from tropnet.piecewise.compatible import scalar_locus, spanned_arrangement, weights_on
from tropnet.piecewise.function import PiecewiseLinearFunction
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.polyhedral_complex import AffineForm, PolyhedralComplex, check_complex
from tropnet.piecewise.tilings import maximum_cells
from tropnet.piecewise.weight_polyhedron import WeightPolyhedron
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron


@dataclass(frozen=True)
class Decomposition:
    """Two convex piecewise linear functions g and h with f = g − h.

    g is 0 on the first maximal cell of the complex; another affine function can be added to g and h
    together.

    Attributes:
        complex: A complex on whose cells f, g and h are affine.
        weights: The weights of g on the facets of the complex, all at least 0.
        f_weights: Those of f; those of h are the differences.
        f_form: The affine form of f on the first maximal cell.
    """

    complex: PolyhedralComplex
    weights: Vector
    f_weights: Vector
    f_form: AffineForm

    @property
    def h_weights(self) -> Vector:
        """The weights of h on the facets of the complex, all at least 0."""
        return tuple(v - w for v, w in zip(self.weights, self.f_weights, strict=True))

    @cached_property
    def g_terms(self) -> tuple[Matrix, Vector]:
        """Gradients a_i and constants c_i, sorted, with g(x) = max_i (a_i·x + c_i), none redundant.

        ``TropicalPolynomial(*d.g_terms)`` is g.
        """
        return _terms(self.complex.integrate(self.weights))

    @cached_property
    def h_terms(self) -> tuple[Matrix, Vector]:
        """The same for h."""
        gradient, constant = self.f_form
        return _terms(
            self.complex.integrate(self.h_weights, [-entry for entry in gradient], -constant)
        )

    @property
    def g(self) -> PiecewiseLinearFunction:
        """The function g, with one cell for each piece."""
        return _maximum(*self.g_terms)

    @property
    def h(self) -> PiecewiseLinearFunction:
        """The function h, with one cell for each piece."""
        return _maximum(*self.h_terms)

    @property
    def counts(self) -> tuple[int, int]:
        """The numbers of linear pieces of g and of h."""
        return len(self.g_terms[0]), len(self.h_terms[0])

    @property
    def pieces(self) -> int:
        """The number of linear pieces of g and h together."""
        return sum(self.counts)

    def __repr__(self) -> str:
        return f"<Decomposition: {self.counts[0]} - {self.counts[1]} pieces>"


class DecompositionPolyhedron:
    """The decompositions of f over a complex; see `decomposition_polyhedron`.

    Attributes:
        complex: The complex.
        f_weights: The weights of f on its facets.
        bounds: The polyhedron in coordinates on the space of balanced weights.
    """

    def __init__(self, complex: PolyhedralComplex, f_weights: Vector, f_form: AffineForm) -> None:
        self.complex = complex
        self.f_weights = f_weights
        self._f_form = f_form
        self.bounds = WeightPolyhedron(complex, [max(w, Fraction(0)) for w in f_weights])

    @property
    def scope(self) -> str:
        """Which decompositions are meant."""
        return (
            "decompositions into convex functions that are affine on each of the "
            f"{len(self.complex.maximal_cells)} maximal cells of the complex"
        )

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is no decomposition over the complex.

        Cost: one linear program.
        """
        return self.bounds.start() is None

    @property
    def polyhedron(self) -> Polyhedron:
        """The weights of g, with a coordinate for each facet of the complex, in its order.

        Cost: one double description in as many dimensions as there are independent balanced
        weights; polyhedra with many vertices are better met by `stream_vertices`.
        """
        return self.bounds.in_weights

    @cached_property
    def vertices(self) -> tuple[Decomposition, ...]:
        """The decompositions at the vertices, sorted by weights.

        Cost: that of `polyhedron`.
        """
        points = self.bounds.in_coordinates.vertices
        return tuple(map(self.decomposition, sorted(map(self.bounds.weights, points))))

    def stream_vertices(
        self, *, budget: Budget | None = None, progress: Progress | None = None
    ) -> Iterator[Decomposition]:
        """The decompositions at the vertices one by one, sparse ones first as a rule.

        Args:
            budget: Limits for the search; its nodes count as regions.
            progress: Called now and then with the number of nodes.

        Raises:
            BudgetExceededError: when the budget runs out; what was given out stays valid.

        Guarantees:
            Every vertex once (see `backtracking`).

        Cost: at most two linear programs a node.  Slower than `vertices` where that ends.
        """
        meter = Meter(budget, progress)
        start = self.bounds.start()
        if start is None:
            return
        rows = self.bounds.rows
        for _, y in search_vertices(rows, start, [0] * len(rows), lambda _: False, meter):
            yield self.decomposition(self.bounds.weights(y))
        meter.finish()

    def decomposition(self, weights: Vector) -> Decomposition:
        """The decomposition of which g has the given weights, a point of the polyhedron."""
        return Decomposition(self.complex, weights, self.f_weights, self._f_form)

    def __repr__(self) -> str:
        facets, dimension = len(self.complex.facets), self.bounds.dimension
        return (
            f"<DecompositionPolyhedron over {facets} facets, "
            f"{dimension} independent balanced weights>"
        )


def decomposition_polyhedron(
    f: FunctionLike | WeightedComplex, complex: PolyhedralComplex | None = None
) -> DecompositionPolyhedron:
    """The decompositions f = g − h into convex functions g and h that are affine on given cells.

    Modulo affine functions, g is the same as its weights v on the facets of the complex.  With w
    those of f, the decompositions are the balanced v with v ≥ 0 (g is convex) and v ≥ w (h = g − f
    is convex).

    Args:
        f: A scalar function-like on R^n; or a balanced break locus, for the function with it that
            is 0 on the first maximal cell.
        complex: A complete complex in R^n in whose facets f breaks.  Default: the arrangement of
            the hyperplanes that contain the facets of f.

    Returns:
        A result with ``.polyhedron`` (in the space of weights, one coordinate for each facet of the
        complex, in its order), ``.vertices`` as decompositions, ``.is_empty``, ``.complex`` and
        ``.scope``.

    Raises:
        InvalidInputError: if f is not a scalar function on R^n, or breaks where the complex has no
            facet; names a set where it does.

    Guarantees:
        Exact.  Never empty for the default complex; empty only for complexes that are not regular.
        If not empty, it has a vertex; the bounded faces are the decompositions from which no convex
        function but affine ones can be taken off both g and h.  Everything is relative to the
        complex: functions in two or more variables have no coarsest one.

    Cost:
        The arrangement (O(m^n) cells for m hyperplanes) and one exact nullspace with a column for
        each facet.  Vertices are computed when asked for, and can be exponentially many.

    References:
        Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*,
        2024, section 3.

    f = max(0, min(x, y)) breaks along (1, 0), (0, 1) and (1, 1).  With the ray (−1, −1) added there
    is one vertex: g = max(0, −x, −y) and h = max(−x, −y), up to a common affine function.

    >>> from tropnet import TropicalPolynomial
    >>> h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    >>> f = (h + 0) / h
    >>> fan = PolyhedralComplex.from_rays([(1, 0), (0, 1), (1, 1), (-1, -1)])
    >>> decomposition_polyhedron(f, fan).vertices
    (<Decomposition: 3 - 2 pieces>,)
    """
    X = scalar_locus(f)
    if complex is None:
        complex = spanned_arrangement(X)
    check_complex(complex)
    weights = weights_on(complex, X)
    form: AffineForm = (Fraction(0),) * X.ambient_dim, Fraction(0)
    if not isinstance(f, WeightedComplex):
        cell = next(function_like(f, "f").affine_cells(complex.maximal_cells[0]))
        form = cell.gradient[0], cell.constant[0]
    return DecompositionPolyhedron(complex, weights, form)


def _terms(forms: tuple[AffineForm, ...]) -> tuple[Matrix, Vector]:
    distinct = sorted(set(forms))
    return tuple(gradient for gradient, _ in distinct), tuple(constant for _, constant in distinct)


def _maximum(gradients: Matrix, constants: Vector) -> PiecewiseLinearFunction:
    cells = maximum_cells(gradients, constants)
    return PiecewiseLinearFunction(zip(cells, gradients, constants, strict=True))
