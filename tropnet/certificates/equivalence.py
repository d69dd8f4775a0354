"""Proof that two networks are related by trivial symmetries: the symmetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from tropnet.certificates.plain import Layered, Rows, fractions, layer_rows, positions, require
from tropnet.certificates.records import Proof
from tropnet.errors import CertificateError
from tropnet.exact import Matrix, Vector, format_fraction


@dataclass(frozen=True, repr=False)
class EquivalenceCertificate(Proof):
    """Permutations and positive scalings that turn one network into another.

    Attributes:
        orders: For each hidden layer, its neuron i is neuron orders[i] of the first network …
        factors: … with incoming weights and bias multiplied by factors[i], and outgoing weights
            divided by it.
    """

    claim: ClassVar[str] = "equivalent"

    orders: tuple[tuple[int, ...], ...]
    factors: tuple[Vector, ...]

    def check(self, f: Layered, g: Layered, domain: Any = None) -> bool:
        """Whether they turn f into g, parameter by parameter.

        Args:
            f: A network as plain data (see `plain`).
            g: Another.
            domain: Accepted as by other certificates, and no matter: the claim is about parameters.

        Guarantees:
            True proves that f and g are equivalent, and so equal functions on every domain.
        """
        if not (hasattr(f, "layers") and hasattr(g, "layers")):
            return False
        try:
            first, second = layer_rows(f), layer_rows(g)
        except CertificateError:
            return False
        return self._turns(list(map(_matrix, first)), list(map(_matrix, second)))

    def _turns(self, first: Sequence[Matrix], second: Sequence[Matrix]) -> bool:
        hidden = len(first) - 1
        if {len(second) - 1, len(self.orders), len(self.factors)} != {hidden}:
            return False
        # The constant is one more input, in the first place and with factor 1.
        one = Fraction(1)
        columns = tuple(range(len(first[0][0])))
        scales: Vector = (one,) * len(columns)
        for depth, (matrix, other) in enumerate(zip(first, second, strict=True)):
            width = len(matrix)
            last = depth == hidden
            order = tuple(range(width)) if last else self.orders[depth]
            factors = (one,) * width if last else self.factors[depth]
            if sorted(order) != list(range(width)) or len(factors) != width:
                return False
            if any(factor <= 0 for factor in factors):
                return False
            moved = tuple(
                tuple(factor * matrix[j][i] / s for i, s in zip(columns, scales, strict=True))
                for j, factor in zip(order, factors, strict=True)
            )
            if moved != other:
                return False
            columns, scales = (0, *(1 + j for j in order)), (one, *factors)
        return True

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "orders": [list(order) for order in self.orders],
            "factors": [[format_fraction(factor) for factor in layer] for layer in self.factors],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> EquivalenceCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"orders", "factors"}, "expected the keys 'orders' and 'factors'")
        for name in ("orders", "factors"):
            require(isinstance(data[name], list), "{} is not a list", name)
        return cls(
            tuple(positions(order, "orders") for order in data["orders"]),
            tuple(fractions(layer, "factors") for layer in data["factors"]),
        )


def _matrix(rows: Rows) -> Matrix:
    return tuple(tuple(Fraction(entry, below) for entry in row) for row, below in rows)
