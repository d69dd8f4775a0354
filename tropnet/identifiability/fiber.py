"""All networks of an architecture that are the same function, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.records import Record
from tropnet.comparison.equivalence import decide_equivalence
from tropnet.comparison.shallow_networks.component import ShallowComponent
from tropnet.comparison.shallow_networks.representations import shallow_representations
from tropnet.errors import InvalidInputError
from tropnet.identifiability.dimension import functional_dimension
from tropnet.identifiability.infinitesimal import infinitesimal_symmetries
from tropnet.identifiability.recovery import recover_parameters
from tropnet.identifiability.visibility import invisible_neurons
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.transversality import is_transversal

_ALL = "all networks of the same architecture"
_VISIBLE = "transversal networks of the same architecture all of whose hidden neurons are visible"


@dataclass(frozen=True)
class FiberComponent(Record):
    """Networks with the same function that depend on some free parameters.

    Attributes:
        network: One of them.
        dimension: The number of free parameters beyond permutation and positive scaling; None if
            it is not known.
        description: What is free.
    """

    network: ReLUNetwork
    dimension: int | None
    description: str


@dataclass(frozen=True)
class Fiber(Record):
    """The networks of an architecture that are a given function.

    Attributes:
        components: Disjoint sets of them.
        complete: Whether every network in `scope` belongs to one of the components.
        scope: Which networks are meant.
        reason: Why it is not known to be complete; None if it is.
    """

    components: tuple[FiberComponent, ...]
    complete: bool
    scope: str
    reason: str | None = None

    def __len__(self) -> int:
        """The number of components."""
        return len(self.components)


def fiber(
    net: ReLUNetwork,
    *,
    most: int = 1000,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> Fiber:
    """The networks of the architecture of a network that have its function.

    Args:
        net: Any network.
        most: How many components to list.
        budget: Limits on the work.
        progress: Called with the number of regions and choices looked at.

    Returns:
        The fibre up to permutation and positive scaling: complete, over all networks, for minimal
        networks with one hidden layer; complete among transversal networks with visible neurons for
        such networks with two hidden layers; what `recover_parameters` finds for such networks with
        more; else what is known around the network.

    Raises:
        InvalidInputError: if it is no network.
        BudgetExceededError: when the budget runs out.

    Guarantees:
        All networks listed are equal to the given one.  ``complete`` is only said where it is
        proved.

    >>> flip = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    >>> fibre = fiber(flip)
    >>> len(fibre), fibre.complete, fibre.components[0].dimension
    (2, True, 0)
    """
    if not isinstance(net, ReLUNetwork):
        raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
    meter = Meter(budget, progress)
    if net.depth == 0:
        return Fiber((FiberComponent(net, 0, "the parameters are the function"),), True, _ALL)
    if net.depth == 1:
        return _shallow(net, most, meter)
    if is_transversal(net).transversal and not invisible_neurons(net):
        found = recover_parameters(net, net.architecture, budget=meter.remaining())
        components = [
            FiberComponent(each.network, each.dimension, each.description)
            for each in found.components
        ]
        # With more than two hidden layers the network itself need not be among them.
        if net.depth > 2 and not any(
            decide_equivalence(net, network).equivalent for network in found.networks
        ):
            components.insert(0, _around(net, meter))
        return Fiber(tuple(components), found.complete, _VISIBLE, found.reason)
    return Fiber((_around(net, meter),), False, _ALL, "only what is near the network is known")


def _shallow(net: ReLUNetwork, most: int, meter: Meter) -> Fiber:
    found = shallow_representations(net, budget=meter.remaining())
    if found.width != net.architecture[1]:
        why = f"the network is not minimal: one hidden layer of {found.width} neurons will do"
        return Fiber((_around(net, meter),), False, _ALL, why)
    listed = list(islice(found, most + 1))
    components = tuple(
        FiberComponent(each.network, each.dimension, _described(each)) for each in listed[:most]
    )
    reason = f"there are more than {most} components" if len(listed) > most else None
    return Fiber(components, reason is None, _ALL, reason)


def _described(component: ShallowComponent) -> str:
    sides = f"neurons read on their other side: {len(component.flipped)}"
    doubled = f"hyperplanes read on both sides: {len(component.doubled)}"
    return f"{sides}; {doubled}; invisible hyperplanes: {component.invisible}"


def _around(net: ReLUNetwork, meter: Meter) -> FiberComponent:
    """The networks near a network."""
    found = functional_dimension(net, budget=meter.remaining())
    if found.value is None:
        return FiberComponent(net, None, f"unknown: {found.reason}")
    if found.is_maximal:
        return FiberComponent(net, 0, "isolated, up to permutation and positive scaling")
    texts = [symmetry.description for symmetry in infinitesimal_symmetries(net).hidden]
    return FiberComponent(net, None, "first-order directions: " + " | ".join(texts))
