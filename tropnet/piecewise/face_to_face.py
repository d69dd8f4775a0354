"""Whether convex cells fill R^n without overlap and face to face.

The facets of the cells are matched by their generators.  If every facet is one of exactly two
cells, on opposite sides, then the number of cells over a point does not change across a facet, so
it is one number almost everywhere, and the value at generic infinity tells which.  If that is 1,
the cells fill R^n without overlap, facet to facet.

Facet to facet implies face to face (Gruber and Ryshkov 1989).  For a point x let F be the smallest
face of a cell P that contains x.  Walking from P to another cell Q at x, near x and past all cells
of codimension 2, one only crosses facets that contain x.  Such a facet is a face of both its cells,
and the smallest face of either at x is the smallest face of the facet at x.  So F is a face of Q.
Now take x inside P ∩ Q: F contains P ∩ Q, since a face that meets the inside of a convex subset
contains it, and is contained in it.

References:
    Gruber and Ryshkov, *Facet-to-facet implies face-to-face*, European J. Combin. 10 (1989), 83-84.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.piecewise.boxes import possible_pairs
from tropnet.piecewise.chain import Chain, oriented
from tropnet.piecewise.constancy import overlap
from tropnet.piecewise.facet import format_generators
from tropnet.piecewise.incidence import FaceKey, IntegerRow, face_polyhedron, facings
from tropnet.polyhedra import Polyhedron


class Passage(NamedTuple):
    """A common facet of two cells.

    Attributes:
        wall: The row (a, b) of its hyperplane a·x = b; the first non-zero entry is positive.
        below: The number of the cell where a·x ≤ b.
        above: The number of the cell where a·x ≥ b.
    """

    wall: IntegerRow
    below: int
    above: int


def passages(cells: Sequence[Polyhedron]) -> dict[FaceKey, Passage]:
    """The common facets of cells that fill R^n face to face, in the order of the cells.

    Raises:
        InvalidInputError: if the n-dimensional cells overlap, leave a gap or do not meet face to
            face; names the cells.

    Cost: linear in the pairs of a cell and its facets; only a fault is looked for pair by pair.
    """
    sides: dict[FaceKey, dict[int, list[int]]] = {}
    walls: dict[FaceKey, IntegerRow] = {}
    for i, cell in enumerate(cells):
        for facing in facings(cell):
            walls[facing.key], sign = oriented(facing.row)
            sides.setdefault(facing.key, {1: [], -1: []})[sign].append(i)
    for key, found in sides.items():
        if any(len(numbers) != 1 for numbers in found.values()):
            first = (found[1] or found[-1])[0]
            raise InvalidInputError(f"cells: {_overlapping(cells) or _fault(cells, first, key)}")
    count = Chain((cell, (Fraction(1),)) for cell in cells).at_infinity()
    if count is not None and count[0] != 1:
        raise InvalidInputError(f"cells: {_overlapping(cells)}")
    return {key: Passage(walls[key], found[1][0], found[-1][0]) for key, found in sides.items()}


def _overlapping(cells: Sequence[Polyhedron]) -> str | None:
    for i, j in possible_pairs(cells):
        if overlap(cells[i], cells[j]):
            return f"cells[{i}] and cells[{j}] overlap; their interiors must be disjoint"
    return None


def _fault(cells: Sequence[Polyhedron], i: int, key: FaceKey) -> str:
    """What is wrong at a facet of a cell that is no facet of another, if no cells overlap."""
    facet = face_polyhedron(cells[i], key)
    for j, other in enumerate(cells):
        faces = (face_polyhedron(other, facing.key) for facing in facings(other))
        if i != j and any(
            face.equations == facet.equations and overlap(face, facet) for face in faces
        ):
            return (
                f"cells[{i}] and cells[{j}] do not meet face to face at the facet of cells[{i}] "
                f"with {format_generators(facet)}; cut them so that their common part is a face "
                "of both"
            )
    return (
        f"no cell lies beyond the facet of cells[{i}] with {format_generators(facet)}; "
        "the cells must cover the whole space"
    )
