"""Deciding whether two functions are equal."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from functools import cached_property, partial
from itertools import islice

from tropnet.certificates.budget import Budget, Meter, Progress, metered
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.records import Record
from tropnet.certificates.serialization import Certificate
from tropnet.comparison.common_regions import CommonRegions, comparable
from tropnet.comparison.probes import probes
from tropnet.comparison.survey import survey
from tropnet.exact import Vector
from tropnet.networks.cell_blocks import Block
from tropnet.networks.parallel import Done, over_subtrees, subtrees
from tropnet.piecewise.function_like import FunctionLike
from tropnet.polyhedra import Polyhedron

# How many points are tried before the walk, and after how many regions another one.
_PROBES_BEFORE = 64
_PROBE_EVERY = 64
# From how many neurons that the networks do not share on a survey is worth its time.
_FEW_ATOMS = 24


class Equality(Record):
    """The answer of `decide_equality`.

    Attributes:
        equal: Whether the two functions are equal.
        witness: A point at which they differ, None if they are equal.
        method: What decided: "formal" (equal expressions), "probe" (a point that was tried) or
            "regions" (the common activation regions were compared).
        regions: The number of regions compared.
    """

    def __init__(
        self, difference: CommonRegions, witness: Vector | None, method: str, regions: int
    ) -> None:
        self.equal = witness is None
        self.witness = witness
        self.method = method
        self.regions = regions
        self._difference = difference

    @cached_property
    def certificate(self) -> Certificate:
        """A proof that checks without the search that found it (made when first asked for)."""
        if self.witness is not None:
            return InequalityCertificate(self.witness)
        return self._difference.certificate()

    def __bool__(self) -> bool:
        raise TypeError("an Equality is not a truth value; ask for .equal")

    def __repr__(self) -> str:
        if self.equal:
            return f"<Equality: equal, by {self.method}>"
        return f"<Equality: different, by {self.method}>"


def decide_equality(
    f: FunctionLike,
    g: FunctionLike,
    domain: Polyhedron | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Equality:
    """Decides whether two functions are equal, on R^n or on a polyhedron.

    In order of cost: both functions are rewritten as expressions in shared atoms, and equal
    expressions are equal functions; the difference is evaluated at points of many sizes and
    directions; the common activation regions of what remains of the difference are enumerated and
    the affine pieces compared, up to the first that differs.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, or a
            tuple of scalar ones.
        g: Another, of any of these kinds, with the same numbers of inputs and outputs.
        domain: Where to compare; default where both functions are defined, if that is the same.
        budget: Limits on the regions compared.
        progress: Called with the number of regions done so far.
        executor: Where to compare several parts of the space at once, such as a
            ``ProcessPoolExecutor``; the answer is the same.

    Returns:
        An `Equality` with `.equal`, `.witness` (exact: f(witness) != g(witness)) and
        `.certificate`.

    Raises:
        InvalidInputError: if the shapes differ, or the functions are not defined on the domain.
        BudgetExceededError: if the budget ran out before the answer was known.

    Guarantees:
        Both answers are exact and proved, whatever the size of the numbers.  The problem is
        coNP-complete in the number of inputs, so it can take long.

    >>> from tropnet import ReLUNetwork, TropicalPolynomial
    >>> relu = ReLUNetwork([([[1]], [0]), ([[1]], [0])])
    >>> identity = ReLUNetwork([([[1]], [0])])
    >>> decide_equality(relu @ identity, identity).witness
    (Fraction(-27, 1),)
    >>> opposite = ReLUNetwork([([[-1]], [0]), ([[1]], [0])])
    >>> decide_equality(relu - opposite, identity).equal            # relu(x) - relu(-x) = x
    True
    >>> decide_equality(relu, TropicalPolynomial([[0], [1]], [0, 0])).equal
    True
    """
    first, second, domain = comparable(f, g, domain)
    common = CommonRegions(first, second, domain)
    if common.are_obviously_equal:
        return Equality(common, None, "formal", 0)
    points = probes(common.difference, domain)
    witness = common.first_witness(islice(points, _PROBES_BEFORE))
    difference = common.difference
    if witness is None and difference.atom_count > _FEW_ATOMS and not difference.choices:
        witness = common.first_witness(survey(difference, domain))
    if witness is not None:
        return Equality(common, witness, "probe", 0)
    done = 0
    for count, witness in _walk(common, executor, Meter(budget, progress)):
        # Now and then a point elsewhere, for differences that the walk would reach late.
        for mark in range(done + _PROBE_EVERY - done % _PROBE_EVERY, count, _PROBE_EVERY):
            elsewhere = common.first_witness(islice(points, 1))
            if elsewhere is not None:
                return Equality(common, elsewhere, "probe", mark)
        done = count
        if witness is not None:
            return Equality(common, witness, "regions", count)
    return Equality(common, None, "regions", done)


def _walk(
    common: CommonRegions, executor: Executor | None, meter: Meter
) -> Iterator[tuple[int, Vector | None]]:
    """The number of regions compared so far, and a witness if the last one has one."""
    if executor is None:
        for part in common.parts(common.cells):
            meter.add(1)
            yield meter.count, common.witness(part)
        meter.finish()
        return
    work = partial(_first_difference, common)
    for witness in over_subtrees(executor, work, subtrees(common.cells), meter):
        yield meter.count, witness


def _first_difference(common: CommonRegions, subtree: Block, budget: Budget) -> Done[Vector | None]:
    count = 0
    for part in metered(common.parts(common.cells.below(subtree)), budget, None):
        count += 1
        witness = common.witness(part)
        if witness is not None:
            return Done(count, witness)
    return Done(count, None)
