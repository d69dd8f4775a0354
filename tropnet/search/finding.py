"""What a search has found, with the proofs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from tropnet.certificates.json_fields import layer_data
from tropnet.certificates.records import Record
from tropnet.certificates.serialization import (
    AnyCertificate,
    FunctionCertificate,
    certificate_from_json,
    certificate_to_json,
)
from tropnet.errors import CertificateError, InvalidInputError
from tropnet.networks.network import ReLUNetwork

Fact: TypeAlias = str | int | bool | None
"""What can stand beside the proofs of a finding."""


@dataclass(frozen=True)
class Finding(Record):
    """A network with a property, and the proofs.

    Attributes:
        network: The network.
        proofs: Certificates by name; those about two functions are about `network` and `partner`.
        partner: A second network, if the property is about one.
        facts: Numbers and words in addition.
        kind: What was searched for; filled in by the search, like all that follows.
        index: The number of the network in its generator.
        function: The digest of the function.
        symmetry_class: The digest of the network up to permutation and positive scaling.
    """

    network: ReLUNetwork
    proofs: Mapping[str, AnyCertificate] = field(default_factory=dict, repr=False)
    partner: ReLUNetwork | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    kind: str = ""
    index: int = -1
    function: str = ""
    symmetry_class: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.network, ReLUNetwork):
            raise InvalidInputError("finding: its network is no ReLUNetwork")
        for name, fact in self.facts.items():
            if not isinstance(fact, (str, int, bool, type(None))):
                raise InvalidInputError(
                    f"finding: the fact {name!r} is a {type(fact).__name__}; expected a str, an "
                    "int, a bool or None"
                )

    def proofs_hold(self) -> bool:
        """Whether every certificate proves its claim."""
        return all(map(self._holds, self.proofs.values()))

    def _holds(self, proof: AnyCertificate) -> bool:
        if isinstance(proof, FunctionCertificate):
            return proof.check(self.network)
        return self.partner is not None and proof.check(self.network, self.partner)

    @property
    def key(self) -> tuple[str, str]:
        """Two findings with the same key are about the same function and the same network."""
        return self.function, self.symmetry_class

    def data(self) -> dict[str, Any]:
        """The finding as plain JSON data."""
        partner = None if self.partner is None else layer_data(self.partner.layers)
        return {
            "kind": self.kind,
            "architecture": list(self.network.architecture),
            "index": self.index,
            "function": self.function,
            "class": self.symmetry_class,
            "network": layer_data(self.network.layers),
            "partner": partner,
            "facts": dict(self.facts),
            "proofs": {
                name: json.loads(certificate_to_json(proof)) for name, proof in self.proofs.items()
            },
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Finding:
        """The finding from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        try:
            partner = data["partner"]
            return cls(
                _network(data["network"]),
                {
                    name: certificate_from_json(json.dumps(proof))
                    for name, proof in data["proofs"].items()
                },
                None if partner is None else _network(partner),
                dict(data["facts"]),
                data["kind"],
                data["index"],
                data["function"],
                data["class"],
            )
        except (KeyError, TypeError, AttributeError, InvalidInputError) as error:
            raise CertificateError(f"finding: malformed ({error!r})") from None

    def labelled(self, kind: str, index: int, function: str, symmetry_class: str) -> Finding:
        """The finding with what a search knows about it."""
        return replace(
            self,
            kind=kind,
            index=index,
            function=function,
            symmetry_class=symmetry_class,
        )


def _network(layers: list[dict[str, Any]]) -> ReLUNetwork:
    return ReLUNetwork([(layer["weight"], layer["bias"]) for layer in layers])
