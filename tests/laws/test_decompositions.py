"""Laws of decompositions into convex functions.

Duality: a tropical hypersurface is indecomposable iff the extended Newton polyhedron of its
polynomial is.  (Sums of convex functions are Minkowski sums of these polyhedra.)
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from piecewise.complexes import random_forms
from piecewise.decompositions import random_rational
from tropnet import (
    Polyhedron,
    TropicalPolynomial,
    convex_cone,
    decide_decomposability,
    decomposition_polyhedron,
    is_indecomposable_hypersurface,
    linearity_complex,
    minimal_decompositions,
)
from tropnet.piecewise.compatible import balanced_weights

RNGS = st.integers(0, 2**32).map(Random)


@settings(max_examples=40, deadline=None)
@given(RNGS, st.integers(1, 3))
def test_hypersurfaces_and_newton_polyhedra_are_indecomposable_together(rng: Random, n: int):
    forms = random_forms(rng, n, rng.randint(1, 5))
    p = TropicalPolynomial([a for a, _ in forms], [c for _, c in forms]).essential()
    lifted = [(*a, c) for a, c in zip(p.exponents, p.coefficients, strict=True)]
    newton = Polyhedron.from_generators(lifted, rays=[(0,) * n + (-1,)])
    answer = decide_decomposability(newton)
    assert is_indecomposable_hypersurface(p) is not answer.decomposable
    assert is_indecomposable_hypersurface(p.hypersurface()) is not answer.decomposable
    # Even the type cones have the same dimension: an edge for each facet.
    assert len(balanced_weights(linearity_complex(p))) == answer.dimension


@settings(max_examples=20, deadline=None)
@given(RNGS, st.integers(1, 2))
def test_scaling_and_affine_functions_change_nothing(rng: Random, n: int):
    f = random_rational(rng, n)
    result = minimal_decompositions(f)
    k = Fraction(rng.randint(1, 5), rng.randint(1, 5))
    linear = TropicalPolynomial([[rng.randint(-3, 3) for _ in range(n)]], [rng.randint(-3, 3)])
    moved = minimal_decompositions((f * linear).scale(k))
    assert [tuple(k * v for v in d.weights) for d in result.decompositions] == [
        d.weights for d in moved.decompositions
    ]
    swapped = minimal_decompositions(f.scale(-1))
    assert sorted(d.counts for d in swapped.decompositions) == sorted(
        d.counts[::-1] for d in result.decompositions
    )


@settings(max_examples=20, deadline=None)
@given(RNGS)
def test_the_recession_cone_is_the_cone_of_convex_functions(rng: Random):
    problem = decomposition_polyhedron(random_rational(rng, 2))
    assert problem.polyhedron.recession_cone() == convex_cone(problem.complex)
