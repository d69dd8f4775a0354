"""Places at which the equations of two hidden layers are read off, and signs are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count
from typing import NamedTuple

from tropnet.exact import Vector, dot
from tropnet.identifiability.recovery.equations import Layout, Space
from tropnet.identifiability.recovery.zero_sets import ZeroSet
from tropnet.piecewise.compatible import spanned_arrangement
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.hyperplanes import Hyperplane, hyperplane_of
from tropnet.piecewise.inner_points import point_in
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron, solve_linear_program
from tropnet.polyhedra.linear_program import LinearProgramStatus


class View(NamedTuple):
    """A neuron of the second layer at the places where equations are read off.

    Attributes:
        sigma: Its outgoing weights.
        on: The signs of its preactivation at a point of each first-layer hyperplane.
        off: The sign at a point off all of them.
    """

    sigma: tuple[int, ...]
    on: tuple[int, ...]
    off: int


class Places:
    """Points on and off the hyperplanes of the first layer, and their arrangement.

    Args:
        f: The function.
        X: Its break locus.
        planes: The hyperplanes u·x = c of the first layer.
    """

    def __init__(self, f: FunctionLike, X: WeightedComplex, planes: Sequence[Hyperplane]) -> None:
        self._facets = X.facets
        cell = next(function_like(f, "f").affine_cells())
        self._gradient = cell.gradient
        whole = [_hyperplane(plane) for plane in planes]
        pairs = list(zip(whole, planes, strict=True))
        self._on = [self._generic(polyhedron, plane) for polyhedron, plane in pairs]
        self._off, _ = self._generic(cell.polyhedron, None)
        facets = [Facet(*plane, Fraction(1), polyhedron) for polyhedron, plane in pairs]
        arrangement = spanned_arrangement(WeightedComplex(len(planes[0][0]), facets))
        self._corners = tuple(_corners(arrangement.maximal_cells))

    def views(self, zero_sets: Sequence[ZeroSet]) -> list[View]:
        """The signs of preactivations, in one of the two ways, where equations are read off."""
        on = [point for point, _ in self._on]
        return [
            View(zero_set.sigma, tuple(map(zero_set.sign_at, on)), zero_set.sign_at(self._off))
            for zero_set in zero_sets
        ]

    def equations(
        self, layout: Layout, views: Sequence[View], signs: Sequence[int]
    ) -> tuple[list[Vector], list[Fraction]]:
        """The weight at a point of each hyperplane, and the gradient at a point off them."""
        rows: list[Vector] = []
        right: list[Fraction] = []
        active = layout.active(self._off)
        for output, gradient in enumerate(self._gradient):
            for i, (_, weight) in enumerate(self._on):
                row = [Fraction(0)] * layout.size
                for b, (view, sign) in enumerate(zip(views, signs, strict=True)):
                    if sign * view.on[i] > 0:
                        row[layout.kappa(b, i)] = Fraction(view.sigma[output])
                rows.append(tuple(row))
                right.append(weight[output])
            for j in range(layout.inputs):
                row = [Fraction(0)] * layout.size
                for b, (view, sign) in enumerate(zip(views, signs, strict=True)):
                    if sign * view.off > 0:
                        more = layout.gradient(b, active, j, view.sigma[output])
                        row = [a + c for a, c in zip(row, more, strict=True)]
                rows.append(tuple(row))
                right.append(gradient[j])
        return rows, right

    def solutions(
        self,
        layout: Layout,
        zero_sets: Sequence[ZeroSet],
        signs: Sequence[int],
        space: Space,
    ) -> tuple[Space, Polyhedron] | None:
        """The solutions whose preactivations have the right signs; None if there are none.

        Returns:
            The space, its point being one that is as far as possible from having wrong signs; and
            the coordinates that all such solutions have along the directions, or their closure.
        """
        if not space.directions:
            return space, Polyhedron.from_generators([()])
        rows: list[list[Fraction]] = []
        margins: list[Fraction] = []
        bounds: list[Fraction] = []
        for corner, ray in self._corners:
            for b, (zero_set, sign) in enumerate(zip(zero_sets, signs, strict=True)):
                row, strict = self._condition(layout, b, zero_set, sign, corner, ray)
                rows.append([-dot(row, direction) for direction in space.directions])
                margins.append(Fraction(int(strict)))
                bounds.append(dot(row, space.point))
        zeros = [Fraction(0)] * len(space.directions)
        inequalities = [[*row, margin] for row, margin in zip(rows, margins, strict=True)]
        answer = solve_linear_program(
            [*zeros, 1], [*inequalities, [*zeros, Fraction(1)]], [*bounds, Fraction(1)]
        )
        if answer.status is LinearProgramStatus.INFEASIBLE or not answer.value or answer.value <= 0:
            return None
        assert answer.point is not None
        start = answer.point[:-1]
        rest = [bound - dot(row, start) for row, bound in zip(rows, bounds, strict=True)]
        return Space(space.at(start), space.directions), Polyhedron.from_inequalities(rows, rest)

    def _condition(
        self,
        layout: Layout,
        b: int,
        zero_set: ZeroSet,
        sign: int,
        corner: Vector,
        ray: Vector | None,
    ) -> tuple[list[Fraction], bool]:
        """A row whose value is to be positive, or, along a ray, not negative."""
        if ray is None:
            # That a preactivation is 0 at a corner is one of the equations.
            expected = sign * zero_set.sign_at(corner)
            return [expected * entry for entry in layout.value(b, corner)], expected != 0
        far = _far_out(corner, ray, self._facets)
        expected = sign * zero_set.sign_at(far)
        ahead = tuple(a + r for a, r in zip(far, ray, strict=True))
        pairs = zip(layout.value(b, ahead), layout.value(b, far), strict=True)
        return [expected * (a - c) for a, c in pairs], False

    def _generic(self, polyhedron: Polyhedron, plane: Hyperplane | None) -> tuple[Vector, Vector]:
        """A point off all other hyperplanes of f, and the weight of `plane` there."""
        others = set(map(hyperplane_of, self._facets)) - {plane}
        for choice in count(1):
            point = point_in(polyhedron, choice)
            if all(dot(normal, point) != offset for normal, offset in others):
                break
        here = [
            facet.coefficients
            for facet in self._facets
            if hyperplane_of(facet) == plane and facet.polyhedron.contains(point)
        ]
        outputs = range(len(self._gradient))
        return point, tuple(sum((each[k] for each in here), Fraction(0)) for k in outputs)


def _corners(cells: Sequence[Polyhedron]) -> Iterator[tuple[Vector, Vector | None]]:
    """The vertices of an arrangement, alone and each with its unbounded edges."""
    seen: set[tuple[Vector, Vector | None]] = set()
    for cell in cells:
        lines = [_vector(line) for line in cell.lines]
        rays = [*map(_vector, cell.rays), *lines]
        rays += [tuple(-entry for entry in line) for line in lines]
        for vertex in cell.vertices:
            for pair in ((vertex, None), *((vertex, ray) for ray in rays)):
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def _hyperplane(plane: Hyperplane) -> Polyhedron:
    return Polyhedron.from_inequalities([], [], ([plane[0]], [plane[1]]))


def _vector(entries: Sequence[Fraction | int]) -> Vector:
    return tuple(map(Fraction, entries))


def _far_out(corner: Vector, ray: Vector, facets: Sequence[Facet]) -> Vector:
    """A point on a half-line behind all hyperplanes of facets that it crosses."""
    times = [Fraction(0)]
    for facet in facets:
        speed = dot(facet.normal, ray)
        if speed:
            times.append((facet.offset - dot(facet.normal, corner)) / speed)
    far = max(times) + 1
    return tuple(a + far * r for a, r in zip(corner, ray, strict=True))
