"""Which generators of a polyhedron lie on which of its facets; faces as sets of generators.

A face of a polyhedron has the same lines as the polyhedron, and its canonical generators are those
of the polyhedron that lie on it.  So equal faces of different polyhedra are recognised by hashing,
without a computation: a `FaceKey` is the set of a face's homogeneous integer generators, whose last
entry is positive for a vertex, 0 for a ray and −1 for a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from tropnet.polyhedra import DoubleDescription, Polyhedron
from tropnet.polyhedra.double_description import homogeneous

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
    return frozenset((*polyhedron.generators, *line_generators(polyhedron)))


def facings(polyhedron: Polyhedron) -> Iterator[Facing]:
    """The facets of a polyhedron, in the order of its inequalities.

    Cost: that of the polyhedron's canonical form, which is computed once.

    >>> ray = Polyhedron.from_generators([(0, 0)], rays=[(1, 1)])
    >>> [(facing.row, set(facing.key)) for facing in facings(ray)]
    [((0, -1, 0), {(0, 0, 1)})]
    """
    for row, on in zip(polyhedron.inequalities, polyhedron.incidence, strict=True):
        yield Facing(row, subset_key(polyhedron, on))


def subset_key(polyhedron: Polyhedron, positions: int) -> FaceKey:
    """The key of a face that is given as a bit set of positions in `Polyhedron.generators`."""
    rows = [row for i, row in enumerate(polyhedron.generators) if positions >> i & 1]
    return frozenset((*rows, *line_generators(polyhedron)))


def line_generators(polyhedron: Polyhedron) -> list[IntegerRow]:
    """The lines of a polyhedron as homogeneous rows (v, −1)."""
    return [(*map(int, line), -1) for line in polyhedron.lines]


def slack(row: IntegerRow, generator: IntegerRow) -> int:
    """b·t − a·v for a row (a, b) and a generator (v, t); t = 0 for rays and lines.

    >>> slack((1, 0, 3), (4, 5, 2)), slack((1, 0, 3), (4, 5, -1))
    (2, -4)
    """
    value = row[-1] * generator[-1] if generator[-1] > 0 else 0
    return value - sum(a * v for a, v in zip(row[:-1], generator[:-1], strict=True))


def face_polyhedron(polyhedron: Polyhedron, key: FaceKey) -> Polyhedron:
    """A face of a polyhedron from its key; no double description is run."""
    generators = [row for row in polyhedron.generators if row in key]
    face = sum(1 << i for i, row in enumerate(polyhedron.generators) if row in key)
    inequalities = [homogeneous(row) for row in polyhedron.inequalities]
    equations = [homogeneous(row) for row in polyhedron.equations]
    equations += [
        row for row, on in zip(inequalities, polyhedron.incidence, strict=True) if on & face == face
    ]
    return Polyhedron.from_canonical_generators(
        polyhedron.ambient_dim,
        DoubleDescription(
            inequalities,
            equations,
            generators,
            [(*row[:-1], 0) for row in line_generators(polyhedron)],
        ),
    )
