"""Facets cut so that they meet face to face, with few cuts.

Let σ and τ be two cells with a common point, D their intersection, and F the smallest face of σ
that contains D.  They meet face to face if D = F, and likewise for τ.  If F does not lie in the
hyperplane of τ, that hyperplane cuts F properly, and σ is cut along it.  Else F reaches beyond some
facets of τ that bound D, and σ is cut along a hyperplane through each: that of a facet of the
complex if there is one through it, as there is at every boundary of constant weight in a balanced
complex, else the one of the row by which τ is given.

All cells are compared and then cut at once, then the new ones are compared, and so on; so the
result depends on no order.  It ends, since all cuts are along finitely many hyperplanes.

In the plane the facets are cut at the points where others meet them, and nowhere else.  In higher
dimensions a cut that would end inside a cell goes on to its boundary, for convexity, and perhaps
from there into its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tropnet.exact import row_echelon
from tropnet.piecewise.boxes import possible_pairs
from tropnet.piecewise.chain import oriented
from tropnet.piecewise.constancy import halves, side
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.incidence import IntegerRow, line_generators, slack
from tropnet.polyhedra import Polyhedron
from tropnet.polyhedra.double_description import homogeneous, residue


def refined_facets(facets: Sequence[Facet]) -> list[Facet]:
    """The facets of a canonical form, cut so that every two meet in a common face.

    Args:
        facets: Convex, without overlap in one hyperplane.

    Guarantees:
        The intersection of any two facets returned is a face of both, or empty.

    Cost: in each round one intersection for each pair of a new cell and another whose boxes meet;
        one round in the plane.
    """
    traces = _Traces({facet.hyperplane for facet in facets})
    cells, known = list(facets), 0
    while known < len(cells):
        cuts = _cuts(cells, known, traces)
        kept = [cell for i, cell in enumerate(cells) if i not in cuts]
        known = len(kept)
        cells = kept + [part for i, rows in cuts.items() for part in _parts(cells[i], rows)]
    return cells


class _Traces:
    """Which hyperplanes to cut along, by their traces in other hyperplanes.

    Args:
        hyperplanes: Those of the facets.
    """

    def __init__(self, hyperplanes: Iterable[IntegerRow]) -> None:
        self._hyperplanes = sorted(hyperplanes)
        self._through: dict[IntegerRow, dict[IntegerRow, IntegerRow]] = {}

    def hyperplane(self, plane: IntegerRow, row: IntegerRow) -> IntegerRow:
        """A hyperplane that cuts another one where a canonical row of a cell in it vanishes."""
        wall, _ = oriented(row)
        return self._within(plane).get(wall, wall)

    def add(self, plane: IntegerRow, hyperplane: IntegerRow) -> None:
        """Remembers that cells in a hyperplane are cut along another one."""
        self._within(plane).setdefault(_trace(hyperplane, plane), hyperplane)

    def _within(self, plane: IntegerRow) -> dict[IntegerRow, IntegerRow]:
        if plane not in self._through:
            found: dict[IntegerRow, IntegerRow] = {}
            for hyperplane in self._hyperplanes:
                if any(_trace(hyperplane, plane)[:-1]):
                    found.setdefault(_trace(hyperplane, plane), hyperplane)
            self._through[plane] = found
        return self._through[plane]


def _trace(hyperplane: IntegerRow, plane: IntegerRow) -> IntegerRow:
    """The row of a hyperplane as a canonical row of a cell in another one, but for its sign."""
    row = homogeneous(residue(homogeneous(hyperplane), *row_echelon([homogeneous(plane)])))
    return oriented(row)[0] if any(row[:-1]) else row


def _cuts(cells: Sequence[Facet], known: int, traces: _Traces) -> dict[int, set[IntegerRow]]:
    """For the cells that do not meet others face to face, the hyperplanes to cut them along.

    The first `known` cells meet each other face to face.
    """
    cuts: dict[int, set[IntegerRow]] = {}
    for i, j in possible_pairs([cell.polyhedron for cell in cells]):
        left, right = cells[i], cells[j]
        if j < known or _meet_in_a_face(left, right) or _meet_in_a_face(right, left):
            continue
        common = left.polyhedron.intersection(right.polyhedron)
        if common.is_empty:
            continue
        for k, cell, other in ((i, left, right), (j, right, left)):
            rows = _excess(cell.polyhedron, other, common, traces)
            if rows:
                cuts.setdefault(k, set()).update(rows)
    for k in sorted(cuts):
        for row in sorted(cuts[k]):
            traces.add(cells[k].hyperplane, row)
    return cuts


def _parts(cell: Facet, rows: Iterable[IntegerRow]) -> list[Facet]:
    parts = [cell.polyhedron]
    for row in sorted(rows):
        parts = [half for part in parts for half, _ in halves(part, row)]
    return [Facet(cell.normal, cell.offset, cell.weight, part) for part in parts]


def _meet_in_a_face(cell: Facet, other: Facet) -> bool:
    """A quick test that can only confirm: a face of the second lies in one that bounds the first.

    If the second lies on one side of the hyperplane of the first, or beyond one of its facets, all
    common points are in the face of the second on that boundary.
    """
    polyhedron, second = cell.polyhedron, other.polyhedron
    bounds = [(cell.hyperplane, (1, -1)), *((row, (-1,)) for row in polyhedron.inequalities)]
    for row, sides in bounds:
        if side(row, second) in sides:
            touching = [v for v in second.generators if slack(row, v) == 0]
            if not any(v[-1] for v in touching):
                return True  # nothing in common
            if second.lines == polyhedron.lines and {*touching} <= {*polyhedron.generators}:
                return _smallest_face(polyhedron, touching) == frozenset(touching)
    return False


def _smallest_face(
    polyhedron: Polyhedron, generators: Sequence[IntegerRow]
) -> frozenset[IntegerRow]:
    """The generators of the smallest face that contains some vectors."""
    bits = (1 << len(polyhedron.generators)) - 1
    for row, on in zip(polyhedron.inequalities, polyhedron.incidence, strict=True):
        if all(slack(row, v) == 0 for v in generators):
            bits &= on
    return frozenset(v for i, v in enumerate(polyhedron.generators) if bits >> i & 1)


def _excess(
    polyhedron: Polyhedron, other: Facet, common: Polyhedron, traces: _Traces
) -> list[IntegerRow]:
    """Hyperplanes along which to cut a cell, because of its intersection with another."""
    face = _smallest_face(polyhedron, [*common.generators, *line_generators(common)])
    if common.lines == polyhedron.lines and face == frozenset(common.generators):
        return []
    around = [*face, *line_generators(polyhedron)]
    if any(slack(other.hyperplane, v) for v in around):
        return [other.hyperplane]
    everything = (1 << len(common.generators)) - 1
    return [
        traces.hyperplane(other.hyperplane, row)
        for row in other.polyhedron.inequalities
        if any(slack(row, v) < 0 or (v[-1] < 0 and slack(row, v)) for v in around)
        and _on(row, common) in (everything, *common.incidence)
    ]


def _on(row: IntegerRow, polyhedron: Polyhedron) -> int:
    return sum(1 << i for i, v in enumerate(polyhedron.generators) if slack(row, v) == 0)
