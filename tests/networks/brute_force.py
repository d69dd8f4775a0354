"""Activation regions by brute force: an exact linear program for every sign pattern.

Deliberately naive, and sharing no code with `tropnet` beyond the layers of a network, so that
the region engine can be checked against it.  For small networks (some eight hidden neurons).

For a set S of hidden neurons let z_n^S be the affine forms computed with exactly the neurons of S
switched on.  The region of S is {z_n^S ≥ 0 for n ∈ S, z_n^S ≤ 0 for n ∉ S}, if it has interior
and no z_n^S with n ∈ S is identically zero; its pattern has +1 for n ∈ S, 0 where n ∉ S and
z_n^S ≡ 0, and −1 otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from math import gcd, lcm

import cdd.gmp

from tropnet import ReLUNetwork

Form = tuple[Fraction, ...]
"""An affine form c + a · x as (c, a_1, …, a_n)."""
Pattern = tuple[int, ...]


def activation_patterns(net: ReLUNetwork) -> set[Pattern]:
    """The patterns of all activation regions, each over all hidden neurons, layer by layer."""
    width = net.input_width
    inputs = tuple(tuple(Fraction(int(j == i + 1)) for j in range(width + 1)) for i in range(width))
    found = _patterns(net, 0, inputs, ())
    assert len(set(found)) == len(found)
    return set(found)


def _patterns(
    net: ReLUNetwork, index: int, activations: tuple[Form, ...], constraints: tuple[Form, ...]
) -> list[Pattern]:
    """The patterns of the layers from `index` on, on {every constraint ≥ 0}.

    `activations` are what the layer takes, as affine forms on that set.
    """
    if index == net.depth:
        return [()]
    weight, bias = net.layers[index]
    forms = [_form(row, b, activations) for row, b in zip(weight, bias, strict=True)]
    result = []
    for signs in product(*((0,) if not any(form) else (1, -1) for form in forms)):
        signed = [_scaled(sign, form) for sign, form in zip(signs, forms, strict=True) if sign]
        here = (*constraints, *signed)
        if has_interior(here):
            on = tuple(
                form if sign == 1 else _scaled(0, form)
                for sign, form in zip(signs, forms, strict=True)
            )
            result += [signs + rest for rest in _patterns(net, index + 1, on, here)]
    return result


def has_interior(constraints: tuple[Form, ...]) -> bool:
    """Whether {x : every form ≥ 0} is full-dimensional, by an exact linear program.

    The largest ε ≤ 1 such that every form that is not constant is ≥ ε somewhere in common is
    positive exactly if the set has interior.  cddlib's answer is not taken on trust: a yes is
    confirmed by its point, a no by its multipliers.
    """
    if any(not any(form[1:]) and form[0] < 0 for form in constraints):
        return False
    rows = [_primitive(form) for form in constraints if any(form[1:])]
    if not rows:
        return True
    size = len(rows[0])
    # cddlib's rows are (b, −A) of b − A x ≥ 0, in the variables (x, ε).
    program = [[*row, -1] for row in rows] + [[1, *[0] * (size - 1), -1]]
    objective = [*[0] * size, 1]
    matrix = cdd.gmp.matrix_from_array(
        program, obj_type=cdd.LPObjType.MAX, obj_func=objective, rep_type=cdd.RepType.INEQUALITY
    )
    lp = cdd.gmp.linprog_from_matrix(matrix)
    # Not the dual simplex: it begins in floats, and confused by huge entries writes out of bounds.
    cdd.gmp.linprog_solve(lp, solver=cdd.LPSolverType.CRISS_CROSS)
    assert lp.status == cdd.LPStatusType.OPTIMAL
    *point, epsilon = map(Fraction, lp.primal_solution)
    values = [row[0] + _dot(row[1:], point) for row in rows]
    assert min(values) >= epsilon
    if epsilon > 0:
        return True
    multipliers = [Fraction(0)] * len(rows)
    for index, value in lp.dual_solution:
        if index < len(rows):
            multipliers[index] = abs(Fraction(value))
    combination = [_dot(multipliers, column) for column in zip(*rows, strict=True)]
    # Σ λ_i (form i) is a constant ≤ 0 with λ ≥ 0 not all zero: not all forms can be positive.
    assert any(multipliers)
    assert not any(combination[1:])
    assert combination[0] <= 0
    return False


def _form(row: tuple[Fraction, ...], bias: Fraction, activations: tuple[Form, ...]) -> Form:
    columns = zip(*activations, strict=True)
    constant, *gradient = (_dot(row, column) for column in columns)
    return (constant + bias, *gradient)


def _scaled(factor: int, form: Form) -> Form:
    return tuple(factor * entry for entry in form)


def _primitive(form: Form) -> list[int]:
    common = lcm(*(entry.denominator for entry in form))
    entries = [int(common * entry) for entry in form]
    divisor = gcd(*entries)
    return [entry // divisor for entry in entries]


def _dot(first: Iterable[Fraction | int], second: Iterable[Fraction | int]) -> Fraction:
    return sum((Fraction(a * b) for a, b in zip(first, second, strict=True)), Fraction(0))
