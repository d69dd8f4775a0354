"""Complete polyhedral complexes: R^n cut into convex cells that meet face to face."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import (
    Number,
    Vector,
    primitive_vector,
    to_fraction,
    to_matrix,
    to_vector,
)
from tropnet.piecewise.cells import FaceTable, order
from tropnet.piecewise.face_to_face import passages
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.incidence import FaceKey, IntegerRow, face_polyhedron, facings
from tropnet.piecewise.tilings import arrangement_cells, maximum_cells, planar_sectors
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron

AffineForm: TypeAlias = tuple[Vector, Fraction]
"""The gradient and the constant of an affine function x ↦ gradient·x + constant."""


@dataclass(frozen=True)
class ComplexFacet:
    """A cell of codimension 1 of a complete complex.

    Attributes:
        normal: u, primitive integers, the first non-zero entry positive.
        offset: s; the facet lies in the hyperplane u·x = s.
        polyhedron: The cell.
        below: The position in `PolyhedralComplex.maximal_cells` of the cell where u·x ≤ s.
        above: That of the cell where u·x ≥ s.
    """

    normal: IntegerRow
    offset: Fraction
    polyhedron: Polyhedron
    below: int
    above: int


@dataclass(frozen=True)
class Ridge:
    """A cell of codimension 2 of a complete complex.

    Attributes:
        polyhedron: The cell.
        facets: The positions in `PolyhedralComplex.facets` of the facets around it, once around,
            each with 1 if it is crossed from below to above on the way and −1 otherwise.
    """

    polyhedron: Polyhedron
    facets: tuple[tuple[int, int], ...]


class PolyhedralComplex:
    """Polyhedra that cover R^n without overlap and meet face to face, with all their faces.

    Construct with the maximal cells, or with `from_hyperplanes`, `from_maximum`, `from_rays`.
    ``==`` compares the sets of maximal cells.

    Args:
        cells: The maximal cells, polyhedra of dimension n ≥ 1; their order is kept.

    Raises:
        InvalidInputError: if they overlap, leave a gap or do not meet face to face; names them.

    Guarantees:
        The check is exact, also for unbounded cells and cells with lines (see `face_to_face`).

    >>> quadrants = PolyhedralComplex.from_hyperplanes([[1, 0], [0, 1]], [0, 0])
    >>> quadrants
    <PolyhedralComplex in R^2: 4 maximal cells, 4 facets>
    >>> quadrants.ridges[0].facets
    ((0, 1), (3, 1), (1, -1), (2, -1))
    """

    def __init__(self, cells: Iterable[Polyhedron]) -> None:
        self._cells = _checked(cells)
        self._ambient_dim = self._cells[0].ambient_dim
        self._facets = self._matched_facets()

    def _matched_facets(self) -> tuple[ComplexFacet, ...]:
        facets = []
        for key, (wall, below, above) in passages(self._cells).items():
            normal = primitive_vector(wall[:-1])
            scale = max(map(abs, wall[:-1])) // max(map(abs, normal))
            polyhedron = face_polyhedron(self._cells[below], key)
            offset = Fraction(wall[-1], scale)
            facets.append(ComplexFacet(normal, offset, polyhedron, below, above))
        facets.sort(key=lambda facet: (facet.normal, facet.offset, order(facet.polyhedron)))
        return tuple(facets)

    # -- constructors ------------------------------------------------------------------------

    @classmethod
    def from_hyperplanes(
        cls,
        normals: Iterable[Iterable[Number]],
        offsets: Iterable[Number],
        *,
        ambient_dim: int | None = None,
    ) -> PolyhedralComplex:
        """The arrangement of the hyperplanes a·x = b.

        Args:
            normals: Shape (m, n).  Equal hyperplanes count once; a zero normal cuts nothing.
            offsets: Length m.
            ambient_dim: n; needed only where there are no normals to tell it.

        Raises:
            InvalidInputError: for shapes that do not fit.

        Cost: two double descriptions for each hyperplane and each cell that it cuts; there are
            O(m^n) cells.

        >>> len(PolyhedralComplex.from_hyperplanes([], [], ambient_dim=3).maximal_cells)
        1
        """
        rows, right = to_matrix(normals, "normals"), to_vector(offsets, "offsets")
        if len(rows) != len(right):
            raise InvalidInputError(f"offsets: {len(right)} numbers for {len(rows)} normals")
        n = len(rows[0]) if rows else ambient_dim
        if type(n) is not int or n < 1 or ambient_dim not in (None, n):
            raise InvalidInputError(
                f"ambient_dim: {ambient_dim!r} with normals of length {len(rows[0])}"
                if rows
                else f"ambient_dim: {ambient_dim!r} is not a positive integer, and there are no "
                "normals to tell the dimension"
            )
        return cls(arrangement_cells([(*row, b) for row, b in zip(rows, right, strict=True)], n))

    @classmethod
    def from_maximum(
        cls, gradients: Iterable[Iterable[Number]], constants: Iterable[Number]
    ) -> PolyhedralComplex:
        """The sets on which max_i (a_i·x + c_i) is one of its affine forms.

        These are the regular complexes, and those of the linearity domains of tropical polynomials.

        Args:
            gradients: a_i, shape (k, n), k and n at least 1.
            constants: c_i, length k.

        Raises:
            InvalidInputError: for shapes that do not fit.

        Cost: one double description for each form.

        >>> len(PolyhedralComplex.from_maximum([[0, 0], [1, 0], [0, 1]], [0, 0, 0]).facets)
        3
        """
        slopes, values = to_matrix(gradients, "gradients"), to_vector(constants, "constants")
        if not slopes or not slopes[0]:
            raise InvalidInputError("gradients: at least one, of at least one entry")
        if len(slopes) != len(values):
            raise InvalidInputError(f"constants: {len(values)} numbers for {len(slopes)} gradients")
        return cls(maximum_cells(slopes, values))

    @classmethod
    def from_rays(cls, rays: Iterable[Iterable[Number]]) -> PolyhedralComplex:
        """The complete fan in the plane with the given rays from the origin.

        Args:
            rays: Directions, shape (k, 2); multiples of one are one ray.  None at all gives the
                whole plane, two opposite ones its two halves.

        Raises:
            InvalidInputError: if a sector between neighbours is no convex cone, or is a half-plane
                beside smaller sectors.

        >>> [len(PolyhedralComplex.from_rays(rays).facets) for rays in (
        ...     [], [(1, 2), (-1, -2)], [(1, 0), (0, 1), (-1, -1)])]
        [0, 1, 3]
        """
        return cls(planar_sectors(rays))

    # -- cells -------------------------------------------------------------------------------

    @property
    def ambient_dim(self) -> int:
        """The dimension n of the space."""
        return self._ambient_dim

    @property
    def maximal_cells(self) -> tuple[Polyhedron, ...]:
        """The cells of dimension n, in the order given."""
        return self._cells

    @property
    def facets(self) -> tuple[ComplexFacet, ...]:
        """The cells of dimension n − 1, sorted by normal, offset, vertices, rays and lines."""
        return self._facets

    @cached_property
    def ridges(self) -> tuple[Ridge, ...]:
        """The cells of dimension n − 2 with the facets around each, sorted by their generators."""
        around: dict[FaceKey, list[int]] = {}
        for i, facet in enumerate(self._facets):
            for facing in facings(facet.polyhedron):
                around.setdefault(facing.key, []).append(i)
        ridges = [
            Ridge(face_polyhedron(self._facets[facets[0]].polyhedron, key), self._circle(facets))
            for key, facets in around.items()
        ]
        return tuple(sorted(ridges, key=lambda ridge: order(ridge.polyhedron)))

    def _circle(self, facets: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """The facets at a ridge in the order of a walk around it.

        Each cell at the ridge has exactly two facets that contain it.
        """
        of_cell: dict[int, list[int]] = {}
        for i in facets:
            of_cell.setdefault(self._facets[i].below, []).append(i)
            of_cell.setdefault(self._facets[i].above, []).append(i)
        here, walk = facets[0], [(facets[0], 1)]
        cell = self._facets[here].above
        while True:
            here = next(i for i in of_cell[cell] if i != here)
            if here == facets[0]:
                return tuple(walk)
            facet = self._facets[here]
            upwards = facet.below == cell
            walk.append((here, 1 if upwards else -1))
            cell = facet.above if upwards else facet.below

    def cells(self, k: int) -> tuple[Polyhedron, ...]:
        """The cells of dimension k, sorted by vertices, rays and lines.

        Raises:
            InvalidInputError: unless 0 ≤ k ≤ n.

        Cost: all faces of all cells are found at the first call; no double description is run.
        """
        if type(k) is not int or not 0 <= k <= self._ambient_dim:
            raise InvalidInputError(
                f"k: {k!r} is not a dimension between 0 and {self._ambient_dim}"
            )
        return tuple(self._table.faces[k][key] for key in self._table.sorted(k))

    @cached_property
    def _table(self) -> FaceTable:
        return FaceTable.of(self._cells, self._ambient_dim)

    # -- functions that are affine on every cell ----------------------------------------------

    def weighted(self, weights: Iterable[Number]) -> WeightedComplex:
        """The facets with weights; zero ones are left out.

        Args:
            weights: One number for each facet, in the order of `facets`.

        Raises:
            InvalidInputError: for another number of weights.
        """
        return WeightedComplex(
            self._ambient_dim,
            [
                Facet(facet.normal, facet.offset, weight, facet.polyhedron)
                for facet, weight in zip(self._facets, self._exact(weights), strict=True)
                if weight
            ],
        )

    def integrate(
        self,
        weights: Iterable[Number],
        gradient: Iterable[Number] | None = None,
        constant: Number = 0,
    ) -> tuple[AffineForm, ...]:
        """The continuous function with given weights on the facets, cell by cell.

        Args:
            weights: One number for each facet: (gradient above) − (gradient below) = weight·normal.
            gradient: That on the first maximal cell, length n; zero if not given.
            constant: The constant there.

        Returns:
            For each maximal cell the gradient and the constant of the function on it.

        Raises:
            InvalidInputError: for lengths that do not fit, and if the weights are not balanced;
                names a facet at which no function with these weights is continuous.

        Guarantees:
            The function is determined by its weights and one affine piece, and exists iff the
            weights are balanced (the structure theorem).  All facets are checked.

        Cost: one addition of vectors for each facet.

        >>> line = PolyhedralComplex.from_hyperplanes([[1]], [3])
        >>> [(int(a), int(c)) for (a,), c in line.integrate([2])]
        [(0, 0), (2, -6)]
        """
        values = self._exact(weights)
        start = (Fraction(0),) * self._ambient_dim
        if gradient is not None:
            start = to_vector(gradient, "gradient")
            if len(start) != self._ambient_dim:
                raise InvalidInputError(f"gradient: {len(start)} entries in R^{self._ambient_dim}")
        pieces = {0: (start, to_fraction(constant, "constant"))}
        queue = [0]
        for cell in queue:
            for i in self._facets_of_cell[cell]:
                facet = self._facets[i]
                upwards = facet.below == cell
                other = facet.above if upwards else facet.below
                piece = _crossed(pieces[cell], facet, values[i] if upwards else -values[i])
                if other not in pieces:
                    pieces[other] = piece
                    queue.append(other)
                elif pieces[other] != piece:
                    raise InvalidInputError(
                        f"weights: not balanced; no continuous function has weight {values[i]} on "
                        f"facets[{i}] and the other weights given"
                    )
        return tuple(pieces[cell] for cell in range(len(self._cells)))

    @cached_property
    def _facets_of_cell(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self._cells]
        for i, facet in enumerate(self._facets):
            found[facet.below].append(i)
            found[facet.above].append(i)
        return tuple(map(tuple, found))

    def _exact(self, weights: Iterable[Number]) -> Vector:
        values = to_vector(weights, "weights")
        if len(values) != len(self._facets):
            raise InvalidInputError(
                f"weights: {len(values)} numbers for {len(self._facets)} facets"
            )
        return values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PolyhedralComplex) and set(self._cells) == set(other._cells)

    def __hash__(self) -> int:
        return hash(frozenset(self._cells))

    def __repr__(self) -> str:
        cells, facets = len(self._cells), len(self._facets)
        return (
            f"<PolyhedralComplex in R^{self._ambient_dim}: "
            f"{cells} maximal cell{'s' if cells != 1 else ''}, "
            f"{facets} facet{'s' if facets != 1 else ''}>"
        )


def _checked(cells: Iterable[Polyhedron]) -> tuple[Polyhedron, ...]:
    if not isinstance(cells, Iterable):
        raise InvalidInputError(f"cells: expected polyhedra, got {type(cells).__name__}")
    given = tuple(cells)
    if not given:
        raise InvalidInputError("cells: none at all; the cells must cover the whole space")
    for i, cell in enumerate(given):
        if not isinstance(cell, Polyhedron):
            raise InvalidInputError(f"cells[{i}]: expected a Polyhedron, got {cell!r}")
        n = given[0].ambient_dim
        if n < 1 or cell.ambient_dim != n or cell.dim != n:
            raise InvalidInputError(
                f"cells[{i}]: a cell of dimension {cell.dim} in R^{cell.ambient_dim}; maximal "
                f"cells have the dimension of the space, here {max(n, 1)}"
            )
    return given


def _crossed(piece: AffineForm, facet: ComplexFacet, weight: Fraction) -> AffineForm:
    """The affine piece on the other side of a facet; equal on its hyperplane."""
    gradient, constant = piece
    return (
        tuple(a + weight * u for a, u in zip(gradient, facet.normal, strict=True)),
        constant - weight * facet.offset,
    )


def check_complex(complex: object) -> None:
    """Raises InvalidInputError for anything but a complete complex."""
    if not isinstance(complex, PolyhedralComplex):
        raise InvalidInputError(
            f"complex: expected a PolyhedralComplex, got {type(complex).__name__}"
        )
