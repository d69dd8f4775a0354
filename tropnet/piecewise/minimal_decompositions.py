"""Decompositions f = g − h with as few linear pieces as possible, over a complex.

The pieces of a convex function are the components that remain of space when the facets of positive
weight are taken out.  So with a larger support come at least as many pieces, and strictly more if
the supports belong to convex functions: a facet that is taken out of the support joins two pieces.
From a decomposition that is no vertex of the decomposition polyhedron one can go both ways along a
line, to the one side until some weight of g or h becomes 0; the supports shrink.  Hence minimal
decompositions are vertices, and a part of the support bounds the pieces from below, which prunes
the search for them.

References:
    Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*, 2024,
    section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.errors import BudgetExceededError
from tropnet.exact import Vector
from tropnet.piecewise.backtracking import Strict, search_vertices
from tropnet.piecewise.components import count_components
from tropnet.piecewise.decomposition import (
    Decomposition,
    DecompositionPolyhedron,
    decomposition_polyhedron,
)
from tropnet.piecewise.function_like import FunctionLike
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex
from tropnet.piecewise.weighted_complex import WeightedComplex

Counts = tuple[int, int]
"""The numbers of pieces of g and of h."""


@dataclass(frozen=True)
class MinimalDecompositions:
    """The answer of `minimal_decompositions` and `pareto_minimal_decompositions`.

    Attributes:
        decompositions: All of them, sorted by the numbers of pieces and then by weights; none if
            there is no decomposition over the complex.
        scope: What they are minimal among.
        complex: The complex.
    """

    decompositions: tuple[Decomposition, ...]
    scope: str
    complex: PolyhedralComplex

    def __iter__(self) -> Iterator[Decomposition]:
        """The decompositions, in order."""
        return iter(self.decompositions)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.decompositions)

    def __getitem__(self, index: int) -> Decomposition:
        """One of them."""
        return self.decompositions[index]

    @property
    def is_empty(self) -> bool:
        """Whether there is no decomposition over the complex."""
        return not self.decompositions

    @property
    def counts(self) -> tuple[Counts, ...]:
        """The numbers of pieces of g and h that occur, sorted."""
        return tuple(sorted({decomposition.counts for decomposition in self.decompositions}))

    def __repr__(self) -> str:
        found = ", ".join(f"{a} - {b}" for a, b in self.counts)
        return f"<MinimalDecompositions: {len(self.decompositions)} with pieces {found or 'none'}>"


def minimal_decompositions(
    f: FunctionLike | WeightedComplex,
    complex: PolyhedralComplex | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> MinimalDecompositions:
    """The decompositions f = g − h over a complex with the fewest pieces of g and h together.

    Args:
        f: A scalar function-like on R^n, or a balanced break locus, as for
            `decomposition_polyhedron`.
        complex: A complete complex in whose facets f breaks; by default the arrangement of the
            hyperplanes that contain the facets of f.
        budget: Limits for the search; its nodes count as regions.
        progress: Called now and then with the number of nodes.

    Returns:
        All of them, each with g and h; none if the complex admits no decomposition at all.

    Raises:
        InvalidInputError: as `decomposition_polyhedron`.
        BudgetExceededError: when the budget runs out; `found` are the best decompositions by then,
            which need not be minimal.

    Guarantees:
        Exact and complete among the decompositions into functions that are affine on the cells of
        the complex; another complex can allow fewer pieces.  In one variable the decomposition is
        unique and minimal among all: wherever f breaks, g or h must.

    Cost:
        Branch and bound over the vertices of the decomposition polyhedron, with one or two linear
        programs a node; exponential at worst.

    References:
        Brandenburg, Grillo and Hertrich 2024, section 3 (minimal decompositions are vertices).

    >>> from tropnet import ReLUNetwork, TropicalPolynomial
    >>> tent = ReLUNetwork([([[1], [1], [1]], [0, -1, -2]), ([[1, -2, 1]], [0])])
    >>> result = minimal_decompositions(tent)
    >>> result
    <MinimalDecompositions: 1 with pieces 3 - 2>
    >>> TropicalPolynomial(*result.decompositions[0].g_terms)
    max(0, x, -2 + 2*x)
    """
    problem = decomposition_polyhedron(f, complex)
    found = _search(problem, lambda old, new: sum(old) < sum(new), budget, progress)
    scope = f"the fewest pieces of g and h together among {problem.scope}"
    if problem.complex.ambient_dim == 1:
        scope = "the fewest pieces of g and h together among all decompositions"
    return MinimalDecompositions(found, scope, problem.complex)


def pareto_minimal_decompositions(
    f: FunctionLike | WeightedComplex,
    complex: PolyhedralComplex | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> MinimalDecompositions:
    """The decompositions over a complex for which none has fewer pieces of g and no more of h.

    Or the other way round.  Arguments, errors and cost are those of `minimal_decompositions`, whose
    results are among these; the search prunes less.

    Guarantees:
        All vertices of the decomposition polyhedron with Pareto-minimal numbers of pieces.  Every
        decomposition with these numbers is a vertex.

    >>> from tropnet import TropicalPolynomial
    >>> h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    >>> pareto_minimal_decompositions((h + 0) / h)
    <MinimalDecompositions: 1 with pieces 3 - 2>
    """
    problem = decomposition_polyhedron(f, complex)
    found = _search(problem, _dominates, budget, progress)
    scope = f"Pareto-minimal numbers of pieces of g and h among {problem.scope}"
    return MinimalDecompositions(found, scope, problem.complex)


def _dominates(old: Counts, new: Counts) -> bool:
    return old != new and old[0] <= new[0] and old[1] <= new[1]


def _search(
    problem: DecompositionPolyhedron,
    is_better: Callable[[Counts, Counts], bool],
    budget: Budget | None,
    progress: Progress | None,
) -> tuple[Decomposition, ...]:
    """The vertices whose numbers of pieces no other vertex has better ones than.

    Args:
        problem: The decomposition polyhedron.
        is_better: A strict order such that better numbers stay better than larger ones.
        budget: Limits.
        progress: Called with the number of nodes.
    """
    meter = Meter(budget, progress)
    bounds = problem.bounds
    start = bounds.start()
    if start is None:
        return ()
    counter = _PieceCounter(problem)
    best: dict[Counts, list[Vector]] = {}

    def is_hopeless(strict: Strict) -> bool:
        counts = counter(strict)
        return any(is_better(old, counts) for old in best)

    def found() -> tuple[Decomposition, ...]:
        return tuple(
            problem.decomposition(weights)
            for counts in sorted(best)
            for weights in sorted(best[counts])
        )

    priorities = list(map(len, bounds.attaining))
    try:
        for strict, y in search_vertices(bounds.rows, start, priorities, is_hopeless, meter):
            counts = counter(strict)
            for old in [old for old in best if is_better(counts, old)]:
                del best[old]
            best.setdefault(counts, []).append(bounds.weights(y))
    except BudgetExceededError as stop:
        raise BudgetExceededError(
            f"{stop}; the best decompositions by then are in .found", found()
        ) from None
    meter.finish()
    return found()


class _PieceCounter:
    """The numbers of pieces of g and h if certain rows of the polyhedron are strict and no others.

    Otherwise lower bounds.
    """

    def __init__(self, problem: DecompositionPolyhedron) -> None:
        bounds = problem.bounds
        self._cells = len(problem.complex.maximal_cells)
        self._sides = [(facet.below, facet.above) for facet in problem.complex.facets]
        self._attaining = bounds.attaining
        weights = list(enumerate(problem.f_weights))
        self._breaks = tuple(
            bounds.exceeding | {e for e, weight in weights if sign * weight > 0} for sign in (1, -1)
        )

    def __call__(self, strict: Strict) -> Counts:
        more = {e for i in strict for e in self._attaining[i]}
        g, h = (
            count_components(self._cells, self._sides, breaks | more) for breaks in self._breaks
        )
        return g, h
