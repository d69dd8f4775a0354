"""The balanced weights above given bounds, in coordinates on the space of balanced weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from tropnet.exact import Vector, integer_rows, primitive_vector
from tropnet.piecewise.compatible import balanced_weights
from tropnet.piecewise.incidence import IntegerRow
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex
from tropnet.polyhedra import DoubleDescription, Polyhedron, solve_linear_program
from tropnet.polyhedra.double_description import fractions


class WeightPolyhedron:
    """The polyhedron {v balanced : v_e ≥ l_e for all facets e}, for bounds l ≥ 0.

    It is pointed.  A balanced weight vector is v = Σ y_i·b_i in the basis b of `balanced_weights`,
    so the polyhedron is one in the space of y.  Facets on which v is the same up to a factor (such
    as those of a hyperplane that nothing bends at) share one inequality, the strongest of theirs.

    Args:
        complex: The complex.
        bounds: l, one number for each facet.

    Attributes:
        basis: The balanced weights b_i.
        rows: The inequalities k·y + c ≥ 0 as integer rows (k, c), with pairwise different
            directions k.
        attaining: For each row the facets e with v_e = l_e iff the row is an equation.
        exceeding: The facets e with v_e > l_e everywhere: a facet of the same direction has a
            stronger bound.
    """

    def __init__(self, complex: PolyhedralComplex, bounds: Sequence[Fraction]) -> None:
        self.complex = complex
        self.bounds = tuple(bounds)
        self.basis = balanced_weights(complex)
        shared: dict[IntegerRow, list[tuple[Fraction, int]]] = {}
        self._is_blocked = False
        for e, bound in enumerate(self.bounds):
            entries = tuple(vector[e] for vector in self.basis)
            if any(entries):
                direction = primitive_vector(entries)
                factor = max(map(abs, entries)) // max(map(abs, direction))
                shared.setdefault(direction, []).append((bound / factor, e))
            elif bound > 0:  # all balanced weights vanish there
                self._is_blocked = True
        strongest = {direction: max(found)[0] for direction, found in shared.items()}
        directions = sorted(shared)
        self.rows = [
            tuple(row) for row in integer_rows([(*k, -strongest[k]) for k in directions])[0]
        ]
        self.attaining = [
            tuple(e for bound, e in shared[k] if bound == strongest[k]) for k in directions
        ]
        self.exceeding = frozenset(
            e for k in directions for bound, e in shared[k] if bound < strongest[k]
        )

    @property
    def dimension(self) -> int:
        """The number of coordinates y."""
        return len(self.basis)

    def weights(self, y: Vector) -> Vector:
        """The balanced weights with coordinates y."""
        return tuple(
            sum((a * vector[e] for a, vector in zip(y, self.basis, strict=True)), Fraction(0))
            for e in range(len(self.bounds))
        )

    def start(self) -> Vector | None:
        """The coordinates of a point with the least total excess over the rows, None if empty.

        Cost: one linear program.
        """
        if self._is_blocked:
            return None
        if not self.rows:
            return ()
        return solve_linear_program(
            [-sum(column) for column in zip(*self.rows, strict=True)][:-1],
            [[-entry for entry in row[:-1]] for row in self.rows],
            [row[-1] for row in self.rows],
        ).point

    @cached_property
    def in_coordinates(self) -> Polyhedron:
        """The polyhedron in the space of y.

        Cost: one double description with a row for each of `rows`.
        """
        if self._is_blocked:
            return Polyhedron.from_generators([], ambient_dim=self.dimension)
        return Polyhedron.from_inequalities(
            [[-entry for entry in row[:-1]] for row in self.rows],
            [row[-1] for row in self.rows],
            ambient_dim=self.dimension,
        )

    @cached_property
    def in_weights(self) -> Polyhedron:
        """The polyhedron in the space of weights, with a coordinate for each facet.

        Cost: that of `in_coordinates`; nothing is converted again.
        """
        inner, size = self.in_coordinates, len(self.bounds)
        if inner.is_empty:
            return Polyhedron.from_generators([], ambient_dim=size)
        bounds = [
            primitive_vector([*(int(e == k) for k in range(size)), -bound])
            for e, bound in enumerate(self.bounds)
        ]
        generators = [
            primitive_vector([*self.weights(fractions(row[:-1])), row[-1]])
            for row in inner.generators
        ]
        return Polyhedron(size, DoubleDescription(bounds, (), generators, ()))
