"""The protocol that every function-like follows, and tuples of scalar functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol, TypeAlias, Union, runtime_checkable

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.piecewise.affine_cells import AffineCell, stacked_cells
from tropnet.piecewise.facet import Facet
from tropnet.polyhedra import Polyhedron


@runtime_checkable
class PiecewiseLinear(Protocol):
    """A continuous piecewise linear function R^n → R^m.

    Networks, tropical polynomials and rational functions and `PiecewiseLinearFunction` follow it.
    Calling one evaluates it exactly: a `Fraction` for tropical functions, else a tuple.
    """

    @property
    def input_width(self) -> int:
        """The number n of inputs."""
        ...

    @property
    def output_width(self) -> int:
        """The number m of outputs."""
        ...

    @property
    def domain(self) -> Polyhedron | None:
        """Where the function is defined; None for all of R^n."""
        ...

    def __call__(self, x: Any) -> Any:
        """The exact value at a point."""
        ...

    def affine_cells(self, domain: Polyhedron | None = None) -> Iterator[AffineCell]:
        """Closed cells with disjoint relative interiors that cover a domain, default everything.

        They have the domain's dimension and need not meet face to face.
        """
        ...

    def break_facets(self, domain: Polyhedron | None = None) -> Iterator[Facet]:
        """Weighted facets whose sum is the break locus in the interior of a domain.

        They are a subdivision that depends on more than the function, and can overlap.
        """
        ...


FunctionLike: TypeAlias = Union[PiecewiseLinear, "tuple[PiecewiseLinear, ...]"]
"""A `PiecewiseLinear` function, or a tuple of scalar ones."""


class FunctionTuple:
    """The vector-valued function of several scalar ones.

    Attributes:
        parts: The scalar functions.
    """

    def __init__(self, parts: tuple[PiecewiseLinear, ...]) -> None:
        self.parts = parts

    @property
    def input_width(self) -> int:
        """The number of inputs."""
        return self.parts[0].input_width

    @property
    def output_width(self) -> int:
        """The number of functions."""
        return len(self.parts)

    @property
    def domain(self) -> Polyhedron | None:
        """Where the functions are defined; None for all of R^n."""
        return self.parts[0].domain

    def __call__(self, x: Any) -> Vector:
        """The exact values at a point."""
        return tuple(entry for part in self.parts for entry in values(part, x))

    def affine_cells(self, domain: Polyhedron | None = None) -> Iterator[AffineCell]:
        """The common refinement of the parts' cells."""
        first, *rest = (list(part.affine_cells(domain)) for part in self.parts)
        for cells in rest:
            first = stacked_cells(first, cells)
        return iter(first)

    def break_facets(self, domain: Polyhedron | None = None) -> Iterator[Facet]:
        """The facets of all parts, each with a weight in its own coordinate."""
        for index, part in enumerate(self.parts):
            for facet in part.break_facets(domain):
                if self.output_width == 1:
                    yield facet
                    continue
                weight = [facet.coefficients[0] * (k == index) for k in range(self.output_width)]
                yield facet.with_weight(tuple(weight))


def function_like(function: Any, name: str) -> PiecewiseLinear:
    """A function-like as one function; a tuple or list of scalar ones becomes a `FunctionTuple`.

    Args:
        function: What may be one.
        name: What it is, for the error message.

    Raises:
        InvalidInputError: if it is none.
    """
    if isinstance(function, PiecewiseLinear) and not isinstance(function, type):
        return function
    if isinstance(function, (tuple, list)) and function:
        parts = tuple(function_like(part, f"{name}[{i}]") for i, part in enumerate(function))
        if any(part.output_width != 1 for part in parts):
            raise InvalidInputError(f"{name}: the parts of a tuple must be scalar functions")
        if len({part.input_width for part in parts}) != 1:
            raise InvalidInputError(f"{name}: the parts have different numbers of inputs")
        if any(part.domain != parts[0].domain for part in parts):
            raise InvalidInputError(f"{name}: the parts are defined on different domains")
        return FunctionTuple(parts)
    raise InvalidInputError(
        f"{name}: expected a ReLUNetwork, a tropical function, a PiecewiseLinearFunction or a "
        f"tuple of scalar ones, got {type(function).__name__}"
    )


def values(function: FunctionLike, point: Vector) -> Vector:
    """The exact value at a point, as a tuple for every kind of function."""
    if isinstance(function, tuple):
        return tuple(entry for part in function for entry in values(part, point))
    value = function(point)
    return value if isinstance(value, tuple) else (value,)
