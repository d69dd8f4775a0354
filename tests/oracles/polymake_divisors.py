"""Put the functions of ``rational_functions.json`` to polymake; write ``polymake_divisors.json``.

Run ``python -m oracles.polymake_divisors`` in ``tests`` (Debian: ``apt install polymake``, which
contains a-tint).

Conventions.  The divisor of p − q on ``projective_torus<Max>(n)`` is where the function breaks,
with the weights w_p − w_q; Max is max, and a convex crease counts as positive.  As for
hypersurfaces (see `polymake_hypersurfaces`) a variable x_0 in front makes all monomials
homogeneous, here of one degree for p and q, which a rational function needs.  Points and
directions are taken modulo (1, …, 1): subtracting x_0 from each of their coordinates gives those
of the affine function, and leaves the weights as they are.

A `WeightedComplex` compares polymake's answers with the brute force: they are different
subdivisions of one weighted set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from oracles.answers import FOLDER, UNEXPLAINED, Answer, write_answers
from oracles.make_rational_functions import (
    RATIONAL_FUNCTIONS,
    RationalFunction,
    read_rational_functions,
)
from oracles.naive_hypersurface import brute_force, facet_generators
from oracles.polymake import installed, run_script
from oracles.polymake_hypersurfaces import homogeneous, quoted
from tropnet import Facet, Polyhedron, WeightedComplex
from tropnet.exact import primitive_vector

ANSWERS = FOLDER / "polymake_divisors.json"

MEANING = {
    "vertices": "VERTICES: 1 for a point or 0 for a ray, then the homogeneous coordinates",
    "lines": "LINEALITY_SPACE, in the same form",
    "cells": "MAXIMAL_POLYTOPES: sets of rows of VERTICES",
    "weights": "WEIGHTS of the cells, in their order",
    "truth": "only where polymake differs: the facets of p with their weights and those of q with"
    " minus theirs, by naive_hypersurface.py",
}

_LINEALITY = (
    "Cells are missing.  polymake takes rays and points that differ by a vector of the lineality"
    " space for different ones.  A cell of codimension 1 that is named in two ways then looks like"
    " two cells, each at the end of one maximal cell only, where no weight is counted."
)
NOTES = {
    "second-largest-4": _LINEALITY
    + "  DOMAIN has the rays (1, 0, 1, 1) and (0, -1, 0, 0), equal modulo (1, 1, 1, 1).  By hand:"
    " the function is symmetric in its variables and breaks where the largest two are equal (weight"
    " -1) and where the second and the third are (weight 1), on x_i = x_j for every pair i, j;"
    " polymake has nothing on x_1 = x_4.",
    "skew-3": _LINEALITY
    + "  It happens when divisor refines the torus by the function's DOMAIN, which is right:"
    " divisor_nr on DOMAIN itself, with weights 1, gives the truth.  By hand: with u = x + y and"
    " v = x - y + z the function is max(0, u, v) - max(0, u).  It breaks at u = v > 0 and v = 0 > u"
    " with weight 1, at u = 0 < v with weight -1, and nowhere else, the weights at u = 0 > v being"
    " 1 - 1; polymake has the first of these alone.",
    "lineality-4": _LINEALITY
    + "  DOMAIN has the points (0, 0, -1/3, -3/2) and (-2/3, 0, 0, -11/6), which differ by a third"
    " of (2, 0, -1, 1), a vector of the lineality space.  polymake has nothing on"
    " x_1 - x_2 + 2x_3 = -2/3, where the weight is -3.",
}
"""Why polymake differs, by function."""

_SCRIPT = r"""
use application "tropical";

sub polynomial {
    my ($monomials, $coefficients) = @_;
    return new Polynomial<TropicalNumber<Max>>(
        new Vector<TropicalNumber<Max>>($coefficients), new Matrix<Int>($monomials));
}

sub answer {
    my ($name, $variables, $numerator, $denominator) = @_;
    my $f = new TropicalRationalFunction<Max>(
        NUMERATOR => $numerator, DENOMINATOR => $denominator);
    my $D = divisor(projective_torus<Max>($variables), $f);
    print "ANSWER $name\n";
    print "vertices: ", join(";", map { join(" ", @$_) } @{$D->VERTICES}), "\n";
    print "lines: ", join(";", map { join(" ", @$_) } @{$D->LINEALITY_SPACE}), "\n";
    print "cells: ", join(";", map { join(" ", @$_) } @{$D->MAXIMAL_POLYTOPES}), "\n";
    print "weights: ", join(" ", @{$D->WEIGHTS}), "\n";
    print "END\n";
}
"""


def divisor(answer: Mapping[str, Any], variables: int) -> WeightedComplex:
    """polymake's answer, or a truth in the same form, in affine coordinates."""
    rows = [_affine(row) for row in answer["vertices"]]
    lines = [line for _, line in map(_affine, answer["lines"])]
    facets = []
    for cell, weight in zip(answer["cells"], answer["weights"], strict=True):
        points = [rows[k][1] for k in cell if rows[k][0] == "1"]
        rays = [rows[k][1] for k in cell if rows[k][0] == "0"]
        polyhedron = Polyhedron.from_generators(points, rays, lines)
        (equation,) = polyhedron.equations
        normal = primitive_vector(equation[:-1])
        offset = sum(u * x for u, x in zip(normal, points[0], strict=True))
        facets.append(Facet(normal, offset, weight, polyhedron))
    return WeightedComplex(variables, facets)


def _affine(row: Sequence[str]) -> tuple[str, list[Fraction]]:
    kind, first, *others = row
    return kind, [Fraction(entry) - Fraction(first) for entry in others]


def naive_divisor(f: RationalFunction) -> dict[str, Any]:
    """The facets of p with their weights and those of q with their negatives, where they overlap.

    In the form of polymake's answers, each facet with rows of its own and lines as opposite rays.
    """
    vertices: list[list[str]] = []
    cells, weights = [], []
    for p, sign in zip(f, (1, -1), strict=True):
        found = brute_force(p)
        for active, weight in zip(found.facets, found.weights, strict=True):
            points, rays, lines = facet_generators(p, active)
            both = [[s * x for x in line] for line in lines for s in (1, -1)]
            rows = [["1", "0", *map(str, x)] for x in points]
            rows += [["0", "0", *map(str, x)] for x in (*rays, *both)]
            cells.append(list(range(len(vertices), len(vertices) + len(rows))))
            weights.append(sign * weight)
            vertices += rows
    return {"vertices": vertices, "lines": [], "cells": cells, "weights": weights}


def run_polymake(functions: Mapping[str, RationalFunction]) -> dict[str, dict[str, Any]]:
    """polymake's answers with the names of the file."""
    script = _SCRIPT
    for name, f in functions.items():
        degree = max(sum(row) for p in f for row in p.exponents)
        parts = ", ".join(
            f"polynomial({homogeneous(p, degree)}, {quoted(p.coefficients)})" for p in f
        )
        script += f'answer("{name}", {f.variables}, {parts});\n'
    return {
        name: {
            "vertices": _rows(raw["vertices"]),
            "lines": _rows(raw["lines"]),
            "cells": [list(map(int, row)) for row in _rows(raw["cells"])],
            "weights": list(map(int, raw["weights"].split())),
        }
        for name, raw in run_script(script, len(functions)).items()
    }


def _rows(text: str) -> list[list[str]]:
    return [row.split() for row in text.split(";")] if text else []


def main() -> None:
    functions = read_rational_functions()
    found = run_polymake(functions)
    answers = (_judged(name, f, found[name]) for name, f in functions.items())
    write_answers(ANSWERS, RATIONAL_FUNCTIONS, installed(), MEANING, answers)


def _judged(name: str, f: RationalFunction, answer: dict[str, Any]) -> Answer:
    """The truth is stored only where it is another weighted set."""
    truth = naive_divisor(f)
    agrees = divisor(answer, f.variables) == divisor(truth, f.variables)
    return Answer(name, answer, answer, {} if agrees else truth, NOTES.get(name, UNEXPLAINED))


if __name__ == "__main__":
    main()
