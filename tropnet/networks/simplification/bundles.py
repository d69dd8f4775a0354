"""Neurons that are always active, replaced by fewer: only their span matters.

Let s neurons of a layer be always active, so that they pass on z_1, …, z_s ≥ 0, and let the next
layer read W z.  Any r non-negative combinations B z are always active, too, and if W = C B they can
take the place of the s.  A matrix B with r = rank W exists if and only if the row space of W has a
basis of non-negative vectors; adding the row (1, …, 1) makes one, so that r = rank W + 1 always
suffices.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tropnet.exact import Matrix, Vector, row_echelon, solve
from tropnet.networks.simplification.draft import Draft, Reason, Reduced
from tropnet.networks.simplification.hinges import HingedLayer
from tropnet.networks.simplification.obvious import combined
from tropnet.polyhedra import LinearProgramStatus, solve_linear_program

_ZERO, _ONE = Fraction(0), Fraction(1)


def with_bundles(draft: Draft, index: int) -> Reduced:
    """With as few neurons that are always active as their combinations allow.

    Args:
        draft: A draft without twins, silent or constant neurons in that layer.
        index: The hidden layer, counted from 0.
    """
    straight = HingedLayer.of(draft, index).straight
    if len(straight) < 2:
        return draft, []
    weight = tuple(zip(*(neuron.out for neuron in straight), strict=True))
    bundles = nonnegative_span(weight)
    if len(bundles) >= len(straight):
        return draft, []
    shares = coordinates(weight, bundles)
    new = [
        old._replace(
            row=combined(
                [(c, n.row) for c, n in zip(bundle, straight, strict=True)], len(old.row)
            ),
            bias=sum((c * n.bias for c, n in zip(bundle, straight, strict=True)), _ZERO),
            out=tuple(share[k] for share in shares),
        )
        for k, (bundle, old) in enumerate(zip(bundles, straight, strict=False))
    ]
    gone = straight[len(new) :]
    kept = {neuron.name: neuron for neuron in new}
    names = {neuron.name for neuron in gone}
    neurons = [kept.get(n.name, n) for n in draft.neurons(index) if n.name not in names]
    reduced = draft.with_neurons(index, neurons).with_active(index, kept.keys())
    return reduced, [draft.step(index, gone, Reason.BUNDLED)]


def nonnegative_span(rows: Sequence[Vector]) -> Matrix:
    """As few non-negative vectors as possible whose span contains given vectors."""
    basis, _ = row_echelon(rows)
    if all(entry >= 0 for row in basis for entry in row):
        return basis
    positive = _positive_combination(basis)
    if positive is None:
        # With (1, …, 1) among them, which is not in their span, the rows can all be lifted.
        basis = ((_ONE,) * len(basis[0]), *basis)
        positive = (_ONE, *(_ZERO for _ in basis[1:]))
    top = combined(list(zip(positive, basis, strict=True)), len(basis[0]))
    spare = next(i for i, factor in enumerate(positive) if factor)
    lifted = [
        combined([(_ONE, row), (_lift(row, top), top)], len(row))
        for i, row in enumerate(basis)
        if i != spare
    ]
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
