"""Tropical polynomials: maxima of affine functions with rational data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property, reduce
from operator import mul
from typing import TYPE_CHECKING, Any

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Number, Vector, dot, to_fraction, to_matrix, to_vector
from tropnet.polyhedra import Polyhedron, essential_points
from tropnet.tropical.printing import affine_text, variable_names

if TYPE_CHECKING:
    import sympy

    from tropnet.piecewise import Facet, WeightedComplex
    from tropnet.piecewise.affine_cells import AffineCell
    from tropnet.tropical.mixed_subdivision import MixedSubdivision
    from tropnet.tropical.rational import TropicalRational
    from tropnet.tropical.regular_subdivision import RegularSubdivision
    from tropnet.tropical.sympy_bridge import Symbols


class TropicalPolynomial:
    """The function p(x) = max_i (c_i + a_i·x) on R^n, as a formal sum of monomials.

    Addition is the maximum and multiplication the sum: ``p + q`` is ⊕, ``p * q`` is ⊙, ``p / q``
    a `TropicalRational`.  Exponents may be any rationals, negative ones too.  Monomials with equal
    exponents are one monomial, with the larger coefficient; they are kept in the order of their
    exponents.  ``==`` is formal: equal monomials.  Different polynomials can be the same function
    (max(0, x, 2x) and max(0, 2x)); that is `tropnet.decide_equality`'s question, and `essential`
    gives the one representation that is minimal.

    Args:
        exponents: Shape (k, n), k and n at least 1.
        coefficients: Shape (k,).

    Raises:
        InvalidInputError: for no monomials, exponents of different lengths, or another number of
            coefficients.

    >>> p = TropicalPolynomial([[0], ["1/2"]], [0, 2])
    >>> p
    max(0, 2 + x/2)
    >>> p(4), (p + p * p)(4), p.scale(3)(4), (p**2)(4)
    (Fraction(4, 1), Fraction(8, 1), Fraction(12, 1), Fraction(8, 1))
    """

    # numpy leaves arithmetic with polynomials to them instead of broadcasting over its arrays.
    __array_ufunc__ = None

    def __init__(
        self, exponents: Iterable[Iterable[Number]], coefficients: Iterable[Number]
    ) -> None:
        rows = to_matrix(exponents, "exponents")
        values = to_vector(coefficients, "coefficients")
        if not rows:
            raise InvalidInputError("exponents: a tropical polynomial needs at least one monomial")
        if not rows[0]:
            raise InvalidInputError("exponents: a tropical polynomial needs at least one variable")
        if len(rows) != len(values):
            raise InvalidInputError(
                f"coefficients: {len(values)} numbers for {len(rows)} exponents"
            )
        self._terms = _collected(zip(rows, values, strict=True))

    @classmethod
    def _from_terms(cls, terms: Iterable[tuple[Vector, Fraction]]) -> TropicalPolynomial:
        polynomial = cls.__new__(cls)
        polynomial._terms = _collected(terms)
        return polynomial

    @classmethod
    def constant(cls, variables: int, value: Number = 0) -> TropicalPolynomial:
        """The constant polynomial; value 0 is the neutral element of ⊙.

        >>> TropicalPolynomial.constant(2, "1/2")
        max(1/2)
        """
        return cls([[0] * variables], [value])

    @property
    def exponents(self) -> Matrix:
        """The exponents a_i, shape (k, n), in lexicographic order."""
        return tuple(self._terms)

    @property
    def coefficients(self) -> Vector:
        """The coefficients c_i, in the order of `exponents`."""
        return tuple(self._terms.values())

    @property
    def variables(self) -> int:
        """The number n of variables."""
        return len(next(iter(self._terms)))

    @property
    def input_width(self) -> int:
        """The number n of variables, under the name that all functions share."""
        return self.variables

    @property
    def output_width(self) -> int:
        """1: tropical functions are scalar."""
        return 1

    @property
    def is_monomial(self) -> bool:
        """Whether there is a single monomial: an affine function."""
        return len(self._terms) == 1

    def __len__(self) -> int:
        """The number of monomials."""
        return len(self._terms)

    def __call__(self, x: Sequence[Number] | Number) -> Fraction:
        """The exact value at a point (a bare number will do in one variable).

        Raises:
            InvalidInputError: for another number of coordinates.
        """
        is_sequence = hasattr(x, "__len__") and not isinstance(x, (str, bytes))
        point = to_vector(x if is_sequence else (x,), "x")
        if len(point) != self.variables:
            raise InvalidInputError(
                f"x: {len(point)} coordinates for a polynomial in {self.variables} variables"
            )
        return max(c + dot(a, point) for a, c in self._terms.items())

    def evaluate(self, points: Iterable[Sequence[Number]]) -> Vector:
        """The exact values at many points."""
        return tuple(self(point) for point in points)

    def __add__(self, other: object) -> TropicalPolynomial:
        """⊕, the maximum of the two functions.  Cost: the number of monomials."""
        right = self._coerced(other, "+")
        if right is None:
            return NotImplemented
        return self._from_terms([*self._terms.items(), *right._terms.items()])

    __radd__ = __add__

    def __mul__(self, other: object) -> TropicalPolynomial:
        """⊙, the sum of the two functions.  Cost: the product of the numbers of monomials."""
        right = self._coerced(other, "*")
        if right is None:
            return NotImplemented
        return self._from_terms(
            (_added(a, b), c + d) for a, c in self._terms.items() for b, d in right._terms.items()
        )

    __rmul__ = __mul__

    def __truediv__(self, other: object) -> TropicalRational:
        """⊘, the difference of the two functions."""
        from tropnet.tropical.rational import TropicalRational

        right = self._coerced(other, "/")
        if right is None:
            return NotImplemented
        return TropicalRational(self, right)

    def __rtruediv__(self, other: object) -> TropicalRational:
        left = self._coerced(other, "/")
        return NotImplemented if left is None else left / self

    def __pow__(self, power: object) -> TropicalPolynomial:
        """The formal power p ⊙ … ⊙ p; as a function it is `scale(power)`, with more monomials."""
        if isinstance(power, bool) or not isinstance(power, int) or power < 0:
            raise InvalidInputError(
                f"**: {power!r} is not a non-negative integer; .scale multiplies by a rational"
            )
        return reduce(mul, [self] * power, self.constant(self.variables))

    def scale(self, factor: Number) -> TropicalPolynomial:
        """The polynomial of the function factor · p: exponents and coefficients multiplied.

        Args:
            factor: A rational number, at least 0.

        Raises:
            InvalidInputError: for a negative factor; −p is no polynomial but a `TropicalRational`.
        """
        k = to_fraction(factor, "factor")
        if k < 0:
            raise InvalidInputError(
                f"factor: {k} is negative; (p / constant).scale gives the rational function"
            )
        return self._from_terms(
            (tuple(k * entry for entry in a), k * c) for a, c in self._terms.items()
        )

    def pull_back(self, A: Iterable[Iterable[Number]], b: Iterable[Number]) -> TropicalPolynomial:
        """The polynomial of the function x ↦ p(A x + b).

        Args:
            A: Shape (n, m).
            b: Shape (n,).

        Raises:
            InvalidInputError: if the shapes do not fit.

        >>> TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]).pull_back([[2], [0]], [1, 5])
        max(5, 1 + 2*x)
        """
        matrix, shift = to_matrix(A, "A"), to_vector(b, "b")
        if len(matrix) != self.variables or len(shift) != self.variables or not matrix[0]:
            raise InvalidInputError(
                f"A, b: {len(matrix)} rows and {len(shift)} numbers "
                f"for a polynomial in {self.variables} variables"
            )
        columns = tuple(zip(*matrix, strict=True))
        return self._from_terms(
            (tuple(dot(a, column) for column in columns), c + dot(a, shift))
            for a, c in self._terms.items()
        )

    def compose(self, inner: Sequence[TropicalPolynomial]) -> TropicalPolynomial:
        """The polynomial of x ↦ p(q_1(x), …, q_n(x)).

        Args:
            inner: One polynomial for each variable, all in the same variables.

        Raises:
            InvalidInputError: for another number of polynomials, or a negative exponent (then use
                ``(p / p.constant(n)).compose``).
        """
        check_inner(inner, self.variables)
        if any(entry < 0 for a in self._terms for entry in a):
            raise InvalidInputError(
                "compose: a negative exponent; as a TropicalRational it can be composed"
            )
        variables = inner[0].variables
        parts = [
            reduce(
                mul,
                (q.scale(entry) for q, entry in zip(inner, a, strict=True) if entry),
                self.constant(variables, c),
            )
            for a, c in self._terms.items()
        ]
        return self._from_terms(term for part in parts for term in part._terms.items())

    @cached_property
    def _essential(self) -> TropicalPolynomial:
        points = [(*a, c) for a, c in self._terms.items()]
        items = list(self._terms.items())
        return self._from_terms(items[i] for i in essential_points(points))

    def essential(self) -> TropicalPolynomial:
        """The unique minimal representation of the function: the essential monomials.

        A monomial is essential iff it is the only maximal one somewhere, that is, iff its lifted
        point (a_i, c_i) is a vertex of the upper hull of all lifted points.

        Guarantees:
            Equal as functions iff formally equal after `essential`.  Found by linear programs, each
            discard and each keep verified by exact arithmetic.

        References:
            Maclagan and Sturmfels, *Introduction to Tropical Geometry*, section 3.1.

        >>> TropicalPolynomial([[0], [1], [2]], [0, 0, 0]).essential()
        max(0, 2*x)
        """
        return self._essential

    def newton_polytope(self) -> Polyhedron:
        """The convex hull of the exponents, in R^n.

        >>> TropicalPolynomial([[0], [1], [3]], [0, 0, 0]).newton_polytope().vertices
        ((Fraction(0, 1),), (Fraction(3, 1),))
        """
        return Polyhedron.from_generators(self.exponents)

    def extended_newton_polytope(self) -> Polyhedron:
        """The convex hull of the lifted exponents (a_i, c_i), in R^(n+1)."""
        return Polyhedron.from_generators([(*a, c) for a, c in self._terms.items()])

    def hypersurface(self) -> WeightedComplex:
        """The tropical hypersurface with weights (see `hypersurface.tropical_hypersurface`).

        >>> X = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]).hypersurface()
        >>> [(facet.normal, facet.weight) for facet in X.facets], X.is_balanced()
        ... # doctest: +NORMALIZE_WHITESPACE
        ([((0, 1), Fraction(1, 1)), ((1, -1), Fraction(1, 1)), ((1, 0), Fraction(1, 1))], True)
        """
        from tropnet.tropical.hypersurface import tropical_hypersurface

        return tropical_hypersurface(self)

    @property
    def domain(self) -> None:
        """None: tropical functions are defined on all of R^n."""
        return None

    def affine_cells(self, domain: Polyhedron | None = None) -> Iterator[AffineCell]:
        """The domains of linearity with their affine functions, cut to a domain."""
        from tropnet.tropical.linearity import polynomial_cells

        return polynomial_cells(self, domain)

    def break_facets(self, domain: Polyhedron | None = None) -> Iterator[Facet]:
        """The facets of the hypersurface in the interior of a domain, cut to it."""
        from tropnet.tropical.linearity import polynomial_facets

        return polynomial_facets(self, domain)

    def regular_subdivision(self) -> RegularSubdivision:
        """The subdivision of the Newton polytope by the coefficients (see `RegularSubdivision`).

        >>> [edge.lattice_length for edge in TropicalPolynomial(
        ...     [[0], [1], [3]], [0, 0, -3]).regular_subdivision().edges]
        [Fraction(1, 1), Fraction(2, 1)]
        """
        from tropnet.tropical.regular_subdivision import RegularSubdivision

        return RegularSubdivision(self)

    def mixed_subdivision(self, *others: TropicalPolynomial) -> MixedSubdivision:
        """The subdivision of the product p ⊙ q ⊙ …, by factors (see `MixedSubdivision`)."""
        from tropnet.tropical.mixed_subdivision import MixedSubdivision

        return MixedSubdivision((self, *others))

    def to_sympy(self, symbols: Symbols | None = None) -> sympy.Expr:
        """The sympy expression (see `sympy_bridge.polynomial_to_sympy`)."""
        from tropnet.tropical.sympy_bridge import polynomial_to_sympy

        return polynomial_to_sympy(self, symbols)

    @classmethod
    def from_sympy(cls, expr: Any, symbols: Symbols) -> TropicalPolynomial:
        """The polynomial of a sympy expression (see `sympy_bridge.polynomial_from_sympy`)."""
        from tropnet.tropical.sympy_bridge import polynomial_from_sympy

        return polynomial_from_sympy(expr, symbols)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TropicalPolynomial) and self._terms == other._terms

    def __hash__(self) -> int:
        return hash(tuple(self._terms.items()))

    def __repr__(self) -> str:
        names = variable_names(self.variables)
        return f"max({', '.join(affine_text(a, c, names) for a, c in self._terms.items())})"

    def _repr_latex_(self) -> str | None:
        from tropnet.tropical.sympy_bridge import latex_of

        return latex_of(self, len(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return TropicalPolynomial, (self.exponents, self.coefficients)

    def _coerced(self, other: object, sign: str) -> TropicalPolynomial | None:
        """Another operand as a polynomial in the same variables; numbers are constants."""
        if isinstance(other, TropicalPolynomial):
            if other.variables != self.variables:
                raise InvalidInputError(
                    f"{sign}: polynomials in {self.variables} and {other.variables} variables"
                )
            return other
        try:
            return self.constant(self.variables, to_fraction(other))
        except InvalidInputError:
            return None


def check_inner(inner: Sequence[Any], variables: int) -> None:
    """Raises InvalidInputError unless `inner` can be substituted for so many variables."""
    if len(inner) != variables:
        raise InvalidInputError(f"compose: {len(inner)} functions for {variables} variables")
    if len({q.variables for q in inner}) != 1:
        raise InvalidInputError("compose: the inner functions have different variables")


def _collected(terms: Iterable[tuple[Vector, Fraction]]) -> dict[Vector, Fraction]:
    """Terms by exponent, the largest coefficient of each, in order."""
    collected: dict[Vector, Fraction] = {}
    for exponent, coefficient in terms:
        if exponent not in collected or coefficient > collected[exponent]:
            collected[exponent] = coefficient
    return dict(sorted(collected.items()))


def _added(first: Vector, second: Vector) -> Vector:
    return tuple(a + b for a, b in zip(first, second, strict=True))
