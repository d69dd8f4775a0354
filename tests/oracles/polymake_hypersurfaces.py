"""Put the polynomials of ``polynomials.json`` to polymake; write ``polymake_hypersurfaces.json``.

Run ``python -m oracles.polymake_hypersurfaces`` in ``tests`` (Debian: ``apt install polymake``).

Conventions.  polymake's ``Hypersurface<Max>`` is projective: monomials are homogeneous and points
are taken modulo (1, …, 1).  A variable x_0 in front makes every polynomial homogeneous of its
largest total degree; polymake normalises points to x_0 = 0, and so its coordinates behind the
first two columns (1 for a point or 0 for a ray, then x_0) are those of the affine polynomial.  Max
is max: no sign changes.  ``WEIGHTS`` are gcds of differences of homogeneous exponents, which are
those of the affine ones, the entry of x_0 being minus the sum of the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from oracles.answers import FOLDER, UNEXPLAINED, Answer, write_answers
from oracles.make_polynomials import POLYNOMIALS, Polynomial, read_polynomials
from oracles.naive_hypersurface import Hypersurface, brute_force
from oracles.polymake import installed, run_script

ANSWERS = FOLDER / "polymake_hypersurfaces.json"

MEANING = {
    "facets": "MAXIMAL_POLYTOPES: the cells of dimension n - 1",
    "weights": "WEIGHTS of the facets, sorted",
    "vertices": "VERTICES without FAR_VERTICES: with lineality one representative of each minimal"
    " cell, that is of each cell of dimension `lineality`",
    "lineality": "the dimension of LINEALITY_SPACE",
    "redundant": "REDUNDANT_MONOMIALS, counted from 0: those that define no facet of the dome,"
    " equivalently that are no vertices of the upper hull of the lifted exponents; monomials on the"
    " hull that are no vertices are among them",
    "dual cells": "the maximal cells of DUAL_SUBDIVISION",
    "balanced": "is_balanced",
    "seconds": "CPU seconds of one call in a warm process: build is MAXIMAL_POLYTOPES and WEIGHTS"
    " (median of 5), balance is is_balanced afterwards",
    "truth": "only where polymake differs: the fields in question, by naive_hypersurface.py",
}

_NO_HYPERSURFACE = (
    "One monomial: the hypersurface is empty.  polymake lists one point of the boundary of the dome"
    " in VERTICES, which belongs to no facet."
)
_LINEALITY = (
    "is_balanced is wrong.  Hypersurface gives LINEALITY_SPACE without the normalisation x_0 = 0"
    " that VERTICES has; with it the lattice normals, computed in affine coordinates, are not"
    " primitive.  With every row v of LINEALITY_SPACE replaced by v - v_0·(1, ..., 1), a Cycle of"
    " the same vertices, facets and weights is balanced, says polymake."
)
NOTES = {
    "monomial-1": _NO_HYPERSURFACE,
    "monomial-3": _NO_HYPERSURFACE,
    "constant-2": _NO_HYPERSURFACE,
    "skew-3-3": _LINEALITY
    + "  By hand: the facets lie in x + y = 0, x - y + z = 0 and 2y - z = 0, with weights 1 and"
    " primitive vectors (0, 0, -1), (0, -1, -1) and (1, 0, 0) modulo the line along (1, -1, -2),"
    " which is their sum.  polymake takes (-1, -3, -2) and (1, 1, 2), 4 and 2 times too long.",
    "lineality-4-15": _LINEALITY,
}
"""Why polymake differs, by polynomial."""

_SCRIPT = r"""
use application "tropical";
use Time::HiRes qw(clock_gettime CLOCK_PROCESS_CPUTIME_ID);

sub build {
    my $H = new Hypersurface<Max>(MONOMIALS => $_[0], COEFFICIENTS => $_[1]);
    my $facets = $H->MAXIMAL_POLYTOPES;
    my $weights = $H->WEIGHTS;
    return $H;
}

sub answer {
    my ($name, $monomials, $coefficients, $repeats, $balance, $dual) = @_;
    my @times;
    my $H;
    for (1 .. $repeats) {
        my $start = clock_gettime(CLOCK_PROCESS_CPUTIME_ID);
        $H = build($monomials, $coefficients);
        push @times, clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - $start;
    }
    @times = sort { $a <=> $b } @times;
    my ($balanced, $seconds) = ("", "");
    if ($balance) {
        my $start = clock_gettime(CLOCK_PROCESS_CPUTIME_ID);
        my $answer = eval { is_balanced($H) ? "true" : "false" };
        $seconds = clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - $start;
        $balanced = defined($answer) ? $answer : "error";
    }
    print "ANSWER $name\n";
    print "build seconds: ", $times[$#times / 2], "\n";
    print "balanced: $balanced\nbalance seconds: $seconds\n";
    print "facets: ", join(" ", @{$H->MAXIMAL_POLYTOPES}), "\n";
    print "weights: ", $H->WEIGHTS, "\n";
    print "vertices: ", join(";", map { join(" ", @$_) } @{$H->VERTICES}), "\n";
    print "far: ", $H->FAR_VERTICES, "\n";
    print "redundant: ", $H->REDUNDANT_MONOMIALS, "\n";
    print "lineality: ", $H->LINEALITY_SPACE->rows, "\n";
    print "cells: ", join(" ", @{$H->DUAL_SUBDIVISION->MAXIMAL_CELLS}), "\n" if $dual;
    print "END\n";
}

# The rules are loaded, and clients compiled, before anything is measured.
is_balanced(build([[1,0,0],[0,1,0],[0,0,1]], [0,0,0]));
is_balanced(build([[2,0,0,0],[0,2,0,0],[0,0,2,0],[0,0,0,2],[1,1,0,0]], [0,1,0,0,"3/2"]));
"""


def run_polymake(
    polynomials: Mapping[str, Polynomial],
    *,
    repeats: int = 1,
    balance: bool = True,
    dual: bool = True,
    timeout: float = 600,
) -> dict[str, dict[str, str]]:
    """polymake's raw answers; building is timed `repeats` times and the median given."""
    script = _SCRIPT
    for name, p in polynomials.items():
        monomials = homogeneous(p, max(map(sum, p.exponents)))
        options = f"{repeats}, {int(balance)}, {int(dual)}"
        script += f'answer("{name}", {monomials}, {quoted(p.coefficients)}, {options});\n'
    return run_script(script, len(polynomials), timeout)


def homogeneous(p: Polynomial, degree: int) -> list[list[int]]:
    """The exponents with one of x_0 in front that makes every total degree the given one."""
    return [[degree - sum(row), *row] for row in p.exponents]


def quoted(numbers: Iterable[Fraction]) -> str:
    """Rationals as a Perl list of strings, which polymake reads exactly."""
    return "[" + ",".join(f'"{number}"' for number in numbers) + "]"


def read_answer(raw: Mapping[str, str]) -> dict[str, Any]:
    """polymake's answer with the names of the file; without those that were not asked for."""
    far = raw["far"].strip("{}").split()
    answer: dict[str, Any] = {
        "facets": raw["facets"].count("{"),
        "weights": sorted(map(int, raw["weights"].split())),
        "vertices": len(raw["vertices"].split(";")) - len(far),
        "lineality": int(raw["lineality"]),
        "redundant": list(map(int, raw["redundant"].strip("{}").split())),
    }
    seconds = {"build": round(float(raw["build seconds"]), 4)}
    if "cells" in raw:
        answer["dual cells"] = raw["cells"].count("{")
    if raw["balanced"]:
        answer["balanced"] = {"true": True, "false": False}.get(raw["balanced"])
        seconds["balance"] = round(float(raw["balance seconds"]), 4)
    return answer | {"seconds": seconds}


def truth(p: Polynomial, h: Hypersurface) -> dict[str, Any]:
    """What polymake should answer, by the brute force.

    A tropical hypersurface is balanced by theorem.  The maximal cells of the dual subdivision are
    the minimal cells of the hypersurface, or the one monomial.
    """
    return {
        "facets": len(h.facets),
        "weights": sorted(h.weights),
        "vertices": len(h.minimal_cells),
        "lineality": h.lineality,
        "redundant": list(h.redundant),
        "dual cells": max(1, len(h.minimal_cells)),
        "balanced": True,
    }


def main() -> None:
    polynomials = read_polynomials()
    raw = run_polymake(polynomials, repeats=5)
    answers = (_judged(name, p, read_answer(raw[name])) for name, p in polynomials.items())
    write_answers(ANSWERS, POLYNOMIALS, installed(), MEANING, answers)


def _judged(name: str, p: Polynomial, answer: dict[str, Any]) -> Answer:
    return Answer(name, answer, answer, truth(p, brute_force(p)), NOTES.get(name, UNEXPLAINED))


if __name__ == "__main__":
    main()
