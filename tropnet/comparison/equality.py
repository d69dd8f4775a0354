"""Deciding whether two networks are the same function."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from tropnet.certificates.budget import Budget, Progress, metered
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.serialization import Certificate
from tropnet.comparison.formal import FormalDifference
from tropnet.comparison.probes import probes
from tropnet.comparison.triangulation import triangulated_cover
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector, to_fraction
from tropnet.networks.cell_complex import CellComplex, input_rows
from tropnet.networks.cells import Cell
from tropnet.networks.layer_forms import IntegerRow, LayerForms, Level
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import check_domain, domain_constraints
from tropnet.polyhedra import Polyhedron, affine_frame


class Equality:
    """The answer of `decide_equality`.

    Attributes:
        equal: Whether the two functions are equal.
        witness: A point at which they differ, None if they are equal.
        method: What decided: "formal" (equal expressions), "probe" (a point that was tried) or
            "regions" (the common activation regions were compared).
        regions: The number of regions compared.
    """

    def __init__(
        self, difference: CommonRegions, witness: Vector | None, method: str, regions: int
    ) -> None:
        self.equal = witness is None
        self.witness = witness
        self.method = method
        self.regions = regions
        self._difference = difference

    @cached_property
    def certificate(self) -> Certificate:
        """A proof that checks without the search that found it (made when first asked for)."""
        if self.witness is not None:
            return InequalityCertificate(self.witness)
        return self._difference.certificate()

    def __bool__(self) -> bool:
        raise TypeError("an Equality is not a truth value; ask for .equal")

    def __repr__(self) -> str:
        if self.equal:
            return f"<Equality: equal, by {self.method}>"
        return f"<Equality: different, by {self.method}>"


def decide_equality(
    f: ReLUNetwork,
    g: ReLUNetwork,
    domain: Polyhedron | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> Equality:
    """Decides whether two networks are the same function, on R^n or on a polyhedron.

    In order of cost: both networks are rewritten as expressions in shared atoms, and equal
    expressions are equal functions; the difference is evaluated at points of many sizes and
    directions; the common activation regions of what remains of the difference are enumerated and
    the affine pieces compared, up to the first that differs.

    Args:
        f: A network.
        g: A network with the same numbers of inputs and outputs; any depth.
        domain: Where to compare; default all of R^n.
        budget: Limits on the regions compared.
        progress: Called with the number of regions done so far.

    Returns:
        An `Equality` with `.equal`, `.witness` (exact: f(witness) != g(witness)) and
        `.certificate`.

    Raises:
        InvalidInputError: if the shapes differ.
        BudgetExceededError: if the budget ran out before the answer was known.

    Guarantees:
        Both answers are exact and proved, whatever the size of the numbers.  The problem is
        coNP-complete in the number of inputs, so it can take long.

    >>> relu = ReLUNetwork([([[1]], [0]), ([[1]], [0])])
    >>> identity = ReLUNetwork([([[1]], [0])])
    >>> decide_equality(relu @ identity, identity).witness
    (Fraction(-27, 1),)
    >>> opposite = ReLUNetwork([([[-1]], [0]), ([[1]], [0])])
    >>> decide_equality(relu - opposite, identity).equal            # relu(x) - relu(-x) = x
    True
    """
    check_comparable(f, g, domain)
    common = CommonRegions(f, g, domain)
    if common.difference.is_zero or (domain is not None and domain.is_empty):
        return Equality(common, None, "formal", 0)
    for point in probes(common.difference, domain):
        if f(point) != g(point):
            return Equality(common, point, "probe", 0)
    count = 0
    for cell in metered(common.cells, budget, progress):
        count += 1
        witness = common.witness(cell)
        if witness is not None:
            return Equality(common, witness, "regions", count)
    return Equality(common, None, "regions", count)


def check_comparable(f: ReLUNetwork, g: ReLUNetwork, domain: Polyhedron | None) -> None:
    """Raises InvalidInputError unless f and g are networks of one shape, and the domain fits."""
    for name, net in (("f", f), ("g", g)):
        if not isinstance(net, ReLUNetwork):
            raise InvalidInputError(f"{name}: expected a ReLUNetwork, got {type(net).__name__}")
    for name, first, second in (
        ("inputs", f.input_width, g.input_width),
        ("outputs", f.output_width, g.output_width),
    ):
        if first != second:
            raise InvalidInputError(
                f"the networks have different numbers of {name}: {first}, {second}"
            )
    check_domain(domain, f.input_width)


class CommonRegions:
    """The regions on which what remains of the difference of two networks is affine."""

    def __init__(self, f: ReLUNetwork, g: ReLUNetwork, domain: Polyhedron | None) -> None:
        self.difference = FormalDifference(f, g)
        self.domain = domain
        self._inputs = f.input_width

    @cached_property
    def _levels(self) -> tuple[list[Level], Level]:
        return self.difference.levels()

    @cached_property
    def cells(self) -> CellComplex:
        """The regions, as cells of the engine."""
        domain = self.domain
        return CellComplex(
            self._levels[0],
            self._inputs,
            domain_constraints(domain) if domain is not None else (),
            affine_frame(domain) if domain is not None else None,
            input_rows(self._levels[1], self._inputs),
        )

    def difference_on(self, cell: Cell) -> LayerForms:
        """The affine forms of what remains of f − g on a cell, one for each output.

        Each is a positive multiple of f − g, by a factor that is the same on all cells.
        """
        active = cell.signs[-1].positive if cell.signs else 0
        parent = cell.forms if cell.signs else None
        return LayerForms(self._levels[1], parent, active, None, self.cells.frame)

    def witness(self, cell: Cell) -> Vector | None:
        """A point of the interior of a cell at which the networks differ, None if they agree."""
        forms = self.difference_on(cell)
        for output, row in enumerate(forms.matrix()):
            if any(row):
                return self._nonzero_point(cell, forms, output)
        return None

    def point(self, corner: IntegerRow) -> Vector:
        """A point given by homogeneous coordinates in the space of the cells."""
        *coordinates, scale = self.cells.point(corner)
        return tuple(Fraction(entry, scale) for entry in coordinates)

    def direction(self, corner: IntegerRow) -> Vector:
        """A direction given by homogeneous coordinates in the space of the cells, primitive."""
        return tuple(map(Fraction, self.cells.point(corner)[:-1]))

    def certificate(self) -> EqualityCertificate:
        """The proof that the difference is zero; the caller has found that it is."""
        table = self.difference.table
        rules = tuple(
            tuple(
                tuple((rule.atom, to_fraction(rule.scale)) for rule in layer)
                for layer in rewritings
            )
            for rewritings in self.difference.rewritings
        )
        forms = tuple(table.forms)
        if self.difference.is_zero:
            return EqualityCertificate(forms, (rules[0], rules[1]))
        domain = self.domain
        return EqualityCertificate(
            forms,
            (rules[0], rules[1]),
            triangulated_cover(self.cells, self.cells),
            (domain.inequalities, domain.equations) if domain is not None else ((), ()),
        )

    def _nonzero_point(self, cell: Cell, forms: LayerForms, output: int) -> Vector:
        points = [generator.point for generator in cell.generators]
        inner = tuple(map(sum, zip(*points, strict=True)))
        if not forms.value(output, inner):
            corner = next(point for point in points if forms.value(output, point))
            inner = tuple(a + b for a, b in zip(inner, corner, strict=True))
        return self.point(inner)
