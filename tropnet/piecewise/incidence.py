"""Which generators of a polyhedron lie on which of its facets; faces as sets of generators.

A face of a polyhedron has the same lines as the polyhedron, and its canonical generators are those
of the polyhedron that lie on it.  So equal faces of different polyhedra are recognised by hashing,
without a computation: a `FaceKey` is the set of a face's homogeneous integer generators, whose last
entry is positive for a vertex, 0 for a ray and −1 for a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from tropnet.exact import primitive_vector
from tropnet.polyhedra import DoubleDescription, Polyhedron

IntegerRow: TypeAlias = tuple[int, ...]
FaceKey: TypeAlias = frozenset[IntegerRow]


class Facing(NamedTuple):
    """A facet of a polyhedron.

    Attributes:
        row: (a, b) with a·x ≤ b on the polyhedron and a·x = b on the facet: one of the
            polyhedron's canonical inequalities.
        key: The facet as a set of generators.
    """

    row: IntegerRow
    key: FaceKey


def face_key(polyhedron: Polyhedron) -> FaceKey:
    """The key of a polyhedron as a face of itself.

    >>> sorted(face_key(Polyhedron.from_inequalities([[2, 0]], [1])))
    [(-1, 0, 0), (0, 1, -1), (1, 0, 2)]
    """
    rows = [primitive_vector((*vertex, 1)) for vertex in polyhedron.vertices]
    rows += [(*map(int, ray), 0) for ray in polyhedron.rays]
    rows += [(*map(int, line), -1) for line in polyhedron.lines]
    return frozenset(rows)


def facings(polyhedron: Polyhedron) -> tuple[Facing, ...]:
    """The facets of a polyhedron, in the order of its inequalities.

    Cost: one integer scalar product for each generator and inequality, beyond the canonical form
    of the polyhedron, which is computed once.

    >>> ray = Polyhedron.from_generators([(0, 0)], rays=[(1, 1)])
    >>> [(facing.row, set(facing.key)) for facing in facings(ray)]
    [((0, -1, 0), {(0, 0, 1)})]
    """
    key = face_key(polyhedron)
    return tuple(Facing(row, tight_part(key, row)) for row in polyhedron.inequalities)


def tight_part(key: FaceKey, row: IntegerRow) -> FaceKey:
    """The generators of a face on the hyperplane a·x = b of a row (a, b) that is valid for it."""
    return frozenset(v for v in key if v[-1] < 0 or not slack(row, v))


def slack(row: IntegerRow, generator: IntegerRow) -> int:
    """b·t − a·v for a row (a, b) and a generator (v, t); t = 0 for rays and lines."""
    value = row[-1] * generator[-1] if generator[-1] > 0 else 0
    return value - sum(a * v for a, v in zip(row[:-1], generator[:-1], strict=True))


def face_polyhedron(
    polyhedron: Polyhedron, tight_rows: Sequence[IntegerRow], key: FaceKey
) -> Polyhedron:
    """The face of a polyhedron where the given inequalities are equations, from its generators.

    No double description is run; the canonical form of the face is computed when it is asked for.
    """
    return Polyhedron(
        polyhedron.ambient_dim,
        DoubleDescription(
            [_homogeneous(row) for row in polyhedron.inequalities],
            [_homogeneous(row) for row in (*polyhedron.equations, *tight_rows)],
            sorted(row for row in key if row[-1] >= 0),
            sorted((*row[:-1], 0) for row in key if row[-1] < 0),
        ),
    )


def _homogeneous(row: IntegerRow) -> IntegerRow:
    return (*(-entry for entry in row[:-1]), row[-1])
