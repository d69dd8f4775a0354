"""The affine piece of a function infinitely near a point, computed from the function's definition.

A *germ* (x, v_1, …, v_k) with v_1, …, v_k spanning R^n stands for the points x + εv_1 + … + ε^k v_k
for all sufficiently small ε > 0.  An affine form that is not zero has one sign there: that of the
first of its values at x, v_1, …, v_k (as a linear form at the latter) that is not 0.  So every
neuron and every maximum is decided, and the function is one affine map near these points.  It stays
that map wherever the forms that were decided keep their signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import flint

from tropnet.certificates.plain import Rows, kind, layer_rows, monomial_rows, piece_rows
from tropnet.errors import CertificateError
from tropnet.exact import Number

Row: TypeAlias = list[flint.fmpq]
"""An affine form: the gradient, then the constant."""
Germ: TypeAlias = Sequence[Sequence[Number]]
"""A point and directions that span the space."""


class AffinePiece(NamedTuple):
    """A function near a germ.

    Attributes:
        forms: The affine forms of its outputs.
        walls: Affine forms, none of them zero, that are positive at the germ.  The outputs are
            `forms` on all of the convex set where no wall is negative.
    """

    forms: list[Row]
    walls: list[Row]


def affine_piece(function: Any, germ: Germ) -> AffinePiece:
    """The affine piece of a function at a germ.

    Args:
        function: A network, tropical polynomial or rational function, or a sequence of scalar
            ones, as plain data (see `plain`).
        germ: The germ; all its vectors have as many entries as the function has inputs.

    Raises:
        CertificateError: if it is no function.
    """
    point, *directions = germ
    columns = [[*point, 1], *([*vector, 0] for vector in directions)]
    walls: list[Row] = []
    outputs = _outputs(function, rational_matrix(columns).transpose(), walls)
    return AffinePiece(outputs, walls)


def rational_matrix(rows: Iterable[Sequence[Any]]) -> flint.fmpq_mat:
    """A matrix of rational numbers for FLINT."""
    return flint.fmpq_mat(
        [[flint.fmpq(int(a.numerator), int(a.denominator)) for a in row] for row in rows]
    )


def dot(form: Sequence[Any], vector: Sequence[Any]) -> Any:
    """The value of a form (gradient, constant) at (x, 1), or of its gradient at (v, 0)."""
    return sum((a * b for a, b in zip(form, vector, strict=True)), flint.fmpq(0))


def _outputs(function: Any, germ: flint.fmpq_mat, walls: list[Row]) -> list[Row]:
    what = kind(function)
    if what == "network":
        return _network(function, germ, walls)
    if what == "polynomial":
        return [_largest(_forms(monomial_rows(function)), germ, walls)]
    if what == "pieces":
        return _cell(function, germ, walls)
    parts = [function.numerator, function.denominator] if what == "rational" else function
    outputs = [form for part in parts for form in _outputs(part, germ, walls)]
    return [_difference(*outputs)] if what == "rational" else outputs


def _network(net: Any, germ: flint.fmpq_mat, walls: list[Row]) -> list[Row]:
    inputs = germ.nrows() - 1
    last = [flint.fmpq(int(j == inputs)) for j in range(inputs + 1)]
    forms: list[Row] = flint.fmpq_mat(
        [[int(i == j) for j in range(inputs + 1)] for i in range(inputs)]
    ).tolist()
    for depth, rows in enumerate(layer_rows(net)):
        if depth:
            signs = _signs(forms, germ)
            walls += [
                form if sign > 0 else [-entry for entry in form]
                for form, sign in zip(forms, signs, strict=True)
                if sign
            ]
            zero = [flint.fmpq(0)] * (inputs + 1)
            forms = [form if s > 0 else zero for form, s in zip(forms, signs, strict=True)]
        forms = (flint.fmpq_mat(_forms(rows)) * flint.fmpq_mat([*forms, last])).tolist()
    return forms


def _cell(function: Any, germ: flint.fmpq_mat, walls: list[Row]) -> list[Row]:
    """The affine forms of the cell in which a germ lies."""
    for cell, rows in piece_rows(function):
        bounds = [[flint.fmpq(-a) for a in row[:-1]] + [flint.fmpq(row[-1])] for row in cell[0]]
        if not cell.equations and all(sign > 0 for sign in _signs(bounds, germ)):
            walls += bounds
            return _forms(rows)
    raise CertificateError("certificate: a place outside a function's cells")


def _forms(rows: Rows) -> list[Row]:
    """Rows (constant, gradient) over a common denominator as forms."""
    return [[flint.fmpq(entry, common) for entry in (*row[1:], row[0])] for row, common in rows]


def _largest(forms: list[Row], germ: flint.fmpq_mat, walls: list[Row]) -> Row:
    """The largest of some forms at a germ."""
    values = (flint.fmpq_mat(forms) * germ).tolist()
    best = forms[max(range(len(forms)), key=values.__getitem__)]
    walls += [_difference(best, form) for form in forms if form != best]
    return best


def _signs(forms: list[Row], germ: flint.fmpq_mat) -> list[int]:
    """The signs of forms at a germ; 0 for the zero form only."""
    return [
        next((1 if value > 0 else -1 for value in row if value != 0), 0)
        for row in (flint.fmpq_mat(forms) * germ).tolist()
    ]


def _difference(first: Row, second: Row) -> Row:
    return [a - b for a, b in zip(first, second, strict=True)]
