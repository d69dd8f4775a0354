"""Cells with affine maps as a user gives them: read, and checked to cover a domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, to_matrix, to_vector
from tropnet.piecewise.affine_cells import AffineCell
from tropnet.piecewise.chain import Chain
from tropnet.piecewise.constancy import constant_cells
from tropnet.piecewise.facet import format_generators
from tropnet.polyhedra import Polyhedron

_ONE = (Fraction(1),)


def read_cells(cells: Any, domain: Polyhedron | None) -> tuple[AffineCell, ...]:
    """Triples (polyhedron, gradient, constant) that cover a domain, None for R^n, without overlap.

    Raises:
        InvalidInputError: for anything else; names the cell, or the set that is covered twice or
            not at all.

    Guarantees:
        Exact: the sum of the indicator functions of the cells is that of the domain.
    """
    given = tuple(_read_cell(cell, i) for i, cell in enumerate(_triples(cells)))
    if not given:
        raise InvalidInputError("cells: a function needs at least one cell")
    if domain is not None and not isinstance(domain, Polyhedron):
        raise InvalidInputError(f"domain: expected a Polyhedron, got {type(domain).__name__}")
    _check_shapes(given, domain)
    _check_cover([cell.polyhedron for cell in given], domain)
    return given


def read_affine_map(gradient: Any, constant: Any, name: str) -> tuple[Matrix, Vector]:
    """The affine map of shape (m, n), (m,); a vector and a number will do for m = 1.

    Raises:
        InvalidInputError: for other shapes.
    """
    rows = list(gradient) if isinstance(gradient, Iterable) else [gradient]
    if not any(_is_row(row) for row in rows):
        rows, constant = [rows], constant if _is_row(constant) else [constant]
    matrix, vector = to_matrix(rows, f"{name}: gradient"), to_vector(constant, f"{name}: constant")
    if not matrix or not matrix[0] or len(matrix) != len(vector):
        raise InvalidInputError(
            f"{name}: {len(matrix)} rows of the gradient but {len(vector)} constants"
        )
    return matrix, vector


def _triples(cells: object) -> list[Any]:
    if isinstance(cells, (str, bytes, dict)) or not isinstance(cells, Iterable):
        raise InvalidInputError("cells: expected triples (polyhedron, gradient, constant)")
    return list(cells)


def _read_cell(cell: Any, number: int) -> AffineCell:
    name = f"cells[{number}]"
    if not isinstance(cell, (tuple, list)) or len(cell) != 3:
        raise InvalidInputError(f"{name}: expected a triple (polyhedron, gradient, constant)")
    polyhedron, gradient, constant = cell
    if not isinstance(polyhedron, Polyhedron):
        raise InvalidInputError(f"{name}: expected a Polyhedron, got {type(polyhedron).__name__}")
    matrix, vector = read_affine_map(gradient, constant, name)
    if len(matrix[0]) != polyhedron.ambient_dim:
        raise InvalidInputError(
            f"{name}: a gradient of length {len(matrix[0])} for a polyhedron in "
            f"R^{polyhedron.ambient_dim}"
        )
    return AffineCell(polyhedron, matrix, vector)


def _is_row(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str)


def _check_shapes(cells: Sequence[AffineCell], domain: Polyhedron | None) -> None:
    first = cells[0]
    n = first.polyhedron.ambient_dim
    if n < 1:
        raise InvalidInputError("cells: a function needs at least one input")
    if domain is not None and (domain.ambient_dim != n or domain.is_empty):
        raise InvalidInputError(
            "domain: the polyhedron is empty"
            if domain.is_empty
            else f"domain: a polyhedron in R^{domain.ambient_dim} for cells in R^{n}"
        )
    dim = n if domain is None else domain.dim
    for i, cell in enumerate(cells):
        if cell.polyhedron.ambient_dim != n or len(cell.constant) != len(first.constant):
            raise InvalidInputError(f"cells[{i}]: its shape is not that of cells[0]")
        if cell.polyhedron.dim != dim:
            raise InvalidInputError(
                f"cells[{i}]: it has dimension {cell.polyhedron.dim}, and the domain {dim}"
            )
        if domain is not None and domain.intersection(cell.polyhedron) != cell.polyhedron:
            raise InvalidInputError(f"cells[{i}]: it is not part of the domain")


def _check_cover(polyhedra: Sequence[Polyhedron], domain: Polyhedron | None) -> None:
    """The sum of the indicator functions of the cells is that of the domain."""
    whole = (
        domain
        if domain is not None
        else Polyhedron.from_inequalities([], [], ambient_dim=polyhedra[0].ambient_dim)
    )
    excess = Chain([*((p, _ONE) for p in polyhedra), (whole, (Fraction(-1),))])
    if excess.is_null():
        return
    place, (value,) = constant_cells(excess)[0]
    what = "overlap on" if value > 0 else "do not cover"
    raise InvalidInputError(f"cells: they {what} the set with {format_generators(place)}")
