"""Facets grouped by the hyperplane that they lie in."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import TypeAlias

from tropnet.exact import Vector, dot
from tropnet.piecewise.cells import order
from tropnet.piecewise.chain import Chain, add
from tropnet.piecewise.facet import Facet, Weight
from tropnet.piecewise.incidence import FaceKey, IntegerRow, face_key
from tropnet.polyhedra import Polyhedron

Hyperplane: TypeAlias = tuple[IntegerRow, Fraction]
"""The primitive normal u and the offset c of the hyperplane u·x = c."""


def hyperplane_of(facet: Facet) -> Hyperplane:
    """The hyperplane of a facet."""
    return facet.normal, facet.offset


def normal_form(facets: Iterable[Facet]) -> tuple[Facet, ...]:
    """Facets sorted by hyperplane and polyhedron, each polyhedron once, without zero weights.

    Cost: only facets that share a hyperplane are compared by their generators.
    """
    result: list[Facet] = []
    for _, group in groupby(sorted(facets, key=hyperplane_of), key=hyperplane_of):
        members = list(group)
        if len(members) > 1:
            members = _merged(members)
        result += (facet for facet in members if any(facet.coefficients))
    return tuple(result)


def chains_by_hyperplane(facets: Iterable[Facet]) -> dict[Hyperplane, Chain]:
    """The weighted sets in the hyperplanes, in the order of the hyperplanes."""
    return {
        hyperplane: Chain((facet.polyhedron, facet.coefficients) for facet in group)
        for hyperplane, group in groupby(sorted(facets, key=hyperplane_of), key=hyperplane_of)
    }


def germs(facets: Iterable[Facet], point: Vector) -> dict[Hyperplane, Chain]:
    """What the weighted sets look like around a point: the tangent cones of the facets there."""
    cones: dict[Hyperplane, list[tuple[Polyhedron, Vector]]] = {}
    for facet in facets:
        if dot(facet.normal, point) == facet.offset and facet.polyhedron.contains(point):
            cone = _tangent_cone(facet.polyhedron, point)
            cones.setdefault(hyperplane_of(facet), []).append((cone, facet.coefficients))
    return {hyperplane: Chain(pieces) for hyperplane, pieces in cones.items()}


def _merged(facets: Iterable[Facet]) -> list[Facet]:
    merged: dict[FaceKey, Facet] = {}
    for facet in facets:
        key = face_key(facet.polyhedron)
        if key in merged:
            total = add(merged[key].coefficients, facet.coefficients)
            weight: Weight = total[0] if isinstance(facet.weight, Fraction) else total
            merged[key] = facet.with_weight(weight)
        else:
            merged[key] = facet
    return sorted(merged.values(), key=lambda facet: order(facet.polyhedron))


def _tangent_cone(polyhedron: Polyhedron, point: Vector) -> Polyhedron:
    rows = [
        row
        for row in polyhedron.inequalities
        if row[-1] == sum(a * b for a, b in zip(row[:-1], point, strict=True))
    ]
    equations = polyhedron.equations
    return Polyhedron.from_inequalities(
        [row[:-1] for row in rows],
        [row[-1] for row in rows],
        ([row[:-1] for row in equations], [row[-1] for row in equations]),
        ambient_dim=polyhedron.ambient_dim,
    )
