"""Triangulations of cell complexes: the covers of equality certificates.

The pulling triangulation of a polyhedral cone cones its smallest generator over the triangulated
facets that do not contain it.  With one order of the generators for all cells, neighbours induce
the same triangulation on their common face, so that the simplices meet facet to facet.

References:
    De Loera, Rambau, Santos, *Triangulations*, 2010, section 4.3.2.
"""

from __future__ import annotations

from collections.abc import Iterable

from tropnet.certificates.cover import Cover
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell
from tropnet.networks.layer_forms import IntegerRow


def triangulated_cover(cells: CellComplex, visited: Iterable[Cell]) -> Cover:
    """The simplices of all cells of a complex.

    Args:
        cells: The complex.
        visited: Its cells.
    """
    numbers: dict[IntegerRow, int] = {}
    simplices: list[IntegerRow] = []
    for cell in visited:
        labels = [
            numbers.setdefault(generator.point, len(numbers)) for generator in cell.generators
        ]
        incidence = dict(zip(labels, cell.tight, strict=True))
        simplices += _pulled(tuple(sorted(labels)), incidence, cells.dimension)
    return Cover(cells.frame, cells.lines, tuple(numbers), tuple(simplices))


def _pulled(
    face: tuple[int, ...], incidence: dict[int, int], dimension: int
) -> list[tuple[int, ...]]:
    """The pulling triangulation of a face, given as its generators in order."""
    if len(face) == dimension:
        return [face]
    apex = face[0]
    return [
        (apex, *simplex)
        for facet in _facets(face, incidence)
        if facet[0] != apex
        for simplex in _pulled(facet, incidence, dimension - 1)
    ]


def _facets(face: tuple[int, ...], incidence: dict[int, int]) -> list[tuple[int, ...]]:
    """The facets of a face: its largest proper intersections with hyperplanes, in order."""
    common, union = -1, 0
    for label in face:
        common &= incidence[label]
        union |= incidence[label]
    cutting = union & ~common
    candidates = set()
    while cutting:
        bit = cutting & -cutting
        cutting ^= bit
        candidates.add(tuple(label for label in face if incidence[label] & bit))
    sets = {candidate: frozenset(candidate) for candidate in candidates}
    return sorted(
        candidate
        for candidate, members in sets.items()
        if not any(members < other for other in sets.values())
    )
