"""The regions where a chain is constant, as few convex cells that depend on the chain alone.

Remove from the flat the closed set where the function jumps.  The components of the rest on which
the function is not zero are what any description has to cover.  The closure of a component is one
cell if it is convex, that is, if it lies on one side of each flat that its boundary spans; else it
is cut along the first of these flats that has it on both sides, and its components are treated in
the same way.  Nothing here depends on the polyhedra that the chain was given by, so the cells are a
canonical form.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import networkx as nx

from tropnet.exact import Vector
from tropnet.piecewise.boxes import possible_pairs
from tropnet.piecewise.cells import order
from tropnet.piecewise.chain import Chain, add, oriented
from tropnet.piecewise.incidence import (
    FaceKey,
    IntegerRow,
    face_polyhedron,
    facings,
    slack,
)
from tropnet.polyhedra import Polyhedron

Piece = tuple[Polyhedron, Vector]

_ONE = (Fraction(1),)


def constant_cells(chain: Chain) -> list[Piece]:
    """The canonical cells of a chain with their values.

    Returns:
        Convex cells with disjoint relative interiors that cover the set where the function is not
        zero, each with the value of the function on it; sorted by vertices, rays and lines.

    Guarantees:
        Null chains, and only they, have no cells; equal chains have equal cells.  A component that
        is convex is one cell.

    Cost: pairs of pieces are told apart by the signs of one another's inequalities; a double
    description is run only for a pair that this does not separate, and for each cell returned.

    >>> line = Polyhedron.from_inequalities([], [], ambient_dim=1)
    >>> ray = Polyhedron.from_inequalities([[-1]], [0])
    >>> halves = Chain([(line, (Fraction(1),)), (ray, (Fraction(1),))])
    >>> [(cell.inequalities, int(value)) for cell, (value,) in constant_cells(halves)]
    [(((1, 0),), 1), (((-1, 0),), 2)]
    """
    if len(chain.pieces) <= 1:
        return list(chain.pieces)
    pieces = _disjoint_pieces(chain)
    cells = []
    for component in nx.connected_components(_adjacency(pieces)):
        indices = sorted(component)
        value = pieces[indices[0]][1]
        cells += [(cell, value) for cell in _convex_parts([pieces[i][0] for i in indices])]
    return sorted(cells, key=lambda cell: order(cell[0]))


def overlap(left: Polyhedron, right: Polyhedron) -> bool:
    """Whether two polyhedra with the same affine hull have a common relatively interior point."""
    if _is_separated(left, right) or _is_separated(right, left):
        return False
    return left.intersection(right).dim == left.dim


def _is_separated(left: Polyhedron, right: Polyhedron) -> bool:
    """Whether a facet of the first has the second on its other side."""
    return any(side(row, right) < 0 for row in left.inequalities)


def side(row: IntegerRow, polyhedron: Polyhedron) -> int:
    """1 or −1 if a·x ≤ b or a·x ≥ b on all of a polyhedron, 0 if it lies on both sides."""
    if any(sum(a * x for a, x in zip(row, line, strict=False)) for line in polyhedron.lines):
        return 0
    sign = 0
    for generator in polyhedron.generators:
        value = slack(row, generator)
        if value:
            if sign and (value > 0) != (sign > 0):
                return 0
            sign = 1 if value > 0 else -1
    return sign


def _disjoint_pieces(chain: Chain) -> list[Piece]:
    """The same chain by polyhedra that do not overlap."""
    pieces = chain.pieces
    meeting = nx.Graph()
    meeting.add_nodes_from(range(len(pieces)))
    meeting.add_edges_from(
        (i, j)
        for i, j in possible_pairs([polyhedron for polyhedron, _ in pieces])
        if overlap(pieces[i][0], pieces[j][0])
    )
    return [
        piece
        for group in nx.connected_components(meeting)
        for piece in _common_refinement([pieces[i] for i in sorted(group)])
        if any(piece[1])
    ]


def _common_refinement(pieces: Sequence[Piece]) -> list[Piece]:
    """Overlapping pieces cut up, with the sum of the values on each part."""
    done: list[Piece] = []
    for polyhedron, value in pieces:
        rest = [polyhedron]
        refined: list[Piece] = []
        for other, other_value in done:
            if not overlap(polyhedron, other):
                refined.append((other, other_value))
                continue
            refined.append((polyhedron.intersection(other), add(value, other_value)))
            refined += [(part, other_value) for part in _difference(other, polyhedron)]
            rest = [part for old in rest for part in _difference(old, other)]
        done = refined + [(part, value) for part in rest]
    return done


def _difference(polyhedron: Polyhedron, other: Polyhedron) -> list[Polyhedron]:
    """The closure of what the second leaves of the first, cut into convex parts."""
    if not overlap(polyhedron, other):
        return [polyhedron]
    parts = []
    for row in other.inequalities:
        if side(row, polyhedron) == 0:
            parts.append(_half(polyhedron, _turned(row, -1)))
            polyhedron = _half(polyhedron, row)
    return parts


def _half(polyhedron: Polyhedron, row: IntegerRow) -> Polyhedron:
    return polyhedron.intersection(Polyhedron.from_inequalities([row[:-1]], [row[-1]]))


def _adjacency(pieces: Sequence[Piece]) -> nx.Graph:
    """Disjoint pieces with equal values, joined where they share more than a thin set."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(pieces)))
    loose: dict[tuple[IntegerRow, Vector], dict[FaceKey, tuple[int, int]]] = {}
    for i, (polyhedron, value) in enumerate(pieces):
        for facing in facings(polyhedron):
            wall, sign = oriented(facing.row)
            facets = loose.setdefault((wall, value), {})
            if facing.key in facets:  # disjoint pieces, so it is on the other side
                graph.add_edge(i, facets.pop(facing.key)[0])
            else:
                facets[facing.key] = i, sign
    for facets in loose.values():
        faces = [(i, sign, face_polyhedron(pieces[i][0], key)) for key, (i, sign) in facets.items()]
        for (i, sign, face), (j, other_sign, other) in combinations(faces, 2):
            if sign != other_sign and overlap(face, other):
                graph.add_edge(i, j)
    return graph


def _convex_parts(polyhedra: Sequence[Polyhedron]) -> list[Polyhedron]:
    """The canonical cells of a connected union of polyhedra that do not overlap."""
    done: list[Polyhedron] = []
    pending = [list(polyhedra)]
    while pending:
        members = pending.pop()
        if len(members) == 1:
            done += members
            continue
        sides: list[IntegerRow] = []
        cut: IntegerRow | None = None
        for wall in Chain((member, _ONE) for member in members).walls():
            signs = {side(wall, member) for member in members}
            if len(signs) > 1 or 0 in signs:
                cut = wall
                break
            sides.append(_turned(wall, signs.pop()))
        if cut is None:
            done.append(_between(sides, members[0]))
            continue
        parts = [half for member in members for half in halves(member, cut)]
        for sign in (1, -1):
            pending += _connected([part for part, where in parts if where == sign])
    return done


def _between(sides: Sequence[IntegerRow], like: Polyhedron) -> Polyhedron:
    """The polyhedron where a·x ≤ b for all sides (a, b), in the affine hull of another one."""
    return Polyhedron.from_inequalities(
        [row[:-1] for row in sides],
        [row[-1] for row in sides],
        ([row[:-1] for row in like.equations], [row[-1] for row in like.equations]),
        ambient_dim=like.ambient_dim,
    )


def _connected(polyhedra: Sequence[Polyhedron]) -> list[list[Polyhedron]]:
    """The components of a union of polyhedra that do not overlap."""
    graph = _adjacency([(polyhedron, _ONE) for polyhedron in polyhedra])
    return [[polyhedra[i] for i in sorted(part)] for part in nx.connected_components(graph)]


def halves(polyhedron: Polyhedron, row: IntegerRow) -> list[tuple[Polyhedron, int]]:
    """The parts where a·x ≤ b, with 1, and where a·x ≥ b, with −1, if they have full dimension."""
    sign = side(row, polyhedron)
    if sign:
        return [(polyhedron, sign)]
    return [(_half(polyhedron, _turned(row, sign)), sign) for sign in (1, -1)]


def _turned(row: IntegerRow, sign: int) -> IntegerRow:
    return tuple(sign * entry for entry in row)
