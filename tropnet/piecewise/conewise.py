"""The canonical decomposition of conewise linear functions in two variables.

Let f be linear on the sectors of a fan in the plane, with weight w_r on the ray spanned by the
primitive vector r; so Σ w_r r = 0 (balancing).  Let p = Σ_{w_r > 0} w_r r.  The positive part of w
becomes balanced with the one ray along −p, of weight |p| in lattice length; so does the negative
part.  That gives g and h.

*It has the fewest pieces.*  Let f = g − h be any decomposition into convex piecewise linear
functions.  Replacing both by x ↦ lim g(t·x)/t makes no pieces more, so let them be conewise linear.
Write v = max(0, w) + s for the weights of g and E for the rays with s > 0; then Σ s_r r = −p.  A
convex conewise linear function that is not linear has as many pieces as rays.  So if p ≠ 0 the
pieces of g and h are the rays of f and, in addition, 1 for each ray in E that is one of f and 2 for
each other ray in E.  E is not empty, and if it is one ray only, that is the one along −p.  So the
addition is at least 1 if −p lies on a ray of f and at least 2 otherwise, as it is for the
decomposition above.  If p = 0 there is no addition at all.

*It is the only one of least perimeter.*  The perimeter of the Newton polygon of g is Σ v_r |r|, the
sum of those of f's positive part and Σ s_r |r| ≥ |p|, with equality iff all of E lies along −p.

Others can have as few pieces.  With weight 2 on (1, 0), 1 on (0, 1) and (−1, −1), and −1/2 on
(1, 1) and (1, −1), the canonical decomposition has 4 − 3 pieces, and weights 2 on the three
positive rays make one with 3 − 4 pieces, over the same fan.

References:
    Tran and Wang, *Minimal representations of tropical rational functions*, Algebraic Statistics 15
    (2024), 27-59 (arXiv 2205.05647).
    Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*, 2024:
    the method does not extend to three variables.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, integer_rows, primitive_vector
from tropnet.piecewise.compatible import scalar_locus
from tropnet.piecewise.decomposition import Decomposition, decomposition_polyhedron
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.function_like import FunctionLike
from tropnet.piecewise.incidence import IntegerRow
from tropnet.piecewise.polyhedral_complex import PolyhedralComplex
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron


def tran_wang_fan(f: FunctionLike | WeightedComplex) -> PolyhedralComplex:
    """The rays of a conewise linear function in two variables, and the one that balances them.

    Args:
        f: A function-like R^2 → R that is affine on the sectors of a fan with apex 0, or a balanced
            complex of rays from 0.

    Returns:
        The complete fan with the rays along which f breaks, and the ray along −p, where p is the
        sum of the primitive vectors of the rays of positive weight, times their weights; no such
        ray if p = 0.

    Raises:
        InvalidInputError: for functions in another number of variables, or that break elsewhere.

    Guarantees:
        All sectors are smaller than a half-plane, or f breaks along one line and there are two
        half-planes: the rays of positive weight and −p have a positive combination that is 0, as do
        the others and −p, so if all lie on one side of a line, they lie on it.

    References:
        Tran and Wang 2024; see `conewise` for what can be proved of it.

    >>> from tropnet import TropicalPolynomial
    >>> h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    >>> fan = tran_wang_fan((h + 0) / h)                                      # max(0, min(x, y))
    >>> [tuple(map(int, facet.polyhedron.rays[0])) for facet in fan.facets]
    [(1, 0), (-1, -1), (1, 1), (0, 1)]
    """
    weights = _ray_weights(scalar_locus(f))
    rays = list(weights)
    missing = _missing(weights)
    if any(missing):
        rays.append(primitive_vector(missing))
    return PolyhedralComplex.from_rays(rays)


def tran_wang_decomposition(f: FunctionLike | WeightedComplex) -> Decomposition:
    """The canonical decomposition f = g − h of a conewise linear function in two variables.

    Args:
        f: As for `tran_wang_fan`.

    Returns:
        The decomposition over `tran_wang_fan`; g has the positive weights of f, and the weight that
        balances them on the additional ray.

    Raises:
        InvalidInputError: as `tran_wang_fan`.

    Guarantees:
        Of all decompositions of f into convex piecewise linear functions, over any complex, it has
        the fewest pieces of g and h together, and it is the only one for which the Newton polygons
        of g and of h have the least perimeter.  Others can have as few pieces.  See `conewise` for
        the proofs.

    References:
        Tran and Wang 2024.

    >>> from tropnet import TropicalPolynomial
    >>> h = TropicalPolynomial([[-1, 0], [0, -1]], [0, 0])
    >>> tran_wang_decomposition((h + 0) / h)
    <Decomposition: 3 - 2 pieces>
    """
    weights = _ray_weights(scalar_locus(f))
    problem = decomposition_polyhedron(f, tran_wang_fan(f))
    missing = _missing(weights)
    added, length = primitive_vector(missing), _lattice_length(missing)
    balanced = []
    for facet, weight in zip(problem.complex.facets, problem.f_weights, strict=True):
        positive = max(weight, Fraction(0))
        balanced.append(positive + length if added in _directions(facet.polyhedron) else positive)
    return problem.decomposition(tuple(balanced))


def _ray_weights(X: WeightedComplex) -> dict[IntegerRow, Fraction]:
    """The weights of the rays of a complex by their primitive vectors, in order."""
    if X.ambient_dim != 2:
        raise InvalidInputError(f"f: {X.ambient_dim} variables; the fan lies in the plane")
    return dict(
        sorted((ray, facet.coefficients[0]) for facet in X.facets for ray in _rays_of(facet))
    )


def _rays_of(facet: Facet) -> list[IntegerRow]:
    if facet.polyhedron.generators[0] != (0, 0, 1) or facet.polyhedron.is_bounded:
        raise InvalidInputError(
            f"f: not linear on the sectors of a fan with apex 0; it breaks along {facet!r} "
            "(pull the function back along a translation if its apex is elsewhere)"
        )
    return _directions(facet.polyhedron)


def _directions(polyhedron: Polyhedron) -> list[IntegerRow]:
    """The primitive vectors of the rays of a cone; of a line, both."""
    rays = [row[:-1] for row in polyhedron.generators if not row[-1]]
    for line in polyhedron.lines:
        rays += [tuple(int(sign * entry) for entry in line) for sign in (1, -1)]
    return rays


def _missing(weights: dict[IntegerRow, Fraction]) -> Vector:
    """The vector −p that balances the rays of positive weight."""
    positive = [(ray, weight) for ray, weight in weights.items() if weight > 0]
    return tuple(-sum((weight * ray[j] for ray, weight in positive), Fraction(0)) for j in range(2))


def _lattice_length(vector: Vector) -> Fraction:
    (row,), (scale,) = integer_rows([vector])
    return Fraction(gcd(*row), scale)
