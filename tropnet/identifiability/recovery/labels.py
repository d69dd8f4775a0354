"""Which hyperplanes of a break locus belong to the first of several hidden layers.

In a transversal network all facets in one hyperplane of the first layer belong to it: a deeper
neuron has no facet in common with it.  The stars of the break locus say which these are (see
`certificates.star_pattern`).  A neuron that bends at another lies in a deeper layer, so nothing
bends in the first layer, and what ends a chain of L − 1 bends lies in it, L being the number of
hidden layers.  Where three facets meet whose weights agree in sign, one of them, it is not known
which, belongs to a less deep layer; crossings say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import networkx as nx

from tropnet.certificates.budget import Meter
from tropnet.certificates.star_pattern import Pattern
from tropnet.piecewise.bends import BendGraph, Branch
from tropnet.piecewise.hyperplanes import Hyperplane, hyperplane_of


def chain_lengths(bends: BendGraph) -> dict[Branch, int] | None:
    """For each branch the number of arrows of a longest path to it.

    None if there is a circle of arrows or a star that no transversal network has.
    """
    readings = (reading.pattern for reading in bends.readings)
    if Pattern.IMPOSSIBLE in readings or not nx.is_directed_acyclic_graph(bends.graph):
        return None
    lengths: dict[Branch, int] = {}
    for branch in nx.topological_sort(bends.graph):
        before = [lengths[deeper] + 1 for deeper in bends.graph.predecessors(branch)]
        lengths[branch] = max(before, default=0)
    return lengths


def labellings(
    bends: BendGraph, count: int, depth: int, meter: Meter
) -> Iterator[frozenset[Hyperplane]]:
    """The sets of so many hyperplanes that can be those of the first hidden layer.

    Args:
        bends: The stars of a break locus and their readings.
        count: The width of the first hidden layer.
        depth: The number of hidden layers, at least 2.
        meter: Counts the sets looked at.
    """
    lengths = chain_lengths(bends)
    if lengths is None or any(length >= depth for length in lengths.values()):
        return
    first: set[Hyperplane] = set()
    deeper: set[Hyperplane] = set()
    for branch, length in lengths.items():
        planes = set(map(hyperplane_of, branch.facets))
        if bends.graph.out_degree(branch) or len(planes) > 1:
            deeper |= planes
        if length == depth - 1:
            first |= planes
    forks = [
        frozenset(hyperplane_of(bends.complex.facets[sheet.facet]) for sheet in star.sheets)
        for star, reading in zip(bends.stars, bends.readings, strict=True)
        if reading.pattern is Pattern.FORK
    ]
    everything = set(map(hyperplane_of, bends.complex.facets))
    open_planes = sorted(everything - first - deeper)
    missing = count - len(first)
    if first & deeper or not 0 <= missing <= len(open_planes):
        return
    for chosen in combinations(open_planes, missing):
        meter.add(1)
        labels = frozenset((*first, *chosen))
        shares = {len(labels & fork) for fork in forks}
        if shares <= ({1} if depth == 2 else {0, 1}):
            yield labels
