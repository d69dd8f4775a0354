"""Explicit parameters that a function determines, for every architecture that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, pairwise
from random import Random

from tropnet.certificates.answer import Answer, Verdict
from tropnet.certificates.records import Record
from tropnet.identifiability.decision import decide_identifiability
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.maximal import check_widths, maximal_network
from tropnet.identifiability.visibility import invisible_neurons
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.transversality import is_transversal


@dataclass(frozen=True)
class IdentifiableNetwork(Record):
    """A network that its function determines, as far as is proved.

    Attributes:
        network: The network.
        dimension: Its functional dimension, P − N, with a certificate: it is locally unique.
        identifiability: The answer of `decide_identifiability`: PROVED if it is the only one in
            its scope; UNDECIDED where parameters cannot be recovered.
    """

    network: ReLUNetwork
    dimension: FunctionalDimension
    identifiability: Answer

    @property
    def scope(self) -> str:
        """Among which networks it is the only one with its function."""
        if self.identifiability.verdict is Verdict.PROVED:
            return self.identifiability.scope
        return "networks with parameters near these, up to positive scaling"


def identifiable_network(architecture: Sequence[int]) -> IdentifiableNetwork:
    """Explicit small rational parameters that are determined by their function.

    Args:
        architecture: The widths (inputs, hidden layers …, outputs).  All but the last must be at
            least 2.

    Returns:
        The network, the same at every call; that its functional dimension is P − N; and that it is
        the only one with its function, up to permutation and positive scaling: among all networks
        of the architecture for one hidden layer, among transversal ones with visible neurons for
        two and, where `recover_parameters` is complete, more; near its own parameters for others
        (see ``scope``).

    Raises:
        InvalidInputError: if the architecture is none, or has a width of 1 before the outputs.

    Guarantees:
        All that is claimed is proved for the network that is returned.  That the search ends is
        not, though the theorem says that an open set of parameters is identifiable.

    Cost: a fraction of a second to some seconds for widths up to 4.

    References:
        Grillo and Montúfar, *Most ReLU networks admit identifiable parameters*, arXiv 2605.03601.

    >>> found = identifiable_network((2, 3, 2, 1))
    >>> found.dimension.is_maximal, found.identifiability.verdict
    (True, <Verdict.PROVED: 'proved'>)
    """
    widths = check_widths(architecture)
    depth = len(widths) - 2
    if depth > 2 or (depth == 2 and widths[-1] > 1):
        found = maximal_network(widths)
        return _with_answer(found.network, found.dimension)
    for seed in count():
        net = _candidate(widths, seed)
        dimension = functional_dimension(net)
        if not dimension.is_maximal or not is_transversal(net).transversal:
            continue
        if invisible_neurons(net):
            continue
        answer = _with_answer(net, dimension)
        if answer.identifiability.verdict is Verdict.PROVED:
            return answer
    raise AssertionError("unreachable")


def _with_answer(net: ReLUNetwork, dimension: FunctionalDimension) -> IdentifiableNetwork:
    return IdentifiableNetwork(net, dimension, decide_identifiability(net))


def _candidate(widths: Sequence[int], seed: int) -> ReLUNetwork:
    """Random parameters k/4 with |k| ≤ 12."""
    random = Random(seed)

    def vector(length: int) -> list[Fraction]:
        return [Fraction(random.randint(-12, 12), 4) for _ in range(length)]

    return ReLUNetwork([([vector(a) for _ in range(b)], vector(b)) for a, b in pairwise(widths)])
