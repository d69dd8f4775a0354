"""Linear programs: every answer's proof is checked again, the answer against brute force."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import generators
from polyhedra.presentations import HForm, dot, h_forms
from tropnet import InvalidInputError, TropnetError
from tropnet.polyhedra import LinearProgramSolution, LinearProgramStatus, solve_linear_program
from tropnet.polyhedra import linear_program as module

OPTIMAL, UNBOUNDED, INFEASIBLE = LinearProgramStatus


def solve(c: Any, form: HForm) -> LinearProgramSolution:
    return solve_linear_program(
        c,
        [row[:-1] for row in form.inequalities],
        [row[-1] for row in form.inequalities],
        ([row[:-1] for row in form.equations], [row[-1] for row in form.equations]),
    )


def check_proof(c: Any, form: HForm, solution: LinearProgramSolution) -> None:
    """What the attributes promise, by their definition."""
    y, z, point, ray = (
        solution.multipliers,
        solution.equation_multipliers,
        solution.point,
        solution.ray,
    )
    combined = None
    if y is not None:
        assert z is not None
        assert all(value >= 0 for value in y)
        rows = [*form.inequalities, *form.equations]
        combined = [
            sum((w * row[j] for w, row in zip((*y, *z), rows, strict=True)), Fraction(0))
            for j in range(form.width + 1)
        ]
    if point is not None:
        assert form.contains(point)
    if solution.status is OPTIMAL:
        assert combined == [*c, solution.value]
        assert point is not None
        assert dot(c, point) == solution.value
        assert ray is None
    elif solution.status is INFEASIBLE:
        assert combined is not None
        assert not any(combined[:-1])
        assert combined[-1] < 0
        assert (point, ray, solution.value) == (None, None, None)
    else:
        assert point is not None
        assert ray is not None
        assert all(dot(row[:-1], ray) <= 0 for row in form.inequalities)
        assert all(dot(row[:-1], ray) == 0 for row in form.equations)
        assert dot(c, ray) > 0
        assert (y, z, solution.value) == (None, None, None)


@settings(max_examples=150, deadline=None)
@given(h_forms(), st.data())
def test_against_the_vertices(form: HForm, data: st.DataObject) -> None:
    c = data.draw(st.tuples(*[st.fractions(-3, 3, max_denominator=4)] * form.width))
    solution = solve(c, form)
    check_proof(c, form, solution)
    P = form.polyhedron()
    if P.is_empty:
        assert solution.status is INFEASIBLE
    elif any(dot(c, r) > 0 for r in P.rays) or any(dot(c, line) for line in P.lines):
        assert solution.status is UNBOUNDED
    else:
        assert solution.status is OPTIMAL
        assert solution.value == max(dot(c, v) for v in P.vertices)


@settings(max_examples=80, deadline=None)
@given(h_forms(), generators())
def test_rows_of_very_different_size(form: HForm, rng: Random) -> None:
    c = [rng.randint(-3, 3) * rng.choice((1, 2**90)) for _ in range(form.width)]
    expected = solve(c, form)

    def scaled(rows: list[list[int]], signs: tuple[int, ...]) -> list[list[Any]]:
        factors = (1, 7, 2**200, Fraction(1, 3**150), Fraction(2**1100, 3))
        return [
            [x * factor * sign for x in row]
            for row in rows
            for factor, sign in [(rng.choice(factors), rng.choice(signs))]
        ]

    other = HForm(scaled(form.inequalities, (1,)), scaled(form.equations, (1, -1)), form.width)
    solution = solve(c, other)
    check_proof(c, other, solution)
    assert (solution.status, solution.value) == (expected.status, expected.value)


@settings(max_examples=80, deadline=None)
@given(h_forms(), st.data())
def test_the_dual_answers_where_the_first_answer_is_refused(
    form: HForm, data: st.DataObject
) -> None:
    """`_optimum_by_duality` alone, on programs with an optimum."""
    c = data.draw(st.tuples(*[st.integers(-3, 3)] * form.width))
    expected = solve(c, form)
    if expected.status is not OPTIMAL:
        return
    rows, equations = (
        [(*(-x for x in row[:-1]), row[-1]) for row in part]
        for part in (form.inequalities, form.equations)
    )
    found = module._optimum_by_duality(c, rows, equations)
    assert found is not None
    assert found.value == expected.value


@pytest.mark.parametrize("lie", ["nothing", "zeros", "negative"])
def test_no_false_answer_gets_through(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def proposal(objective: Any, inequalities: Any, equations: Any) -> Any:
        point = (Fraction(0),) * len(objective)
        return None if lie == "nothing" else (point, {0: Fraction(-1)} if lie == "negative" else {})

    monkeypatch.setattr(module, "_proposal", proposal)
    with pytest.raises(TropnetError, match=r"^internal error: .* fail their check$"):
        solve_linear_program([1, 1], [[1, 0], [0, 1]], [1, 1])


@pytest.mark.parametrize("doubled", [0, 1])
def test_wrong_multipliers_are_refused(doubled: int) -> None:
    rows = [(-1, 0, 1), (0, -1, 2), (-1, -1, 9)]
    right = {0: Fraction(1), 1: Fraction(1)}
    point = (Fraction(1), Fraction(2))
    assert module._verified((1, 1), rows, (), point, right) is not None
    wrong = right | {doubled: Fraction(2)}
    assert module._verified((1, 1), rows, (), point, wrong) is None
    assert module._verified((1, 1), rows, (), (Fraction(1), Fraction(1)), right) is None
    assert module._verified((1, 1), rows, (), (Fraction(1), Fraction(3)), right) is None
    assert module._verified((1, 1), rows, [(1, 0, 0)], point, right) is None


class TestByHand:
    def test_no_rows(self) -> None:
        assert solve_linear_program([0, 0], [], []).value == 0
        assert solve_linear_program([0, 1], [], []).status is UNBOUNDED

    def test_no_variables(self) -> None:
        assert solve_linear_program([], [[]], [1]).value == 0
        solution = solve_linear_program([], [[], []], [1, -1])
        assert (solution.status, solution.multipliers) == (INFEASIBLE, (0, 1))

    def test_contradictory_equations(self) -> None:
        solution = solve_linear_program([1], [], [], ([[2], [3]], [1, 1]))
        assert solution.status is INFEASIBLE
        assert solution.multipliers == ()

    def test_free_variable_beside_an_empty_set(self) -> None:
        """Neither the program nor its dual is feasible."""
        solution = solve_linear_program([1, 0], [[0, 1], [0, -1]], [0, -1])
        assert solution.status is INFEASIBLE

    def test_numbers_of_every_kind(self) -> None:
        solution = solve_linear_program(["1/3"], [[0.5], ["-1"]], [1, 0])
        assert (solution.value, solution.point) == (Fraction(2, 3), (2,))
        assert solution.multipliers == (Fraction(2, 3), 0)


BAD: list[tuple[Callable[[], Any], str]] = [
    (lambda: solve_linear_program([1], [[1]], []), "^A and b: 1 rows but 0 numbers$"),
    (lambda: solve_linear_program([1], [[1, 2]], [1]), "^A: rows of 2 entries for an objective"),
    (lambda: solve_linear_program([1], [], [], [[1]]), "^equations: expected a pair"),
    (lambda: solve_linear_program([1], [], [], ([[1]], [])), "^C and d: 1 rows but 0 numbers$"),
    (lambda: solve_linear_program([None], [], []), r"^objective\[0\]: None"),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[message for _, message in BAD])
def test_bad_input_is_named(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        call()
