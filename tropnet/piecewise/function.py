"""Continuous piecewise linear functions, given by their affine pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Number, Vector, dot, to_fraction, to_matrix, to_vector
from tropnet.piecewise.affine_cells import (
    AffineCell,
    check_domain,
    common_cells,
    cut_to,
    full_dimensional,
    pulled_back,
    reduced_map,
    scaled_cell,
    summed_cell,
)
from tropnet.piecewise.chain import Chain
from tropnet.piecewise.constancy import constant_cells
from tropnet.piecewise.explicit_cells import read_cells
from tropnet.piecewise.facet import Facet, format_vector
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.jumps import discontinuity, jumps, weighted_facets
from tropnet.polyhedra import Polyhedron

_ONE = (Fraction(1),)


@dataclass(frozen=True)
class LinearPiece:
    """A linear piece of a function: an affine map and the closed set where the function is it.

    Pieces belong to the function alone, unlike the activation regions of a network.

    Attributes:
        gradient: Shape (m, n).
        constant: Shape (m,).
        polyhedra: Convex cells with disjoint interiors whose union is the closure of the interior
            of {x : f(x) = gradient @ x + constant}; it need not be convex or connected.  They
            depend on the function alone; a component that is convex is one cell.
    """

    gradient: Matrix
    constant: Vector
    polyhedra: tuple[Polyhedron, ...]

    @property
    def is_convex(self) -> bool:
        """Whether the set is convex."""
        return len(self.polyhedra) == 1

    def contains(self, x: Iterable[Number]) -> bool:
        """Whether a point lies in the set."""
        point = to_vector(x, "x")
        return any(polyhedron.contains(point) for polyhedron in self.polyhedra)


class PiecewiseLinearFunction:
    """A continuous function R^n → R^m, or on a polyhedron, that is affine on finitely many cells.

    ``+`` and ``-`` are pointwise, also with networks; ``*`` scales.  ``==`` means the same function
    on the same domain.

    Args:
        cells: Triples (polyhedron, gradient, constant); gradient has shape (m, n), constant (m,);
            a vector and a number will do for scalar functions.  The polyhedra must cover the domain
            without overlap; they need not meet face to face.
        domain: Where the function is defined; default all of R^n.

    Raises:
        InvalidInputError: for no cells, shapes that do not fit, cells that overlap or leave a gap,
            and affine maps that disagree where cells meet; names the cell or the place.

    Guarantees:
        Coverage and continuity are checked exactly.

    References:
        Brandenburg, Grillo and Hertrich, *Decomposition polyhedra of piecewise linear functions*,
        2024, section 2.

    >>> left, right = (Polyhedron.from_inequalities([[s]], [0]) for s in (1, -1))
    >>> f = PiecewiseLinearFunction([(left, [-1], 0), (right, [1], 0)])       # |x|
    >>> f(-3), len(f.pieces), (f + f)(2)
    ((Fraction(3, 1),), 2, (Fraction(4, 1),))
    >>> PiecewiseLinearFunction([(left, [-1], 0), (right, [1], 1)])
    Traceback (most recent call last):
    tropnet.errors.InvalidInputError: cells: the affine maps disagree at (0)
    """

    # numpy leaves arithmetic with functions to them instead of broadcasting over its arrays.
    __array_ufunc__ = None
    adds_pointwise = True

    def __init__(
        self, cells: Iterable[tuple[Polyhedron, Any, Any]], domain: Polyhedron | None = None
    ) -> None:
        self._cells, self._domain = read_cells(cells, domain), _normal(domain)
        place = discontinuity(jumps(self._cells, self._domain), self.output_width)
        if place is not None:
            where = format_vector(place.interior_point())
            raise InvalidInputError(f"cells: the affine maps disagree at {where}")

    @classmethod
    def _from_cells(
        cls, cells: Iterable[AffineCell], domain: Polyhedron | None
    ) -> PiecewiseLinearFunction:
        """From cells that are known to fit together."""
        function = cls.__new__(cls)
        function._cells, function._domain = tuple(cells), _normal(domain)
        return function

    @property
    def cells(self) -> tuple[AffineCell, ...]:
        """The cells of the subdivision that the function was given by."""
        return self._cells

    @property
    def domain(self) -> Polyhedron | None:
        """Where the function is defined; None for all of R^n."""
        return self._domain

    @property
    def input_width(self) -> int:
        """The number n of inputs."""
        return self._cells[0].polyhedron.ambient_dim

    @property
    def output_width(self) -> int:
        """The number m of outputs."""
        return len(self._cells[0].constant)

    def __call__(self, x: Sequence[Number] | Number) -> Vector:
        """The exact value at a point, as a tuple of length m.

        Args:
            x: The coordinates; a bare number will do for one input.

        Raises:
            InvalidInputError: for another number of coordinates, or a point outside the domain.
        """
        is_sequence = hasattr(x, "__len__") and not isinstance(x, (str, bytes))
        point = to_vector(x if is_sequence else (x,), "x")
        if len(point) != self.input_width:
            raise InvalidInputError(
                f"x: {len(point)} coordinates for a function with {self.input_width} inputs"
            )
        for cell in self._cells:
            if cell.polyhedron.contains(point):
                return cell.value(point)
        raise InvalidInputError(f"x: {format_vector(point)} is outside the function's domain")

    @cached_property
    def pieces(self) -> tuple[LinearPiece, ...]:
        """The distinct affine maps with the closed sets where they hold, sorted by the maps.

        On a domain without interior, maps that agree on its affine hull are one piece; its gradient
        is the one that vanishes at the pivots of the domain's equations.
        """
        equations = self._domain.equations if self._domain is not None else ()
        by_map: dict[tuple[Matrix, Vector], list[Polyhedron]] = {}
        for cell in self._cells:
            by_map.setdefault(reduced_map(cell, equations), []).append(cell.polyhedron)
        pieces = []
        for (gradient, constant), polyhedra in sorted(by_map.items(), key=lambda item: item[0]):
            parts = constant_cells(Chain((polyhedron, _ONE) for polyhedron in polyhedra))
            pieces.append(LinearPiece(gradient, constant, tuple(part for part, _ in parts)))
        return tuple(pieces)

    def affine_cells(self, domain: Polyhedron | None = None) -> Iterator[AffineCell]:
        """The cells, cut to a domain (see `function_like.PiecewiseLinear`).

        Raises:
            InvalidInputError: for a domain that is not part of the function's own.
        """
        self._check_domain(domain)
        return cut_to(self._cells, domain, self._domain)

    def break_facets(self, domain: Polyhedron | None = None) -> Iterator[Facet]:
        """Weighted facets whose sum is the break locus (see `function_like.PiecewiseLinear`)."""
        self._check_domain(domain)
        whole = _normal(domain) if domain is not None else self._domain
        full_dimensional(whole, "break_facets")
        cells = self._cells if domain is None else tuple(cut_to(self._cells, domain, self._domain))
        return weighted_facets(jumps(cells, whole), self.output_width)

    def restrict(self, domain: Polyhedron) -> PiecewiseLinearFunction:
        """The same function on a part of its domain, such as an affine subspace.

        Raises:
            InvalidInputError: for an empty polyhedron, or one that is not part of the domain.

        >>> diagonal = Polyhedron.from_inequalities([], [], ([[1, -1]], [0]))
        >>> whole = Polyhedron.from_inequalities([], [], ambient_dim=2)
        >>> f = PiecewiseLinearFunction([(whole, [1, 2], 0)])
        >>> f.restrict(diagonal).pieces[0].gradient                  # 3y where x = y
        ((Fraction(0, 1), Fraction(3, 1)),)
        """
        self._check_domain(domain)
        if domain.is_empty:
            raise InvalidInputError("domain: the polyhedron is empty")
        return self._from_cells(self.affine_cells(domain), domain)

    def pull_back(
        self, A: Iterable[Iterable[Number]], b: Iterable[Number]
    ) -> PiecewiseLinearFunction:
        """The function y ↦ f(A @ y + b), such as the restriction to a parametrised subspace.

        Args:
            A: Shape (n, k), k at least 1.
            b: Shape (n,).

        Raises:
            InvalidInputError: for shapes that do not fit, or if no y is mapped into the domain.

        >>> left, right = (Polyhedron.from_inequalities([[s]], [0]) for s in (1, -1))
        >>> modulus = PiecewiseLinearFunction([(left, [-1], 0), (right, [1], 0)])
        >>> modulus.pull_back([[1, -1]], [2])((3, 7))                # |x - y + 2|
        (Fraction(2, 1),)
        """
        matrix, shift = to_matrix(A, "A"), to_vector(b, "b")
        if len(matrix) != self.input_width or len(shift) != self.input_width or not matrix[0]:
            raise InvalidInputError(
                f"A and b: {len(matrix)} rows and {len(shift)} numbers for a function with "
                f"{self.input_width} inputs"
            )
        domain = _preimage(self._domain, matrix, shift)
        if domain.is_empty:
            raise InvalidInputError("pull_back: no point is mapped into the function's domain")
        return self._from_cells(
            pulled_back(self._cells, matrix, shift, domain, self._domain), domain
        )

    def post_compose(
        self, A: Iterable[Iterable[Number]], b: Iterable[Number]
    ) -> PiecewiseLinearFunction:
        """The function x ↦ A @ f(x) + b.

        Args:
            A: Shape (k, m), k at least 1.
            b: Shape (k,).

        Raises:
            InvalidInputError: for shapes that do not fit.
        """
        matrix, shift = to_matrix(A, "A"), to_vector(b, "b")
        if not matrix or len(matrix[0]) != self.output_width or len(shift) != len(matrix):
            raise InvalidInputError(
                f"A and b: shapes that do not fit a function with {self.output_width} outputs"
            )
        cells = []
        for cell in self._cells:
            columns = tuple(zip(*cell.gradient, strict=True))
            gradient = tuple(tuple(dot(row, column) for column in columns) for row in matrix)
            constant = tuple(
                dot(row, cell.constant) + start for row, start in zip(matrix, shift, strict=True)
            )
            cells.append(AffineCell(cell.polyhedron, gradient, constant))
        return self._from_cells(cells, self._domain)

    def output(self, index: int) -> PiecewiseLinearFunction:
        """One output as a scalar function, counted from 0."""
        if type(index) is not int or not 0 <= index < self.output_width:
            raise InvalidInputError(
                f"index: {index!r} is not an output of a function with {self.output_width}"
            )
        unit = [int(k == index) for k in range(self.output_width)]
        return self.post_compose([unit], [0])

    def __add__(self, other: Any) -> PiecewiseLinearFunction:
        """The pointwise sum; on a common domain."""
        return self._combined(other, Fraction(1), "+") if _is_summand(other) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> PiecewiseLinearFunction:
        return self._combined(other, Fraction(-1), "-") if _is_summand(other) else NotImplemented

    def __rsub__(self, other: Any) -> PiecewiseLinearFunction:
        return -self + other if _is_summand(other) else NotImplemented

    def __neg__(self) -> PiecewiseLinearFunction:
        return self * -1

    def __mul__(self, factor: Number) -> PiecewiseLinearFunction:
        try:
            value = to_fraction(factor, "factor")
        except InvalidInputError:
            return NotImplemented
        return self._from_cells((scaled_cell(cell, value) for cell in self._cells), self._domain)

    __rmul__ = __mul__

    def __eq__(self, other: object) -> bool:
        """Whether it is the same function on the same domain, exactly."""
        if not isinstance(other, PiecewiseLinearFunction):
            return NotImplemented
        return self._domain == other._domain and self._canonical == other._canonical

    def __hash__(self) -> int:
        return hash((self._domain, self._canonical))

    def __reduce__(self) -> tuple[Any, ...]:
        return PiecewiseLinearFunction._from_cells, (self._cells, self._domain)

    def __repr__(self) -> str:
        on = "" if self._domain is None else f" on {self._domain!r}"
        return (
            f"<PiecewiseLinearFunction R^{self.input_width} -> R^{self.output_width}{on}: "
            f"{len(self._cells)} cells>"
        )

    @cached_property
    def _canonical(self) -> tuple[tuple[Matrix, Vector, tuple[Polyhedron, ...]], ...]:
        return tuple((piece.gradient, piece.constant, piece.polyhedra) for piece in self.pieces)

    def _combined(
        self, other: FunctionLike, factor: Fraction, sign: str
    ) -> PiecewiseLinearFunction:
        right = piecewise_linear(function_like(other, "other"))
        mine, theirs = (
            (self.input_width, self.output_width),
            (right.input_width, right.output_width),
        )
        if mine != theirs:
            raise InvalidInputError(
                f"{sign}: functions R^{mine[0]} -> R^{mine[1]} and R^{theirs[0]} -> R^{theirs[1]}"
            )
        if right._domain is None and self._domain is not None:
            right = right.restrict(self._domain)
        left = (
            self
            if self._domain is not None or right._domain is None
            else self.restrict(right._domain)
        )
        if left._domain != right._domain:
            raise InvalidInputError(f"{sign}: functions on different domains; restrict them first")
        cells = (
            summed_cell(part, one, scaled_cell(two, factor))
            for part, one, two in common_cells(left._cells, right._cells)
        )
        return self._from_cells(cells, left._domain)

    def _check_domain(self, domain: Polyhedron | None) -> None:
        if domain is None:
            return
        check_domain(domain, self.input_width)
        if self._domain is not None and self._domain.intersection(domain) != domain:
            raise InvalidInputError("domain: it is not part of the function's own domain")


def piecewise_linear(f: FunctionLike, domain: Polyhedron | None = None) -> PiecewiseLinearFunction:
    """A function-like as a `PiecewiseLinearFunction`.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, or a
            tuple of scalar ones.
        domain: Only on this polyhedron, not empty; default where f is defined.

    Raises:
        InvalidInputError: if f is none of these, or the domain does not fit.

    Guarantees:
        The same function, exactly.

    Cost: all activation regions of a network, and all cells of a tropical function, are held in
    memory; `count_linear_pieces` and `break_facets` stream.

    >>> from tropnet import TropicalPolynomial
    >>> f = piecewise_linear(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]))
    >>> len(f.pieces), f((2, 3))
    (3, (Fraction(3, 1),))
    """
    function = function_like(f, "f")
    if domain is not None and isinstance(domain, Polyhedron) and domain.is_empty:
        raise InvalidInputError("domain: the polyhedron is empty, so there is no function on it")
    if isinstance(function, PiecewiseLinearFunction):
        return function if domain is None else function.restrict(domain)
    where = domain if domain is not None else function.domain
    return PiecewiseLinearFunction._from_cells(function.affine_cells(domain), where)


def count_linear_pieces(f: FunctionLike, domain: Polyhedron | None = None) -> int:
    """The number of distinct affine maps that a function-like is, each on a set with interior.

    They belong to the function; the activation regions of a network belong to its parameters, and
    several of them can be one piece.

    Args:
        f: A function-like.
        domain: Only on this polyhedron.

    Cost: the cells are streamed, and the distinct maps held in memory.

    >>> from tropnet import ReLUNetwork
    >>> identity = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    >>> count_linear_pieces(identity)
    1
    """
    equations = domain.equations if isinstance(domain, Polyhedron) else ()
    cells = function_like(f, "f").affine_cells(domain)
    return len({reduced_map(cell, equations) for cell in cells})


def _is_summand(other: object) -> bool:
    """Whether ``+`` means the pointwise sum for another object; for tropical ones it does not."""
    return getattr(other, "adds_pointwise", False) is True


def _normal(domain: Polyhedron | None) -> Polyhedron | None:
    """None for all of R^n."""
    if domain is None or domain.inequalities or domain.equations:
        return domain
    return None


def _whole(n: int) -> Polyhedron:
    return Polyhedron.from_inequalities([], [], ambient_dim=n)


def _preimage(domain: Polyhedron | None, matrix: Matrix, shift: Vector) -> Polyhedron:
    if domain is None:
        return _whole(len(matrix[0]))

    def moved(rows: Iterable[Sequence[int]]) -> tuple[list[list[Fraction]], list[Fraction]]:
        columns = list(zip(*matrix, strict=True))
        pairs = [
            ([dot(row[:-1], column) for column in columns], row[-1] - dot(row[:-1], shift))
            for row in rows
        ]
        return [normal for normal, _ in pairs], [offset for _, offset in pairs]

    return Polyhedron.from_inequalities(
        *moved(domain.inequalities), moved(domain.equations), ambient_dim=len(matrix[0])
    )
