"""Tropical functions as piecewise linear ones: domains of linearity and weighted facets."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tropnet.piecewise import Facet
from tropnet.piecewise.affine_cells import (
    AffineCell,
    check_domain,
    common_cells,
    cut_to,
    full_dimensional,
    scaled_cell,
    summed_cell,
)
from tropnet.piecewise.incidence import slack
from tropnet.polyhedra import Polyhedron
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.rational import TropicalRational


def polynomial_cells(
    polynomial: TropicalPolynomial, domain: Polyhedron | None
) -> Iterator[AffineCell]:
    """The domains of linearity: where each essential monomial is the largest."""
    check_domain(domain, polynomial.variables)
    p = polynomial.essential()
    coefficients = dict(zip(p.exponents, p.coefficients, strict=True))
    cells = (
        AffineCell(cell.dual, cell.exponents, (coefficients[cell.exponents[0]],))
        for cell in p.regular_subdivision().cells[0]
    )
    return cut_to(cells, domain)


def rational_cells(function: TropicalRational, domain: Polyhedron | None) -> Iterator[AffineCell]:
    """The intersections of the domains of linearity of numerator and denominator."""
    top = list(polynomial_cells(function.numerator, domain))
    bottom = list(polynomial_cells(function.denominator, domain))
    for part, over, under in common_cells(top, bottom):
        yield summed_cell(part, over, scaled_cell(under, Fraction(-1)))


def polynomial_facets(polynomial: TropicalPolynomial, domain: Polyhedron | None) -> Iterator[Facet]:
    """The facets of the hypersurface in the interior of a domain, cut to it."""
    check_domain(domain, polynomial.variables)
    full_dimensional(domain, "break_facets")
    for facet in polynomial.hypersurface().facets:
        if domain is None:
            yield facet
            continue
        part = facet.polyhedron.intersection(domain)
        if part.dim == facet.polyhedron.dim and not _in_boundary(part, domain):
            yield Facet(facet.normal, facet.offset, facet.weight, part)


def rational_facets(function: TropicalRational, domain: Polyhedron | None) -> Iterator[Facet]:
    """The facets of the numerator, and those of the denominator with the opposite weights."""
    yield from polynomial_facets(function.numerator, domain)
    for facet in polynomial_facets(function.denominator, domain):
        yield facet.with_weight(-facet.coefficients[0])


def _in_boundary(part: Polyhedron, domain: Polyhedron) -> bool:
    generators = (*part.generators, *((*map(int, line), 0) for line in part.lines))
    return any(
        not any(slack(row, generator) for generator in generators) for row in domain.inequalities
    )
