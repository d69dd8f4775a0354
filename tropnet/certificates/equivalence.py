"""Proof that two networks are related by trivial symmetries: the symmetry."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from tropnet.certificates.plain import Layered, exact_layers, fractions, positions, require
from tropnet.exact import Vector, format_fraction


@dataclass(frozen=True)
class EquivalenceCertificate:
    """Permutations and positive scalings that turn one network into another.

    Attributes:
        orders: For each hidden layer, its neuron i is neuron orders[i] of the first network …
        factors: … with incoming weights and bias multiplied by factors[i], and outgoing weights
            divided by it.
    """

    claim: ClassVar[str] = "equivalent"

    orders: tuple[tuple[int, ...], ...]
    factors: tuple[Vector, ...]

    def check(self, f: Layered, g: Layered) -> bool:
        """Whether they turn f into g, parameter by parameter.

        Guarantees:
            True proves that f and g are equivalent, and so equal functions.
        """
        if not (hasattr(f, "layers") and hasattr(g, "layers")):
            return False
        first, second = exact_layers(f), exact_layers(g)
        hidden = len(first) - 1
        if {len(second) - 1, len(self.orders), len(self.factors)} != {hidden}:
            return False
        inputs = len(first[0][0][0])
        if len(second[0][0][0]) != inputs:
            return False
        before, scales = tuple(range(inputs)), (Fraction(1),) * inputs
        for depth, ((weight, bias), other) in enumerate(zip(first, second, strict=True)):
            width = len(bias)
            last = depth == hidden
            order = tuple(range(width)) if last else self.orders[depth]
            factors = (Fraction(1),) * width if last else self.factors[depth]
            if sorted(order) != list(range(width)) or len(factors) != width:
                return False
            if any(factor <= 0 for factor in factors):
                return False
            moved = tuple(
                tuple(factor * weight[j][i] / s for i, s in zip(before, scales, strict=True))
                for j, factor in zip(order, factors, strict=True)
            )
            if (moved, tuple(f * bias[j] for j, f in zip(order, factors, strict=True))) != other:
                return False
            before, scales = order, factors
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
            require(isinstance(data[name], list), f"{name} is not a list")
        return cls(
            tuple(positions(order, "orders") for order in data["orders"]),
            tuple(fractions(layer, "factors") for layer in data["factors"]),
        )
