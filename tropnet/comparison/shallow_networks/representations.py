"""All representations of a function by the narrowest networks with one hidden layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.comparison.shallow_networks.component import ShallowComponent
from tropnet.comparison.shallow_networks.form import ShallowForm, shallow_form
from tropnet.comparison.shallow_networks.guess import orientations, shallow_guess
from tropnet.comparison.shallow_networks.search import Kind, ShallowSearch, kinds
from tropnet.errors import BudgetExceededError
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.shallow import WeightChange


@dataclass(frozen=True)
class ComponentCount:
    """How many components there are, by kind.

    Attributes:
        isolated: The number of isolated orbits.
        families: The number of families by their dimension beyond the trivial symmetries.
    """

    isolated: int = 0
    families: Mapping[int, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """The number of all components."""
        return self.isolated + sum(self.families.values())


class ShallowRepresentations:
    """All networks with one hidden layer of the smallest width that realise a function.

    They fall into components: isolated orbits of the trivial symmetries (permutation and positive
    scaling), and families.  Iterating lists the components one by one, without keeping them.

    Attributes:
        form: The function in normal form; None if no network with one hidden layer realises it.
        weight_change: A hyperplane on which the function's weight is not constant, which is the
            reason why there is none; None if there are some.
        scope: Which networks the statements are about.
    """

    scope = "all networks with one hidden layer, of any width"

    def __init__(
        self,
        form: ShallowForm | WeightChange,
        known: ReLUNetwork | None,
        budget: Budget | None,
        progress: Progress | None,
    ) -> None:
        self.form = None if isinstance(form, WeightChange) else form
        self.weight_change = form if isinstance(form, WeightChange) else None
        self._known = known
        self._budget = budget
        self._progress = progress

    @cached_property
    def width(self) -> int | None:
        """The smallest width; None if no network with one hidden layer realises the function.

        0 for a constant function: its network is the affine one without hidden layer.

        Raises:
            BudgetExceededError: if the budget ends before it is known; see `width_bounds`.
        """
        if self.form is None:
            return None
        return len(self.form.hyperplanes) + self._excess

    @cached_property
    def width_bounds(self) -> tuple[int, int] | None:
        """Bounds for the smallest width; equal if the budget suffices to find it."""
        if self.form is None:
            return None
        least, most = self._excess_bounds
        return len(self.form.hyperplanes) + least, len(self.form.hyperplanes) + most

    @cached_property
    def count(self) -> ComponentCount:
        """The exact number of components, by kind; nothing is listed.

        Raises:
            BudgetExceededError: if the budget ends before it is known; see `count_bounds`.
        """
        if self.form is None:
            return ComponentCount()
        families: dict[int, int] = {}
        for kind in kinds(self._excess):
            number = sum(case.count for case in self._search.cases(kind, self._meter()))
            if number:
                families[kind.dimension] = number
        isolated = families.pop(0, 0)
        return ComponentCount(isolated, families)

    @cached_property
    def count_bounds(self) -> tuple[int, int]:
        """Bounds for the number of all components; equal if the budget suffices to count them."""
        if self.form is None:
            return 0, 0
        least, most = self._excess_bounds
        if least < most:
            numbers = [sum(map(self._search.most, kinds(c))) for c in range(least, most + 1)]
            return 1, max(numbers)
        bounds = [self._kind_bounds(kind) for kind in kinds(least)]
        return max(1, sum(low for low, _ in bounds)), sum(high for _, high in bounds)

    def __iter__(self) -> Iterator[ShallowComponent]:
        """The components, in a fixed order, each once.

        Raises:
            BudgetExceededError: if the budget ends before the next one is found.
        """
        if self.form is None:
            return
        for kind in kinds(self._excess):
            for case in self._search.cases(kind, self._meter()):
                yield from case

    def component_of(self, net: ReLUNetwork) -> ShallowComponent | None:
        """The component that a network belongs to.

        Returns:
            None if it is not one of the representations: another function, depth or width.

        >>> f = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
        >>> shallow_representations(f).component_of(f)
        ShallowComponent(flipped=(2,), doubled=(), invisible=0)
        """
        if self.form is None or net.depth > 1 or net.hidden_neuron_count != self.width:
            return None
        return orientations(net, self.form) if shallow_form(net) == self.form else None

    @cached_property
    def best_known(self) -> ShallowComponent | None:
        """A component of the smallest width if the budget suffices to find one, else a narrow one.

        None if no network with one hidden layer realises the function.
        """
        if self.form is None:
            return None
        least, most = self._excess_bounds
        return self._found[1] if least == most else self._guess

    @cached_property
    def _search(self) -> ShallowSearch:
        assert self.form is not None
        return ShallowSearch(self.form)

    @cached_property
    def _guess(self) -> ShallowComponent:
        assert self.form is not None
        return shallow_guess(self.form, self._known)

    def _meter(self) -> Meter:
        return Meter(self._budget, self._progress)

    @cached_property
    def _excess(self) -> int:
        least, most = self._excess_bounds
        if least < most:
            bounds = self.width_bounds
            assert bounds is not None
            raise BudgetExceededError(
                f"budget: the width is between {bounds[0]} and {bounds[1]}", bounds
            )
        return least

    @cached_property
    def _excess_bounds(self) -> tuple[int, int]:
        return self._found[0]

    @cached_property
    def _found(self) -> tuple[tuple[int, int], ShallowComponent]:
        """Bounds for the least excess, and a component that attains the upper one."""
        known = self._guess
        most = known.width - len(self._search.normals)
        meter = self._meter()
        try:
            for excess in range(most):
                component = self._first(excess, meter)
                if component is not None:
                    return (excess, excess), component
        except BudgetExceededError:
            return (excess, most), known
        finally:
            meter.finish()
        return (most, most), known

    def _first(self, excess: int, meter: Meter) -> ShallowComponent | None:
        """A component with a given excess, if there is one and none with a smaller excess."""
        for kind in kinds(excess):
            for case in self._search.cases(kind, meter):
                for component in case:
                    return component
        return None

    def _kind_bounds(self, kind: Kind) -> tuple[int, int]:
        least = most = 0
        meter = self._meter()
        try:
            for case in self._search.cases(kind, meter):
                try:
                    number = case.count
                    least, most = least + number, most + number
                except BudgetExceededError:
                    most += case.most
        except BudgetExceededError:
            return least, self._search.most(kind)
        return least, most


def shallow_representations(
    f: FunctionLike, *, budget: Budget | None = None, progress: Progress | None = None
) -> ShallowRepresentations:
    """All networks with one hidden layer of the smallest width that realise a function.

    A function is realised by such a network, of any width, iff the weight of its break locus is
    constant on each of its H hyperplanes.  A narrowest one has a neuron for each of them, whose
    orientation is chosen; and a second neuron for some, and pairs of neurons on other hyperplanes,
    where the linear part of the function asks for it (see `search` for the theorem).

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, or a
            tuple of scalar ones.
        budget: Limits on finding the width, on counting, and on listing, each by itself; its
            ``regions`` are the partial sums looked at.
        progress: Called with the number of partial sums looked at so far.

    Returns:
        A `ShallowRepresentations`: `.width`, `.count` by kind, iteration over the components, each
        with a `.network` and all its members.  If there is none, it is empty and says why.

    Raises:
        InvalidInputError: if f is none of these, or only defined on a polyhedron.

    Guarantees:
        Exact and complete; the components are disjoint.  Where a budget ends, `.width_bounds` and
        `.count_bounds` are proved bounds.

    Cost: the normal form is immediate for networks with one hidden layer, and costs the break locus
    else.  Orientations that fit are a vector subset sum: at most 2^(H/2) partial sums, equal ones
    counted once, and few if most of the normals are independent.  For several outputs,
    representations with an invisible hyperplane may need up to 2^H matrices.

    >>> from tropnet import ReLUNetwork
    >>> modulus = ReLUNetwork([([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4), ([[1] * 4], [0])])
    >>> representations = shallow_representations(modulus)                       # |x| + |y|
    >>> representations.width, representations.count
    (4, ComponentCount(isolated=1, families={1: 4}))
    >>> flip = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    >>> [component.flipped for component in shallow_representations(flip)]
    [(2,), (0, 1)]
    """
    function = function_like(f, "f")
    net = function if isinstance(function, ReLUNetwork) and function.depth <= 1 else None
    return ShallowRepresentations(shallow_form(function), net, budget, progress)
