"""JSON: lossless, and exact about decimal text."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet.errors import InvalidInputError, TropnetError
from tropnet.io import dumps_json, loads_json
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.random_networks import random_network

WIDTHS = st.lists(st.integers(1, 4), min_size=2, max_size=4)


def document(layers='[{"weight": [["1"]], "bias": ["0"]}]', head='"version": 1'):
    return f'{{"format": "tropnet/network", {head}, "layers": {layers}}}'


def test_the_documented_format():
    net = loads_json(
        document(
            '[{"weight": [["1/2", "-3"]], "bias": ["0"]}, {"weight": [["1e-1"]], "bias": [2]}]'
        )
    )
    assert net == ReLUNetwork([([["1/2", -3]], [0]), ([["1/10"]], [2])])


@given(WIDTHS, st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_round_trip(widths, seed):
    net = random_network(widths, seed)
    assert loads_json(dumps_json(net)) == net
    assert dumps_json(loads_json(dumps_json(net))) == dumps_json(net)


@given(st.lists(st.fractions(), min_size=2, max_size=2), st.integers(2, 3000))
@settings(max_examples=30, deadline=None)
def test_round_trip_of_long_numbers(entries, power):
    net = ReLUNetwork([([[entries[0] / 7**power, 3**power]], [entries[1] + 2**power])])
    assert loads_json(dumps_json(net)) == net


@given(st.integers(-(10**30), 10**30), st.integers(-30, 30))
@settings(max_examples=50, deadline=None)
def test_bare_numbers_are_the_decimals_they_spell(digits, exponent):
    net = loads_json(document(f'[{{"weight": [[{digits}e{exponent}]], "bias": [{digits}]}}]'))
    ((row,), (bias,)) = net.layers[0]
    assert row == (Fraction(digits) * Fraction(10) ** exponent,)
    assert bias == digits


def test_a_tenth_is_a_tenth():
    net = loads_json(document('[{"weight": [[0.1]], "bias": ["0.1"]}]'))
    assert net.layers[0] == (((Fraction(1, 10),),), (Fraction(1, 10),))


def test_bytes_with_and_without_byte_order_mark():
    text = document()
    assert loads_json(b"\xef\xbb\xbf" + text.encode()) == loads_json(text)
    assert loads_json("\ufeff" + text) == loads_json(text)


ONE = '{"weight": [["1"]], "bias": ["0"]}'
BAD = {
    "": "empty",
    "{": "malformed JSON",
    "[1, 2]": "expected a JSON object",
    "null": "got null",
    "3": "got a number",
    '{"a": 1}': '"format"',
    document().replace("tropnet/network", "onnx"): 'got "onnx"',
    document(head='"version": 2'): "reads version 1 of tropnet/network, got 2",
    document(head='"version": "1"'): 'got "1"',
    document(head='"version": true'): "got true",
    document(head='"version": null'): "got null",
    '{"format": "tropnet/network", "layers": []}': "got none",
    '{"format": "tropnet/network", "version": 1}': 'the key "layers" is missing',
    '{"format": 1, "version": 1}': "got 1",
    document(head='"version": 1, "activation": "tanh"'): 'unknown key "activation"',
    document(head='"version": 1, "version": 1'): '"version" occurs twice',
    document("{}"): "expected a list of layers",
    document("[]"): "at least one layer",
    document("[3]"): "layer 1: expected an object",
    document('[{"weight": [["1"]]}]'): 'layer 1: the key "bias" is missing',
    document('[{"weight": [["1"]], "bias": ["0"], "b": 1}]'): 'layer 1: unknown key "b"',
    document('[{"weight": "1", "bias": ["0"]}]'): "layer 1: weight: expected a list, got text",
    document('[{"weight": [["1"]], "bias": 0}]'): "layer 1: bias: expected a list, got a number",
    document('[{"weight": [1], "bias": ["0"]}]'): "layer 1: weight[0]",
    document('[{"weight": [["1", true]], "bias": ["0"]}]'): "layer 1: weight[0][1]",
    document('[{"weight": [["1", null]], "bias": ["0"]}]'): "layer 1: weight[0][1]",
    document('[{"weight": [["1", {}]], "bias": ["0"]}]'): "layer 1: weight[0][1]",
    document('[{"weight": [["1", "x"]], "bias": ["0"]}]'): "layer 1: weight[0][1]: cannot read 'x'",
    document('[{"weight": [["1/0"]], "bias": ["0"]}]'): "denominator zero",
    document('[{"weight": [[NaN]], "bias": ["0"]}]'): "NaN is not a finite number",
    document('[{"weight": [[-Infinity]], "bias": ["0"]}]'): "-Infinity is not a finite number",
    document('[{"weight": [["nan"]], "bias": ["0"]}]'): "layer 1: weight[0][0]",
    document('[{"weight": [[1e999999999]], "bias": ["0"]}]'): "exponent",
    document('[{"weight": [["1"], ["1", "2"]], "bias": ["0", "0"]}]'): "row 1 has 2 entries",
    document('[{"weight": [["1"]], "bias": ["0", "1"]}]'): "layer 1: 1 rows of weights but 2",
    document('[{"weight": [], "bias": []}]'): "layer 1: no rows",
    document(f'[{ONE}, {{"weight": [["1", "2"]], "bias": ["0"]}}]'): "layer 2: takes 2 inputs",
    document()[:-20]: "malformed JSON",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_bad_documents_get_one_line_that_names_the_thing(text):
    with pytest.raises(InvalidInputError) as caught:
        loads_json(text)
    assert BAD[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_hostile_documents():
    deep = "[" * 100_000
    for text in (
        deep,
        deep + "]" * 100_000,
        '{"a":' * 100_000,
        document(deep + "]" * 100_000),
        document('[{"weight": [[' + "9" * 2_000_000 + ']], "bias": [0]}]'),
        document('[{"weight": [["1e' + "9" * 50_000 + '"]], "bias": [0]}]'),
        b"\xff\xfe{\x00}\x00",
        b'{"format": "\xff"}',
        document().encode("utf-16"),
        "\ufeff\ufeff{}",
    ):
        with pytest.raises(TropnetError) as caught:
            loads_json(text)
        assert len(str(caught.value)) < 300
        assert "\n" not in str(caught.value)


def test_long_integers_are_read_beyond_pythons_own_limit():
    digits = "7" * 20_000
    net = loads_json(document(f'[{{"weight": [[{digits}]], "bias": ["1/{digits}"]}}]'))
    assert net.layers[0].bias[0] * net.layers[0].weight[0][0] == 1


def test_the_text_is_json_that_others_can_read():
    parsed = json.loads(dumps_json(random_network((2, 3, 1))))
    assert list(parsed) == ["format", "version", "layers"]
    assert parsed["version"] == 1


def test_only_text():
    with pytest.raises(InvalidInputError, match="expected JSON text"):
        loads_json(3)
