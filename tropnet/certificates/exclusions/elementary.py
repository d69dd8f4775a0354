"""Architectures that a function's values exclude: two points, or three on a line."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from tropnet.certificates.json_fields import vector_rows, vector_texts
from tropnet.certificates.plain import require, value
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector


@dataclass(frozen=True)
class NotConstant:
    """Two points with different values: a layer without neurons would make f constant.

    Attributes:
        points: The points.
    """

    reason: ClassVar[str] = "not constant"

    points: tuple[Vector, Vector]

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return "the function is not constant"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return 0 in architecture[1:-1]

    def check(self, f: Any) -> bool:
        """Whether the values differ."""
        try:
            first, second = (value(f, point) for point in self.points)
        except CertificateError:
            return False
        return first != second

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"points": vector_texts(self.points)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotConstant:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        first, second = _points(data, 2)
        return cls((first, second))


@dataclass(frozen=True)
class NotAffine:
    """Two points with not the mean value in their middle: without hidden layer f would be affine.

    Attributes:
        points: The points.
    """

    reason: ClassVar[str] = "not affine"

    points: tuple[Vector, Vector]

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return "the function is not affine"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) == 2

    def check(self, f: Any) -> bool:
        """Whether the value in the middle is not the mean."""
        first, second = self.points
        if len(first) != len(second):
            return False
        middle = tuple(Fraction(a + b) / 2 for a, b in zip(first, second, strict=True))
        try:
            ends = zip(value(f, first), value(f, second), strict=True)
            return value(f, middle) != tuple((a + b) / 2 for a, b in ends)
        except CertificateError:
            return False

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"points": vector_texts(self.points)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotAffine:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        first, second = _points(data, 2)
        return cls((first, second))


def _points(data: dict[str, Any], count: int) -> Matrix:
    require(set(data) == {"points"}, "expected the key 'points'")
    points = vector_rows(data["points"], "points")
    require(len(points) == count, "not {} points", count)
    return points
