"""The regions on which the difference of two functions is affine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from tropnet.certificates.cover import Cover
from tropnet.certificates.equality import EqualityCertificate
from tropnet.comparison.formal import Choice, FormalDifference
from tropnet.comparison.triangulation import triangulated_cover
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, to_fraction
from tropnet.networks.cell_complex import CellComplex, input_rows
from tropnet.networks.cells import Cell
from tropnet.networks.dominance import dominance_parts
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level
from tropnet.networks.regions import domain_constraints
from tropnet.piecewise.affine_cells import check_domain
from tropnet.piecewise.function_like import PiecewiseLinear, function_like
from tropnet.polyhedra import Polyhedron, affine_frame


class AffinePart(NamedTuple):
    """A cell on which the difference is affine.

    Attributes:
        cell: The cell.
        choices: For each needed choice atom the number of its form that holds there.
    """

    cell: Cell
    choices: tuple[int, ...]


class CommonRegions:
    """The regions on which what remains of the difference of two functions is affine."""

    def __init__(self, f: PiecewiseLinear, g: PiecewiseLinear, domain: Polyhedron | None) -> None:
        self.difference = FormalDifference(f, g)
        self.domain = domain
        self._functions = (f, g)
        self._inputs = self.difference.table.inputs
        self._output_levels: dict[tuple[int, ...], Level] = {}

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
    def cells(self) -> CellComplex:
        """The regions on which every rectified atom has one sign, as cells of the engine."""
        domain, difference = self.domain, self.difference
        observed = input_rows(difference.output_level([0] * len(difference.choices)), self._inputs)
        for atom in difference.choices:
            observed += difference.choice_rows(atom)
        return CellComplex(
            difference.levels(),
            self._inputs,
            domain_constraints(domain) if domain is not None else (),
            affine_frame(domain) if domain is not None else None,
            observed,
        )

    @cached_property
    def _choices(self) -> list[tuple[list[IntegerRow], Choice]]:
        """Each needed choice, and its forms in the coordinates of the cells."""
        difference = self.difference
        return [
            (self.cells.pulled_back(difference.choice_rows(atom)), difference.choice(atom))
            for atom in difference.choices
        ]

    def parts(self, cells: Iterable[Cell]) -> Iterator[AffinePart]:
        """The parts of cells on which, besides, one form of each choice holds."""
        for cell in cells:
            parts = [AffinePart(cell, ())]
            for rows, choice in self._choices:
                parts = [
                    AffinePart(piece, (*part.choices, number))
                    for part in parts
                    for number, piece in self._chosen(part.cell, rows, choice)
                ]
            yield from parts

    def _chosen(self, cell: Cell, rows: list[IntegerRow], choice: Choice) -> list[tuple[int, Cell]]:
        """The parts of a cell with the number of the form that holds on each."""
        if choice.cells is None:
            return dominance_parts(cell, rows)
        # No facet of the choice's cells runs through a region, so an inner point decides.
        point = self.cells.point(_inner(cell))
        number = next(i for i, part in enumerate(choice.cells) if part.contains(point))
        return [(number, cell)]

    def difference_on(self, part: AffinePart) -> LayerForms:
        """The affine forms of what remains of f − g on a part, one for each output.

        Each is a positive multiple of f − g, by a factor that is the same on all parts.
        """
        cell = part.cell
        active = cell.signs[-1].positive if cell.signs else 0
        parent = cell.forms if cell.signs else None
        level = self._output_levels.get(part.choices)
        if level is None:
            level = self.difference.output_level(part.choices)
            self._output_levels[part.choices] = level
        return LayerForms(level, parent, active, None, self.cells.frame)

    def witness(self, part: AffinePart) -> Vector | None:
        """A point of the interior of a part at which the functions differ, None if they agree."""
        forms = self.difference_on(part)
        for output, row in enumerate(forms.matrix()):
            if any(row):
                return self._nonzero_point(part.cell, forms, output)
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
        forms, choices = tuple(table.forms), tuple(choice.forms for choice in table.choices)
        where = self.domain
        if self.difference.is_zero and all(f.domain is None for f in self._functions):
            where = None  # the expressions agree everywhere
        return EqualityCertificate(
            forms,
            (rules[0], rules[1]),
            None if self.are_obviously_equal else self._cover(),
            (where.inequalities, where.equations) if where is not None else ((), ()),
            choices,
        )

    def _cover(self) -> Cover:
        cells = (part.cell for part in self.parts(self.cells))
        return triangulated_cover(self.cells, cells)

    def _nonzero_point(self, cell: Cell, forms: LayerForms, output: int) -> Vector:
        points = [generator.point for generator in cell.generators]
        inner = _inner(cell)
        if not forms.value(output, inner):
            corner = next(point for point in points if forms.value(output, point))
            inner = tuple(a + b for a, b in zip(inner, corner, strict=True))
        return self.point(inner)


def comparable(
    f: object, g: object, domain: Polyhedron | None
) -> tuple[PiecewiseLinear, PiecewiseLinear, Polyhedron | None]:
    """Two function-likes of one shape, and where to compare them.

    Raises:
        InvalidInputError: if they are not, or the domain does not fit.
    """
    first, second = function_like(f, "f"), function_like(g, "g")
    for name, one, other in (
        ("inputs", first.input_width, second.input_width),
        ("outputs", first.output_width, second.output_width),
    ):
        if one != other:
            raise InvalidInputError(
                f"the functions have different numbers of {name}: {one}, {other}"
            )
    check_domain(domain, first.input_width)
    own = [function.domain for function in (first, second)]
    if domain is None and own[0] != own[1]:
        raise InvalidInputError(
            "domain: the functions are defined on different domains; say where to compare them"
        )
    domain = own[0] if domain is None else domain
    for name, larger in zip("fg", own, strict=True):
        if domain is not None and larger is not None and domain.intersection(larger) != domain:
            raise InvalidInputError(f"domain: {name} is not defined on all of it")
    return first, second, domain


def _inner(cell: Cell) -> IntegerRow:
    """A point of the interior of a cell, in its coordinates."""
    return tuple(map(sum, zip(*(generator.point for generator in cell.generators), strict=True)))
