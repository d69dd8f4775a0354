"""Tropical rational functions: differences of two tropical polynomials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING, Any

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, to_fraction
from tropnet.tropical.polynomial import TropicalPolynomial, check_inner

if TYPE_CHECKING:
    import sympy

    from tropnet.piecewise import Facet
    from tropnet.piecewise.affine_cells import AffineCell
    from tropnet.polyhedra import Polyhedron
    from tropnet.tropical.sympy_bridge import Symbols
    from tropnet.tropical.virtual_polytope import VirtualPolytope


class TropicalRational:
    """The function p(x) − q(x) on R^n for tropical polynomials p and q.

    ``r + s`` is ⊕ (the maximum), ``r * s`` is ⊙ (the sum), ``r / s`` is ⊘ (the difference);
    polynomials and numbers mix in.  ``==`` is formal: equal numerators and equal denominators.
    Every continuous piecewise linear function with rational data is one of these.

    Args:
        numerator: p.
        denominator: q, in the same variables.

    Raises:
        InvalidInputError: if the variables differ.

    >>> x = TropicalPolynomial([[1]], [0])
    >>> modulus = (x + (0 / x)) / 0
    >>> modulus(-3), (x / (x + 0)).scale(-2)
    (Fraction(3, 1), max(0, 2*x) - max(2*x))
    """

    __array_ufunc__ = None

    def __init__(self, numerator: TropicalPolynomial, denominator: TropicalPolynomial) -> None:
        for name, part in (("numerator", numerator), ("denominator", denominator)):
            if not isinstance(part, TropicalPolynomial):
                raise InvalidInputError(
                    f"{name}: expected a TropicalPolynomial, got {type(part).__name__}"
                )
        if numerator.variables != denominator.variables:
            raise InvalidInputError(
                f"denominator: polynomials in {numerator.variables} "
                f"and {denominator.variables} variables"
            )
        self._numerator, self._denominator = numerator, denominator

    @property
    def numerator(self) -> TropicalPolynomial:
        """The polynomial p."""
        return self._numerator

    @property
    def denominator(self) -> TropicalPolynomial:
        """The polynomial q."""
        return self._denominator

    @property
    def variables(self) -> int:
        """The number n of variables."""
        return self._numerator.variables

    @property
    def input_width(self) -> int:
        """The number n of variables, under the name that all functions share."""
        return self.variables

    @property
    def output_width(self) -> int:
        """1: tropical functions are scalar."""
        return 1

    def __call__(self, x: Sequence[Number] | Number) -> Fraction:
        """The exact value at a point."""
        return self._numerator(x) - self._denominator(x)

    def evaluate(self, points: Iterable[Sequence[Number]]) -> Vector:
        """The exact values at many points."""
        return tuple(self(point) for point in points)

    def __add__(self, other: object) -> TropicalRational:
        """⊕, the maximum: (p ⊙ q' ⊕ p' ⊙ q) ⊘ (q ⊙ q').  Cost: three polynomial products."""
        right = self._coerced(other)
        if right is None:
            return NotImplemented
        if self._denominator == right._denominator:
            return TropicalRational(self._numerator + right._numerator, self._denominator)
        return TropicalRational(
            self._numerator * right._denominator + right._numerator * self._denominator,
            self._denominator * right._denominator,
        )

    __radd__ = __add__

    def __mul__(self, other: object) -> TropicalRational:
        """⊙, the sum.  Cost: two polynomial products."""
        right = self._coerced(other)
        if right is None:
            return NotImplemented
        return TropicalRational(
            self._numerator * right._numerator, self._denominator * right._denominator
        )

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> TropicalRational:
        """⊘, the difference.  Cost: two polynomial products."""
        right = self._coerced(other)
        return NotImplemented if right is None else self * right._inverse()

    def __rtruediv__(self, other: object) -> TropicalRational:
        left = self._coerced(other)
        return NotImplemented if left is None else left * self._inverse()

    def scale(self, factor: Number) -> TropicalRational:
        """The function factor · r, for any rational; a negative one swaps the polynomials."""
        k = to_fraction(factor, "factor")
        if k < 0:
            return self._inverse().scale(-k)
        return TropicalRational(self._numerator.scale(k), self._denominator.scale(k))

    def pull_back(self, A: Iterable[Iterable[Number]], b: Iterable[Number]) -> TropicalRational:
        """The function x ↦ r(A x + b)."""
        matrix, shift = [list(row) for row in A], list(b)
        return TropicalRational(
            self._numerator.pull_back(matrix, shift), self._denominator.pull_back(matrix, shift)
        )

    def compose(self, inner: Sequence[TropicalRational | TropicalPolynomial]) -> TropicalRational:
        """The function x ↦ r(s_1(x), …, s_n(x)).

        Raises:
            InvalidInputError: for another number of functions, or different variables.
        """
        check_inner(inner, self.variables)
        functions = [lifted(q) for q in inner]
        top, bottom = (
            reduce(lambda a, b: a + b, _substituted(part, functions))
            for part in (self._numerator, self._denominator)
        )
        return top / bottom

    def essential(self) -> TropicalRational:
        """The same function with the essential monomials of both polynomials only."""
        return TropicalRational(self._numerator.essential(), self._denominator.essential())

    def reduce(self) -> TropicalRational:
        """The same function without common Minkowski summands (see `reduction.reduced`).

        Numerator and denominator of the result have only affine functions in common and no more
        monomials than before; a convex function becomes a polynomial over 0.

        >>> x = TropicalPolynomial([[1]], [0])
        >>> (((x + 0) * (x + 1)) / (x + 0)).reduce()
        max(1, x) - max(0)
        """
        from tropnet.tropical.reduction import reduced

        return reduced(self)

    @property
    def domain(self) -> None:
        """None: tropical functions are defined on all of R^n."""
        return None

    def affine_cells(self, domain: Polyhedron | None = None) -> Iterator[AffineCell]:
        """The common domains of linearity of numerator and denominator, cut to a domain."""
        from tropnet.tropical.linearity import rational_cells

        return rational_cells(self, domain)

    def break_facets(self, domain: Polyhedron | None = None) -> Iterator[Facet]:
        """The facets of both hypersurfaces, the denominator's with the opposite weights."""
        from tropnet.tropical.linearity import rational_facets

        return rational_facets(self, domain)

    def virtual_polytope(self) -> VirtualPolytope:
        """The difference of the extended Newton polyhedra (see `virtual_polytope`).

        Equal functions are exactly those with equal virtual polytopes.

        >>> p, q = TropicalPolynomial([[0], [1]], [0, 0]), TropicalPolynomial([[0], [1]], [1, 0])
        >>> (p / q).virtual_polytope() == ((p * p) / (p * q)).virtual_polytope()
        True
        """
        from tropnet.tropical.virtual_polytope import virtual_polytope

        return virtual_polytope(self)

    def to_sympy(self, symbols: Symbols | None = None) -> sympy.Expr:
        """The sympy expression p − q (see `sympy_bridge.rational_to_sympy`)."""
        from tropnet.tropical.sympy_bridge import rational_to_sympy

        return rational_to_sympy(self, symbols)

    @classmethod
    def from_sympy(cls, expr: Any, symbols: Symbols) -> TropicalRational:
        """The function of a sympy expression (see `sympy_bridge.rational_from_sympy`)."""
        from tropnet.tropical.sympy_bridge import rational_from_sympy

        return rational_from_sympy(expr, symbols)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TropicalRational)
            and self._numerator == other._numerator
            and self._denominator == other._denominator
        )

    def __hash__(self) -> int:
        return hash((self._numerator, self._denominator))

    def __repr__(self) -> str:
        return f"{self._numerator} - {self._denominator}"

    def _repr_latex_(self) -> str | None:
        from tropnet.tropical.sympy_bridge import latex_of

        return latex_of(self, len(self._numerator) + len(self._denominator))

    def __reduce__(self) -> tuple[Any, ...]:
        return TropicalRational, (self._numerator, self._denominator)

    def _inverse(self) -> TropicalRational:
        return TropicalRational(self._denominator, self._numerator)

    def _coerced(self, other: object) -> TropicalRational | None:
        if isinstance(other, (TropicalRational, TropicalPolynomial)):
            if other.variables != self.variables:
                raise InvalidInputError(
                    f"functions in {self.variables} and {other.variables} variables"
                )
            return lifted(other)
        try:
            return lifted(TropicalPolynomial.constant(self.variables, to_fraction(other)))
        except InvalidInputError:
            return None


def lifted(function: TropicalRational | TropicalPolynomial) -> TropicalRational:
    """A polynomial p as the rational function p ⊘ 0; a rational function as it is."""
    if isinstance(function, TropicalRational):
        return function
    return TropicalRational(function, TropicalPolynomial.constant(function.variables))


def _substituted(
    polynomial: TropicalPolynomial, functions: Sequence[TropicalRational]
) -> list[TropicalRational]:
    variables = functions[0].variables
    return [
        reduce(
            mul,
            (f.scale(entry) for f, entry in zip(functions, exponent, strict=True) if entry),
            lifted(TropicalPolynomial.constant(variables, coefficient)),
        )
        for exponent, coefficient in zip(polynomial.exponents, polynomial.coefficients, strict=True)
    ]
