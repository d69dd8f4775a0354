"""Decompositions for tests: hand-made functions and complexes, and brute-force readings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from random import Random

from piecewise.complexes import random_forms
from tropnet import (
    Decomposition,
    Facet,
    PolyhedralComplex,
    Polyhedron,
    TropicalPolynomial,
    TropicalRational,
    WeightedComplex,
    break_locus,
    is_convex,
    piecewise_linear,
)
from tropnet.exact import rank, solve
from tropnet.piecewise.function_like import FunctionLike

Ray = tuple[int, int]


def max_0_min_x_y() -> TropicalRational:
    h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    return (h + 0) / h


def fan_complex(weights: dict[Ray, object]) -> WeightedComplex:
    """Rays from the origin of the plane, by primitive vectors."""
    facets = [
        Facet((y, -x), 0, weight, Polyhedron.from_generators([(0, 0)], [(x, y)]))
        for (x, y), weight in weights.items()
    ]
    return WeightedComplex(2, facets)


def two_ways() -> WeightedComplex:
    """A conewise linear function with minimal decompositions into 4 − 3 and 3 − 4 pieces."""
    return fan_complex({(1, 0): 2, (0, 1): 1, (-1, -1): 1, (1, 1): "-1/2", (1, -1): "-1/2"})


def mother_of_all_examples() -> PolyhedralComplex:
    """A triangle in a triangle, with the ring between them cut in a twisted way; not regular.

    De Loera, Rambau and Santos, *Triangulations*, 2010, chapter 2.
    """
    A, B, C, a, b, c = (4, 0), (0, 4), (0, 0), (2, 1), (1, 2), (1, 1)
    outwards = {A: (2, -1), B: (-1, 2), C: (-1, -1)}
    cells = [Polyhedron.from_generators([a, b, c])]
    for P, Q, p, q in ((A, B, a, b), (B, C, b, c), (C, A, c, a)):
        cells += [
            Polyhedron.from_generators([P, Q, q]),
            Polyhedron.from_generators([P, q, p]),
            Polyhedron.from_generators([P, Q], [outwards[P], outwards[Q]]),
        ]
    return PolyhedralComplex(cells)


def random_rational(
    rng: Random, n: int, terms: int = 3, homogeneous: bool = False
) -> TropicalRational:
    parts = []
    for _ in range(2):
        forms = random_forms(rng, n, rng.randint(1, terms))
        constants = [0 if homogeneous else c for _, c in forms]
        parts.append(TropicalPolynomial([a for a, _ in forms], constants))
    return parts[0] / parts[1]


def check(decomposition: Decomposition, f: FunctionLike | WeightedComplex) -> None:
    """g and h are convex, f = g − h, and the numbers of pieces are right: all read off g and h."""
    g, h = decomposition.g, decomposition.h
    assert is_convex(g)
    assert is_convex(h)
    assert decomposition.counts == (len(g.pieces), len(h.pieces))
    if isinstance(f, WeightedComplex):
        assert break_locus(g) - break_locus(h) == f
        assert (g - h)(decomposition.complex.maximal_cells[0].interior_point()) == (0,)
    else:
        assert g - h == piecewise_linear(f)
        p, q = (
            TropicalPolynomial(*terms) for terms in (decomposition.g_terms, decomposition.h_terms)
        )
        assert p.essential() == p
        assert q.essential() == q
        for cell in decomposition.complex.maximal_cells:
            x = cell.interior_point()
            assert (p(x),) == g(x)
            assert (q(x),) == h(x)


def polynomials(decomposition: Decomposition) -> tuple[TropicalPolynomial, TropicalPolynomial]:
    g, h = decomposition.g_terms, decomposition.h_terms
    return TropicalPolynomial(*g), TropicalPolynomial(*h)


def naive_vertices(rows: Sequence[Sequence[int]], dimension: int) -> set[tuple[Fraction, ...]]:
    """The vertices of {y : k·y + c ≥ 0}: solve every square system, keep what is feasible."""
    found = set()
    for chosen in combinations(rows, dimension):
        if dimension and rank([row[:-1] for row in chosen]) == dimension:
            y = solve([row[:-1] for row in chosen], [-row[-1] for row in chosen])
            assert y is not None
            if is_feasible(rows, y):
                found.add(y)
    return found if dimension else {()} if is_feasible(rows, ()) else set()


def is_feasible(rows: Iterable[Sequence[int]], y: Sequence[Fraction]) -> bool:
    return all(sum(a * b for a, b in zip(row, y, strict=False)) + row[-1] >= 0 for row in rows)
