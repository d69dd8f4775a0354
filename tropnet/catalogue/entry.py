"""One proved counterexample: a network, a second one with the same function, and the proofs."""

from __future__ import annotations

from dataclasses import dataclass, field

from tropnet.certificates.budget import Meter
from tropnet.certificates.dimension import Direction
from tropnet.certificates.minimality import MinimalityCertificate
from tropnet.certificates.serialization import Certificate, FunctionCertificate
from tropnet.certificates.shallow_width import ShallowWidthCertificate
from tropnet.identifiability.families import SymmetryFamily, straight_line
from tropnet.networks.network import ReLUNetwork


@dataclass(frozen=True)
class CatalogueEntry:
    """A minimal network that is not identifiable.

    Attributes:
        name: A short name.
        title: The function, or what is special about it, in one line.
        about: Why it is so, in some sentences.
        found_by: How it was found, so that one can look for more.
        network: The network.
        partner: A network of the same architecture with the same function, not equivalent to it.
        equality: The proof that both are the same function.
        inequivalence: The proof that permutation and positive scaling do not turn one into the
            other.
        minimality: The proof that `network`, and so `partner`, is minimal (see `decide_minimality`,
            and its scope); for an affine function, that one hidden layer cannot be narrower.
        direction: A direction of parameters along which `network` stays the same function; empty
            if none is part of the entry.
    """

    name: str
    title: str
    about: str
    found_by: str
    network: ReLUNetwork
    partner: ReLUNetwork
    equality: Certificate = field(repr=False)
    inequivalence: Certificate = field(repr=False)
    minimality: FunctionCertificate = field(repr=False)
    direction: Direction = ()

    def check(self) -> bool:
        """Whether all three proofs hold, verified without the searches that found them."""
        return (
            (self.equality.claim, self.inequivalence.claim) == ("equal", "not equivalent")
            and self._is_minimal()
            and self.equality.check(self.network, self.partner)
            and self.inequivalence.check(self.network, self.partner)
        )

    def _is_minimal(self) -> bool:
        if isinstance(self.minimality, ShallowWidthCertificate):
            (weight, _), *_ = self.minimality.layers
            if self.network.depth != 1 or len(weight) != len(self.network.layers[0].weight):
                return False
        elif not isinstance(self.minimality, MinimalityCertificate):
            return False
        return self.minimality.check(self.network)

    def family(self) -> SymmetryFamily | None:
        """The networks along `direction` that are the same function, proved anew.

        Returns:
            The family; None if the entry names no direction.
        """
        if not self.direction:
            return None
        return straight_line(self.network, self.direction, Meter(None, None)).family
