"""Put some of the polynomials of ``polynomials.json`` to gfan; write ``gfan_hypersurfaces.json``.

Run ``python -m oracles.gfan_hypersurfaces`` in ``tests`` (Debian: ``apt install gfan``).

Conventions.  ``gfan _tropicalhypersurface`` takes a polynomial over Q; its fan is where the maximum
of the forms a_i·x is attained twice: the codimension-1 skeleton of the normal fan of its
Newton polytope, with lattice lengths as multiplicities.  It knows no valuations, so coefficients
become the exponent of one more variable t: the fan of max(L c_i t + a_i·x) meets t = 1 in the
hypersurface of p dilated by L.  The facets are the maximal cones that reach t > 0.  L is the
lcm of the denominators, which makes exponents integers, times that of all lattice lengths, so that
gcd(a_i - a_j, L (c_i - c_j)) is the lattice length of a_i - a_j alone.  Exponents are moved to be
non-negative, which changes nothing.  A monomial is left out: gfan does not print empty fans.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm
from typing import Any

from oracles.answers import FOLDER, Answer, write_answers
from oracles.make_polynomials import POLYNOMIALS, Polynomial, read_polynomials
from oracles.naive_hypersurface import brute_force

ANSWERS = FOLDER / "gfan_hypersurfaces.json"

NAMES = (
    "line",
    "rational-3-25",
    "honeycomb-2-15",
    "equal-coefficients-3-40",
    "equal-coefficients-4-30",
    "pyramid-2-49",
    "touching-2-6",
    "prism-3-12",
    "skew-3-3",
    "lineality-4-15",
    "lineality-5-20",
    "braid-4",
    "univariate-12",
    "univariate-flat",
    "binomial-3",
    "collinear-3",
    "bias-free-3-20",
    "bias-free-4-16",
    "cross-5",
    "negative-3-20",
    "weights-3-18",
    "grid-2",
    "arrangement-3",
)

MEANING = {
    "variables": "x, then t if the coefficients are not all 0",
    "dilation": "L: the slice t = 1 of the fan is L times the hypersurface; null without t",
    "rays": "RAYS of the fan, modulo the lineality space",
    "lineality space": "LINEALITY_SPACE of the fan",
    "maximal cones": "all MAXIMAL_CONES of the fan",
    "facets": "the maximal cones that reach t > 0 (all, without t), as sets of rays",
    "multiplicities": "MULTIPLICITIES of the facets, in their order",
    "vertices": "the rays with t > 0; without t the one minimal cone",
    "lineality": "the dimension of the lineality space of the hypersurface: of its part in t = 0",
    "truth": "only where gfan differs: the fields in question, by naive_hypersurface.py",
}


def version() -> str | None:
    """The version of gfan, None where there is none."""
    if shutil.which("gfan") is None:
        return None
    text = subprocess.run(["gfan", "_version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"gfan(\d\S*)", text)
    return found[1] if found else None


def ask(p: Polynomial, timeout: float = 120) -> dict[str, Any]:
    """gfan's fan, and the facets of the hypersurface in it."""
    rows, dilation = _lifted(p)
    lowest = [min(column) for column in zip(*rows, strict=True)]
    names = [f"x{k}" for k in range(1, p.variables + 1)] + ["t"] * (dilation is not None)
    terms = []
    for row in rows:
        powers = zip(names, row, lowest, strict=True)
        terms.append("*".join(["1", *(f"{x}^{e - low}" for x, e, low in powers if e > low)]))
    text = f"Q[{','.join(names)}]\n{{{'+'.join(terms)}}}\n"
    run = subprocess.run(
        ["gfan", "_tropicalhypersurface"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=timeout,
    )
    sections = {}
    for block in run.stdout.split("\n\n"):
        head, *body = block.strip().splitlines() or [""]
        sections[head] = [line.partition("#")[0].strip() for line in body]
    rays = [list(map(int, line.split())) for line in sections["RAYS"]]
    lines = [list(map(int, line.split())) for line in sections["LINEALITY_SPACE"]]
    cones = [list(map(int, line.strip("{}").split())) for line in sections["MAXIMAL_CONES"]]
    multiplicities = list(map(int, sections["MULTIPLICITIES"]))
    tilted = dilation is not None and any(line[-1] for line in lines)
    kept = [
        (cone, weight)
        for cone, weight in zip(cones, multiplicities, strict=True)
        if dilation is None or tilted or any(rays[k][-1] > 0 for k in cone)
    ]
    vertices = 1 if dilation is None or tilted else sum(ray[-1] > 0 for ray in rays)
    return {
        "variables": names,
        "dilation": dilation,
        "rays": rays,
        "lineality space": lines,
        "maximal cones": len(cones),
        "facets": [cone for cone, _ in kept],
        "multiplicities": [weight for _, weight in kept],
        "vertices": vertices,
        "lineality": len(lines) - tilted,
    }


def _lifted(p: Polynomial) -> tuple[list[tuple[int, ...]], int | None]:
    if not any(p.coefficients):
        return p.exponents, None
    lengths = (
        gcd(*(x - y for x, y in zip(a, b, strict=True))) for a, b in combinations(p.exponents, 2)
    )
    dilation = lcm(*(c.denominator for c in p.coefficients)) * lcm(*lengths)
    lifts: list[Fraction] = [c * dilation for c in p.coefficients]
    return [(*a, int(lift)) for a, lift in zip(p.exponents, lifts, strict=True)], dilation


def main() -> None:
    polynomials = read_polynomials()
    answers = (_judged(name, polynomials[name]) for name in NAMES)
    write_answers(ANSWERS, POLYNOMIALS, version(), MEANING, answers)


def _judged(name: str, p: Polynomial) -> Answer:
    answer, h = ask(p), brute_force(p)
    found = {
        "facets": len(answer["facets"]),
        "multiplicities": sorted(answer["multiplicities"]),
        "vertices": answer["vertices"],
        "lineality": answer["lineality"],
    }
    truth = {
        "facets": len(h.facets),
        "multiplicities": sorted(h.weights),
        "vertices": len(h.minimal_cells),
        "lineality": h.lineality,
    }
    return Answer(name, answer, found, truth)


if __name__ == "__main__":
    main()
