"""numpy archives."""

from __future__ import annotations

import io
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from tropnet.errors import InvalidInputError
from tropnet.io.formats import Options
from tropnet.io.npz_archive import read, write
from tropnet.networks.network import ReLUNetwork

NET = ReLUNetwork([([[0.1, -3], [2, 0]], [1, "1/4"]), ([[1, 2]], [0])])


def archive(**arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def network(data):
    return read(data, Options()).network


def test_round_trip():
    assert network(write(NET)) == NET


def test_compressed_fortran_order_and_other_orders_of_keys():
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        bias_1=np.zeros(1),
        weight_1=np.ones((1, 2)),
        weight_0=np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
        bias_0=np.arange(2),
    )
    expected = ReLUNetwork([([[1, 2], [3, 4]], [0, 1]), ([[1, 1]], [0])])
    assert network(buffer.getvalue()) == expected


@pytest.mark.parametrize(
    "dtype", ["f2", "f4", "f8", "g", "i1", "u2", "i4", "i8", "u8", ">f4", ">i8", ">f8"]
)
def test_every_real_dtype_is_exact(dtype):
    weight = np.array([[3, 0.1 if np.dtype(dtype).kind == "f" else 7]], dtype=dtype)
    net = network(archive(weight_0=weight, bias_0=np.zeros(1, dtype)))
    exact = [Fraction(*value.as_integer_ratio()) for value in (weight[0, 0], weight[0, 1])] if (
        np.dtype(dtype).kind == "f"
    ) else [Fraction(3), Fraction(7)]  # fmt: skip
    assert list(net.layers[0].weight[0]) == exact


W, B = np.ones((1, 1)), np.zeros(1)
BAD = {
    "empty": ({}, "no layers"),
    "gap": ({"weight_0": W, "bias_0": B, "weight_2": W, "bias_2": B}, "weight_2: no layer 1"),
    "no bias": ({"weight_0": W}, "bias_0 is missing"),
    "no weight": ({"weight_0": W, "bias_0": B, "bias_1": B}, "weight_1 is missing"),
    "unknown": ({"weight_0": W, "bias_0": B, "note": B}, "unknown key 'note'"),
    "padded": ({"weight_00": W, "bias_00": B}, "unknown key 'weight_00'"),
    "vector": ({"weight_0": B, "bias_0": B}, "weight_0: expected shape (outputs, inputs)"),
    "matrix": ({"weight_0": W, "bias_0": W}, "bias_0: expected shape (outputs,)"),
    "nan": ({"weight_0": W * np.nan, "bias_0": B}, "weight_0[0][0]: nan"),
    "infinite": ({"weight_0": W, "bias_0": B + np.inf}, "bias_0[0]: inf"),
    "bool": ({"weight_0": W > 0, "bias_0": B}, "weight_0: expected real numbers"),
    "complex": ({"weight_0": W * 1j, "bias_0": B}, "weight_0: expected real numbers"),
    "text": ({"weight_0": np.array([["1"]]), "bias_0": B}, "weight_0: expected real numbers"),
    "rows": ({"weight_0": np.ones((2, 1)), "bias_0": B}, "layer 1: 2 rows"),
    "no rows": ({"weight_0": np.ones((0, 3)), "bias_0": np.ones(0)}, "layer 1: no rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_archives(name):
    arrays, part = BAD[name]
    with pytest.raises(InvalidInputError) as caught:
        network(archive(**arrays))
    assert part in str(caught.value)


def test_objects_are_not_unpickled():
    with pytest.raises(InvalidInputError, match="expected real numbers"):
        network(archive(weight_0=np.array([[Fraction(1)]], dtype=object), bias_0=B))


def test_numbers_that_do_not_fit_are_named():
    for value, text in (("1/3", "1/3"), (2**53 + 1, str(2**53 + 1)), (10**400, "1000")):
        with pytest.raises(InvalidInputError) as caught:
            write(ReLUNetwork([([[1]], [0]), ([[1], [value]], [0, 0])]))
        assert "layer 2: weight, row 2, column 1: " + text in str(caught.value)
        assert ".json" in str(caught.value)
    with pytest.raises(InvalidInputError, match="layer 1: bias, row 1: 1/3"):
        write(ReLUNetwork([([[1]], ["1/3"])]))


def test_the_extremes_of_float64_fit():
    tiny = Fraction(1, 2**1074)
    net = ReLUNetwork([([[tiny, np.finfo(float).max]], [-tiny])])
    assert network(write(net)) == net
    with pytest.raises(InvalidInputError):
        write(ReLUNetwork([([[tiny / 2]], [0])]))


def claiming(shape, content=b"\0" * 8, compress=True):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(128 - 11) + "\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        prefix = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little")
        file.writestr("weight_0.npy", prefix + header.encode() + content)
    return buffer.getvalue()


def test_claims_are_checked_before_anything_is_allocated():
    for data, part in (
        (claiming("(1000000, 1000000)"), "limit"),
        (claiming("(1000, 1000)"), "8 are there"),
        (claiming("(1, 1)", b"\0" * 4096), "more are there"),
        (claiming("(-1, 1)"), "negative"),
        (claiming("(200000, 5)", b"\0" * 2**20), "are there"),
        (claiming("(2000, 5000)", b"\0" * 2**24), "limit"),
    ):
        with pytest.raises(InvalidInputError, match=part):
            network(data)


def test_garbage():
    for data in (b"", b"PK\x03\x04", b"garbage" * 10, write(NET)[:-30], write(NET)[40:]):
        with pytest.raises(InvalidInputError, match="not a numpy archive, or damaged"):
            network(data)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("weight_0.npy", b"no header")
    with pytest.raises(InvalidInputError, match="damaged"):
        network(buffer.getvalue())
