"""Functions that are affine on every cell of a complete complex, as weights on its facets.

By the structure theorem such a function is determined by its weights up to an affine function, and
weights belong to one iff they are balanced: once around each ridge the gradient jumps sum to zero.
"""

from __future__ import annotations

from fractions import Fraction

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, nullspace
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.facet import Facet, format_generators
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.hyperplanes import Hyperplane, germs, hyperplane_of
from tropnet.piecewise.incidence import IntegerRow
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex
from tropnet.piecewise.weighted_complex import WeightedComplex


def balanced_weights(complex: PolyhedralComplex) -> tuple[IntegerRow, ...]:
    """A basis of the balanced weights on the facets of a complex.

    Returns:
        Primitive integer vectors with an entry for each facet.  Their number is the dimension of
        the space of functions that are affine on every cell, modulo affine functions.

    Cost: one exact nullspace with a column for each facet and n rows for each ridge.

    >>> fan = PolyhedralComplex.from_rays([(1, 0), (0, 1), (-1, -1)])
    >>> balanced_weights(fan)
    ((1, 1, 1),)
    """
    conditions = []
    for ridge in complex.ridges:
        for j in range(complex.ambient_dim):
            row = [0] * len(complex.facets)
            for i, sign in ridge.facets:
                row[i] = sign * complex.facets[i].normal[j]
            if any(row):
                conditions.append(row)
    return nullspace(conditions, len(complex.facets))


def scalar_locus(f: FunctionLike | WeightedComplex) -> WeightedComplex:
    """The break locus of a scalar function on R^n, or a balanced scalar complex as it is.

    Raises:
        InvalidInputError: for vector-valued functions, functions on a part of R^n, and complexes
            that are not balanced.
    """
    if isinstance(f, WeightedComplex):
        if f.output_dim is not None:
            raise InvalidInputError("f: a complex with vector weights; take one output of it")
        if not f.is_balanced():
            raise InvalidInputError(
                "f: the complex is not balanced, so it belongs to no function; see "
                "WeightedComplex.unbalanced_cells"
            )
        return f.canonical()
    function = function_like(f, "f")
    if function.output_width != 1:
        raise InvalidInputError(
            f"f: a function with {function.output_width} outputs; take one of them"
        )
    if getattr(function, "domain", None) is not None:
        raise InvalidInputError("f: a function on a part of R^n; it must be defined everywhere")
    return break_locus(function)


def spanned_arrangement(X: WeightedComplex) -> PolyhedralComplex:
    """The arrangement of the hyperplanes in which a weighted complex has facets."""
    planes = X.hyperplanes()
    return PolyhedralComplex.from_hyperplanes(
        [normal for normal, _ in planes],
        [offset for _, offset in planes],
        ambient_dim=X.ambient_dim,
    )


def weights_on(complex: PolyhedralComplex, X: WeightedComplex) -> Vector:
    """The weights of a weighted complex on the facets of a complete complex.

    Raises:
        InvalidInputError: if they live in different spaces, or X is not a union of facets with one
            weight on each; names a part of X that is none.

    Cost: each facet is located among the facets of X in its hyperplane, and one comparison of
    weighted sets.
    """
    if complex.ambient_dim != X.ambient_dim:
        raise InvalidInputError(
            f"complex: it lies in R^{complex.ambient_dim}, and f has {X.ambient_dim} inputs"
        )
    by_plane: dict[Hyperplane, list[Facet]] = {}
    for facet in X.facets:
        by_plane.setdefault(hyperplane_of(facet), []).append(facet)
    weights = []
    for cell in complex.facets:
        plane = cell.normal, cell.offset
        here = germs(by_plane.get(plane, ()), cell.polyhedron.interior_point())
        value = here[plane].at_infinity() if plane in here else None
        weights.append(value[0] if value else Fraction(0))
    outside = (X - complex.weighted(weights)).canonical().facets
    if outside:
        raise InvalidInputError(
            "complex: f breaks where the complex has no facet, or only along a part of one, as in "
            f"{outside[0].equation} on the set with {format_generators(outside[0].polyhedron)}; "
            "cut the cells there"
        )
    return tuple(weights)
