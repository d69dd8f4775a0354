"""Chains of bends as plain data: cells become points, branches become paths."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

import networkx as nx

from tropnet.certificates.corner import Corner
from tropnet.certificates.depth import DepthChain, NoTransversalRepresentation
from tropnet.certificates.neuron_path import Path
from tropnet.certificates.star_pattern import Pattern
from tropnet.exact import nullspace
from tropnet.piecewise.bends import BendGraph, Branch
from tropnet.piecewise.inner_points import kink, point_in
from tropnet.piecewise.stars import Star


class BendChains:
    """The chains of bends of a bend graph.

    The points of a chain are taken inside cells and facets; which ones does not matter, except that
    a function given by a network may have neurons that switch there without breaking it.

    Args:
        bends: The bend graph.
        choice: 0, 1, 2, …: another number, other points.
    """

    def __init__(self, bends: BendGraph, choice: int = 0) -> None:
        self._bends = bends
        self._facets = bends.complex.facets
        self._choice = choice

    def longest(self) -> DepthChain:
        """A chain with a cell for each arrow of a longest path in the bend graph.

        Without arrows, one cell where the break locus forks, or a segment across a facet.

        Raises:
            networkx.NetworkXUnfeasible: if the bend graph has a directed circle.
        """
        route = nx.dag_longest_path(self._bends.graph)
        if len(route) < 2:
            return self.shortest()
        cells = self._cells(route)
        return DepthChain(tuple(map(self._corner, cells)), self._paths(cells))

    def shortest(self) -> DepthChain:
        """A chain with at most one cell: a bend or fork, or a segment across a facet."""
        for number, reading in enumerate(self._bends.readings):
            if reading.pattern in (Pattern.BEND, Pattern.FORK):
                return DepthChain((self._corner(number),))
        return DepthChain(kink=kink(self._facets) if self._facets else ())

    def obstruction(self) -> NoTransversalRepresentation | None:
        """What no transversal representation has: a star, a self-crossing, a circle of bends.

        None if there is nothing of that kind.
        """
        bends = self._bends
        for number, reading in enumerate(bends.readings):
            if reading.pattern is Pattern.IMPOSSIBLE:
                return NoTransversalRepresentation((self._corner(number),))
        for number, reading in enumerate(bends.readings):
            if reading.pattern in (Pattern.BEND, Pattern.CROSSING):
                bent, straight = bends.neurons_at(number)
                if bent is straight:
                    paths = self._paths([number, number])
                    return NoTransversalRepresentation((self._corner(number),), paths)
        if nx.is_directed_acyclic_graph(bends.graph):
            return None
        circle = [deeper for deeper, _ in nx.find_cycle(bends.graph)]
        cells = self._cells([*circle, circle[0]])
        corners = tuple(map(self._corner, cells))
        return NoTransversalRepresentation(corners, self._paths([*cells, cells[0]]))

    def _cells(self, route: Sequence[Branch]) -> list[int]:
        """A star for each arrow on a route, each near the one before."""
        cells: list[int] = []
        for deeper, other in pairwise(route):
            candidates = self._bends.graph.edges[deeper, other]["stars"]
            if cells:
                arrivals = {i: n for n in reversed(candidates) for i in self._around(n)[1]}
                way = self._shortest_way(self._around(cells[-1])[0], arrivals)
                cells.append(arrivals[way[-1]])
            else:
                cells.append(candidates[0])
        return cells

    def _paths(self, cells: Sequence[int]) -> tuple[Path, ...]:
        return tuple(tuple(self._path(start, end)) for start, end in pairwise(cells))

    def _path(self, start: int, end: int) -> Iterator[Corner]:
        """From the straight facets at one star to the bent ones at another."""
        stars, links = self._bends.stars, self._bends.links
        way = self._shortest_way(self._around(start)[0], self._around(end)[1])
        passed = [links.edges[edge]["star"] for edge in pairwise(way)]
        for k, (before, after) in enumerate(pairwise([start, *passed, end])):
            if stars[before].cell.equations == stars[after].cell.equations:
                # Both in one flat, along which the facet may end: go through its inside.
                yield Corner(point_in(self._facets[way[k]].polyhedron, self._choice))
            if k < len(passed):
                turns = self._bends.readings[after].pattern is Pattern.BEND and {
                    *way[k : k + 2]
                } == {*self._around(after)[1]}
                yield self._corner(after) if turns else Corner(self._corner(after).point)

    def _around(self, number: int) -> tuple[list[int], list[int]]:
        """The straight facets at a star, and the bent ones (see `Reading`)."""
        reading, sheets = self._bends.readings[number], self._bends.stars[number].sheets
        straight, bent = (
            [sheets[i].facet for i in positions] for positions in (reading.straight, reading.bent)
        )
        return straight, bent

    def _shortest_way(self, sources: Sequence[int], targets: Collection[int]) -> list[int]:
        """The facets on a shortest way from some facets of a branch to some others."""
        behind: dict[int, list[int]] = {facet: [facet] for facet in sources}
        queue = deque(behind)
        while queue[0] not in targets:
            facet = queue.popleft()
            for neighbour in self._bends.links[facet]:
                if neighbour not in behind:
                    behind[neighbour] = [*behind[facet], neighbour]
                    queue.append(neighbour)
        return behind[queue[0]]

    def _corner(self, number: int) -> Corner:
        return corner_at(self._bends.stars[number], self._choice)


def corner_at(star: Star, choice: int = 0) -> Corner:
    """A star as a corner, at a point inside its cell; another choice, another point."""
    equations = [row[:-1] for row in star.cell.equations]
    return Corner(
        point_in(star.cell, choice),
        nullspace(equations, star.cell.ambient_dim),
        tuple(star.direction(i) for i in range(len(star.sheets))),
    )
