"""Two inputs, two neurons in the first hidden layer: where a function can break far away.

Let f(x) = G(relu(y_1), relu(y_2)) with y_i = w_i·x + b_i on R^2, whatever G is, and let w_1, w_2 be
linearly independent; let e_1, e_2 be the dual basis, w_i·e_j = 1 if i = j and 0 otherwise.  Where
y_1 < 0, f does not depend on y_1, so it breaks along lines in the direction of e_1 only; where
y_2 < 0, of e_2 only.  Let f break along a whole half-line with direction d.  If w_1·d < 0, it ends
up where y_1 < 0, so d is a multiple of −e_1; if w_2·d < 0, of −e_2; and else d lies in the cone
over e_1 and e_2.

So there must be linearly independent e_1, e_2 such that all directions of half-lines along which f
breaks are multiples of −e_1 or −e_2 or lie in cone(e_1, e_2).  If w_1, w_2 are dependent, f breaks
along parallel lines only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar, NamedTuple, TypeAlias

from tropnet.certificates.affine_pieces import affine_piece, dot
from tropnet.certificates.json_fields import integer_rows, integer_texts, vector_rows, vector_texts
from tropnet.certificates.plain import input_width, require
from tropnet.certificates.star_pattern import cross, is_along
from tropnet.errors import CertificateError
from tropnet.exact import Vector

Direction: TypeAlias = tuple[int, int]
"""A vector of the plane."""


class HalfLine(NamedTuple):
    """A half-line.

    Attributes:
        point: Where it begins.
        direction: Where it leads, integers.
    """

    point: Vector
    direction: Direction

    def verify(self, f: Any) -> None:
        """Checks that a function of two variables breaks all along it.

        Raises:
            CertificateError: if it does not, or if this cannot be seen since the function's own
                neurons switch beside it.
        """
        require(len(self.point) == len(self.direction) == 2, "a half-line that is not in the plane")
        require(any(self.direction), "a half-line without direction")
        a, b = self.direction
        sides = []
        for side in ((-b, a), (b, -a)):
            piece = affine_piece(f, (self.point, side, self.direction))
            require(
                all(dot(wall, (a, b, 0)) >= 0 for wall in piece.walls),
                "a wall of the function crosses a half-line",
            )
            sides.append(piece.forms)
        require(sides[0] != sides[1], "the function does not break along a half-line")


@dataclass(frozen=True)
class UnboundedEdges:
    """Half-lines along which f breaks, in directions that two neurons in front do not allow.

    Attributes:
        half_lines: The half-lines.
    """

    reason: ClassVar[str] = "unbounded edges"

    half_lines: tuple[HalfLine, ...]

    @property
    def statement(self) -> str:
        """What it says about the function."""
        count = len(self.half_lines)
        return f"two neurons in the first layer do not allow {count} of its unbounded edges"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) > 2 and architecture[1] <= 2

    def check(self, f: Any) -> bool:
        """Whether f breaks along the half-lines, and their directions are not allowed."""
        try:
            if input_width(f) != 2:
                return False
            for half_line in self.half_lines:
                half_line.verify(f)
        except CertificateError:
            return False
        return not are_allowed([half_line.direction for half_line in self.half_lines])

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {
            "points": vector_texts([half_line.point for half_line in self.half_lines]),
            "directions": integer_texts([half_line.direction for half_line in self.half_lines]),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> UnboundedEdges:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"points", "directions"}, "expected the keys 'points', 'directions'")
        points = vector_rows(data["points"], "points")
        directions = integer_rows(data["directions"], "directions")
        require(len(points) == len(directions), "not one direction for each point")
        require(all(len(row) == 2 for row in directions), "a direction that is not in the plane")
        pairs = zip(points, directions, strict=True)
        return cls(tuple(HalfLine(point, (a, b)) for point, (a, b) in pairs))


def are_allowed(directions: Collection[Direction]) -> bool:
    """Whether the directions of the edges are no obstacle to two neurons in the first layer.

    Args:
        directions: Vectors of the plane, not zero.

    >>> are_allowed([(-1, 0), (0, -1), (1, 1)])                          # those of max(0, x, y)
    True
    >>> are_allowed([(1, 0), (-1, 0), (0, 1), (0, -1), (-1, 1), (1, -1)])
    False
    """
    if all(cross(a, b) == 0 for a, b in product(directions, repeat=2)):
        return True
    opposites = [(-x, -y) for x, y in directions]
    # Both −e_1 and −e_2 are among the directions …
    for first, second in product(opposites, repeat=2):
        if cross(first, second) > 0 and all(
            (cross(first, d) >= 0 and cross(d, second) >= 0)
            or is_along(d, (-first[0], -first[1]))
            or is_along(d, (-second[0], -second[1]))
            for d in directions
        ):
            return True
    # … or −e_1 is, and e_2 is free; or neither is, and the directions lie in a pointed cone.
    return any(
        all(
            turn * cross(start, d) > 0
            or is_along(start, d)
            or (start in opposites and is_along(d, (-start[0], -start[1])))
            for d in directions
        )
        for start in (*opposites, *directions)
        for turn in (1, -1)
    )
