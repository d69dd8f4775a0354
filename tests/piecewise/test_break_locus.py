"""Break loci of every function-like, and the way back."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import networks, transformed_pairs
from tropical.tropical_strategies import polynomials
from tropnet import (
    Facet,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    break_locus,
    piecewise_linear,
    random_network,
    tropicalize,
)

X, Y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0])
SQUARE = Polyhedron.from_generators([(0, 0), (2, 0), (0, 2), (2, 2)])


def small_networks(outputs=2):
    architecture = st.tuples(
        st.integers(1, 3), st.integers(1, 3), st.integers(1, 2), st.integers(1, outputs)
    )
    return networks(architecture)


def shallow(rows, weights):
    """The network Σ weight · relu(row · (x, 1))."""
    hidden = [row[:-1] for row in rows], [row[-1] for row in rows]
    return ReLUNetwork([hidden, ([weights], [0])])


# -- hand-made ---------------------------------------------------------------------------------


def test_the_maximum_of_three():
    for f in (X + Y + 0, tropicalize(maximum_network()), maximum_network()):
        locus = break_locus(f)
        assert [facet.weight for facet in locus.facets] == [1, 1, 1]
        assert locus.cells(0) == (Polyhedron.from_generators([(0, 0)]),)
        assert locus.is_balanced()


def maximum_network():
    """max(0, x, y) = relu(relu(x − y) + relu(y + 5) − relu(−y − 5) − 5)."""
    return ReLUNetwork(
        [
            ([[1, -1], [0, 1], [0, -1]], [0, 5, -5]),
            ([[1, 1, -1]], [-5]),
            ([[1]], [0]),
        ]
    )


def test_the_flip_has_the_same_digest():
    """relu(x) + relu(y) + relu(−x−y) = relu(−x) + relu(−y) + relu(x+y)."""
    f = shallow([(1, 0, 0), (0, 1, 0), (-1, -1, 0)], [1, 1, 1])
    g = shallow([(-1, 0, 0), (0, -1, 0), (1, 1, 0)], [1, 1, 1])
    assert break_locus(f).digest() == break_locus(g).digest()
    assert len(break_locus(f).facets) == 3


def test_a_flat_part_that_is_not_convex():
    """relu(z − relu(min(x, y))) breaks on {z = 0, min(x, y) ≤ 0}."""
    # min(x, y) = x − relu(x − y); relu(min(x, y)) is one neuron of the second layer.
    identity = [[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0], [1, -1, 0]]
    f = ReLUNetwork(
        [
            (identity, [0] * 5),
            ([[0, 0, 1, -1, -1], [1, -1, 0, 0, 0], [-1, 1, 0, 0, 0]], [0, 0, 0]),
            ([[-1, 1, -1]], [0]),
            ([[1]], [0]),
        ]
    )
    locus = break_locus(f)
    flat = [facet for facet in locus.facets if facet.normal == (0, 0, 1)]
    assert [facet.weight for facet in flat] == [1, 1]  # a half-plane and a quadrant
    assert all(locus.weight_at(p) == 1 for p in ((-1, 2, 0), (3, -2, 0), (-1, -1, 0)))
    assert not locus.contains((1, 2, 0))
    z = TropicalPolynomial([[0, 0, 1]], [0])
    x, y = TropicalPolynomial([[1, 0, 0]], [0]), TropicalPolynomial([[0, 1, 0]], [0])
    inner = (x * y) / (x + y) + 0
    assert break_locus(z / inner + 0).facets == locus.facets


def test_opposite_twins_leave_no_trace():
    """relu(x) − relu(−x) = x, also where a deeper neuron reads it."""
    twins = shallow([(1, 0), (-1, 0)], [1, -1])
    assert break_locus(twins).facets == ()
    assert break_locus(shallow([(1, -1), (2, -2)], [4, -2])).facets == ()


def test_affine_functions_and_constants():
    for f in (ReLUNetwork([([[1, 2]], [3])]), X, 0 * random_network((2, 3, 1)), X / (X + X)):
        locus = break_locus(f)
        assert locus == WeightedComplex(2)
        assert locus.is_balanced()


def test_vector_outputs_have_vector_weights():
    net = random_network((2, 2, 3))
    assert all(len(facet.weight) == 3 for facet in break_locus(net).facets)
    pair = break_locus((X + 0, Y + 0, X))
    assert {facet.normal: facet.weight for facet in pair.facets} == {
        (1, 0): (1, 0, 0),
        (0, 1): (0, 1, 0),
    }
    assert break_locus((X + 0,)) == break_locus(X + 0)


# -- domains -----------------------------------------------------------------------------------


def test_only_the_interior_of_a_domain_counts():
    f = X + 1 + Y
    inside = break_locus(f, SQUARE)
    assert all(SQUARE.intersection(facet.polyhedron) == facet.polyhedron for facet in inside.facets)
    assert break_locus(piecewise_linear(f, SQUARE)) == inside
    border = shallow([(1, 0, 0), (0, 1, -2)], [1, 1])
    assert break_locus(border, SQUARE).facets == ()
    assert break_locus(piecewise_linear(border, SQUARE)).facets == ()


@given(small_networks())
@settings(max_examples=25, deadline=None)
def test_cutting_commutes_with_breaking(net):
    n = net.input_width
    domain = Polyhedron.from_inequalities([[1] * n, [-1] + [0] * (n - 1)], [1, 1])
    whole = [
        Facet(facet.normal, facet.offset, facet.weight, part)
        for facet in break_locus(net).facets
        if (part := facet.polyhedron.intersection(domain)).dim == n - 1
        and facet.normal not in ((1,) * n, (1,) + (0,) * (n - 1))
    ]
    cut = [
        facet
        for facet in break_locus(net, domain).facets
        if facet.normal not in ((1,) * n, (1,) + (0,) * (n - 1))
    ]
    assert WeightedComplex(n, whole) == WeightedComplex(n, cut)
    assert break_locus(piecewise_linear(net, domain)) == break_locus(net, domain)


@pytest.mark.parametrize("f", [X + Y, random_network((2, 3, 1)), piecewise_linear(X + Y)])
def test_domains_need_an_interior(f):
    line = Polyhedron.from_generators([(0, 0)], lines=[(1, 0)])
    for domain in (line, Polyhedron.from_generators([], ambient_dim=2)):
        with pytest.raises(InvalidInputError, match="the domain has dimension"):
            break_locus(f, domain)
    with pytest.raises(InvalidInputError, match=r"a polyhedron in R\^1"):
        break_locus(f, Polyhedron.from_generators([(0,), (1,)]))
    with pytest.raises(InvalidInputError, match="expected a Polyhedron"):
        break_locus(f, "square")


# -- laws --------------------------------------------------------------------------------------


@given(transformed_pairs(small_networks()))
@settings(max_examples=40, deadline=None)
def test_rewriting_a_network_keeps_the_digest(pair):
    first, second = pair
    assert break_locus(first).digest() == break_locus(second).digest()


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_the_locus_of_a_sum_is_the_sum_of_the_loci(data):
    architecture = data.draw(st.sampled_from([(1, 3, 1), (2, 2, 1, 1), (2, 3, 2), (3, 2, 1)]))
    f, g = (data.draw(networks(st.just(architecture))) for _ in range(2))
    assert break_locus(f - g) == break_locus(f) - break_locus(g)
    assert break_locus(f + g) == break_locus(f) + break_locus(g)
    assert (break_locus(f) - break_locus(f)).facets == ()
    assert break_locus(Fraction(-3, 2) * f) == Fraction(-3, 2) * break_locus(f)
    outputs = architecture[-1]
    affine = ReLUNetwork([([[3] * architecture[0]] * outputs, [1] * outputs)])
    assert break_locus(f + affine) == break_locus(f)


@given(polynomials(variables=2))
@settings(max_examples=30, deadline=None)
def test_convex_functions_have_positive_weights(p):
    locus = break_locus(p)
    assert locus == p.hypersurface()
    assert locus.negative_part().facets == ()
    assert locus.positive_part().facets == locus.facets


@given(small_networks())
@settings(max_examples=25, deadline=None)
def test_positive_and_negative_parts(net):
    locus = break_locus(net)
    positive, negative = locus.positive_part(), locus.negative_part()
    assert locus == positive - negative
    for part in (positive, negative):
        assert all(min(facet.coefficients) >= 0 for facet in part.facets)
        assert part.canonical().facets == part.facets
    if net.output_width == 1:
        shared = [(facet.hyperplane, facet.polyhedron) for facet in positive.facets]
        assert not set(shared) & {(f.hyperplane, f.polyhedron) for f in negative.facets}


# -- the way back ------------------------------------------------------------------------------


@given(small_networks())
@settings(max_examples=30, deadline=None)
def test_the_function_comes_back(net):
    f = piecewise_linear(net)
    cell = f.cells[-1]
    point = cell.polyhedron.interior_point()
    assert break_locus(net).to_function(cell.gradient, cell.constant, at=point) == f


def test_functions_of_complexes_with_lines():
    f = shallow([(1, 1, 0, 0), (1, 1, 0, 3)], [1, -1])
    cell = piecewise_linear(f).cells[0]
    back = break_locus(f).to_function(
        cell.gradient, cell.constant, at=cell.polyhedron.interior_point()
    )
    assert back == piecewise_linear(f)


def test_an_empty_complex_is_an_affine_function():
    f = WeightedComplex(2).to_function([[1, 2], [3, 4]], [5, 6], at=(0, 0))
    assert f((1, 1)) == (8, 13)
    assert WeightedComplex(1).to_function([2], 1, at=[0])(3) == (7,)


def test_unbalanced_complexes_are_refused():
    ray = Polyhedron.from_generators([(1, 2)], rays=[(1, 0)])
    complex_ = WeightedComplex(2, [Facet((0, 1), 2, 1, ray)])
    with pytest.raises(InvalidInputError, match=r"not balanced.*vertices \(1, 2\)"):
        complex_.to_function([0, 0], 0, at=(0, 0))


def test_the_affine_piece_must_fit():
    locus = break_locus(X + Y)
    for gradient, constant, at, message in (
        ([0, 0], 0, (1, 1), r"at: \(1, 1\) lies on the complex"),
        ([0, 0], 0, (1,), "1 coordinates"),
        ([0], 0, (1, 0), r"gradient: shape \(1, 1\) for a function R\^2 -> R\^1"),
        ([[0, 0], [1, 1]], [0, 0], (1, 0), r"gradient: shape \(2, 2\)"),
        ([0, 0], [0, 1], (1, 0), "1 rows of the gradient but 2 constants"),
        ([], 0, (1, 0), "1 rows|gradient"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            locus.to_function(gradient, constant, at=at)
