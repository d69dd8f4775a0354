"""The break locus of a piecewise linear function."""

from __future__ import annotations

from tropnet.piecewise.affine_cells import check_domain, full_dimensional
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron


def break_locus(f: FunctionLike, domain: Polyhedron | None = None) -> WeightedComplex:
    """Where a piecewise linear function is not differentiable, with weights.

    A facet in the hyperplane u·x = c, u primitive, has the weight w with (gradient where
    u·x > c) − (gradient where u·x < c) = w ⊗ u: a number for scalar functions, else a vector.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, or a
            tuple of scalar ones.
        domain: A polyhedron of full dimension; only what lies in its interior, cut to it.

    Returns:
        The canonical complex (see `WeightedComplex.canonical`): in each hyperplane the maximal
        parts of constant weight, cut only where they are not convex.  It depends on the function
        alone; regions of a network that do not break f leave no trace.  Its facets need not meet
        face to face.

    Raises:
        InvalidInputError: if f is none of these, or the domain does not fit or has no interior.

    Guarantees:
        Exact.  Two functions have equal break loci iff they differ by an affine function; the
        complex is balanced (if there is no domain).

    References:
        Maclagan and Sturmfels, *Introduction to Tropical Geometry*, 2015, section 3.3.

    >>> from tropnet import ReLUNetwork
    >>> f = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    >>> g = ReLUNetwork([([[-1, 0], [0, -1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    >>> break_locus(f)
    <WeightedComplex in R^2: 3 facets>
    >>> break_locus(f).digest() == break_locus(g).digest()
    True
    """
    function = function_like(f, "f")
    check_domain(domain, function.input_width)
    full_dimensional(domain, "break_locus")
    return WeightedComplex(function.input_width, function.break_facets(domain)).canonical()
