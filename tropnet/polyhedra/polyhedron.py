"""Convex polyhedra with rational data, in a canonical double description."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property

from tropnet.errors import InvalidInputError
from tropnet.exact import (
    Number,
    Vector,
    nullspace,
    primitive_vector,
    rank,
    row_echelon,
    to_matrix,
    to_vector,
)
from tropnet.polyhedra.conversion import generators_of, inequalities_of
from tropnet.polyhedra.double_description import (
    DoubleDescription,
    IntegerRow,
    fractions,
    homogeneous,
    pairing,
    residue,
    slack,
    solved_for_offset,
)


class Polyhedron:
    """A convex polyhedron {x : A x ≤ b, C x = d} in R^n, bounded or not, of any dimension.

    Both descriptions are canonical, so equal sets have equal data: facets as irredundant
    primitive integer rows reduced modulo the equations, equations and lines in reduced echelon
    form, vertices and rays reduced modulo the lines (zero at the lines' pivots), all sorted.
    The conversions are cddlib's, in exact arithmetic; they are done once and on demand.

    Construct with `from_inequalities` or `from_generators`.

    >>> square = Polyhedron.from_inequalities([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 0, 1, 0])
    >>> len(square.vertices), square.dim, square.is_bounded
    (4, 2, True)
    >>> square == Polyhedron.from_generators([(0, 0), (1, 0), (0, 1), (1, 1), ("1/2", "1/3")])
    True
    """

    def __init__(self, ambient_dim: int, description: DoubleDescription) -> None:
        self._ambient_dim = ambient_dim
        self._description = description

    @classmethod
    def from_inequalities(
        cls,
        A: Iterable[Iterable[Number]],
        b: Iterable[Number],
        equations: tuple[Iterable[Iterable[Number]], Iterable[Number]] | None = None,
        *,
        ambient_dim: int | None = None,
    ) -> Polyhedron:
        """The polyhedron {x : A x ≤ b, C x = d}.

        Args:
            A: Shape (m, n).
            b: Length m.
            equations: The pair (C, d), shapes (k, n) and (k,).
            ambient_dim: n; needed only where there are no rows to tell it.

        Raises:
            InvalidInputError: for shapes that do not fit.

        >>> Polyhedron.from_inequalities([[1]], [0]).rays
        ((Fraction(-1, 1),),)
        """
        normals, offsets = to_matrix(A, "A"), to_vector(b, "b")
        if equations is None:
            equations = (), ()
        if not isinstance(equations, (tuple, list)) or len(equations) != 2:
            raise InvalidInputError("equations: expected a pair (C, d)")
        C, d = equations
        equation_normals, equation_offsets = to_matrix(C, "C"), to_vector(d, "d")
        for name, rows, right in (
            ("A and b", normals, offsets),
            ("C and d", equation_normals, equation_offsets),
        ):
            if len(rows) != len(right):
                raise InvalidInputError(f"{name}: {len(rows)} rows but {len(right)} numbers")
        n = _common_width((*normals, *equation_normals), ambient_dim)
        inequalities = [
            primitive_vector([-entry for entry in row] + [offset])
            for row, offset in zip(normals, offsets, strict=True)
        ]
        equalities = [
            primitive_vector([-entry for entry in row] + [offset])
            for row, offset in zip(equation_normals, equation_offsets, strict=True)
        ]
        generators, lines = generators_of(inequalities, equalities, n)
        return cls(n, DoubleDescription(inequalities, equalities, generators, lines))

    @classmethod
    def from_generators(
        cls,
        vertices: Iterable[Iterable[Number]],
        rays: Iterable[Iterable[Number]] = (),
        lines: Iterable[Iterable[Number]] = (),
        *,
        ambient_dim: int | None = None,
    ) -> Polyhedron:
        """The polyhedron conv(vertices) + cone(rays) + span(lines).

        Args:
            vertices: Points, not necessarily extreme; none at all gives the empty polyhedron.
            rays: Directions; zero ones are ignored.
            lines: Directions with their negatives.
            ambient_dim: n; needed only where there are no points to tell it.

        Raises:
            InvalidInputError: for rays or lines without a vertex, and lengths that differ.

        >>> Polyhedron.from_generators([(0, 0)], rays=[(1, 1), (1, 0)]).inequalities
        ((-1, 1, 0), (0, -1, 0))
        """
        points, directions = to_matrix(vertices, "vertices"), to_matrix(rays, "rays")
        line_rows = to_matrix(lines, "lines")
        n = _common_width((*points, *directions, *line_rows), ambient_dim)
        if not points and (directions or line_rows):
            raise InvalidInputError("vertices: rays and lines need at least one vertex")
        generators = [primitive_vector([*point, 1]) for point in points]
        generators += [primitive_vector([*ray, 0]) for ray in directions if any(ray)]
        linear = [primitive_vector([*line, 0]) for line in line_rows if any(line)]
        inequalities = inequalities_of(generators, linear) if generators else []
        return cls(n, DoubleDescription(inequalities, (), generators, linear))

    @property
    def ambient_dim(self) -> int:
        """The dimension n of the space."""
        return self._ambient_dim

    @cached_property
    def dim(self) -> int:
        """The dimension of the affine hull; −1 for the empty polyhedron."""
        if self.is_empty:
            return -1
        return self._ambient_dim - len(self.equations)

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is no point at all."""
        return all(generator[-1] == 0 for generator in self._description.generators)

    @property
    def is_bounded(self) -> bool:
        """Whether there is neither a ray nor a line."""
        return not self.rays and not self.lines

    @cached_property
    def lines(self) -> tuple[Vector, ...]:
        """The reduced echelon basis of the lineality space, as primitive integer vectors."""
        if self.is_empty:
            return ()
        normals = [row[:-1] for row in (*self.inequalities, *self.equations)]
        basis, _ = row_echelon(nullspace(normals, self._ambient_dim))
        return tuple(fractions(primitive_vector(row)) for row in basis)

    @property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, reduced modulo the lines (one point of each minimal face), sorted."""
        return tuple(
            tuple(Fraction(entry, row[-1]) for entry in row[:-1])
            for row in self._generators
            if row[-1]
        )

    @property
    def rays(self) -> tuple[Vector, ...]:
        """The extreme rays as primitive integer vectors, reduced modulo the lines, sorted."""
        return tuple(fractions(row[:-1]) for row in self._generators if not row[-1])

    @cached_property
    def equations(self) -> tuple[IntegerRow, ...]:
        """The affine hull: rows (c, d) with c·x = d, reduced echelon form, primitive integers.

        The empty polyhedron has none.
        """
        if self.is_empty:
            return ()
        rows = [*self._description.generators, *self._description.lines]
        basis, _ = row_echelon(nullspace(rows, self._ambient_dim + 1))
        return tuple(solved_for_offset(primitive_vector(row)) for row in basis)

    @cached_property
    def inequalities(self) -> tuple[IntegerRow, ...]:
        """The facets: rows (a, b) with a·x ≤ b, primitive integers, sorted.

        The empty polyhedron has the single row (0, …, 0, −1).
        """
        if self.is_empty:
            return ((0,) * self._ambient_dim + (-1,),)
        generators = self._description.generators
        vertices = sum(1 << i for i, generator in enumerate(generators) if generator[-1])
        everything = (1 << len(generators)) - 1
        tight: dict[int, IntegerRow] = {}
        for row in self._description.inequalities:
            incident = sum(
                1 << i for i, generator in enumerate(generators) if not pairing(row, generator)
            )
            # Tight everywhere is an equation; tight at no vertex is a face at infinity.
            if incident != everything and incident & vertices:
                tight.setdefault(incident, row)
        facets = [
            row
            for incident, row in tight.items()
            if not any(incident != other and incident & other == incident for other in tight)
        ]
        echelon, pivots = row_echelon([homogeneous(row) for row in self.equations])
        reduced = (residue(row, echelon, pivots) for row in facets)
        return tuple(sorted(homogeneous(row) for row in reduced))

    def contains(self, x: Iterable[Number]) -> bool:
        """Whether a point lies in the polyhedron, its boundary included.

        Raises:
            InvalidInputError: if the point has another number of coordinates.
        """
        point = to_vector(x, "x")
        if len(point) != self._ambient_dim:
            raise InvalidInputError(
                f"x: {len(point)} coordinates for a polyhedron in R^{self._ambient_dim}"
            )
        return all(slack(row, point) >= 0 for row in self.inequalities) and all(
            slack(row, point) == 0 for row in self.equations
        )

    def interior_point(self) -> Vector:
        """A point of the relative interior: a positive combination of all generators.

        Raises:
            InvalidInputError: if the polyhedron is empty.
        """
        if self.is_empty:
            raise InvalidInputError("interior_point: the polyhedron is empty")
        *total, scale = (sum(column) for column in zip(*self._generators, strict=True))
        return tuple(Fraction(entry, scale) for entry in total)

    def intersection(self, other: Polyhedron) -> Polyhedron:
        """The points of both polyhedra.

        Raises:
            InvalidInputError: if they live in spaces of different dimensions.
        """
        if not isinstance(other, Polyhedron):
            raise InvalidInputError(
                f"intersection: expected a Polyhedron, got {type(other).__name__}"
            )
        if self._ambient_dim != other._ambient_dim:
            raise InvalidInputError(
                f"intersection: polyhedra in R^{self._ambient_dim} and R^{other._ambient_dim}"
            )
        inequalities = [homogeneous(row) for row in (*self.inequalities, *other.inequalities)]
        equations = [homogeneous(row) for row in (*self.equations, *other.equations)]
        generators, lines = generators_of(inequalities, equations, self._ambient_dim)
        return Polyhedron(
            self._ambient_dim, DoubleDescription(inequalities, equations, generators, lines)
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polyhedron) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def __repr__(self) -> str:
        if self.is_empty:
            return f"<Polyhedron: empty, in R^{self._ambient_dim}>"
        counts = f"{len(self.vertices)} vertices, {len(self.rays)} rays, {len(self.lines)} lines"
        return f"<Polyhedron of dimension {self.dim} in R^{self._ambient_dim}: {counts}>"

    @property
    def _key(self) -> tuple[int, tuple[IntegerRow, ...], tuple[IntegerRow, ...]]:
        return self._ambient_dim, self.inequalities, self.equations

    @cached_property
    def _generators(self) -> tuple[IntegerRow, ...]:
        """Vertices (by coordinates), then rays: primitive, reduced modulo the lines, extreme."""
        if self.is_empty:
            return ()
        echelon, pivots = row_echelon([(*line, Fraction(0)) for line in self.lines])
        reduced = {residue(row, echelon, pivots) for row in self._description.generators}
        extreme = [row for row in reduced if any(row) and self._is_extreme(row)]
        vertices = sorted(
            (row for row in extreme if row[-1]),
            key=lambda row: [Fraction(entry, row[-1]) for entry in row[:-1]],
        )
        return (*vertices, *sorted(row for row in extreme if not row[-1]))

    def _is_extreme(self, generator: IntegerRow) -> bool:
        """Whether the constraints tight at a generator determine it up to scale and lines."""
        rows = [homogeneous(row) for row in (*self.inequalities, *self.equations)]
        rows.append((0,) * self._ambient_dim + (1,))
        tight = [row for row in rows if not pairing(row, generator)]
        return rank(tight) == self._ambient_dim - len(self.lines)


def _common_width(rows: Sequence[Vector], ambient_dim: int | None) -> int:
    if ambient_dim is not None and (type(ambient_dim) is not int or ambient_dim < 0):
        raise InvalidInputError(f"ambient_dim: {ambient_dim!r} is not a dimension")
    widths = {len(row) for row in rows} | ({ambient_dim} if ambient_dim is not None else set())
    if not widths:
        raise InvalidInputError("ambient_dim: without any rows the dimension must be given")
    if len(widths) > 1:
        raise InvalidInputError(f"rows of different lengths: {sorted(widths)}")
    return widths.pop()
