"""Tropical functions as sympy expressions, and piecewise linear expressions as tropical functions.

sympy is imported when a function is called: importing it takes longer than most uses of tropnet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.printing import variable_names
from tropnet.tropical.rational import TropicalRational

if TYPE_CHECKING:
    import sympy

Symbols: TypeAlias = "sympy.Symbol | str | Iterable[sympy.Symbol | str]"
"""Symbols or their names, one for each variable; one text may hold several names."""

_ADVICE = "use symbols, rationals, +, -, rational multiples, Max, Min and Abs"


def polynomial_to_sympy(
    polynomial: TropicalPolynomial, symbols: Symbols | None = None
) -> sympy.Expr:
    """The maximum of affine expressions with exact rationals; an affine one by itself.

    Args:
        polynomial: The polynomial.
        symbols: One for each variable; x, y, z by default, x1, x2, … for more than three.

    Raises:
        InvalidInputError: for another number of symbols, or a symbol twice.

    Guarantees:
        Every monomial is there, redundant ones too: `polynomial_from_sympy` gives a polynomial that
        is formally equal.

    Cost: none of sympy's comparisons of the arguments of a Max, which are quadratic, is made.

    >>> polynomial_to_sympy(TropicalPolynomial([[0, 0], ["1/2", -1]], [0, "3/4"]))
    Max(0, x/2 - y + 3/4)
    """
    import sympy

    names = _symbols(variable_names(polynomial.variables) if symbols is None else symbols)
    if len(names) != polynomial.variables:
        raise InvalidInputError(
            f"symbols: {len(names)} of them for a function in {polynomial.variables} variables"
        )
    forms = [
        sympy.Add(
            _sympy_rational(c),
            *(_sympy_rational(entry) * x for entry, x in zip(a, names, strict=True) if entry),
        )
        for a, c in zip(polynomial.exponents, polynomial.coefficients, strict=True)
    ]
    return sympy.Max(*forms, evaluate=False) if len(forms) > 1 else forms[0]


def rational_to_sympy(rational: TropicalRational, symbols: Symbols | None = None) -> sympy.Expr:
    """The difference p − q of the expressions of the two polynomials.

    Args:
        rational: The function.
        symbols: As for `polynomial_to_sympy`.

    Raises:
        InvalidInputError: as `polynomial_to_sympy` does.

    >>> x = TropicalPolynomial([[1]], [0])
    >>> rational_to_sympy((x + 0) / (x * x + 1))
    Max(0, x) - Max(1, 2*x)
    """
    return polynomial_to_sympy(rational.numerator, symbols) - polynomial_to_sympy(
        rational.denominator, symbols
    )


def polynomial_from_sympy(expression: Any, symbols: Symbols) -> TropicalPolynomial:
    """The polynomial of an expression that is visibly convex and piecewise linear.

    Allowed are maxima, sums and non-negative rational multiples of affine expressions and of each
    other, the absolute value of an affine expression, and negatives of minima.

    Args:
        expression: A sympy expression, or an exact number.
        symbols: The variables, in order.

    Raises:
        InvalidInputError: as `rational_from_sympy` does, and for an expression that is not convex
            or not visibly so; names the concave term.

    Guarantees:
        Equal as functions on real points.  A maximum of affine expressions gives one monomial for
        each different gradient, none pruned; sums of maxima are pruned.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> polynomial_from_sympy(sympy.Max(0, x) + abs(y) / 2, [x, y])
    max(-y/2, y/2, x - y/2, x + y/2)
    """
    reader = _Reader(symbols)
    function = reader.read(expression)
    if not function.denominator.is_monomial:
        term = _shown(reader.concave_term(reader.checked(expression)))
        raise InvalidInputError(
            f"expression: the term {term} is not a maximum of affine expressions; "
            "TropicalRational.from_sympy reads differences of them"
        )
    return function.numerator


def rational_from_sympy(expression: Any, symbols: Symbols) -> TropicalRational:
    """The tropical rational function of a piecewise linear expression.

    Allowed are symbols, rational numbers, sums, differences, rational multiples, Max, Min and Abs,
    nested in any way.  The variables stand for real numbers, whatever sympy assumes of the symbols.

    Args:
        expression: A sympy expression, or an exact number.
        symbols: The variables, in order: all that occur, and perhaps more.

    Raises:
        InvalidInputError: for a term that is not piecewise linear or not rational (a product of
            variables, a power, another function, a Piecewise, oo, nan, I), a floating-point number,
            and a symbol that is not in `symbols`; names the term.

    Guarantees:
        Equal as functions on real points; exact.

    Cost:
        A sum of maxima is expanded to a maximum of sums, so the number of monomials can be the
        product of theirs; after each such product the inessential ones are dropped.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> rational_from_sympy(sympy.Min(1, sympy.Max(0, x)), [x])
    max(0, x) - max(0, -1 + x)
    >>> rational_from_sympy(x + x**2, [x])
    Traceback (most recent call last):
    ...
    tropnet.errors.InvalidInputError: expression: the term x**2 is not piecewise linear; \
use symbols, rationals, +, -, rational multiples, Max, Min and Abs
    """
    return _Reader(symbols).read(expression)


class _Reader:
    """Reads expressions in fixed symbols; subexpressions that occur again are read once.

    All functions are kept with a denominator that is 0 or no monomial.
    """

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = _symbols(symbols)
        self._known: dict[Any, TropicalRational] = {}

    def read(self, expression: Any) -> TropicalRational:
        """The function of an expression; raises InvalidInputError."""
        try:
            return self._function(self.checked(expression))
        except RecursionError:
            raise InvalidInputError("expression: it is nested too deeply") from None

    def checked(self, expression: Any) -> Any:
        """The argument as a sympy expression.  Text is refused: reading it would run it."""
        import sympy

        if isinstance(expression, (int, Fraction)) and not isinstance(expression, bool):
            return _sympy_rational(Fraction(expression))
        if isinstance(expression, float):
            return sympy.Float(expression)
        if not isinstance(expression, sympy.Expr):
            raise InvalidInputError(
                f"expression: expected a sympy expression, got {_shown(expression)} of type "
                f"{type(expression).__name__}"
            )
        return expression

    def concave_term(self, expression: Any) -> Any:
        """The innermost term to blame for a denominator that is no monomial."""
        import sympy

        if isinstance(expression, (sympy.Add, sympy.Max)):
            for term in expression.args:
                if not self._function(term).denominator.is_monomial:
                    return self.concave_term(term)
        return expression

    def _function(self, expression: Any) -> TropicalRational:
        known = self._known.get(expression)
        if known is None:
            known = self._known[expression] = _normalised(self._converted(expression))
        return known

    def _converted(self, expression: Any) -> TropicalRational:
        import sympy

        if expression.is_Rational:
            return self._constant(Fraction(int(expression.p), int(expression.q)))
        if expression.is_Symbol:
            return self._variable(expression)
        if expression.is_Add:
            return reduce(_sum, map(self._function, expression.args))
        if expression.is_Mul:
            return self._product(expression)
        if isinstance(expression, sympy.Max):
            return _maximum([self._function(argument) for argument in expression.args])
        if isinstance(expression, sympy.Min):
            negatives = [self._negative(argument) for argument in expression.args]
            return _maximum(negatives).scale(-1)
        if isinstance(expression, sympy.Abs):
            inside = self._function(expression.args[0])
            return _maximum([inside, _normalised(inside.scale(-1))])
        raise _refusal(expression)

    def _product(self, expression: Any) -> TropicalRational:
        numbers = [factor for factor in expression.args if not factor.free_symbols]
        others = [factor for factor in expression.args if factor.free_symbols]
        constants = [self._function(factor)((0,) * len(self._symbols)) for factor in numbers]
        if len(others) > 1:
            for factor in others:  # a factor that is wrong by itself is named rather
                if not (factor.is_Pow and factor.args[1] == -1):
                    self._function(factor)
            raise _refusal(expression)
        factor = reduce(lambda a, b: a * b, constants, Fraction(1))
        return self._function(others[0]).scale(factor) if others else self._constant(factor)

    def _negative(self, expression: Any) -> TropicalRational:
        return _normalised(self._function(expression).scale(-1))

    def _variable(self, symbol: Any) -> TropicalRational:
        if symbol not in self._symbols:
            names = ", ".join(map(str, self._symbols))
            hint = (
                "; the one there of the same name has other assumptions"
                if symbol.name in {other.name for other in self._symbols}
                else ""
            )
            raise InvalidInputError(
                f"expression: the symbol {_shown(symbol)} is not among the symbols {names}{hint}"
            )
        place = self._symbols.index(symbol)
        unit = [int(i == place) for i in range(len(self._symbols))]
        return self._lifted(TropicalPolynomial([unit], [0]))

    def _constant(self, value: Fraction) -> TropicalRational:
        return self._lifted(TropicalPolynomial.constant(len(self._symbols), value))

    def _lifted(self, polynomial: TropicalPolynomial) -> TropicalRational:
        return TropicalRational(polynomial, TropicalPolynomial.constant(len(self._symbols)))


def _normalised(function: TropicalRational) -> TropicalRational:
    """The same function, with denominator 0 if the denominator is affine."""
    p, q = function.numerator, function.denominator
    if not q.is_monomial:
        return function
    zero = TropicalPolynomial.constant(q.variables)
    if q == zero:
        return function
    inverse = TropicalPolynomial([_negated(q.exponents[0])], [-q.coefficients[0]])
    return TropicalRational(p * inverse, zero)


def _sum(first: TropicalRational, second: TropicalRational) -> TropicalRational:
    return _normalised(
        TropicalRational(
            _product(first.numerator, second.numerator),
            _product(first.denominator, second.denominator),
        )
    )


def _maximum(functions: Sequence[TropicalRational]) -> TropicalRational:
    """max_i (p_i − q_i), functions with the same denominator first."""
    tops: dict[TropicalPolynomial, TropicalPolynomial] = {}
    for f in functions:
        q = f.denominator
        tops[q] = tops[q] + f.numerator if q in tops else f.numerator
    (bottom, top), *rest = tops.items()
    for q, p in rest:
        top = (_product(top, q) + _product(p, bottom)).essential()
        bottom = _product(bottom, q)
    return TropicalRational(top, bottom)


def _product(first: TropicalPolynomial, second: TropicalPolynomial) -> TropicalPolynomial:
    """The product; without inessential monomials unless a factor is a monomial."""
    product = first * second
    return product if first.is_monomial or second.is_monomial else product.essential()


def _refusal(expression: Any) -> InvalidInputError:
    term = _shown(expression)
    if expression.is_Float:
        return InvalidInputError(
            f"expression: {term} is a floating-point number; write the exact one it stands for, "
            "like sympy.Rational('1/10')"
        )
    if not expression.free_symbols:
        return InvalidInputError(f"expression: the term {term} is not a rational number")
    return InvalidInputError(f"expression: the term {term} is not piecewise linear; {_ADVICE}")


def _symbols(symbols: Symbols) -> tuple[Any, ...]:
    import sympy

    if isinstance(symbols, str):
        symbols = symbols.replace(",", " ").split()
    if isinstance(symbols, sympy.Symbol):
        symbols = (symbols,)
    try:
        given = tuple(symbols)
    except TypeError:
        raise InvalidInputError(
            f"symbols: expected a sequence of sympy symbols, got {_shown(symbols)}"
        ) from None
    result = []
    for symbol in given:
        if not isinstance(symbol, (str, sympy.Symbol)):
            raise InvalidInputError(f"symbols: {_shown(symbol)} is not a sympy symbol")
        result.append(sympy.Symbol(symbol) if isinstance(symbol, str) else symbol)
        if result[-1] in result[:-1]:
            raise InvalidInputError(f"symbols: {_shown(symbol)} occurs twice")
    if not result:
        raise InvalidInputError("symbols: a tropical function needs at least one variable")
    return tuple(result)


def _sympy_rational(value: Fraction) -> Any:
    import sympy

    return sympy.Rational(value.numerator, value.denominator)


def _negated(vector: Vector) -> Vector:
    return tuple(-entry for entry in vector)


def _shown(value: object) -> str:
    """A term on one line, shortened."""
    try:
        text = " ".join(str(value).split())
    except (ValueError, RecursionError):  # an integer of more than 4300 digits
        text = "(a huge one)"
    return text if len(text) <= 60 else text[:57] + "..."


# Longer expressions are not typeset in a notebook.
_TYPESET = 40


def latex_of(function: TropicalPolynomial | TropicalRational, monomials: int) -> str | None:
    """What a notebook shows of a function; None for long ones, which show their `repr`."""
    if monomials > _TYPESET:
        return None
    import sympy

    return f"${sympy.latex(function.to_sympy())}$"
