"""The regions on which the difference of two functions is affine."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Any

from tropnet.certificates.equality import EqualityCertificate
from tropnet.comparison.formal import FormalDifference
from tropnet.comparison.function_like import FunctionLike, function_like, shape
from tropnet.comparison.triangulation import triangulated_cover
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, to_fraction
from tropnet.networks.cell_complex import CellComplex, input_rows
from tropnet.networks.cells import Cell
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level
from tropnet.networks.regions import check_domain, domain_constraints
from tropnet.polyhedra import Polyhedron, affine_frame


class CommonRegions:
    """The regions on which what remains of the difference of two functions is affine."""

    def __init__(self, f: FunctionLike, g: FunctionLike, domain: Polyhedron | None) -> None:
        self.difference = FormalDifference(f, g)
        self.domain = domain
        self._functions = (f, g)
        self._inputs = self.difference.table.inputs

    def __reduce__(self) -> tuple[Any, ...]:
        return CommonRegions, (*self._functions, self.domain)

    @property
    def _is_vacuous(self) -> bool:
        return self.domain is not None and self.domain.is_empty

    @property
    def are_obviously_equal(self) -> bool:
        """Whether the expressions are equal, or there is nowhere to differ."""
        return self.difference.is_zero or self._is_vacuous

    @cached_property
    def _levels(self) -> tuple[list[Level], Level]:
        return self.difference.levels()

    @cached_property
    def cells(self) -> CellComplex:
        """The regions, as cells of the engine."""
        domain = self.domain
        return CellComplex(
            self._levels[0],
            self._inputs,
            domain_constraints(domain) if domain is not None else (),
            affine_frame(domain) if domain is not None else None,
            input_rows(self._levels[1], self._inputs),
        )

    def difference_on(self, cell: Cell) -> LayerForms:
        """The affine forms of what remains of f − g on a cell, one for each output.

        Each is a positive multiple of f − g, by a factor that is the same on all cells.
        """
        active = cell.signs[-1].positive if cell.signs else 0
        parent = cell.forms if cell.signs else None
        return LayerForms(self._levels[1], parent, active, None, self.cells.frame)

    def witness(self, cell: Cell) -> Vector | None:
        """A point of the interior of a cell at which the networks differ, None if they agree."""
        forms = self.difference_on(cell)
        for output, row in enumerate(forms.matrix()):
            if any(row):
                return self._nonzero_point(cell, forms, output)
        return None

    def point(self, corner: IntegerRow) -> Vector:
        """A point given by homogeneous coordinates in the space of the cells."""
        *coordinates, scale = self.cells.point(corner)
        return tuple(Fraction(entry, scale) for entry in coordinates)

    def direction(self, corner: IntegerRow) -> Vector:
        """A direction given by homogeneous coordinates in the space of the cells, primitive."""
        return tuple(map(Fraction, self.cells.point(corner)[:-1]))

    def first_witness(self, points: Iterable[IntegerRow]) -> Vector | None:
        """The first of some points at which the networks differ.

        Args:
            points: Points (x, t), and directions (x, 0), for which a point far out is given.
        """
        for point in points:
            if self.difference.differs_at(point):
                *coordinates, scale = point
                while not scale:
                    coordinates = [2 * entry for entry in coordinates]
                    scale = int(self.difference.differs_at((*coordinates, 1)))
                return tuple(Fraction(entry, scale) for entry in coordinates)
        return None

    def certificate(self) -> EqualityCertificate:
        """The proof that the difference is zero; the caller has found that it is."""
        table = self.difference.table
        rules = tuple(
            tuple(
                tuple((rule.atom, to_fraction(rule.scale)) for rule in layer)
                for layer in rewritings
            )
            for rewritings in self.difference.rewritings
        )
        forms = tuple(table.forms)
        if self.difference.is_zero:
            return EqualityCertificate(forms, (rules[0], rules[1]))
        domain = self.domain
        return EqualityCertificate(
            forms,
            (rules[0], rules[1]),
            None if self._is_vacuous else triangulated_cover(self.cells, self.cells),
            (domain.inequalities, domain.equations) if domain is not None else ((), ()),
        )

    def _nonzero_point(self, cell: Cell, forms: LayerForms, output: int) -> Vector:
        points = [generator.point for generator in cell.generators]
        inner = tuple(map(sum, zip(*points, strict=True)))
        if not forms.value(output, inner):
            corner = next(point for point in points if forms.value(output, point))
            inner = tuple(a + b for a, b in zip(inner, corner, strict=True))
        return self.point(inner)


def comparable(f: object, g: object, domain: object) -> tuple[FunctionLike, FunctionLike]:
    """Two function-likes of one shape.

    Raises:
        InvalidInputError: if they are not, or the domain does not fit.
    """
    first, second = function_like(f, "f"), function_like(g, "g")
    for name, one, other in zip(("inputs", "outputs"), shape(first), shape(second), strict=True):
        if one != other:
            raise InvalidInputError(
                f"the functions have different numbers of {name}: {one}, {other}"
            )
    check_domain(domain, shape(first)[0])
    return first, second
