"""Proof of the functional dimension of a network, and its checker.

On an activation region f(x) = A x + c, and A and c are polynomials in the parameters as long as the
pattern is kept.  The functional dimension is the rank of the Jacobian of all these A and c over the
*admissible* regions, those on whose interior no preactivation vanishes identically.

*At least.*  At each of some points no preactivation is 0, so the point lies in the interior of an
admissible region; the Jacobian of these regions has this rank modulo a prime, hence at least this
rank over the rationals.

*At most.*  Scaling the N hidden neurons gives N independent vectors of the kernel, if every hidden
neuron has a non-zero weight or bias.  If that is not enough, further vectors are named, and it is
checked that the Jacobian of every admissible region kills them, exactly.  For this the checker
enumerates the regions itself (see `linear_regions`); it is the only step that takes more than a
walk through the certificate.

Both steps are about the network with each hidden neuron scaled so that its weights and bias become
coprime integers.  That multiplies every row and column of the Jacobian by a non-zero number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from operator import add, mul
from typing import Any, ClassVar, NamedTuple, TypeAlias

import flint
import numpy as np

from tropnet.certificates.linear_regions import LinearRegion, Pattern, linear_regions
from tropnet.certificates.plain import (
    IntegerRow,
    Layered,
    exact_layers,
    fractions,
    require,
)
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError, InvalidInputError
from tropnet.exact import Vector, format_fraction, primitive_vector
from tropnet.exact.modular import ModularKernel, Residues, product, reduced, residues

_ROWS = 512


class Entry(NamedTuple):
    """One parameter that a direction moves.

    Attributes:
        layer: The layer, counted from 1, the output layer last.
        neuron: The neuron (or output) whose incoming parameter it is.
        input: The number of the neuron or input before it, None for the bias.
        value: By how much it is moved.
    """

    layer: int
    neuron: int
    input: int | None
    value: Fraction


Direction: TypeAlias = tuple[Entry, ...]
"""A vector in the space of parameters, by its non-zero entries."""


@dataclass(frozen=True, repr=False)
class DimensionCertificate(Proof):
    """A proof of the functional dimension of a network, or of a lower bound.

    Attributes:
        value: The functional dimension; None if it is undefined since no region is admissible.
        prime: The prime modulo which the Jacobian has this rank.
        points: Points in the interior of admissible regions whose Jacobian has it.
        kernel: Vectors of the Jacobian's kernel that together with the scalings prove that its
            rank is not larger.  Each moves a parameter that no other moves, and none moves a
            neuron's first non-zero incoming parameter, so that all of them are independent.
        is_exact: Whether the value is claimed to be exact, and not only a lower bound.
    """

    claim: ClassVar[str] = "dimension"

    value: int | None
    prime: int = 2
    points: tuple[Vector, ...] = ()
    kernel: tuple[Direction, ...] = ()
    is_exact: bool = True

    @property
    def statement(self) -> str:
        """What it proves, about "the network"."""
        if self.value is None:
            return "the functional dimension is undefined, for no region is admissible"
        bound = "" if self.is_exact else "at least "
        return f"the functional dimension is {bound}{self.value}"

    def check(self, net: Layered) -> bool:
        """Whether it proves the claim about a network.

        Guarantees:
            True proves it.  The ranks are recomputed from the layers at the points.  If there is
            a kernel, or no region is admissible, all regions are enumerated; that can take long.
        """
        try:
            self._verify(net)
        except CertificateError:
            return False
        return True

    def _verify(self, net: Layered) -> None:
        require(hasattr(net, "layers"), "this is no network")
        scaled = _Scaled(net)
        if self.value is None:
            require(self.is_exact and scaled.hidden, "without hidden layers there is a region")
            require(
                not any(_is_admissible(region) for region in linear_regions(scaled.hidden)),
                "a region is admissible",
            )
            return
        require(self.value > 0, "the value is not positive")
        require(self._rank(scaled) >= self.value, "the Jacobian at the points has a smaller rank")
        if not self.is_exact:
            require(not self.kernel, "a kernel proves no lower bound")
            return
        # At a point no neuron vanishes, so all have a non-zero weight or bias: scalings count.
        most = scaled.parameter_count - scaled.neuron_count
        require(self.value == most - len(self.kernel), "the kernel has a wrong dimension")
        if self.kernel:
            scaled.verify_kernel(self.kernel)

    def _rank(self, scaled: _Scaled) -> int:
        """The rank of the Jacobian of the regions around the points, modulo the prime."""
        try:
            weights = [residues(rows, self.prime) for rows in scaled.rows]
        except InvalidInputError as error:
            raise CertificateError(f"certificate: {error}") from None
        kernel = ModularKernel(scaled.parameter_count, self.prime)
        waiting: list[Residues] = []
        for point in self.points:
            waiting.append(_jacobian(weights, scaled.pattern_at(point), self.prime))
            if sum(map(len, waiting)) >= _ROWS:
                kernel.add(np.concatenate(waiting))
                waiting = []
        if waiting:
            kernel.add(np.concatenate(waiting))
        return kernel.rank

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "value": self.value,
            "prime": self.prime,
            "points": [[format_fraction(entry) for entry in point] for point in self.points],
            "kernel": [
                [[*place, format_fraction(value)] for *place, value in direction]
                for direction in self.kernel
            ],
            "is_exact": self.is_exact,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> DimensionCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"value", "prime", "points", "kernel", "is_exact"}
        require(set(data) == names, f"expected exactly the keys {', '.join(sorted(names))}")
        value, prime, is_exact = data["value"], data["prime"], data["is_exact"]
        require(value is None or type(value) is int, "value: neither an integer nor null")
        require(type(prime) is int, "prime: not an integer")
        require(type(is_exact) is bool, "is_exact: neither true nor false")
        for name in ("points", "kernel"):
            require(isinstance(data[name], list), f"{name} is not a list")
        points = tuple(fractions(point, "points") for point in data["points"])
        kernel = tuple(_direction(entries) for entries in data["kernel"])
        return cls(value, prime, points, kernel, is_exact)


def _direction(entries: Any) -> Direction:
    require(isinstance(entries, list), "kernel: a vector is not a list")
    direction = []
    for entry in entries:
        require(isinstance(entry, list) and len(entry) == 4, "kernel: an entry is not a quadruple")
        layer, neuron, source, text = entry
        require(
            type(layer) is int and type(neuron) is int and type(source) in (int, type(None)),
            "kernel: a place is not given by integers",
        )
        (value,) = fractions([text], "kernel")
        direction.append(Entry(layer, neuron, source, value))
    return tuple(direction)


def _is_admissible(region: LinearRegion) -> bool:
    return not any(0 in signs for signs in region.pattern)


class _Term(NamedTuple):
    """An integer entry of a direction.

    Attributes:
        direction: The number of the direction.
        layer: The layer, counted from 0.
        neuron: The neuron.
        column: The number of what it reads, the constant 1 last.
        value: The entry.
        needed: The hidden neurons without which it has no effect, as bits.
    """

    direction: int
    layer: int
    neuron: int
    column: int
    value: int
    needed: int


class _Scaled:
    """A network with coprime integers as the weights and bias of each neuron.

    Attributes:
        rows: For each layer its integer rows (weights, bias).
        hidden: The rows of the hidden layers as matrices.
        neuron_count: The number of hidden neurons.
        parameter_count: The number of weights and biases.
    """

    def __init__(self, net: Layered) -> None:
        self.rows: list[list[IntegerRow]] = []
        self._factors: list[list[Fraction]] = []
        layers = exact_layers(net)
        before = [Fraction(1)] * len(layers[0][0][0])
        for weight, bias in layers:
            rows = [
                [*(w / factor for w, factor in zip(row, before, strict=True)), constant]
                for row, constant in zip(weight, bias, strict=True)
            ]
            self.rows.append([primitive_vector(row) for row in rows])
            before = [
                next((a / b for a, b in zip(new, old, strict=True) if b), Fraction(1))
                for new, old in zip(self.rows[-1], rows, strict=True)
            ]
            self._factors.append(before)
        self.hidden = [flint.fmpz_mat(rows) for rows in self.rows[:-1]]
        self._widths = [len(rows) for rows in self.rows[:-1]]
        self.neuron_count = sum(self._widths)
        self.parameter_count = sum(len(rows) * len(rows[0]) for rows in self.rows)

    def pattern_at(self, point: Vector) -> Pattern:
        """The signs of the preactivations at a point, none of which may be 0."""
        require(len(point) == len(self.rows[0][0]) - 1, "a point has a wrong number of coordinates")
        values = primitive_vector([*point, Fraction(1)])
        scale = values[-1]
        pattern = []
        for rows in self.rows[:-1]:
            preactivations = [sum(map(mul, row, values)) for row in rows]
            require(all(preactivations), "a preactivation vanishes at a point")
            pattern.append(tuple(1 if value > 0 else -1 for value in preactivations))
            values = (*(max(value, 0) for value in preactivations), scale)
        return tuple(pattern)

    def verify_kernel(self, kernel: Sequence[Direction]) -> None:
        """Checks that directions are independent of each other and of the scalings.

        And that the Jacobian of every admissible region kills them.
        """
        require(self.hidden, "without hidden layers the kernel is zero")
        self._verify_independence(kernel)
        terms = [
            term for number, vector in enumerate(kernel) for term in self._terms(number, vector)
        ]
        weights = [flint.fmpz_mat([row[:-1] for row in rows]) for rows in self.rows[1:]]
        for region in linear_regions(self.hidden):
            if _is_admissible(region):
                self._verify_region(region, terms, weights)

    def _verify_independence(self, kernel: Sequence[Direction]) -> None:
        gauge = {
            (layer, neuron, next(i for i, entry in enumerate(row) if entry))
            for layer, rows in enumerate(self.rows[:-1])
            for neuron, row in enumerate(rows)
        }
        count: dict[tuple[int, int, int], int] = {}
        for direction in kernel:
            places = [self._place(entry) for entry in direction]
            require(len(set(places)) == len(places), "a vector has two entries at one place")
            require(all(entry.value for entry in direction), "a vector has an entry that is zero")
            for place in places:
                require(place not in gauge, "a vector moves a neuron's first parameter")
                count[place] = count.get(place, 0) + 1
        for direction in kernel:
            alone = any(count[self._place(entry)] == 1 for entry in direction)
            require(alone, "a vector has no place of its own")

    def _place(self, entry: Entry) -> tuple[int, int, int]:
        """Layer (from 0), neuron and column of an entry."""
        layer, neuron, source = entry.layer - 1, entry.neuron, entry.input
        require(0 <= layer < len(self.rows), "a vector names a layer that is none")
        require(0 <= neuron < len(self.rows[layer]), "a vector names a neuron that is none")
        bias = len(self.rows[layer][0]) - 1
        require(source is None or 0 <= source < bias, "a vector names an input that is none")
        return layer, neuron, bias if source is None else source

    def _terms(self, number: int, direction: Direction) -> list[_Term]:
        """A direction in the scaled parameters, as integers."""
        first = (0, *accumulate(self._widths))
        terms = []
        for entry in direction:
            layer, neuron, column = self._place(entry)
            factor = self._factors[layer][neuron]
            needed = 1 << (first[layer] + neuron) if layer < len(self.hidden) else 0
            if layer and entry.input is not None:
                factor /= self._factors[layer - 1][column]
                needed |= 1 << (first[layer - 1] + column)
            terms.append((layer, neuron, column, factor * entry.value, needed))
        values = primitive_vector([value for *_, value, _ in terms])
        return [
            _Term(number, layer, neuron, column, value, needed)
            for (layer, neuron, column, _, needed), value in zip(terms, values, strict=True)
        ]

    def _verify_region(
        self, region: LinearRegion, terms: Sequence[_Term], weights: Sequence[flint.fmpz_mat]
    ) -> None:
        """Checks that the Jacobian of a region kills all directions, given by their terms."""
        signs = [sign for layer in region.pattern for sign in layer]
        active = sum(1 << number for number, sign in enumerate(signs) if sign > 0)
        live: dict[int, list[_Term]] = {}
        for term in [term for term in terms if term.needed & active == term.needed]:
            live.setdefault(term.direction, []).append(term)
        moving = [rates for part in live.values() if (rates := _rates(part, region))]
        if not moving:
            return
        first = min(layer for rates in moving for layer, _ in rates)
        outputs = len(self.rows[-1])
        suffixes = _suffixes(weights[first:], region.pattern[first:], outputs)
        for rates in moving:
            for output in range(outputs):
                parts = [
                    [suffixes[layer - first][output][neuron] * entry for entry in form]
                    for (layer, neuron), form in rates.items()
                ]
                vanishes = not any(map(sum, zip(*parts, strict=True)))
                require(vanishes, "the Jacobian of a region does not kill a vector")


def _rates(terms: Sequence[_Term], region: LinearRegion) -> dict[tuple[int, int], list[int]]:
    """How the preactivations of neurons, by layer and number, move with their own parameters."""
    rates: dict[tuple[int, int], list[int]] = {}
    for _, layer, neuron, column, value, _ in terms:
        own = [value * entry for entry in region.reads[layer][column]]
        before = rates.get((layer, neuron))
        rates[layer, neuron] = own if before is None else [*map(add, before, own)]
    return {place: form for place, form in rates.items() if any(form)}


def _suffixes(
    weights: Sequence[flint.fmpz_mat], pattern: Pattern, outputs: int
) -> list[list[list[int]]]:
    """For some layers the derivatives of the outputs by the preactivations, a row for each output.

    Args:
        weights: The weights of all layers after the first of them.
        pattern: The signs of the hidden neurons among them.
        outputs: The number of outputs.
    """
    layers = [[[int(i == j) for j in range(outputs)] for i in range(outputs)]]
    for weight, signs in zip(reversed(weights), reversed(pattern), strict=True):
        back = (flint.fmpz_mat(layers[-1]) * weight).tolist()
        layers.append(
            [[int(e) if s > 0 else 0 for e, s in zip(row, signs, strict=True)] for row in back]
        )
    return layers[::-1]


def _jacobian(weights: Sequence[Residues], pattern: Pattern, prime: int) -> Residues:
    """The Jacobian of one region: a row for each output and each coefficient of x and 1."""
    size = weights[0].shape[1]
    t = np.zeros((1, size))
    t[0, -1] = 1.0
    reads = [np.eye(size)]
    for weight, signs in zip(weights, pattern, strict=False):
        forms = product(weight, reads[-1], prime)
        forms[np.array(signs) < 0] = 0.0
        reads.append(np.concatenate([forms, t]))
    outputs = len(weights[-1])
    back = np.eye(outputs)
    blocks = []
    for depth in range(len(weights) - 1, -1, -1):
        block = reduced(np.einsum("oj,ik->okji", back, reads[depth]), prime)
        blocks.append(block.reshape(outputs * size, -1))
        if depth:
            back = product(back, weights[depth][:, :-1], prime)
            back[:, np.array(pattern[depth - 1]) < 0] = 0.0
    return np.concatenate(blocks[::-1], axis=1)
