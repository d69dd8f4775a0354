"""The infinitesimal symmetries of a network: directions that change nothing to first order."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.dimension import Direction
from tropnet.errors import InvalidInputError
from tropnet.exact import Number, to_fraction
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.directions import describe, moved, sparse
from tropnet.identifiability.families import SymmetryFamily, straight_line
from tropnet.identifiability.obstruction import Obstruction, find_obstruction
from tropnet.identifiability.parameters import scalings
from tropnet.networks.network import ReLUNetwork


class IntegrationKind(Enum):
    """What becomes of an infinitesimal symmetry at finite distance."""

    FAMILY = "family"
    ONE_SIDED = "one-sided family"
    FIRST_ORDER_ONLY = "first-order only"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Integration:
    """What becomes of an infinitesimal symmetry at finite distance.

    Attributes:
        kind: FAMILY if the function stays the same some way along the straight line in both
            directions, ONE_SIDED if it does in one and provably no curve does in the other,
            FIRST_ORDER_ONLY if no curve does in either, UNDECIDED if none of this was found.
        family: The networks along the line, as far as is proved; None if none were found.
        members: Further steps along the line for which the network is proved to be equal.
        obstructions: Why no curve starts in the direction, and in the opposite one; None where
            that is not known.
    """

    kind: IntegrationKind
    family: SymmetryFamily | None
    members: tuple[Fraction, ...]
    obstructions: tuple[Obstruction | None, Obstruction | None]


@dataclass(frozen=True)
class HiddenSymmetry:
    """A direction in the kernel of the Jacobian that is no combination of scalings.

    Attributes:
        net: The network.
        direction: The parameters it moves and at which rates (see `Entry`).

    >>> kink = ReLUNetwork([([[1], [1]], [0, 0]), ([[1, 1]], [0])])          # relu(x) + relu(x)
    >>> for symmetry in infinitesimal_symmetries(kink).hidden:
    ...     print(symmetry.description, "--", symmetry.integrate().kind.value)
    layer 1: bias of neuron 0 by -1, bias of neuron 1 by 1 -- first-order only
    layer 2: weight 0 of neuron 0 by -1, weight 1 of neuron 0 by 1 -- family
    """

    net: ReLUNetwork
    direction: Direction

    @property
    def description(self) -> str:
        """What it does to the parameters, in words."""
        return describe(self.direction)

    def network(self, s: Number) -> ReLUNetwork:
        """The network whose parameters are moved by s times the direction."""
        return moved(self.net, self.direction, to_fraction(s, "s"))

    def integrate(self, *, budget: Budget | None = None) -> Integration:
        """What becomes of it at finite distance.

        Looks for a family of equal networks along the straight line, on each side of s = 0, and
        where there is none for a proof that no curve starts there (see `families` and
        `obstruction`).

        Args:
            budget: Limits on the regions compared and looked at, and on the time.

        Raises:
            BudgetExceededError: when the budget runs out.

        Guarantees:
            What is found is proved.  UNDECIDED says nothing: there may be curved families, and
            families that this direction is only a mixture of.

        Cost: several decisions of equality with networks of up to twice the size.
        """
        meter = Meter(budget, None)
        family, members = straight_line(self.net, self.direction, meter)
        backward = family is not None and family.lowest != 0
        forward = family is not None and family.highest != 0
        opposite = tuple(entry._replace(value=-entry.value) for entry in self.direction)
        obstructions = (
            None if forward else find_obstruction(self.net, self.direction, meter),
            None if backward else find_obstruction(self.net, opposite, meter),
        )
        if forward and backward:
            kind = IntegrationKind.FAMILY
        elif (forward or obstructions[0]) and (backward or obstructions[1]):
            kind = (
                IntegrationKind.ONE_SIDED
                if forward or backward
                else IntegrationKind.FIRST_ORDER_ONLY
            )
        else:
            kind = IntegrationKind.UNDECIDED
        return Integration(kind, family, members, obstructions)


@dataclass(frozen=True)
class InfinitesimalSymmetries:
    """The answer of `infinitesimal_symmetries`: a basis of the kernel of the Jacobian.

    Attributes:
        net: The network.
        functional_dimension: Its functional dimension, with the certificate of the kernel.
        scalings: For each hidden neuron the direction in which it is scaled.
        hidden: Directions that complete the scalings to a basis.
    """

    net: ReLUNetwork = field(repr=False)
    functional_dimension: FunctionalDimension = field(repr=False)
    scalings: tuple[Direction, ...] = field(repr=False)
    hidden: tuple[HiddenSymmetry, ...]

    @property
    def dimension(self) -> int:
        """The dimension of the kernel: P minus the functional dimension."""
        return len(self.scalings) + len(self.hidden)

    @property
    def basis(self) -> tuple[Direction, ...]:
        """The scalings and the hidden directions."""
        return (*self.scalings, *(symmetry.direction for symmetry in self.hidden))


def infinitesimal_symmetries(
    net: ReLUNetwork,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> InfinitesimalSymmetries:
    """The directions of parameters in which a network does not change to first order.

    They form the kernel of the Jacobian whose rank is the functional dimension.  As many of them as
    there are hidden neurons are their scalings; the others are hidden.

    Args:
        net: A network of which some region is admissible (see `functional_dimension`).
        budget: As for `functional_dimension`.
        progress: As for `functional_dimension`.
        executor: As for `functional_dimension`.

    Returns:
        A basis over the rationals, split into the scalings and the hidden part.  The hidden
        directions are primitive integer vectors.

    Raises:
        InvalidInputError: if no region is admissible, so that there is no Jacobian.
        BudgetExceededError: as `functional_dimension`.

    Guarantees:
        Exact.  All of this is about first order: a hidden symmetry need not come from a family of
        networks with the same function; `HiddenSymmetry.integrate` looks into that.

    >>> y_plus_s = ReLUNetwork([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]),    # max(0, x, y)
    ...                         ([[1, 1, -1]], [0]), ([[1]], [0])])
    >>> (symmetry,) = infinitesimal_symmetries(y_plus_s).hidden
    >>> symmetry.description
    'layer 1: bias of neuron 1 by -1, bias of neuron 2 by 1; layer 2: bias of neuron 0 by 1'
    >>> symmetry.integrate().family.interval
    '(-oo, oo)'
    """
    dimension = functional_dimension(net, budget=budget, progress=progress, executor=executor)
    if dimension.value is None:
        raise InvalidInputError(f"net: {dimension.reason}")
    return InfinitesimalSymmetries(net, dimension, scalings(net), hidden_symmetries(net, dimension))


def hidden_symmetries(
    net: ReLUNetwork, dimension: FunctionalDimension
) -> tuple[HiddenSymmetry, ...]:
    """The hidden part of the kernel, as the certificate of the functional dimension has it."""
    return tuple(
        HiddenSymmetry(net, sparse(net, direction)) for direction in dimension.certificate.kernel
    )
