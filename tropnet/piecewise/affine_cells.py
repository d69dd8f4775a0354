"""Closed cells with an affine map on each: how every piecewise linear function is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, row_echelon
from tropnet.piecewise.constancy import overlap
from tropnet.piecewise.incidence import IntegerRow, slack
from tropnet.polyhedra import Polyhedron


class AffineCell(NamedTuple):
    """A polyhedron on which a function is x ↦ gradient @ x + constant.

    Attributes:
        polyhedron: Of the dimension of the function's domain.
        gradient: Shape (m, n).
        constant: Shape (m,).
    """

    polyhedron: Polyhedron
    gradient: Matrix
    constant: Vector

    def value(self, x: Vector) -> Vector:
        """The affine map at a point."""
        return tuple(
            sum((a * b for a, b in zip(row, x, strict=True)), start)
            for row, start in zip(self.gradient, self.constant, strict=True)
        )


def cut_to(cells: Iterable[AffineCell], domain: Polyhedron | None) -> Iterator[AffineCell]:
    """Cells that cover R^n, cut to a domain.

    A domain of smaller dimension can lie in the boundary between cells; then each part of it is
    given once, with the cell that lies on the side of a fixed generic direction.
    """
    if domain is None:
        yield from cells
        return
    for cell in cells:
        if all(_leans_out(row) for row in _tight_everywhere(cell.polyhedron, domain)):
            part = cell.polyhedron.intersection(domain)
            if part.dim == domain.dim:
                yield cell._replace(polyhedron=part)


def pulled_back(
    cells: Iterable[AffineCell], matrix: Matrix, shift: Vector, domain: Polyhedron
) -> Iterator[AffineCell]:
    """The cells of y ↦ f(matrix @ y + shift) on a domain in the space of y, from those of f."""
    for cell in cells:
        rows: list[Vector] = []
        offsets: list[Fraction] = []
        covers = True
        for *normal, bound in cell.polyhedron.inequalities:
            row = _times(normal, matrix)
            offset = bound - sum((a * b for a, b in zip(normal, shift, strict=True)), Fraction(0))
            if any(row):
                rows.append(row)
                offsets.append(offset)
            elif offset < 0 or (not offset and not _leans_out(normal)):
                covers = False
        if not covers:
            continue
        part = domain
        if rows:
            part = domain.intersection(Polyhedron.from_inequalities(rows, offsets))
        if part.dim == domain.dim:
            gradient = tuple(_times(row, matrix) for row in cell.gradient)
            yield AffineCell(part, gradient, cell.value(shift))


def common_cells(
    first: Sequence[AffineCell], second: Sequence[AffineCell]
) -> Iterator[tuple[Polyhedron, AffineCell, AffineCell]]:
    """The intersections, of full dimension, of the cells of two subdivisions of one domain."""
    for one in first:
        for other in second:
            if one.polyhedron == other.polyhedron:
                yield one.polyhedron, one, other
            elif overlap(one.polyhedron, other.polyhedron):
                yield one.polyhedron.intersection(other.polyhedron), one, other


def stacked_cells(first: Sequence[AffineCell], second: Sequence[AffineCell]) -> list[AffineCell]:
    """The cells of x ↦ (f(x), g(x))."""
    return [
        AffineCell(part, one.gradient + other.gradient, one.constant + other.constant)
        for part, one, other in common_cells(first, second)
    ]


def reduced_map(cell: AffineCell, equations: Sequence[IntegerRow]) -> tuple[Matrix, Vector]:
    """The affine map of a cell in the form that is the same for maps equal on an affine hull.

    Args:
        cell: The cell.
        equations: The hull: rows (c, d) with c·x = d.

    Returns:
        Gradient and constant; the gradient is zero at the pivots of the equations.
    """
    if not equations:
        return cell.gradient, cell.constant
    echelon, pivots = row_echelon([(*row[:-1], -row[-1]) for row in equations])
    rows = []
    for gradient, constant in zip(cell.gradient, cell.constant, strict=True):
        row = [*gradient, constant]
        for basis, pivot in zip(echelon, pivots, strict=True):
            factor = row[pivot]
            row = [a - factor * b for a, b in zip(row, basis, strict=True)]
        rows.append(tuple(row))
    return tuple(row[:-1] for row in rows), tuple(row[-1] for row in rows)


def full_dimensional(domain: Polyhedron | None, what: str) -> None:
    """Raises InvalidInputError for a domain without interior, naming the remedy."""
    if domain is not None and domain.dim < domain.ambient_dim:
        raise InvalidInputError(
            f"{what}: the domain has dimension {domain.dim} in R^{domain.ambient_dim}; pull the "
            "function back to coordinates on its affine hull first (pull_back)"
        )


def _tight_everywhere(polyhedron: Polyhedron, domain: Polyhedron) -> Iterator[IntegerRow]:
    """The inequalities of a polyhedron that are equations on a domain."""
    rays = [(*map(int, line), 0) for line in domain.lines]
    for row in polyhedron.inequalities:
        if not any(slack(row, generator) for generator in (*domain.generators, *rays)):
            yield row


def _leans_out(row: Sequence[int]) -> bool:
    """Whether a·e < 0 for the generic direction e = (1, ε, ε², …): a·x ≤ b holds a little off."""
    return next(entry for entry in row if entry) < 0


def _times(row: Sequence[Fraction | int], matrix: Matrix) -> Vector:
    return tuple(
        sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0))
        for column in zip(*matrix, strict=True)
    )
