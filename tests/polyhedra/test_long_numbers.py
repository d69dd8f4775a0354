"""Numbers of more digits than Python turns into text."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import cdd
import cdd.gmp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyhedra.presentations import HForm, h_forms
from tropnet import Polyhedron, TropicalPolynomial, activation_regions, random_network
from tropnet.polyhedra import LinearProgramStatus, essential_points, solve_linear_program
from tropnet.polyhedra.long_numbers import rows_of, solutions_of, with_rows

LONG = 10**5000 + 1
LONGER = 7**12000
NUMBERS = {
    "long": Fraction(LONG),
    "negative": Fraction(-LONG),
    "small": Fraction(1, LONG),
    "a quotient": Fraction(-LONGER, LONG),
}


class Unread:
    """A result of cddlib whose numbers are too long for all but its text."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def __getattr__(self, name: str) -> Any:
        raise ValueError("Exceeds the limit (4300 digits)")

    def __str__(self) -> str:
        return str(self._result)


def test_a_triangle_with_a_long_side() -> None:
    triangle = Polyhedron.from_inequalities([[1, LONG], [-1, 0], [0, -1]], [LONG, 0, 0])
    assert set(triangle.vertices) == {(0, 0), (LONG, 0), (0, 1)}
    assert triangle == Polyhedron.from_generators([(0, 0), (LONG, 0), (0, 1)])
    assert triangle.inequalities == ((-1, 0, 0), (0, -1, 0), (1, LONG, LONG))
    assert triangle.contains((1, 1 - Fraction(1, LONG)))
    assert not triangle.contains((1, 1 - Fraction(1, LONG + 1)))
    assert [len(triangle.faces(k)) for k in range(3)] == [3, 3, 1]
    cut = triangle.intersection(Polyhedron.from_inequalities([[1, 0]], [Fraction(1, LONGER)]))
    assert (Fraction(1, LONGER), 0) in cut.vertices
    assert repr(triangle)


@pytest.mark.parametrize("name", NUMBERS)
def test_points_lines_and_empty_sets(name: str) -> None:
    number = NUMBERS[name]
    point = Polyhedron.from_inequalities([], [], ([[LONGER]], [LONGER * number]))
    assert point.vertices == ((number,),)
    assert point == Polyhedron.from_inequalities([[1], [-1]], [number, -number])
    assert Polyhedron.from_inequalities([[number], [-number]], [0, -1]).is_empty
    assert Polyhedron.from_inequalities([[0]], [-LONG]).is_empty
    line = Polyhedron.from_inequalities([], [], ([[number, -1]], [0]))
    ((first, second),) = line.lines
    assert second == number * first
    assert line == Polyhedron.from_generators([(0, 0)], lines=[(1, number)])


@settings(max_examples=20, deadline=None)
@given(h_forms(), st.sampled_from(sorted(NUMBERS)))
def test_a_dilated_polyhedron(form: HForm, name: str) -> None:
    factor = abs(NUMBERS[name])
    P = form.polyhedron()
    dilated = HForm(
        [[*row[:-1], factor * row[-1]] for row in form.inequalities],
        [[*row[:-1], factor * row[-1]] for row in form.equations],
        form.width,
    ).polyhedron()
    assert (dilated.dim, dilated.rays, dilated.lines) == (P.dim, P.rays, P.lines)
    assert set(dilated.vertices) == {tuple(factor * x for x in v) for v in P.vertices}


def test_linear_programs() -> None:
    triangle = [[1, LONG], [-1, 0], [0, -1]], [LONG, 0, 0]
    for objective, value in (([1, 0], LONG), ([0, LONGER], LONGER), ([-1, -1], 0)):
        solution = solve_linear_program(objective, *triangle)
        assert (solution.status, solution.value) == (LinearProgramStatus.OPTIMAL, value)
    assert solve_linear_program([1], [[-1]], [LONG]).status == LinearProgramStatus.UNBOUNDED
    assert solve_linear_program([1], [[1], [-1]], [0, -LONG]).status == (
        LinearProgramStatus.INFEASIBLE
    )
    points = [(0, 0), (1, LONG), (2, 0), (3, -LONG), (4, -9 * LONG)]
    assert essential_points(points) == (0, 1, 3, 4)


def test_functions() -> None:
    p = TropicalPolynomial([[0], [1], [2]], [0, LONG, 0])
    assert {facet.polyhedron.vertices for facet in p.hypersurface().facets} == {
        ((Fraction(LONG),),),
        ((Fraction(-LONG),),),
    }
    net = random_network((2, 3, 1), seed=1).rescale(1, [LONG, 1, Fraction(1, LONG)])
    box = Polyhedron.from_generators([(0, 0), (LONG, 0), (0, LONG), (LONG, LONG)])
    for region in activation_regions(net, box):
        assert region.polyhedron.contains(region.interior_point)


def test_text_and_numbers_agree() -> None:
    rows = [[1, Fraction(3, 2), -7], [2, -1, 0], [Fraction(-1, 3), 1, 5]]
    matrix = with_rows(lambda r: cdd.gmp.matrix_from_array(r, lin_set=[1]), rows)
    assert rows_of(Unread(matrix)) == rows_of(matrix) == rows
    program = cdd.gmp.linprog_from_array(
        [[Fraction(7, 3), -1, 0], [5, 0, -1], [1, 0, 0], [0, 1, 2]], cdd.LPObjType.MAX
    )
    cdd.gmp.linprog_solve(program)
    primal, dual = solutions_of(program)
    assert primal == [Fraction(7, 3), 5]
    assert (primal, dual) == solutions_of(Unread(program))


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        with_rows(cdd.gmp.matrix_from_array, [[1], [1, 2]])
