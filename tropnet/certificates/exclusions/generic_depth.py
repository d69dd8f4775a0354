"""Architectures with too few hidden layers, among transversal representations only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tropnet.certificates.depth import DepthChain
from tropnet.certificates.plain import require


@dataclass(frozen=True)
class GenericDepth:
    """A chain of bends: transversal representations have so many hidden layers at least.

    Attributes:
        chain: The chain.
    """

    reason: ClassVar[str] = "generic depth"

    chain: DepthChain

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return self.chain.statement

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no transversal network of an architecture is the function."""
        return len(architecture) - 2 < self.chain.value

    def check(self, f: Any) -> bool:
        """Whether the chain proves it."""
        return self.chain.check(f)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"chain": self.chain.data()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> GenericDepth:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"chain"}, "expected the key 'chain'")
        require(isinstance(data["chain"], dict), "the chain is not an object")
        return cls(DepthChain.from_data(data["chain"]))
