"""A smaller network with the same function, by exact reductions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.records import Record
from tropnet.certificates.serialization import Certificate
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.narrowest_layer import with_narrowest_first_layer
from tropnet.comparison.relevance import without_irrelevant
from tropnet.errors import InvalidInputError
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.draft import Draft, constant_layers
from tropnet.networks.simplification.proofs import Prover
from tropnet.networks.simplification.steps import OpenQuestion, Step
from tropnet.networks.simplification.tidying import tidied


@dataclass(frozen=True, repr=False)
class Simplification(Record):
    """The answer of `simplify`.

    Attributes:
        original: The network that was given.
        network: A network with the same function, in no hidden layer wider and not deeper.
        steps: The reductions, in order; ``str(step)`` says each in words.
        open_questions: What the budget left undecided.
        regions: How many points, cells and regions were looked at.
    """

    original: ReLUNetwork
    network: ReLUNetwork
    steps: tuple[Step, ...]
    open_questions: tuple[OpenQuestion, ...]
    regions: int

    @property
    def complete(self) -> bool:
        """Whether every reduction was either made or excluded."""
        return not self.open_questions

    @cached_property
    def certificate(self) -> Certificate:
        """A proof that both networks are the same function (made when first asked for).

        It is found by `decide_equality`, without what is known from the steps.
        """
        return decide_equality(self.original, self.network).certificate

    def __repr__(self) -> str:
        before, after = (
            "-".join(map(str, net.architecture)) for net in (self.original, self.network)
        )
        rest = "" if self.complete else f", {len(self.open_questions)} questions open"
        return f"<Simplification {before} to {after}{rest}>"


def simplify(
    net: ReLUNetwork, *, budget: Budget | None = None, progress: Progress | None = None
) -> Simplification:
    """A smaller network with the same function, by exact reductions applied until none is left.

    - Neurons go that are never active, constant, read by nothing, or a positive multiple of
      another; that are an affine combination of others of their layer and the one before, on all
      of R^n; and that no deeper neuron lets reach the output.
    - Neurons that are always active are replaced by as few as their combinations allow, and a
      layer whose share of the next one is affine merges with it.
    - Neurons go that are needed for their linear part only, if others do when they are read on
      the other side of their hyperplanes, relu(h) = relu(−h) + h.  One hidden layer becomes as
      narrow as it can be (see `minimal_shallow_network`).

    Args:
        net: Any network.
        budget: Limits on the points, cells and regions looked at; the time is checked between
            them.
        progress: Called with the number of them done so far.

    Returns:
        A `Simplification`: `.network`, `.steps`, `.certificate`; and `.open_questions`, what the
        budget left undecided (nothing is raised when it runs out).

    Raises:
        InvalidInputError: if it is no network.

    Guarantees:
        Exact: the functions are equal.  No hidden layer is wider than it was, there are not more
        of them, and the numbers of inputs and outputs stay.  If `.complete`, no neuron of the
        result is never active, and no affine relation holds between the activations of a layer;
        simplifying the result again changes nothing.  Networks equal up to permutation and
        positive scaling have results equal up to these.  From two hidden layers on the result need
        not be the smallest network.

    Cost: points decide what they can: the activations of a layer at as many points as neurons prove
        that none depends on the others.  Cells are looked at only for what points leave possible,
        and not below those on which bounds decide it.

    References:
        Serra, Kumar, Ramalingam, *Lossless compression of deep neural networks*, 2020.

    >>> net = ReLUNetwork([([[1], [-1], [2]], [0, 0, 0]), ([[1, 1, -1], [1, 1, 0]], [0, 1]),
    ...                    ([[1, 2]], [0])])
    >>> simplified = simplify(net)          # relu(|x| - 2 relu(x)) + 2 relu(|x| + 1), in one layer
    >>> simplified.network.architecture
    (1, 2, 1)
    >>> print(*simplified.steps, sep="; ")
    layer 1, neuron 2: a positive multiple of another neuron of its layer; ...
    """
    if not isinstance(net, ReLUNetwork):
        raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
    work = _Work(net, Meter(budget, progress))
    while work.advance():
        pass
    return work.result()


class _Work:
    """Reductions one after the other."""

    def __init__(self, net: ReLUNetwork, meter: Meter) -> None:
        self._net = net
        self._draft = Draft.of(net)
        self._steps: list[Step] = []
        self._meter = meter
        self._prover = Prover(net.input_width, meter)

    def advance(self) -> bool:
        """Makes a reduction, or some; tells whether there was any."""
        return (
            self._take(*tidied(self._draft))
            or self._take(*self._prover.reduced(self._draft))
            or self._take(*with_narrowest_first_layer(self._draft, self._prover, self._meter))
            or self._take(*without_irrelevant(self._draft, self._prover, self._meter))
        )

    def result(self) -> Simplification:
        """What has come of it."""
        self._meter.finish()
        return Simplification(
            self._net,
            self._draft.in_given_order().network if self._steps else self._net,
            tuple(self._steps),
            tuple(self._prover.open),
            self._meter.count,
        )

    def _take(self, draft: Draft, steps: list[Step]) -> bool:
        changed = bool(steps) or draft.active != self._draft.active
        self._steps += steps + constant_layers(self._draft, draft, steps)
        self._draft = draft
        return changed
