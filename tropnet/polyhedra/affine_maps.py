"""Images of polyhedra under affine maps, their sums, and their directions of recession."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, primitive_vector, to_fraction, to_matrix, to_vector
from tropnet.polyhedra.double_description import DoubleDescription, IntegerRow, homogeneous
from tropnet.polyhedra.polyhedron import Polyhedron
from tropnet.polyhedra.redundancy import essential_points


def translated(polyhedron: Polyhedron, v: Iterable[Number]) -> Polyhedron:
    """See `Polyhedron.translate`."""
    shift = to_vector(v, "v")
    if len(shift) != polyhedron.ambient_dim:
        raise InvalidInputError(
            f"v: {len(shift)} coordinates for a polyhedron in R^{polyhedron.ambient_dim}"
        )
    return _similar(polyhedron, Fraction(1), shift)


def scaled(polyhedron: Polyhedron, k: Number) -> Polyhedron:
    """See `Polyhedron.scale`."""
    factor = to_fraction(k, "k")
    origin = (Fraction(0),) * polyhedron.ambient_dim
    if polyhedron.is_empty:
        return polyhedron
    if not factor:
        return Polyhedron.from_generators([origin])
    return _similar(polyhedron, factor, origin)


def affine_image(
    polyhedron: Polyhedron, A: Iterable[Iterable[Number]], b: Iterable[Number] | None
) -> Polyhedron:
    """See `Polyhedron.affine_image`."""
    matrix = to_matrix(A, "A")
    shift = to_vector([0] * len(matrix) if b is None else b, "b")
    if not matrix or len(matrix[0]) != polyhedron.ambient_dim:
        width = f"rows of {len(matrix[0])} entries" if matrix else "no rows"
        raise InvalidInputError(f"A: {width} for a polyhedron in R^{polyhedron.ambient_dim}")
    if len(shift) != len(matrix):
        raise InvalidInputError(f"A and b: {len(matrix)} rows but {len(shift)} numbers")

    def images(vectors: Iterable[Vector], origin: Vector) -> list[list[Fraction]]:
        return [
            [
                sum((a * x for a, x in zip(row, vector, strict=True)), start)
                for row, start in zip(matrix, origin, strict=True)
            ]
            for vector in vectors
        ]

    zero = (Fraction(0),) * len(matrix)
    return Polyhedron.from_generators(
        images(polyhedron.vertices, shift),
        images(polyhedron.rays, zero),
        images(polyhedron.lines, zero),
        ambient_dim=len(matrix),
    )


def minkowski_sum(first: Polyhedron, second: Polyhedron) -> Polyhedron:
    """See `Polyhedron.minkowski_sum`."""
    if not isinstance(second, Polyhedron):
        raise InvalidInputError(
            f"minkowski_sum: expected a Polyhedron, got {type(second).__name__}"
        )
    if first.ambient_dim != second.ambient_dim:
        raise InvalidInputError(
            f"minkowski_sum: polyhedra in R^{first.ambient_dim} and R^{second.ambient_dim}"
        )
    if first.is_empty or second.is_empty:
        return first if first.is_empty else second
    points = sorted(
        {
            tuple(x + y for x, y in zip(v, w, strict=True))
            for v in first.vertices
            for w in second.vertices
        }
    )
    extreme = essential_points([(*point, 0) for point in points])
    return Polyhedron.from_generators(
        [points[i] for i in extreme],
        (*first.rays, *second.rays),
        (*first.lines, *second.lines),
        ambient_dim=first.ambient_dim,
    )


def recession_cone(polyhedron: Polyhedron) -> Polyhedron:
    """See `Polyhedron.recession_cone`."""
    if polyhedron.is_empty:
        raise InvalidInputError("recession_cone: the polyhedron is empty")
    n = polyhedron.ambient_dim
    return Polyhedron(
        n,
        DoubleDescription(
            [(*homogeneous(row)[:-1], 0) for row in polyhedron.inequalities],
            (),
            [(0,) * n + (1,), *(row for row in polyhedron.generators if not row[-1])],
            _lines(polyhedron),
        ),
    )


def _similar(polyhedron: Polyhedron, factor: Fraction, shift: Vector) -> Polyhedron:
    """The points factor·x + shift, factor ≠ 0: both descriptions, without converting."""

    def moved_row(row: Sequence[int]) -> IntegerRow:
        # a·x ≤ b becomes (a/k)·y ≤ b + (a/k)·s, turned into −(a/k)·y + … ≥ 0.
        normal = [Fraction(entry) / factor for entry in row[:-1]]
        offset = row[-1] + sum((a * s for a, s in zip(normal, shift, strict=True)), Fraction(0))
        return primitive_vector([*(-entry for entry in normal), offset])

    def moved_generator(row: Sequence[int]) -> IntegerRow:
        moved = [factor * x + row[-1] * s for x, s in zip(row, shift, strict=False)]
        return primitive_vector([*moved, row[-1]])

    return Polyhedron(
        polyhedron.ambient_dim,
        DoubleDescription(
            [moved_row(row) for row in polyhedron.inequalities],
            (),
            [moved_generator(row) for row in polyhedron.generators],
            _lines(polyhedron),
        ),
    )


def _lines(polyhedron: Polyhedron) -> list[IntegerRow]:
    return [(*map(int, line), 0) for line in polyhedron.lines]
