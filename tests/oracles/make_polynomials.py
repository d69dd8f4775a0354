"""Write ``polynomials.json``: the tropical polynomials that are put to polymake and gfan.

Run ``python -m oracles.make_polynomials`` in ``tests``.  Every polynomial is max-plus, p(x) = max_i
(c_i + a_i·x), with distinct integer exponents a_i (polymake takes no others) and rational c_i.
The random ones have fixed seeds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

POLYNOMIALS = Path(__file__).with_name("polynomials.json")


class Polynomial(NamedTuple):
    """A max-plus polynomial: a row of exponents and a coefficient for each monomial."""

    exponents: list[tuple[int, ...]]
    coefficients: list[Fraction]

    @property
    def variables(self) -> int:
        return len(self.exponents[0])


def read_polynomials() -> dict[str, Polynomial]:
    """The polynomials of the file, by name."""
    return {
        entry["name"]: to_polynomial(entry)
        for entry in json.loads(POLYNOMIALS.read_text())["polynomials"]
    }


def to_polynomial(entry: dict[str, Any]) -> Polynomial:
    """A polynomial from its JSON object."""
    return Polynomial(
        [tuple(row) for row in entry["exponents"]],
        [Fraction(text) for text in entry["coefficients"]],
    )


def to_plain(p: Polynomial) -> dict[str, Any]:
    """A polynomial as a JSON object."""
    return {
        "exponents": [list(row) for row in p.exponents],
        "coefficients": [str(c) for c in p.coefficients],
    }


def random_polynomial(
    variables: int,
    monomials: int,
    seed: int,
    exponents: tuple[int, int] = (0, 10),
    coefficients: Sequence[Fraction | int] = range(-50, 51),
) -> Polynomial:
    """Distinct random exponents in a cube, random coefficients from a list."""
    random = Random(seed)
    rows: dict[tuple[int, ...], None] = {}
    while len(rows) < monomials:
        rows[tuple(random.randint(*exponents) for _ in range(variables))] = None
    return Polynomial(list(rows), [Fraction(random.choice(coefficients)) for _ in rows])


def generic(variables: int, monomials: int) -> Polynomial:
    """Exponents up to 10 and coefficients in ±50.

    For 200 monomials in 2 variables the exponents go up to 20: only 121 are at most 10.
    """
    return random_polynomial(variables, monomials, 100 * variables + monomials, _cube(monomials))


def _cube(monomials: int) -> tuple[int, int]:
    return (0, 20) if monomials == 200 else (0, 10)


def polynomial(*terms: tuple[int | str, Sequence[int]]) -> Polynomial:
    return Polynomial([tuple(a) for _, a in terms], [Fraction(c) for c, _ in terms])


def _bias_free(exponents: Iterable[Sequence[int]]) -> Polynomial:
    rows = sorted({tuple(row) for row in exponents})
    return Polynomial(rows, [Fraction(0)] * len(rows))


def embedded(p: Polynomial, basis: Sequence[Sequence[int]], origin: Sequence[int]) -> Polynomial:
    """The exponents moved to origin + a·basis: p(Bx) plus a linear form."""
    rows = [
        tuple(
            start + sum(e * vector[k] for e, vector in zip(row, basis, strict=True))
            for k, start in enumerate(origin)
        )
        for row in p.exponents
    ]
    return Polynomial(rows, p.coefficients)


def unit(n: int, i: int, length: int = 1) -> tuple[int, ...]:
    return tuple(length * (k == i) for k in range(n))


def formal_product(factors: Iterable[Polynomial]) -> Polynomial:
    """The tropical product, formally: equal exponents merged, nothing pruned."""
    terms: dict[tuple[int, ...], Fraction] | None = None
    for factor in factors:
        new: dict[tuple[int, ...], Fraction] = {}
        for a, c in zip(factor.exponents, factor.coefficients, strict=True):
            for b, d in terms.items() if terms is not None else [((0,) * len(a), Fraction(0))]:
                row = tuple(x + y for x, y in zip(a, b, strict=True))
                new[row] = max(new.get(row, c + d), c + d)
        terms = new
    assert terms is not None
    return Polynomial(list(terms), list(terms.values()))


def _function(exponents: Iterable[tuple[int, ...]], lift: object) -> Polynomial:
    rows = list(exponents)
    return Polynomial(rows, [Fraction(lift(row)) for row in rows])  # type: ignore[operator]


def make_polynomials() -> dict[str, tuple[str, Polynomial]]:
    """Name, what is special about it, polynomial."""
    grid = list(product(range(-3, 4), repeat=2))
    thirds = [Fraction(k, d) for d in (3, 7, 11) for k in range(-40, 41)]
    braid = [
        polynomial((0, unit(4, i)), (0, unit(4, j))) for i in range(4) for j in range(i + 1, 4)
    ]
    return {
        "generic-3-60": ("generic", generic(3, 60)),
        "generic-2-200": ("generic, most monomials redundant", generic(2, 200)),
        "generic-4-30": ("generic", generic(4, 30)),
        "generic-5-40": ("generic", generic(5, 40)),
        "rational-3-25": (
            "coefficients with denominators 3, 7 and 11",
            random_polynomial(3, 25, 1, (0, 6), thirds),
        ),
        "line": (
            "max(0, x, y): the tropical line",
            polynomial((0, (0, 0)), (0, (1, 0)), (0, (0, 1))),
        ),
        "honeycomb-2-15": (
            "degree 4 with a unimodular triangulation",
            _function(
                [(i, j) for i in range(5) for j in range(5 - i)],
                lambda a: -(a[0] ** 2 + a[0] * a[1] + a[1] ** 2),
            ),
        ),
        "equal-coefficients-3-40": (
            "coefficients 0 and 1 only",
            random_polynomial(3, 40, 2, (0, 4), (0, 1)),
        ),
        "equal-coefficients-2-25": (
            "coefficients 0 and 1 only, a whole square of exponents",
            random_polynomial(2, 25, 3, (0, 4), (0, 1)),
        ),
        "equal-coefficients-4-30": (
            "coefficients 0, 1 and 2 only, exponents at most 2",
            random_polynomial(4, 30, 4, (0, 2), (0, 1, 2)),
        ),
        "pyramid-2-49": (
            "c = -|a_1| - |a_2|: four big cells, most monomials on the hull without being vertices;"
            " negative exponents",
            _function(grid, lambda a: -abs(a[0]) - abs(a[1])),
        ),
        "touching-2-6": (
            "redundant monomials: inside a cell, inside an edge, below the hull",
            polynomial(
                (0, (0, 0)), (0, (3, 0)), (0, (0, 3)), (0, (1, 1)), (0, (2, 1)), (-5, (1, 0))
            ),
        ),
        "below-3-12": (
            "a simplex and eight monomials strictly below it",
            Polynomial(
                [(0, 0, 0), (9, 0, 0), (0, 9, 0), (0, 0, 9)]
                + [(1 + i, 1 + j, 1 + k) for i, j, k in product(range(2), repeat=3)],
                [Fraction(0)] * 4 + [Fraction(-1, 1 + k) for k in range(8)],
            ),
        ),
        "skew-3-3": (
            "max(0, x + y, x - y + z): three half-planes through one line",
            polynomial((0, (0, 0, 0)), (0, (1, 1, 0)), (0, (1, -1, 1))),
        ),
        "prism-3-12": (
            "exponents in a plane: the hypersurface is a curve times a line",
            embedded(random_polynomial(2, 12, 5, (0, 4)), [(1, 2, 0), (0, 1, 3)], (1, 0, 2)),
        ),
        "lineality-4-15": (
            "exponents in a plane of R^4 whose lattice is not saturated, negative exponents",
            embedded(
                random_polynomial(2, 15, 6, (-3, 3), range(-9, 10)),
                [(1, 1, 0, -2), (1, -1, 2, 0)],
                (0, 1, 0, -1),
            ),
        ),
        "lineality-5-20": (
            "a three-dimensional Newton polytope in R^5",
            embedded(
                random_polynomial(3, 20, 7, (0, 3), range(-6, 7)),
                [(1, 0, 1, 0, 1), (0, 2, 0, -1, 1), (0, 0, 1, 1, 3)],
                (0, 0, 0, 3, 0),
            ),
        ),
        "braid-4": (
            "the product of max(x_i, x_j): six hyperplanes, lineality (1, 1, 1, 1)",
            formal_product(braid),
        ),
        "monomial-1": ("one monomial in one variable", polynomial(("5/2", (3,)))),
        "monomial-3": ("one monomial", polynomial(("-1/3", (2, 0, 5)))),
        "constant-2": ("one monomial, a constant", polynomial((4, (0, 0)))),
        "univariate-12": (
            "one variable: three points of weights 2, 4 and 12, rational coefficients",
            random_polynomial(1, 12, 8, (-4, 15), [Fraction(k, 2) for k in range(-20, 21)]),
        ),
        "univariate-concave": (
            "one variable: every monomial essential, equal weights",
            _function([(3 * k,) for k in range(-3, 4)], lambda a: -a[0] * a[0]),
        ),
        "univariate-flat": (
            "max(0, x, 2x, 7x): one point of weight 7",
            _bias_free([[0], [1], [2], [7]]),
        ),
        "binomial-3": ("two monomials, weight 6", polynomial((1, (7, 1, 0)), ("3/4", (1, -5, 12)))),
        "collinear-3": (
            "collinear exponents: four parallel planes of weights 2 and 4; one monomial redundant",
            Polynomial(
                [(2 * k, -4 * k, 6 * k + 1) for k in (0, 1, 2, 3, 5, 6)],
                [Fraction(c) for c in (0, 3, 4, 5, 4, -7)],
            ),
        ),
        "bias-free-3-20": (
            "all coefficients 0: the normal fan of the Newton polytope",
            _bias_free(random_polynomial(3, 20, 9, (0, 6)).exponents),
        ),
        "bias-free-4-16": (
            "all coefficients 0, exponents in {0, 1, 2}",
            _bias_free(random_polynomial(4, 16, 10, (0, 2)).exponents),
        ),
        "cross-5": (
            "max of ±x_i: the normal fan of the cross-polytope in R^5",
            _bias_free([unit(5, i, sign) for i in range(5) for sign in (1, -1)]),
        ),
        "simplex-5": (
            "a dilated simplex in R^5, all weights 3, and its centroid below the hull",
            Polynomial(
                [(0,) * 5] + [unit(5, i, 3) for i in range(5)] + [(1, 1, 0, 0, 0)],
                [Fraction(0)] + [Fraction(k * k) for k in range(5)] + [Fraction(-1)],
            ),
        ),
        "negative-2-18": (
            "negative exponents only, and coefficients far apart",
            random_polynomial(2, 18, 11, (-9, -1), [-(10**9), -1, 0, 1, 10**9]),
        ),
        "negative-3-20": ("exponents of both signs", random_polynomial(3, 20, 12, (-4, 4))),
        "weights-2-15": (
            "exponents in 12·Z^2: all weights divisible by 12",
            embedded(random_polynomial(2, 15, 13, (0, 5)), [(12, 0), (0, 12)], (1, 2)),
        ),
        "weights-3-18": (
            "exponents in the lattice of (6, 0, 0), (0, 10, 0), (3, 5, 15): weights vary",
            embedded(
                random_polynomial(3, 18, 14, (0, 3), range(-8, 9)),
                [(6, 0, 0), (0, 10, 0), (3, 5, 15)],
                (0, 0, 0),
            ),
        ),
        "grid-2": (
            "a sum of one convex function of x and one of y: parallel facets, only 4-valent points",
            _function(
                product(range(5), range(4)),
                lambda a: -Fraction(a[0] * (a[0] - 1), 2) - Fraction(a[1] ** 2, 3),
            ),
        ),
        "arrangement-3": (
            "a product of binomials: seven planes, some parallel, some through one line",
            formal_product(
                [
                    polynomial((0, (0, 0, 0)), (0, (1, 0, 0))),
                    polynomial((0, (0, 0, 0)), (-2, (2, 0, 0))),
                    polynomial((0, (0, 0, 0)), (0, (0, 1, 0))),
                    polynomial((0, (0, 0, 0)), (0, (1, 1, 0))),
                    polynomial((0, (0, 0, 0)), (0, (0, 0, 3))),
                    polynomial((0, (0, 0, 0)), (5, (0, 0, 1))),
                    polynomial((0, (1, 0, 0)), (0, (0, 1, 1))),
                ]
            ),
        ),
    }


def main() -> None:
    entries = [
        {"name": name, "special": special} | to_plain(p)
        for name, (special, p) in make_polynomials().items()
    ]
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    POLYNOMIALS.write_text(
        '{"made by": "tests/oracles/make_polynomials.py",\n"polynomials": [\n' + lines + "\n]}\n"
    )


if __name__ == "__main__":
    main()
