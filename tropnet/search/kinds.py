"""What can be searched for.

A kind finds a property of a network, with proofs, and verifies a finding without the search that
made it: all certificates must hold, and be about what the kind says.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tropnet.certificates.answer import Verdict
from tropnet.certificates.budget import Budget
from tropnet.certificates.dimension import DimensionCertificate
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.identifiability import NotIdentifiableCertificate
from tropnet.certificates.minimality import MinimalityCertificate
from tropnet.certificates.serialization import AnyCertificate
from tropnet.certificates.shallow_width import ShallowWidthCertificate
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.minimality import decide_minimality
from tropnet.comparison.shallow_networks.minimal import minimal_shallow_network
from tropnet.comparison.shallow_networks.representations import shallow_representations
from tropnet.comparison.simplification import simplify
from tropnet.errors import InvalidInputError
from tropnet.identifiability.decision import decide_identifiability
from tropnet.identifiability.dimension import functional_dimension
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions
from tropnet.search.finding import Fact, Finding

Find: TypeAlias = Callable[[ReLUNetwork, Budget | None], Finding | None]
Verify: TypeAlias = Callable[[Finding], bool]


@dataclass(frozen=True)
class Kind:
    """A property of networks that can be searched for.

    Attributes:
        name: Its name.
        about: What it is.
        find: Returns a finding, or None if the network does not have the property or it is not
            decided.
        verify: Whether the proofs of a finding prove the property.
    """

    name: str
    about: str
    find: Find
    verify: Verify


def load_kind(kind: str | Callable[[ReLUNetwork], object]) -> Kind:
    """The kind with a name, or one's own: a function, or its name as "module:function".

    The function takes a network and returns a `Finding`, a mapping of facts to be kept with the
    network, or None.  A finding is verified by its certificates; if it has none, by calling the
    function again.

    Raises:
        InvalidInputError: if there is none.

    >>> load_kind("hidden_symmetry").about
    'functional dimension < parameters - hidden neurons'
    """
    if callable(kind):
        return _own(f"{kind.__module__}:{getattr(kind, '__qualname__', 'predicate')}", kind)
    if kind in KINDS:
        return KINDS[kind]
    module, colon, name = kind.partition(":")
    if not colon:
        raise InvalidInputError(
            f"kind: {kind!r} is none of {', '.join(sorted(KINDS))}, nor module:function"
        )
    try:
        function = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise InvalidInputError(f"kind: cannot import {kind!r} ({error})") from None
    if not callable(function):
        raise InvalidInputError(f"kind: {kind!r} is no function")
    return _own(kind, function)


def _own(name: str, function: Callable[[ReLUNetwork], object]) -> Kind:
    predicate = OwnPredicate(name, function)
    return Kind(name, "a predicate of one's own", predicate.find, predicate.verify)


@dataclass(frozen=True)
class OwnPredicate:
    """A function from networks to findings, as a kind."""

    name: str
    function: Callable[[ReLUNetwork], object]

    def find(self, net: ReLUNetwork, _budget: Budget | None) -> Finding | None:
        """What the function finds."""
        found = self.function(net)
        if found is None or isinstance(found, Finding):
            return found
        if isinstance(found, Mapping):
            return Finding(net, facts=dict(found))
        raise InvalidInputError(
            f"kind: {self.name} returned a {type(found).__name__}; expected a Finding, a mapping "
            "of facts or None"
        )

    def verify(self, finding: Finding) -> bool:
        """Whether the certificates hold; without any, whether the function finds the same again."""
        if finding.proofs:
            return finding.proofs_hold()
        again = self.find(finding.network, None)
        return again is not None and dict(again.facts) == dict(finding.facts)


def _hidden_symmetry(net: ReLUNetwork, budget: Budget | None) -> Finding | None:
    found = functional_dimension(net, budget=budget)
    if found.value is None or found.is_maximal:
        return None
    facts = {"functional_dimension": found.value, "upper_bound": found.upper_bound}
    return Finding(net, {"dimension": found.certificate}, facts=facts)


def _is_hidden_symmetry(finding: Finding) -> bool:
    proof = finding.proofs.get("dimension")
    net = finding.network
    return (
        isinstance(proof, DimensionCertificate)
        and proof.is_exact
        and proof.value is not None
        and proof.value < net.parameter_count - net.hidden_neuron_count
        and finding.proofs_hold()
    )


def _non_identifiable_minimal(net: ReLUNetwork, budget: Budget | None) -> Finding | None:
    second = decide_identifiability(net, budget=budget)
    if not isinstance(second.certificate, NotIdentifiableCertificate):
        return None
    minimal = decide_minimality(net, budget=budget)
    if minimal.verdict is not Verdict.PROVED or minimal.certificate is None:
        return None
    proofs: dict[str, AnyCertificate] = {
        "identifiability": second.certificate,
        "minimality": minimal.certificate,
    }
    facts: dict[str, Fact] = {"minimality_scope": minimal.scope}
    return Finding(net, proofs, ReLUNetwork(second.certificate.layers), facts)


def _is_non_identifiable_minimal(finding: Finding) -> bool:
    return (
        _has_partner(finding)
        and isinstance(finding.proofs.get("minimality"), MinimalityCertificate)
        and finding.proofs_hold()
    )


def _has_partner(finding: Finding) -> bool:
    """Whether the partner is the second network that a proof is about."""
    proof = finding.proofs.get("identifiability")
    return (
        isinstance(proof, NotIdentifiableCertificate)
        and finding.partner is not None
        and finding.partner == ReLUNetwork(proof.layers)
    )


def _depth_collapse(net: ReLUNetwork, budget: Budget | None) -> Finding | None:
    if not net.depth or not _every_layer_bends(net):
        return None
    for shallower in (minimal_shallow_network(net, budget=budget).network, simplify(net).network):
        if shallower is not None and shallower.depth < net.depth:
            equality = decide_equality(net, shallower, budget=budget).certificate
            if isinstance(equality, EqualityCertificate):
                facts: dict[str, Fact] = {"depth": net.depth, "enough": shallower.depth}
                return Finding(net, {"equality": equality}, shallower, facts)
    return None


def _is_depth_collapse(finding: Finding) -> bool:
    return (
        isinstance(finding.proofs.get("equality"), EqualityCertificate)
        and finding.partner is not None
        and finding.partner.depth < finding.network.depth
        and _every_layer_bends(finding.network)
        and finding.proofs_hold()
    )


def _every_layer_bends(net: ReLUNetwork) -> bool:
    """Whether in every hidden layer some neuron is active in one region and not in another."""
    seen: list[list[set[int]]] = [[set() for _ in range(width)] for width in net.architecture[1:-1]]
    for region in activation_regions(net):
        for layer, signs in zip(seen, region.pattern, strict=True):
            for neuron, sign in zip(layer, signs, strict=True):
                neuron.add(sign)
    return all(any({1, -1} <= neuron for neuron in layer) for layer in seen)


def _shallow_orbits(net: ReLUNetwork, budget: Budget | None) -> Finding | None:
    if not net.depth:
        return None
    found = shallow_representations(net, budget=budget)
    if found.width is None or (net.depth == 1 and found.width != net.architecture[1]):
        return None
    count = found.count
    families = sum(count.families.values())
    if count.isolated + families < 2 and not families:
        return None
    minimal = minimal_shallow_network(net, budget=budget)
    shallow = net if net.depth == 1 else minimal.network
    if shallow is None:
        return None
    second = decide_identifiability(shallow, budget=budget)
    width = minimal.certificate
    if not isinstance(second.certificate, NotIdentifiableCertificate) or width is None:
        return None
    facts = {"isolated": count.isolated, "families": families}
    proofs: dict[str, AnyCertificate] = {"identifiability": second.certificate, "minimality": width}
    return Finding(shallow, proofs, ReLUNetwork(second.certificate.layers), facts)


def _is_shallow_orbits(finding: Finding) -> bool:
    width = finding.proofs.get("minimality")
    return (
        finding.network.depth == 1
        and _has_partner(finding)
        and isinstance(width, ShallowWidthCertificate)
        and len(width.layers[0][0]) == finding.network.architecture[1]
        and finding.proofs_hold()
    )


def _locally_unique_only(net: ReLUNetwork, budget: Budget | None) -> Finding | None:
    dimension = functional_dimension(net, budget=budget)
    if not dimension.is_maximal:
        return None
    second = decide_identifiability(net, budget=budget)
    if not isinstance(second.certificate, NotIdentifiableCertificate):
        return None
    proofs: dict[str, AnyCertificate] = {
        "dimension": dimension.certificate,
        "identifiability": second.certificate,
    }
    facts = {"functional_dimension": dimension.value}
    return Finding(net, proofs, ReLUNetwork(second.certificate.layers), facts)


def _is_locally_unique_only(finding: Finding) -> bool:
    proof = finding.proofs.get("dimension")
    net = finding.network
    return (
        _has_partner(finding)
        and isinstance(proof, DimensionCertificate)
        and proof.value == net.parameter_count - net.hidden_neuron_count
        and finding.proofs_hold()
    )


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "non_identifiable_minimal",
            "minimal, with a partner that is equal and not equivalent",
            _non_identifiable_minimal,
            _is_non_identifiable_minimal,
        ),
        Kind(
            "hidden_symmetry",
            "functional dimension < parameters - hidden neurons",
            _hidden_symmetry,
            _is_hidden_symmetry,
        ),
        Kind(
            "depth_collapse",
            "equal to a network with fewer hidden layers, though every layer bends",
            _depth_collapse,
            _is_depth_collapse,
        ),
        Kind(
            "shallow_orbits",
            "several inequivalent minimal networks with one hidden layer are the function",
            _shallow_orbits,
            _is_shallow_orbits,
        ),
        Kind(
            "locally_unique_only",
            "functional dimension = parameters - hidden neurons, yet several orbits",
            _locally_unique_only,
            _is_locally_unique_only,
        ),
    )
}
