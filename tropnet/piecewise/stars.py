"""The codimension-2 cells of a weighted complex, each with the facets around it.

Across a flat G of codimension 2 a complex is a set of half-hyperplanes, hence of rays in the plane
R^n/G.  Which facets of the canonical form take part changes from place to place on G; the cells are
the maximal convex parts of G on which it does not (see `constancy`).  So the facets need not meet
face to face: one that runs through a cell is on both sides of it, with two opposite rays.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from tropnet.certificates.star_pattern import around
from tropnet.exact import primitive_vector
from tropnet.piecewise.boxes import possible_pairs
from tropnet.piecewise.cells import order
from tropnet.piecewise.chain import Chain
from tropnet.piecewise.constancy import constant_cells, side
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.incidence import IntegerRow, line_generators, slack
from tropnet.polyhedra import Polyhedron

Flat: TypeAlias = tuple[IntegerRow, ...]
"""The equations (c, d), c·x = d, of a flat of codimension 2, as a polyhedron gives them."""
Ray: TypeAlias = tuple[int, int]
"""A primitive direction of the plane R^n/G, in the coordinates of the equations of G."""


class Sheet(NamedTuple):
    """One side of a facet as seen from a codimension-2 cell.

    Attributes:
        ray: Where it leads.
        facet: Its number.
    """

    ray: Ray
    facet: int


class Star(NamedTuple):
    """A codimension-2 cell with the facets around it.

    Attributes:
        cell: The cell.
        sheets: What leaves it, counterclockwise from the direction (1, 0) on.
    """

    cell: Polyhedron
    sheets: tuple[Sheet, ...]

    def direction(self, i: int) -> IntegerRow:
        """A vector from the cell into a sheet, zero but at the pivots of the cell's equations."""
        first, second = self.cell.equations
        pivots = [next(j for j, entry in enumerate(row) if entry) for row in (first, second)]
        a, b = self.sheets[i].ray
        vector = [0] * self.cell.ambient_dim
        vector[pivots[0]] = a * second[pivots[1]]
        vector[pivots[1]] = b * first[pivots[0]]
        return primitive_vector(vector)


def stars(facets: Sequence[Facet]) -> tuple[Star, ...]:
    """The codimension-2 cells at which facets end, meet or cross.

    Args:
        facets: Convex and without overlap, in one complex.

    Returns:
        The stars of all codimension-2 cells that lie in two facets, or on the boundary of one,
        sorted by their cells.

    Guarantees:
        Exact; the cells do not overlap.  For the facets of a canonical form they depend on the
        weighted set alone.

    Cost: one intersection for each pair of facets whose boxes meet and whose hyperplanes do not
        keep them apart, and one for each facet and each flat across it.
    """
    meeting = _meetings(facets)
    found = []
    for flat in sorted(meeting):
        members = sorted(meeting[flat])
        pieces = []
        for k, i in enumerate(members):
            unit = tuple(Fraction(int(k == j)) for j in range(len(members)))
            pieces.append((meeting[flat][i], unit))
        rays = {i: _rays(facets[i].polyhedron, flat) for i in members}
        for cell, present in constant_cells(Chain(pieces)):
            here = [i for i, value in zip(members, present, strict=True) if value]
            sheets = [Sheet(ray, i) for i in here for ray in rays[i]]
            if len(here) > 1 or len(sheets) == 1:
                turned = around([sheet.ray for sheet in sheets])
                found.append(Star(cell, tuple(sheets[k] for k in turned)))
    return tuple(sorted(found, key=lambda star: order(star.cell)))


def _meetings(facets: Sequence[Facet]) -> dict[Flat, dict[int, Polyhedron]]:
    """For each flat the facets that meet it in codimension 2, with these intersections."""
    meeting: dict[Flat, dict[int, Polyhedron]] = {}
    for i, facet in enumerate(facets):
        polyhedron = facet.polyhedron
        for ridge in polyhedron.faces(polyhedron.dim - 1) if polyhedron.dim else ():
            meeting.setdefault(ridge.equations, {})[i] = ridge
    for i, j in possible_pairs([facet.polyhedron for facet in facets]):
        left, right = facets[i], facets[j]
        if left.hyperplane == right.hyperplane or _are_apart(left, right):
            continue  # facets of one hyperplane meet in common parts of their boundaries
        common = left.polyhedron.intersection(right.polyhedron)
        if common.dim != common.ambient_dim - 2:
            continue
        flat = meeting.setdefault(common.equations, {})
        for k, facet, other in ((i, left, right), (j, right, left)):
            if k not in flat:
                row = other.hyperplane
                plane = Polyhedron.from_inequalities([], [], ([row[:-1]], [row[-1]]))
                flat[k] = facet.polyhedron.intersection(plane)
    return meeting


def _are_apart(left: Facet, right: Facet) -> bool:
    """Whether one of two facets lies strictly on one side of the hyperplane of the other."""
    return _is_beside(left.polyhedron, right.hyperplane) or _is_beside(
        right.polyhedron, left.hyperplane
    )


def _is_beside(polyhedron: Polyhedron, row: IntegerRow) -> bool:
    vertices = (v for v in polyhedron.generators if v[-1])
    return side(row, polyhedron) != 0 and all(slack(row, v) for v in vertices)


def _rays(polyhedron: Polyhedron, flat: Flat) -> list[Ray]:
    """The one or two directions that a facet takes from a flat in its hyperplane."""
    first, second = flat
    vectors = [(-slack(first, v), -slack(second, v)) for v in polyhedron.generators]
    for line in line_generators(polyhedron):
        x, y = slack(first, line), slack(second, line)
        vectors += [(x, y), (-x, -y)]
    found = {primitive_vector(vector) for vector in vectors if any(vector)}
    return sorted((x, y) for x, y in found)
