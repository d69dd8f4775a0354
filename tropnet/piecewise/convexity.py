"""Convex piecewise linear functions: recognised by their weights, and all those on a complex."""

from __future__ import annotations

from fractions import Fraction

from tropnet.errors import InvalidInputError
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.compatible import balanced_weights, scalar_locus
from tropnet.piecewise.facet import format_generators, format_weight
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.integration import partition
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex, check_complex
from tropnet.piecewise.weight_polyhedron import WeightPolyhedron
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron, solve_linear_program


def is_convex(f: FunctionLike) -> bool:
    """Whether a piecewise linear function is convex; if vector-valued, in every output.

    Args:
        f: A function-like; on a polyhedron of full dimension, if it is defined on one.

    Raises:
        InvalidInputError: if f is no function-like.

    Guarantees:
        Exact: f is convex iff all weights of its break locus are at least 0.  (Along a segment in
        general position the slope changes by positive multiples of the weights that it meets, and
        other segments are limits of such.)

    Cost: that of `break_locus`.

    References:
        Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*,
        2024, section 2.

    >>> from tropnet import TropicalPolynomial
    >>> p = TropicalPolynomial([[0], [1]], [0, 0])
    >>> is_convex(p), is_convex(p / (p * p))
    (True, False)
    """
    return all(entry >= 0 for facet in break_locus(f).facets for entry in facet.coefficients)


def convex_cone(complex: PolyhedralComplex) -> Polyhedron:
    """The convex functions that are affine on every cell of a complex, modulo affine functions.

    Args:
        complex: A complete complex.

    Returns:
        The cone of their weights: a pointed polyhedral cone in the space with a coordinate for each
        facet of the complex, in the order of `PolyhedralComplex.facets`.  Its ``rays`` are the
        indecomposable functions among them; `PolyhedralComplex.integrate` makes weights a function.

    Guarantees:
        Exact: a function is determined by its weights up to an affine one, weights belong to a
        function iff they are balanced, and to a convex one iff they are also at least 0.

    Cost: one double description in as many dimensions as there are independent balanced weights.

    References:
        Brandenburg, Grillo and Hertrich 2024, section 3.  For the normal fan of a polytope this is
        the type cone of McMullen, *Representations of polytopes and polyhedral sets*, 1973.

    On the fan of the lines x = 0, y = 0, x = y: each line, and both halves with three rays.

    >>> fan = PolyhedralComplex.from_hyperplanes([[1, 0], [0, 1], [1, -1]], [0, 0, 0])
    >>> cone = convex_cone(fan)
    >>> cone.dim, sorted(sum(map(int, weights)) for weights in cone.rays)
    (4, [2, 2, 2, 3, 3])
    """
    check_complex(complex)
    return WeightPolyhedron(complex, [Fraction(0)] * len(complex.facets)).in_weights


def is_regular_complex(complex: PolyhedralComplex) -> bool:
    """Whether a complex consists of the linearity domains of a convex function.

    That is, whether there are balanced weights that are positive on all facets.

    Cost: one linear program in as many variables as there are independent balanced weights.

    >>> is_regular_complex(PolyhedralComplex.from_rays([(1, 0), (0, 1), (-1, -1)]))
    True
    """
    check_complex(complex)
    if not complex.facets:
        return True
    basis = balanced_weights(complex)
    # The largest t ≤ 1 with v_e ≥ t for all facets e.
    rows = [[*(-vector[e] for vector in basis), 1] for e in range(len(complex.facets))]
    rows.append([0] * len(basis) + [1])
    limits = [0] * len(complex.facets) + [1]
    value = solve_linear_program([0] * len(basis) + [1], rows, limits).value
    return value is not None and value > 0


def linearity_complex(f: FunctionLike | WeightedComplex) -> PolyhedralComplex:
    """The domains of linearity of a convex function, or of any function with a given break locus.

    Args:
        f: A convex scalar function-like on R^n, or its break locus (a tropical hypersurface).

    Raises:
        InvalidInputError: if f is not convex; names a facet of negative weight.

    Guarantees:
        A convex function is the maximum of its pieces, so each piece holds on a convex cell, and
        the facets of these cells are exactly the break locus.

    Cost: that of the cells of f, and one double description for each linear piece.

    >>> from tropnet import TropicalPolynomial
    >>> p = TropicalPolynomial([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 0, 0, 1])
    >>> linearity_complex(p)
    <PolyhedralComplex in R^2: 4 maximal cells, 5 facets>
    """
    X = scalar_locus(f)
    for facet in X.facets:
        if facet.coefficients[0] < 0:
            raise InvalidInputError(
                f"f: not convex; it has the weight {format_weight(facet.weight)} in "
                f"{facet.equation} on the set with {format_generators(facet.polyhedron)}"
            )
    if isinstance(f, WeightedComplex):
        off = next(partition(X.ambient_dim, X.facets)).interior_point()
        cells = X.to_function([0] * X.ambient_dim, 0, at=off).affine_cells()
    else:
        cells = function_like(f, "f").affine_cells()
    forms = sorted({(cell.gradient[0], cell.constant[0]) for cell in cells})
    return PolyhedralComplex.from_maximum(
        [gradient for gradient, _ in forms], [constant for _, constant in forms]
    )


def is_indecomposable_hypersurface(X: WeightedComplex | FunctionLike) -> bool:
    """Whether a tropical hypersurface is no sum of two that are not multiples of it.

    Equivalently, whether the convex functions with breaks in X only are, modulo affine functions,
    one ray; the dual extended Newton polyhedron is then indecomposable as a Minkowski sum.

    Args:
        X: A balanced complex with positive weights, in any subdivision; or the convex function.

    Returns:
        True also for the empty hypersurface, of affine functions: it has no parts but itself.

    Raises:
        InvalidInputError: for complexes that are not balanced or have vector weights, negative
            weights, and functions that are not convex.

    Guarantees:
        Exact.  A function that breaks in X only is affine on the components of the complement of
        X, which are the open domains of linearity of the convex function f of X; so its weight is
        constant on each facet of the complex K of these domains, and on no larger sets in general
        (three lines through a point are six facets).  Conversely balanced weights on the facets of
        K belong to such a function.  Those of f are positive, so that all balanced weights close
        to a multiple of them are positive too: the cone of balanced weights ≥ 0 has the
        dimension of the space of balanced weights, and it is one ray iff that is 1.

    Cost: that of `linearity_complex` and of one exact rank.

    References:
        Shephard, *Decomposable convex polyhedra*, Mathematika 10 (1963); McMullen 1973; Mikhalkin
        and Rau, *Tropical Geometry* (irreducible cycles).

    >>> from tropnet import TropicalPolynomial
    >>> lines = TropicalPolynomial([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 0, 0, 0])
    >>> tropical_line = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    >>> [is_indecomposable_hypersurface(p.hypersurface()) for p in (lines, tropical_line)]
    [False, True]
    """
    return len(balanced_weights(linearity_complex(X))) <= 1
