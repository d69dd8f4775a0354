"""Regular and mixed subdivisions: duality, covering, sums of cells, degenerate input."""

from __future__ import annotations

import pickle
from fractions import Fraction
from functools import reduce
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tropical.tropical_strategies import polynomials
from tropnet import InvalidInputError, TropicalPolynomial
from tropnet.polyhedra import Polyhedron
from tropnet.tropical.mixed_subdivision import MixedSubdivision
from tropnet.tropical.regular_subdivision import RegularSubdivision, SubdivisionCell

# Unimodular triangles next to others, and a monomial far below the hull.
TRIANGLES = TropicalPolynomial(
    [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2], [1, 3]], [0, 1, 1, 0, 1, 0, -9]
)
CUBE = TropicalPolynomial([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], [0] * 8)
FLAT = TropicalPolynomial([[0, 0, 1], [1, 1, 1], [2, 2, 1], [4, 4, 1]], [0, 1, 1, 0])
SAMPLES = [
    TRIANGLES,
    CUBE,
    FLAT,
    TropicalPolynomial([[1, 2]], [3]),
    TropicalPolynomial([[0], [1], [3], [4]], [0, 2, 3, -1]),
    TropicalPolynomial([["1/2", 0], [0, "1/3"], [-1, -1], [0, 0]], [0, 0, 0, 0]),
]


def polynomials_and(*examples: TropicalPolynomial):
    def decorate(test):
        for p in examples:
            test = example(p)(test)
        return settings(max_examples=30, deadline=None)(given(polynomials(size=7))(test))

    return decorate


def domain(p: TropicalPolynomial, exponents) -> Polyhedron:
    """By definition: where all the given monomials are maximal."""
    value = dict(zip(p.exponents, p.coefficients, strict=True))
    first = exponents[0]
    differences = {a: [x - y for x, y in zip(a, first, strict=True)] for a in p.exponents}
    equations = [a for a in exponents if a != first]
    return Polyhedron.from_inequalities(
        [differences[a] for a in p.exponents],
        [value[first] - value[a] for a in p.exponents],
        ([differences[a] for a in equations], [value[first] - value[a] for a in equations]),
    )


def all_cells(p: TropicalPolynomial) -> list[SubdivisionCell]:
    return [cell for cells in p.regular_subdivision().cells for cell in cells]


@polynomials_and(*SAMPLES)
def test_cells_and_their_duals_are_what_they_say(p: TropicalPolynomial) -> None:
    S = p.regular_subdivision()
    for k, cells in enumerate(S.cells):
        assert cells
        assert list(cells) == sorted(cells, key=lambda cell: cell.exponents)
        for cell in cells:
            hull = Polyhedron.from_generators(cell.marked)
            assert cell.polyhedron == hull
            assert cell.polyhedron.inequalities == hull.inequalities
            assert cell.polyhedron.equations == hull.equations
            assert cell.exponents == hull.vertices
            assert cell.dim == k == hull.dim
            dual = domain(p, cell.marked)
            assert cell.dual == dual == domain(p, cell.exponents)
            assert cell.dual.inequalities == dual.inequalities
            assert cell.dual.equations == dual.equations
            assert dual.dim == p.variables - k
            centre = dual.interior_point()
            terms = zip(p.exponents, p.coefficients, strict=True)
            top = p(centre)
            assert cell.marked == tuple(
                a for a, c in terms if c + sum(x * y for x, y in zip(a, centre, strict=True)) == top
            )
            assert S.cell_at(centre) is cell


@polynomials_and(*SAMPLES)
def test_duality_reverses_inclusion_and_faces_are_cells(p: TropicalPolynomial) -> None:
    S = p.regular_subdivision()
    lattice = S.face_lattice()
    assert list(lattice) == all_cells(p)
    by_hull = {cell.polyhedron: cell for cell in lattice}
    by_dual = {cell.dual: cell for cell in lattice}
    assert len(by_hull) == len(by_dual) == len(lattice)
    assert [data for _, data in lattice.nodes(data="dim")] == [cell.dim for cell in lattice]
    for cell in lattice:
        below = [by_hull[face] for face in cell.polyhedron.faces(cell.dim - 1)] if cell.dim else []
        assert set(lattice.predecessors(cell)) == set(below) == set(cell.facets)
        if cell.dim < S.dim:
            above = {by_dual[face] for face in cell.dual.faces(p.variables - cell.dim - 1)}
            assert set(lattice.successors(cell)) == above
    order = nx.transitive_closure_dag(lattice)
    for first, second in combinations(lattice, 2):
        assert order.has_edge(first, second) == (set(first.exponents) < set(second.exponents))


@polynomials_and(*SAMPLES)
def test_edges_are_dual_to_the_weighted_hypersurface(p: TropicalPolynomial) -> None:
    edges = p.regular_subdivision().edges
    for edge in edges:
        first, second = edge.ends
        assert edge.cell.exponents == edge.ends
        assert edge.lattice_length > 0
        step = [edge.lattice_length * u for u in edge.direction]
        assert [b - a for a, b in zip(first, second, strict=True)] == step
    facets = {facet.polyhedron: (facet.normal, facet.weight) for facet in p.hypersurface().facets}
    assert facets == {edge.cell.dual: (edge.direction, edge.lattice_length) for edge in edges}


@polynomials_and(*SAMPLES)
def test_cells_cover_the_newton_polytope(p: TropicalPolynomial) -> None:
    S = p.regular_subdivision()
    newton = p.newton_polytope()
    assert S.dim == newton.dim
    assert sum((-1) ** cell.dim for cell in all_cells(p)) == 1
    # A pure complex without overlaps: every wall has two sides, or one on the boundary.
    lattice = S.face_lattice()
    walls = S.cells[-2] if S.dim else ()
    for wall in walls:
        on_boundary = any(
            all(sum(x * y for x, y in zip(row, (*a, -1), strict=True)) == 0 for a in wall.exponents)
            for row in newton.inequalities
        )
        assert lattice.out_degree(wall) == (1 if on_boundary else 2)
    for cell in all_cells(p):
        assert cell.dim == S.dim or lattice.out_degree(cell)
    for first, second in combinations(S.cells[-1], 2):
        common = first.polyhedron.intersection(second.polyhedron)
        shared = sorted(set(first.exponents) & set(second.exponents))
        assert common == Polyhedron.from_generators(shared, ambient_dim=p.variables)
    for point in (newton.interior_point(), *newton.vertices):
        assert any(cell.polyhedron.contains(point) for cell in S.cells[-1])


def test_areas_add_up() -> None:
    def area(polygon: Polyhedron) -> Fraction:
        centre = polygon.interior_point()
        total = Fraction(0)
        for edge in polygon.faces(1):
            (a, b), (c, d) = (
                [x - y for x, y in zip(vertex, centre, strict=True)] for vertex in edge.vertices
            )
            total += abs(a * d - b * c) / 2
        return total

    S = TRIANGLES.regular_subdivision()
    areas = [area(cell.polyhedron) for cell in S.cells[2]]
    assert sum(areas) == area(TRIANGLES.newton_polytope())


def test_a_known_subdivision() -> None:
    S = TropicalPolynomial(
        [[0, 0], [1, 0], [0, 1], [2, 0], [1, 1], [0, 2]], [0, 1, 1, 0, 1, 0]
    ).regular_subdivision()
    assert [len(cells) for cells in S.cells] == [6, 9, 4]
    assert repr(S) == "<RegularSubdivision of dimension 2 in R^2: 6 + 9 + 4 cells>"
    assert {edge.lattice_length for edge in S.edges} == {1}
    assert sorted(S.edges[0].cell.dual.rays) == [(-1, 0)]
    assert repr(S.cells[2][0]) == "<SubdivisionCell: (0, 0) (0, 1) (1, 0)>"


def test_equal_coefficients_leave_the_newton_polytope_whole() -> None:
    S = CUBE.regular_subdivision()
    assert [len(cells) for cells in S.cells] == [8, 12, 6, 1]
    assert S.cells[3][0].polyhedron == CUBE.newton_polytope()
    assert S.cells[3][0].dual.vertices == ((0, 0, 0),)


def test_one_monomial() -> None:
    S = TropicalPolynomial([[1, 2]], [3]).regular_subdivision()
    ((cell,),) = S.cells
    assert (S.dim, S.edges, cell.facets) == (0, (), ())
    assert cell.exponents == cell.marked == ((1, 2),)
    assert cell.dual.lines == ((1, 0), (0, 1))
    assert cell.polyhedron.vertices == ((1, 2),)
    assert S.cell_at((5, 5)) is cell
    assert str(S).splitlines()[-1] == "  0: (1, 2)"


def test_one_variable_with_redundant_monomials() -> None:
    S = TropicalPolynomial([[0], [1], [2], [3], [4]], [0, 1, 2, -9, 2]).regular_subdivision()
    assert [cell.exponents for cell in S.cells[1]] == [((0,), (2,)), ((2,), (4,))]
    assert [cell.marked for cell in S.cells[1]] == [((0,), (1,), (2,)), ((2,), (4,))]
    assert [cell.dual.vertices for cell in S.cells[1]] == [((-1,),), ((0,),)]
    assert [edge.lattice_length for edge in S.edges] == [2, 2]


def test_a_flat_newton_polytope_has_a_dual_with_lineality() -> None:
    S = FLAT.regular_subdivision()
    assert [len(cells) for cells in S.cells] == [4, 3]
    assert [edge.lattice_length for edge in S.edges] == [1, 1, 2]
    assert all(len(edge.cell.dual.lines) == 2 for edge in S.edges)


def test_equality_and_pickling() -> None:
    S, T = TRIANGLES.regular_subdivision(), TRIANGLES.regular_subdivision()
    assert S == T
    assert hash(S) == hash(T)
    assert S.cells == T.cells
    assert set(S.cells[1]) == set(T.cells[1])
    other = (TRIANGLES * 1).regular_subdivision()
    assert other != S
    assert S.cells[0][0] != other.cells[0][0]
    assert S.cells[0][0].exponents == other.cells[0][0].exponents
    S.face_lattice()
    copy = pickle.loads(pickle.dumps(S))
    assert copy == S
    assert copy.cells == S.cells
    assert RegularSubdivision(TRIANGLES, TRIANGLES.essential()).cells == S.cells


def test_a_point_of_the_wrong_dimension() -> None:
    with pytest.raises(InvalidInputError, match="3 coordinates"):
        TRIANGLES.regular_subdivision().cell_at((1, 2, 3))


@st.composite
def factors(draw: st.DrawFn) -> list[TropicalPolynomial]:
    first = draw(polynomials(size=4))
    count = draw(st.integers(0, 2))
    return [first, *(draw(polynomials(first.variables, size=3)) for _ in range(count))]


@settings(max_examples=30, deadline=None)
@given(factors())
@example([CUBE, CUBE])
@example([FLAT, CUBE])
def test_mixed_cells_are_sums_of_cells_of_the_factors(given: list[TropicalPolynomial]) -> None:
    M = given[0].mixed_subdivision(*given[1:])
    product = reduce(TropicalPolynomial.__mul__, given)
    S = product.regular_subdivision()
    assert M.subdivision == S
    assert [[mixed.cell for mixed in cells] for cells in M.cells] == list(map(list, S.cells))
    for mixed in (mixed for cells in M.cells for mixed in cells):
        total = reduce(Polyhedron.minkowski_sum, (s.polyhedron for s in mixed.summands))
        assert mixed.cell.polyhedron == total
        common = reduce(Polyhedron.intersection, (s.dual for s in mixed.summands))
        assert mixed.cell.dual == common
        assert mixed.type == tuple(s.polyhedron.dim for s in mixed.summands)
        assert max(mixed.type) <= mixed.dim <= sum(mixed.type)
        for factor, summand in zip(M.factors, mixed.summands, strict=True):
            assert summand in factor.cells[summand.dim]


def test_two_lines_meet_in_one_mixed_cell() -> None:
    line = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    M = line.mixed_subdivision(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 1, 3]))
    assert sorted(mixed.type for mixed in M.cells[2]) == [(0, 2), (1, 1), (2, 0)]
    (mixed,) = (mixed for mixed in M.cells[2] if mixed.type == (1, 1))
    # The point where the two lines meet.
    assert mixed.cell.dual.vertices == ((0, -2),)
    assert repr(M) == "<MixedSubdivision of 2 factors: 6 + 8 + 3 cells>"
    assert MixedSubdivision([factor.polynomial for factor in M.factors]) == M
    assert line.mixed_subdivision(line) != M
    # The same line twice: all cells are sums along the diagonal.
    assert [mixed.type for mixed in line.mixed_subdivision(line).cells[2]] == [(2, 2)]


def test_bad_factors() -> None:
    line = TropicalPolynomial([[0], [1]], [0, 0])
    with pytest.raises(InvalidInputError, match="at least one polynomial"):
        MixedSubdivision([])
    with pytest.raises(InvalidInputError, match=r"factors\[1\]"):
        line.mixed_subdivision(3)
    with pytest.raises(InvalidInputError, match="variables"):
        line.mixed_subdivision(CUBE)
