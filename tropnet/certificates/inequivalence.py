"""Proof that two networks are not related by trivial symmetries: every way to match them fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from tropnet.certificates.plain import Layered, layer_rows, require
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError
from tropnet.exact import Vector

Rows = tuple[Vector, ...]
"""The affine forms (bias, weights) of a layer."""
Match = tuple[tuple[int, ...], Vector]
"""An order of the first network's neurons, and the factors that turn them into the second's."""


@dataclass(frozen=True, repr=False)
class InequivalenceCertificate(Proof):
    """The claim that no permutations and positive scalings turn one network into another.

    It carries no data: `check` tries every matching of the hidden neurons, layer by layer.  Once
    the layers before it are matched, a neuron can be matched only with one whose affine form is a
    positive multiple of its own, and the factor is then determined.
    """

    claim: ClassVar[str] = "not equivalent"

    def check(self, f: Layered, g: Layered, domain: Any = None) -> bool:
        """Whether no matching turns f into g.

        Args:
            f: A network as plain data (see `plain`).
            g: Another.
            domain: Accepted as by other certificates, and no matter: the claim is about parameters.

        Guarantees:
            True proves that f and g are not equivalent.  False says that they are, or that both
            have hidden neurons without any weights and bias, whose factors are not determined.

        Cost: proportional to the number of matchings that fit all layers but the last; there is at
            most one unless neurons of a layer are multiples of one another.

        >>> from tropnet import ReLUNetwork
        >>> f = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
        >>> InequivalenceCertificate().check(f, 2 * f)
        True
        >>> InequivalenceCertificate().check(f, f.permute(1, (1, 0)))
        False
        """
        if not (hasattr(f, "layers") and hasattr(g, "layers")):
            return False
        try:
            first, second = _forms(f), _forms(g)
        except CertificateError:
            return False
        if list(map(len, first)) != list(map(len, second)) or len(first[0][0]) != len(second[0][0]):
            return True
        silent = [
            [sum(not any(form) for form in rows) for rows in layers[:-1]]
            for layers in (first, second)
        ]
        if silent[0] != silent[1]:
            return True  # a neuron without weights and bias stays one
        if any(silent[0]):
            return False
        return not _can_match(first, second)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> InequivalenceCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(not data, "expected no further keys")
        return cls()


def _forms(net: Layered) -> list[Rows]:
    return [
        tuple(tuple(Fraction(entry, below) for entry in row) for row, below in rows)
        for rows in layer_rows(net)
    ]


def _can_match(first: Sequence[Rows], second: Sequence[Rows]) -> bool:
    """Whether some matching turns the remaining layers of one network into those of the other."""
    if len(first) == 1:
        return first[0] == second[0]
    return any(
        _can_match([tuple(_read(match, form) for form in first[1]), *first[2:]], second[1:])
        for match in _matches(first[0], second[0])
    )


def _read(match: Match, form: Vector) -> Vector:
    """A form of the next layer when it reads the neurons in another order and scaling."""
    order, factors = match
    return (form[0], *(form[1 + j] / factor for j, factor in zip(order, factors, strict=True)))


def _matches(first: Rows, second: Rows, taken: tuple[int, ...] = ()) -> Iterator[Match]:
    """The ways to match the neurons of a layer, the first of them already taken."""
    if len(taken) == len(second):
        yield taken, tuple(_factor(first[j], form) for j, form in zip(taken, second, strict=True))
        return
    for j, form in enumerate(first):
        if j not in taken and _factor(form, second[len(taken)]):
            yield from _matches(first, second, (*taken, j))


def _factor(form: Vector, target: Vector) -> Fraction:
    """The positive number that turns a form that is not zero into another; 0 if there is none."""
    factor = next(b / a for a, b in zip(form, target, strict=True) if a)
    fits = factor > 0 and all(factor * a == b for a, b in zip(form, target, strict=True))
    return factor if fits else Fraction(0)
