"""Proofs that a network is minimal, or that it is not.

A network with hidden widths n_1, …, n_L and N neurons in total is *minimal* if no network with the
same function has the same depth and widths n'_l ≤ n_l, one of them smaller; and none has fewer
hidden layers and at most N hidden neurons.

A network stays the same function if neurons without outgoing weights are added to its layers.  So
it is enough to exclude the architectures with one neuron less in one layer, those of each smaller
depth with exactly N neurons, and affine functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, ClassVar

from tropnet.certificates.domain import WHOLE_SPACE
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.exclusions import Exclusion, exclusion_data, exclusion_from_data
from tropnet.certificates.json_fields import Layers, layer_data, layers
from tropnet.certificates.plain import Layered, entries, layer_rows, require
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError

Architecture = tuple[int, ...]
"""The widths (n_0, n_1, …, n_L, n_{L+1})."""


def smaller_architectures(architecture: Architecture) -> Iterator[Architecture]:
    """The largest architectures that a minimal network of an architecture must not have.

    Those with fewer hidden layers first.  A hidden width of 0 stands for constant functions.

    >>> list(smaller_architectures((2, 3, 1, 1)))
    [(2, 1), (2, 4, 1), (2, 2, 1, 1), (2, 3, 0, 1)]
    """
    inputs, *hidden, outputs = architecture
    total = sum(hidden)
    if hidden:
        yield inputs, outputs
    for depth in range(1, len(hidden)):
        for cuts in combinations(range(1, total), depth - 1):
            widths = (b - a for a, b in pairwise((0, *cuts, total)))
            yield inputs, *widths, outputs
    for layer, width in enumerate(hidden):
        yield inputs, *hidden[:layer], width - 1, *hidden[layer + 1 :], outputs


def is_smaller(architecture: Architecture, other: Architecture) -> bool:
    """Whether a network of an architecture shows that networks of another one are not minimal.

    >>> is_smaller((2, 4, 1), (2, 3, 1, 1)), is_smaller((2, 5, 1), (2, 3, 1, 1))
    (True, False)
    """
    hidden, others = architecture[1:-1], other[1:-1]
    if len(hidden) < len(others):
        return sum(hidden) <= sum(others)
    return (
        len(hidden) == len(others)
        and hidden != others
        and all(a <= b for a, b in zip(hidden, others, strict=True))
    )


@dataclass(frozen=True, repr=False)
class MinimalityCertificate(Proof):
    """A proof that a network is minimal.

    Attributes:
        architecture: The architecture of the network.
        exclusions: Facts about its function, which together exclude all smaller architectures.
    """

    claim: ClassVar[str] = "minimal"

    architecture: Architecture
    exclusions: tuple[Exclusion, ...]

    @property
    def is_generic(self) -> bool:
        """Whether the proof speaks of transversal representations only."""
        return any(exclusion.reason == "generic depth" for exclusion in self.exclusions)

    @property
    def statement(self) -> str:
        """The claim in words."""
        among = " among transversal representations" if self.is_generic else ""
        return f"the network is minimal{among}"

    def check(self, f: Any) -> bool:
        """Whether this proves that a network is minimal.

        Args:
            f: A network as plain data (see `plain`).

        Guarantees:
            True proves it; if `is_generic`, only that smaller networks are not transversal.

        Cost: that of checking the exclusions, and proportional to the number of ways to divide the
            neurons among fewer layers.
        """
        if not hasattr(f, "layers"):
            return False
        try:
            found = _architecture(f)
        except CertificateError:
            return False
        return (
            found == self.architecture
            and all(
                any(exclusion.excludes(smaller) for exclusion in self.exclusions)
                for smaller in smaller_architectures(found)
            )
            and all(exclusion.check(f) for exclusion in self.exclusions)
        )

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "architecture": list(self.architecture),
            "exclusions": [exclusion_data(exclusion) for exclusion in self.exclusions],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> MinimalityCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        names = {"architecture", "exclusions"}
        require(set(data) == names, "expected the keys 'architecture' and 'exclusions'")
        return cls(
            tuple(entries(data["architecture"], int, "architecture")),
            tuple(map(exclusion_from_data, entries(data["exclusions"], dict, "exclusions"))),
        )


@dataclass(frozen=True, repr=False)
class NotMinimalCertificate(Proof):
    """A smaller network with the same function.

    Attributes:
        layers: Its pairs (weight, bias).
        equality: The proof that it has the same function.
    """

    claim: ClassVar[str] = "not minimal"
    statement: ClassVar[str] = "the network is not minimal"

    layers: Layers
    equality: EqualityCertificate

    def check(self, f: Any) -> bool:
        """Whether this proves that a network is not minimal.

        Args:
            f: A network as plain data (see `plain`).

        Guarantees:
            True proves it.
        """
        if not hasattr(f, "layers"):
            return False
        try:
            found, smaller = _architecture(f), _architecture(self)
        except CertificateError:
            return False
        return is_smaller(smaller, found) and self.equality.check(f, self, WHOLE_SPACE)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "layers": layer_data(self.layers),
            "equality": self.equality.data(),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotMinimalCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"layers", "equality"}, "expected the keys 'layers' and 'equality'")
        require(isinstance(data["equality"], dict), "equality is not an object")
        return cls(
            layers(data["layers"], "layers"), EqualityCertificate.from_data(data["equality"])
        )


def _architecture(net: Layered) -> Architecture:
    """The widths of a network.

    Raises:
        CertificateError: if it is none.
    """
    require(net.layers, "a network without layers")
    require(all(len(weight) and len(weight[0]) for weight, _ in net.layers), "an empty layer")
    layers = layer_rows(net)
    return (len(layers[0][0][0]) - 1, *map(len, layers))
