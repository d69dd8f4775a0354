"""Piecewise linear functions given by cells, or by networks and tropical functions; algebra."""

from __future__ import annotations

import pickle
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import generators, networks, points
from tropical.tropical_strategies import rationals
from tropnet import (
    InvalidInputError,
    PiecewiseLinearFunction,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    activation_regions,
    count_linear_pieces,
    piecewise_linear,
    random_network,
)

WHOLE = Polyhedron.from_inequalities([], [], ambient_dim=2)
LEFT, RIGHT = (Polyhedron.from_inequalities([[s, 0]], [0]) for s in (1, -1))
SQUARE = Polyhedron.from_generators([(0, 0), (2, 0), (0, 2), (2, 2)])
X = TropicalPolynomial([[1, 0]], [0])
Y = TropicalPolynomial([[0, 1]], [0])


def absolute():
    return PiecewiseLinearFunction([(LEFT, [-1, 0], 0), (RIGHT, [1, 0], 0)])


def small_networks(outputs=2):
    architecture = st.tuples(
        st.integers(1, 2), st.integers(1, 3), st.integers(1, 2), st.integers(1, outputs)
    )
    return networks(architecture)


# -- given by cells ----------------------------------------------------------------------------


def test_a_single_cell_is_an_affine_function():
    f = PiecewiseLinearFunction([(WHOLE, [[1, 2], [0, 0]], [3, "1/2"])])
    assert f((1, 1)) == (6, Fraction(1, 2))
    assert (f.input_width, f.output_width, f.domain) == (2, 2, None)
    assert len(f.pieces) == count_linear_pieces(f) == 1


def test_cells_need_not_meet_face_to_face():
    upper, lower = (Polyhedron.from_inequalities([[0, s]], [0]) for s in (-1, 1))
    cells = [
        (LEFT, [-1, 0], 0),
        (RIGHT.intersection(upper), [1, 0], 0),
        (RIGHT.intersection(lower), [1, 0], 0),
    ]
    f = PiecewiseLinearFunction(cells)
    assert f == absolute()
    assert hash(f) == hash(absolute())
    assert len(f.cells) == 3
    assert [piece.is_convex for piece in f.pieces] == [True, True]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([], "needs at least one cell"),
        ("ab", "expected triples"),
        ([(LEFT, [1, 0])], r"cells\[0\]: expected a triple"),
        ([("x", [1, 0], 0)], r"cells\[0\]: expected a Polyhedron, got str"),
        ([(LEFT, [1], 0)], r"cells\[0\]: a gradient of length 1 for a polyhedron in R\^2"),
        ([(LEFT, [[1, 0]], [0, 1])], "1 rows of the gradient but 2 constants"),
        ([(LEFT, [1, 0], 0)], r"do not cover the set with vertices \(0, 0\), rays \(1, 0\)"),
        ([(WHOLE, [1, 0], 0), (LEFT, [1, 0], 0)], "overlap on the set"),
        ([(LEFT, [1, 0], 0), (RIGHT, [1, 0], 1)], r"disagree at \(0, 0\)"),
        ([(LEFT, [1, 0], 0), (RIGHT, [1, 1], 0)], r"disagree at \(0, 0\)"),
        ([(LEFT, [1, 0], 0), (RIGHT, [[1, 0], [0, 0]], [0, 0])], r"cells\[1\]: its shape"),
        ([(LEFT, [True, 0], 0), (RIGHT, [1, 0], 0)], "boolean"),
        ([(SQUARE.faces(1)[0], [1, 0], 0)], r"cells\[0\]: it has dimension 1, and the domain 2"),
    ],
)
def test_bad_cells_are_named(cells, message):
    with pytest.raises(InvalidInputError, match=message):
        PiecewiseLinearFunction(cells)


def test_discontinuity_on_part_of_a_facet_only():
    """The maps agree on the line except where a third cell takes part of it."""
    upper, lower = (Polyhedron.from_inequalities([[0, s]], [0]) for s in (-1, 1))
    cells = [
        (LEFT, [0, 0], 0),
        (RIGHT.intersection(upper), [1, 0], 0),
        (RIGHT.intersection(lower), [1, 1], 0),
    ]
    with pytest.raises(InvalidInputError, match=r"disagree at \(0, -1\)"):
        PiecewiseLinearFunction(cells)


def test_functions_on_a_polyhedron():
    f = PiecewiseLinearFunction([(SQUARE, [1, 1], 0)], SQUARE)
    assert f((1, 1)) == (2,)
    with pytest.raises(InvalidInputError, match=r"\(3, 0\) is outside the function's domain"):
        f((3, 0))
    with pytest.raises(InvalidInputError, match=r"cells\[0\]: it is not part of the domain"):
        PiecewiseLinearFunction([(WHOLE, [1, 1], 0)], SQUARE)
    with pytest.raises(InvalidInputError, match="not part of the function's own domain"):
        f.restrict(LEFT)
    with pytest.raises(InvalidInputError, match="the polyhedron is empty"):
        f.restrict(Polyhedron.from_generators([], ambient_dim=2))


def test_functions_are_picklable():
    f = absolute()
    assert pickle.loads(pickle.dumps(f)) == f


# -- from other functions ----------------------------------------------------------------------


@given(small_networks(), st.data())
@settings(max_examples=40, deadline=None)
def test_networks_as_piecewise_linear_functions(net, data):
    f = piecewise_linear(net)
    assert len(f.pieces) == count_linear_pieces(net)
    for _ in range(3):
        x = data.draw(points(net.input_width))
        assert f(x) == net(x)
        here = [piece for piece in f.pieces if piece.contains(x)]
        assert here
        for piece in here:
            values = tuple(
                sum(a * b for a, b in zip(row, x, strict=True)) + c
                for row, c in zip(piece.gradient, piece.constant, strict=True)
            )
            assert values == net(x)
    maps = {(region.gradient, region.constant) for region in activation_regions(net)}
    assert maps == {(piece.gradient, piece.constant) for piece in f.pieces}


@given(rationals(variables=2))
@settings(max_examples=25, deadline=None)
def test_tropical_functions_as_piecewise_linear_functions(r):
    f = piecewise_linear(r)
    for x in ((0, 0), (1, "-1/2"), (-7, 3), (100, 1)):
        assert f(x) == (r(x),)


def test_tuples_are_vector_valued():
    parts = (X + 0, (Y + 0) / (X + 0))
    f = piecewise_linear(parts)
    assert f((2, 3)) == (2, 1)
    assert f.output(1) == piecewise_linear(parts[1])
    with pytest.raises(InvalidInputError, match="index: 2 is not an output"):
        f.output(2)


def test_non_convex_pieces_come_as_convex_cells():
    """max(0, min(x, y)): where it vanishes is a non-convex union."""
    f = piecewise_linear((X * Y) / (X + Y) + 0)
    zero = next(piece for piece in f.pieces if not any(piece.gradient[0]))
    assert len(f.pieces) == 3
    assert not zero.is_convex
    assert zero.contains((-1, 5))
    assert zero.contains((5, -1))
    assert not zero.contains((1, 1))


def test_wrong_things_are_refused():
    with pytest.raises(InvalidInputError, match="expected a ReLUNetwork, a tropical function"):
        piecewise_linear("net")
    with pytest.raises(InvalidInputError, match="parts of a tuple must be scalar"):
        piecewise_linear((random_network((2, 2, 2)), X))
    with pytest.raises(InvalidInputError, match="the polyhedron is empty"):
        piecewise_linear(X + 0, Polyhedron.from_generators([], ambient_dim=2))


# -- domains -----------------------------------------------------------------------------------


@given(small_networks(), st.data())
@settings(max_examples=30, deadline=None)
def test_restriction_to_a_line_agrees_with_pulling_back(net, data):
    f = piecewise_linear(net)
    n = net.input_width
    ints = st.integers(-2, 2)
    start = data.draw(st.tuples(*[ints] * n))
    way = data.draw(st.tuples(*[ints] * n))
    g = f.pull_back([[entry] for entry in way], start)
    for t in (-3, 0, Fraction(1, 3), 5):
        x = tuple(a + t * b for a, b in zip(start, way, strict=True))
        assert g(t) == net(x)
    if any(way):
        line = Polyhedron.from_generators([start], lines=[way])
        on_line = piecewise_linear(net, line)
        assert on_line == f.restrict(line)
        assert len(on_line.pieces) == len(g.pieces) == count_linear_pieces(net, line)


def test_a_domain_between_two_cells_is_covered_once():
    """The line x = 0 is the border of both cells of |x| + y."""
    line = Polyhedron.from_inequalities([], [], ([[1, 0]], [0]))
    f = absolute().restrict(line)
    assert len(f.cells) == 1
    assert absolute().pull_back([[0], [1]], [0, 0]).pieces[0].gradient == ((0,),)


def test_pulling_back_beside_the_domain_is_refused():
    f = piecewise_linear(X + Y, SQUARE)
    assert f.pull_back([[1], [1]], [0, 0]).domain == Polyhedron.from_generators([(0,), (2,)])
    with pytest.raises(InvalidInputError, match="no point is mapped into"):
        f.pull_back([[1], [1]], [0, 9])
    with pytest.raises(InvalidInputError, match="A and b"):
        f.pull_back([[1]], [0])


# -- arithmetic --------------------------------------------------------------------------------


@given(generators(), st.data())
@settings(max_examples=20, deadline=None)
def test_arithmetic_is_pointwise(rng, data):
    widths = data.draw(st.sampled_from([(1, 3, 1), (2, 3, 2), (2, 2, 2, 1)]))
    f, g = (piecewise_linear(random_network(widths, rng.randrange(100))) for _ in range(2))
    k = data.draw(st.fractions(-3, 3, max_denominator=4))
    for _ in range(3):
        x = data.draw(points(widths[0]))
        pairs = list(zip(f(x), g(x), strict=True))
        assert (f + g)(x) == tuple(a + b for a, b in pairs)
        assert (f - g)(x) == tuple(a - b for a, b in pairs)
        assert (k * f)(x) == tuple(k * a for a, _ in pairs)
        assert f.post_compose([[2] * f.output_width], [1])(x) == (2 * sum(f(x)) + 1,)
    assert f + g == g + f
    assert (f - g) + g == f
    assert len((f - f).pieces) == 1


def test_networks_join_in_and_tropical_functions_do_not():
    net = random_network((2, 3, 1))
    f = piecewise_linear(net)
    assert f + net == net + f == 2 * f
    assert (net - f).pieces[0].gradient == ((0, 0),)
    for other in (X + 0, X / Y, 3, "f"):
        with pytest.raises(TypeError):
            f + other
        with pytest.raises(TypeError):
            other - f
    with pytest.raises(InvalidInputError, match="R\\^2 -> R\\^1 and R\\^1 -> R\\^1"):
        f + random_network((1, 2, 1))


def test_sums_on_domains():
    f, g = piecewise_linear(X + 0, SQUARE), piecewise_linear(Y + 0)
    assert (f + g).domain == (g - f).domain == SQUARE
    with pytest.raises(InvalidInputError, match="different domains"):
        f + piecewise_linear(Y + 0, RIGHT)


def test_wide_sums_keep_their_pieces():
    rng = Random(5)
    total = piecewise_linear(random_network((2, 2, 1), rng.randrange(99)))
    for _ in range(3):
        total = total + random_network((2, 2, 1), rng.randrange(99))
    assert len(total.pieces) == len(total.cells) == 1 + 8 + 28


def test_a_network_without_hidden_layers():
    f = piecewise_linear(ReLUNetwork([([[1, 2]], [3])]))
    assert len(f.pieces) == 1
    assert f.pieces[0].polyhedra == (WHOLE,)


# -- faces of the domain -----------------------------------------------------------------------


@given(small_networks(), st.data())
@settings(max_examples=20, deadline=None)
def test_every_face_of_the_domain_keeps_its_cells(net, data):
    """A face of the function's own domain has no cells behind it."""
    n = net.input_width
    corners = [data.draw(st.tuples(*[st.integers(-3, 3)] * n)) for _ in range(n + 2)]
    domain = Polyhedron.from_generators(corners)
    f = piecewise_linear(net, domain)
    for k in range(domain.dim + 1):
        for face in domain.faces(k):
            part = f.restrict(face)
            assert part == piecewise_linear(net, face)
            assert (
                len(part.pieces) == count_linear_pieces(net, face) == count_linear_pieces(f, face)
            )
            assert PiecewiseLinearFunction(part.cells, face) == part
            assert part(face.interior_point()) == net(face.interior_point())


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_pulled_back_functions_on_domains_are_covered_once(data):
    ints = st.integers(-2, 2)
    corners = data.draw(st.lists(st.tuples(ints, ints), min_size=1, max_size=5))
    rays = data.draw(st.lists(st.tuples(ints, ints), max_size=1))
    domain = Polyhedron.from_generators(corners, rays)
    f = piecewise_linear(random_network((2, 3, 1), data.draw(st.integers(0, 9))), domain)
    k = data.draw(st.integers(1, 2))
    matrix = data.draw(st.tuples(*[st.tuples(*[ints] * k)] * 2))
    shift = data.draw(st.tuples(ints, ints))
    try:
        g = f.pull_back(matrix, shift)
    except InvalidInputError:  # no y is mapped into the domain
        return
    assert PiecewiseLinearFunction(g.cells, g.domain) == g


def test_different_functions_differ_on_a_face():
    interval = Polyhedron.from_generators([(0,), (1,)])
    end = Polyhedron.from_generators([(1,)])
    x = piecewise_linear(TropicalPolynomial([[1]], [0]), interval)
    other = piecewise_linear(TropicalPolynomial([[7]], [5]), interval)
    assert x.restrict(end) != other.restrict(end)
    assert x.restrict(end)(1) == (1,)
    assert count_linear_pieces((x, other), end) == 1


@pytest.mark.parametrize("f", [X + Y, (X + Y) / X, random_network((2, 2, 1))])
def test_domains_that_are_none(f):
    for domain in (5, "x"):
        with pytest.raises(InvalidInputError, match="domain: expected a Polyhedron"):
            piecewise_linear(f, domain)
    with pytest.raises(InvalidInputError, match=r"a polyhedron in R\^1"):
        piecewise_linear(f, Polyhedron.from_generators([(0,)]))
    with pytest.raises(InvalidInputError, match="expected a ReLUNetwork"):
        piecewise_linear(type(f))
