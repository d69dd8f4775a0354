"""Places through which a hyperplane of the first hidden layer must go, and too many of them.

Let f be a network with two hidden layers, and p a point on none of the hyperplanes of its first
hidden layer.  Near p the preactivations of the second one are affine, so f is Σ c_B relu(z_B) plus
an affine function there, and its gradient jumps by one amount all along a hyperplane through p.

Let H be a hyperplane through p, T ⊂ H − p of dimension n − 2, and ±r the two directions of H that
leave T.  If f's jump across H is not the same at p + εr and at p − εr, then p lies in a hyperplane
of the first layer.  If the walls through p of f's affine pieces there contain p + T, the same holds
all along p + T near p; and since there are finitely many hyperplanes, one of them contains p + T.

So the flats p + T found in this way lie in n_1 hyperplanes.  This is about all networks with two
hidden layers, transversal or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from tropnet.certificates.affine_pieces import Row, affine_piece, dot
from tropnet.certificates.json_fields import integer_rows, integer_texts
from tropnet.certificates.plain import IntegerRow, entries, fractions, input_width, require
from tropnet.errors import CertificateError
from tropnet.exact import Vector, format_fraction, nullspace, primitive_vector, rank

Flat: TypeAlias = tuple[IntegerRow, ...]
"""A flat by vectors (x, t) that span the cone over it."""


@dataclass(frozen=True)
class UnevenCell:
    """A flat along which a function is no sum of neurons and an affine function.

    Attributes:
        point: A point p.
        lines: A basis of T, n − 2 integer vectors.
        ray: r; the hyperplane H is p + T + R·r.
    """

    point: Vector
    lines: tuple[IntegerRow, ...]
    ray: IntegerRow

    @property
    def flat(self) -> Flat:
        """P + T."""
        return (primitive_vector([*self.point, 1]), *((*line, 0) for line in self.lines))

    def verify(self, f: Any) -> None:
        """Checks that the jump of f across H is not the same on both sides of p + T.

        Raises:
            CertificateError: if it is, or if this cannot be seen since f's own neurons switch
                across T at p.
        """
        inputs = input_width(f)
        require(
            all(len(v) == inputs for v in (self.point, *self.lines, self.ray))
            and len(self.lines) == inputs - 2
            and rank((*self.lines, self.ray)) == inputs - 1,
            "a cell whose vectors do not span a hyperplane",
        )
        (normal,) = nullspace((*self.lines, self.ray), inputs)
        opposite = tuple(-entry for entry in self.ray)
        ahead, behind = (self._jump(f, ray, normal) for ray in (self.ray, opposite))
        require(ahead != behind, "the jumps on both sides of a cell are equal")

    def _jump(self, f: Any, ray: IntegerRow, normal: IntegerRow) -> list[Row]:
        at = self.flat[0]
        sides = []
        for side in (normal, tuple(-entry for entry in normal)):
            piece = affine_piece(f, (self.point, ray, *self.lines, side))
            require(
                all(
                    dot(wall, (*line, 0)) == 0
                    for wall in piece.walls
                    if dot(wall, at) == 0
                    for line in self.lines
                ),
                "a wall of the function crosses a cell",
            )
            sides.append(piece.forms)
        return [
            [a - b for a, b in zip(upper, lower, strict=True)]
            for upper, lower in zip(*sides, strict=True)
        ]

    def data(self) -> dict[str, Any]:
        """The cell as plain JSON data."""
        return {
            "point": [format_fraction(entry) for entry in self.point],
            "lines": integer_texts(self.lines),
            "ray": integer_texts([self.ray])[0],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> UnevenCell:
        """The cell from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"point", "lines", "ray"}
        require(set(data) == names, "a cell needs exactly the keys 'point', 'lines' and 'ray'")
        (ray,) = integer_rows([data["ray"]], "ray")
        return cls(fractions(data["point"], "point"), integer_rows(data["lines"], "lines"), ray)


@dataclass(frozen=True)
class UncoveredCells:
    """Flats that do not lie in few hyperplanes, though the first hidden layer's contain them.

    Attributes:
        cells: The flats, with what shows that the first layer has a hyperplane through each.
        count: How many hyperplanes they need.
    """

    reason: ClassVar[str] = "first layer hyperplanes"

    cells: tuple[UnevenCell, ...]
    count: int

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return f"with two hidden layers, the first one has at least {self.count} neurons"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) == 4 and architecture[1] < self.count

    def check(self, f: Any) -> bool:
        """Whether all flats are as they should be, and no `count` − 1 hyperplanes contain them."""
        try:
            for cell in self.cells:
                cell.verify(f)
        except CertificateError:
            return False
        return not can_cover([cell.flat for cell in self.cells], self.count - 1)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"cells": [cell.data() for cell in self.cells], "count": self.count}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> UncoveredCells:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"cells", "count"}, "expected the keys 'cells' and 'count'")
        require(type(data["count"]) is int, "the count is no integer")
        cells = entries(data["cells"], dict, "cells")
        return cls(tuple(map(UnevenCell.from_data, cells)), data["count"])


# The search for a cover is exponential; beyond so many steps it is given up.
STEPS = 20_000


def can_cover(flats: Sequence[Flat], count: int, steps: int = STEPS) -> bool:
    """Whether so many hyperplanes contain some flats, as far as is known after so many steps.

    Guarantees:
        False is proved: all ways to distribute the flats have been tried.  True may be a guess.

    >>> points = [((0, 0, 1),), ((1, 0, 1),), ((0, 1, 1),), ((1, 1, 1),), ((5, 2, 1),)]
    >>> can_cover(points, 2), can_cover(points, 3)
    (False, True)
    """
    return _fits(flats, [()] * count, iter(range(steps))) if count > 0 else not flats


def _fits(flats: Sequence[Flat], groups: list[Flat], steps: Iterator[int]) -> bool:
    """Whether hyperplanes through the given groups of vectors may contain all flats as well."""
    if not flats:
        return True
    flat, *rest = flats
    tried = set()
    for k, group in enumerate(groups):
        if next(steps, None) is None:
            return True
        joined = (*group, *flat)
        # The vectors of a group span at most the cone over a hyperplane of R^n.
        if group in tried or rank(joined) >= len(flat[0]):
            continue
        tried.add(group)
        if _fits(rest, [*groups[:k], joined, *groups[k + 1 :]], steps):
            return True
    return False
