"""Vertices, rays and lines by brute force, and what canonical data must look like."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from math import gcd

from polyhedra.presentations import HForm, Vector, added, dot
from tropnet import Polyhedron
from tropnet.exact import nullspace, primitive_vector, rank, row_echelon, solve


def brute_force(form: HForm) -> tuple[list[Vector], list[Vector], list[Vector]]:
    """Vertices, rays and lines: every subset of the rows is solved as equations."""
    width = form.width
    normals = [row[:-1] for row in (*form.inequalities, *form.equations)]
    lines, pivots = row_echelon(nullspace(normals, width))
    slices = [[int(i == j) for i in range(width)] + [0] for j in pivots]
    pointed = HForm(form.inequalities, form.equations + slices, width)
    vertices = sorted({x for x in tight_points(pointed) if pointed.contains(x)})
    if not vertices:
        return [], [], []
    cone = HForm(*([[*row[:-1], 0] for row in rows] for rows in pointed[:2]), width)
    rays = sorted({ray for ray in tight_directions(cone) if cone.contains(ray)})
    return vertices, rays, [tuple(map(Fraction, primitive_vector(line))) for line in lines]


def tight_points(form: HForm) -> Iterator[Vector]:
    """The points that are determined by the equations and some inequalities as equations."""
    for size in range(form.width + 1):
        for subset in combinations(form.inequalities, size):
            tight = [*form.equations, *subset]
            normals = [row[:-1] for row in tight]
            if rank(normals) == form.width:
                point = solve(normals, [row[-1] for row in tight])
                if point is not None:
                    yield point


def tight_directions(form: HForm) -> Iterator[Vector]:
    """The same for the primitive directions determined up to sign, with both signs."""
    for size in range(form.width):
        for subset in combinations(form.inequalities, size):
            kernel = nullspace([row[:-1] for row in (*form.equations, *subset)], form.width)
            if len(kernel) == 1:
                yield tuple(Fraction(entry) for entry in kernel[0])
                yield tuple(Fraction(-entry) for entry in kernel[0])


def check_canonical(P: Polyhedron) -> None:
    """All that the class promises about the form of its data."""
    for row in (*P.inequalities, *P.equations):
        assert all(type(entry) is int for entry in row)
        assert len(row) == P.ambient_dim + 1
        assert gcd(*row) == 1
    assert list(P.inequalities) == sorted(set(P.inequalities))
    assert list(P.vertices) == sorted(set(P.vertices))
    assert list(P.rays) == sorted(set(P.rays))
    for vectors in (P.rays, P.lines):
        assert all(primitive_vector(vector) == vector for vector in vectors)
    for rows, reduced in ((P.equations, P.inequalities), (P.lines, (*P.vertices, *P.rays))):
        echelon, pivots = row_echelon(rows)
        assert [primitive_vector(row) for row in echelon] == [tuple(row) for row in rows]
        assert not any(row[pivot] for row in reduced for pivot in pivots)
    assert P.is_bounded == (not P.rays and not P.lines)
    if P.is_empty:
        assert (P.dim, P.vertices, P.rays, P.lines, P.equations) == (-1, (), (), (), ())
        return
    base = P.vertices[0]
    spanning = [added(vertex, base, -1) for vertex in P.vertices] + [*P.rays, *P.lines]
    assert P.dim == rank(spanning) == P.ambient_dim - len(P.equations)
    # Every inequality is a facet: its face has codimension one.
    for *normal, offset in P.inequalities:
        vertices = [v for v in P.vertices if dot(normal, v) == offset]
        rays = [ray for ray in P.rays if dot(normal, ray) == 0]
        assert vertices
        face = [added(v, vertices[0], -1) for v in vertices] + [*rays, *P.lines]
        assert rank(face) == P.dim - 1
    point = P.interior_point()
    assert P.contains(point)
    assert all(dot(row[:-1], point) < row[-1] for row in P.inequalities)
