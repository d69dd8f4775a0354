"""Equality, with certificates, of functions given by cells."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import networks
from tropnet import (
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    decide_equality,
    max_difference,
    minimal_shallow_network,
    object_from_json,
    object_to_json,
    piecewise_linear,
    random_network,
    tropicalize,
)

X, Y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0])
SQUARE = Polyhedron.from_generators([(0, 0), (2, 0), (0, 2), (2, 2)])


def small_networks():
    architecture = st.tuples(
        st.integers(1, 2), st.integers(1, 3), st.integers(1, 2), st.integers(1, 2)
    )
    return networks(architecture)


def check_equal(f, g, domain=None):
    answer = decide_equality(f, g, domain)
    assert answer.equal
    certificate = object_from_json(object_to_json(answer.certificate))
    assert certificate.check(f, g)
    assert certificate.check(g, f) in (True, False)
    return answer.certificate


@given(small_networks())
@settings(max_examples=40, deadline=None)
def test_a_network_equals_its_pieces(net):
    f = piecewise_linear(net)
    check_equal(net, f)
    check_equal(f, f)
    check_equal(f, tropicalize(net))


@given(small_networks(), st.data())
@settings(max_examples=30, deadline=None)
def test_changed_pieces_are_told_apart(net, data):
    """A bump of height ε inside one cell is found; its certificate is a witness."""
    n = net.input_width
    corners = data.draw(st.tuples(*[st.integers(-3, 3)] * n))
    # max(0, ε − |x − p|) has its bump around p.
    bump = ReLUNetwork(
        [
            (
                [[s * (i == j) for i in range(n)] for j in range(n) for s in (1, -1)],
                [-s * corners[j] for j in range(n) for s in (1, -1)],
            ),
            ([[-1] * (2 * n)], [Fraction(1, 64)]),
            ([[1]] * net.output_width, [0] * net.output_width),
        ]
    )
    f, g = piecewise_linear(net), piecewise_linear(net) + bump
    answer = decide_equality(f, g)
    assert not answer.equal
    assert f(answer.witness) != g(answer.witness)
    assert answer.certificate.check(f, g)
    assert not answer.certificate.check(f, f)
    assert not decide_equality(net, g).equal


def test_certificates_do_not_pass_for_other_pieces():
    net = random_network((2, 2, 1), seed=4)
    f = piecewise_linear(net)
    certificate = check_equal(net, f)
    cells = list(f.cells)
    for i, cell in enumerate(cells):
        constant = (cell.constant[0] + 1,)
        moved = cell._replace(constant=constant)
        steeper = cell._replace(gradient=((cell.gradient[0][0] + 1, *cell.gradient[0][1:]),))
        for other in (moved, steeper):
            # Not a continuous function: the checker reads plain data and must not believe it.
            forged = SimpleNamespace(cells=(*cells[:i], other, *cells[i + 1 :]))
            assert not certificate.check(net, forged)
        assert not certificate.check(net, SimpleNamespace(cells=(*cells[:i], *cells[i + 1 :])))
        wide = SimpleNamespace(
            gradient=cell.gradient,
            constant=cell.constant,
            polyhedron=SimpleNamespace(inequalities=(), equations=()),
        )
        assert not certificate.check(net, SimpleNamespace(cells=(*cells[:i], wide)))
    assert certificate.check(net, SimpleNamespace(cells=tuple(cells)))


def test_cells_that_contradict_each_other_prove_nothing():
    """Two forged functions with the same overlapping cells: a corner with two values has none."""
    f = piecewise_linear(X + Y)
    certificate = check_equal(f, Y + X + X)
    left, right = f.cells
    whole = SimpleNamespace(inequalities=(), equations=())
    forged = SimpleNamespace(
        cells=(
            SimpleNamespace(gradient=left.gradient, constant=left.constant, polyhedron=whole),
            right,
        )
    )
    assert not certificate.check(forged, Y + X + X)


def test_domains_of_functions():
    f, g = piecewise_linear(X + Y, SQUARE), piecewise_linear(X + Y + 0)
    check_equal(f, g, SQUARE)
    check_equal(f, piecewise_linear(X + Y + 0, SQUARE))
    inner = Polyhedron.from_generators([(0, 0), (1, 1), (1, 0)])
    check_equal(f, X, inner)
    with pytest.raises(InvalidInputError, match="defined on different domains"):
        decide_equality(f, g)
    with pytest.raises(InvalidInputError, match="f is not defined on all of it"):
        decide_equality(f, g, Polyhedron.from_generators([(0, 0), (3, 0)]))
    certificate = decide_equality(f, f).certificate
    assert certificate.check(f, f)
    assert certificate.domain[0] == SQUARE.inequalities
    diagonal = SQUARE.intersection(Polyhedron.from_inequalities([], [], ([[1, -1]], [0])))
    check_equal(f.restrict(diagonal), piecewise_linear(Y, diagonal))


def test_the_largest_difference_of_functions_given_by_cells():
    f, g = piecewise_linear(X + Y, SQUARE), piecewise_linear(X * Y / (X + Y), SQUARE)
    (supremum,) = max_difference(f, g)
    assert supremum.value == 2
    assert supremum.point in ((0, 2), (2, 0))
    whole = max_difference(piecewise_linear(X + Y), X)
    assert whole[0].value is None


def test_several_choices_at_once():
    """Tropical maxima and cells in one comparison, vector-valued."""
    p = X + Y + 0 + (X * Y) ** 2
    f = piecewise_linear((p, p + 3))
    check_equal(f, (p, p + 3))
    check_equal(f + f, piecewise_linear((p * p, (p + 3) * (p + 3))))
    assert not decide_equality(f, (p, p + 4)).equal


def test_a_width_on_a_part_is_no_width_on_everything():
    """x needs two neurons on R, but on x ≥ 0 it is relu(x); plain cells do not say where."""
    certificate = minimal_shallow_network(ReLUNetwork([([[1]], [0])])).certificate
    where = SimpleNamespace(inequalities=[(-1, 0)], equations=[])
    half = SimpleNamespace(cells=[SimpleNamespace(polyhedron=where, gradient=[[1]], constant=[0])])
    assert not certificate.check(half)
    assert not certificate.check((half,))
