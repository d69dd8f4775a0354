"""Closed cells with an affine map on each: how every piecewise linear function is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, dot, row_echelon
from tropnet.piecewise.chain import add
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
            dot(row, x) + start for row, start in zip(self.gradient, self.constant, strict=True)
        )


def cut_to(
    cells: Iterable[AffineCell], domain: Polyhedron | None, whole: Polyhedron | None = None
) -> Iterator[AffineCell]:
    """The cells of a function, cut to a part of its domain.

    A part of smaller dimension can lie in the boundary between cells; then each piece of it is
    given once, with the cell that lies on the side of a fixed generic direction into the function's
    domain.

    Args:
        cells: Cells that cover the function's domain.
        domain: The part; everything if None.
        whole: The function's domain, None for R^n.
    """
    if domain is None:
        yield from cells
        return
    if domain.is_empty:
        return
    inward = _inward(whole, domain.interior_point())
    for cell in cells:
        walls = _tight_everywhere(cell.polyhedron, domain)
        if all(_leans_out(row, inward) for row in walls):
            part = cell.polyhedron.intersection(domain)
            if part.dim == domain.dim:
                yield cell._replace(polyhedron=part)


def pulled_back(
    cells: Iterable[AffineCell],
    matrix: Matrix,
    shift: Vector,
    domain: Polyhedron,
    whole: Polyhedron | None,
) -> Iterator[AffineCell]:
    """The cells of y ↦ f(matrix @ y + shift) on a domain in the space of y, from those of f.

    Args:
        cells: Cells that cover the domain of f.
        matrix: Shape (n, k).
        shift: Shape (n,).
        domain: What is mapped into the domain of f, not empty.
        whole: The domain of f, None for R^n.
    """
    columns = tuple(zip(*matrix, strict=True))
    start = domain.interior_point()
    image = tuple(dot(row, start) + s for row, s in zip(matrix, shift, strict=True))
    inward = _inward(whole, image)
    for cell in cells:
        rows: list[Vector] = []
        offsets: list[Fraction] = []
        covers = True
        for *normal, bound in cell.polyhedron.inequalities:
            row = tuple(dot(normal, column) for column in columns)
            offset = bound - dot(normal, shift)
            if _vanishes(row, offset, domain):
                covers = covers and _leans_out(normal, inward)
            elif any(row):
                rows.append(row)
                offsets.append(offset)
            else:
                covers = covers and offset > 0
        if not covers:
            continue
        part = domain
        if rows:
            part = domain.intersection(Polyhedron.from_inequalities(rows, offsets))
        if part.dim == domain.dim:
            gradient = tuple(tuple(dot(row, column) for column in columns) for row in cell.gradient)
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


def scaled_cell(cell: AffineCell, factor: Fraction) -> AffineCell:
    """The cell with its map times a number."""
    gradient = tuple(tuple(factor * entry for entry in row) for row in cell.gradient)
    return cell._replace(gradient=gradient, constant=tuple(factor * c for c in cell.constant))


def summed_cell(part: Polyhedron, one: AffineCell, two: AffineCell) -> AffineCell:
    """A part of two cells with the sum of their maps."""
    gradient = tuple(map(add, one.gradient, two.gradient))
    return AffineCell(part, gradient, add(one.constant, two.constant))


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


def check_domain(domain: object, inputs: int) -> None:
    """Raises InvalidInputError unless a domain is None or a polyhedron in R^inputs."""
    if domain is None:
        return
    if not isinstance(domain, Polyhedron):
        raise InvalidInputError(f"domain: expected a Polyhedron, got {type(domain).__name__}")
    if domain.ambient_dim != inputs:
        raise InvalidInputError(
            f"domain: a polyhedron in R^{domain.ambient_dim} for a function with {inputs} inputs"
        )


def _tight_everywhere(polyhedron: Polyhedron, domain: Polyhedron) -> Iterator[IntegerRow]:
    """The inequalities of a polyhedron that are equations on a domain."""
    rays = [(*map(int, line), 0) for line in domain.lines]
    for row in polyhedron.inequalities:
        if not any(slack(row, generator) for generator in (*domain.generators, *rays)):
            yield row


def _vanishes(row: Vector, offset: Fraction, domain: Polyhedron) -> bool:
    """Whether row·y = offset on all of a domain."""
    directions = (*domain.rays, *domain.lines)
    return all(dot(row, vertex) == offset for vertex in domain.vertices) and not any(
        dot(row, direction) for direction in directions
    )


def _inward(whole: Polyhedron | None, point: Vector) -> Vector:
    """A direction from a point of a polyhedron into its interior; zero for R^n."""
    if whole is None:
        return (Fraction(0),) * len(point)
    return tuple(a - b for a, b in zip(whole.interior_point(), point, strict=True))


def _leans_out(row: Sequence[int], inward: Vector) -> bool:
    """Whether a·e < 0 for the generic direction e = inward + ε·(1, ε, ε², …).

    Then a·x ≤ b holds a little off a point with a·x = b.
    """
    first = sum((a * x for a, x in zip(row, inward, strict=False)), Fraction(0))
    return (first or next(entry for entry in row if entry)) < 0
