"""Proof that two functions differ: a point and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tropnet.certificates.plain import Layered, exact_layers, fractions, require, value
from tropnet.exact import Vector, format_fraction


@dataclass(frozen=True)
class InequalityCertificate:
    """A point at which two functions differ.

    Attributes:
        witness: The point.
    """

    claim: ClassVar[str] = "different"

    witness: Vector

    def check(self, f: Layered, g: Layered) -> bool:
        """Whether the functions differ at the point, by exact evaluation of both.

        Guarantees:
            True proves that f and g are different functions.
        """
        layers = [exact_layers(net) for net in (f, g)]
        widths = {len(first[0][0][0]) for first in layers}
        outputs = {len(last[-1][1]) for last in layers}
        if widths != {len(self.witness)} or len(outputs) != 1:
            return False
        first, second = (value(net, self.witness) for net in layers)
        return first != second

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {"witness": [format_fraction(entry) for entry in self.witness]}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> InequalityCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"witness"}, "expected exactly the key 'witness'")
        return cls(fractions(data["witness"], "witness"))
