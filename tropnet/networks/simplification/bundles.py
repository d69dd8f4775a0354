"""Linear maps of non-negative numbers, made of as few non-negative combinations as possible.

Let s neurons of a layer be always active, so that they pass on z_1, …, z_s ≥ 0, and let the next
layer read W z.  Any r non-negative combinations B z are always active, too, and if W = C B they can
take the place of the s.  A matrix B with r = rank W exists if and only if the row space of W has a
basis of non-negative vectors; adding a positive row makes one, so that r = rank W + 1 suffices.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tropnet.exact import Matrix, Vector, row_echelon, solve
from tropnet.networks.simplification.draft import Neuron
from tropnet.networks.simplification.obvious import combined
from tropnet.polyhedra import LinearProgramStatus, solve_linear_program

_ZERO, _ONE = Fraction(0), Fraction(1)


def bundled(straight: Sequence[Neuron]) -> list[Neuron]:
    """Neurons that are always active, replaced by fewer if their combinations allow it."""
    if len(straight) < 2:
        return list(straight)
    weight = tuple(zip(*(neuron.out for neuron in straight), strict=True))
    bundles = nonnegative_span(weight)
    if len(bundles) >= len(straight):
        return list(straight)
    shares = coordinates(weight, bundles)
    forms = [
        combined(list(zip(bundle, (neuron.form for neuron in straight), strict=True)), width)
        for bundle in bundles
        for width in [len(straight[0].form)]
    ]
    return [
        Neuron(old.name, form[:-1], form[-1], tuple(share[k] for share in shares))
        for k, (form, old) in enumerate(zip(forms, straight, strict=False))
    ]


def nonnegative_span(rows: Sequence[Vector]) -> Matrix:
    """As few non-negative vectors as possible whose span contains given vectors.

    >>> one, zero = Fraction(1), Fraction(0)
    >>> [[int(entry) for entry in row] for row in nonnegative_span([(one, -one, zero)])]
    [[1, 1, 0], [2, 0, 0]]
    """
    basis, _ = row_echelon(rows)
    if all(entry >= 0 for row in basis for entry in row):
        return basis
    positive = _positive_combination(basis)
    if positive is None:
        # A row that is positive where any is not 0; being outside their span, it lifts them all.
        top = tuple(Fraction(int(any(column))) for column in zip(*basis, strict=True))
        others: Sequence[Vector] = basis
    else:
        top = combined(list(zip(positive, basis, strict=True)), len(basis[0]))
        spare = next(i for i, factor in enumerate(positive) if factor)
        others = basis[:spare] + basis[spare + 1 :]
    lifted = (combined([(_ONE, row), (_lift(row, top), top)], len(row)) for row in others)
    return (top, *lifted)


def coordinates(rows: Sequence[Vector], basis: Sequence[Vector]) -> list[Vector]:
    """Each row as a combination of a basis of a space that contains it."""
    if not basis:
        return [() for _ in rows]
    columns = list(zip(*basis, strict=True))
    found = [solve(columns, row) for row in rows]
    assert None not in found
    return [vector for vector in found if vector is not None]


def _positive_combination(basis: Matrix) -> Vector | None:
    """Factors u with u·basis positive wherever any row of the basis is not 0, if there are any."""
    columns = [column for column in zip(*basis, strict=True) if any(column)]
    solution = solve_linear_program(
        [0] * len(basis),
        [[-entry for entry in column] for column in columns],
        [-1] * len(columns),
    )
    if solution.status is LinearProgramStatus.INFEASIBLE:
        return None
    return solution.point


def _lift(row: Vector, top: Vector) -> Fraction:
    """The least factor ≥ 0 with which `top` makes a row non-negative."""
    return max(
        (-entry / above for entry, above in zip(row, top, strict=True) if entry < 0),
        default=_ZERO,
    )
