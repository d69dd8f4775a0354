"""JSON for tropical functions, polyhedra, weighted complexes, networks and certificates."""

from __future__ import annotations

import contextlib
import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropical.tropical_strategies import polynomials, rationals, small
from tropnet import ReLUNetwork, TropicalPolynomial, TropicalRational, decide_equality
from tropnet.errors import CertificateError, InvalidInputError, TropnetError
from tropnet.io import object_from_json, object_to_json
from tropnet.piecewise import Facet, WeightedComplex, piecewise_linear
from tropnet.polyhedra import Polyhedron

LINE = TropicalPolynomial([[0, 0], [1, 0], [0, "1/2"]], [0, "3/7", -2])


def check_round_trip(thing):
    text = object_to_json(thing)
    again = object_from_json(text)
    assert type(again) is type(thing)
    assert again == thing
    assert object_to_json(again) == text
    assert object_from_json(b"\xef\xbb\xbf" + text.encode()) == thing
    text.encode("ascii")


# -- there and back ----------------------------------------------------------------------------


@given(st.one_of(polynomials(), rationals()))
@settings(max_examples=40, deadline=None)
def test_tropical_functions(function):
    check_round_trip(function)


@given(rationals(variables=2))
@settings(max_examples=20, deadline=None)
def test_virtual_polytopes_and_subdivisions(r):
    check_round_trip(r.numerator.regular_subdivision())
    again = object_from_json(object_to_json(r.virtual_polytope()))
    assert again == r.virtual_polytope()


@given(polynomials(variables=2))
@settings(max_examples=20, deadline=None)
def test_hypersurfaces(p):
    check_round_trip(p.hypersurface())


def test_piecewise_linear_functions():
    square = Polyhedron.from_generators([(0, 0), (2, 0), (0, 2), (2, 2)])
    diagonal = Polyhedron.from_generators([(0, 0), (1, 1)])
    x, y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, "1/3"]], [0])
    for function in (x + y, (x * y / (x + y), y)):
        for domain in (None, square, diagonal):
            check_round_trip(piecewise_linear(function, domain))


def test_cells_that_do_not_fit_are_no_function():
    x = TropicalPolynomial([[1]], [0])
    text = object_to_json(piecewise_linear(x + 0))
    for old, new, message in (
        ('"constant": ["0"]', '"constant": ["1"]', "disagree"),
        ('"constant": ["0"]', '"constant": "0"', r"cells\[0\]: constant: expected a list"),
        ('"gradient": [["0"]]', '"gradient": [[]]', "no columns|rows|gradient"),
        ('"domain": null', '"domain": {}', "domain"),
        ('"domain": null', '"domain": 3', "domain: expected an object"),
    ):
        assert old in text
        with pytest.raises(InvalidInputError, match=message):
            object_from_json(text.replace(old, new, 1))


@st.composite
def generated(draw):
    n = draw(st.integers(1, 3))
    rows = st.lists(st.tuples(*[small()] * n), max_size=3)
    vertices = draw(st.lists(st.tuples(*[small()] * n), min_size=1, max_size=4))
    return Polyhedron.from_generators(vertices, draw(rows), draw(rows))


@given(generated())
@settings(max_examples=40, deadline=None)
def test_polyhedra(polyhedron):
    check_round_trip(polyhedron)


@pytest.mark.parametrize(
    "polyhedron",
    [
        Polyhedron.from_inequalities([[0, 0]], [-1]),
        Polyhedron.from_inequalities([], [], ambient_dim=3),
        Polyhedron.from_inequalities([], [], ambient_dim=0),
        Polyhedron.from_generators([("1/2", "-3/5")]),
    ],
    ids=["empty", "space", "no coordinates", "point"],
)
def test_extreme_polyhedra(polyhedron):
    check_round_trip(polyhedron)


def test_complexes():
    line = Polyhedron.from_generators([(0, 0)], lines=[(1, 0)])
    check_round_trip(WeightedComplex(2, [Facet((0, 1), 0, (1, "-1/2"), line)]))
    check_round_trip(WeightedComplex(2, [Facet((0, 1), 0, (5,), line)]))
    check_round_trip(WeightedComplex(4))
    check_round_trip(
        WeightedComplex(1, [Facet((1,), "1/3", -2, Polyhedron.from_generators([["1/3"]]))])
    )


def test_long_numbers():
    check_round_trip(TropicalPolynomial([[Fraction(3**9000, 7)]], [2**20000]))


def test_networks_and_certificates():
    net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    check_round_trip(net)
    other = TropicalPolynomial([[1], [-1]], [0, 0])
    for answer in (decide_equality(net, other), decide_equality(net, other.scale(2))):
        proof = object_from_json(object_to_json(answer.certificate))
        proof.check(net, other if answer.equal else other.scale(2))


def test_the_documented_formats():
    text = object_to_json(LINE / LINE.constant(2, 1))
    assert json.loads(text) == {
        "format": "tropnet/tropical-rational",
        "version": 1,
        "numerator": {
            "exponents": [["0", "0"], ["0", "1/2"], ["1", "0"]],
            "coefficients": ["0", "-2", "3/7"],
        },
        "denominator": {"exponents": [["0", "0"]], "coefficients": ["1"]},
    }
    quadrant = Polyhedron.from_inequalities([[-1, 0]], [0], ([[0, 2]], [1]))
    assert json.loads(object_to_json(quadrant)) == {
        "format": "tropnet/polyhedron",
        "version": 1,
        "ambient_dim": 2,
        "inequalities": [["-1", "0", "0"]],
        "equations": [["0", "2", "1"]],
    }
    ray = Polyhedron.from_generators([(0, "1/2")], rays=[(1, 0)])
    assert json.loads(object_to_json(WeightedComplex(2, [Facet((0, 1), "1/2", 3, ray)]))) == {
        "format": "tropnet/weighted-complex",
        "version": 1,
        "ambient_dim": 2,
        "facets": [
            {
                "normal": ["0", "1"],
                "offset": "1/2",
                "weight": "3",
                "vertices": [["0", "1/2"]],
                "rays": [["1", "0"]],
                "lines": [],
            }
        ],
    }


def test_bare_numbers_are_the_decimals_they_spell():
    p = object_from_json(
        '{"format": "tropnet/tropical-polynomial", "version": 1, '
        '"exponents": [[0.1]], "coefficients": [1e-1]}'
    )
    assert p == TropicalPolynomial([["1/10"]], ["1/10"])


# -- refusals ----------------------------------------------------------------------------------

P = {"exponents": [["0"]], "coefficients": ["0"]}
H = {"ambient_dim": 1, "inequalities": [["1", "2"]], "equations": []}
F = {"normal": ["1"], "offset": "0", "weight": "1", "vertices": [["0"]], "rays": [], "lines": []}


def document(kind, body, **changes):
    return json.dumps({"format": f"tropnet/{kind}", "version": 1, **body, **changes})


def polynomial(**changes):
    return document("tropical-polynomial", P, **changes)


def polyhedron(**changes):
    return document("polyhedron", H, **changes)


def facets(**changes):
    return document("weighted-complex", {"ambient_dim": 1, "facets": [F, F | changes]})


BAD = [
    ("", "malformed JSON: it is empty"),
    ("[1]", "expected a JSON object .*got a list"),
    ("{}", '"format": expected one of tropnet/tropical-polynomial, .*got none'),
    (document("polygon", {}), 'got "tropnet/polygon"'),
    (polynomial(format=7), "got 7"),
    (polynomial(version=2), '"version": this tropnet reads version 1 .*got 2'),
    (polynomial(version="1"), '"version": .*got "1"'),
    (polynomial(more=1), 'the document: unknown key "more"'),
    (document("tropical-polynomial", {"exponents": []}), 'the key "coefficients" is missing'),
    (polynomial(exponents={}), "exponents: expected a list, got an object"),
    (polynomial(exponents=["12"]), r"exponents\[0\]: expected a list, got text"),
    (polynomial(exponents=[["1"], ["1", "2"]]), "row 1 has 2 entries but row 0 has 1"),
    (polynomial(exponents=[["a"]]), r"exponents\[0\]\[0\]: cannot read 'a'"),
    (polynomial(exponents=[[True]]), r"exponents\[0\]\[0\]: .*boolean"),
    (polynomial(exponents=[[None]]), r"exponents\[0\]\[0\]: "),
    (polynomial(exponents=[[["1"]]]), r"exponents\[0\]\[0\]: "),
    (polynomial(exponents=[]), "at least one monomial"),
    (polynomial(exponents=[[]]), "at least one variable"),
    (polynomial(coefficients=["1/0"]), r"coefficients\[0\]: '1/0' has denominator zero"),
    (polynomial(coefficients=["1", "2"]), "2 numbers for 1 exponents"),
    (polynomial(coefficients=[float("nan")]), "NaN is not a finite number"),
    (document("tropical-rational", {"numerator": P, "denominator": 3}), "denominator: expected an"),
    (
        document("tropical-rational", {"numerator": P, "denominator": P | {"coefficients": ["q"]}}),
        r"denominator: coefficients\[0\]: cannot read 'q'",
    ),
    (
        document("tropical-rational", {"numerator": P, "denominator": P | {"exponents": [[1, 2]]}}),
        "denominator: polynomials in 1 and 2 variables",
    ),
    (polyhedron(ambient_dim="1"), '"ambient_dim": expected a natural number, got "1"'),
    (polyhedron(ambient_dim=-1), '"ambient_dim": expected a natural number, got -1'),
    (polyhedron(ambient_dim=1.5), '"ambient_dim": expected a natural number, got 1.5'),
    (polyhedron(ambient_dim=10**9), "more than the limit"),
    (polyhedron(ambient_dim=10**4000), "more than the limit"),
    (polyhedron(inequalities=[["1"]]), r"inequalities\[0\]: expected 2 numbers, got 1"),
    (polyhedron(equations=[["1", "x"]]), r"equations\[0\]\[1\]: cannot read 'x'"),
    (facets(normal=["2"]), r"facets\[1\]: normal: .*not primitive"),
    (facets(normal=["1/2"]), r"facets\[1\]: normal: its entries are not all integers"),
    (facets(normal=["0"]), r"facets\[1\]: normal: "),
    (facets(normal=[]), r"facets\[1\]: normal: "),
    (facets(normal="1"), r"facets\[1\]: normal: expected a list"),
    (facets(normal=["1", "0"]), r"facets\[1\]: polyhedron: it lies in R\^1, the normal in R\^2"),
    (facets(offset="1"), r"facets\[1\]: polyhedron: it does not lie in the hyperplane"),
    (facets(weight=[]), r"facets\[1\]: weight: "),
    (facets(weight={}), r"facets\[1\]: weight: "),
    (facets(weight=["1", "2"]), r"facets\[1\]: the weight \(1, 2\) is not of the kind"),
    (facets(vertices=[]), r"facets\[1\]: polyhedron: its dimension is -1"),
    (facets(vertices=[["0", "1"]]), r"facets\[1\]: vertices\[0\]: expected 1 numbers, got 2"),
    (facets(rays=[["1"]]), r"facets\[1\]: polyhedron: its dimension is 1"),
    (document("weighted-complex", {"ambient_dim": 0, "facets": []}), "not a positive integer"),
    (document("weighted-complex", {"ambient_dim": 1, "facets": [1]}), r"facets\[0\]: expected an"),
    ("[" * 100000, "nested too deeply"),
    (document("network", {"layers": []}), "layer"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=range(len(BAD)))
def test_refusals(text, message):
    with pytest.raises(InvalidInputError, match=message) as caught:
        object_from_json(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_what_has_no_format():
    with pytest.raises(InvalidInputError, match="a dict has no JSON format"):
        object_to_json({})
    with pytest.raises(CertificateError):
        object_from_json('{"format": "tropnet/certificate", "version": 1}')


TEXTS = [
    object_to_json(LINE),
    object_to_json(TropicalRational(LINE, LINE)),
    object_to_json(LINE.newton_polytope()),
    object_to_json(LINE.hypersurface()),
]


@given(st.sampled_from(TEXTS), st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_text_is_a_clear_error_or_an_object(text, data):
    place = data.draw(st.integers(0, len(text) - 1))
    length = data.draw(st.integers(0, 3))
    new = data.draw(st.text('"[]{}:,0129-/e. nt', max_size=3))
    with contextlib.suppress(TropnetError):
        object_from_json(text[:place] + new + text[place + length :])
