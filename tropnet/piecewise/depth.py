"""A lower bound for the number of hidden layers, read off the break locus."""

from __future__ import annotations

from dataclasses import dataclass, field

from tropnet.certificates.depth import DepthChain, NoTransversalRepresentation
from tropnet.certificates.records import Record
from tropnet.errors import InvalidInputError, TropnetError
from tropnet.piecewise.bend_chains import BendChains
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.shallow import WeightChange, hyperplane_weights
from tropnet.piecewise.weighted_complex import WeightedComplex

_TRANSVERSAL = "transversal representations"
_ALL = "all representations, transversal or not"
_NOT_TRANSVERSAL = "all representations, none of which is transversal"

# A choice of points can only fail by accident, if the function's own neurons switch at one of them.
_CHOICES = 64


@dataclass(frozen=True)
class DepthBound(Record):
    """How many hidden layers a function needs.

    Attributes:
        value: Every representation in `scope` has at least this many hidden layers.
        chain: The cells τ_1, …, τ_k and the branches that connect them, as a proof with `check(f)`
            that every transversal representation has at least `chain.value` hidden layers.
        obstruction: A proof with `check(f)` that there is no transversal representation, of any
            depth; None if nothing forbids one.
        scope: Which representations `value` is about.
        bends: The branches and where they bend at one another.
    """

    value: int
    chain: DepthChain
    obstruction: NoTransversalRepresentation | None
    scope: str
    bends: BendGraph = field(repr=False, compare=False)


def depth_lower_bound(f: FunctionLike | WeightedComplex) -> DepthBound:
    """A lower bound for the number of hidden layers of a representation of a function.

    In a transversal network, facets of the break locus that meet in certain ways belong to one
    neuron, and a neuron that bends at another lies in a strictly deeper layer; so k bends in a
    chain need k + 1 hidden layers (`certificates.star_pattern` has the proof).  A representation is
    *transversal* if no preactivation vanishes on an activation region, no two on a facet of one,
    and no three on a cell of codimension 2.  Others can have fewer layers, if the bound is above 2.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, a
            tuple of scalar ones, or the break locus of a function.

    Returns:
        The bound with its proof.  0 for affine functions; at most 1 for functions of one variable.
        If the break locus shows that no transversal representation exists, `obstruction` is the
        proof, and the bound is about all representations.

    Raises:
        InvalidInputError: if f is none of these, or a complex that is not balanced.

    Guarantees:
        Exact.  Every transversal representation of f has at least `value` hidden layers.  It need
        not have so few, and there may be none even if `obstruction` is None.

    Cost: that of the break locus, and of its cells of codimension 2 (see `stars`); then of one
        evaluation of f near each point of the proof.

    References:
        Grillo and Montúfar, *Most ReLU networks admit identifiable parameters*, arXiv 2605.03601
        (the generic depth hierarchy).  Rolnick and Körding, *Reverse-engineering deep ReLU
        networks*, 2020 (bent hyperplanes).  Arora et al., *Understanding deep neural networks with
        rectified linear units*, 2018 (functions of one variable).

    >>> from tropnet import TropicalPolynomial
    >>> f = TropicalPolynomial([[0, 0], [0, 1], [1, 0], [2, 1]], [0, 0, 0, 0])
    >>> bound = depth_lower_bound(f)
    >>> bound.value, bound.scope
    (2, 'all representations, transversal or not')
    """
    if isinstance(f, WeightedComplex):
        function, bends = None, BendGraph(f)
    elif function_like(f, "f").domain is not None:
        raise InvalidInputError("f: defined on a polyhedron only; networks are defined on R^n")
    else:
        function, bends = f, BendGraph(break_locus(f))
    for choice in range(_CHOICES):
        chains = BendChains(bends, choice)
        obstruction = chains.obstruction()
        chain = chains.shortest() if obstruction else chains.longest()
        if function is None or (
            chain.check(function) and (obstruction is None or obstruction.check(function))
        ):
            return _bound(chain, obstruction, bends)
    raise TropnetError("internal error: no proof of the depth bound passes its check")


def _bound(
    chain: DepthChain, obstruction: NoTransversalRepresentation | None, bends: BendGraph
) -> DepthBound:
    value, scope = chain.value, _TRANSVERSAL
    if obstruction is not None:
        scope = _NOT_TRANSVERSAL
        if isinstance(hyperplane_weights(bends.complex), WeightChange):
            value = 2
    elif value <= 2:
        scope = _ALL  # where a neuron bends, the weight on its hyperplane is not constant
    return DepthBound(value, chain, obstruction, scope, bends)
