"""The space that the gradients of a function span."""

from __future__ import annotations

from dataclasses import dataclass, field

from tropnet.certificates.exclusions.pieces import GradientRank
from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, rank, row_echelon
from tropnet.piecewise.function_like import FunctionLike, function_like


@dataclass(frozen=True)
class GradientSpan:
    """The answer of `gradient_span`.

    Attributes:
        basis: The reduced echelon basis of the space, shape (dimension, n).
        certificate: Points near which the gradients span a space of this dimension; its `check(f)`
            proves that it is not smaller, so that the first hidden layer of every network for f has
            at least as many neurons.
    """

    basis: Matrix
    certificate: GradientRank = field(repr=False)

    @property
    def dimension(self) -> int:
        """The dimension of the space."""
        return len(self.basis)


def gradient_span(f: FunctionLike) -> GradientSpan:
    """The space that the gradients of all outputs of a function span, on all of its cells.

    Args:
        f: Any function-like.

    Returns:
        The space.  Functions on R^n are constant along its orthogonal complement; and since each
        gradient is a combination of the rows of the first layer's weights, every network for f has
        a first hidden layer with at least `dimension` neurons.

    Raises:
        InvalidInputError: if f is none, or only defined on a polyhedron of smaller dimension.

    Guarantees:
        Exact: all cells are looked at.

    >>> from tropnet import TropicalPolynomial
    >>> span = gradient_span(TropicalPolynomial([[0, 0], [2, 2], [3, 3]], [0, 0, -1]))
    >>> span.dimension, [[int(entry) for entry in row] for row in span.basis]
    (1, [[1, 1]])
    """
    function = function_like(f, "f")
    if function.domain is not None and function.domain.dim < function.input_width:
        raise InvalidInputError("f: its domain has no interior, so it has no gradient")
    rows: Matrix = ()
    points = []
    for cell in function.affine_cells():
        if rank((*rows, *cell.gradient)) > len(rows):
            rows = row_echelon((*rows, *cell.gradient))[0]
            rows = tuple(row for row in rows if any(row))
            points.append(cell.polyhedron.interior_point())
            if len(rows) == function.input_width:
                break
    return GradientSpan(rows, GradientRank(tuple(points), len(rows)))
