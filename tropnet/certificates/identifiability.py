"""Proofs that parameters are, or are not, determined by their function."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

from tropnet.certificates.domain import WHOLE_SPACE
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.inequivalence import InequivalenceCertificate
from tropnet.certificates.json_fields import Layers, layer_data, layers
from tropnet.certificates.plain import layer_rows, require
from tropnet.certificates.records import Proof
from tropnet.certificates.shallow_width import Term, coordinates_modulo, normal_form, partial_sums
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, rank


@dataclass(frozen=True, repr=False)
class NotIdentifiableCertificate(Proof):
    """A second network of the same architecture, equal and not equivalent.

    Attributes:
        layers: Its pairs (weight, bias).
        equality: The proof that it is the same function.
    """

    claim: ClassVar[str] = "not identifiable"
    statement: ClassVar[str] = "the function does not determine the parameters of the network"

    layers: Layers
    equality: EqualityCertificate

    def check(self, f: Any) -> bool:
        """Whether this proves that a network is not identifiable.

        Args:
            f: A network as plain data (see `plain`).

        Guarantees:
            True proves it: permutation and positive scaling do not turn f into the second network.
        """
        if not hasattr(f, "layers"):
            return False
        try:
            shapes = [[len(rows) for rows in layer_rows(net)] for net in (f, self)]
        except CertificateError:
            return False
        return (
            shapes[0] == shapes[1]
            and InequivalenceCertificate().check(f, self)
            and self.equality.check(f, self, WHOLE_SPACE)
        )

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {"layers": layer_data(self.layers), "equality": self.equality.data()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotIdentifiableCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"layers", "equality"}, "expected the keys 'layers' and 'equality'")
        require(isinstance(data["equality"], dict), "equality is not an object")
        equality = EqualityCertificate.from_data(data["equality"])
        return cls(layers(data["layers"], "layers"), equality)


@dataclass(frozen=True, repr=False)
class UniqueShallowCertificate(Proof):
    """The claim that a network with one hidden layer is the only one with its function.

    It carries no data.  A network of width H + |J| + 2k reads the hyperplanes in S on their other
    side and those in J on both, and has k invisible ones (see `shallow_width`); different (S, J)
    are different networks, and k > 0 leaves free parameters.  So it is the only one of its width
    iff one (S, J) is possible in all, with k = 0, and no narrower network exists.
    """

    claim: ClassVar[str] = "identifiable with one hidden layer"
    statement: ClassVar[str] = (
        "the function determines the parameters, up to permutation and positive scaling"
    )

    def check(self, f: Any) -> bool:
        """Whether a network with at most one hidden layer is the only one of its architecture.

        Args:
            f: A network as plain data (see `plain`).

        Guarantees:
            True proves it.  False says that it is not, or that f has more hidden layers.

        Cost: that of `ShallowWidthCertificate.check`.
        """
        if not hasattr(f, "layers"):
            return False
        try:
            layer_rows(f)
        except CertificateError:
            return False
        if len(f.layers) == 1:
            return True
        if len(f.layers) != 2:
            return False
        terms, linear = normal_form(f.layers)
        extra = len(f.layers[0][1]) - len(terms)
        found = 0
        for size in range(min(extra, len(terms)) + 1):
            for doubled in combinations(range(len(terms)), size):
                isolated, families = _count(terms, linear, doubled, extra - size)
                if families:
                    return False
                if isolated and size < extra:
                    return False  # a narrower network, and free neurons beside it
                found += isolated
        return found == 1

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> UniqueShallowCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(not data, "expected no further keys")
        return cls()


def _count(
    terms: list[Term], linear: Matrix, doubled: tuple[int, ...], room: int
) -> tuple[int, bool]:
    """How many S leave nothing modulo the doubled normals, and whether some S leaves little.

    Little is a rank of at most room/2, but not 0.
    """
    start, steps, width = coordinates_modulo(terms, linear, doubled)
    if room < 2:
        half = len(steps) // 2
        first = Counter(partial_sums(start, steps[:half]))
        zero = tuple(0 * entry for entry in start)
        others = partial_sums(zero, steps[half:])
        return sum(first[tuple(-entry for entry in total)] for total in others), False
    isolated = 0
    for total in partial_sums(start, steps):
        size = rank([total[k : k + width] for k in range(0, len(total), width or 1)])
        isolated += size == 0
        if 0 < size <= room // 2:
            return isolated, True
    return isolated, False
