"""Finds cells through which the first of two hidden layers must have hyperplanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tropnet.certificates.exclusions.uncovered_cells import (
    UncoveredCells,
    UnevenCell,
    can_cover,
)
from tropnet.errors import CertificateError
from tropnet.exact import nullspace
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.inner_points import point_in
from tropnet.piecewise.stars import Star, stars
from tropnet.piecewise.weighted_complex import WeightedComplex

# The network's own neurons may switch at a point; others are tried then.
_CHOICES = 16

# Leaving out a cell only makes the proof shorter.
_FEW_STEPS = 1_000


def uncovered_cells(X: WeightedComplex, net: ReLUNetwork) -> UncoveredCells | None:
    """Cells that need as many hyperplanes as all such cells of a break locus do.

    Args:
        X: The break locus of the network's function, in canonical form.
        net: The network, by which the proof is checked.

    Returns:
        The cells, few of them; None if the function has one hidden layer near every point.
    """
    found = list(uneven_cells(X, net))
    if not found:
        return None
    count = 1
    while not can_cover([cell.flat for cell in found], count):
        count += 1
    return UncoveredCells(tuple(_needed(found, count)), count)


def uneven_cells(X: WeightedComplex, net: ReLUNetwork) -> Iterator[UnevenCell]:
    """The uneven cells of a break locus, one in each flat."""
    if X.ambient_dim < 2:
        return
    seen = set()
    for star in stars(X.facets):
        ray = _uneven_ray(star, X.facets)
        if ray is None or star.cell.equations in seen:
            continue
        equations = [row[:-1] for row in star.cell.equations]
        lines = nullspace(equations, X.ambient_dim)
        for choice in range(_CHOICES):
            cell = UnevenCell(point_in(star.cell, choice), lines, star.direction(ray))
            try:
                cell.verify(net)
            except CertificateError:
                continue
            seen.add(star.cell.equations)
            yield cell
            break


def _uneven_ray(star: Star, facets: Sequence[Facet]) -> int | None:
    """A sheet of a star whose weight is not that of the opposite sheet, if there is one."""
    weights = {sheet.ray: facets[sheet.facet].weight for sheet in star.sheets}
    for number, sheet in enumerate(star.sheets):
        a, b = sheet.ray
        if weights.get((-a, -b)) != facets[sheet.facet].weight:
            return number
    return None


def _needed(cells: Sequence[UnevenCell], count: int) -> list[UnevenCell]:
    """As few of the cells as still need so many hyperplanes, no one of them being dispensable."""
    kept = list(cells)
    for cell in cells:
        others = [other for other in kept if other is not cell]
        if not can_cover([other.flat for other in others], count - 1, _FEW_STEPS):
            kept = others
    return kept
