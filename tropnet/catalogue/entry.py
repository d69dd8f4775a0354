"""One proved counterexample: a network with a property, and the proofs."""

from __future__ import annotations

from dataclasses import dataclass

from tropnet.identifiability.families import SymmetryFamily
from tropnet.identifiability.infinitesimal import infinitesimal_symmetries
from tropnet.networks.formulas import formulas
from tropnet.networks.network import ReLUNetwork
from tropnet.search.digests import class_digest, function_digest
from tropnet.search.finding import Finding
from tropnet.search.kinds import KINDS


@dataclass(frozen=True)
class CatalogueEntry:
    """A network that a search has found, with the proofs.

    Attributes:
        name: A short name.
        title: What is special about it, in one line.
        about: More about it, in some sentences.
        found_by: The command that found it; `finding.index` is its number there.
        finding: The network, its partner if it has one, the proofs, and what they prove
            (`finding.kind`).
    """

    name: str
    title: str
    about: str
    found_by: str
    finding: Finding

    @property
    def kind(self) -> str:
        """What it is an example of, one of `search.kinds.KINDS`."""
        return self.finding.kind

    @property
    def network(self) -> ReLUNetwork:
        """The network."""
        return self.finding.network

    @property
    def partner(self) -> ReLUNetwork | None:
        """A second network with the same function; None if the kind is about one only."""
        return self.finding.partner

    @property
    def formula(self) -> str:
        """The network, one line for each neuron that is not written out where it is used.

        >>> from tropnet.catalogue import entry
        >>> entry("triple-flip").formula
        'f = relu(-x - y) + relu(y) + relu(x)'
        """
        return formulas(self.network)

    def check(self) -> bool:
        """Whether all proofs hold and prove what the kind says, without trust in the search."""
        kind, found = KINDS.get(self.kind), self.finding
        return (
            kind is not None
            and kind.verify(found)
            and found.function == function_digest(found.network)
            and found.symmetry_class == class_digest(found.network)
        )

    def family(self) -> SymmetryFamily | None:
        """Networks around `network` that are the same function, along a straight line, proved anew.

        Returns:
            The family of the first hidden symmetry that has one; None if there is none.
        """
        for symmetry in infinitesimal_symmetries(self.network).hidden:
            family = symmetry.integrate().family
            if family is not None:
                return family
        return None
