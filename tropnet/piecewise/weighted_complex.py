"""Weighted complexes: where a piecewise linear function breaks, and by how much."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import networkx as nx

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, to_fraction, to_vector
from tropnet.piecewise.balancing import residual_chains
from tropnet.piecewise.cells import FaceTable, order
from tropnet.piecewise.chain import Chain
from tropnet.piecewise.constancy import constant_cells
from tropnet.piecewise.description import describe
from tropnet.piecewise.facet import Facet, Weight, format_generators, format_weight
from tropnet.piecewise.hyperplanes import (
    Hyperplane,
    chains_by_hyperplane,
    germs,
    normal_form,
)
from tropnet.piecewise.refinement import refined_facets
from tropnet.polyhedra import Polyhedron

if TYPE_CHECKING:
    from tropnet.piecewise.function import PiecewiseLinearFunction


class WeightedComplex:
    """A weighted (n−1)-dimensional polyhedral set in R^n.

    What it means is the function that gives each hyperplane u·x = c and each of its points,
    up to sets of smaller dimension, the sum of the weights of the facets there; for the break
    locus of a piecewise linear function f that is the jump of its gradient.  Facets may come from
    any subdivision: they need not meet face to face, and where they overlap their weights add up.
    `==` and `hash`, `digest`, `is_balanced`, `contains` and `weight_at` depend on the weighted set
    alone; `facets` and `cells` on the subdivision given.

    Args:
        ambient_dim: n ≥ 1.
        facets: Weights all numbers, or all vectors of one length.  Facets with the same polyhedron
            are merged, those of weight zero are dropped, and the rest is sorted by normal, offset,
            vertices, rays and lines.

    Raises:
        InvalidInputError: naming the facet that does not fit.

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, 2015, section 3.3.
        Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*,
        2024.

    The break locus of max(0, x, y):

    >>> def ray(normal, direction):
    ...     return Facet(normal, 0, 1, Polyhedron.from_generators([(0, 0)], rays=[direction]))
    >>> X = WeightedComplex(2, [ray((1, 0), (0, -1)), ray((0, 1), (-1, 0)), ray((1, -1), (1, 1))])
    >>> X
    <WeightedComplex in R^2: 3 facets>
    >>> X.is_balanced(), len(X.cells(0))
    (True, 1)
    >>> print(3 * X)
    Weighted complex of dimension 1 in R^2: 3 facets on 3 hyperplanes, 1 cell of dimension 0
    Facets
      0: y = 0, weight 3: vertices (0, 0), rays (-1, 0)
      1: x - y = 0, weight 3: vertices (0, 0), rays (1, 1)
      2: x = 0, weight 3: vertices (0, 0), rays (0, -1)
    Cells of dimension 0
      0: vertices (0, 0), in facets 0 1 2
    """

    def __init__(self, ambient_dim: int, facets: Iterable[Facet] = ()) -> None:
        if type(ambient_dim) is not int or ambient_dim < 1:
            raise InvalidInputError(f"ambient_dim: {ambient_dim!r} is not a positive integer")
        if not isinstance(facets, Iterable):
            raise InvalidInputError(f"facets: expected facets, got {type(facets).__name__}")
        given = tuple(facets)
        for i, facet in enumerate(given):
            if not isinstance(facet, Facet):
                raise InvalidInputError(f"facets[{i}]: expected a Facet, got {facet!r}")
            if len(facet.normal) != ambient_dim:
                raise InvalidInputError(f"facets[{i}]: {facet!r} does not lie in R^{ambient_dim}")
            if _kind(facet.weight) != _kind(given[0].weight):
                raise InvalidInputError(
                    f"facets[{i}]: the weight {format_weight(facet.weight)} is not of the kind of "
                    f"that of facets[0], {format_weight(given[0].weight)}"
                )
        self._ambient_dim = ambient_dim
        self._facets = normal_form(given)

    @property
    def ambient_dim(self) -> int:
        """The dimension n of the space."""
        return self._ambient_dim

    @property
    def facets(self) -> tuple[Facet, ...]:
        """The facets of the subdivision given, sorted; empty for an affine function."""
        return self._facets

    @property
    def output_dim(self) -> int | None:
        """The length of vector weights; None if the weights are numbers or there are none."""
        return _kind(self._facets[0].weight) if self._facets else None

    # -- the subdivision ---------------------------------------------------------------------

    @cached_property
    def _table(self) -> FaceTable:
        return FaceTable.of((facet.polyhedron for facet in self._facets), self._ambient_dim - 1)

    def cells(self, k: int) -> tuple[Polyhedron, ...]:
        """The k-dimensional faces of the facets, each once, sorted by vertices, rays and lines.

        Raises:
            InvalidInputError: unless 0 ≤ k ≤ n − 1.

        Cost: all faces of all facets are found at the first call; no double description is run.
        """
        if type(k) is not int or not 0 <= k < self._ambient_dim:
            raise InvalidInputError(
                f"k: {k!r} is not a dimension between 0 and {self._ambient_dim - 1}"
            )
        return tuple(self._table.faces[k][key] for key in self._table.sorted(k))

    def incidence_graph(self) -> nx.DiGraph:
        """All cells, with an edge to each cell from its own facets.

        Returns:
            Nodes are polyhedra with the attribute ``dim``, and ``weight`` for facets.  Cells that
            overlap without one being a face of the other are not related.

        >>> edge = Polyhedron.from_generators([(0, 0), (1, 0)])
        >>> graph = WeightedComplex(2, [Facet((0, 1), 0, 2, edge)]).incidence_graph()
        >>> [len(list(graph.predecessors(edge))), graph.nodes[edge]]
        [2, {'dim': 1, 'weight': Fraction(2, 1)}]
        """
        graph = nx.DiGraph()
        faces = self._table.faces
        for k in range(self._ambient_dim):
            graph.add_nodes_from((faces[k][key] for key in self._table.sorted(k)), dim=k)
        for facet in self._facets:
            graph.nodes[facet.polyhedron]["weight"] = facet.weight
        for k in range(1, self._ambient_dim):
            for key in self._table.sorted(k):
                for below in self._table.covers[key]:
                    graph.add_edge(faces[k - 1][below], faces[k][key])
        return graph

    # -- balancing ---------------------------------------------------------------------------

    @cached_property
    def _residuals(self) -> list[Chain]:
        return residual_chains(self._facets)

    def is_balanced(self) -> bool:
        """Whether Σ w(σ)·ν_{σ/τ} lies in the directions of τ at every codimension-2 cell τ.

        Here ν_{σ/τ} generates the lattice of σ modulo that of τ and points into σ; equivalently
        the gradient jumps around τ sum to zero.  In R^1 there is no condition.

        Guarantees:
            Exact, for any subdivision, overlapping facets included.  The complex is balanced iff
            it is the break locus, with weights, of a piecewise linear function.

        Cost: linear in the pairs of a facet and its facets where facets meet face to face.

        References:
            Maclagan and Sturmfels 2015, Definition 3.3.1; the equivalence is the structure theorem
            (their section 3.3; Mikhalkin and Rau, *Tropical Geometry*).

        >>> ray = Polyhedron.from_generators([(0, 0)], rays=[(1, 0)])
        >>> WeightedComplex(2, [Facet((0, 1), 0, 1, ray)]).is_balanced()
        False
        """
        return all(chain.is_null() for chain in self._residuals)

    def unbalanced_cells(self) -> tuple[Polyhedron, ...]:
        """The codimension-2 cells at which the balancing condition fails, sorted.

        Returns:
            The canonical cells (see `constancy`) of the sets where the sum of the gradient jumps is
            not zero; empty iff `is_balanced()`.  They depend on the weighted set alone, so adjacent
            cells of the subdivision with the same defect come as one.

        >>> ray = Polyhedron.from_generators([(0, 0)], rays=[(1, 0)])
        >>> WeightedComplex(2, [Facet((0, 1), 0, 1, ray)]).unbalanced_cells()[0].vertices
        ((Fraction(0, 1), Fraction(0, 1)),)
        """
        cells = [cell for chain in self._residuals for cell, _ in constant_cells(chain)]
        return tuple(sorted(cells, key=order))

    # -- the weighted set --------------------------------------------------------------------

    @cached_property
    def _chains(self) -> dict[Hyperplane, Chain]:
        return chains_by_hyperplane(self._facets)

    def hyperplanes(self) -> tuple[Hyperplane, ...]:
        """The pairs (normal, offset) of the hyperplanes in which the weights do not cancel, sorted.

        They depend on the weighted set alone.
        """
        return tuple(key for key, chain in self._chains.items() if not chain.is_null())

    def contains(self, x: Iterable[Number]) -> bool:
        """Whether a point lies in the support: where the weights do not cancel, and its closure.

        Raises:
            InvalidInputError: if the point has another number of coordinates than n.
        """
        return any(not chain.is_null() for chain in self._germs(x))

    def weight_at(self, x: Iterable[Number]) -> Weight:
        """The weight at a point that lies inside one flat part of the complex.

        Returns:
            The sum of the weights there; off the support it is zero (the number, or a vector of
            zeros).

        Raises:
            InvalidInputError: if the weight is not constant around the point: it lies in several
                hyperplanes, or where a facet ends or the weight changes.

        >>> half = [Polyhedron.from_inequalities([[s, 0]], [0], ([[0, 1]], [0])) for s in (1, -1)]
        >>> X = WeightedComplex(2, [Facet((0, 1), 0, 5, part) for part in half])
        >>> X.weight_at((0, 0)), X.weight_at((0, 1))
        (Fraction(5, 1), Fraction(0, 1))
        """
        point = to_vector(x, "x")
        chains = [chain for chain in self._germs(point) if not chain.is_null()]
        if len(chains) > 1 or any(chain.walls() for chain in chains):
            raise InvalidInputError(
                f"x: the weight is not constant around ({', '.join(map(str, point))})"
            )
        kind = self.output_dim
        value = chains[0].at_infinity() if chains else None
        if value is None:
            return Fraction(0) if kind is None else (Fraction(0),) * kind
        return value[0] if kind is None else value

    def _germs(self, x: Iterable[Number]) -> Iterable[Chain]:
        point = to_vector(x, "x")
        if len(point) != self._ambient_dim:
            raise InvalidInputError(
                f"x: {len(point)} coordinates for a complex in R^{self._ambient_dim}"
            )
        return germs(self._facets, point).values()

    def __eq__(self, other: object) -> bool:
        """Equality as weighted sets, whatever the subdivision: the difference is a null chain.

        Exact, and nothing is refined: see `Chain.is_null`.
        """
        if not isinstance(other, WeightedComplex):
            return NotImplemented
        if self._ambient_dim != other._ambient_dim:
            return False
        if self._facets == other._facets:
            return True
        if self._facets and other._facets and self.output_dim != other.output_dim:
            return not self.hyperplanes() and not other.hyperplanes()
        return all(chain.is_null() for chain in _joined(self, -other).values())

    def __hash__(self) -> int:
        return hash((self._ambient_dim, self.hyperplanes()))

    def canonical(self) -> WeightedComplex:
        """The same weighted set in a subdivision that depends on it alone.

        Within each hyperplane, the components of the set where the weight is constant and not zero
        are taken whole if they are convex, and otherwise cut, until they are, along the first flat
        spanned by their boundary that has them on both sides.

        Guarantees:
            X == Y iff X.canonical().facets == Y.canonical().facets.  Its facets do not overlap.

        Cost: see `constant_cells`; facets that are alone in their hyperplane stay as they are.
        """
        return WeightedComplex(
            self._ambient_dim,
            [
                Facet(normal, offset, self._as_weight(value), cell)
                for (normal, offset), chain in self._chains.items()
                for cell, value in constant_cells(chain)
            ],
        )

    def refined(self) -> WeightedComplex:
        """The same weighted set in a subdivision whose facets meet face to face.

        The facets of the canonical form are cut where others meet them, until the intersection of
        any two is a face of both (see `refinement` for where exactly); `cells` and
        `incidence_graph` then tell how the facets meet.

        Guarantees:
            It depends on the weighted set alone, and its facets are convex.  In R^1 and R^2 no
            such subdivision of the canonical form has fewer facets.

        Cost: see `refined_facets`; in R^3 and higher it can have many more facets than the
        canonical form, since cuts go on until all cells are convex.

        >>> lines = [Polyhedron.from_inequalities([], [], ([u], [0])) for u in ((1, 0), (0, 1))]
        >>> X = WeightedComplex(2, [Facet((1, 0), 0, 1, lines[0]), Facet((0, 1), 0, 2, lines[1])])
        >>> X.canonical(), X.refined()
        (<WeightedComplex in R^2: 2 facets>, <WeightedComplex in R^2: 4 facets>)
        >>> [cell.vertices for cell in X.refined().cells(0)]
        [((Fraction(0, 1), Fraction(0, 1)),)]
        """
        return WeightedComplex(self._ambient_dim, refined_facets(self.canonical().facets))

    def digest(self) -> str:
        """A SHA-256 digest of the canonical form, as 64 hexadecimal digits.

        Guarantees:
            Equal complexes have equal digests; complexes with equal digests are equal unless
            SHA-256 has a collision.
        """
        lines = [f"tropnet/weighted-complex 1 dimension {self._ambient_dim}"]
        for facet in self.canonical().facets:
            generators = format_generators(facet.polyhedron)
            lines.append(f"{facet.equation}; {format_weight(facet.weight)}; {generators}")
        return sha256("\n".join(lines).encode()).hexdigest()

    def to_function(
        self,
        gradient: Iterable[Any],
        constant: Any,
        *,
        at: Iterable[Number],
    ) -> PiecewiseLinearFunction:
        """The piecewise linear function with this break locus and one affine piece given.

        Args:
            gradient: Shape (m, n), or (n,) for number weights.
            constant: Shape (m,), or a number: the function is gradient @ x + constant near `at`.
            at: A point off the complex.

        Raises:
            InvalidInputError: for an unbalanced complex (names a cell that fails), a point on the
                complex, and shapes that do not fit.

        Guarantees:
            Exact; the structure theorem says that there is one such function and no other.

        Cost: space is cut along the facets' hyperplanes where facets are; the number of parts can
        exceed that of linear pieces.

        References:
            Maclagan and Sturmfels 2015, section 3.3; Mikhalkin and Rau.

        >>> point = Polyhedron.from_generators([(0,)])
        >>> modulus = WeightedComplex(1, [Facet((1,), 0, 2, point)]).to_function([1], 0, at=[5])
        >>> modulus(-3)
        (Fraction(3, 1),)
        """
        from tropnet.piecewise.integration import function_of

        return function_of(self, gradient, constant, at)

    # -- arithmetic --------------------------------------------------------------------------

    def __add__(self, other: WeightedComplex) -> WeightedComplex:
        """The sum of the weights; for break loci that of the sum of the functions.

        The facets are those of both, so they may overlap; `canonical` makes them disjoint.
        Hyperplanes in which everything cancels are dropped, so X − Y has no facets iff X == Y.

        Raises:
            InvalidInputError: for complexes in different spaces, or scalar and vector weights.
        """
        if not isinstance(other, WeightedComplex):
            return NotImplemented
        if self._ambient_dim != other._ambient_dim:
            raise InvalidInputError(
                f"+: complexes in R^{self._ambient_dim} and R^{other._ambient_dim}"
            )
        return WeightedComplex(
            self._ambient_dim,
            [
                Facet(normal, offset, self._as_weight(value, other), polyhedron)
                for (normal, offset), chain in _joined(self, other).items()
                if not chain.is_null()
                for polyhedron, value in chain.pieces
            ],
        )

    def __neg__(self) -> WeightedComplex:
        return self * -1

    def __sub__(self, other: WeightedComplex) -> WeightedComplex:
        return self + -other if isinstance(other, WeightedComplex) else NotImplemented

    def __mul__(self, factor: Number) -> WeightedComplex:
        """All weights times a rational number."""
        if isinstance(factor, WeightedComplex):
            return NotImplemented
        k = to_fraction(factor, "factor")
        return WeightedComplex(
            self._ambient_dim,
            [
                facet.with_weight(self._as_weight(tuple(k * w for w in facet.coefficients)))
                for facet in self._facets
                if k
            ],
        )

    __rmul__ = __mul__

    def _as_weight(self, value: Vector, other: WeightedComplex | None = None) -> Weight:
        kind = self.output_dim
        if not self._facets and other is not None:
            kind = other.output_dim
        return value[0] if kind is None else value

    def positive_part(self) -> WeightedComplex:
        """The part of positive weight, in canonical form; entry by entry for vector weights.

        X = X.positive_part() − X.negative_part().  The parts of a balanced complex need not be
        balanced.

        >>> facets = [Facet((1,), c, c, Polyhedron.from_generators([(c,)])) for c in (-2, 3)]
        >>> X = WeightedComplex(1, facets)
        >>> [facet.weight for facet in X.positive_part().facets]
        [Fraction(3, 1)]
        >>> X == X.positive_part() - X.negative_part()
        True
        """
        canonical = self.canonical()
        return WeightedComplex(
            self._ambient_dim,
            [
                facet.with_weight(self._as_weight(positive))
                for facet in canonical.facets
                if any(positive := tuple(max(w, Fraction(0)) for w in facet.coefficients))
            ],
        ).canonical()

    def negative_part(self) -> WeightedComplex:
        """The part of negative weight with the opposite weights, in canonical form."""
        return (-self).positive_part()

    # -- text --------------------------------------------------------------------------------

    def describe(self) -> str:
        """Everything in one text: facets, and cells by dimension with the facets they lie in."""
        return describe(self._ambient_dim, self._facets, self._table)

    def __str__(self) -> str:
        return self.describe()

    def _repr_svg_(self) -> str | None:
        from tropnet.plots.writing import complex_svg

        return complex_svg(self)

    def __repr__(self) -> str:
        count = len(self._facets)
        return (
            f"<WeightedComplex in R^{self._ambient_dim}: {count} facet{'s' if count != 1 else ''}>"
        )


def _joined(left: WeightedComplex, right: WeightedComplex) -> dict[Hyperplane, Chain]:
    """The sums of the chains in each hyperplane."""
    if left.facets and right.facets and left.output_dim != right.output_dim:
        raise InvalidInputError("+: the weights are of different kinds (numbers, vectors, lengths)")
    return chains_by_hyperplane((*left.facets, *right.facets))


def _kind(weight: Weight) -> int | None:
    return None if isinstance(weight, Fraction) else len(weight)
