"""Regular subdivisions of Newton polytopes, dual to the complexes of linearity domains.

Everything is read off one double description, that of the epigraph {(x, s) : s ≥ p(x)}: a proper
face of it is the graph of p over the set where certain monomials are maximal, and the hull of their
exponents is a cell of the subdivision.  Faces of dimension n − k correspond to cells of dimension
k, inclusion reversed (Maclagan and Sturmfels, *Introduction to Tropical Geometry*, proposition
3.1.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

import networkx as nx

from tropnet.exact import Matrix, Number, Vector, dot, format_fraction, primitive_vector, to_vector
from tropnet.polyhedra import DoubleDescription, Polyhedron
from tropnet.polyhedra.double_description import IntegerRow, pairing
from tropnet.polyhedra.faces import face_levels, members
from tropnet.tropical.hypersurface import lattice_length
from tropnet.tropical.polynomial import TropicalPolynomial


class RegularSubdivision:
    """The regular subdivision of the Newton polytope that the coefficients induce.

    Its cells are the projections of the faces of the upper hull of the lifted exponents (a_i, c_i).
    `==` is that of the polynomials, like theirs formal.

    Args:
        polynomial: Any tropical polynomial; monomials that are nowhere needed are no vertices, but
            those on the hull are `SubdivisionCell.marked`.
        essential: `polynomial.essential()`, if known already.

    Guarantees:
        Duality: cells of dimension k correspond to the (n − k)-dimensional cells of the complex of
        linearity domains, inclusion reversed.  The order of all cells depends on the polynomial
        alone.

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, proposition 3.1.6.
        Kaibel and Pfetsch, Comput. Geom. 23 (2002), section 2 (the faces from incidences).

    Cost:
        Linear programs for the essential monomials, one double description with a row for each in
        dimension n + 1, and set operations for each cell.  Cells become polyhedra on demand,
        without further conversions.

    >>> p = TropicalPolynomial([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 0, 0, -1])
    >>> S = p.regular_subdivision()
    >>> [len(cells) for cells in S.cells]
    [4, 5, 2]
    >>> print(S)
    Regular subdivision of dimension 2 in R^2: 4 + 5 + 2 cells
    Cells of dimension 0
      0: (0, 0)
      1: (0, 1)
      2: (1, 0)
      3: (1, 1)
    Cells of dimension 1
      0: (0, 0) (0, 1), lattice length 1
      1: (0, 0) (1, 0), lattice length 1
      2: (0, 1) (1, 0), lattice length 1
      3: (0, 1) (1, 1), lattice length 1
      4: (1, 0) (1, 1), lattice length 1
    Cells of dimension 2
      0: (0, 0) (0, 1) (1, 0)
      1: (0, 1) (1, 0) (1, 1)
    """

    def __init__(
        self, polynomial: TropicalPolynomial, essential: TropicalPolynomial | None = None
    ) -> None:
        self._polynomial = polynomial
        self._cells = tuple(_cells(_Lifting(polynomial, essential or polynomial.essential())))

    @property
    def polynomial(self) -> TropicalPolynomial:
        """The polynomial, as given."""
        return self._polynomial

    @property
    def dim(self) -> int:
        """The dimension of the Newton polytope."""
        return len(self._cells) - 1

    @property
    def cells(self) -> tuple[tuple[SubdivisionCell, ...], ...]:
        """The cells by dimension, each tuple sorted by `SubdivisionCell.exponents`.

        ``cells[-1]`` are the maximal cells.  Dimensions above `dim` are not listed.
        """
        return self._cells

    @cached_property
    def edges(self) -> tuple[SubdivisionEdge, ...]:
        """The cells of dimension 1 with their lattice lengths, in the order of ``cells[1]``.

        >>> TropicalPolynomial([[0, 0], [2, 4]], [0, 0]).regular_subdivision().edges
        ... # doctest: +NORMALIZE_WHITESPACE
        (SubdivisionEdge(ends=((Fraction(0, 1), Fraction(0, 1)), (Fraction(2, 1), Fraction(4, 1))),
        direction=(1, 2), lattice_length=Fraction(2, 1), cell=<SubdivisionCell: (0, 0) (2, 4)>),)
        """
        return tuple(_edge(cell) for cell in self._cells[1]) if self.dim > 0 else ()

    def cell_at(self, x: Iterable[Number]) -> SubdivisionCell:
        """The cell of the monomials maximal at a point: x is in the relative interior of its dual.

        Raises:
            InvalidInputError: for another number of coordinates.

        >>> TropicalPolynomial([[0], [1], [2]], [0, 0, 0]).regular_subdivision().cell_at([0])
        <SubdivisionCell: (0) (2)>
        """
        point = to_vector(x, "x")
        highest = self._polynomial(point)
        terms = zip(self._polynomial.exponents, self._polynomial.coefficients, strict=True)
        return self._by_vertices[
            tuple(a for a, c in terms if c + dot(a, point) == highest and a in self._vertices)
        ]

    def face_lattice(self) -> nx.DiGraph[SubdivisionCell]:
        """All cells, ordered by inclusion.

        Returns:
            A new graph.  Nodes are the cells in the order of `cells`, with the attribute ``dim``;
            edges lead from a cell to those that it is a facet of.  There is no empty cell.
        """
        graph: nx.DiGraph[SubdivisionCell] = nx.DiGraph()
        for k, cells in enumerate(self._cells):
            graph.add_nodes_from(cells, dim=k)
        for cells in self._cells:
            graph.add_edges_from((facet, cell) for cell in cells for facet in cell.facets)
        return graph

    @cached_property
    def _vertices(self) -> frozenset[Vector]:
        return frozenset(cell.exponents[0] for cell in self._cells[0])

    @cached_property
    def _by_vertices(self) -> dict[Matrix, SubdivisionCell]:
        return {cell.exponents: cell for cells in self._cells for cell in cells}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RegularSubdivision) and self._polynomial == other._polynomial

    def __hash__(self) -> int:
        return hash(self._polynomial)

    def __repr__(self) -> str:
        counts = " + ".join(str(len(cells)) for cells in self._cells)
        n = self._polynomial.variables
        return f"<RegularSubdivision of dimension {self.dim} in R^{n}: {counts} cells>"

    def __str__(self) -> str:
        lines = [f"Regular subdivision{repr(self)[len('<RegularSubdivision') : -1]}"]
        for k, cells in enumerate(self._cells):
            lines.append(f"Cells of dimension {k}")
            for i, cell in enumerate(cells):
                length = f", lattice length {_edge(cell).lattice_length}" if k == 1 else ""
                lines.append(f"  {i}: {_listed(cell.exponents)}{length}")
        return "\n".join(lines)


class SubdivisionCell:
    """A cell of a regular subdivision.

    Made by `RegularSubdivision`.  Cells are equal iff they have equal vertices and belong to equal
    subdivisions.

    >>> p = TropicalPolynomial([[0], [1], [2]], [0, 0, 0])
    >>> (cell,) = p.regular_subdivision().cells[1]
    >>> [len(cell.exponents), len(cell.marked), cell.polyhedron.dim, cell.dual.dim]
    [2, 3, 1, 0]
    """

    def __init__(
        self, lifting: _Lifting, face: int, dim: int, cuts: Sequence[int], exponents: Matrix
    ) -> None:
        self._lifting = lifting
        self._face = face
        self._dim = dim
        self._cuts = cuts
        self._exponents = exponents
        self._facets: tuple[SubdivisionCell, ...] = ()

    @property
    def dim(self) -> int:
        """The dimension."""
        return self._dim

    @property
    def exponents(self) -> Matrix:
        """The vertices: the essential exponents in the cell, sorted."""
        return self._exponents

    @property
    def facets(self) -> tuple[SubdivisionCell, ...]:
        """The cells of one dimension less that are faces of this one, sorted."""
        return self._facets

    @cached_property
    def marked(self) -> Matrix:
        """The exponents of all monomials that are maximal on the dual, needed or not, sorted.

        Their lifted points are those on the face of the upper hull above the cell.
        """
        return self._lifting.exponents_over(self._face)

    @cached_property
    def dual(self) -> Polyhedron:
        """The set of points where all monomials of the cell are maximal, in R^n.

        A closed cell of the complex of linearity domains, of dimension n − dim.
        """
        return self._lifting.projected(self._face, self._cuts)

    @cached_property
    def polyhedron(self) -> Polyhedron:
        """The cell as a polytope: the convex hull of `exponents`.

        From the centre of its dual to that of a facet's dual goes an outer normal of the facet.
        """
        rows = []
        *here, scale = self._centre
        for facet in self._facets:
            *there, factor = facet._centre
            step = [scale * b - factor * a for a, b in zip(here, there, strict=True)]
            rows.append(primitive_vector([*(-x for x in step), dot(facet.exponents[0], step)]))
        return Polyhedron.from_canonical_generators(
            len(self._exponents[0]),
            DoubleDescription(rows, (), [primitive_vector([*a, 1]) for a in self._exponents], ()),
        )

    @cached_property
    def _centre(self) -> IntegerRow:
        """A point x/t of the relative interior of the dual, as a row (x, t)."""
        return tuple(sum(column) for column in zip(*self.dual.generators, strict=True))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, SubdivisionCell)
            and self._exponents == other._exponents
            and self._lifting.polynomial == other._lifting.polynomial
        )

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(self._exponents)

    def __repr__(self) -> str:
        return f"<SubdivisionCell: {_listed(self._exponents)}>"


class SubdivisionEdge(NamedTuple):
    """A cell of dimension 1.

    Attributes:
        ends: Its two end points, sorted.
        direction: The primitive integer vector from the first to the second.
        lattice_length: Their difference is this multiple of the direction.
        cell: The cell; its dual is a facet of the tropical hypersurface, with the direction as a
            normal and the lattice length as its weight.
    """

    ends: tuple[Vector, Vector]
    direction: IntegerRow
    lattice_length: Fraction
    cell: SubdivisionCell


class _Lifting:
    """The epigraph of a polynomial, with its facets as monomials.

    Generators of the epigraph are canonical, and modulo the lines too they keep that form when they
    are projected to R^n, up to the order of rays: a vertical line is not among the lines, so that
    all of their pivots are variables.
    """

    def __init__(self, polynomial: TropicalPolynomial, essential: TropicalPolynomial) -> None:
        self.polynomial = polynomial
        terms = zip(essential.exponents, essential.coefficients, strict=True)
        monomials = {primitive_vector([*a, -1, -c]): (*a, c) for a, c in terms}
        self.epigraph = Polyhedron.from_inequalities(
            [[*a, -1] for a in essential.exponents], [-c for c in essential.coefficients]
        )
        # One facet for each monomial.
        self.monomials = [monomials[row] for row in self.epigraph.inequalities]
        denominator = lcm(*(x.denominator for monomial in self.monomials for x in monomial))
        self._multiples = [[int(x * denominator) for x in row] for row in self.monomials]

    def vertices_over(self, face: int) -> Matrix:
        """The exponents of the essential monomials maximal over a face, sorted."""
        return tuple(sorted(self.monomials[j][:-1] for j in self._tight(face)))

    def exponents_over(self, face: int) -> Matrix:
        """The exponents of all monomials maximal over a face, sorted."""
        tight = zip(self.polynomial.exponents, self._incidence, strict=True)
        return tuple(a for a, on in tight if face & on == face)

    def projected(self, face: int, cuts: Sequence[int]) -> Polyhedron:
        """A face projected to R^n, given the numbers of the monomials that bound it there."""
        first, *others = self._tight(face)
        points = [self._projections[i] for i in members(face)]
        return Polyhedron.from_canonical_generators(
            self.polynomial.variables,
            DoubleDescription(
                [self._difference(first, j) for j in cuts],
                [self._difference(first, j) for j in others],
                [*(g for g in points if g[-1]), *sorted(g for g in points if not g[-1])],
                [primitive_vector([*line[:-1], 0]) for line in self.epigraph.lines],
            ),
        )

    def _tight(self, face: int) -> list[int]:
        return [j for j, on in enumerate(self.epigraph.incidence) if face & on == face]

    def _difference(self, i: int, j: int) -> IntegerRow:
        pairs = zip(self._multiples[i], self._multiples[j], strict=True)
        return primitive_vector([a - b for a, b in pairs])

    @cached_property
    def _projections(self) -> list[IntegerRow]:
        return [primitive_vector([*g[:-2], g[-1]]) for g in self.epigraph.generators]

    @cached_property
    def _incidence(self) -> list[int]:
        """For each monomial, the generators of the epigraph at which it is maximal."""
        known = {m[:-1]: on for m, on in zip(self.monomials, self.epigraph.incidence, strict=True)}
        result = []
        for a, c in zip(self.polynomial.exponents, self.polynomial.coefficients, strict=True):
            row = primitive_vector([*a, -1, c])
            points = enumerate(self.epigraph.generators)
            result.append(
                known[a] if a in known else sum(1 << i for i, g in points if not pairing(row, g))
            )
        return result


def _cells(lifting: _Lifting) -> Iterable[tuple[SubdivisionCell, ...]]:
    """The cells of dimension 0, 1, …, each with its facets."""
    levels = face_levels(lifting.epigraph)
    next(levels)  # the epigraph itself
    below: dict[int, list[SubdivisionCell]] = {}
    for dim, level in enumerate(levels):
        cells = sorted(
            (
                SubdivisionCell(
                    lifting, face, dim, tuple(inner.values()), lifting.vertices_over(face)
                )
                for face, inner in level.items()
            ),
            key=lambda cell: cell.exponents,
        )
        above: dict[int, list[SubdivisionCell]] = {}
        for cell in cells:
            cell._facets = tuple(below.get(cell._face, ()))
            for inner in level[cell._face]:
                above.setdefault(inner, []).append(cell)
        below = above
        yield tuple(cells)


def _edge(cell: SubdivisionCell) -> SubdivisionEdge:
    first, second = cell.exponents
    step = tuple(b - a for a, b in zip(first, second, strict=True))
    return SubdivisionEdge((first, second), primitive_vector(step), lattice_length(step), cell)


def _listed(points: Matrix) -> str:
    return " ".join(f"({', '.join(map(format_fraction, point))})" for point in points)
