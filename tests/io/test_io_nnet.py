"""NNet files."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tropnet.errors import InvalidInputError
from tropnet.io.formats import Options
from tropnet.io.nnet_text import read, write
from tropnet.networks.network import ReLUNetwork

TEXT = """// a comment
// another
2,2,1,3,
2,3,1,
0,
-1.0,-2.0,
1.0,2.0,
0.5,-0.5,10.0,
2.0,4.0,5.0,
1.0,2.0,
3.0,-1.0,
0.1,1e-1,
0.5,
-0.5,
0.0,
1.0,-1.0,2.0,
0.25,
"""


def loaded(text, raw=False):
    return read(text if isinstance(text, bytes) else text.encode(), Options(raw=raw))


def test_raw_is_the_network_as_written():
    net = ReLUNetwork(
        [([[1, 2], [3, -1], ["1/10", "1/10"]], ["1/2", "-1/2", 0]), ([[1, -1, 2]], ["1/4"])]
    )
    assert loaded(TEXT, raw=True).network == net


@given(st.tuples(st.fractions(), st.fractions()))
@settings(max_examples=40, deadline=None)
def test_the_normalisation_is_folded_exactly(point):
    net, raw = loaded(TEXT).network, loaded(TEXT, raw=True).network
    scaled = ((point[0] - Fraction(1, 2)) / 2, (point[1] + Fraction(1, 2)) / 4)
    assert net(point) == (5 * raw(scaled)[0] + 10,)


def test_normalisation_of_a_network_without_hidden_layers():
    text = "1,1,1,1\n1,1\n0\n0\n1\n3,7\n2,5\n4\n1\n"
    net = loaded(text).network
    assert net((5,)) == ((Fraction(5 - 3, 2) * 4 + 1) * 5 + 7,)


def test_notes_say_what_is_not_applied():
    clipping = "input clipping to [-1, 1] x [-2, 2] of the NNet header is not applied"
    assert loaded(TEXT).notes == (clipping,)
    assert loaded(TEXT, raw=True).notes[0] == clipping
    assert "raw" in loaded(TEXT, raw=True).notes[1]


def test_variations_of_the_layout():
    same = loaded(TEXT)
    for text in (
        TEXT.replace("\n", "\r\n"),
        TEXT.replace(",\n", "\n"),
        TEXT.replace(",", " , "),
        TEXT.replace("2,3,1,\n", "\n// sizes\n2,3,1,\n\n"),
        "\ufeff" + TEXT,
        TEXT + "\n\n// end\n",
        TEXT.rstrip("\n"),
    ):
        assert loaded(text) == same


def test_round_trip_is_exact():
    net = ReLUNetwork([([["1/2", "-1/80"], [3, 0]], ["1/1024", -7]), ([[2, "0.1"]], ["-0.125"])])
    again = read(write(net), Options())
    assert again == (net, ())


@given(st.integers(-(10**40), 10**40), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=50, deadline=None)
def test_round_trip_of_decimals(numerator, twos, fives):
    net = ReLUNetwork([([[Fraction(numerator, 2**twos * 5**fives)]], [numerator])])
    assert read(write(net), Options()).network == net


def test_numbers_that_do_not_fit_are_named():
    with pytest.raises(InvalidInputError, match=r"layer 2: weight, row 1, column 2: 1/3 .*\.json"):
        write(ReLUNetwork([([[1], [1]], [0, 0]), ([[1, "1/3"]], [0])]))
    with pytest.raises(InvalidInputError, match="layer 1: bias, row 1: -5/6"):
        write(ReLUNetwork([([[1]], ["-5/6"])]))


def changed(old, new):
    assert old in TEXT
    return TEXT.replace(old, new, 1)


BAD = [
    ("", "the file ends before the numbers of layers"),
    (TEXT[:60], "the file ends before"),
    (TEXT[:-6], "the file ends before a bias of layer 2"),
    (TEXT + "1.0,\n", "more lines"),
    (changed("2,2,1,3,", "2,2"), "line 3: expected the numbers of layers"),
    (changed("2,2,1,3,", "0,2,1,3,"), "line 3: 0 layers"),
    (changed("2,2,1,3,", "999999999,2,1,3,"), "line 3: 999999999 layers"),
    (changed("2,2,1,3,", "99999999999,2,1,3,"), "line 3: expected integers"),
    (changed("2,2,1,3,", "x,2,1,3,"), "line 3: expected integers"),
    (changed("2,2,1,3,", "2,3,1,3,"), "contradict 3 inputs"),
    (changed("2,3,1,", "2,3,"), "line 4: expected 3 integers (the layer sizes), got 2"),
    (changed("2,3,1,", "2,3,2,"), "line 4: layer sizes '2, 3, 2' contradict"),
    (changed("2,3,1,", "2,99999999,1,"), "limit"),
    (changed("-1.0,-2.0,", "-1.0,"), "line 6: expected 2 numbers (the least inputs), got 1"),
    (changed("0.5,-0.5,10.0,", "0.5,-0.5,"), "line 8: expected 3 numbers (the means), got 2"),
    (changed("2.0,4.0,5.0", "2.0,0.0,5.0"), "line 9: a range is zero"),
    (changed("3.0,-1.0,", "3.0,"), "line 11: expected 2 numbers (a row of weights of layer 1)"),
    (changed("3.0,-1.0,", "3.0,,"), "line 11: a row of weights of layer 1: cannot read ''"),
    (changed("3.0,-1.0,", "3.0,nan,"), "line 11: a row of weights of layer 1: cannot read 'nan'"),
    (changed("3.0,-1.0,", "3.0,1e99999,"), "exponent"),
    (b"\xff\xfe2\x00", "byte 0 is not UTF-8"),
    (b"\x00" * 50, "expected integers"),
]


@pytest.mark.parametrize(("text", "part"), BAD, ids=range(len(BAD)))
def test_bad_files_name_the_line(text, part):
    with pytest.raises(InvalidInputError) as caught:
        loaded(text)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_huge_bounds_are_shown_and_do_not_overflow():
    text = changed("-1.0,-2.0,", "-1e20000,-2.0,")
    assert "beyond 1e300" in loaded(text).notes[0]
