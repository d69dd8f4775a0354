"""Text for other programs: polymake scripts and the input of gfan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm

from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, format_fraction
from tropnet.piecewise import WeightedComplex
from tropnet.polyhedra import Polyhedron
from tropnet.tropical import TropicalPolynomial, TropicalRational

_POLYMAKE_LIMIT = 2**62
_GFAN_LIMIT = 2**31


def to_polymake(thing: TropicalPolynomial | Polyhedron | WeightedComplex) -> str:
    """A polymake script that defines the object, exactly, and ends with it as its value.

    * A tropical polynomial becomes the hypersurface ``$H`` of type ``Hypersurface<Max>``.  polymake
      is projective there: a variable x_0 in front makes all monomials of one degree, and points are
      (1, x_0, x_1, …, x_n), rays (0, x_0, …), modulo (1, …, 1) behind the first entry; with x_0 = 0
      the rest are our coordinates.
    * A polyhedron becomes ``$P`` of type ``Polytope<Rational>`` (unbounded ones too) from its
      irredundant rows (b, −a) for a·x ≤ b and its equations; points are (1, x), rays (0, x).
    * A weighted complex becomes ``$X`` of type ``Cycle<Max>``, with the coordinates of ``$H``.

    Run a saved one with ``polymake --script FILE``, or ``$H = script("FILE");`` inside polymake.

    Args:
        thing: The object.

    Raises:
        InvalidInputError: for what polymake cannot hold: exponents and weights that are no
            integers, weights that are vectors, facets with different lines, facets that do not meet
            face to face; and for objects of other types.  Says what to do.

    Cost: linear; for a complex, the intersections of all pairs of facets.

    >>> print(to_polymake(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, "1/2", 0])), end="")
    use application "tropical";
    my $H = new Hypersurface<Max>(
      MONOMIALS => [[1, 0, 0], [0, 0, 1], [0, 1, 0]],
      COEFFICIENTS => [0, 0, "1/2"]);
    $H;
    """
    if isinstance(thing, TropicalPolynomial):
        return _hypersurface(thing)
    if isinstance(thing, Polyhedron):
        return _polytope(thing)
    if isinstance(thing, WeightedComplex):
        return _cycle(thing)
    raise _unknown("to_polymake", thing, "a tropical polynomial, polyhedron or weighted complex")


def to_gfan(polynomial: TropicalPolynomial) -> str:
    """The input of ``gfan _tropicalhypersurface`` for a tropical polynomial.

    gfan computes the fan on which the maximum of the forms a_i·x is attained twice, with lattice
    lengths as multiplicities; it knows no coefficients.  Where ours are not all equal they become
    the exponents of a last variable t: the slice t = 1 of gfan's fan is the hypersurface dilated
    by L = `gfan_dilation`, its facets the maximal cones that reach t > 0, with the right
    multiplicities.  Exponents are moved to be non-negative, which changes no hypersurface.

    Args:
        polynomial: With integer exponents.

    Returns:
        A polynomial ring over Q and a set with the one polynomial, all of whose coefficients are 1.
        For a single monomial gfan prints no fan: the hypersurface is empty.

    Raises:
        InvalidInputError: for exponents that are no integers, or too large for gfan, those of t
            included; and for objects of other types.

    >>> print(to_gfan(TropicalPolynomial([[0, 0], [2, 0], [0, 1]], [0, 0, 0])), end="")
    Q[x1,x2]
    {1+x2+x1^2}
    >>> print(to_gfan(TropicalPolynomial([[-1], [0], [1]], [0, "1/2", 0])), end="")
    Q[x1,t]
    {1+x1*t+x1^2}
    """
    L = gfan_dilation(polynomial)
    lowest = [min(column) for column in zip(*polynomial.exponents, strict=True)]
    n, low = polynomial.variables, min(polynomial.coefficients)
    digits = len(str(n))  # no name is the beginning of another
    names = [f"x{i:0{digits}}" for i in range(1, n + 1)]
    if len(set(polynomial.coefficients)) > 1:
        names.append("t")
    terms = []
    for exponent, c in zip(polynomial.exponents, polynomial.coefficients, strict=True):
        powers = [int(e - least) for e, least in zip(exponent, lowest, strict=True)]
        powers.append(int(L * (c - low)))
        for power in powers:
            if power >= _GFAN_LIMIT:
                raise InvalidInputError(
                    f"to_gfan: the exponent {_short(power)} is too large for gfan (2^31 or more)"
                )
        factors = [
            name if power == 1 else f"{name}^{power}"
            for name, power in zip(names, powers, strict=False)
            if power
        ]
        terms.append("*".join(factors) or "1")
    return f"Q[{','.join(names)}]\n{{{'+'.join(terms)}}}\n"


def gfan_dilation(polynomial: TropicalPolynomial) -> int:
    """The L by which gfan's slice t = 1 is larger than the hypersurface (see `to_gfan`).

    The least L ≥ 1 for which L·(c_i − c_j) is a multiple of the lattice length of a_i − a_j for all
    i and j, so that t changes no multiplicity.

    Raises:
        InvalidInputError: as `to_gfan` does.

    >>> gfan_dilation(TropicalPolynomial([[0], [3]], [0, "1/2"]))
    6
    """
    if not isinstance(polynomial, TropicalPolynomial):
        raise _unknown("to_gfan", polynomial, "a tropical polynomial")
    rows = _integer_exponents(polynomial, "gfan")
    points = zip(rows, polynomial.coefficients, strict=True)
    return lcm(
        *(
            ((c - d) / gcd(*(x - y for x, y in zip(a, b, strict=True)))).denominator
            for (a, c), (b, d) in combinations(points, 2)
        )
    )


# -- polymake ----------------------------------------------------------------------------------


def _hypersurface(p: TropicalPolynomial) -> str:
    rows = _integer_exponents(p, "polymake")
    degree = max(map(sum, rows))
    monomials = [(degree - sum(row), *row) for row in rows]
    for row in monomials:
        for entry in row:
            if abs(entry) >= _POLYMAKE_LIMIT:
                raise InvalidInputError(
                    f"to_polymake: the exponent {_short(entry)} is too large for polymake"
                )
    return _script(
        "tropical",
        "$H",
        "Hypersurface<Max>",
        MONOMIALS=_rows(monomials),
        COEFFICIENTS=_row(p.coefficients),
    )


def _polytope(P: Polyhedron) -> str:
    n = P.ambient_dim
    # Of the whole space there are no rows, and polymake could not tell its dimension.
    inequalities = [_homogeneous(row) for row in P.inequalities] or [(1, *(0,) * n)]
    entries = {"INEQUALITIES": _rows(inequalities)}
    if P.equations:
        entries["EQUATIONS"] = _rows([_homogeneous(row) for row in P.equations])
    return _script("polytope", "$P", "Polytope<Rational>", **entries)


def _cycle(X: WeightedComplex) -> str:
    n, facets = X.ambient_dim, X.facets
    weights = [weight for facet in facets for weight in facet.coefficients]
    if X.output_dim is not None:
        raise InvalidInputError(
            f"to_polymake: the weights are vectors of length {X.output_dim}; polymake's are "
            "integers, export the outputs one by one"
        )
    scale = lcm(*(weight.denominator for weight in weights))
    if scale > 1:
        raise InvalidInputError(
            f"to_polymake: not all weights are integers; those of {_short(scale)} * X are"
        )
    for i, facet in enumerate(facets):
        if facet.polyhedron.lines != facets[0].polyhedron.lines:
            raise InvalidInputError(
                f"to_polymake: facets[{i}] has other lines than facets[0]; polymake's complexes "
                "have one lineality space, subdivide"
            )
    _check_face_to_face([facet.polyhedron for facet in facets])
    places: dict[Vector, int] = {}
    for facet in facets:
        for vertex in facet.polyhedron.vertices:
            places.setdefault((Fraction(1), Fraction(0), *vertex), len(places))
    for facet in facets:
        for ray in facet.polyhedron.rays:
            places.setdefault((Fraction(0), Fraction(0), *ray), len(places))
    cells = [
        [places[Fraction(1), Fraction(0), *vertex] for vertex in facet.polyhedron.vertices]
        + [places[Fraction(0), Fraction(0), *ray] for ray in facet.polyhedron.rays]
        for facet in facets
    ]
    lines = facets[0].polyhedron.lines if facets else ()
    entries = {
        "PROJECTIVE_VERTICES": _rows(places) if places else f"new Matrix<Rational>(0, {n + 2})",
        "MAXIMAL_POLYTOPES": _rows(cells),
        "WEIGHTS": _row(weights),
    }
    if lines:
        entries["LINEALITY_SPACE"] = _rows([(0, 0, *line) for line in lines])
    return _script("tropical", "$X", "Cycle<Max>", **entries)


def _check_face_to_face(facets: Sequence[Polyhedron]) -> None:
    for (i, first), (j, second) in combinations(enumerate(facets), 2):
        common = first.intersection(second)
        if common.is_empty:
            continue
        if common not in first.faces(common.dim) or common not in second.faces(common.dim):
            raise InvalidInputError(
                f"to_polymake: facets[{i}] and facets[{j}] do not meet in a common face; "
                "polymake's complexes must, subdivide"
            )


def _homogeneous(row: Sequence[int]) -> tuple[int, ...]:
    """The row (b, −a) of polymake, b − a·x ≥ 0, of our (a, b)."""
    return (row[-1], *(-entry for entry in row[:-1]))


def _script(application: str, name: str, kind: str, **entries: str) -> str:
    body = ",\n".join(f"  {key} => {text}" for key, text in entries.items())
    return f'use application "{application}";\nmy {name} = new {kind}(\n{body});\n{name};\n'


def _rows(rows: Iterable[Iterable[Fraction | int]]) -> str:
    return f"[{', '.join(map(_row, rows))}]"


def _row(row: Iterable[Fraction | int]) -> str:
    """A row; fractions and long integers are quoted, which polymake reads exactly."""
    return f"[{', '.join(_number(entry) for entry in row)}]"


def _number(value: Fraction | int) -> str:
    exact = Fraction(value)
    text = format_fraction(exact)
    return text if exact.denominator == 1 and abs(exact) < _POLYMAKE_LIMIT else f'"{text}"'


# -- both --------------------------------------------------------------------------------------


def _integer_exponents(p: TropicalPolynomial, program: str) -> list[tuple[int, ...]]:
    for i, row in enumerate(p.exponents):
        for entry in row:
            if entry.denominator != 1:
                scale = lcm(*(e.denominator for exponent in p.exponents for e in exponent))
                raise InvalidInputError(
                    f"to_{program}: exponents[{i}]: {program} cannot hold the exponent "
                    f"{_short(entry)}, only integers; p.scale({_short(scale)}) has integers and "
                    "the same hypersurface, its weights multiplied by that number"
                )
    return [tuple(entry.numerator for entry in row) for row in p.exponents]


def _unknown(function: str, thing: object, expected: str) -> InvalidInputError:
    advice = (
        "; export its .numerator and .denominator" if isinstance(thing, TropicalRational) else ""
    )
    return InvalidInputError(
        f"{function}: expected {expected}, got a {type(thing).__name__}{advice}"
    )


def _short(value: Fraction | int) -> str:
    text = format_fraction(Fraction(value))
    return text if len(text) <= 40 else text[:37] + "..."
