"""The cells of all dimensions of polyhedra that are given with their facets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tropnet.exact import Vector
from tropnet.piecewise.incidence import FaceKey, face_key, face_polyhedron, facings
from tropnet.polyhedra import Polyhedron


@dataclass
class FaceTable:
    """The faces of some polyhedra of one dimension, each once, with their incidences.

    Attributes:
        faces: By dimension, the faces with their polyhedra.
        covers: The facets of each face.
    """

    faces: list[dict[FaceKey, Polyhedron]]
    covers: dict[FaceKey, tuple[FaceKey, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, polyhedra: Iterable[Polyhedron], dimension: int) -> FaceTable:
        """All faces of polyhedra of the given dimension.

        Faces are sets of generators, recognised by hashing; a face of several polyhedra is
        taken apart once.
        """
        table = cls([{} for _ in range(dimension + 1)])
        for polyhedron in polyhedra:
            table._insert(polyhedron, dimension)
        return table

    def _insert(self, polyhedron: Polyhedron, dimension: int) -> None:
        top = face_key(polyhedron)
        self.faces[dimension][top] = polyhedron
        walls = [facing.key for facing in facings(polyhedron)]
        level = [top]
        for k in range(dimension, 0, -1):
            below: list[FaceKey] = []
            for face in level:
                if face not in self.covers:
                    self.covers[face] = tuple(_facets_of(face, walls))
                below += self.covers[face]
            level = list(dict.fromkeys(below))
            for face in level:
                if face not in self.faces[k - 1]:
                    tight = [
                        row
                        for row, wall in zip(polyhedron.inequalities, walls, strict=True)
                        if face <= wall
                    ]
                    self.faces[k - 1][face] = face_polyhedron(polyhedron, tight, face)

    def sorted(self, k: int) -> list[FaceKey]:
        """The faces of dimension k, in the order of their vertices, rays and lines."""
        return sorted(self.faces[k], key=lambda key: order(self.faces[k][key]))


def order(polyhedron: Polyhedron) -> tuple[tuple[Vector, ...], ...]:
    """What polyhedra are sorted by: vertices, then rays, then lines."""
    return polyhedron.vertices, polyhedron.rays, polyhedron.lines


def _facets_of(face: FaceKey, walls: Iterable[FaceKey]) -> Iterator[FaceKey]:
    """The maximal proper faces: maximal intersections with facets that keep a vertex."""
    parts = {face & wall for wall in walls if not face <= wall}
    parts = {part for part in parts if any(row[-1] > 0 for row in part)}
    for part in sorted(parts, key=sorted):
        if not any(part < other for other in parts):
            yield part
