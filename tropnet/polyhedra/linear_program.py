"""Linear programs in exact arithmetic, every answer with a proof that was checked here.

cddlib proposes, the functions below verify: nothing it says is passed on unchecked.

References:
    Schrijver, *Theory of Linear and Integer Programming*, 1986: Corollary 7.1d (Farkas), Corollary
    7.1g (duality).
    Fukuda and Terlaky, *Criss-cross methods: a fresh view on pivot algorithms*, 1997 (cddlib).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import lcm
from operator import mul
from typing import NamedTuple

import cdd
import cdd.gmp

from tropnet.errors import InvalidInputError, TropnetError
from tropnet.exact import Matrix, Number, Vector, integer_rows, to_matrix, to_vector
from tropnet.polyhedra.double_description import IntegerRow
from tropnet.polyhedra.long_numbers import solutions_of, with_rows

_SMALL = 1 << 16
"""Entries up to here are left as they are."""


class LinearProgramStatus(Enum):
    """What a linear program has come to."""

    OPTIMAL = "optimal"
    UNBOUNDED = "unbounded"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class LinearProgramSolution:
    """The answer to: maximise c·x over {x : A x ≤ b, C x = d}, with its proof.

    Attributes:
        status: Optimal, unbounded or infeasible.
        value: The maximum, where there is one.
        point: Where it is attained; any feasible point if unbounded; None if infeasible.
        multipliers: y ≥ 0, one for each row of A.  If optimal, y A + z C = c and y·b + z·d is the
            value; if infeasible, y A + z C = 0 and y·b + z·d < 0; None if unbounded.
        equation_multipliers: z, of any signs, one for each row of C; or None.
        ray: If unbounded, r with A r ≤ 0, C r = 0 and c·r > 0; else None.
    """

    status: LinearProgramStatus
    value: Fraction | None = None
    point: Vector | None = None
    multipliers: Vector | None = None
    equation_multipliers: Vector | None = None
    ray: Vector | None = None


class OptimalPair(NamedTuple):
    """A feasible point and multipliers that prove it optimal; see `optimal_pair`.

    Attributes:
        point: Where the maximum is attained.
        value: The maximum.
        multipliers: The non-zero ones, by row: the inequalities first, then the equations.
    """

    point: Vector
    value: Fraction
    multipliers: Mapping[int, Fraction]


def solve_linear_program(
    objective: Iterable[Number],
    A: Iterable[Iterable[Number]],
    b: Iterable[Number],
    equations: tuple[Iterable[Iterable[Number]], Iterable[Number]] | None = None,
) -> LinearProgramSolution:
    """Maximise c·x over {x : A x ≤ b, C x = d}.

    Args:
        objective: c, length n.
        A: Shape (m, n).
        b: Length m.
        equations: The pair (C, d), shapes (k, n) and (k,).

    Returns:
        The status, with what proves it: a dual solution, a Farkas certificate or a ray.

    Raises:
        InvalidInputError: for shapes that do not fit.
        TropnetError: if no answer passes the check (never seen; better than a wrong answer).

    Guarantees:
        The proof was verified by exact arithmetic, outside cddlib.  Deterministic; which optimal
        point, multipliers or ray is returned, where there are many, means nothing.

    Cost:
        One run of the criss-cross method if there is an optimum, two if infeasible, three if
        unbounded.  Exponential at worst; some 100 µs for 20 rows in 3 variables.

    >>> solution = solve_linear_program([1, 1], [[1, 0], [0, 1]], [1, "1/2"])
    >>> solution.status.value, solution.value, solution.multipliers
    ('optimal', Fraction(3, 2), (Fraction(1, 1), Fraction(1, 1)))
    """
    c = to_vector(objective, "objective")
    if equations is None:
        equations = (), ()
    if not isinstance(equations, (tuple, list)) or len(equations) != 2:
        raise InvalidInputError("equations: expected a pair (C, d)")
    rows, factors = _homogeneous_rows(A, b, len(c), ("A", "b"))
    equal, equal_factors = _homogeneous_rows(*equations, len(c), ("C", "d"))
    (scaled,), (scale,) = integer_rows([c])

    def unscaled(multipliers: Mapping[int, Fraction], over: int = 1) -> tuple[Vector, Vector]:
        values = [
            multipliers.get(i, Fraction(0)) * factor / over
            for i, factor in enumerate((*factors, *equal_factors))
        ]
        return tuple(values[: len(rows)]), tuple(values[len(rows) :])

    found = optimal_pair(scaled, rows, equal)
    if found is None:
        feasible = _feasible_point(rows, equal, len(c))
        if isinstance(feasible, dict):
            return LinearProgramSolution(
                LinearProgramStatus.INFEASIBLE, None, None, *unscaled(feasible)
            )
        ray = _improving_ray(scaled, rows, equal)
        if ray is not None:
            return LinearProgramSolution(
                LinearProgramStatus.UNBOUNDED, point=tuple(feasible), ray=ray
            )
        found = certain_optimum(scaled, rows, equal)
    return LinearProgramSolution(
        LinearProgramStatus.OPTIMAL,
        found.value / scale,
        found.point,
        *unscaled(found.multipliers, scale),
    )


def optimal_pair(
    objective: Sequence[int],
    inequalities: Sequence[Sequence[int]],
    equations: Sequence[Sequence[int]] = (),
) -> OptimalPair | None:
    """The optimum of an integer linear program in homogeneous rows, if cddlib finds one.

    Args:
        objective: c, length n; c·x is maximised.
        inequalities: Rows (a, b) of length n + 1 that mean a·x + b ≥ 0.
        equations: Rows (a, b) that mean a·x + b = 0.

    Returns:
        A point, its value, and multipliers y (≥ 0 for inequalities) with c + Σ y_i a_i = 0 and
        Σ y_i b_i = c·x.  None if cddlib claims there is no optimum or fails to prove it.

    Guarantees:
        A pair that is returned was verified; None proves nothing.

    >>> optimal_pair([1], [(-2, 1)]).value
    Fraction(1, 2)
    """
    solution = _proposal(objective, inequalities, equations)
    return solution and _verified(objective, inequalities, equations, *solution)


def certain_optimum(
    objective: Sequence[int],
    inequalities: Sequence[Sequence[int]],
    equations: Sequence[Sequence[int]] = (),
) -> OptimalPair:
    """The optimum of a program that is known to have one; rows as in `optimal_pair`.

    Where cddlib fails, its dual is asked: minimise b·y over {y : c + Σ y_i a_i = 0, y_i ≥ 0 for
    inequalities}.

    Raises:
        TropnetError: if no answer passes the check (never seen).

    Guarantees:
        The pair was verified by exact arithmetic.

    >>> certain_optimum([1, 1], [(-1, 0, 3)], [(1, -1, 0)]).point
    (Fraction(3, 1), Fraction(3, 1))
    """
    found = optimal_pair(objective, inequalities, equations)
    if found is None:
        found = _optimum_by_duality(objective, inequalities, equations)
    if found is None:
        raise TropnetError("internal error: cddlib's answers to a linear program fail their check")
    return found


def _proposal(
    objective: Sequence[int],
    inequalities: Sequence[Sequence[int]],
    equations: Sequence[Sequence[int]],
) -> tuple[Vector, dict[int, Fraction]] | None:
    """What cddlib believes to be an optimal point and its multipliers."""
    size = len(inequalities)
    # The trivial row keeps cddlib from being handed no rows at all.  An equation is two rows.
    array: list[Sequence[int]] = [(row[-1], *row[:-1]) for row in inequalities]
    for row in equations:
        array.append((row[-1], *row[:-1]))
        array.append([-entry for entry in array[-1]])
    array.append((1, *(0,) * len(objective)))
    array.append((0, *objective))
    scaled, scales = _in_floating_range(array)
    program = with_rows(lambda rows: cdd.gmp.linprog_from_array(rows, cdd.LPObjType.MAX), scaled)
    # Both of cdd.gmp's solvers try floats first and repair the answer exactly.  The default, the
    # dual simplex, was seen to write out of bounds for entries of very different size: its
    # selection of pivots trusts the floats.  The criss-cross method only compares signs by index,
    # and gives up after a fixed number of floating-point pivots.
    cdd.gmp.linprog_solve(program, solver=cdd.LPSolverType.CRISS_CROSS)
    if program.status != cdd.LPStatusType.OPTIMAL:
        return None
    primal, dual = solutions_of(program)
    multipliers: dict[int, Fraction] = {}
    for index, value in dual:
        if value and index < len(array) - 2:
            place, sign = index, 1
            if index >= size:
                place, sign = size + (index - size) // 2, -1 if (index - size) % 2 else 1
            value *= sign * Fraction(scales[-1], scales[index])
            multipliers[place] = multipliers.get(place, Fraction(0)) + value
    return tuple(primal), multipliers


def _in_floating_range(
    array: Sequence[Sequence[int]],
) -> tuple[Sequence[Sequence[int | Fraction]], list[int]]:
    """The rows divided by powers of two that leave entries of about 1, and these powers.

    cddlib's attempt in floats takes 1e-7 for zero whatever the scale; where it fails, the exact
    run starts from nothing.
    """
    scales = [1 << max(map(abs, row)).bit_length() for row in array]
    if max(scales) <= _SMALL:
        return array, [1] * len(array)
    return [
        [Fraction(entry, scale) for entry in row] for row, scale in zip(array, scales, strict=True)
    ], scales


def _verified(
    objective: Sequence[int],
    inequalities: Sequence[Sequence[int]],
    equations: Sequence[Sequence[int]],
    point: Vector,
    multipliers: Mapping[int, Fraction],
) -> OptimalPair | None:
    """The pair, if the point is feasible and weak duality holds with equality."""
    size = len(inequalities)
    bottom = lcm(*(entry.denominator for entry in point))
    x = [*(entry.numerator * (bottom // entry.denominator) for entry in point), bottom]
    if any(_dot(row, x) < 0 for row in inequalities) or any(_dot(row, x) for row in equations):
        return None
    if any(value < 0 for index, value in multipliers.items() if index < size):
        return None
    scale = lcm(*(value.denominator for value in multipliers.values()))
    total = [scale * entry for entry in (*objective, 0)]
    for index, value in multipliers.items():
        row = inequalities[index] if index < size else equations[index - size]
        factor = value.numerator * (scale // value.denominator)
        total = [entry + factor * other for entry, other in zip(total, row, strict=True)]
    top = _dot(objective, x[:-1])
    if any(total[:-1]) or total[-1] * bottom != top * scale:
        return None
    return OptimalPair(point, Fraction(top, bottom), multipliers)


def _optimum_by_duality(
    objective: Sequence[int],
    inequalities: Sequence[Sequence[int]],
    equations: Sequence[Sequence[int]],
) -> OptimalPair | None:
    rows = (*inequalities, *equations)
    signs = [[int(i == j) for j in range(len(rows))] + [0] for i in range(len(inequalities))]
    columns = [[*(row[j] for row in rows), entry] for j, entry in enumerate(objective)]
    proposal = _proposal([-row[-1] for row in rows], signs, columns)
    if proposal is None:
        return None
    y, dual = proposal
    # −b + Σ s_i e_i + x·A = 0 with s ≥ 0: the multipliers of the equations are −x.
    point = tuple(-dual.get(len(signs) + j, Fraction(0)) for j in range(len(objective)))
    multipliers = {i: value for i, value in enumerate(y) if value}
    return _verified(objective, inequalities, equations, point, multipliers)


def _feasible_point(
    inequalities: Sequence[IntegerRow], equations: Sequence[IntegerRow], width: int
) -> Vector | dict[int, Fraction]:
    """A point that satisfies all rows, or Farkas multipliers that prove there is none.

    Minimises the largest violation s: a·x + b + s ≥ 0, s ≥ 0; this always has an optimum.  Its
    multipliers satisfy Σ y_i a_i = 0 and Σ y_i b_i = −s.
    """
    opposite = [tuple(-entry for entry in row) for row in equations]
    relaxed = [(*row[:-1], 1, row[-1]) for row in (*inequalities, *equations, *opposite)]
    relaxed.append((0,) * width + (1, 0))
    pair = certain_optimum([0] * width + [-1], relaxed, ())
    if pair.value == 0:
        return pair.point[:-1]
    multipliers: dict[int, Fraction] = {}
    known = len(inequalities) + len(equations)
    for index, value in pair.multipliers.items():
        if index < known:
            multipliers[index] = multipliers.get(index, Fraction(0)) + value
        elif index < len(relaxed) - 1:
            place = index - len(equations)
            multipliers[place] = multipliers.get(place, Fraction(0)) - value
    return multipliers


def _improving_ray(
    objective: Sequence[int],
    inequalities: Sequence[IntegerRow],
    equations: Sequence[IntegerRow],
) -> Vector | None:
    """A direction in which all rows stay satisfied and the objective grows, if there is one."""
    rows = [(*row[:-1], 0) for row in inequalities]
    rows.append((*(-entry for entry in objective), 1))
    pair = certain_optimum(objective, rows, [(*row[:-1], 0) for row in equations])
    return pair.point if pair.value > 0 else None


def _homogeneous_rows(
    normals: Iterable[Iterable[Number]],
    offsets: Iterable[Number],
    width: int,
    names: tuple[str, str],
) -> tuple[list[IntegerRow], list[int]]:
    """From a·x ≤ b to integer rows (−a, b), and the positive factor of each."""
    matrix: Matrix = to_matrix(normals, names[0])
    right = to_vector(offsets, names[1])
    if len(matrix) != len(right):
        raise InvalidInputError(
            f"{' and '.join(names)}: {len(matrix)} rows but {len(right)} numbers"
        )
    if matrix and len(matrix[0]) != width:
        raise InvalidInputError(
            f"{names[0]}: rows of {len(matrix[0])} entries for an objective of {width}"
        )
    rows, factors = integer_rows(
        [[*(-entry for entry in row), value] for row, value in zip(matrix, right, strict=True)]
    )
    return [tuple(row) for row in rows], factors


def _dot(a: Sequence[int], x: Sequence[int]) -> int:
    return sum(map(mul, a, x))
