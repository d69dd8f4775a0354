"""Every kind of number in, exactly; everything else refused in one line that names it."""

from __future__ import annotations

import enum
import numbers
from collections import UserList
from decimal import Decimal
from fractions import Fraction
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tropnet import InvalidInputError, Polyhedron, ReLUNetwork
from tropnet.exact import format_fraction, to_fraction, to_matrix, to_vector

HUGE = 7**6000  # 5 071 digits: more than str() prints
EPSILON = np.finfo(np.longdouble).eps


class Third:
    """A foreign exact number, as gmpy2's are: registered, with numerator and denominator."""

    numerator, denominator = 1, 3


numbers.Rational.register(Third)


class Level(enum.IntEnum):
    TWO = 2


ACCEPTED: list[tuple[Any, Fraction]] = [
    (3, Fraction(3)),
    (-HUGE, Fraction(-HUGE)),
    (Level.TWO, Fraction(2)),
    (Fraction(3, 8), Fraction(3, 8)),
    ("3/8", Fraction(3, 8)),
    ("-3/8", Fraction(-3, 8)),
    ("+6/16", Fraction(3, 8)),
    (" 7\n", Fraction(7)),
    ("0/5", Fraction(0)),
    ("0.125", Fraction(1, 8)),
    ("-.5", Fraction(-1, 2)),
    ("5.", Fraction(5)),
    ("1e-3", Fraction(1, 1000)),
    ("-2.5E+2", Fraction(-250)),
    ("1e20000", Fraction(10**20000)),
    ("-0", Fraction(0)),
    (np.str_("1/3"), Fraction(1, 3)),
    (Decimal("0.1"), Fraction(1, 10)),
    (Decimal("-1.50e3"), Fraction(-1500)),
    (Decimal("-0"), Fraction(0)),
    (0.1, Fraction(0.1)),
    (-0.0, Fraction(0)),
    (5e-324, Fraction(1, 2**1074)),
    (1.7976931348623157e308, Fraction(2**1024 - 2**971)),
    (np.float16(0.1), Fraction(819, 8192)),
    (np.float16(6e-8), Fraction(1, 2**24)),
    (np.float32(0.1), Fraction(13421773, 2**27)),
    (np.float64(0.1), Fraction(0.1)),
    (1 + EPSILON, 1 + Fraction(*EPSILON.as_integer_ratio())),
    (np.int8(-128), Fraction(-128)),
    (np.uint64(2**64 - 1), Fraction(2**64 - 1)),
    (np.array(0.5), Fraction(1, 2)),
    (np.array(Fraction(1, 3), dtype=object), Fraction(1, 3)),
    (np.array("1/3"), Fraction(1, 3)),
    (np.array(1, dtype=np.longdouble) / 4, Fraction(1, 4)),
    (sympy.Rational(-2, 3), Fraction(-2, 3)),
    (sympy.Integer(5), Fraction(5)),
    (sympy.Integer(HUGE), Fraction(HUGE)),
    (sympy.S.Half, Fraction(1, 2)),
    (flint.fmpz(-5), Fraction(-5)),
    (flint.fmpz(HUGE), Fraction(HUGE)),
    (flint.fmpq(2, -3), Fraction(-2, 3)),
    (Third(), Fraction(1, 3)),
]  # fmt: skip


def kind(value: object) -> str:
    return type(value).__name__


@pytest.mark.parametrize(("value", "expected"), ACCEPTED, ids=kind)
def test_accepted(value: Any, expected: Fraction) -> None:
    result = to_fraction(value)
    assert result == expected
    assert type(result) is Fraction
    assert type(result.numerator) is type(result.denominator) is int
    assert to_vector([value]) == (expected,)
    assert ReLUNetwork([([[value]], [0])])((1,)) == (expected,)


REFUSED: list[Any] = [
    float("nan"),
    float("inf"),
    -float("inf"),
    np.float16("inf"),
    np.float32("nan"),
    np.longdouble("nan"),
    np.array(np.nan),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("-Infinity"),
    True,
    False,
    np.True_,
    np.array(False),
    1j,
    1 + 0j,
    np.complex64(1),
    None,
    sympy.sqrt(2),
    sympy.pi,
    sympy.oo,
    sympy.nan,
    sympy.true,
    sympy.Symbol("x"),
    sympy.Float("0.5"),
    sympy.Matrix([[1, 2], [3, 4]]),
    flint.nmod(3, 7),
    flint.arb(1),
    "abc",
    "",
    " ",
    ".",
    "-",
    "e5",
    "1/0",
    "-1/0",
    "1/-2",
    "1.5/2",
    "1//2",
    "1/2/3",
    "0x10",
    "1_000",
    "١/٢",
    "nan",
    "inf",
    "-Infinity",
    "1e999999999",
    "1e-999999999",
    "1e20001",
    "1" * 1_000_001,
    Decimal("1e999999"),
    b"1",
    bytearray(b"1"),
    [1],
    [HUGE],
    (1,),
    {},
    object(),
    np.array([1.0]),
    np.eye(2),
    np.datetime64("2020-01-01", "ns"),
    np.timedelta64(5, "ns"),
    np.ma.masked,
]


@pytest.mark.parametrize("value", REFUSED, ids=kind)
def test_refused_in_one_line_that_names_the_argument(value: Any) -> None:
    for call, name in (
        (lambda: to_fraction(value, "budget"), "budget: "),
        (lambda: to_vector([1, value], "b"), "b[1]: "),
        (lambda: to_matrix([[1, 2], [3, value]], "A"), "A[1][1]: "),
    ):
        with pytest.raises(InvalidInputError) as caught:
            call()
        message = str(caught.value)
        assert message.startswith(name)
        assert "\n" not in message
        assert len(message) < 250


def test_a_decimal_of_a_subclass_is_one() -> None:
    class Money(Decimal):
        pass

    assert to_fraction(Money("0.10")) == Fraction(1, 10)


@pytest.mark.parametrize("width", [np.int8, np.int32, np.int64, np.uint8])
def test_fractions_of_numpy_integers_become_fractions_of_integers(width: type) -> None:
    # Fraction keeps numpy integers as they are, and their products overflow silently.
    value = Fraction(width(100), width(3))
    for converted in (to_fraction(value), to_vector([value])[0], to_matrix([[value]])[0][0]):
        assert converted == Fraction(100, 3)
        assert type(converted.numerator) is type(converted.denominator) is int


def test_no_silent_overflow_of_numpy_integers() -> None:
    value, exact = Fraction(np.int64(2**62), np.int64(3)), Fraction(2**62, 3)
    net, expected = (ReLUNetwork([([[entry]], [0])]) for entry in (value, exact))
    assert (4 * net).layers == (4 * expected).layers
    assert (net @ net).layers == (expected @ expected).layers
    assert Polyhedron.from_inequalities([[3]], [200]).contains([Fraction(np.int8(66))])


@given(st.fractions())
def test_text_round_trip(value: Fraction) -> None:
    assert format_fraction(value) == str(value)
    assert to_fraction(str(value)) == value


@given(st.integers(-7, 7), st.integers(4000, 20_000), st.integers(0, 20_000))
def test_text_of_numbers_beyond_the_limit_of_str(factor: int, power: int, below: int) -> None:
    value = Fraction(factor * 10**power + 1, 3 * 10**below)
    text = format_fraction(value)
    assert text.removeprefix("-").replace("/", "").isdigit()
    assert to_fraction(text) == value
    assert to_fraction(f"{factor}{'0' * power}") == factor * 10**power


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40))
def test_decimals_are_read_as_written(value: Decimal) -> None:
    assert to_fraction(value) == to_fraction(str(value)) == Fraction(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_the_dyadic_they_store(value: float) -> None:
    assert to_fraction(value) == to_fraction(np.float64(value)) == Fraction(value)
    assert to_fraction(repr(value)) == Fraction(repr(value))
    assert to_vector(np.array([value, 1])) == (Fraction(value), Fraction(1))


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, object])
def test_arrays_keep_the_value_of_every_entry(dtype: type) -> None:
    array = np.array([[1, 2], [3, 4]], dtype=dtype) / 3
    expected = tuple(tuple(Fraction(*x.as_integer_ratio()) for x in row) for row in array)
    assert to_matrix(array) == expected
    assert to_vector(array[0]) == expected[0]
    assert to_matrix(array[:, ::-1].T) == tuple(zip(*(row[::-1] for row in expected), strict=True))


def test_sequences_of_every_kind() -> None:
    expected = (Fraction(1), Fraction(2))
    lists = [1, 2], (1, 2), range(1, 3), UserList([1, 2]), iter([1, 2]), (x for x in (1, 2))
    arrays = np.array([1, 2]), np.array(["1", "2"]), np.array([1, "2"], dtype=object)
    for values in (*lists, *arrays):
        assert to_vector(values) == expected
    assert to_matrix(iter([iter([1, 2])])) == (expected,)


def test_empty_shapes() -> None:
    assert to_vector([]) == to_vector(np.array([])) == ()
    assert to_matrix([]) == to_matrix(np.zeros((0, 3))) == ()
    assert to_matrix([[], []]) == to_matrix(np.zeros((2, 0))) == ((), ())


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, 2], [3]], r"^A: row 1 has 1 entries but row 0 has 2$"),
        ([[], [1]], r"^A: row 1 has 1 entries but row 0 has 0$"),
        ([1, 2], r"^A\[0\]: expected a sequence of numbers, got 1$"),
        (np.array([1.0, 2.0]), r"^A\[0\]: expected a sequence of numbers, got 1.0$"),
        (np.zeros((1, 2, 2)), r"^A\[0\]\[0\]: "),
        (np.zeros((1, 2, 2, 2)), r"^A\[0\]\[0\]: [^\n]*$"),
        ("12", r"^A: expected a sequence of rows, got '12'$"),
        (["12"], r"^A\[0\]: expected a sequence of numbers, got '12'$"),
        (5, r"^A: expected a sequence of rows, got 5$"),
        (HUGE, r"^A: expected a sequence of rows, got "),
        (None, r"^A: expected a sequence of rows, got None$"),
        ({(1, 2)}, r"^A: expected a sequence of rows, got "),
        ({0: [1]}, r"^A: expected a sequence of rows, got "),
        ([b"12"], r"^A\[0\]: expected a sequence of numbers, got b'12'$"),
        ([bytearray(b"12")], r"^A\[0\]: expected a sequence of numbers"),
        ([[1, True]], r"^A\[0\]\[1\]: expected a number, got the boolean True$"),
        (np.array([[True]]), r"^A\[0\]\[0\]: expected a number, got the boolean True$"),
        (np.array([[1, np.nan]]), r"^A\[0\]\[1\]: nan is not a finite number$"),
        (np.array([[np.inf]], dtype=np.longdouble), r"^A\[0\]\[0\]: inf is not a finite number$"),
        (np.array([[1j]]), r"^A\[0\]\[0\]: .* of type complex"),
        (np.array([["2020-01-01"]], dtype="datetime64[ns]"), r"^A\[0\]"),
        (np.ma.array([[1.0, 2.0]], mask=[[0, 1]]), r"^A\[0\]\[1\]: "),
        (np.ma.array(np.ones((1, 2), np.longdouble), mask=[[0, 1]]), r"^A\[0\]\[1\]: "),
    ],
    ids=kind,
)
def test_malformed_matrices(rows: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message) as caught:
        to_matrix(rows, "A")
    assert "\n" not in str(caught.value)
