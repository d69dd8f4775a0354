"""The tropical hypersurface from its definition, one linear program for each pair of monomials.

Slow and simple, and free of tropnet: fractions and cddlib only.  It judges the answers of polymake
and gfan.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd
from typing import NamedTuple

import cdd.gmp

from oracles.make_polynomials import Polynomial

Row = Sequence[Fraction]


class Hypersurface(NamedTuple):
    """What there is to compare.

    `facets` are frozensets of monomials: all those that attain the maximum on the whole facet.
    `weights` are theirs, in the same order.  `minimal_cells` are the cells of dimension
    `lineality`, the vertices if that is 0, as sets of the same kind.  `redundant` monomials are no
    vertices of the upper hull; the maximum is attained somewhere by those that are `touching` too.
    """

    facets: tuple[frozenset[int], ...]
    weights: tuple[int, ...]
    minimal_cells: frozenset[frozenset[int]]
    lineality: int
    redundant: tuple[int, ...]
    touching: tuple[int, ...]


class Generators(NamedTuple):
    """The polyhedron (convex hull of points) + (cone of rays) + (span of lines)."""

    points: Sequence[Row]
    rays: Sequence[Row]
    lines: Sequence[Row]


def brute_force(p: Polynomial) -> Hypersurface:
    """Facets, weights, minimal cells, lineality and redundant monomials of X_p."""
    count = len(p.exponents)
    facets: dict[frozenset[int], int] = {}
    for i, j in combinations(range(count), 2):
        active = _active_on_facet(p, i, j)
        if active is not None:
            facets[active] = max(
                gcd(*(a - b for a, b in zip(p.exponents[k], p.exponents[m], strict=True)))
                for k, m in combinations(active, 2)
            )
    essential, touching = set(), set()
    for i in range(count):
        others = [_difference(p, i, k) for k in range(count) if k != i]
        slack = _largest_slack(others, [])
        if slack is not None and slack > 0:
            essential.add(i)
        elif slack == 0:
            touching.add(i)
    order = sorted(facets, key=sorted)
    return Hypersurface(
        tuple(order),
        tuple(facets[active] for active in order),
        frozenset(_minimal_cells(p, order)),
        p.variables - _rank(_difference(p, 0, k)[1:] for k in range(1, count)),
        tuple(sorted(set(range(count)) - essential)),
        tuple(sorted(touching)),
    )


def _difference(p: Polynomial, i: int, k: int) -> list[Fraction]:
    """p_i − p_k as a row (constant, gradient)."""
    gradient = [Fraction(a - b) for a, b in zip(p.exponents[i], p.exponents[k], strict=True)]
    return [p.coefficients[i] - p.coefficients[k], *gradient]


def _active_on_facet(p: Polynomial, i: int, j: int) -> frozenset[int] | None:
    """The monomials equal to p_i and p_j on {p_i = p_j}, if both are maximal on a facet there."""
    equation = _difference(p, i, j)
    active, others = {i, j}, []
    for k in range(len(p.exponents)):
        if k not in active:
            row = _difference(p, i, k)
            if _rank([equation, row]) == 1:
                active.add(k)
            else:
                others.append(row)
    slack = _largest_slack(others, [equation])
    return frozenset(active) if slack is not None and slack > 0 else None


def _largest_slack(rows: Iterable[Row], equations: Iterable[Row]) -> Fraction | None:
    """The largest t ≤ 1 with row(x) ≥ t for all rows, equation(x) = 0; None if there is t < 0 only.

    Rows are (constant, gradient); t ≥ 0 is demanded.
    """
    equations, rows = list(equations), list(rows)
    size = len((rows + equations)[0]) if rows or equations else 1
    system = [[*row, Fraction(-1)] for row in rows]
    system.append([Fraction(1)] + [Fraction(0)] * (size - 1) + [Fraction(-1)])
    system.append([Fraction(0)] * size + [Fraction(1)])
    linear = range(len(system), len(system) + len(equations))
    system += [[*row, Fraction(0)] for row in equations]
    matrix = cdd.gmp.matrix_from_array(
        system,
        lin_set=set(linear),
        rep_type=cdd.RepType.INEQUALITY,
        obj_type=cdd.LPObjType.MAX,
        obj_func=[Fraction(0)] * size + [Fraction(1)],
    )
    program = cdd.gmp.linprog_from_matrix(matrix)
    cdd.gmp.linprog_solve(program)
    if program.status != cdd.LPStatusType.OPTIMAL:
        return None
    return Fraction(program.obj_value)


def facet_generators(p: Polynomial, active: frozenset[int]) -> Generators:
    """The facet on which some monomials attain the maximum, converted on its own."""
    i, j, *_ = sorted(active)
    others = [_difference(p, i, k) for k in range(len(p.exponents)) if k not in active]
    matrix = cdd.gmp.matrix_from_array(
        [*others, _difference(p, i, j)], lin_set={len(others)}, rep_type=cdd.RepType.INEQUALITY
    )
    cdd.gmp.matrix_redundancy_remove(matrix)
    found = cdd.gmp.copy_generators(cdd.gmp.polyhedron_from_matrix(matrix))
    lines = [row[1:] for k, row in enumerate(found.array) if k in found.lin_set]
    others = [row for k, row in enumerate(found.array) if k not in found.lin_set]
    points = [row[1:] for row in others if row[0] != 0]
    rays = [row[1:] for row in others if row[0] == 0]
    # cddlib does not list the apex of a cone, which is the origin.
    return Generators(points or [[Fraction(0)] * p.variables], rays, lines)


def _minimal_cells(p: Polynomial, facets: Iterable[frozenset[int]]) -> Iterable[frozenset[int]]:
    """The active sets at the vertices of the facets.

    With lineality a vertex that cddlib gives is one point of a minimal cell; its active set names
    the cell.
    """
    for active in facets:
        for x in facet_generators(p, active).points:
            yield _active_at(p, x)


def _active_at(p: Polynomial, x: Row) -> frozenset[int]:
    values = [
        c + sum((a * y for a, y in zip(row, x, strict=True)), Fraction(0))
        for row, c in zip(p.exponents, p.coefficients, strict=True)
    ]
    largest = max(values)
    return frozenset(k for k, value in enumerate(values) if value == largest)


def _rank(rows: Iterable[Row]) -> int:
    remaining, rank = [list(row) for row in rows], 0
    while remaining:
        pivot_row = remaining.pop()
        column = next((k for k, value in enumerate(pivot_row) if value), None)
        if column is None:
            continue
        rank += 1
        for row in remaining:
            factor = row[column] / pivot_row[column]
            for k, value in enumerate(pivot_row):
                row[k] -= factor * value
    return rank
