"""One hidden layer is decided completely, so it is excluded by its own certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from tropnet.certificates.plain import require
from tropnet.certificates.shallow import NotShallowCertificate
from tropnet.certificates.shallow_width import ShallowWidthCertificate


@dataclass(frozen=True)
class NotShallow:
    """No network with one hidden layer, of whatever width, is the function.

    Attributes:
        proof: A hyperplane with two weights.
    """

    reason: ClassVar[str] = "not one hidden layer"

    proof: NotShallowCertificate

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return "no network with one hidden layer is the function"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) <= 3

    def check(self, f: Any) -> bool:
        """Whether the proof holds."""
        return self.proof.check(f)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"proof": self.proof.data()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> NotShallow:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        return cls(NotShallowCertificate.from_data(_proof(data)))


@dataclass(frozen=True)
class ShallowWidth:
    """The width of the narrowest network with one hidden layer.

    Attributes:
        proof: That network, and the proof that it is the function; that none is narrower is
            searched for again by `check`.
    """

    reason: ClassVar[str] = "width of one hidden layer"

    proof: ShallowWidthCertificate

    @property
    def _width(self) -> int:
        return len(self.proof.layers[0][1]) if len(self.proof.layers) > 1 else 0

    @property
    def statement(self) -> str:
        """What it says about the function."""
        return f"with one hidden layer it takes {self._width} neurons"

    def excludes(self, architecture: tuple[int, ...]) -> bool:
        """Whether no network of an architecture is the function."""
        return len(architecture) == 3 and architecture[1] < self._width

    def check(self, f: Any) -> bool:
        """Whether the proof holds."""
        return self.proof.check(f)

    def data(self) -> dict[str, Any]:
        """The exclusion as plain JSON data."""
        return {"proof": self.proof.data()}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> ShallowWidth:
        """The exclusion from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        return cls(ShallowWidthCertificate.from_data(_proof(data)))


def _proof(data: dict[str, Any]) -> dict[str, Any]:
    require(set(data) == {"proof"}, "expected the key 'proof'")
    require(isinstance(data["proof"], dict), "the proof is not an object")
    proof: dict[str, Any] = data["proof"]
    return proof
