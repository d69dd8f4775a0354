"""Small proofs of every kind, and a second road to whether the claim of a certificate is true."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from random import Random
from typing import NamedTuple

from comparison.identities import IDENTITIES, affine, maximum, relu
from generators.transformations import TRANSFORMATIONS
from tropnet import (
    Polyhedron,
    ReLUNetwork,
    activation_regions,
    decide_equality,
    decide_equivalence,
    random_network,
)
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.inequality import InequalityCertificate
from tropnet.certificates.serialization import Certificate

Vector = tuple[Fraction, ...]


class Proof(NamedTuple):
    """A certificate and the two networks that it is about."""

    f: ReLUNetwork
    g: ReLUNetwork
    certificate: Certificate


def proof_of_equality(
    f: ReLUNetwork, g: ReLUNetwork, domain: Polyhedron | None = None, *, covered: bool = True
) -> Proof:
    """The proof that two networks agree, with a cover unless it is said to be formal."""
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
        "symmetry": Proof(net, image, equivalence),
    }


PROOFS = _proofs()
"""By name."""


def claim_is_true(certificate: Certificate, f: ReLUNetwork, g: ReLUNetwork) -> bool:
    """Whether what a certificate claims about two networks is true, without its proof."""
    if isinstance(certificate, InequalityCertificate):
        return f(certificate.witness) != g(certificate.witness)
    if isinstance(certificate, EquivalenceCertificate):
        for layer, order in enumerate(certificate.orders, 1):
            f = f.permute(layer, order).rescale(layer, certificate.factors[layer - 1])
        return f == g
    width = f.input_width + 1
    is_domain = all(len(row) == width for rows in certificate.domain for row in rows)
    return equal_everywhere(f, g) or (is_domain and equal_on(f, g, *certificate.domain))


@cache
def equal_everywhere(f: ReLUNetwork, g: ReLUNetwork) -> bool:
    """Whether the affine pieces of the difference network vanish."""
    return all(
        not any(map(any, region.gradient)) and not any(region.constant)
        for region in activation_regions(f - g)
    )


@cache
def equal_on(
    f: ReLUNetwork,
    g: ReLUNetwork,
    inequalities: tuple[tuple[int, ...], ...],
    equations: tuple[tuple[int, ...], ...],
) -> bool:
    """Whether the difference vanishes at points that span each of its regions in a domain."""
    domain = Polyhedron.from_inequalities(
        [row[:-1] for row in inequalities],
        [row[-1] for row in inequalities],
        ([row[:-1] for row in equations], [row[-1] for row in equations]),
        ambient_dim=f.input_width,
    )
    return all(
        f(point) == g(point)
        for region in activation_regions(f - g, domain)
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


def all_parameter_changes(net: ReLUNetwork) -> list[ReLUNetwork]:
    """The networks that differ in one parameter, by 1; those of the output layer come last."""
    return [
        with_parameter_changed(net, depth, neuron, place)
        for depth, layer in enumerate(net.layers)
        for neuron, row in enumerate(layer.weight)
        for place in range(len(row) + 1)
    ]


def _sum(first: Vector, second: Vector) -> Vector:
    return tuple(a + b for a, b in zip(first, second, strict=True))
