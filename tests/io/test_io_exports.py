"""Exports to polymake and gfan, put to the programs where they are installed."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from tropnet import TropicalPolynomial
from tropnet.errors import InvalidInputError
from tropnet.io import gfan_dilation, to_gfan, to_polymake
from tropnet.piecewise import Facet, WeightedComplex
from tropnet.polyhedra import Polyhedron

needs_polymake = pytest.mark.skipif(not shutil.which("polymake"), reason="needs polymake")
needs_gfan = pytest.mark.skipif(not shutil.which("gfan"), reason="needs gfan")

POLYNOMIALS = {
    "line": TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, "1/2", "-3/4"]),
    "flat": TropicalPolynomial([[0, 0], [2, 0], [0, 3], [1, 1]], [5, 5, 5, 5]),
    "conic": TropicalPolynomial(
        [[0, 0], [1, 0], [2, 0], [0, 1], [1, 1], [0, 2]], [0, "1/3", 0, "1/3", "2/5", 0]
    ),
    "negative": TropicalPolynomial(
        [[-2, 1, 0], [0, -3, 1], [1, 1, 1], [4, 0, -2]], [0, 1, "7/2", 0]
    ),
    "one variable": TropicalPolynomial([[0], [1], [3], [7]], [0, 1, 2, -3]),
    "lineality": TropicalPolynomial([[0, 0, 0], [1, 1, 0], [0, 0, 2]], [0, "1/7", 1]),
    "parallel": TropicalPolynomial([[0, 0], [2, 2], [3, 3]], [0, 0, -2]),
    "redundant": TropicalPolynomial([[0, 0], [1, 1], [2, 2], [2, 0]], [0, -1, 0, "1/2"]),
    "twelve variables": TropicalPolynomial(
        [[0] * 12, [1] + [0] * 11, [0] * 11 + [2]], [0, 0, "1/2"]
    ),
}


# -- polymake ----------------------------------------------------------------------------------


def polymake(tmp_path, things, ask):
    """What polymake prints about the value of each script, all run in one process."""
    text = 'use application "tropical";\n'
    for i, thing in enumerate(things):
        (tmp_path / f"{i}.pl").write_text(to_polymake(thing))
        text += f'{{\nmy $it = script("{tmp_path}/{i}.pl");\n{ask}\nprint qq(END\\n);\n}}\n'
    (tmp_path / "ask.pl").write_text(text)
    run = subprocess.run(
        ["polymake", "--script", str(tmp_path / "ask.pl")],
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    blocks = run.stdout.split("END\n")[:-1]
    assert len(blocks) == len(things), run.stderr
    return [block.split() for block in blocks]


@needs_polymake
def test_polymake_finds_the_same_hypersurfaces(tmp_path):
    ask = "print $it->MAXIMAL_POLYTOPES->rows, ' ', join(' ', sort @{$it->WEIGHTS}), qq(\\n);"
    answers = polymake(tmp_path, POLYNOMIALS.values(), ask)
    for p, (facets, *weights) in zip(POLYNOMIALS.values(), answers, strict=True):
        X = p.hypersurface()
        assert int(facets) == len(X.facets)
        assert sorted(map(int, weights)) == sorted(facet.weight for facet in X.facets)


@needs_polymake
def test_polymake_finds_the_same_complexes_balanced(tmp_path):
    ask = "print $it->N_MAXIMAL_POLYTOPES, ' ', is_balanced($it) ? 1 : 0, qq(\\n);"
    names = [name for name in POLYNOMIALS if name != "twelve variables"]
    complexes = [POLYNOMIALS[name].hypersurface() for name in names]
    broken = WeightedComplex(2, complexes[0].facets[1:])
    answers = polymake(tmp_path, [*complexes, broken], ask)
    expected = [[str(len(X.facets)), "1"] for X in complexes]
    assert answers == [*expected, [str(len(broken.facets)), "0"]]


POLYHEDRA = {
    "cube": Polyhedron.from_inequalities(
        [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], ["1/3"] * 6
    ),
    "segment": Polyhedron.from_generators([("1/2", 0), (0, "-3/7")]),
    "point": Polyhedron.from_generators([("1/2", "2/3")]),
    "cone": Polyhedron.from_generators([(1, 0)], rays=[(1, 1), (0, 1)]),
    "strip": Polyhedron.from_generators([(0, 0, 0), (1, 0, 0)], lines=[(0, 1, 1)]),
    "space": Polyhedron.from_inequalities([], [], ambient_dim=2),
    "empty": Polyhedron.from_inequalities([[0, 0]], [-1]),
    "large": Polyhedron.from_generators([(0,), (10**40,)]),
}


@needs_polymake
def test_polymake_finds_the_same_polyhedra(tmp_path):
    ask = (
        "print $it->CONE_AMBIENT_DIM - 1, ' ', $it->FEASIBLE ? 1 : 0, qq(\\n);"
        "print join(' ', $it->DIM, $it->VERTICES->rows - $it->FAR_FACE->size,"
        " $it->FAR_FACE->size, $it->LINEALITY_SPACE->rows), qq(\\n) if $it->FEASIBLE;"
    )
    answers = polymake(tmp_path, POLYHEDRA.values(), ask)
    for P, answer in zip(POLYHEDRA.values(), answers, strict=True):
        facts = [P.dim, len(P.vertices), len(P.rays), len(P.lines)]
        expected = [P.ambient_dim, 0] if P.is_empty else [P.ambient_dim, 1, *facts]
        assert list(map(int, answer)) == expected


def test_the_text_for_polymake():
    half = Polyhedron.from_inequalities([["1/2", 0]], [3], ([[0, 1]], ["1/5"]))
    assert to_polymake(half) == (
        'use application "polytope";\n'
        "my $P = new Polytope<Rational>(\n"
        "  INEQUALITIES => [[6, -1, 0]],\n"
        "  EQUATIONS => [[1, 0, -5]]);\n"
        "$P;\n"
    )
    assert to_polymake(POLYNOMIALS["line"].hypersurface()) == (
        'use application "tropical";\n'
        "my $X = new Cycle<Max>(\n"
        '  PROJECTIVE_VERTICES => [[1, 0, "-1/2", "3/4"], [0, 0, -1, 0],'
        " [0, 0, 1, 1], [0, 0, 0, -1]],\n"
        "  MAXIMAL_POLYTOPES => [[0, 1], [0, 2], [0, 3]],\n"
        "  WEIGHTS => [1, 1, 1]);\n"
        "$X;\n"
    )


SEGMENT = Polyhedron.from_generators([(0, 0), (2, 0)])
CROSSING = Polyhedron.from_generators([(1, -1), (1, 1)])
LINE = Polyhedron.from_generators([(0, 0)], lines=[(1, 0)])


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (TropicalPolynomial([[0], ["1/2"], ["1/3"]], [0, 0, 0]), r"exponent 1/3, .*p\.scale\(6\)"),
        (
            TropicalPolynomial([[0], [2**70]], [0, 0]),
            "exponent 1180591620717411303424 is too large",
        ),
        (POLYNOMIALS["line"] / POLYNOMIALS["flat"], r"TropicalRational; export its \.numerator"),
        (WeightedComplex(2, [Facet((0, 1), 0, "1/3", SEGMENT)]), r"those of 3 \* X are"),
        (WeightedComplex(2, [Facet((0, 1), 0, (1, 2), SEGMENT)]), "vectors of length 2"),
        (
            WeightedComplex(2, [Facet((0, 1), 0, 1, SEGMENT), Facet((1, 0), 1, 1, CROSSING)]),
            r"facets\[0\] and facets\[1\] do not meet in a common face",
        ),
        (
            WeightedComplex(2, [Facet((0, 1), 0, 1, LINE), Facet((1, 0), 1, 1, CROSSING)]),
            r"facets\[1\] has other lines",
        ),
        ("p", "expected a tropical polynomial, polyhedron or weighted complex, got a str"),
    ],
)
def test_what_polymake_cannot_hold(thing, message):
    with pytest.raises(InvalidInputError, match=f"^to_polymake: .*{message}"):
        to_polymake(thing)


# -- gfan --------------------------------------------------------------------------------------


def gfan(text):
    """The multiplicities of the facets of gfan's hypersurface, at t > 0 where there is a t."""
    run = subprocess.run(
        ["gfan", "_tropicalhypersurface"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    sections = {}
    for block in run.stdout.split("\n\n"):
        head, *body = block.strip().splitlines() or [""]
        sections[head] = [line.partition("#")[0].strip() for line in body]
    rays = [list(map(int, line.split())) for line in sections["RAYS"]]
    lines = [list(map(int, line.split())) for line in sections["LINEALITY_SPACE"]]
    everywhere = not text.partition("]")[0].endswith("t") or any(line[-1] for line in lines)
    return sorted(
        int(multiplicity)
        for cone, multiplicity in zip(
            sections["MAXIMAL_CONES"], sections["MULTIPLICITIES"], strict=True
        )
        if everywhere or any(rays[int(k)][-1] > 0 for k in re.findall(r"\d+", cone))
    )


@needs_gfan
@pytest.mark.parametrize("name", POLYNOMIALS)
def test_gfan_finds_the_same_hypersurface(name):
    p = POLYNOMIALS[name]
    assert gfan(to_gfan(p)) == sorted(facet.weight for facet in p.hypersurface().facets)


@needs_gfan
def test_the_dilation():
    p = TropicalPolynomial([[0], [2]], [0, "1/3"])  # breaks at -1/6
    run = subprocess.run(
        ["gfan", "_tropicalhypersurface"],
        input=to_gfan(p),
        capture_output=True,
        text=True,
        check=True,
    )
    assert gfan_dilation(p) == 6
    line = run.stdout.split("LINEALITY_SPACE\n")[1].split("\n")[0]
    x, t = map(int, line.partition("#")[0].split())
    assert x == -t


def test_the_text_for_gfan():
    p = TropicalPolynomial([[0, 0], [-1, 0], [3, 2]], [1, 1, 1])
    assert to_gfan(p) == "Q[x1,x2]\n{1+x1+x1^4*x2^2}\n"
    p = TropicalPolynomial([[0, 0], [1, 0], [0, 2]], [0, "1/2", "-1/3"])
    assert gfan_dilation(p) == 6
    assert to_gfan(p) == "Q[x1,x2,t]\n{t^2+x2^2+x1*t^5}\n"
    assert to_gfan(p.constant(1, 5)) == "Q[x1]\n{1}\n"
    assert to_gfan(POLYNOMIALS["twelve variables"]).startswith("Q[x01,x02,")


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (
            TropicalPolynomial([[0], ["1/2"]], [0, 0]),
            r"cannot hold the exponent 1/2.*p\.scale\(2\)",
        ),
        (
            TropicalPolynomial([[0], [2**31]], [0, 0]),
            "the exponent 2147483648 is too large for gfan",
        ),
        (TropicalPolynomial([[0], [1]], [0, "1/123456789123"]), None),
        (TropicalPolynomial([[0], [1]], [0, "123456789123/2"]), "123456789123 is too large"),
        (POLYNOMIALS["line"] / POLYNOMIALS["flat"], "TropicalRational; export its"),
        (Polyhedron.from_generators([(0,)]), "expected a tropical polynomial, got a Polyhedron"),
    ],
)
def test_what_gfan_cannot_hold(thing, message):
    if message is None:
        assert to_gfan(thing) == "Q[x1,t]\n{1+x1*t}\n"
        return
    with pytest.raises(InvalidInputError, match=f"^to_gfan: .*{message}"):
        to_gfan(thing)
