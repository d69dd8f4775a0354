"""From a balanced weighted complex back to the function: the structure theorem, constructively.

R^n is cut along the complex's own hyperplanes, but a part only along hyperplanes that carry a facet
through its interior (a binary space partition), until no part has a facet inside it.  Across a
facet of weight w in u·x = c a function with this break locus changes by w ⊗ (u·x − c).  So its
affine map at any point is the one given, plus the changes along a segment from the base point;
balancing makes the result independent of the way.  The segment ends in the interior of a part and
is chosen to meet every facet in its relative interior or not at all.

References:
    Maclagan and Sturmfels, *Introduction to Tropical Geometry*, 2015, section 3.3 (the structure
    theorem); Mikhalkin and Rau, *Tropical Geometry*.
    Fuchs, Kedem and Naylor, *On visible surface generation by a priori tree structures*, 1980
    (binary space partitions).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import flint

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Number, Vector, to_vector
from tropnet.piecewise.affine_cells import AffineCell
from tropnet.piecewise.constancy import halves, overlap, side
from tropnet.piecewise.explicit_cells import read_affine_map
from tropnet.piecewise.facet import Facet, format_generators, format_vector
from tropnet.piecewise.function import PiecewiseLinearFunction
from tropnet.piecewise.incidence import IntegerRow
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron

# How many of a part's hyperplanes are tried before the best is cut along.
_CANDIDATES = 12


def function_of(
    X: WeightedComplex, gradient: Iterable[Any], constant: Any, at: Iterable[Number]
) -> PiecewiseLinearFunction:
    """See `WeightedComplex.to_function`."""
    n = X.ambient_dim
    rows, start = read_affine_map(gradient, constant, "to_function")
    point = to_vector(at, "at")
    outputs = X.output_dim or (1 if X.facets else len(rows))
    if len(rows) != outputs or len(rows[0]) != n:
        raise InvalidInputError(
            f"gradient: shape ({len(rows)}, {len(rows[0])}) for a function R^{n} -> R^{outputs}"
        )
    if X.contains(point):
        raise InvalidInputError(
            f"at: {format_vector(point)} lies on the complex, where the function has no gradient"
        )
    defects = X.unbalanced_cells()
    if defects:
        raise InvalidInputError(
            "to_function: the complex is not balanced, so it is no break locus; the gradients do "
            f"not fit together around the cell with {format_generators(defects[0])}"
        )
    cells = _integrated(n, X.canonical().facets, rows, start, point)
    return PiecewiseLinearFunction._from_cells(cells, None)


def _integrated(
    n: int, facets: Sequence[Facet], gradient: Matrix, constant: Vector, at: Vector
) -> list[AffineCell]:
    """Cells of the function with a given break locus and a given affine map near a point."""
    parts = list(partition(n, facets))
    base = next(part for part in parts if part.contains(at))
    segments = _Segments(facets, base.interior_point(), [p.interior_point() for p in parts])
    cells = []
    for number, part in enumerate(parts):
        attempt = 0
        while (crossed := segments.crossings(number)) is None:
            attempt += 1
            segments.move(number, _another_point(part, attempt))
        rows = [[*row, c] for row, c in zip(gradient, constant, strict=True)]
        for facet, sign in crossed:
            form: Vector = (*map(Fraction, facet.normal), -facet.offset)
            for row, weight in zip(rows, facet.coefficients, strict=True):
                for j, entry in enumerate(form):
                    row[j] += sign * weight * entry
        cells.append(
            AffineCell(part, tuple(tuple(r[:-1]) for r in rows), tuple(r[-1] for r in rows))
        )
    return cells


def partition(n: int, facets: Sequence[Facet]) -> Iterator[Polyhedron]:
    """Convex parts that cover R^n without overlap, none with a facet through its interior."""
    whole = Polyhedron.from_inequalities([], [], ambient_dim=n)
    pending: list[tuple[Polyhedron, list[Facet]]] = [(whole, list(facets))]
    while pending:
        part, inside = pending.pop()
        if not inside:
            yield part
            continue
        wall = _best_wall(inside)
        for half, _ in reversed(halves(part, wall)):
            pending.append((half, [facet for facet in inside if _is_inside(facet, half)]))


def _best_wall(facets: Sequence[Facet]) -> IntegerRow:
    """A hyperplane that carries many of some facets and cuts few of the others."""
    carried: dict[IntegerRow, int] = {}
    for facet in facets:
        carried[facet.hyperplane] = carried.get(facet.hyperplane, 0) + 1
    candidates = sorted(carried, key=lambda row: (-carried[row], row))[:_CANDIDATES]

    def cost(row: IntegerRow) -> int:
        cut = sum(side(row, facet.polyhedron) == 0 for facet in facets if facet.hyperplane != row)
        return cut - carried[row]

    return min(candidates, key=cost)


def _is_inside(facet: Facet, part: Polyhedron) -> bool:
    """Whether a facet meets the interior of a part."""
    polyhedron = facet.polyhedron
    if side(facet.hyperplane, part):
        return False
    if any(side(row, polyhedron) < 0 for row in part.inequalities):
        return False
    if any(side(row, part) < 0 for row in polyhedron.inequalities):
        return False
    hyperplane = facet.hyperplane
    section = part.intersection(
        Polyhedron.from_inequalities([], [], ([hyperplane[:-1]], [hyperplane[-1]]))
    )
    return overlap(polyhedron, section)


def _another_point(part: Polyhedron, attempt: int) -> Vector:
    """Interior points of a part in ever more general position, one for each attempt."""
    weights = [1 + attempt**2 * (i + 1) ** attempt % 9973 for i in range(len(part.generators))]
    *total, scale = (
        sum(w * entry for w, entry in zip(weights, column, strict=True))
        for column in zip(*part.generators, strict=True)
    )
    point = [Fraction(entry, scale) for entry in total]
    for number, line in enumerate(part.lines, 1):
        step = Fraction(attempt * number, 7 * number + attempt)
        point = [x + step * entry for x, entry in zip(point, line, strict=True)]
    return tuple(point)


class _Segments:
    """Which facets the segments from one point to several others cross.

    The values of all rows at all points are integer matrix products; along a segment they
    interpolate.
    """

    def __init__(self, facets: Sequence[Facet], start: Vector, ends: Sequence[Vector]) -> None:
        self._facets = facets
        self._rows: list[IntegerRow] = []
        self._spans: list[range] = []
        for facet in facets:
            first = len(self._rows)
            self._rows.append(facet.hyperplane)
            self._rows += facet.polyhedron.inequalities
            self._spans.append(range(first + 1, len(self._rows)))
        self._start = self._slacks([start])[0]
        self._ends = self._slacks(ends)

    def move(self, number: int, end: Vector) -> None:
        """Gives a segment another end."""
        self._ends[number] = self._slacks([end])[0]

    def crossings(self, number: int) -> list[tuple[Facet, int]] | None:
        """The facets that a segment crosses, with 1 if towards u·x > c and else −1.

        None if it meets the boundary of a facet, or runs in a facet's hyperplane.  Its ends lie on
        no facet, so hyperplanes that it meets at an end only are not crossed.
        """
        found = []
        values = self._ends[number]
        for facet, span in zip(self._facets, self._spans, strict=True):
            before, after = self._start[span.start - 1], values[span.start - 1]
            if not before and not after:
                return None
            if (before >= 0 and after >= 0) or (before <= 0 and after <= 0):
                continue
            # Slacks at the crossing, up to a positive factor: weights are the distances.
            near, far = abs(before), abs(after)
            lowest = min((far * self._start[k] + near * values[k] for k in span), default=1)
            if not lowest:
                return None
            if lowest > 0:
                found.append((facet, 1 if before > 0 else -1))
        return found

    def _slacks(self, points: Sequence[Vector]) -> list[list[int]]:
        """For each point the slacks b − a·x of all rows (a, b), times the point's denominator."""
        columns = []
        for point in points:
            scale = lcm(*(entry.denominator for entry in point))
            columns.append([*(int(-scale * entry) for entry in point), scale])
        if not self._rows:
            return [[] for _ in points]
        product = flint.fmpz_mat(columns) * flint.fmpz_mat(self._rows).transpose()
        return [[int(entry) for entry in row] for row in product.tolist()]
