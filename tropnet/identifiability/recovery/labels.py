"""Which hyperplanes of a break locus belong to the first of two hidden layers.

In a transversal network all facets in one hyperplane belong to one layer: a neuron of the second
layer has a hyperplane of the first one in common with no facet.  The stars of the break locus say
which (see `certificates.star_pattern`).  Where a neuron bends, it is one of the second layer, at
one of the first; where three facets meet whose weights agree in sign, one of them, it is not known
which, belongs to the first layer; crossings say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from tropnet.certificates.budget import Meter
from tropnet.certificates.star_pattern import Pattern
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.hyperplanes import Hyperplane, hyperplane_of


def labellings(bends: BendGraph, count: int, meter: Meter) -> Iterator[frozenset[Hyperplane]]:
    """The sets of so many hyperplanes that can be those of the first hidden layer.

    Args:
        bends: The stars of a break locus and their readings.
        count: The width of the first hidden layer.
        meter: Counts the sets looked at.
    """
    facets = bends.complex.facets
    first: set[Hyperplane] = set()
    second: set[Hyperplane] = set()
    forks: set[frozenset[Hyperplane]] = set()
    for star, reading in zip(bends.stars, bends.readings, strict=True):
        planes = [hyperplane_of(facets[sheet.facet]) for sheet in star.sheets]
        if reading.pattern is Pattern.IMPOSSIBLE:
            return
        if reading.pattern is Pattern.BEND:
            first.update(planes[i] for i in reading.straight)
            second.update(planes[i] for i in reading.bent)
        if reading.pattern is Pattern.FORK:
            forks.add(frozenset(planes))
    everything = set(map(hyperplane_of, facets))
    open_planes = sorted(everything - first - second)
    missing = count - len(first)
    if first & second or not 0 <= missing <= len(open_planes):
        return
    for chosen in combinations(open_planes, missing):
        meter.add(1)
        labels = frozenset((*first, *chosen))
        if all(len(labels & fork) == 1 for fork in forks):
            yield labels
