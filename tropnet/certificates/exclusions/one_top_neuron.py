"""One neuron in the second of two hidden layers: where the function is not at its end, it is flat.

Let g be a scalar function with g = e + c·relu(z), z a network with one hidden layer of width k.  If
c > 0, e is at most every value of g; so near a point p where g is larger than somewhere else, g is
e + c·z.  Hence at all such points

* g jumps by one amount all along a hyperplane, for z does;
* a hyperplane along which g breaks there belongs to one of the k neurons of the first layer.

If c < 0 the same holds where g is smaller than somewhere else.  And if c > 0, g is bounded from
below: its function of recession is nowhere negative.  (If c = 0, g is constant.)

If f has several outputs and one neuron in its last hidden layer, each combination of its outputs is
such a g.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from tropnet.certificates.affine_pieces import Row, affine_piece
from tropnet.certificates.exclusions.scalar import BiasFree, Combination
from tropnet.certificates.exclusions.uncovered_cells import UnevenCell
from tropnet.certificates.json_fields import integer_rows, integer_texts, vector_rows, vector_texts
from tropnet.certificates.plain import IntegerRow, entries, input_width, require, value
from tropnet.errors import CertificateError
from tropnet.exact import Vector, dot, nullspace, primitive_vector


@dataclass(frozen=True)
class Side:
    """What speaks against c > 0, or against c < 0.

    Attributes:
        wrong_way: A direction in which g is unbounded on the side where it should be bounded.
        base: A point.
        creases: Pairs (normal, point): g breaks at the point along the hyperplane with this normal;
            and g is larger there than at the base (smaller if c < 0).
        cells: Uneven cells, at most one, at which g is larger than at the base.
    """

    wrong_way: tuple[Vector, ...] = ()
    base: tuple[Vector, ...] = ()
    creases: tuple[tuple[IntegerRow, Vector], ...] = ()
    cells: tuple[UnevenCell, ...] = ()

    def least_width(self, g: Any, sign: int) -> int | None:
        """How many neurons the first layer has at least; None if there is no such network.

        Args:
            g: A scalar network as plain data.
            sign: The sign of c.

        Raises:
            CertificateError: if something is not as it is said.
        """
        for direction in self.wrong_way:
            require(sign * value(BiasFree(g), direction)[0] < 0, "a direction of the right sign")
            return None
        require(len(self.base) == 1, "not one base point")
        end = value(g, self.base[0])[0]
        inside = [*(cell.point for cell in self.cells), *(point for _, point in self.creases)]
        require(
            all(sign * (value(g, point)[0] - end) > 0 for point in inside), "a point at the end"
        )
        for cell in self.cells:
            cell.verify(g)
            return None
        jumps: dict[IntegerRow, list[Row]] = {}
        for normal, point in self.creases:
            plane = primitive_vector([*map(Fraction, normal), dot(normal, point)])
            first = next(entry for entry in plane if entry)
            plane = plane if first > 0 else tuple(-entry for entry in plane)
            jump = _jump(g, plane[:-1], point)
            if jumps.setdefault(plane, jump) != jump:
                return None
        return len(jumps)

    def data(self) -> dict[str, Any]:
        """The side as plain JSON data."""
        return {
            "wrong_way": vector_texts(self.wrong_way),
            "base": vector_texts(self.base),
            "normals": integer_texts([normal for normal, _ in self.creases]),
            "points": vector_texts([point for _, point in self.creases]),
            "cells": [cell.data() for cell in self.cells],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Side:
        """The side from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"wrong_way", "base", "normals", "points", "cells"}
        require(set(data) == names, "expected exactly the keys {}", ", ".join(sorted(names)))
        normals = integer_rows(data["normals"], "normals")
        points = vector_rows(data["points"], "points")
        require(len(normals) == len(points), "not one point for each normal")
        return cls(
            vector_rows(data["wrong_way"], "wrong_way"),
            vector_rows(data["base"], "base"),
            tuple(zip(normals, points, strict=True)),
            tuple(map(UnevenCell.from_data, entries(data["cells"], dict, "cells"))),
        )


@dataclass(frozen=True)
class OneTopNeuron:
    """With one neuron in the second hidden layer, the first one needs some width, or none will do.

    Attributes:
        functional: Coefficients of the outputs: g is their combination.
        sides: What speaks against c > 0 and against c < 0.
        width: The first layer has so many neurons at least; None if there is no such network.
    """

    reason: ClassVar[str] = "one top neuron"

    functional: Vector
    sides: tuple[Side, Side]
    width: int | None

    @property
    def statement(self) -> str:
        """What it says about the function."""
        with_one = "two hidden layers, the second of one neuron,"
        if self.width is None:
            return f"{with_one} do not suffice"
        return f"{with_one} take at least {self.width} neurons in the first"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return (
            len(architecture) == 4
            and architecture[2] == 1
            and (self.width is None or architecture[1] < self.width)
        )

    def check(self, f: Any) -> bool:
        """Whether this holds for a network.

        Args:
            f: A network as plain data (see `plain`).
        """
        if not hasattr(f, "layers"):
            return False
        try:
            g = Combination(f, self.functional)
            require(self._is_not_constant(g), "the function may be constant")
            widths = [
                side.least_width(g, sign) for side, sign in zip(self.sides, (1, -1), strict=True)
            ]
        except CertificateError:
            return False
        bounds = [width for width in widths if width is not None]
        return not bounds if self.width is None else all(b >= self.width for b in bounds)

    def _is_not_constant(self, g: Any) -> bool:
        """Whether some side shows that g takes two values."""
        return any(side.wrong_way or side.creases or side.cells for side in self.sides)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {
            "functional": vector_texts([self.functional])[0],
            "sides": [side.data() for side in self.sides],
            "width": self.width,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> OneTopNeuron:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"functional", "sides", "width"}
        require(set(data) == names, "expected exactly the keys {}", ", ".join(sorted(names)))
        sides = [Side.from_data(side) for side in entries(data["sides"], dict, "sides")]
        require(len(sides) == 2, "not two sides")
        require(type(data["width"]) in (int, type(None)), "the width is no integer")
        (functional,) = vector_rows([data["functional"]], "functional")
        return cls(functional, (sides[0], sides[1]), data["width"])


def _jump(g: Any, normal: IntegerRow, point: Vector) -> list[Row]:
    """By how much the gradient jumps across a hyperplane, at a germ in it.

    Raises:
        CertificateError: if it does not jump.
    """
    require(len(normal) == len(point) == input_width(g), "a crease of another space")
    inside = nullspace([normal], len(normal))
    opposite = tuple(-entry for entry in normal)
    above, below = (affine_piece(g, (point, *inside, side)).forms for side in (normal, opposite))
    require(above != below, "the function does not break at a crease")
    return [
        [a - b for a, b in zip(upper, lower, strict=True)]
        for upper, lower in zip(above, below, strict=True)
    ]
