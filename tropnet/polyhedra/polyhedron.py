"""Convex polyhedra with rational data, in a canonical double description."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tropnet.errors import InvalidInputError
from tropnet.exact import (
    Number,
    Vector,
    nullspace,
    primitive_vector,
    row_echelon,
    to_matrix,
    to_vector,
)
from tropnet.polyhedra.canonical_form import canonical_facets, canonical_generators, incidences
from tropnet.polyhedra.conversion import generators_of, inequalities_of
from tropnet.polyhedra.double_description import (
    DoubleDescription,
    IntegerRow,
    fractions,
    homogeneous,
    slack,
    solved_for_offset,
)

if TYPE_CHECKING:
    import networkx as nx

    from tropnet.polyhedra.normal_fan import NormalFan


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

    @classmethod
    def from_canonical_generators(
        cls,
        ambient_dim: int,
        description: DoubleDescription,
        equations: tuple[IntegerRow, ...] | None = None,
    ) -> Polyhedron:
        """A non-empty polyhedron whose generators and lines are known to be in canonical form.

        So are its equations c·x = d, if they are given.
        """
        polyhedron = cls(ambient_dim, description)
        if equations is not None:
            polyhedron.equations = equations
        polyhedron.is_empty = False
        polyhedron.generators = tuple(description.generators)
        polyhedron.lines = tuple(fractions(line[:-1]) for line in description.lines)
        return polyhedron

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
            for row in self.generators
            if row[-1]
        )

    @property
    def rays(self) -> tuple[Vector, ...]:
        """The extreme rays as primitive integer vectors, reduced modulo the lines, sorted."""
        return tuple(fractions(row[:-1]) for row in self.generators if not row[-1])

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
    def generators(self) -> tuple[IntegerRow, ...]:
        """The vertices x/t as rows (x, t) and then the rays as rows (x, 0): primitive integers.

        Ordered as in `vertices` and `rays`.
        """
        if self.is_empty:
            return ()
        return canonical_generators(self._description.generators, self.lines, self.inequalities)

    @cached_property
    def incidence(self) -> tuple[int, ...]:
        """For each facet, the generators on it as a bit set (bit i for ``generators[i]``)."""
        rows = [homogeneous(row) for row in self.inequalities]
        return tuple(incidences(rows, self.generators))

    @cached_property
    def inequalities(self) -> tuple[IntegerRow, ...]:
        """The facets: rows (a, b) with a·x ≤ b, primitive integers, sorted.

        The empty polyhedron has the single row (0, …, 0, −1).
        """
        if self.is_empty:
            return ((0,) * self._ambient_dim + (-1,),)
        return canonical_facets(self._description, self.equations)

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
        *total, scale = (sum(column) for column in zip(*self.generators, strict=True))
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

    def minkowski_sum(self, other: Polyhedron) -> Polyhedron:
        """The sums x + y of a point of each; empty if one of them is.

        Raises:
            InvalidInputError: if they live in spaces of different dimensions.

        Cost:
            Sums of vertices, less those inside the hull of the others (linear programs), and one
            conversion.

        >>> segment = Polyhedron.from_generators([(0, 0), (1, 1)])
        >>> segment.minkowski_sum(Polyhedron.from_generators([(0, 0), (1, 0)])).inequalities
        ((-1, 1, 0), (0, -1, 0), (0, 1, 1), (1, -1, 1))
        """
        from tropnet.polyhedra.affine_maps import minkowski_sum

        return minkowski_sum(self, other)

    def faces(self, k: int) -> tuple[Polyhedron, ...]:
        """The faces of dimension k: the polyhedron itself, and where a functional is maximal.

        Args:
            k: The dimension; −1 for the empty face.

        Returns:
            In the order of their vertices and rays, by position in `vertices` and then `rays`; none
            for dimensions without faces.  The smallest non-empty faces have the dimension of the
            lineality space.

        Raises:
            InvalidInputError: if k is no integer.

        Cost:
            Set operations on the incidence of facets and generators, for all faces of dimension
            ≥ k.  No linear program and no conversion.

        References:
            Kaibel and Pfetsch 2002, section 2.

        >>> [len(Polyhedron.from_generators([(0, 0), (1, 0)], [(0, 1)]).faces(k)) for k in (0, 1)]
        [2, 3]
        """
        from tropnet.polyhedra.faces import faces_of_dimension

        return faces_of_dimension(self, k)

    def face_lattice(self) -> nx.DiGraph[Polyhedron]:
        """All faces, ordered by inclusion.

        Returns:
            A new graph.  Nodes are the faces as polyhedra, from the empty one to the polyhedron
            itself, by dimension and then in the order of `faces`, with the attribute ``dim`` (−1
            for the empty face).  Edges lead from a face to those that cover it.  All maximal chains
            have equal length, and ``dim`` grows by 1 along an edge, except from the empty face to
            minimal faces that are lines, planes, ….

        Cost:
            As for `faces`, over all of them.

        References:
            Kaibel and Pfetsch 2002, section 2; Ziegler, *Lectures on Polytopes*, Theorem 2.7.

        >>> lattice = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1)]).face_lattice()
        >>> lattice.number_of_nodes(), lattice.number_of_edges()
        (8, 12)
        """
        from tropnet.polyhedra.faces import lattice

        return lattice(self)

    def normal_fan(self) -> NormalFan:
        """The outer normal cones of the non-empty faces.

        The normal cone of a face F consists of the functionals c whose maximum over the polyhedron
        is attained at all points of F.  Its dimension is n − dim F; inclusion is reversed.

        Returns:
            A fan whose support is the set of functionals bounded above: the polar of the recession
            cone, all of R^n for a polytope.  The lineality of its cones is spanned by the normals
            of the equations.  No cones at all for the empty polyhedron.

        Cost:
            As for `face_lattice`; cones come from both descriptions without conversion.

        References:
            Ziegler, *Lectures on Polytopes*, Example 7.3.

        >>> fan = Polyhedron.from_generators([(0,), (1,)]).normal_fan()
        >>> [(cone.rays, cone.dim) for cone in fan.maximal]
        [(((Fraction(-1, 1),),), 1), (((Fraction(1, 1),),), 1)]
        """
        from tropnet.polyhedra.normal_fan import normal_fan

        return normal_fan(self)

    def translate(self, v: Iterable[Number]) -> Polyhedron:
        """The points x + v.

        Raises:
            InvalidInputError: if v has another number of coordinates.

        >>> Polyhedron.from_generators([(0, 0)]).translate((1, "1/2")).vertices
        ((Fraction(1, 1), Fraction(1, 2)),)
        """
        from tropnet.polyhedra.affine_maps import translated

        return translated(self, v)

    def scale(self, k: Number) -> Polyhedron:
        """The points k·x, for any rational k.

        For k = 0 that is the origin (or nothing), also if the polyhedron is unbounded; the limit
        for small positive k is another set, `recession_cone`.

        >>> Polyhedron.from_generators([(1,)], rays=[(1,)]).scale(-2).inequalities
        ((1, -2),)
        """
        from tropnet.polyhedra.affine_maps import scaled

        return scaled(self, k)

    def affine_image(
        self, A: Iterable[Iterable[Number]], b: Iterable[Number] | None = None
    ) -> Polyhedron:
        """The points A x + b; projections too.

        Args:
            A: Shape (m, n), m at least 1.
            b: Length m; zero if not given.

        Raises:
            InvalidInputError: for shapes that do not fit.

        Cost:
            One conversion.

        >>> square = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1), (1, 1)])
        >>> square.affine_image([[1, 1]], [3]).vertices
        ((Fraction(3, 1),), (Fraction(5, 1),))
        """
        from tropnet.polyhedra.affine_maps import affine_image

        return affine_image(self, A, b)

    def recession_cone(self) -> Polyhedron:
        """The directions r with x + t·r in the polyhedron for all its points x and all t ≥ 0.

        Raises:
            InvalidInputError: if the polyhedron is empty.

        >>> Polyhedron.from_generators([(1, 2), (3, 4)], rays=[(1, 0)]).recession_cone().vertices
        ((Fraction(0, 1), Fraction(0, 1)),)
        """
        from tropnet.polyhedra.affine_maps import recession_cone

        return recession_cone(self)

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
    def _key(self) -> tuple[int, tuple[IntegerRow, ...], tuple[Vector, ...]]:
        return self._ambient_dim, self.generators, self.lines


def _common_width(rows: Sequence[Vector], ambient_dim: int | None) -> int:
    if ambient_dim is not None and (type(ambient_dim) is not int or ambient_dim < 0):
        raise InvalidInputError(f"ambient_dim: {ambient_dim!r} is not a dimension")
    widths = {len(row) for row in rows} | ({ambient_dim} if ambient_dim is not None else set())
    if not widths:
        raise InvalidInputError("ambient_dim: without any rows the dimension must be given")
    if len(widths) > 1:
        raise InvalidInputError(f"rows of different lengths: {sorted(widths)}")
    return widths.pop()
