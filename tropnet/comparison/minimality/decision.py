"""Whether a network is minimal: what excludes the smaller architectures, or a smaller network."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from tropnet.certificates.answer import Answer, Verdict
from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.exclusions import Exclusion
from tropnet.certificates.exclusions.scalar import BiasFree
from tropnet.certificates.minimality import (
    Architecture,
    MinimalityCertificate,
    NotMinimalCertificate,
    is_smaller,
    smaller_architectures,
)
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.minimality.facts import Facts
from tropnet.comparison.minimality.finite_points import exclude_by_points
from tropnet.comparison.simplification import simplify
from tropnet.errors import BudgetExceededError, InvalidInputError, TropnetError
from tropnet.exact import Vector
from tropnet.networks.network import ReLUNetwork

_ALL = "all networks with the same function: as deep and nowhere wider, or less deep"
_TRANSVERSAL = f"{_ALL}; among less deep ones with two or more hidden layers, transversal ones only"

# How many linear programs to spend on finite points that exclude one architecture.
_PROGRAMS = 500
# How many architectures are looked at one by one.
_ARCHITECTURES = 10_000


def decide_minimality(
    net: ReLUNetwork, *, budget: Budget | None = None, progress: Progress | None = None
) -> Answer:
    """Decides whether a network is minimal.

    It is *minimal* if no network with the same function has the same depth and hidden widths that
    are nowhere larger and somewhere smaller; and none has fewer hidden layers and at most as many
    hidden neurons in total.

    A smaller network is looked for by `simplify` and `minimal_shallow_network`.  Otherwise each
    architecture that is smaller is excluded by one of these facts about the function, if possible:

    - one hidden layer is decided completely, whatever the function;
    - the gradients span a space of dimension r: the first layer has r neurons;
    - it has more linear pieces than the architecture allows (`max_linear_pieces`);
    - two hidden layers: where the function is not locally one layer, hyperplanes of the first layer
      must pass, and few do not suffice;
    - two hidden layers: no network of the architecture agrees with the function on some points, or,
      without biases, with the function of recession f^∞(x) = lim f(tx)/t;
    - transversal representations only: chains of bends (`depth_lower_bound`).

    Args:
        net: Any network.
        budget: Limits on the regions, partial sums and linear programs looked at.
        progress: Called with the number of them done so far.

    Returns:
        PROVED with a `MinimalityCertificate`; REFUTED with a `NotMinimalCertificate`, which holds
        the smaller network; or UNDECIDED.  ``bounds["excluded"]`` says for each architecture what
        excludes it, ``bounds["open"]`` are those that nothing excludes; ``bounds["layers"]`` has
        for each hidden layer the least width that is not excluded if the others stay as they are,
        and its width.  ``scope`` says whether the statement is about all networks.

    Raises:
        InvalidInputError: if it is no network.

    Guarantees:
        Exact.  Networks with one hidden layer are always decided.

    References:
        Grillo and Montúfar, *Most ReLU networks admit identifiable parameters*, arXiv 2605.03601.

    >>> maximum = ReLUNetwork([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0]),
    ...                        ([[1]], [0])])                              # max(0, x, y)
    >>> answer = decide_minimality(maximum)
    >>> answer.verdict, answer.certificate.check(maximum)
    (<Verdict.PROVED: 'proved'>, True)
    >>> for architecture, fact in answer.bounds["excluded"].items():
    ...     print(architecture, fact)
    (2, 1) the function is not affine
    (2, 4, 1) no network with one hidden layer is the function
    (2, 2, 1, 1) no 2-2-1-1 bias-free network agrees with the function of recession on 10 points
    (2, 3, 0, 1) the function is not constant
    """
    if not isinstance(net, ReLUNetwork):
        raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
    decision = _Decision(net, Meter(budget, progress))
    try:
        decision.run()
    except BudgetExceededError:
        decision.out_of_budget = True
    return decision.answer()


class _Decision:
    """The smaller architectures, one after the other."""

    def __init__(self, net: ReLUNetwork, meter: Meter) -> None:
        self._net = net
        self._meter = meter
        self._facts = Facts(net, meter)
        self._smaller: ReLUNetwork | None = None
        self._excluded: dict[Architecture, Exclusion] = {}
        self._candidates: tuple[Architecture, ...] = ()
        self._open: list[Architecture] = []
        self.out_of_budget = False

    def run(self) -> None:
        """Looks for a smaller network, and excludes architectures.

        Raises:
            BudgetExceededError: when the budget runs out.
        """
        self._facts.cell_points  # counts the regions  # noqa: B018
        simplified = simplify(self._net, budget=self._meter.remaining())
        self._meter.add(min(simplified.regions, self._meter.remaining().regions or 10**15))
        if self._take(simplified.network):
            return
        if self._net.depth and self._take(self._facts.shallow.network):
            return
        smaller = smaller_architectures(self._net.architecture)
        self._candidates = tuple(islice(smaller, _ARCHITECTURES))
        self._open = list(self._candidates)
        self.out_of_budget = next(smaller, None) is not None
        for exclusion in self._facts.exclusions():
            self._exclude(exclusion)
            if not self._open:
                return
        for architecture in list(self._open):
            if architecture not in self._open:
                continue
            found = self._by_points(architecture)
            if isinstance(found, ReLUNetwork):
                self._take(found)
                return
            if found is not None:
                self._exclude(found)
        if any(len(architecture) < len(self._net.architecture) for architecture in self._open):
            self._exclude(self._facts.generic_depth)

    def answer(self) -> Answer:
        """What is known."""
        statistics = {"looked at": self._meter.count}
        bounds = {
            "excluded": {
                a: self._excluded[a].statement for a in self._candidates if a in self._excluded
            },
            "open": tuple(self._open),
            "layers": tuple(map(self._layer_bounds, range(1, self._net.depth + 1))),
        }
        if self._smaller is not None:
            equality = decide_equality(self._net, self._smaller).certificate
            if not isinstance(equality, EqualityCertificate):
                raise TropnetError("internal error: a smaller network is another function")
            proof = NotMinimalCertificate(self._smaller.layers, equality)
            return Answer(Verdict.REFUTED, proof, bounds, _ALL, statistics)
        if self._open or self.out_of_budget:
            return Answer(Verdict.UNDECIDED, None, bounds, _ALL, statistics)
        proof_ = MinimalityCertificate(self._net.architecture, self._needed())
        scope = _TRANSVERSAL if proof_.is_generic else _ALL
        return Answer(Verdict.PROVED, proof_, bounds, scope, statistics)

    def _layer_bounds(self, layer: int) -> tuple[int, int]:
        """The least width of a layer that nothing excludes if the others stay, and its own."""
        architecture = self._net.architecture
        for width in reversed(range(architecture[layer])):
            narrower = (*architecture[:layer], width, *architecture[layer + 1 :])
            if any(exclusion.excludes(narrower) for exclusion in self._excluded.values()):
                return width + 1, architecture[layer]
        return 0, architecture[layer]

    def _needed(self) -> tuple[Exclusion, ...]:
        """Of the exclusions as many as together exclude everything."""
        used = list(dict.fromkeys(self._excluded.values()))
        for exclusion in tuple(used):
            others = [other for other in used if other is not exclusion]
            if all(any(other.excludes(a) for other in others) for a in self._excluded):
                used = others
        return tuple(used)

    def _take(self, candidate: ReLUNetwork | None) -> bool:
        """Keeps a network if it is smaller."""
        if candidate is None or not is_smaller(candidate.architecture, self._net.architecture):
            return False
        self._smaller = candidate
        return True

    def _exclude(self, exclusion: Exclusion) -> None:
        for architecture in list(self._open):
            if exclusion.excludes(architecture):
                self._excluded[architecture] = exclusion
                self._open.remove(architecture)

    def _by_points(self, architecture: Architecture) -> Exclusion | ReLUNetwork | None:
        """Finitely many points that exclude two hidden layers, or a network."""
        if len(architecture) != 4 or architecture[2] != 1 or not architecture[1]:
            return None
        for recession in (True, False):
            points = self._recession_points if recession else self._facts.cell_points
            for functional in self._facts.functionals:
                found = exclude_by_points(
                    self._net,
                    architecture,
                    points,
                    self._meter,
                    recession=recession,
                    functional=functional,
                    most_programs=_PROGRAMS,
                )
                if found is not None:
                    return found
        return None

    @property
    def _recession_points(self) -> tuple[Vector, ...]:
        """Directions along and between the rays of the function of recession."""
        cone_net = ReLUNetwork(BiasFree(self._net).layers)
        points: dict[Vector, None] = {}
        for cell in cone_net.affine_cells():
            self._meter.add(1)
            points[cell.polyhedron.interior_point()] = None
            points |= dict.fromkeys(tuple(map(Fraction, ray)) for ray in cell.polyhedron.rays)
        return tuple(points)
