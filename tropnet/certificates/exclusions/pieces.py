"""Architectures whose networks have too few different gradients or affine pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb
from typing import Any, ClassVar

import flint

from tropnet.certificates.affine_pieces import Row, affine_piece
from tropnet.certificates.json_fields import vector_rows, vector_texts
from tropnet.certificates.plain import input_width, require
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, identity_rows


@dataclass(frozen=True)
class GradientRank:
    """Points near which the gradients of the outputs span a space of some dimension.

    Every gradient is a combination of the rows of the first layer's weights, so this layer has at
    least as many neurons.

    Attributes:
        points: The points; the gradients are those at the germs with the unit vectors.
        rank: The dimension.
    """

    reason: ClassVar[str] = "gradient span"

    points: Matrix
    rank: int

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return f"the gradients span a space of dimension {self.rank}"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) > 2 and architecture[1] < self.rank

    def check(self, f: Any) -> bool:
        """Whether the gradients have this rank at least."""
        try:
            rows = [form[:-1] for forms in _pieces(f, self.points) for form in forms]
        except CertificateError:
            return False
        found = int(flint.fmpq_mat(rows).rref()[1]) if rows else 0
        return found >= self.rank

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"points": vector_texts(self.points), "rank": self.rank}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> GradientRank:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"points", "rank"}, "expected the keys 'points' and 'rank'")
        require(type(data["rank"]) is int, "the rank is no integer")
        return cls(vector_rows(data["points"], "points"), data["rank"])


@dataclass(frozen=True)
class ManyPieces:
    """Points near which the function is given by different affine maps, more than fit.

    Attributes:
        points: The points; the affine maps are those at the germs with the unit vectors.
    """

    reason: ClassVar[str] = "linear pieces"

    points: Matrix

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return f"the function has at least {len(self.points)} linear pieces"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return most_pieces(architecture) < len(self.points)

    def check(self, f: Any) -> bool:
        """Whether the affine maps are all different."""
        try:
            found = {
                tuple((int(a.p), int(a.q)) for form in forms for a in form)
                for forms in _pieces(f, self.points)
            }
        except CertificateError:
            return False
        return len(found) == len(self.points)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"points": vector_texts(self.points)}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ManyPieces:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"points"}, "expected the key 'points'")
        return cls(vector_rows(data["points"], "points"))


def most_pieces(architecture: tuple[int, ...]) -> int:
    """An upper bound for the number of linear pieces of networks; hidden widths may be 0.

    Hyperplanes of layer l cut a region, on which the neurons before can vary in d dimensions only,
    in at most Σ_{j ≤ d} C(n_l, j) parts; and a part on which few neurons of a layer are active
    leaves few dimensions to the next.  So it is Σ Π_l C(n_l, j_l) over all (j_1, …, j_L) with
    0 ≤ j_l ≤ min(n_0, n_1 − j_1, …, n_{l−1} − j_{l−1}, n_l).

    References:
        Serra, Tjandraatmaja and Ramalingam, *Bounding and counting linear regions of deep neural
        networks*, 2018, Theorem 1.
    """
    *hidden, _ = architecture[1:]

    @cache
    def count(layer: int, dimension: int) -> int:
        if layer == len(hidden):
            return 1
        width = hidden[layer]
        return sum(
            comb(width, j) * count(layer + 1, min(dimension, width - j))
            for j in range(min(dimension, width) + 1)
        )

    return count(0, architecture[0])


def _pieces(f: Any, points: Matrix) -> list[list[Row]]:
    """The affine forms of a function at the germs of some points with the unit vectors."""
    inputs = input_width(f)
    require(all(len(point) == inputs for point in points), "a point of another space")
    return [affine_piece(f, (point, *identity_rows(inputs))).forms for point in points]
