"""Small proofs of every kind, and a second road to whether the claim of a certificate is true."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from itertools import product
from random import Random
from typing import NamedTuple

from comparison.known_identities import IDENTITIES, affine, maximum, relu
from generators.transformations import TRANSFORMATIONS
from tropnet import (
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    TropicalRational,
    activation_regions,
    decide_equality,
    decide_equivalence,
    random_network,
    to_network,
)
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.serialization import Certificate
from tropnet.piecewise.function_like import FunctionLike, values

Vector = tuple[Fraction, ...]


class Proof(NamedTuple):
    """A certificate and the two functions that it is about."""

    f: FunctionLike
    g: FunctionLike
    certificate: Certificate


def proof_of_equality(
    f: FunctionLike, g: FunctionLike, domain: Polyhedron | None = None, *, covered: bool = True
) -> Proof:
    """The proof that two functions agree, with a cover unless it is said to be formal."""
    certificate = decide_equality(f, g, domain).certificate
    assert isinstance(certificate, EqualityCertificate)
    assert (certificate.cover is not None) == covered
    return Proof(f, g, certificate)


def rewritten_pair() -> tuple[ReLUNetwork, ReLUNetwork]:
    """Flipped, scaled, split, dead and duplicate neurons, and one more layer."""
    net = random_network((2, 3, 2, 1), seed=4)
    other, rng = net, Random(1)
    for name in ("triple_substitution", "dead_neuron", "repeated_layer", "permutation", "scaling"):
        other = TRANSFORMATIONS[name](other, rng)
    return net, other


def _proofs() -> dict[str, Proof]:
    one, u = affine([[0]], [1]), affine([[1]], [0])
    x, y, two = affine([[1, 0]], [0]), affine([[0, 1]], [0]), affine([[0, 0]], [2])
    a, b, c = (affine([[int(i == j) for j in range(3)]], [0]) for i in range(3))
    nothing = affine([[0, 0, 0]], [0])
    orders = IDENTITIES["maximum of three, in two orders"]
    doubled = IDENTITIES["two outputs"]
    three = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    redundant = TropicalPolynomial([[1, 0], [0, 0], [0, 1], ["1/2", 0]], [0, 0, 0, 0])
    over = three / TropicalPolynomial([[0, 0], [1, 0]], [0, 0])
    net = random_network((2, 3, 2, 2), seed=2)
    image = net.permute(1, (2, 0, 1)).rescale(1, (2, "1/3", 5)).permute(2, (1, 0))
    equivalence = decide_equivalence(net, image).certificate
    inequality = decide_equality(net, 2 * net).certificate
    assert isinstance(equivalence, EquivalenceCertificate)
    assert isinstance(inequality, InequalityCertificate)
    return {
        "rewriting alone": proof_of_equality(*rewritten_pair(), covered=False),
        "line": proof_of_equality(relu(one - relu(u)), one - relu(one - relu(one - u))),
        "plane": proof_of_equality(orders[0], orders[1]),
        "two outputs": proof_of_equality(doubled[0], doubled[1]),
        "space": proof_of_equality(relu(relu(a) - relu(b) - relu(c)), relu(a - relu(b) - relu(c))),
        "space with a line": proof_of_equality(
            maximum(maximum(nothing, a - b), b - c), maximum(nothing, maximum(a - b, b - c))
        ),
        "polynomials": proof_of_equality(three, redundant),
        "polynomial and network": proof_of_equality(three, to_network(three), covered=True),
        "quotient": proof_of_equality(over, relu(y - relu(x))),
        "two functions": proof_of_equality((over, redundant), (relu(y - relu(x)), three)),
        "quadrant": proof_of_equality(
            relu(x + y),
            relu(x + y) + 3 * relu(x - affine([[0, 0]], [1])),
            Polyhedron.from_inequalities([[1, 0], [0, -1]], [1, 0]),
        ),
        "triangle": proof_of_equality(
            maximum(relu(x), y) + relu(x + 2 * y - two),
            maximum(x, relu(y)),
            Polyhedron.from_generators([(0, 0), (2, 0), (0, 1)]),
        ),
        "half-space with lines": proof_of_equality(
            relu(a), nothing, Polyhedron.from_inequalities([[1, 0, 0]], ["-1/3"])
        ),
        "segment in a plane": proof_of_equality(
            relu(x) + relu(y),
            affine([[0, 0]], ["1/2"]),
            Polyhedron.from_inequalities([[-1, 0], [0, -1]], [0, 0], ([[1, 1]], ["1/2"])),
        ),
        "point": proof_of_equality(
            x, affine([[0, 1]], ["1/2"]), Polyhedron.from_generators([("3/2", 1)])
        ),
        "witness": Proof(net, 2 * net, inequality),
        "tropical witness": Proof(
            three, over, InequalityCertificate((Fraction(1, 3), Fraction(-2)))
        ),
        "symmetry": Proof(net, image, equivalence),
    }


PROOFS = _proofs()
"""By name."""


def claim_is_true(certificate: Certificate, f: FunctionLike, g: FunctionLike) -> bool:
    """Whether what a certificate claims about two functions is true, without its proof."""
    if isinstance(certificate, InequalityCertificate):
        return values(f, certificate.witness) != values(g, certificate.witness)
    if isinstance(certificate, EquivalenceCertificate):
        assert isinstance(f, ReLUNetwork)
        for layer, order in enumerate(certificate.orders, 1):
            f = f.permute(layer, order).rescale(layer, certificate.factors[layer - 1])
        return f == g
    width = as_network(f).input_width + 1
    is_domain = all(len(row) == width for rows in certificate.domain for row in rows)
    return equal_everywhere(f, g) or (is_domain and equal_on(f, g, *certificate.domain))


@cache
def as_network(function: FunctionLike) -> ReLUNetwork:
    """A network that is the same function."""
    if isinstance(function, ReLUNetwork):
        return function
    if not isinstance(function, tuple):
        return to_network(function)
    units = [[[int(i == j)] for i in range(len(function))] for j in range(len(function))]
    first, *others = (
        ReLUNetwork([(unit, [0] * len(function))]) @ as_network(part)
        for unit, part in zip(units, function, strict=True)
    )
    return sum(others, first)


@cache
def equal_everywhere(f: FunctionLike, g: FunctionLike) -> bool:
    """Whether the affine pieces of the difference network vanish."""
    return all(
        not any(map(any, region.gradient)) and not any(region.constant)
        for region in activation_regions(as_network(f) - as_network(g))
    )


@cache
def equal_on(
    f: FunctionLike,
    g: FunctionLike,
    inequalities: tuple[tuple[int, ...], ...],
    equations: tuple[tuple[int, ...], ...],
) -> bool:
    """Whether the difference vanishes at points that span each of its regions in a domain."""
    domain = Polyhedron.from_inequalities(
        [row[:-1] for row in inequalities],
        [row[-1] for row in inequalities],
        ([row[:-1] for row in equations], [row[-1] for row in equations]),
        ambient_dim=as_network(f).input_width,
    )
    return all(
        values(f, point) == values(g, point)
        for region in activation_regions(as_network(f) - as_network(g), domain)
        for point in (
            region.interior_point,
            *region.vertices,
            *(_sum(region.interior_point, ray) for ray in (*region.rays, *region.lines)),
        )
    )


def with_parameter_changed(net: ReLUNetwork, depth: int, neuron: int, place: int) -> ReLUNetwork:
    """A network with 1 added to a weight, or to the bias if `place` is beyond the weights."""
    layers = [([list(row) for row in weight], list(bias)) for weight, bias in net.layers]
    weight, bias = layers[depth]
    if place < len(weight[neuron]):
        weight[neuron][place] += 1
    else:
        bias[neuron] += 1
    return ReLUNetwork(layers)


def all_parameter_changes(function: FunctionLike) -> list[FunctionLike]:
    """The functions that differ in one parameter, by 1; a network's last layer comes last."""
    if isinstance(function, tuple):
        return [
            (*function[:i], changed, *function[i + 1 :])
            for i, part in enumerate(function)
            for changed in all_parameter_changes(part)
        ]
    if isinstance(function, TropicalRational):
        top, bottom = function.numerator, function.denominator
        return [
            *(changed / bottom for changed in all_parameter_changes(top)),
            *(top / changed for changed in all_parameter_changes(bottom)),
        ]
    if isinstance(function, TropicalPolynomial):
        rows = [[*a, c] for a, c in zip(function.exponents, function.coefficients, strict=True)]
        changed_rows = [
            [
                [entry + ((i, j) == place) for j, entry in enumerate(row)]
                for i, row in enumerate(rows)
            ]
            for place in product(range(len(rows)), range(len(rows[0])))
        ]
        return [
            TropicalPolynomial([row[:-1] for row in new], [row[-1] for row in new])
            for new in changed_rows
        ]
    return [
        with_parameter_changed(function, depth, neuron, place)
        for depth, layer in enumerate(function.layers)
        for neuron, row in enumerate(layer.weight)
        for place in range(len(row) + 1)
    ]


def _sum(first: Vector, second: Vector) -> Vector:
    return tuple(a + b for a, b in zip(first, second, strict=True))
