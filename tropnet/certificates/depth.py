"""Proofs about the depth of transversal representations, and their checker.

Where a neuron B of a transversal network bends at a neuron A, it lies in a strictly deeper layer
(`star_pattern`).  A chain of bends B_1 → A_1 = B_2 → A_2 = … → A_k therefore needs k + 1 hidden
layers, and a closed one cannot be.  That a neuron is the same at two places is seen by going along
its facets from the one to the other (`neuron_path`).

Everything is read off the function itself, evaluated exactly at and infinitely near points, so the
proof is about the function and not about the network or the formula that it is given by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from tropnet.certificates.corner import Corner, CornerReading, corners, verify_corner
from tropnet.certificates.neuron_path import Path, paths, verify_path
from tropnet.certificates.plain import entries, fractions, input_width, require, value
from tropnet.certificates.star_pattern import Pattern
from tropnet.errors import CertificateError
from tropnet.exact import Vector, format_fraction


@dataclass(frozen=True)
class DepthChain:
    """A proof that every transversal representation of a function has some depth at least.

    Attributes:
        cells: Corners τ_1, …, τ_k, at each of which a neuron B_i bends at a neuron A_i.  A single
            one may be a FORK, of which it is not known which facets belong to which neuron.
        branches: For each i < k a path from τ_i to τ_{i+1} along A_i = B_{i+1}.
        kink: Without cells, two points between which the function is not affine, or none.
    """

    claim: ClassVar[str] = "depth"

    cells: tuple[Corner, ...] = ()
    branches: tuple[Path, ...] = ()
    kink: tuple[Vector, ...] = ()

    @property
    def value(self) -> int:
        """The number of hidden layers that is proved to be necessary.

        k + 1 if there are cells; else 1 for a function that is not affine, and 0.
        """
        return len(self.cells) + 1 if self.cells else int(bool(self.kink))

    @property
    def statement(self) -> str:
        """The claim in words."""
        layers = "one hidden layer" if self.value == 1 else f"{self.value} hidden layers"
        return f"every transversal network for this function has at least {layers}"

    def check(self, f: Any) -> bool:
        """Whether every transversal representation of a function has `value` hidden layers or more.

        Args:
            f: A function as plain data (see `plain`).

        Guarantees:
            True proves it.  False says that this is no proof for f: f is another function, or its
            neurons or maxima switch just where the proof looks, though f does not break there.
        """
        try:
            self._verify(f)
        except CertificateError:
            return False
        return True

    def _verify(self, f: Any) -> None:
        inputs = input_width(f)
        if not self.cells:
            require(not self.branches, "there are branches without cells")
            _verify_kink(f, self.kink, inputs)
            return
        require(not self.kink, "a kink beside cells")
        require(len(self.branches) == len(self.cells) - 1, "not one branch between two cells")
        readings = _readings(f, self.cells, inputs)
        kinds = {reading.pattern for reading in readings}
        require(
            kinds == {Pattern.BEND} or (kinds == {Pattern.FORK} and len(readings) == 1),
            "a cell at which no neuron bends",
        )
        for (start, end), path in zip(pairwise(readings), self.branches, strict=True):
            verify_path(f, start, path, end, inputs)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "cells": [corner.data() for corner in self.cells],
            "branches": [[corner.data() for corner in path] for path in self.branches],
            "kink": [[format_fraction(entry) for entry in point] for point in self.kink],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> DepthChain:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"cells", "branches", "kink"}
        require(set(data) == names, "expected exactly the keys 'cells', 'branches' and 'kink'")
        return cls(
            corners(data["cells"], "cells"),
            paths(data["branches"], "branches"),
            tuple(fractions(point, "kink") for point in entries(data["kink"], list, "kink")),
        )


@dataclass(frozen=True)
class NoTransversalRepresentation:
    """A proof that no transversal network, of any depth and widths, represents a function.

    Attributes:
        cells: Without branches, one corner with a star that no transversal network has.  Else
            corners of bends in a circle, so that a neuron would be deeper than itself; or a single
            corner where two neurons cross.
        branches: From each of the cells to the next, and from the last to the first, a path along
            the neuron that is straight at the one and bends at the other; where two neurons cross,
            from the one to the other, so that they would be the same.
    """

    claim: ClassVar[str] = "not transversal"
    statement: ClassVar[str] = "no transversal network represents this function"

    cells: tuple[Corner, ...]
    branches: tuple[Path, ...] = ()

    def check(self, f: Any) -> bool:
        """Whether this proves that a function has no transversal representation.

        Args:
            f: A function as plain data (see `plain`).

        Guarantees:
            True proves it.  For False see `DepthChain.check`.
        """
        try:
            self._verify(f)
        except CertificateError:
            return False
        return True

    def _verify(self, f: Any) -> None:
        inputs = input_width(f)
        readings = _readings(f, self.cells, inputs)
        kinds = [reading.pattern for reading in readings]
        if not self.branches:
            require(kinds == [Pattern.IMPOSSIBLE], "not a single cell with an impossible star")
            return
        require(len(self.branches) == len(self.cells), "not one branch from each cell to the next")
        require(
            {*kinds} == {Pattern.BEND} or kinds == [Pattern.CROSSING],
            "a cell at which no neuron bends",
        )
        following = [*readings[1:], readings[0]]
        for start, end, path in zip(readings, following, self.branches, strict=True):
            verify_path(f, start, path, end, inputs)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "cells": [corner.data() for corner in self.cells],
            "branches": [[corner.data() for corner in path] for path in self.branches],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NoTransversalRepresentation:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(
            set(data) == {"cells", "branches"}, "expected exactly the keys 'cells' and 'branches'"
        )
        return cls(corners(data["cells"], "cells"), paths(data["branches"], "branches"))


def _readings(f: Any, cells: Sequence[Corner], inputs: int) -> list[CornerReading]:
    require(inputs > 1, "a function of one variable has no corners")
    return [verify_corner(f, cell, inputs) for cell in cells]


def _verify_kink(f: Any, kink: Sequence[Vector], inputs: int) -> None:
    """Checks that a function is not affine on a segment, if there is one."""
    if not kink:
        return
    require(len(kink) == 2, "a kink needs two points")
    require(all(len(point) == inputs for point in kink), "a point of a wrong length")
    start, end = kink
    middle = [(a + b) / 2 for a, b in zip(start, end, strict=True)]
    first, second, between = (value(f, point) for point in (start, end, middle))
    require(
        any(a + b != 2 * m for a, b, m in zip(first, second, between, strict=True)),
        "the middle value is the mean of the values at the ends of the kink",
    )
