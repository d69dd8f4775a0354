"""Finitely many points on which no network of an architecture agrees with a function.

Let g be a network with inputs R^n, hidden widths k_1, k_2 and one output.  Positive factors can be
moved through its layers until g = e + Σ_B σ_B relu(z_B) with σ_B = ±1 and

    z_B = β_B + Σ_i τ_Bi relu(g_Bi),   τ_Bi = ±1,

where the affine forms g_1i, …, g_{k_2}i are multiples by numbers ≥ 0 of one form, that of neuron i.
(A weight 0 is the factor 0; a neuron B without outgoing weight may be replaced by β_B = −1 with
σ_B = 1.)  For k_2 ≥ 2 we only keep that they have the same sign at every point: what is then
impossible is impossible for networks.  Neurons may be permuted, so the σ_B descend and the columns
(τ_1i, …, τ_{k_2}i) descend.

Once the σ and τ, and the signs of all neurons at a point p are fixed, g(p) = v is a linear equation
in e, the β_B and the coefficients of the g_Bi, and the signs are linear inequalities.  If all σ_B
are σ, then σ (g(p) − e) ≥ 0 besides.  A tree of cases ends in systems without solution, each shown
by Farkas' lemma.

The function of *recession* f^∞(x) = lim f(tx)/t of a network is the network with all biases 0, and
it is positively homogeneous.  If f has a network of an architecture, f^∞ has one without biases.

References:
    Schrijver, *Theory of Linear and Integer Programming*, 1986, Corollary 7.1d (Farkas' lemma).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement, product
from typing import Any, ClassVar, NamedTuple, TypeAlias

from tropnet.certificates.exclusions.scalar import BiasFree, Combination
from tropnet.certificates.json_fields import vector_rows, vector_texts
from tropnet.certificates.plain import entries, fractions, require, value
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector, format_fraction

Literal: TypeAlias = tuple[int, int, int]
"""(hidden layer, 1 or 2; neuron; point): whether the neuron is on there."""


class Signs(NamedTuple):
    """The signs of the weights behind the first hidden layer.

    Attributes:
        outer: The σ_B.
        inner: For each neuron i of the first layer the column of τ_Bi.
    """

    outer: tuple[int, ...]
    inner: tuple[tuple[int, ...], ...]


class Constraint(NamedTuple):
    """row · unknowns ≤ bound, or = bound."""

    row: tuple[Fraction, ...]
    bound: Fraction
    is_equation: bool


@dataclass(frozen=True)
class Contradiction:
    """A combination of constraints that says 0 ≤ something negative.

    Attributes:
        terms: Pairs (number of a constraint, multiplier); those of inequalities are not negative.
    """

    terms: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Split:
    """Two cases: a neuron is on (its preactivation is ≥ 0) at a point, or off (≤ 0)."""

    literal: Literal
    on: Tree
    off: Tree


Tree: TypeAlias = Contradiction | Split


def sign_choices(widths: tuple[int, int]) -> Iterator[Signs]:
    """All signs up to permutation of neurons."""
    first, second = widths
    columns = list(product((1, -1), repeat=second))
    for outer in combinations_with_replacement((1, -1), second):
        for inner in combinations_with_replacement(columns, first):
            yield Signs(outer, inner)


class CaseSystem:
    """The constraints on the unknowns along a branch of the tree.

    The unknowns are e; then for each B: β_B, and for each i the coefficients (gradient, constant)
    of g_Bi.  For functions of recession e, the β_B and the constants are absent.

    Attributes:
        constraints: Those so far.
        size: The number of unknowns.
    """

    def __init__(
        self, signs: Signs, points: Sequence[Vector], targets: Sequence[Fraction], recession: bool
    ) -> None:
        self.signs = signs
        self.constraints: list[Constraint] = []
        self._points = points
        self._targets = targets
        self._free = 0 if recession else 1
        self._form = len(points[0]) + self._free
        self._first, self._second = len(signs.inner), len(signs.outer)
        self._block = self._free + self._first * self._form
        self.size = self._free + self._second * self._block
        self.decided: dict[Literal, bool] = {}

    def open_literal(self, point: int) -> Literal | None:
        """What is to be decided next at a point; None if everything is."""
        for layer, width in ((1, self._first), (2, self._second)):
            for neuron in range(width):
                if (layer, neuron, point) not in self.decided:
                    return layer, neuron, point
        return None

    def decide(self, literal: Literal, on: bool) -> None:
        """Adds what follows from a neuron being on, or off, at a point.

        Raises:
            CertificateError: if it is not the next literal of its point.
        """
        _, neuron, point = literal
        require(
            0 <= point < len(self._points) and self.open_literal(point) == literal,
            "a case that is out of order",
        )
        if literal[:2] == (1, 0) and len(set(self.signs.outer)) == 1:
            self.constraints.append(self._one_sided(self._targets[point]))
        self.decided[literal] = on
        rows = [self._value(b, neuron, point) for b in range(self._second)]
        if literal[0] == 2:
            rows = [self._preactivation(neuron, point)]
        for row in rows:
            below = tuple(-entry if on else entry for entry in row)
            self.constraints.append(Constraint(below, Fraction(0), False))
        if self.open_literal(point) is None:
            self.constraints.append(self._equation(point))

    def undo(self, literal: Literal, count: int) -> None:
        """Takes a decision back, to so many constraints."""
        del self.decided[literal]
        del self.constraints[count:]

    def refutes(self, contradiction: Contradiction) -> bool:
        """Whether a combination of the constraints is contradictory."""
        total, bound = [Fraction(0)] * self.size, Fraction(0)
        for number, multiplier in contradiction.terms:
            if not 0 <= number < len(self.constraints):
                return False
            constraint = self.constraints[number]
            if multiplier < 0 and not constraint.is_equation:
                return False
            total = [a + multiplier * b for a, b in zip(total, constraint.row, strict=True)]
            bound += multiplier * constraint.bound
        return not any(total) and bound < 0

    def _one_sided(self, target: Fraction) -> Constraint:
        """σ (g(p) − e) ≥ 0, if all σ_B are σ."""
        row = [Fraction(0)] * self.size
        if self._free:
            row[0] = Fraction(self.signs.outer[0])
        return Constraint(tuple(row), self.signs.outer[0] * target, False)

    def _value(self, b: int, i: int, point: int) -> tuple[Fraction, ...]:
        """g_Bi at a point, as a row."""
        row = [Fraction(0)] * self.size
        start = self._free + b * self._block + self._free + i * self._form
        coordinates = (*self._points[point], *[Fraction(1)] * self._free)
        row[start : start + self._form] = coordinates
        return tuple(row)

    def _preactivation(self, b: int, point: int) -> tuple[Fraction, ...]:
        """z_B at a point at which the first layer is decided, as a row."""
        row = [Fraction(0)] * self.size
        if self._free:
            row[1 + b * self._block] = Fraction(1)
        for i, column in enumerate(self.signs.inner):
            if self.decided[1, i, point]:
                row = [
                    a + column[b] * v for a, v in zip(row, self._value(b, i, point), strict=True)
                ]
        return tuple(row)

    def _equation(self, point: int) -> Constraint:
        row = [Fraction(0)] * self.size
        if self._free:
            row[0] = Fraction(1)
        for b, sign in enumerate(self.signs.outer):
            if self.decided[2, b, point]:
                row = [
                    a + sign * v for a, v in zip(row, self._preactivation(b, point), strict=True)
                ]
        return Constraint(tuple(row), self._targets[point], True)


@dataclass(frozen=True)
class SignCases:
    """No network of an architecture with two hidden layers agrees with f, or f^∞, on some points.

    Attributes:
        architecture: The architecture (n, k_1, k_2, m).
        functional: Coefficients of the outputs: their combination is what is looked at.
        recession: Whether it is f^∞, and networks without biases.
        points: The points.
        trees: A tree of cases for each of the `sign_choices`.
    """

    reason: ClassVar[str] = "finitely many points"

    architecture: tuple[int, ...]
    functional: Vector
    recession: bool
    points: Matrix
    trees: tuple[Tree, ...]

    @property
    def statement(self) -> str:
        """What it says about the function."""
        what = "bias-free network" if self.recession else "network"
        whom = "the function of recession" if self.recession else "the function"
        widths = "-".join(map(str, self.architecture))
        return f"no {widths} {what} agrees with {whom} on {len(self.points)} points"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) == 4 and all(
            a <= b for a, b in zip(architecture[1:3], self.architecture[1:3], strict=True)
        )

    def check(self, f: Any) -> bool:
        """Whether every case is contradictory.

        Args:
            f: A network as plain data (see `plain`).
        """
        if not hasattr(f, "layers"):
            return False
        try:
            self._verify(f)
        except CertificateError:
            return False
        return True

    def _verify(self, f: Any) -> None:
        require(len(self.architecture) == 4, "an architecture without two hidden layers")
        require(self.points, "no points")
        targets = target_values(f, self.functional, self.points, self.recession)
        choices = list(sign_choices((self.architecture[1], self.architecture[2])))
        require(len(choices) == len(self.trees), "not one tree for each choice of signs")
        for signs, tree in zip(choices, self.trees, strict=True):
            _verify_tree(CaseSystem(signs, self.points, targets, self.recession), tree)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {
            "architecture": list(self.architecture),
            "functional": [format_fraction(entry) for entry in self.functional],
            "recession": self.recession,
            "points": vector_texts(self.points),
            "trees": [_tree_data(tree) for tree in self.trees],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> SignCases:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"architecture", "functional", "recession", "points", "trees"}
        require(set(data) == names, "expected exactly the keys {}", ", ".join(sorted(names)))
        require(type(data["recession"]) is bool, "recession is neither true nor false")
        return cls(
            tuple(entries(data["architecture"], int, "architecture")),
            fractions(data["functional"], "functional"),
            data["recession"],
            vector_rows(data["points"], "points"),
            tuple(map(_tree, entries(data["trees"], dict, "trees"))),
        )


def target_values(f: Any, functional: Vector, points: Matrix, recession: bool) -> list[Fraction]:
    """The values of a combination of a network's outputs, or of its function of recession.

    Raises:
        CertificateError: if the lengths do not fit.
    """
    g: Any = Combination(f, functional)
    if recession:
        g = BiasFree(g)
    return [value(g, point)[0] for point in points]


def _verify_tree(system: CaseSystem, tree: Tree) -> None:
    if isinstance(tree, Contradiction):
        require(system.refutes(tree), "a case that is not contradictory")
        return
    count = len(system.constraints)
    for branch, on in ((tree.on, True), (tree.off, False)):
        system.decide(tree.literal, on)
        _verify_tree(system, branch)
        system.undo(tree.literal, count)


def _tree_data(tree: Tree) -> dict[str, Any]:
    if isinstance(tree, Contradiction):
        return {"sum": [[number, format_fraction(y)] for number, y in tree.terms]}
    return {
        "case": list(tree.literal),
        "on": _tree_data(tree.on),
        "off": _tree_data(tree.off),
    }


def _tree(data: Any) -> Tree:
    require(isinstance(data, dict), "a case is not an object")
    if set(data) == {"sum"}:
        terms = []
        for pair in entries(data["sum"], list, "sum"):
            require(len(pair) == 2 and type(pair[0]) is int, "a term is no pair")
            (multiplier,) = fractions([pair[1]], "sum")
            terms.append((pair[0], multiplier))
        return Contradiction(tuple(terms))
    require(set(data) == {"case", "on", "off"}, "a case has other keys")
    literal = entries(data["case"], int, "case")
    require(len(literal) == 3, "a case does not name a layer, a neuron and a point")
    return Split((literal[0], literal[1], literal[2]), _tree(data["on"]), _tree(data["off"]))
