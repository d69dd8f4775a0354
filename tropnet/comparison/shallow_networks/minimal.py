"""The narrowest network with one hidden layer that realises a function."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from tropnet.certificates.answer import Verdict
from tropnet.certificates.budget import Budget, Progress
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.records import Record
from tropnet.certificates.shallow import NotShallowCertificate
from tropnet.certificates.shallow_width import ShallowWidthCertificate
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.shallow_networks.representations import (
    ShallowRepresentations,
    shallow_representations,
)
from tropnet.piecewise.facet import format_vector
from tropnet.piecewise.function_like import FunctionLike
from tropnet.piecewise.shallow import WeightChange


class MinimalShallowNetwork(Record):
    """The answer of `minimal_shallow_network`.

    Attributes:
        verdict: PROVED if `network` is the narrowest; REFUTED if no network with one hidden layer
            realises the function; UNDECIDED if the budget ended before the width was known.
        network: A network with one hidden layer that realises the function, as narrow as was found;
            without hidden layer for a constant function; None if there is none.
        reason: Why there is none, or what is not known; None if the verdict is PROVED.
        scope: Which networks the statement covers.
        representations: All the narrowest ones.
    """

    def __init__(self, f: FunctionLike, representations: ShallowRepresentations) -> None:
        self._function = f
        self.representations = representations
        self.scope = representations.scope
        best = representations.best_known
        self.network = None if best is None else best.network
        bounds = representations.width_bounds
        if bounds is None:
            self.verdict = Verdict.REFUTED
            self.reason: str | None = _reason(representations.weight_change)
        elif bounds[0] < bounds[1]:
            self.verdict = Verdict.UNDECIDED
            self.reason = (
                f"the budget ended with the smallest width between {bounds[0]} and {bounds[1]}"
            )
        else:
            self.verdict = Verdict.PROVED
            self.reason = None

    @property
    def width(self) -> int | None:
        """The smallest width; None if there is no network, or if it is not known."""
        return self.representations.width if self.verdict is Verdict.PROVED else None

    @property
    def bounds(self) -> Mapping[str, tuple[int, int]]:
        """Bounds for the smallest width, under "width"; empty if there is no network."""
        bounds = self.representations.width_bounds
        return {} if bounds is None else {"width": bounds}

    @cached_property
    def certificate(self) -> ShallowWidthCertificate | NotShallowCertificate | None:
        """A proof with `check(f)` of the verdict (made when first asked for); None if undecided."""
        change = self.representations.weight_change
        if change is not None:
            return NotShallowCertificate(*change.hyperplane, change.points)
        if self.verdict is Verdict.UNDECIDED:
            return None
        assert self.network is not None
        equality = decide_equality(self._function, self.network).certificate
        assert isinstance(equality, EqualityCertificate)
        return ShallowWidthCertificate(self.network.layers, equality)

    def __bool__(self) -> bool:
        raise TypeError("a MinimalShallowNetwork is not a truth value; ask for .verdict")

    def __repr__(self) -> str:
        if self.verdict is Verdict.REFUTED:
            return "<MinimalShallowNetwork: none>"
        low, high = self.bounds["width"]
        return f"<MinimalShallowNetwork: width {low if low == high else f'{low} to {high}'}>"


def minimal_shallow_network(
    f: FunctionLike, *, budget: Budget | None = None, progress: Progress | None = None
) -> MinimalShallowNetwork:
    """The narrowest network with one hidden layer that realises a function, or why there is none.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, or a
            tuple of scalar ones.
        budget: Limits on the search; its ``regions`` are the partial sums looked at.
        progress: Called with the number of partial sums looked at so far.

    Returns:
        A `MinimalShallowNetwork` with `.verdict`, `.network`, `.width`, `.certificate` and
        `.reason`.

    Raises:
        InvalidInputError: if f is none of these, or only defined on a polyhedron.

    Guarantees:
        Exact and proved.  A function with H hyperplanes needs at least H neurons; the theorem that
        decides how many more is in `search`.

    Cost: see `shallow_representations`; nothing is searched for if some network with H neurons is
    at hand, such as f itself.

    >>> from tropnet import ReLUNetwork, TropicalPolynomial
    >>> identity = ReLUNetwork([([[1]], [0])])
    >>> minimal_shallow_network(identity).width                         # x = relu(x) - relu(-x)
    2
    >>> answer = minimal_shallow_network(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]))
    >>> answer.reason                                                                # max(0, x, y)
    'the weight changes on the hyperplane (0, 1)·x = 0: around (-1, 0) and (1, 0) it differs'
    """
    return MinimalShallowNetwork(f, shallow_representations(f, budget=budget, progress=progress))


def _reason(change: WeightChange | None) -> str:
    assert change is not None
    normal, offset = change.hyperplane
    first, second = map(format_vector, change.points)
    return (
        f"the weight changes on the hyperplane ({', '.join(map(str, normal))})·x = {offset}: "
        f"around {first} and {second} it differs"
    )
