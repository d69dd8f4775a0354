"""Write ``rational_functions.json``: the tropical rational functions that are put to polymake.

Run ``python -m oracles.make_rational_functions`` in ``tests``.  Every function is p − q for
max-plus polynomials p and q as in `make_polynomials`.  The random ones have fixed seeds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

from oracles.answers import FOLDER
from oracles.make_polynomials import (
    Polynomial,
    embedded,
    formal_product,
    polynomial,
    random_polynomial,
    to_plain,
    to_polynomial,
    unit,
)

RATIONAL_FUNCTIONS = FOLDER / "rational_functions.json"


class RationalFunction(NamedTuple):
    """The function numerator − denominator."""

    numerator: Polynomial
    denominator: Polynomial

    @property
    def variables(self) -> int:
        return self.numerator.variables


def read_rational_functions() -> dict[str, RationalFunction]:
    """The functions of the file, by name."""
    return {
        entry["name"]: RationalFunction(
            to_polynomial(entry["numerator"]), to_polynomial(entry["denominator"])
        )
        for entry in json.loads(RATIONAL_FUNCTIONS.read_text())["functions"]
    }


def _random(
    variables: int, monomials: tuple[int, int], seed: int, coefficients: Sequence[Fraction | int]
) -> tuple[Polynomial, Polynomial]:
    numerator, denominator = (
        random_polynomial(variables, count, seed + k, (0, 4), coefficients)
        for k, count in enumerate(monomials)
    )
    return numerator, denominator


def _planar(seed: int, basis: Sequence[Sequence[int]]) -> tuple[Polynomial, Polynomial]:
    """Random functions of two linear forms."""
    p, q = (random_polynomial(2, 5, seed + k, (-2, 2), range(-9, 10)) for k in range(2))
    return embedded(p, basis, (0,) * len(basis[0])), embedded(q, basis, basis[0])


def _bias_free(*exponents: Sequence[int]) -> Polynomial:
    return polynomial(*((0, row) for row in exponents))


def _special_position() -> dict[str, tuple[str, tuple[Polynomial, Polynomial]]]:
    constant, line = _bias_free((0, 0)), _bias_free((0, 0), (1, 0), (0, 1))
    pairs = [tuple(int(k in pair) for k in range(4)) for pair in combinations(range(4), 2)]
    crossing = [polynomial((0, (0,) * 4), (i % 3, unit(4, i, 1 + i % 2))) for i in range(4)]
    return {
        "max-min": (
            "max(0, min(x, y)): weights 1, 1 and -1 on three rays",
            (_bias_free((1, 0), (0, 1), (1, 1)), _bias_free((1, 0), (0, 1))),
        ),
        "concave": ("-max(0, x, y): all weights -1", (constant, line)),
        "monomials": ("one monomial over another: no facets", (polynomial((1, (2, 0))), constant)),
        "half-cancelled": (
            "max(0, x, y) - max(0, x): on x = 0 the weight is 0 below and -1 above the origin",
            (line, _bias_free((0, 0), (1, 0))),
        ),
        "flat-3": (
            "relu(z - relu(min(x, y))): the part of z = 0 where min(x, y) <= 0 is not convex",
            (
                _bias_free((1, 0, 1), (0, 1, 1), (1, 0, 0), (0, 1, 0), (1, 1, 0)),
                _bias_free((1, 0, 0), (0, 1, 0), (1, 1, 0)),
            ),
        ),
        "parallel-3": (
            "functions of x - 2y + 3z alone, of weights that partly cancel: lineality 2",
            (
                polynomial((0, (0, 0, 0)), (4, (2, -4, 6)), (3, (5, -10, 15))),
                polynomial((0, (0, 0, 0)), (4, (2, -4, 6)), (-2, (5, -10, 15))),
            ),
        ),
        "skew-3": (
            "max(0, x + y, x - y + z) - max(0, x + y): lineality (1, -1, -2)",
            (_bias_free((0, 0, 0), (1, 1, 0), (1, -1, 1)), _bias_free((0, 0, 0), (1, 1, 0))),
        ),
        "second-largest-4": (
            "the second largest of four variables: max over pairs - max; lineality (1, 1, 1, 1)",
            (_bias_free(*pairs), _bias_free(*(unit(4, i) for i in range(4)))),
        ),
        "arrangement-4": (
            "hyperplanes x_i = c, of weight 1 or 2 in p: two in p alone, one in q alone, one in p"
            " once and in q twice",
            (formal_product(crossing[:3]), formal_product([crossing[2], *crossing[2:]])),
        ),
    }


def _general_position() -> dict[str, tuple[str, tuple[Polynomial, Polynomial]]]:
    thirds = [Fraction(k, d) for d in (3, 7, 11) for k in range(-40, 41)]
    g, a, b = (
        random_polynomial(2, size, 20 + k, (0, 3), range(-9, 10))
        for k, size in enumerate((6, 5, 5))
    )
    surface = random_polynomial(3, 4, 23, (0, 2), range(-4, 5))
    binomial = polynomial((0, (0, 0, 0)), (-1, (1, 2, 0)))
    return {
        "common-factor-2": (
            "p = a*g and q = b*g, tropical products: the curve of g cancels",
            (formal_product([a, g]), formal_product([b, g])),
        ),
        "common-factor-3": (
            "p = g*g and q = g*h: one copy of the surface of g cancels, the other stays",
            (formal_product([surface, surface]), formal_product([surface, binomial])),
        ),
        "affine": (
            "p = q + 2x - 3y + 1/2 with six monomials: no facets",
            (formal_product([g, polynomial(("1/2", (2, -3)))]), g),
        ),
        "rational-2": (
            "coefficients with denominators 3, 7 and 11",
            _random(2, (8, 7), 30, thirds),
        ),
        "rational-3": (
            "coefficients with denominators 3, 7 and 11",
            _random(3, (6, 5), 40, thirds),
        ),
        "generic-4": ("generic", _random(4, (5, 4), 50, range(-20, 21))),
        "cylinder-3": (
            "a function of x and z in R^3, negative exponents",
            _planar(60, [(1, 0, 2), (0, 0, 3)]),
        ),
        "lineality-4": (
            "exponents in a plane of R^4 whose lattice is not saturated, negative exponents",
            _planar(62, [(1, 1, 0, -2), (1, -1, 2, 0)]),
        ),
    }


def make_rational_functions() -> dict[str, tuple[str, RationalFunction]]:
    """Name, what is special about it, function."""
    functions = _special_position() | _general_position()
    return {name: (special, RationalFunction(*pair)) for name, (special, pair) in functions.items()}


def main() -> None:
    lines = ",\n".join(
        json.dumps(
            {
                "name": name,
                "special": special,
                "numerator": to_plain(f.numerator),
                "denominator": to_plain(f.denominator),
            }
        )
        for name, (special, f) in make_rational_functions().items()
    )
    RATIONAL_FUNCTIONS.write_text(
        '{"made by": "tests/oracles/make_rational_functions.py",\n"functions": [\n'
        + lines
        + "\n]}\n"
    )


if __name__ == "__main__":
    main()
