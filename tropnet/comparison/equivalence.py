"""Deciding whether two networks are related by permutation and positive scaling."""

from __future__ import annotations

from dataclasses import dataclass

from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.inequivalence import InequivalenceCertificate
from tropnet.certificates.records import Record
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.symmetries import canonical_form


@dataclass(frozen=True)
class Equivalence(Record):
    """The answer of `decide_equivalence`.

    Attributes:
        equivalent: Whether the networks are related by trivial symmetries.
        permutations: For each hidden layer the order to permute the first network by; None if
            they are not equivalent.
        factors: For each hidden layer the factors to rescale it by after that, or None.
        reason: Why they are not equivalent, None if they are.
        certificate: The answer as a proof that checks by itself; None if they are not equivalent
            and a hidden neuron has no weights and no bias at all.
    """

    equivalent: bool
    permutations: tuple[tuple[int, ...], ...] | None = None
    factors: tuple[Vector, ...] | None = None
    reason: str | None = None
    certificate: EquivalenceCertificate | InequivalenceCertificate | None = None

    def __bool__(self) -> bool:
        raise TypeError("an Equivalence is not a truth value; ask for .equivalent")


def decide_equivalence(net1: ReLUNetwork, net2: ReLUNetwork) -> Equivalence:
    """Decides whether two networks are the same up to permutation and positive scaling.

    These trivial symmetries permute the neurons of a hidden layer, and multiply a neuron's
    incoming weights and bias by some λ > 0 and its outgoing weights by 1/λ.  Equivalent networks
    are equal functions; the converse is false.

    Returns:
        An `Equivalence` with the permutations and factors that turn `net1` into `net2`, or the
        reason why there are none.

    Guarantees:
        Both answers are exact, for any network, ties and dead neurons included.

    >>> net = ReLUNetwork([([[1], [-2]], [0, 3]), ([[5, 7]], [0])])
    >>> answer = decide_equivalence(net, net.permute(1, (1, 0)).rescale(1, (3, "1/2")))
    >>> answer.equivalent, answer.permutations, answer.factors
    (True, ((1, 0),), ((Fraction(3, 1), Fraction(1, 2)),))
    >>> decide_equivalence(net, 2 * net).reason
    'the output layer differs after the hidden layers are matched'
    """
    for name, net in (("net1", net1), ("net2", net2)):
        if not isinstance(net, ReLUNetwork):
            raise InvalidInputError(f"{name}: expected a ReLUNetwork, got {type(net).__name__}")
    if net1.architecture != net2.architecture:
        first, second = ("-".join(map(str, net.architecture)) for net in (net1, net2))
        return _inequivalent(net1, net2, f"the architectures {first} and {second} differ")
    one, two = canonical_form(net1), canonical_form(net2)
    if one.network != two.network:
        return _inequivalent(net1, net2, _reason(one.network, two.network))
    orders, factors = [], []
    for order, back, up, down in zip(one.orders, two.orders, one.factors, two.factors, strict=True):
        # Position p of both canonical networks is neuron order[p] of one and back[p] of the other.
        place = {neuron: p for p, neuron in enumerate(back)}
        orders.append(tuple(order[place[j]] for j in range(len(back))))
        factors.append(tuple(up[place[j]] / down[place[j]] for j in range(len(back))))
    proof = EquivalenceCertificate(tuple(orders), tuple(factors))
    return Equivalence(True, proof.orders, proof.factors, certificate=proof)


def _inequivalent(net1: ReLUNetwork, net2: ReLUNetwork, reason: str) -> Equivalence:
    silent = any(
        not any((*row, constant))
        for net in (net1, net2)
        for weight, bias in net.layers[:-1]
        for row, constant in zip(weight, bias, strict=True)
    )
    proof = None if silent else InequivalenceCertificate()
    return Equivalence(False, reason=reason, certificate=proof)


def _reason(one: ReLUNetwork, two: ReLUNetwork) -> str:
    """Where two canonical networks first differ."""
    for number, (first, second) in enumerate(zip(one.layers, two.layers, strict=True), 1):
        if first == second:
            continue
        if number == len(one.layers):
            return "the output layer differs after the hidden layers are matched"
        return f"hidden layer {number}: no matching of its neurons fits their weights"
    raise AssertionError("equal networks")
