"""The zero sets of second-layer neurons, put together from facets, with their active sides.

Facets of the second layer that belong to one neuron are glued: straight through crossings, and
where the neuron bends.  The neuron is active on one side of what is glued, so one sign is left for
each *component*.  A zero set can have several components; along a path that meets it nowhere the
preactivation keeps its sign, and it changes at every facet, so one sign is left for each neuron.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from random import Random

import networkx as nx

from tropnet.certificates.star_pattern import Pattern
from tropnet.exact import Vector, dot, primitive_vector
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.hyperplanes import Hyperplane, hyperplane_of
from tropnet.piecewise.inner_points import point_in
from tropnet.piecewise.stars import Star


@dataclass(frozen=True)
class Component:
    """Facets that are glued.

    Attributes:
        sigma: The direction of their weights, primitive: that of the neuron's outgoing weights.
        sides: For each facet, by its number, the side of its hyperplane that is active in one of
            the two ways: 1 where normal·x > offset, else −1.
    """

    sigma: tuple[int, ...]
    sides: dict[int, int]


@dataclass(frozen=True)
class ZeroSet:
    """The zero set of a neuron.

    Attributes:
        sigma: The direction of its outgoing weights, primitive.
        facets: Its facets.
        sides: For each the active side, in one of the two ways.
    """

    sigma: tuple[int, ...]
    facets: tuple[Facet, ...]
    sides: tuple[int, ...]

    def sign_at(self, point: Vector) -> int:
        """The sign of the preactivation at a point, in this way."""
        if any(facet.polyhedron.contains(point) for facet in self.facets):
            return 0
        # Not all hyperplanes of the facets contain the point: a closed set without ends that is a
        # cone from the point near each of its own points contains it.
        for choice in count():
            start = choice % len(self.facets)
            sign = _sign_from(start, self.facets, self.sides, point, choice // len(self.facets))
            if sign:
                return sign
        raise AssertionError("unreachable")


def components(
    bends: BendGraph, labels: frozenset[Hyperplane]
) -> tuple[list[Component], set[tuple[int, int]]] | None:
    """The components of the second layer, and which cross, so that they are different neurons.

    None if the labels contradict themselves.
    """
    facets = bends.complex.facets
    second = [k for k, facet in enumerate(facets) if hyperplane_of(facet) not in labels]
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(second)
    crossing: list[tuple[int, int]] = []
    for star, reading in zip(bends.stars, bends.readings, strict=True):
        here = [i for i, sheet in enumerate(star.sheets) if sheet.facet in graph]
        if reading.pattern is Pattern.CROSSING:
            pairs = [pair for pair in (reading.straight, reading.bent) if pair[0] in here]
            if len(pairs) == 2:
                one, other = (star.sheets[pair[0]].facet for pair in pairs)
                crossing.append((one, other))
        elif reading.pattern is Pattern.STRAIGHT:
            pairs = [reading.straight] if here else []
        else:
            pairs = [(here[0], here[1])] if len(here) == 2 else []
        for i, j in pairs:
            if not _link(graph, facets, star, i, j):
                return None
    found: list[Component] = []
    owner: dict[int, int] = {}
    for part in sorted(sorted(part) for part in nx.connected_components(graph)):
        sides = _sides(graph, part)
        directions = {primitive_vector(facets[k].coefficients) for k in part}
        if sides is None or len(directions) > 1:
            return None
        owner |= dict.fromkeys(part, len(found))
        found.append(Component(directions.pop(), sides))
    apart = {(owner[i], owner[j]) for i, j in crossing}
    if any(i == j for i, j in apart):
        return None
    return found, apart | {(j, i) for i, j in apart}


def partitions(
    parts: Sequence[Component], apart: set[tuple[int, int]], count: int
) -> Iterator[list[list[int]]]:
    """The ways to divide components among so many neurons."""

    def extend(number: int, blocks: list[list[int]]) -> Iterator[list[list[int]]]:
        if len(blocks) + len(parts) - number < count:
            return
        if number == len(parts):
            yield [list(block) for block in blocks]
            return
        for block in blocks:
            if parts[block[0]].sigma == parts[number].sigma and not any(
                (number, other) in apart for other in block
            ):
                block.append(number)
                yield from extend(number + 1, blocks)
                block.pop()
        if len(blocks) < count:
            blocks.append([number])
            yield from extend(number + 1, blocks)
            blocks.pop()

    return extend(0, [])


def zero_set(parts: Sequence[Component], facets: Sequence[Facet]) -> ZeroSet:
    """The zero set of a neuron that consists of some components."""
    numbers = [k for part in parts for k in part.sides]
    members = tuple(facets[k] for k in numbers)
    sides = [side for part in parts for side in part.sides.values()]
    first = 0
    for part in parts:
        if first and not _fits(members, sides, first):
            for k in range(first, first + len(part.sides)):
                sides[k] = -sides[k]
        first += len(part.sides)
    return ZeroSet(parts[0].sigma, members, tuple(sides))


def _fits(members: Sequence[Facet], sides: Sequence[int], other: int) -> bool:
    """Whether the side of a facet is what the side of the first one says."""
    for choice in count():
        random = Random(choice)
        point = tuple(
            (a + b) / 2 + Fraction(random.randint(-64, 64), 16)
            for a, b in zip(
                *(point_in(members[k].polyhedron, choice) for k in (0, other)), strict=True
            )
        )
        one, two = (_sign_from(k, members, sides, point, choice) for k in (0, other))
        if one and two:
            return one == two
    raise AssertionError("unreachable")


def _sign_from(
    k: int, facets: Sequence[Facet], sides: Sequence[int], point: Vector, choice: int
) -> int:
    """The sign at a point that follows from the side of one facet; 0 if the way there is special.

    Args:
        k: The number of the facet.
        facets: The facets of a zero set.
        sides: Their active sides.
        point: The point.
        choice: Which point of the facet to start from.
    """
    start = point_in(facets[k].polyhedron, choice)
    side = dot(facets[k].normal, point) - dot(facets[k].normal, start)
    crossings = _crossings([*facets[:k], *facets[k + 1 :]], start, point)
    if not side or crossings is None:
        return 0
    sign = sides[k] if side > 0 else -sides[k]
    return -sign if crossings % 2 else sign


def _crossings(facets: Sequence[Facet], start: Vector, end: Vector) -> int | None:
    """How many of some facets a segment crosses; None if it meets one not in its inside."""
    direction = tuple(b - a for a, b in zip(start, end, strict=True))
    number = 0
    for facet in facets:
        speed = dot(facet.normal, direction)
        gap = facet.offset - dot(facet.normal, start)
        if not speed:
            if not gap:
                return None
            continue
        time = gap / speed
        if not 0 <= time <= 1:
            continue
        place = tuple(a + time * b for a, b in zip(start, direction, strict=True))
        if not facet.polyhedron.contains(place):
            continue
        inside = all(dot(row[:-1], place) < row[-1] for row in facet.polyhedron.inequalities)
        if not inside or time in (0, 1):
            return None
        number += 1
    return number


def _link(graph: nx.Graph[int], facets: Sequence[Facet], star: Star, i: int, j: int) -> bool:
    """Links two facets at a star; False if they are one facet that would have to turn over."""
    one, other = star.sheets[i].facet, star.sheets[j].facet
    # What is to the left of one ray, seen from the star, is to the right of the other.
    relation = -_left_side(star, i, facets[one]) * _left_side(star, j, facets[other])
    if one == other:
        return relation == 1
    known = graph.get_edge_data(one, other)
    if known is not None:
        return bool(known["relation"] == relation)
    graph.add_edge(one, other, relation=relation)
    return True


def _left_side(star: Star, i: int, facet: Facet) -> int:
    """On which side of a facet's hyperplane is what is to the left of a ray of a star."""
    a, b = star.sheets[i].ray
    first, second = star.cell.equations
    pivots = [next(k for k, entry in enumerate(row) if entry) for row in (first, second)]
    vector = [Fraction(0)] * star.cell.ambient_dim
    vector[pivots[0]] = Fraction(-b, first[pivots[0]])
    vector[pivots[1]] = Fraction(a, second[pivots[1]])
    return 1 if dot(facet.normal, vector) > 0 else -1


def _sides(graph: nx.Graph[int], part: Sequence[int]) -> dict[int, int] | None:
    """The active sides of glued facets, that of the first being 1; None if they contradict."""
    sides = {part[0]: 1}
    for one, other in nx.bfs_edges(graph, part[0]):
        sides[other] = sides[one] * graph.edges[one, other]["relation"]
    fits = all(
        sides[other] == sides[one] * relation
        for one, other, relation in graph.subgraph(part).edges(data="relation")
    )
    return dict(sorted(sides.items())) if fits else None
