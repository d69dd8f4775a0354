"""Whether two functions are the same up to an affine change of their inputs.

Such a change maps the affine pieces of one function onto those of the other, and it is determined,
on what the functions depend on, by where it sends pieces whose gradients span.  So there are
finitely many to try.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, dot, identity_rows, rank, row_echelon, solve
from tropnet.piecewise.function import piecewise_linear
from tropnet.piecewise.function_like import FunctionLike, function_like

AffineMap: TypeAlias = tuple[Matrix, Vector]


class AffineChange(NamedTuple):
    """An invertible affine change of inputs, x ↦ A @ x + b.

    Attributes:
        A: Shape (n, n), invertible.
        b: Shape (n,).
    """

    A: Matrix
    b: Vector


def affine_change(f: FunctionLike, g: FunctionLike) -> AffineChange | None:
    """An affine change of inputs that turns one function into another: f(A @ x + b) = g(x).

    Args:
        f: A function-like on R^n.
        g: Another, with as many outputs.

    Returns:
        One such change; None if there is none.

    Raises:
        InvalidInputError: if the numbers of inputs or outputs differ.

    Cost: about p^r candidates for functions with p affine pieces whose gradients have rank r.

    >>> from tropnet import ReLUNetwork
    >>> corner = ReLUNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])
    >>> skew = ReLUNetwork([([[1, 1], [3, 0]], [0, 6]), ([[1, 1]], [0])])
    >>> affine_change(corner, skew).b
    (Fraction(6, 1), Fraction(0, 1))
    >>> affine_change(corner, 2 * skew) == affine_change(corner, skew)
    False
    >>> affine_change(corner, -skew) is None
    True
    """
    first, second = function_like(f, "f"), function_like(g, "g")
    for what in ("input_width", "output_width"):
        if getattr(first, what) != getattr(second, what):
            raise InvalidInputError(f"f and g: the {what.replace('_', ' ')}s differ")
    whole, target = piecewise_linear(f), piecewise_linear(g)
    pieces = [(piece.gradient, piece.constant) for piece in whole.pieces]
    images = [(piece.gradient, piece.constant) for piece in target.pieces]
    for change in _candidates(pieces, images):
        if whole.pull_back(*change) == target:
            return change
    return None


def _candidates(pieces: Sequence[AffineMap], images: Sequence[AffineMap]) -> Iterator[AffineChange]:
    """The changes that map the pieces of one function onto those of another."""
    if len(pieces) != len(images) or _rank(pieces) != _rank(images):
        return
    goal = set(images)
    basis = _spanning_rows(pieces)
    used = sorted({number for number, _ in basis})
    rows = [pieces[number][0][k] for number, k in basis]
    completed = _completed(rows, len(pieces[0][0][0]))
    for chosen in permutations(images, len(used)):
        place = dict(zip(used, chosen, strict=True))
        targets = [place[number][0][k] for number, k in basis]
        if rank(targets) < len(basis):
            continue
        shifts = [place[number][1][k] - pieces[number][1][k] for number, k in basis]
        change = _solved(completed, _completed(targets, len(completed)), shifts)
        if all(_pulled_back(piece, change) in goal for piece in pieces):
            yield change


def _rank(pieces: Sequence[AffineMap]) -> int:
    return rank([row for gradient, _ in pieces for row in gradient])


def _spanning_rows(pieces: Sequence[AffineMap]) -> list[tuple[int, int]]:
    """Pieces and outputs whose gradients are a basis of the space that all gradients span."""
    found: list[tuple[int, int]] = []
    rows: list[Vector] = []
    for number, (gradient, _) in enumerate(pieces):
        for k, row in enumerate(gradient):
            if rank([*rows, row]) > len(rows):
                found.append((number, k))
                rows.append(row)
    return found


def _completed(rows: Sequence[Vector], columns: int) -> list[Vector]:
    """Independent rows, completed to a basis by unit vectors."""
    _, pivots = row_echelon(rows)
    units = identity_rows(columns)
    added = (units[j] for j in range(columns) if j not in pivots)
    return [*rows, *(tuple(map(Fraction, unit)) for unit in added)]


def _solved(
    rows: Sequence[Vector], targets: Sequence[Vector], shifts: Sequence[Fraction]
) -> AffineChange:
    """The map with rows @ A = targets and rows @ b = shifts, 0 where there are none."""
    columns = []
    padded = [*shifts, *[Fraction(0)] * (len(rows) - len(shifts))]
    for right in (*zip(*targets, strict=True), padded):
        column = solve(rows, right)
        assert column is not None, "the rows are a basis"
        columns.append(column)
    *matrix, shift = columns
    return AffineChange(tuple(zip(*matrix, strict=True)), shift)


def _pulled_back(piece: AffineMap, change: AffineChange) -> AffineMap:
    gradient, constant = piece
    columns = list(zip(*change.A, strict=True))
    return (
        tuple(tuple(dot(row, column) for column in columns) for row in gradient),
        tuple(c + dot(row, change.b) for row, c in zip(gradient, constant, strict=True)),
    )
