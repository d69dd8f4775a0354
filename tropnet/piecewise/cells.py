"""The cells of all dimensions of polyhedra that are given with their facets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tropnet.exact import Vector
from tropnet.piecewise.incidence import FaceKey, face_polyhedron, subset_key
from tropnet.polyhedra import Polyhedron
from tropnet.polyhedra.faces import face_levels


@dataclass(frozen=True)
class FaceTable:
    """The faces of some polyhedra of one dimension, each once, with their incidences.

    Attributes:
        faces: By dimension, the faces with their polyhedra.
        covers: The facets of each face.
    """

    faces: tuple[dict[FaceKey, Polyhedron], ...]
    covers: dict[FaceKey, tuple[FaceKey, ...]]

    @classmethod
    def of(cls, polyhedra: Iterable[Polyhedron], dimension: int) -> FaceTable:
        """All non-empty faces of polyhedra of the given dimension.

        A face of several polyhedra becomes a polyhedron once; it is recognised by its generators.
        """
        table = cls(tuple({} for _ in range(dimension + 1)), {})
        for polyhedron in polyhedra:
            for depth, level in enumerate(face_levels(polyhedron)):
                faces = table.faces[dimension - depth]
                for bits, facets in level.items():
                    key = subset_key(polyhedron, bits)
                    if key in faces:
                        continue
                    faces[key] = face_polyhedron(polyhedron, key) if depth else polyhedron
                    table.covers[key] = tuple(subset_key(polyhedron, facet) for facet in facets)
        return table

    def sorted(self, k: int) -> list[FaceKey]:
        """The faces of dimension k, in the order of their vertices, rays and lines."""
        return sorted(self.faces[k], key=lambda key: order(self.faces[k][key]))


def order(polyhedron: Polyhedron) -> tuple[tuple[Vector, ...], ...]:
    """What polyhedra are sorted by: vertices, then rays, then lines."""
    return polyhedron.vertices, polyhedron.rays, polyhedron.lines
