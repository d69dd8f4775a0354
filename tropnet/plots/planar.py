"""The activation regions of a network in the plane, with their walls and what happens at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from tropnet.exact import Matrix, Vector, primitive_vector
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import ActivationRegion, activation_regions

Line = tuple[int, ...]
"""Primitive integers (a, b, c): the line a x + b y = c, the first non-zero entry positive."""

Neuron = tuple[int, int]
"""A hidden layer, counted from 1, and a position in it, counted from 0."""


class Edge(NamedTuple):
    """A part of a line: {point + t * direction : least ≤ t ≤ most}, None for no bound.

    Regions meet face to face, so that both regions beside an edge describe it alike.
    """

    line: Line
    point: Vector
    direction: Vector
    least: int | None
    most: int | None


@dataclass
class Wall:
    """An edge between two regions.

    Attributes:
        edge: Where it is.
        regions: The numbers of the regions beside it.
    """

    edge: Edge
    regions: list[int] = field(default_factory=list)


class PlanarNetwork:
    """The regions of a network with two inputs, and the walls between them.

    Attributes:
        net: The network.
        regions: Its activation regions.
        sides: For each region its walls, as pairs (line, ±1): it lies where
            ±(a x + b y − c) ≥ 0.
        walls: The walls.
        pieces: The different affine maps, in the order in which they appear.
        piece_of: For each region the number of its map.
    """

    def __init__(self, net: ReLUNetwork) -> None:
        self.net = net
        self.regions = list(activation_regions(net))
        self.sides: list[list[tuple[Line, int]]] = []
        found: dict[Edge, Wall] = {}
        for number, region in enumerate(self.regions):
            self.sides.append([])
            for side, edge in _edges(region):
                self.sides[-1].append((edge.line, side))
                found.setdefault(edge, Wall(edge)).regions.append(number)
        self.walls = list(found.values())
        numbers: dict[tuple[Matrix, Vector], int] = {}
        self.piece_of = [
            numbers.setdefault((region.gradient, region.constant), len(numbers))
            for region in self.regions
        ]
        self.pieces = list(numbers)

    def vanishing(self, wall: Wall) -> Iterator[Neuron]:
        """The neurons that change their sign at a wall."""
        one, other = (self.regions[number].pattern for number in wall.regions)
        for layer, signs in enumerate(zip(one, other, strict=True), 1):
            for neuron, (first, second) in enumerate(zip(*signs, strict=True)):
                if first != second:
                    yield layer, neuron

    def active_side(self, wall: Wall, layer: int, neuron: int) -> tuple[int, int]:
        """A normal of a wall, to the side where a neuron that vanishes there is positive."""
        a, b, _ = wall.edge.line
        positive, negative = self._across(wall)
        signs = [self.regions[n].pattern[layer - 1][neuron] for n in (positive, negative)]
        return (a, b) if signs[0] > signs[1] else (-a, -b)

    def weight(self, wall: Wall) -> tuple[Fraction, ...]:
        """The jump of each output's gradient at a wall, in units of the primitive normal."""
        (a, b), _ = normal_and_offset(wall.edge.line)
        above, below = (self.regions[number].gradient for number in self._across(wall))
        return tuple(
            (up[0] - down[0]) / a if a else (up[1] - down[1]) / b
            for up, down in zip(above, below, strict=True)
        )

    def _across(self, wall: Wall) -> tuple[int, int]:
        """The regions beside a wall, the one to which the line's normal points first."""
        one, other = wall.regions
        return (one, other) if (wall.edge.line, 1) in self.sides[one] else (other, one)

    def piece_colours(self, count: int = 8) -> list[int]:
        """Numbers below `count`, different for maps that share a wall, if so many suffice."""
        beside: list[set[int]] = [set() for _ in self.pieces]
        for wall in self.walls:
            one, other = (self.piece_of[number] for number in wall.regions)
            if one != other:
                beside[one].add(other)
                beside[other].add(one)
        colours: list[int] = []
        for piece, others in enumerate(beside):
            taken = {colours[other] for other in others if other < piece}
            free = ((piece + step) % count for step in range(count))
            colours.append(next((c for c in free if c not in taken), piece % count))
        return colours


def normal_and_offset(line: Line) -> tuple[tuple[int, int], Fraction]:
    """The primitive normal u and the offset d with u · (x, y) = d on a line.

    >>> normal_and_offset((2, -4, 1))
    ((1, -2), Fraction(1, 2))
    """
    a, b, c = line
    divisor = gcd(a, b)
    return (a // divisor, b // divisor), Fraction(c, divisor)


def _edges(region: ActivationRegion) -> Iterator[tuple[int, Edge]]:
    """The edges of a region, each with the side of its line on which the region lies."""
    seen = set()
    for form in region.forms():
        a, b, c = primitive_vector(form)
        points = [v for v in region.vertices if a * v[0] + b * v[1] + c == 0]
        rays = [r for r in region.rays if a * r[0] + b * r[1] == 0]
        if (a, b, c) in seen or len(points) + len(rays) < (1 if region.lines else 2):
            continue
        seen.add((a, b, c))
        side = 1 if (a, b) > (0, 0) else -1
        line = (side * a, side * b, -side * c)
        if len(points) == 2:
            start, end = points
            way = (end[0] - start[0], end[1] - start[1])
            yield side, Edge(line, start, way, 0, 1)
        elif rays:
            yield side, Edge(line, points[0], rays[0], 0, None)
        else:
            along = (Fraction(-line[1]), Fraction(line[0]))
            yield side, Edge(line, points[0], along, None, None)
