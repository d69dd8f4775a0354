"""Branches of a break locus, and where they bend at one another.

In a transversal representation of a function, facets of its break locus that meet in certain ways
belong to one neuron, whatever the representation (see `certificates.star_pattern`, which proves
it).  The classes of facets that are linked in these ways are the *branches*; a neuron can own
several.  Where a branch bends at another, its neuron lies in a strictly deeper layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx

from tropnet.certificates.star_pattern import Pattern, Reading, opposite_pairs, read_star
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.stars import Star, stars
from tropnet.piecewise.weighted_complex import WeightedComplex


@dataclass(frozen=True, eq=False)
class Branch:
    """Facets that belong to one neuron in every transversal representation.

    Attributes:
        number: Its position among the branches.
        facets: The facets, in the order of the canonical complex.
    """

    number: int
    facets: tuple[Facet, ...]

    def __repr__(self) -> str:
        count = len(self.facets)
        return f"<Branch {self.number}: {count} facet{'s' if count != 1 else ''}>"


class BendGraph:
    """The branches of a break locus, with an arrow wherever one bends at another.

    It depends on the weighted set alone, not on its subdivision.

    Args:
        X: The break locus of a function: a balanced complex.

    Raises:
        InvalidInputError: if the complex is not balanced; no function breaks along it.

    Attributes:
        complex: Its canonical form, whose facets the branches are made of.
        stars: The cells of codimension 2 with the facets around them.
        readings: For each of them what it says about neurons.

    The branch of the second layer in relu(x) + relu(relu(x) + y) bends at the line x = 0:

    >>> from tropnet import TropicalPolynomial
    >>> f = TropicalPolynomial([[0, 0], [0, 1], [1, 0], [2, 1]], [0, 0, 0, 0])
    >>> bends = BendGraph(f.hypersurface())
    >>> bends.branches
    (<Branch 0: 2 facets>, <Branch 1: 2 facets>)
    >>> [(deeper.number, other.number) for deeper, other in bends.graph.edges]
    [(0, 1)]
    """

    def __init__(self, X: WeightedComplex) -> None:
        if not X.is_balanced():
            raise InvalidInputError(
                "X: the complex is not balanced, so no function breaks along it; "
                "see unbalanced_cells()"
            )
        self.complex = X.canonical()
        self.stars = stars(self.complex.facets)
        weights = [facet.coefficients for facet in self.complex.facets]
        self.readings = tuple(_read(star, weights) for star in self.stars)

    @cached_property
    def links(self) -> nx.Graph[int]:
        """The facets by number, linked where they belong to one neuron.

        Each edge has as ``star`` the number of a star that says so.
        """
        links = nx.Graph()
        links.add_nodes_from(range(len(self.complex.facets)))
        for number, (star, reading) in enumerate(zip(self.stars, self.readings, strict=True)):
            pairs = opposite_pairs([sheet.ray for sheet in star.sheets])
            if reading.pattern is Pattern.BEND:
                pairs.append((reading.bent[0], reading.bent[1]))
            for i, j in pairs:
                edge = star.sheets[i].facet, star.sheets[j].facet
                if edge[0] != edge[1] and not links.has_edge(*edge):
                    links.add_edge(*edge, star=number)
        return links

    @cached_property
    def branches(self) -> tuple[Branch, ...]:
        """The classes of linked facets, in the order of their first facets."""
        classes = sorted(sorted(part) for part in nx.connected_components(self.links))
        return tuple(
            Branch(number, tuple(self.complex.facets[i] for i in part))
            for number, part in enumerate(classes)
        )

    @cached_property
    def branch_of(self) -> tuple[Branch, ...]:
        """For each facet of the complex its branch."""
        owner = {facet: branch for branch in self.branches for facet in branch.facets}
        return tuple(owner[facet] for facet in self.complex.facets)

    @cached_property
    def graph(self) -> nx.DiGraph[Branch]:
        """The branches, with an edge from each one that bends to the one that it bends at.

        Each edge has as ``stars`` the numbers of the stars where that happens.
        """
        graph = nx.DiGraph()
        graph.add_nodes_from(self.branches)
        for number, reading in enumerate(self.readings):
            if reading.pattern is Pattern.BEND:
                deeper, other = self.neurons_at(number)
                if not graph.has_edge(deeper, other):
                    graph.add_edge(deeper, other, stars=[])
                graph.edges[deeper, other]["stars"].append(number)
        return graph

    def neurons_at(self, number: int) -> tuple[Branch, Branch]:
        """The branches that are bent, and straight, at a BEND; those of a CROSSING."""
        star, reading = self.stars[number], self.readings[number]
        bent, straight = (
            self.branch_of[star.sheets[positions[0]].facet]
            for positions in (reading.bent, reading.straight)
        )
        return bent, straight

    def __repr__(self) -> str:
        count, edges = len(self.branches), self.graph.number_of_edges()
        return (
            f"<BendGraph: {count} branch{'es' if count != 1 else ''}, "
            f"{edges} arrow{'s' if edges != 1 else ''}>"
        )


def _read(star: Star, weights: Sequence[Vector]) -> Reading:
    return read_star(
        [sheet.ray for sheet in star.sheets], [weights[sheet.facet] for sheet in star.sheets]
    )
