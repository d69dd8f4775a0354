"""Newton polytopes: products are Minkowski sums, essential monomials are vertices."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tropical.tropical_strategies import polynomials
from tropnet import Polyhedron, TropicalPolynomial


@settings(max_examples=40, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_newton_polytopes_of_products_and_sums(data: st.DataObject, n: int) -> None:
    p, q = data.draw(polynomials(n, 4)), data.draw(polynomials(n, 4))
    P, Q = p.newton_polytope(), q.newton_polytope()
    assert (p * q).newton_polytope() == P.minkowski_sum(Q)
    assert (p + q).newton_polytope() == Polyhedron.from_generators([*P.vertices, *Q.vertices])
    assert p.scale(3).newton_polytope() == P.scale(3)


@settings(max_examples=60, deadline=None)
@given(polynomials(size=7))
def test_essential_monomials_are_the_vertices_of_the_upper_hull(p: TropicalPolynomial) -> None:
    lifted = [(*a, c) for a, c in zip(p.exponents, p.coefficients, strict=True)]
    down = (0,) * p.variables + (-1,)
    hull = Polyhedron.from_generators(lifted, rays=[down])
    q = p.essential()
    assert sorted(hull.vertices) == sorted(
        (*a, c) for a, c in zip(q.exponents, q.coefficients, strict=True)
    )


@settings(max_examples=60, deadline=None)
@given(polynomials(size=6))
def test_hypersurfaces_are_balanced_and_dual_to_the_edges(p: TropicalPolynomial) -> None:
    X, edges = p.hypersurface(), p.regular_subdivision().edges
    assert X.is_balanced()
    assert all(facet.weight > 0 for facet in X.facets)
    assert sorted((facet.normal, facet.weight) for facet in X.facets) == sorted(
        (max(edge.direction, tuple(-d for d in edge.direction)), edge.lattice_length)
        for edge in edges
    )
    for facet in X.facets:
        point = facet.polyhedron.interior_point()
        heights = sorted(
            c + sum(a * x for a, x in zip(exponent, point, strict=True))
            for exponent, c in zip(p.exponents, p.coefficients, strict=True)
        )
        assert heights[-1] == heights[-2] == p(point)


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(1, 2))
def test_hypersurfaces_of_products_are_sums(data: st.DataObject, n: int) -> None:
    p, q = data.draw(polynomials(n, 3)), data.draw(polynomials(n, 3))
    assert (p * q).hypersurface() == p.hypersurface() + q.hypersurface()
    assert p.scale("3/2").hypersurface() == "3/2" * p.hypersurface()
