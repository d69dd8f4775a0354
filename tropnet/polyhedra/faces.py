"""The faces of a polyhedron, combinatorially: from the incidence of its facets and generators.

A face is the set of the vertices and rays in it, an integer used as a bit set; such sets are the
intersections of those of facets.  Sets without a vertex are faces at infinity and do not count.

References:
    Kaibel and Pfetsch, *Computing the face lattice of a polytope from its vertex-facet incidences*,
    Comput. Geom. 23 (2002), section 2; here from the top down, where every intersection with a
    facet is closed already.
    Ziegler, *Lectures on Polytopes*, 1995, Theorem 2.7 (the lattice is graded) and exercise 2.19.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import networkx as nx

from tropnet.errors import InvalidInputError
from tropnet.polyhedra.double_description import DoubleDescription, homogeneous
from tropnet.polyhedra.polyhedron import Polyhedron

Level = Mapping[int, Mapping[int, int]]
"""Faces of one dimension: of each its facets, and which facet of the polyhedron cuts them out."""


def face_levels(polyhedron: Polyhedron) -> Iterator[Level]:
    """The non-empty faces, one dimension after the other from the polyhedron itself downwards.

    Cost:
        For each face, its intersections with all facets, compared with each other.
    """
    if polyhedron.is_empty:
        return
    incidence = polyhedron.incidence
    vertices = (1 << len(polyhedron.vertices)) - 1
    level = [(1 << len(polyhedron.vertices) + len(polyhedron.rays)) - 1]
    while level:
        found = {face: _facets(face, incidence, vertices) for face in level}
        yield found
        level = sorted({facet for facets in found.values() for facet in facets}, key=members)


def members(face: int) -> tuple[int, ...]:
    """The positions of a face's generators among the vertices and rays of the polyhedron."""
    positions = []
    while face:
        positions.append((face & -face).bit_length() - 1)
        face &= face - 1
    return tuple(positions)


def numbered_faces(polyhedron: Polyhedron) -> Iterator[tuple[int, int, Polyhedron]]:
    """All non-empty faces, those of larger dimension first: codimension, bit set, polyhedron."""
    for codimension, level in enumerate(face_levels(polyhedron)):
        for face, facets in level.items():
            yield codimension, face, _face(polyhedron, face, facets)


def faces_of_dimension(polyhedron: Polyhedron, k: int) -> tuple[Polyhedron, ...]:
    """See `Polyhedron.faces`."""
    if type(k) is not int:
        raise InvalidInputError(f"faces: {k!r} is not a dimension")
    if k == -1:
        return (_empty_face(polyhedron),)
    for dim, level in zip(range(polyhedron.dim, k - 1, -1), face_levels(polyhedron), strict=False):
        if dim == k:
            return tuple(_face(polyhedron, *item) for item in level.items())
    return ()


def lattice(polyhedron: Polyhedron) -> nx.DiGraph[Polyhedron]:
    """See `Polyhedron.face_lattice`."""
    graph: nx.DiGraph[Polyhedron] = nx.DiGraph()
    bottom = _empty_face(polyhedron)
    graph.add_node(bottom, dim=-1)
    levels = list(face_levels(polyhedron))
    below: dict[int, Polyhedron] = {}
    for depth, level in reversed(list(enumerate(levels))):
        here = {face: _face(polyhedron, face, facets) for face, facets in level.items()}
        graph.add_nodes_from(here.values(), dim=polyhedron.dim - depth)
        # Sorted by the lower face, so that both directions of the graph have a fixed order.
        covers: dict[int, list[int]] = {face: [] for face in below}
        for face, facets in level.items():
            for facet in facets:
                covers[facet].append(face)
        for facet, upper in covers.items():
            graph.add_edges_from((below[facet], here[face]) for face in upper)
        if not below:
            graph.add_edges_from((bottom, minimal) for minimal in here.values())
        below = here
    return graph


def _facets(face: int, incidence: tuple[int, ...], vertices: int) -> dict[int, int]:
    """The facets of a face: its largest proper intersections with facets of the polyhedron."""
    cuts: dict[int, int] = {}
    for j, tight in enumerate(incidence):
        cut = face & tight
        if cut != face and cut & vertices:
            cuts.setdefault(cut, j)
    largest: list[int] = []
    for cut in sorted(cuts, key=int.bit_count, reverse=True):
        if not any(cut & other == cut for other in largest):
            largest.append(cut)
    return {cut: cuts[cut] for cut in sorted(largest, key=members)}


def _face(polyhedron: Polyhedron, face: int, facets: Mapping[int, int]) -> Polyhedron:
    """A face as a polyhedron; its canonical generators are some of the polyhedron's."""
    positions = members(face)
    if len(positions) == len(polyhedron.vertices) + len(polyhedron.rays):
        return polyhedron
    return Polyhedron.from_canonical_generators(
        polyhedron.ambient_dim,
        DoubleDescription(
            [homogeneous(polyhedron.inequalities[j]) for j in facets.values()],
            (),
            [polyhedron.generators[i] for i in positions],
            [(*map(int, line), 0) for line in polyhedron.lines],
        ),
    )


def _empty_face(polyhedron: Polyhedron) -> Polyhedron:
    if polyhedron.is_empty:
        return polyhedron
    return Polyhedron.from_generators([], ambient_dim=polyhedron.ambient_dim)
