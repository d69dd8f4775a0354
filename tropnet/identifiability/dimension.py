"""The functional dimension of a network."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from fractions import Fraction

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.dimension import DimensionCertificate, Direction
from tropnet.certificates.records import Record
from tropnet.errors import BudgetExceededError, InvalidInputError
from tropnet.exact.modular import primes
from tropnet.identifiability.admissible import AdmissibleRegions
from tropnet.identifiability.exact_jacobian import ExactJacobian
from tropnet.identifiability.kernel_check import KernelCheck, SparseVector
from tropnet.identifiability.parameters import ParameterSpace
from tropnet.identifiability.rank_search import RankSearch
from tropnet.identifiability.rational_kernel import rational_kernel
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions


@dataclass(frozen=True)
class FunctionalDimension(Record):
    """The answer of `functional_dimension`.

    Attributes:
        value: The functional dimension; None if it is undefined, and in what a
            `BudgetExceededError` carries, where only bounds are known.
        lower_bound: The rank that has been proved, equal to `value` if that is known.
        upper_bound: P − N: as many directions as there are hidden neurons are their scalings.
        is_maximal: Whether the value is known to be P − N.
        regions_used: The number of admissible regions that the value rests on: the few whose
            Jacobian has rank P − N, or else all of them.
        regions_skipped: The number of activation regions met on whose interior a preactivation
            vanishes identically; all of them unless the value is maximal.
        certificate: What proves the value, or the lower bound.
        reason: Why the value is None, and what to do about it; None if it is known.
    """

    value: int | None
    lower_bound: int
    upper_bound: int
    is_maximal: bool
    regions_used: int
    regions_skipped: int
    certificate: DimensionCertificate = field(repr=False)
    reason: str | None = None


def functional_dimension(
    net: ReLUNetwork,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> FunctionalDimension:
    """The functional dimension of a network: how many of its parameters its function determines.

    On an activation region f(x) = A x + c, and as long as the pattern is kept, A and c are
    polynomials in the parameters.  The functional dimension is the rank of the Jacobian of all
    these A and c over the *admissible* regions, those on whose interior no preactivation vanishes
    identically.  It is at most P − N: scaling a hidden neuron changes no A and no c.

    A rank modulo a prime that reaches P − N after few regions settles it; the regions are those
    around sampled points, then all.  Anything smaller takes all admissible regions and a kernel
    over the rationals, found modulo a prime and verified exactly.

    Args:
        net: Any network; degenerate ones are ordinary input.
        budget: Limits on the activation regions walked through, and on the time.
        progress: Called with the number of regions done so far.
        executor: Where to walk through several parts of the space at once, such as a
            ``ProcessPoolExecutor``; the answer is the same.

    Returns:
        A `FunctionalDimension`.  Its value is None if no region is admissible, as when a neuron's
        weights and bias are all 0; the reason says what to do.

    Raises:
        InvalidInputError: if `net` is no ReLUNetwork.
        BudgetExceededError: when the budget runs out; `found` is a FunctionalDimension with the
            bounds known by then and a certificate of the lower one.

    Guarantees:
        Exact.  It does not change under permutation and positive scaling of hidden neurons.  A
        value of P − N proves that all parameters nearby with the same function come from these by
        scaling; it says nothing about parameters elsewhere.  A smaller value does not refute that,
        for it is about first order only.

    Cost: memory for P²/4 floats and one bit for each hidden neuron and region; time for the
    elimination of a P × P matrix modulo a prime, and unless the value is maximal for a walk through
    all activation regions.

    References:
        Grigsby, Lindsey, Meyerhoff, Wu, *Functional dimension of feedforward ReLU neural
        networks*, 2022; Grillo and Montúfar, *Most ReLU networks admit identifiable parameters*
        (arXiv 2605.03601).

    >>> kink = ReLUNetwork([([[1], [1]], [0, 0]), ([[1, 1]], [0])])          # relu(x) + relu(x)
    >>> d = functional_dimension(kink)
    >>> d.value, d.upper_bound, d.is_maximal
    (3, 5, False)
    >>> d.certificate.check(kink)
    True
    """
    if not isinstance(net, ReLUNetwork):
        raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(net).__name__}")
    meter = Meter(budget, progress)
    for prime in primes():
        found = _attempt(net, prime, meter, progress, executor)
        if found is not None:
            return found
    raise AssertionError("some prime divides none of finitely many minors")


def _attempt(
    net: ReLUNetwork,
    prime: int,
    meter: Meter,
    progress: Progress | None,
    executor: Executor | None,
) -> FunctionalDimension | None:
    """The functional dimension, None if the rank modulo the prime is smaller."""
    search = RankSearch(net, prime, meter)
    seen = AdmissibleRegions(net)
    upper = net.parameter_count - net.hidden_neuron_count
    try:
        if net.depth:
            search.sample()
        if not search.is_complete:
            regions = activation_regions(
                net, budget=meter.remaining(), progress=progress, executor=executor
            )
            search.walk(seen.walk(regions))
            meter.count += seen.count + seen.skipped
        if search.is_complete:
            proof = DimensionCertificate(upper, search.kernel.prime, tuple(search.points))
            used = len(search.points)
            return FunctionalDimension(upper, upper, upper, True, used, seen.skipped, proof)
        if not seen.count:
            proof = DimensionCertificate(None)
            return FunctionalDimension(None, 0, upper, False, 0, seen.skipped, proof, seen.reason())
        kernel = _verified_kernel(net, search, seen, meter)
    except BudgetExceededError as stop:
        bound = _lower_bound(search, seen, upper)
        raise BudgetExceededError(f"{stop}; {bound.reason}", bound) from None
    if kernel is None:
        return None
    value = upper - len(kernel)
    proof = DimensionCertificate(value, search.kernel.prime, tuple(search.points), kernel)
    return FunctionalDimension(value, value, upper, False, seen.count, seen.skipped, proof)


def _lower_bound(search: RankSearch, seen: AdmissibleRegions, upper: int) -> FunctionalDimension:
    """What is known when the budget has run out."""
    rank = search.kernel.rank
    proof = DimensionCertificate(rank, search.kernel.prime, tuple(search.points), is_exact=False)
    reason = f"the functional dimension is at least {rank} and at most {upper}"
    used = len(search.points)
    return FunctionalDimension(None, rank, upper, False, used, seen.skipped, proof, reason)


def _verified_kernel(
    net: ReLUNetwork, search: RankSearch, seen: AdmissibleRegions, meter: Meter
) -> tuple[Direction, ...] | None:
    """Vectors of the kernel that complement the scalings, None if the prime was a bad one."""
    space = ParameterSpace(net.architecture)
    vectors = rational_kernel(
        ExactJacobian(net, space), search.coordinates.tolist(), search.kernel, search.regions
    )
    if vectors is None:
        return None
    check = KernelCheck(net, space, vectors)
    for active in seen.patterns():
        meter.add(0)
        if check.first_failure(active) is not None:
            return None
    return tuple(_unscaled(net, space, vector) for vector in vectors)


def _unscaled(net: ReLUNetwork, space: ParameterSpace, vector: SparseVector) -> Direction:
    """A direction for the integer form of a network as one for the network itself."""
    form = net.integer_form
    factors: Sequence[Sequence[Fraction]] = (*form.hidden_factors, form.output_factors)
    entries = []
    for coordinate, value in vector.items():
        layer, neuron, column = space.cell(coordinate)
        factor = 1 / factors[layer][neuron]
        if layer and column < len(factors[layer - 1]):
            factor *= factors[layer - 1][column]
        entries.append((coordinate, factor * value))
    return space.direction(entries)
