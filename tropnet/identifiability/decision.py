"""Whether a function determines the parameters of a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from tropnet.certificates.answer import Answer, Verdict
from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.identifiability import (
    NotIdentifiableCertificate,
    UniqueShallowCertificate,
)
from tropnet.certificates.unique_transversal import UniqueTransversalCertificate
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.equivalence import decide_equivalence
from tropnet.comparison.shallow_networks.representations import (
    ShallowRepresentations,
    shallow_representations,
)
from tropnet.errors import BudgetExceededError, InvalidInputError, TropnetError
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.recovery import recover_parameters
from tropnet.identifiability.second_networks import padded, second_network
from tropnet.identifiability.uniqueness import uniqueness_certificate
from tropnet.identifiability.visibility import invisible_neurons
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.transversality import is_transversal

_ALL = "all networks of the same architecture, up to permutation and positive scaling"
_VISIBLE = (
    "transversal networks of the same architecture all of whose hidden neurons are visible, up to "
    "permutation and positive scaling"
)
_TRANSVERSAL = (
    "transversal networks of the same architecture, up to permutation and positive scaling"
)
_NEAR = "networks with parameters near these, up to positive scaling"

_Certificate: TypeAlias = (
    UniqueShallowCertificate | UniqueTransversalCertificate | NotIdentifiableCertificate
)

# How many minimal networks with one hidden layer are compared with the given one.
_MEMBERS = 64


@dataclass(frozen=True)
class Identifiability(Answer):
    """The answer of `decide_identifiability`.

    Attributes:
        local: The answer to whether the network is the only one near its own parameters.
    """

    local: Answer = field(default_factory=lambda: Answer(Verdict.UNDECIDED))

    def __repr__(self) -> str:
        local = f"locally {self.local.verdict.value}"
        return f"<Identifiability: {self.verdict.value}, {local}; {self.scope}>"


def decide_identifiability(
    net: ReLUNetwork, *, budget: Budget | None = None, progress: Progress | None = None
) -> Identifiability:
    """Decides whether a network is the only one of its architecture with its function.

    - Without hidden layers it is; with one, all networks are known (`shallow_representations`).
    - With more, a second network is looked for: neurons read on their other side, neurons that do
      not matter, and hidden infinitesimal symmetries that belong to a family.
    - Then, if the network is transversal and its neurons are visible, the transversal networks with
      visible neurons are recovered from the function (`recover_parameters`): with two hidden layers
      all of them; with more, if the network is locally unique, as far as that goes.

    Args:
        net: Any network.
        budget: Limits on the regions and choices looked at.
        progress: Called with the number of them so far.

    Returns:
        PROVED, within ``scope``; REFUTED with a second network that is equal and not equivalent, in
        the certificate; or UNDECIDED.  ``local`` is about networks near these parameters: PROVED if
        the functional dimension is P − N.

    Raises:
        InvalidInputError: if it is no network.

    Guarantees:
        Exact.  Never undecided for at most one hidden layer, nor for transversal networks with two
        hidden layers and visible neurons.  With one hidden layer PROVED carries a certificate, with
        two where the neurons are determined by where they bend (then ``scope`` is all transversal
        networks); else the proof that nothing else exists is the search itself.

    References:
        Grillo and Montúfar, *Most ReLU networks admit identifiable parameters*, arXiv 2605.03601.

    >>> flip = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    >>> answer = decide_identifiability(flip)
    >>> answer.verdict, answer.local.verdict, answer.certificate.check(flip)
    (<Verdict.REFUTED: 'refuted'>, <Verdict.PROVED: 'proved'>, True)
    """
    if not isinstance(net, ReLUNetwork):
        raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
    meter = Meter(budget, progress)
    local = Answer(Verdict.UNDECIDED, scope=_NEAR)
    try:
        local = _local(net, meter)
        unique = local.verdict is Verdict.PROVED
        verdict, certificate, scope = _decided(net, unique, meter)
    except BudgetExceededError:
        verdict, certificate, scope = Verdict.UNDECIDED, None, _ALL
    statistics = {"looked at": meter.count}
    return Identifiability(verdict, certificate, {}, scope, statistics, local)


def _local(net: ReLUNetwork, meter: Meter) -> Answer:
    """Whether the functional dimension is as large as it can be."""
    found: FunctionalDimension = functional_dimension(net, budget=meter.remaining())
    meter.add(found.regions_used)
    bounds = {"functional dimension": found.lower_bound, "upper bound": found.upper_bound}
    verdict = Verdict.PROVED if found.is_maximal else Verdict.UNDECIDED
    certificate = found.certificate if found.is_maximal else None
    return Answer(verdict, certificate, bounds, _NEAR)


def _decided(
    net: ReLUNetwork, locally: bool, meter: Meter
) -> tuple[Verdict, _Certificate | None, str]:
    if net.depth == 0:
        return Verdict.PROVED, UniqueShallowCertificate(), _ALL
    if net.depth == 1:
        other = _other_shallow(net, meter)
        if other is None:
            return Verdict.PROVED, UniqueShallowCertificate(), _ALL
        return Verdict.REFUTED, _refutation(net, other), _ALL
    other = second_network(net, meter)
    if other is not None:
        return Verdict.REFUTED, _refutation(net, other), _ALL
    if (
        (net.depth == 2 or locally)
        and is_transversal(net).transversal
        and not invisible_neurons(net)
    ):
        found = recover_parameters(net, net.architecture, budget=meter.remaining())
        meter.add(found.choices)
        for network in found.networks:
            if not decide_equivalence(net, network).equivalent:
                return Verdict.REFUTED, _refutation(net, network), _VISIBLE
        if found.complete and [each.dimension for each in found.components] == [0]:
            unique = uniqueness_certificate(net) if net.depth == 2 else None
            return Verdict.PROVED, unique, _VISIBLE if unique is None else _TRANSVERSAL
    return Verdict.UNDECIDED, None, _ALL


def _other_shallow(net: ReLUNetwork, meter: Meter) -> ReLUNetwork | None:
    """Another network with one hidden layer; None if there is none."""
    found = shallow_representations(net, budget=meter.remaining())
    if found.width is None:
        raise BudgetExceededError("budget: the smallest width is not known", meter.count)
    for other in _others(net, found):
        if not decide_equivalence(net, other).equivalent:
            return other
    return None


def _others(net: ReLUNetwork, found: ShallowRepresentations) -> Iterator[ReLUNetwork]:
    width = net.architecture[1]
    if found.width == width:
        for component in islice(found, _MEMBERS):
            yield component.network
            for step in (1, 2) if component.dimension else ():
                yield component.member(offsets=[step] * component.invisible)
        return
    best = found.best_known
    assert best is not None
    # Whatever the network is, it is not equivalent to all of these.
    for offset in range(3):
        yield padded(best.network, width, offset)


def _refutation(net: ReLUNetwork, other: ReLUNetwork) -> NotIdentifiableCertificate:
    equality = decide_equality(net, other).certificate
    if not isinstance(equality, EqualityCertificate):
        raise TropnetError("internal error: a second network is another function")
    return NotIdentifiableCertificate(other.layers, equality)
