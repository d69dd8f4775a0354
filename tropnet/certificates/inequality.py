"""Proof that two functions differ: a point and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tropnet.certificates.domain import exact_domain, is_inside
from tropnet.certificates.plain import fractions, input_width, require, value
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError
from tropnet.exact import Vector, format_fraction


@dataclass(frozen=True, repr=False)
class InequalityCertificate(Proof):
    """A point at which two functions differ.

    Attributes:
        witness: The point.
    """

    claim: ClassVar[str] = "different"

    witness: Vector

    def check(self, f: Any, g: Any, domain: Any = None) -> bool:
        """Whether the functions differ at the point, by exact evaluation of both.

        Args:
            f: A function as plain data (see `plain`).
            g: Another.
            domain: Where the reader wants them to differ (see `domain.exact_domain`): the point
                must be there.  Default: anywhere.

        Raises:
            InvalidInputError: if the domain is none in the space of the functions' inputs.

        Guarantees:
            True proves that f and g are different functions, on the domain if one is given.
        """
        try:
            inputs = input_width(f)
            if {inputs, input_width(g)} != {len(self.witness)}:
                return False
            if domain is not None and not is_inside(self.witness, exact_domain(domain, inputs)):
                return False
            first, second = value(f, self.witness), value(g, self.witness)
        except CertificateError:
            return False
        return len(first) == len(second) and first != second

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
