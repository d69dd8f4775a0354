"""A weighted complex as text: everything in one call, in a fixed order."""

from __future__ import annotations

from collections.abc import Sequence

from tropnet.piecewise.cells import FaceTable
from tropnet.piecewise.facet import Facet, format_generators, format_weight
from tropnet.piecewise.incidence import FaceKey, face_key


def describe(n: int, facets: Sequence[Facet], table: FaceTable) -> str:
    """The text of `WeightedComplex.describe`.

    Facets come with hyperplane, weight, vertices, rays and lines; the cells of lower dimension
    with vertices, rays, lines and the numbers of the facets that they are faces of.

    Args:
        n: The dimension of the space.
        facets: The facets, in order.
        table: All their faces.
    """
    counts = [_count(len(facets), "facet")]
    counts[0] += f" on {_count(len({facet.hyperplane for facet in facets}), 'hyperplane')}"
    cells = {k: table.sorted(k) for k in range(n - 2, -1, -1)}
    counts += [f"{_count(len(cells[k]), 'cell')} of dimension {k}" for k in cells if cells[k]]
    lines = [f"Weighted complex of dimension {n - 1} in R^{n}: {', '.join(counts)}"]
    if facets:
        lines.append("Facets")
    for i, facet in enumerate(facets):
        generators = format_generators(facet.polyhedron)
        lines.append(f"  {i}: {facet.equation}, weight {format_weight(facet.weight)}: {generators}")
    above = _facets_above(table, facets)
    for k, keys in cells.items():
        if keys:
            lines.append(f"Cells of dimension {k}")
        for i, key in enumerate(keys):
            where = " ".join(str(index) for index in above[key])
            lines.append(f"  {i}: {format_generators(table.faces[k][key])}, in facets {where}")
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _facets_above(table: FaceTable, facets: Sequence[Facet]) -> dict[FaceKey, list[int]]:
    """For each face, the numbers of the facets that it is a face of, in order."""
    above: dict[FaceKey, list[int]] = {}
    for i, facet in enumerate(facets):
        level = [face_key(facet.polyhedron)]
        while level:
            for key in level:
                above.setdefault(key, []).append(i)
            below = (face for key in level for face in table.covers.get(key, ()))
            level = list(dict.fromkeys(below))
    return above
