"""The part of space that a picture shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, to_vector
from tropnet.polyhedra import Polyhedron


@dataclass(frozen=True)
class Window:
    """A box with sides parallel to the axes.

    Attributes:
        intervals: For each coordinate the least and the greatest value, the first smaller.

    >>> Window.of((0, 1, 0, "1/2"), 2).clip(Polyhedron.from_generators([(0, 0)], lines=[(1, 1)]))
    ((Fraction(0, 1), Fraction(0, 1)), (Fraction(1, 2), Fraction(1, 2)))
    """

    intervals: tuple[tuple[Fraction, Fraction], ...]

    @classmethod
    def of(cls, window: Iterable[Number], dimension: int) -> Window:
        """The window (x_min, x_max, y_min, y_max, …).

        Raises:
            InvalidInputError: for another number of bounds, or an interval without interior.
        """
        bounds = to_vector(window, "window")
        names = "xyz"[:dimension]
        if len(bounds) != 2 * dimension:
            form = ", ".join(f"{name}_min, {name}_max" for name in names)
            raise InvalidInputError(f"window: {len(bounds)} numbers; expected ({form})")
        intervals = tuple(zip(bounds[::2], bounds[1::2], strict=True))
        if any(low >= high for low, high in intervals):
            form = " and ".join(f"{name}_min < {name}_max" for name in names)
            raise InvalidInputError(f"window: expected {form}")
        return cls(intervals)

    @classmethod
    def around(cls, points: Sequence[Vector], dimension: int) -> Window:
        """The bounding box of some points with a margin; around the origin if there are none.

        The shorter sides are widened to three quarters of the longest.
        """
        columns = list(zip(*points, strict=True)) or [(Fraction(0),)] * dimension
        extent = max(max(column) - min(column) for column in columns)
        margin = extent * Fraction(2, 5) or Fraction(2)
        least = (extent + 2 * margin) * Fraction(3, 4)
        intervals = []
        for column in columns:
            middle = (min(column) + max(column)) / 2
            half = max((max(column) - min(column)) / 2 + margin, least / 2)
            intervals.append((middle - half, middle + half))
        return cls(tuple(intervals))

    @cached_property
    def polyhedron(self) -> Polyhedron:
        """The box."""
        n = len(self.intervals)
        unit = [[int(i == j) for j in range(n)] for i in range(n)]
        return Polyhedron.from_inequalities(
            [*unit, *([-entry for entry in row] for row in unit)],
            [*(high for _, high in self.intervals), *(-low for low, _ in self.intervals)],
        )

    @property
    def floats(self) -> tuple[tuple[float, float], ...]:
        """The intervals, rounded for drawing."""
        return tuple((float(low), float(high)) for low, high in self.intervals)

    @property
    def ratio(self) -> float:
        """Height over width, kept within what fits on a page."""
        (left, right), (low, high) = self.intervals[:2]
        return min(max(float((high - low) / (right - left)), 0.25), 4.0)

    def clip(self, polyhedron: Polyhedron) -> tuple[Vector, ...]:
        """The vertices of the part inside, exactly; none if that is of smaller dimension."""
        part = polyhedron.intersection(self.polyhedron)
        return part.vertices if part.dim == polyhedron.dim else ()
