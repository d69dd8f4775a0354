"""Certificates built to deceive: no false claim passes, and `check` never raises."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any, NamedTuple

import pytest

from certificates.proofs import PROOFS, as_network, claim_is_true
from comparison.known_identities import affine, relu
from tropnet import (
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    decide_equality,
    decide_equivalence,
)
from tropnet.certificates.cover import Cover
from tropnet.certificates.equality import EqualityCertificate, Rule
from tropnet.certificates.equivalence import EquivalenceCertificate
from tropnet.certificates.inequality import InequalityCertificate

Rows = tuple[tuple[int, ...], ...]
Rules = tuple[tuple[Rule, ...], ...]

ONE = Fraction(1)
NO_DOMAIN: tuple[Rows, Rows] = ((), ())

X = affine([[1]], [0])
RELU = relu(X)
ZERO = affine([[0]], [0])
FORM, RULE = ((0, 1),), (((1, ONE),),)
LEFT = Cover(((1, 0), (0, 1)), (), ((0, 1), (-1, 0)), ((0, 1),))
"""The half-line x ≤ 0, on which relu(x) = 0."""


def about_relu(cover: Cover | None, domain: tuple[Rows, Rows] = NO_DOMAIN) -> EqualityCertificate:
    """What would prove relu(x) = 0 if the cover were one."""
    return EqualityCertificate((FORM,), (RULE, ()), cover, domain)


def ruled(rules: Rules, *atoms: tuple[tuple[int, int], ...]) -> EqualityCertificate:
    """What would prove f = 0 by rewriting f alone."""
    return EqualityCertificate(atoms, (rules, ()))


def test_the_half_line_is_covered() -> None:
    """The forgeries about relu(x) = 0 start from a true proof on x ≤ 0."""
    certificate = about_relu(LEFT, (((1, 0),), ()))
    assert certificate.check(RELU, ZERO)
    assert claim_is_true(certificate, RELU, ZERO)


COVERS: dict[str, tuple[Cover | None, tuple[Rows, Rows]]] = {
    "no cover": (None, NO_DOMAIN),
    "half of the line": (LEFT, NO_DOMAIN),
    "no simplices": (replace(LEFT, simplices=()), NO_DOMAIN),
    "one simplex twice": (replace(LEFT, simplices=((0, 1), (0, 1))), NO_DOMAIN),
    "one simplex in both orders": (replace(LEFT, simplices=((0, 1), (1, 0))), NO_DOMAIN),
    "one simplex twice, with a corner twice": (
        replace(LEFT, corners=((0, 1), (-1, 0), (0, 2)), simplices=((0, 1), (1, 2))),
        NO_DOMAIN,
    ),
    "a flat simplex closes the gap": (
        replace(LEFT, corners=((0, 1), (-1, 0), (0, 2)), simplices=((0, 1), (0, 2))),
        NO_DOMAIN,
    ),
    "a simplex on which relu changes its sign": (
        replace(LEFT, corners=((0, 1), (-1, 0), (1, 0), (-1, 1)), simplices=((0, 1), (0, 2))),
        NO_DOMAIN,
    ),
    "directions only": (
        replace(LEFT, corners=((-1, 0), (-2, 0)), simplices=((0, 1),)),
        NO_DOMAIN,
    ),
    "a corner behind infinity": (
        replace(LEFT, corners=((0, 1), (-1, 0), (-1, -1)), simplices=((0, 1), (1, 2))),
        NO_DOMAIN,
    ),
    "corner numbers from the end": (replace(LEFT, simplices=((-2, -1),)), NO_DOMAIN),
    "a frame that misses the line": (
        Cover(((0,), (1,)), (), ((1,),), ((0,),)),
        NO_DOMAIN,
    ),
    "a frame with a column of zeros": (
        Cover(((0, 0), (0, 1)), (), ((0, 1), (1, 0), (-1, 0)), ((0, 1), (0, 2))),
        NO_DOMAIN,
    ),
    "a line along which relu changes": (
        Cover(((0,), (1,)), ((1,),), ((1,),), ((0,),)),
        NO_DOMAIN,
    ),
    "a frame that turns t around": (replace(LEFT, frame=((1, 0), (0, -1))), NO_DOMAIN),
    "a frame that mixes t": (replace(LEFT, frame=((1, 0), (1, 1))), NO_DOMAIN),
    "the domain 0·x ≤ 0": (LEFT, (((0, 0),), ())),
    "the domain 0·x ≤ 1": (LEFT, (((0, 1),), ())),
    "the domain x ≤ 1": (LEFT, (((1, 1),), ())),
    "the domain x ≥ 0": (LEFT, (((-1, 0),), ())),
    "the domain x = 1": (LEFT, ((), ((1, 1),))),
    "the domain x = 1, with a frame for it": (
        Cover(((1,), (1,)), (), ((1,),), ((0,),)),
        ((), ((1, 1),)),
    ),
    "the domain 1 ≤ x ≤ 1, as if it were x ≤ 1": (LEFT, (((1, 1), (-1, -1)), ())),
    "a domain of another space": (LEFT, (((1, 1, 1),), ())),
    "a row of a domain that is too short": (LEFT, (((0,),), ())),
    "an empty domain of another space": (LEFT, (((-1,),), ())),
    "an empty row as a domain": (LEFT, (((),), ())),
    "an empty equation": (LEFT, ((), ((),))),
}


@pytest.mark.parametrize("name", COVERS)
def test_covers_that_are_none(name: str) -> None:
    assert not about_relu(*COVERS[name]).check(RELU, ZERO)


WHOLE = Cover(((1, 0), (0, 1)), (), ((0, 1), (1, 0), (-1, 0)), ((0, 1), (0, 2)))
"""The whole line, from the origin in both directions."""
BEYOND: dict[str, tuple[Cover, ReLUNetwork, tuple[tuple[int, int], ...]]] = {
    "relu(t) for t ≤ 0": (
        Cover(WHOLE.frame, (), ((-1, 0), (0, -1), (1, 0)), ((0, 1), (1, 2))),
        relu(affine([[0]], [1])),
        ((-1, 1),),
    ),
    "relu(t) with t = −s": (
        replace(WHOLE, frame=((1, 0), (0, -1))),
        relu(affine([[0]], [1])),
        ((-1, 1),),
    ),
    "relu(x − t) with t = x + s": (
        replace(WHOLE, frame=((1, 0), (1, 1))),
        relu(affine([[1]], [-1])),
        ((0, 1), (-1, -1)),
    ),
    "x with x = 0": (replace(WHOLE, frame=((0, 0), (0, 1))), RELU, FORM),
    "no coordinates at all": (Cover(((), ()), (), ((),), ((),)), RELU, FORM),
}


@pytest.mark.parametrize("name", BEYOND)
def test_covers_of_something_else(name: str) -> None:
    """The difference does vanish on all of the simplices, but they are not the line."""
    cover, f, form = BEYOND[name]
    assert any(f(point) != ZERO(point) for point in ((0,), (3,)))
    assert not EqualityCertificate((form,), (RULE, ()), cover).check(f, ZERO)


@pytest.mark.parametrize(
    "cover",
    [
        replace(LEFT, simplices=((-2, -1),)),
        replace(LEFT, simplices=((1, 0),)),
        replace(LEFT, simplices=((0, 1), (0, 2))),
        replace(LEFT, simplices=((0, 1), ())),
        replace(LEFT, corners=((0, 1), (-1, 0), (0, 0))),
        replace(LEFT, corners=((0, 1), (-1, 0), (-1,))),
        replace(LEFT, corners=((0, 1), (-1, 0), (1, 1))),
        replace(LEFT, lines=((),)),
        replace(LEFT, frame=((1, 0), (0, 1), (0, 0))),
        replace(LEFT, frame=((1, 0), (0, 1, 0))),
    ],
)
def test_a_true_claim_by_a_careless_proof(cover: Cover) -> None:
    assert not about_relu(cover, (((1, 0),), ())).check(RELU, ZERO)


BOUNDED = relu(X) - relu(X - affine([[0]], [1]))
BUMP = BOUNDED - relu(X - affine([[0]], [1])) + relu(X - affine([[0]], [2]))


@pytest.mark.parametrize("f", [BOUNDED, BUMP])
def test_differences_that_vanish_at_all_corners(f: ReLUNetwork) -> None:
    """0 at the origin, at 2 and in both directions, but not between them."""
    true = decide_equality(f, ZERO, Polyhedron.from_generators([(0,), (-1,)])).certificate
    assert isinstance(true, EqualityCertificate)
    corners = ((0, 1), (1, 0), (-1, 0), (2, 1))
    for simplices in (((0, 1), (0, 2)), ((0, 2), (0, 3), (1, 3))):
        cover = Cover(((1, 0), (0, 1)), (), corners, simplices)
        forged = replace(true, cover=cover, domain=NO_DOMAIN)
        assert not forged.check(f, ZERO)


def test_a_frame_of_a_larger_space() -> None:
    """Its lines could cancel a change in an input against one in an atom of the same number."""
    # y − relu(x) + relu(relu(x) − y) is max(y − relu(x), 0) and vanishes for y = 0.
    f = ReLUNetwork(
        [
            ([[1, 0], [0, 1], [0, -1]], [0, 0, 0]),
            ([[1, -1, 1], [0, 1, 0], [0, 0, 1]], [0, 0, 0]),
            ([[1, 1, -1]], [0]),
        ]
    )
    g = relu(affine([[1, 0]], [0]))
    atoms = (((0, 1),), ((1, 1),), ((1, -1), (2, 1)))
    rules: Rules = (((2, ONE), (3, ONE), (3, -ONE)), ((4, ONE), (None, ONE), (None, ONE)))
    cover = Cover(
        ((1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((0, 1, 1),),
        ((0, 0, 1), (1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)),
        ((0, 1, 3), (0, 2, 3), (0, 1, 4), (0, 2, 4)),
    )
    forged = EqualityCertificate(atoms, (rules, (((2, ONE),),)), cover)
    assert f((0, 5)) != g((0, 5))
    assert not forged.check(f, g)


@pytest.mark.parametrize("rows", [(0, 0, 0), (2, 2, 1), (-2, -2, -1), (2, 2, 3)])
def test_a_bound_that_says_nothing_is_no_wall(rows: tuple[int, ...]) -> None:
    """On x + y = 1/2 the inequality 2x + 2y ≤ 1 is no facet of anything."""
    f, g, certificate = PROOFS["segment in a plane"]
    assert isinstance(certificate, EqualityCertificate)
    inequalities, equations = certificate.domain
    for others in ((), inequalities[:1], inequalities[1:]):
        forged = replace(certificate, domain=((*others, rows), equations))
        assert not forged.check(f, g)
    assert replace(certificate, domain=((*inequalities, rows), equations)).check(f, g)


RULES: dict[str, tuple[ReLUNetwork, EqualityCertificate]] = {
    "an input is not negative": (RELU, ruled((((None, Fraction(0)),),))),
    "a constant is not negative": (relu(affine([[0]], [1])), ruled((((None, Fraction(0)),),))),
    "relu(x) is not x": (relu(X) - X, ruled((((None, ONE), (None, ONE)),))),
    "an empty atom": (RELU, ruled((((1, ONE),),), ())),
    "an atom of itself": (RELU, ruled((((1, ONE),),), ((1, 1),))),
    "an atom of later ones": (RELU, ruled((((1, ONE),),), ((2, 1),), ((0, 1),))),
    "an atom with an entry twice": (RELU, ruled((((1, ONE),),), ((0, 1), (0, 0)))),
    "an atom with a zero": (RELU, ruled((((1, ONE),),), ((0, 1), (-1, 0)))),
    "an atom below the constant": (RELU, ruled((((1, ONE),),), ((-2, 1),))),
    "an input as an atom": (RELU, ruled((((0, ONE),),), FORM)),
    "the constant as an atom": (RELU, ruled((((-1, ONE),),), FORM)),
    "an atom from the end": (RELU, ruled((((-2, ONE),),), FORM)),
    "an atom that is not there": (RELU, ruled((((2, ONE),),), FORM)),
    "scale 0": (RELU, ruled((((1, Fraction(0)),),), FORM)),
    "scale -1": (RELU, ruled((((1, -ONE),),), FORM)),
    "scale 2": (RELU, ruled((((1, Fraction(2)),),), FORM)),
    "a rule too many": (RELU, ruled((((1, ONE), (1, ONE)),), FORM)),
    "a layer too many": (RELU, ruled((((1, ONE),), ((1, ONE),)), FORM)),
    "no rules": (RELU, ruled((), FORM)),
    "no rules in a layer": (RELU, ruled(((),), FORM)),
    "no atom, scale 2": (RELU, ruled((((None, Fraction(2)),),))),
}


@pytest.mark.parametrize("name", RULES)
def test_rewritings_that_are_none(name: str) -> None:
    f, certificate = RULES[name]
    assert f((3,)) != ZERO((3,)) or f((-3,)) != ZERO((-3,))
    assert not certificate.check(f, ZERO)


def renumbered(certificate: EqualityCertificate, inputs: int, order: tuple[int, ...]) -> Any:
    """The same certificate with atom order[i] as atom i."""
    place = {inputs + old: inputs + new for new, old in enumerate(order)}
    atoms = tuple(
        tuple((place.get(k, k), entry) for k, entry in certificate.atoms[old]) for old in order
    )
    first, second = (
        tuple(tuple((place.get(k, k), scale) for k, scale in layer) for layer in layers)
        for layers in certificate.rules
    )
    return replace(certificate, atoms=atoms, rules=(first, second))


@pytest.mark.parametrize("name", ["space", "rewriting alone"])
def test_atoms_come_after_what_they_are_made_of(name: str) -> None:
    f, g, certificate = PROOFS[name]
    assert isinstance(certificate, EqualityCertificate)
    inputs = as_network(f).input_width
    verdicts = set()
    for order in permutations(range(min(len(certificate.atoms), 5))):
        order = (*order, *range(len(order), len(certificate.atoms)))
        other = renumbered(certificate, inputs, order)
        ordered = all(
            k < inputs + number for number, form in enumerate(other.atoms) for k, _ in form
        )
        assert other.check(f, g) == ordered
        verdicts.add(ordered)
    assert verdicts == {True, False}


def test_a_maximum_is_not_known_to_be_positive() -> None:
    """The largest of −1, x and −x − 9 is no rectified quantity."""
    f = TropicalPolynomial([[0], [1], [-1]], [-1, 0, -9])
    forms = (((0, -1), (-1, -9)), ((-1, -1),), ((0, 1),))
    true = EqualityCertificate((), ((((-2, ONE),),), (((-2, ONE),),)), None, NO_DOMAIN, (forms,))
    assert true.check(f, f)
    assert not replace(true, rules=((((-2, ONE),),), ())).check(f, ZERO)
    for rule in ((None, ONE), (None, Fraction(0)), (-1, ONE), (-3, ONE), (-2, -ONE), (0, ONE)):
        assert not replace(true, rules=(((rule,),), ((rule,),))).check(f, f)
    for others in ((), ((),), (forms[:2],), ((*forms, forms[0]),), ((*forms[:2], ((1, 1),)),)):
        assert not replace(true, maxima=others).check(f, f)
    # As the form of a neuron or of an atom it is refused.
    assert not EqualityCertificate((((-2, 1),),), (RULE, ()), None, NO_DOMAIN, (forms,)).check(
        RELU, ZERO
    )
    assert not EqualityCertificate((), ((((-2, ONE),),), ()), None, NO_DOMAIN, (forms,)).check(
        RELU, ZERO
    )


def test_rules_that_nobody_asked_for() -> None:
    two = TropicalPolynomial([[0], [1]], [0, 0])
    one = TropicalPolynomial([[1]], [0])
    assert EqualityCertificate((FORM,), ((((1, -ONE),),), RULE)).check(two, RELU)
    assert EqualityCertificate((), (((),), ())).check(one, X)
    for rules in ((), ((),), ((*RULE[0], *RULE[0]),), (*RULE, ()), (*RULE, *RULE)):
        assert not EqualityCertificate((FORM,), (rules, RULE)).check(two, RELU)
        assert not EqualityCertificate((FORM,), (rules, RULE)).check(RELU, RELU)


@pytest.mark.parametrize(
    "thing", [None, 5, (), [], "net", Fraction(1, 2), (X, None), (X, RELU @ X)]
)
def test_what_is_no_scalar_function(thing: Any) -> None:
    for pair in ((thing, X), (X, thing)):
        assert not EqualityCertificate((), ((), ())).check(*pair)
        assert not InequalityCertificate((ONE,)).check(*pair)


def test_tuples_of_functions_of_different_spaces() -> None:
    mixed = (X, affine([[0, 1]], [0]))
    assert not EqualityCertificate((), ((), ())).check(mixed, mixed)
    assert not InequalityCertificate((ONE,)).check(mixed, (X, RELU))


def test_functions_of_different_shapes() -> None:
    """Nothing is claimed about them, whatever the numbers say."""
    plane, double = affine([[1, 0]], [0]), affine([[1], [1]], [0, 0])
    for f, g in ((X, plane), (plane, X), (X, double), (double, X)):
        assert not EqualityCertificate((), ((), ())).check(f, g)
        assert not EqualityCertificate((), ((), ()), None, (((0, -1),), ())).check(f, g)
        assert not EquivalenceCertificate((), ()).check(f, g)
        assert not InequalityCertificate((ONE,)).check(f, g)
        assert not InequalityCertificate((ONE, ONE)).check(f, g)
    assert EqualityCertificate((), ((), ())).check(X, X)


def test_a_rewriting_that_sees_one_output_only() -> None:
    f = affine([[1], [1]], [0, 0]) @ RELU
    g = affine([[1], [2]], [0, 0]) @ RELU
    assert not EqualityCertificate((FORM,), (RULE, RULE)).check(f, g)
    assert not EqualityCertificate((FORM,), (RULE, RULE)).check(f, RELU)
    assert EqualityCertificate((FORM,), (RULE, RULE)).check(f, f)


SYMMETRIES: dict[str, EquivalenceCertificate] = {
    "negative factors": EquivalenceCertificate(((0, 1),), ((ONE, -ONE),)),
    "factor 0": EquivalenceCertificate(((0, 1),), ((ONE, Fraction(0)),)),
    "one neuron twice": EquivalenceCertificate(((0, 0),), ((ONE, ONE),)),
    "a neuron from the end": EquivalenceCertificate(((0, -1),), ((ONE, ONE),)),
    "a neuron that is not there": EquivalenceCertificate(((0, 2),), ((ONE, ONE),)),
    "a neuron too few": EquivalenceCertificate(((0,),), ((ONE,),)),
    "a factor too few": EquivalenceCertificate(((0, 1),), ((ONE,),)),
    "a layer too many": EquivalenceCertificate(((0, 1), (0,)), ((ONE, ONE), (ONE,))),
    "no layers": EquivalenceCertificate((), ()),
    "factors only": EquivalenceCertificate((), ((ONE, ONE),)),
}


@pytest.mark.parametrize("name", SYMMETRIES)
def test_symmetries_that_are_none(name: str) -> None:
    net = ReLUNetwork([([[1], [1]], [0, 0]), ([[1, 1]], [0])])
    assert decide_equivalence(net, net).certificate.check(net, net)
    assert not SYMMETRIES[name].check(net, net)


@pytest.mark.parametrize("factor", [-ONE, Fraction(0)])
def test_scalings_that_are_not_positive(factor: Fraction) -> None:
    """They do turn the parameters of one network into those of the other."""
    inverse = [1 / factor] if factor else [0]
    other = ReLUNetwork([([[factor]], [0]), ([inverse], [0])])
    assert not EquivalenceCertificate(((0,),), ((factor,),)).check(RELU, other)


@pytest.mark.parametrize("witness", [(), (ONE,), (ONE, ONE, ONE)])
def test_witnesses_of_another_space(witness: tuple[Fraction, ...]) -> None:
    f, g, _ = PROOFS["witness"]
    assert not InequalityCertificate(witness).check(f, g)


class PlainNetwork(NamedTuple):
    """Layers and nothing else, perhaps of floats."""

    layers: Any


def test_plain_networks() -> None:
    """Anything with layers, whatever the sequences are."""
    for name, (f, g, certificate) in PROOFS.items():
        if not isinstance(f, ReLUNetwork) or not isinstance(g, ReLUNetwork):
            continue
        lists = [
            PlainNetwork(
                [([list(row) for row in weight], list(bias)) for weight, bias in net.layers]
            )
            for net in (f, g)
        ]
        assert certificate.check(*lists), name


def test_floats_in_plain_networks_are_the_numbers_they_store() -> None:
    """Rounded sums and products prove nothing."""
    thirds = [[0.1], [0.2], [0.3]]
    f = PlainNetwork([(thirds, [0, 0, 0]), ([[1, 1, 1]], [0])])
    g = PlainNetwork([(thirds[::-1], [0, 0, 0]), ([[1, 1, 1]], [0])])
    assert decide_equality(ReLUNetwork(f.layers), ReLUNetwork(g.layers)).equal
    assert not InequalityCertificate((ONE,)).check(f, g)
    f = PlainNetwork([(((0.1,),), (0.0,)), (((1.0,),), (0.0,))])
    g = PlainNetwork([(((0.1 / 3,),), (0.0,)), (((3.0,),), (0.0,))])
    assert not decide_equality(ReLUNetwork(f.layers), ReLUNetwork(g.layers)).equal
    assert not EquivalenceCertificate(((0,),), ((Fraction(1, 3),),)).check(f, g)


def test_empty_domains() -> None:
    """Everything is equal on the empty set, whatever rows describe it, and that has a proof."""
    for domain in (
        Polyhedron.from_inequalities([[1], [-1]], [0, -1]),
        Polyhedron.from_inequalities([[0]], [-1]),
        Polyhedron.from_inequalities([[1]], [0], ([[1]], [1])),
        Polyhedron.from_generators([], ambient_dim=1),
    ):
        certificate = decide_equality(RELU, ZERO, domain).certificate
        assert certificate.check(RELU, ZERO)
        assert claim_is_true(certificate, RELU, ZERO)
        assert isinstance(certificate, EqualityCertificate)
        assert not replace(certificate, domain=NO_DOMAIN).check(RELU, ZERO)
