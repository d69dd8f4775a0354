"""Damaged files end in one line of `TropnetError`, whatever the damage."""

from __future__ import annotations

import copy
import io
import random
import zipfile

import numpy as np
import pytest

from tropnet.errors import TropnetError
from tropnet.io import json_text, nnet_text, npz_archive, torch_state
from tropnet.io.formats import Options
from tropnet.networks.network import ReLUNetwork

NET = ReLUNetwork([([["1/2", -3], [0, "0.25"]], [1, 0]), ([[2, "-1/8"]], [7])])
TEXT_FORMATS = {"json": json_text, "npz": npz_archive, "nnet": nnet_text}
CHUNKS = (b"\xff", b"\0", b"\x7f", b"\x80", b"\xff\xff\xff\xff\x0f", b"9" * 12, b"-", b"e99999")


def damaged(rng, data):
    """Bytes flipped, replaced, removed, put in; now and then the end cut off."""
    result = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        i = rng.randrange(len(result) + 1)
        kind = rng.randrange(7)
        if kind == 0:
            result[i : i + 1] = bytes([data[i % len(data)] ^ 1 << rng.randrange(8)])
        elif kind == 1:
            result[i : i + 1] = rng.randbytes(1)
        elif kind == 2:
            del result[i:]
        elif kind == 3:
            del result[i : i + rng.randrange(1, 9)]
        elif kind == 4:
            result[i:i] = rng.randbytes(rng.randrange(1, 9))
        elif kind == 5:
            result[i : i + 1] = rng.choice(CHUNKS)
        else:
            j = rng.randrange(len(data))
            result[i:i] = data[j : j + rng.randrange(1, 40)]
    return bytes(result)


def survives(read, data, options=Options()):  # noqa: B008
    """Whether the data are read; an error must be one of tropnet's, on one line."""
    message = None
    try:
        read(data, options)
    except TropnetError as error:
        message = str(error)
    assert message is None or (0 < len(message) < 400 and "\n" not in message)
    return message is None


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_damaged_bytes(name):
    rng = random.Random(name)
    module = TEXT_FORMATS[name]
    whole = module.write(NET)
    for _ in range(1500):
        survives(module.read, damaged(rng, whole), Options(raw=rng.random() < 0.5))
    for length in range(0, len(whole), 7):
        survives(module.read, whole[:length])


def test_damaged_arrays_in_a_whole_archive():
    """The damage is inside, so that the archive's check sums do not give it away."""
    rng = random.Random(0)
    with zipfile.ZipFile(io.BytesIO(npz_archive.write(NET))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(800):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, damaged(rng, data) if rng.random() < 0.5 else data)
        survives(npz_archive.read, buffer.getvalue())


def test_damaged_state_files():
    pytest.importorskip("torch", reason="the torch package is not installed")
    rng = random.Random(0)
    whole = torch_state.write(NET)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(200):
        survives(torch_state.read, damaged(rng, whole))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, data in members.items():
                inside = name.endswith("data.pkl") or rng.random() < 0.05
                archive.writestr(name, damaged(rng, data) if inside else data)
        survives(torch_state.read, buffer.getvalue())


# ONNX: damage to the bytes, and to the graph, which mostly gives a message that still decodes.

ATTRIBUTES = (
    *("axis", "perm", "kernel_shape", "strides", "pads", "dilations", "group", "axes", "shape"),
    *("alpha", "beta", "min", "max", "to", "starts", "ends", "keepdims", "transA", "transB"),
    *("auto_pad", "ceil_mode", "broadcast", "value", "epsilon", "mode", "start", "end"),
)
INTEGERS = (0, 1, -1, 2, 3, -2, 7, 10**6, 2**62, -(2**63))
SHAPES = ((), (0,), (1,), (3,), (4,), (1, 1), (3, 1), (1, 3), (0, 3), (2, 2, 2), (1, 2, 3, 4))
NUMBERS = (0.0, 1.0, -1.0, 3.0, 1e9, -1e30, float("nan"), float("inf"))
DTYPES = (np.float32, np.int64, np.float16, np.bool_, np.float64, np.uint8)


@pytest.fixture(scope="module")
def models():
    pytest.importorskip("onnx", reason="the onnx package is not installed")
    from onnx_models import model
    from test_io_onnx_operators import CHAINS

    return [
        model(nodes, constants, shape, opset=o) for nodes, constants, shape, o in CHAINS.values()
    ]


def strange_array(rng):
    with np.errstate(all="ignore"):
        return np.full(rng.choice(SHAPES), rng.choice(NUMBERS)).astype(rng.choice(DTYPES))


def strange_attribute(rng):
    from onnx import helper, numpy_helper

    value = rng.choice(
        [
            rng.choice(INTEGERS),
            [rng.choice(INTEGERS) for _ in range(rng.randrange(1, 9))],
            rng.choice(NUMBERS),
            [0.5, 2.0],
            rng.choice(["SAME_UPPER", "x"]),
            numpy_helper.from_array(strange_array(rng), "t"),
        ]
    )
    return helper.make_attribute(rng.choice(ATTRIBUTES), value)


def change_operator(rng, graph):
    from tropnet.io.onnx_model.reading import OPERATORS

    rng.choice(graph.node).op_type = rng.choice([*OPERATORS, "Tanh", "Softmax", ""])


def change_attribute(rng, graph):
    node, attribute = rng.choice(graph.node), strange_attribute(rng)
    for i, old in enumerate(node.attribute):
        if old.name == attribute.name:
            del node.attribute[i]
            break
    node.attribute.append(attribute)


def change_constant(rng, graph):
    from onnx import numpy_helper

    if graph.initializer:
        tensor = rng.choice(graph.initializer)
        if rng.random() < 0.6:
            tensor.CopyFrom(numpy_helper.from_array(strange_array(rng), tensor.name))
        elif rng.random() < 0.5 or not tensor.dims:
            tensor.data_type = rng.randrange(24)
        else:
            tensor.dims[rng.randrange(len(tensor.dims))] = rng.choice([0, 1, 2, -1, 2**62])


def change_input(rng, graph):
    lengths = graph.input[0].type.tensor_type.shape.dim
    rng.choice(lengths).dim_value = rng.choice([0, 1, 2, 3, 5, 1000, -1, 2**40])


def change_edge(rng, graph):
    names = ["x", "", *(name for node in graph.node for name in node.output)]
    names += [tensor.name for tensor in graph.initializer]
    node = rng.choice(graph.node)
    kind = rng.randrange(4)
    if kind == 0:
        node.input.append(rng.choice(names))
    elif kind == 1:
        del node.output[:]
    elif node.input:
        node.input[rng.randrange(len(node.input))] = rng.choice(names)


CHANGES = (change_operator, change_attribute, change_constant, change_input, change_edge)


def test_damaged_onnx_bytes(models):
    from tropnet.io.onnx_model import read

    rng = random.Random(1)
    for _ in range(1500):
        survives(read, damaged(rng, rng.choice(models).SerializeToString()))


def test_damaged_onnx_graphs(models):
    from tropnet.io.onnx_model import read

    rng = random.Random(2)
    intact = 0
    for _ in range(2500):
        proto = copy.deepcopy(rng.choice(models))
        for _ in range(rng.choice([1, 1, 2, 3])):
            rng.choice(CHANGES)(rng, proto.graph)
        options = Options(drop_final_activation=rng.random() < 0.5)
        intact += survives(read, proto.SerializeToString(), options)
    assert 250 < intact < 2250  # the changes are neither harmless nor always fatal
