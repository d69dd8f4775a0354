"""Facets of Newton polytopes, and tropical hypersurfaces with coefficients 0 (normal fans)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from benchmarks.peers.questions import points
from benchmarks.timed import Timed
from oracles import gfan_hypersurfaces, polymake_hypersurfaces
from oracles.make_polynomials import Polynomial
from tropnet import Polyhedron, TropicalPolynomial

Count = Callable[[], int]


def tropnet(name: str) -> Count:
    """Ours: the number of facets."""
    rows = points(name)
    return lambda: len(Polyhedron.from_generators(rows).inequalities)


def ppl(name: str) -> Count:
    """The Parma Polyhedra Library through pplpy."""
    from ppl import C_Polyhedron, Generator_System, Linear_Expression, point

    rows = points(name)

    def count() -> int:
        system = Generator_System()
        for row in rows:
            system.insert(point(Linear_Expression(list(row), 0)))
        constraints = C_Polyhedron(system).minimized_constraints()
        return sum(not constraint.is_equality() for constraint in constraints)

    return count


def normaliz(name: str) -> Count:
    """Normaliz through PyNormaliz."""
    from PyNormaliz import Cone

    rows = [list(row) for row in points(name)]
    return lambda: len(Cone(polytope=rows).SupportHyperplanes())


def tropnet_hypersurface(name: str) -> Count:
    """Ours: the facets of the tropical hypersurface, one for each edge of the polytope."""
    rows = points(name)
    return lambda: len(TropicalPolynomial(rows, [0] * len(rows)).hypersurface().facets)


def polymake(name: str) -> Callable[[], Timed]:
    """The program polymake, by its own clock: its start takes seconds."""
    rows = points(name)
    polynomial = Polynomial(rows, [Fraction(0)] * len(rows))

    def count() -> Timed:
        raw = polymake_hypersurfaces.run_polymake({"p": polynomial}, balance=False, dual=False)
        answer = polymake_hypersurfaces.read_answer(raw["p"])
        return Timed(answer["facets"], answer["seconds"]["build"])

    return count


def gfan(name: str) -> Count:
    """The program gfan, its command _tropicalhypersurface."""
    rows = points(name)
    polynomial = Polynomial(rows, [Fraction(0)] * len(rows))
    return lambda: int(gfan_hypersurfaces.ask(polynomial, timeout=600)["maximal cones"])
