"""The canonical form of both descriptions of a non-empty polyhedron, from any double description.

Everything irredundant is recognised by incidence alone: a row is a facet iff the set of generators
on it is largest, a generator is extreme iff the set of facets it lies on is largest.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import flint

from tropnet.exact import Vector, row_echelon
from tropnet.polyhedra.double_description import (
    DoubleDescription,
    IntegerRow,
    homogeneous,
    residue,
)


def incidences(rows: Sequence[IntegerRow], generators: Sequence[IntegerRow]) -> list[int]:
    """For each homogeneous row the generators on it, as bit sets."""
    if not rows or not generators:
        return [0] * len(rows)
    values = flint.fmpz_mat(rows) * flint.fmpz_mat(generators).transpose()
    return [sum(1 << i for i, value in enumerate(here) if value == 0) for here in values.tolist()]


def canonical_facets(
    description: DoubleDescription, equations: Sequence[IntegerRow]
) -> tuple[IntegerRow, ...]:
    """The facets as rows a·x ≤ b: reduced modulo the equations c·x = d of the hull, sorted."""
    generators = description.generators
    vertices = sum(1 << i for i, generator in enumerate(generators) if generator[-1])
    everything = (1 << len(generators)) - 1
    tight: dict[int, IntegerRow] = {}
    rows = description.inequalities
    for row, on in zip(rows, incidences(rows, generators), strict=True):
        # Tight everywhere is an equation; tight at no vertex is a face at infinity.
        if on != everything and on & vertices:
            tight.setdefault(on, row)
    facets = [tight[on] for on in _largest(list(tight))]
    echelon, pivots = row_echelon([homogeneous(row) for row in equations])
    return tuple(sorted(homogeneous(residue(row, echelon, pivots)) for row in facets))


def canonical_generators(
    generators: Sequence[IntegerRow],
    lines: Sequence[Vector],
    facets: Sequence[IntegerRow],
) -> tuple[IntegerRow, ...]:
    """The extreme generators, reduced modulo the lines: vertices by coordinates, then rays.

    The smallest face around a generator contains an extreme one, so a generator is extreme iff no
    other lies on all the facets that it lies on (the face at infinity included).  Of several with
    equal sets none is extreme, and the extreme one in their face has a larger set.
    """
    echelon, pivots = row_echelon([(*line, Fraction(0)) for line in lines])
    # Reduced generators span a pointed cone; what the lines generate becomes zero.
    distinct = {residue(row, echelon, pivots) for row in generators}
    distinct.discard((0,) * len(generators[0]))
    rows = [*(homogeneous(row) for row in facets), (0,) * (len(generators[0]) - 1) + (1,)]
    candidates = sorted(distinct)
    on_facets = dict(zip(incidences(candidates, rows), candidates, strict=True))
    extreme = [on_facets[on] for on in _largest(list(on_facets))]
    vertices = sorted(
        (row for row in extreme if row[-1]),
        key=lambda row: [Fraction(entry, row[-1]) for entry in row[:-1]],
    )
    return (*vertices, *sorted(row for row in extreme if not row[-1]))


def _largest(sets: Sequence[int]) -> list[int]:
    """The bit sets that no other contains."""
    return [one for one in sets if not any(one != other and one & other == one for other in sets)]
