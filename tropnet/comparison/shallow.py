"""Deciding whether one hidden layer is enough."""

from __future__ import annotations

from tropnet.certificates.answer import Answer, Verdict
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.shallow import (
    NotShallowCertificate,
    ShallowCertificate,
    shallow_layers,
)
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.shallow_networks.form import form_with_weights
from tropnet.errors import InvalidInputError, TropnetError
from tropnet.exact import Vector
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.function_like import FunctionLike, function_like
from tropnet.piecewise.hyperplanes import Hyperplane
from tropnet.piecewise.shallow import WeightChange, hyperplane_weights

_SCOPE = "f is represented by a network with one hidden layer, of any width"


def decide_shallow(f: FunctionLike) -> Answer:
    """Decides whether a function has a representation with one hidden layer, of any width.

    It has one iff on each hyperplane of its break locus the weight is one constant on the whole
    hyperplane: a neuron breaks along all of its hyperplane with one weight, and f minus the sum of
    a neuron for each of the hyperplanes is affine.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction` on
            R^n, or a tuple of scalar ones.

    Returns:
        PROVED, with f = Σ w_i relu(u_i·x − c_i) + affine and the proof that they are equal; or
        REFUTED, with a hyperplane and two points of it at which the weights differ.  Both
        certificates have `check(f)`.

    Raises:
        InvalidInputError: if f is none of these.

    Guarantees:
        Exact and never undecided.  It is about all representations, transversal or not.

    Cost: that of the break locus; if PROVED, also of `decide_equality`.

    References:
        Arora, Basu, Mianjy and Mukherjee, *Understanding deep neural networks with rectified linear
        units*, 2018, section 2 (max(0, x, y) needs two hidden layers).

    >>> from tropnet import TropicalPolynomial
    >>> answer = decide_shallow(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0]))
    >>> answer.verdict, answer.certificate.normal
    (<Verdict.REFUTED: 'refuted'>, (0, 1))
    >>> twice = ReLUNetwork([([[1]], [0]), ([[1]], [1]), ([[1]], [0])])        # relu(relu(x) + 1)
    >>> answer = decide_shallow(twice)
    >>> answer.verdict, answer.certificate.normals, answer.certificate.check(twice)
    (<Verdict.PROVED: 'proved'>, ((1,),), True)
    """
    function = function_like(f, "f")
    if function.domain is not None:
        raise InvalidInputError("f: defined on a polyhedron only; networks are defined on R^n")
    locus = break_locus(f)
    found = hyperplane_weights(locus)
    statistics = {"facets": len(locus.facets), "hyperplanes": len(locus.hyperplanes())}
    if isinstance(found, WeightChange):
        refutation = NotShallowCertificate(*found.hyperplane, found.points)
        return Answer(Verdict.REFUTED, refutation, scope=_SCOPE, statistics=statistics)
    return Answer(Verdict.PROVED, _shallow(f, found), scope=_SCOPE, statistics=statistics)


def _shallow(f: FunctionLike, found: dict[Hyperplane, Vector]) -> ShallowCertificate:
    form = form_with_weights(function_like(f, "f"), found)
    parts = (
        tuple(normal for normal, _ in form.hyperplanes),
        tuple(offset for _, offset in form.hyperplanes),
        form.jumps,
        form.gradient,
        form.constant,
    )
    proof = decide_equality(f, ReLUNetwork(shallow_layers(*parts))).certificate
    if not isinstance(proof, EqualityCertificate):
        raise TropnetError("internal error: a function differs from its one-hidden-layer form")
    return ShallowCertificate(*parts, proof)
