"""Weighted complexes for tests: hand-made, random, refined; and a brute-force reading of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd
from random import Random

from tropnet.piecewise import Facet, WeightedComplex
from tropnet.polyhedra import Polyhedron

Row = tuple[int, ...]
Form = tuple[Sequence[int], int]


def ray(normal: Row, direction: Row, weight: object = 1) -> Facet:
    return Facet(normal, 0, weight, Polyhedron.from_generators([(0, 0)], rays=[direction]))


def max_0_x_y(weight: object = 1) -> WeightedComplex:
    return WeightedComplex(
        2, [ray((1, 0), (0, -1), weight), ray((0, 1), (-1, 0)), ray((1, -1), (1, 1))]
    )


def facet(normal: Row, offset: object, weight: object, rows: Sequence[Row] = ()) -> Facet:
    """The facet cut out of a hyperplane by rows (a, b) that mean a·x ≤ b."""
    return Facet(normal, offset, weight, hyperplane(normal, offset, rows))


def hyperplane(normal: Row, offset: object, rows: Sequence[Row] = ()) -> Polyhedron:
    return Polyhedron.from_inequalities(
        [row[:-1] for row in rows], [row[-1] for row in rows], ([normal], [offset])
    )


def half_spaces(row: Row, n: int) -> list[Polyhedron]:
    return [
        Polyhedron.from_inequalities([[s * a for a in row[:-1]]], [s * row[-1]], ambient_dim=n)
        for s in (1, -1)
    ]


def split(polyhedron: Polyhedron, row: Row) -> list[Polyhedron]:
    """The parts of full dimension on both sides of a hyperplane."""
    parts = [polyhedron.intersection(half) for half in half_spaces(row, len(row) - 1)]
    full = [part for part in parts if part.dim == polyhedron.dim]
    return full if len(full) == 2 and full[0] != full[1] else [polyhedron]


def primitive(vector: Sequence[int]) -> tuple[Row, int]:
    divisor = gcd(*vector)
    return tuple(entry // divisor for entry in vector), divisor


def random_row(rng: Random, n: int, size: int = 2) -> Row:
    while True:
        row = tuple(rng.randint(-size, size) for _ in range(n))
        if any(row):
            return (*row, rng.randint(-size, size))


def random_weight(rng: Random) -> Fraction:
    return Fraction(rng.choice((-3, -2, -1, 1, 2, 3)), rng.choice((1, 1, 2)))


def hypersurface(forms: Iterable[Form]) -> WeightedComplex:
    """Where max over (a, c) of a·x + c breaks: a pair of forms at a time, by definition."""
    distinct = sorted({(tuple(a), c) for a, c in forms})
    n = len(distinct[0][0])
    found: dict[Polyhedron, tuple[Row, Fraction, int]] = {}
    for (a, c), (b, d) in combinations(distinct, 2):
        if a == b:
            continue
        normal, length = primitive([p - q for p, q in zip(a, b, strict=True)])
        rows = [(*(p - q for p, q in zip(e, a, strict=True)), c - f) for e, f in distinct]
        cell = hyperplane(normal, Fraction(d - c, length), rows)
        # Of several pairs with one cell the longest dual edge counts.
        if cell.dim == n - 1 and length > found.get(cell, ((), 0, 0))[2]:
            found[cell] = normal, Fraction(d - c, length), length
    return WeightedComplex(n, [Facet(u, s, w, cell) for cell, (u, s, w) in found.items()])


def random_forms(rng: Random, n: int, count: int) -> list[Form]:
    return [(tuple(rng.randint(0, 3) for _ in range(n)), rng.randint(-3, 3)) for _ in range(count)]


def random_hypersurface(rng: Random, n: int) -> WeightedComplex:
    return hypersurface(random_forms(rng, n, rng.randint(2, 5)))


def balanced_complex(rng: Random, n: int) -> WeightedComplex:
    """The break locus of a difference of maxima and an arrangement, facets overlapping."""
    X = random_hypersurface(rng, n) - random_weight(rng) * random_hypersurface(rng, n)
    return X + arrangement(rng, n, rng.randint(0, 2))


def arrangement(rng: Random, n: int, count: int) -> WeightedComplex:
    """Hyperplanes with a weight each, cut up by one another."""
    rows = [random_row(rng, n) for _ in range(count)]
    facets = []
    for row in rows:
        normal, divisor = primitive(row[:-1])
        offset, weight = Fraction(row[-1], divisor), random_weight(rng)
        parts = [hyperplane(normal, offset)]
        for other in rows:
            parts = [piece for part in parts for piece in split(part, other)]
        facets += [Facet(normal, offset, weight, part) for part in parts]
    return WeightedComplex(n, facets)


def wild_complex(rng: Random, n: int, weights: int = 0) -> WeightedComplex:
    """Facets at random in few hyperplanes: overlapping, unbalanced, seldom face to face."""
    planes = [random_row(rng, n, 1) for _ in range(rng.randint(1, 2))]
    facets = []
    for _ in range(rng.randint(1, 5)):
        row = rng.choice(planes)
        normal, divisor = primitive(row[:-1])
        offset = Fraction(row[-1], divisor)
        part = hyperplane(normal, offset)
        for cut in (random_row(rng, n, 1) for _ in range(rng.randint(0, 3))):
            part = rng.choice(split(part, cut))
        value = tuple(random_weight(rng) for _ in range(weights))
        facets.append(Facet(normal, offset, value or random_weight(rng), part))
    return WeightedComplex(n, facets)


def refined(X: WeightedComplex, rng: Random, cuts: int = 3) -> WeightedComplex:
    """The same weighted set: facets cut at random, and some that cancel each other."""
    facets = list(X.facets)
    for _ in range(cuts if facets else 0):
        old = facets.pop(rng.randrange(len(facets)))
        parts = split(old.polyhedron, random_row(rng, X.ambient_dim))
        facets += [Facet(old.normal, old.offset, old.weight, part) for part in parts]
    if facets:  # add one facet in some parts and take it away in others
        old = rng.choice(facets)
        for facet_ in (old, (-WeightedComplex(X.ambient_dim, [old])).facets[0]):
            parts = split(old.polyhedron, random_row(rng, X.ambient_dim))
            facets += [Facet(old.normal, old.offset, facet_.weight, part) for part in parts]
    return WeightedComplex(X.ambient_dim, facets)


def brute_weights(
    X: WeightedComplex, Y: WeightedComplex
) -> list[tuple[tuple[Fraction, ...], object, object]]:
    """A point of each cell of each hyperplane, cut by all facets, with the weights of X and Y."""
    cuts: dict[tuple[Row, Fraction], set[Row]] = {}
    for part in (*X.facets, *Y.facets):
        key = part.normal, part.offset
        cuts.setdefault(key, set()).update(part.polyhedron.inequalities)
    answer = []
    for (normal, offset), rows in sorted(cuts.items()):
        cells = [hyperplane(normal, offset)]
        for row in sorted(rows):
            cells = [piece for cell in cells for piece in split(cell, row)]
        for cell in cells:
            point = cell.interior_point()
            values = [_sum(Z, normal, offset, point) for Z in (X, Y)]
            answer.append((point, *values))
    return answer


def _sum(X: WeightedComplex, normal: Row, offset: Fraction, point: Sequence[Fraction]) -> object:
    width = X.output_dim or 1
    total = [Fraction(0)] * width
    for part in X.facets:
        if (part.normal, part.offset) == (normal, offset) and part.polyhedron.contains(point):
            total = [a + b for a, b in zip(total, part.coefficients, strict=True)]
    return tuple(total)
