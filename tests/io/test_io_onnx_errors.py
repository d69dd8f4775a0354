"""What an ONNX file may not be: one clear line each, which names the node."""

from __future__ import annotations

import numpy as np
import pytest
from onnx_models import TensorProto, helper, model, network, node, onnx

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.io.formats import Options
from tropnet.io.onnx_model import read

ONE = np.float32([1])
WEIGHT = {"W": np.eye(3, dtype=np.float32)}


def gemm(source, result, **attributes):
    return node("Gemm", [source, "W"], [result], **attributes)


def error(nodes, constants=WEIGHT, shape=(1, 3), *, kind=UnsupportedNetworkError, opset=13):
    with pytest.raises(kind) as caught:
        network(model(nodes, constants, shape, opset=opset))
    message = str(caught.value)
    assert "\n" not in message
    return message


BRANCHES = {
    "skip": [
        gemm("x", "h"),
        node("Relu", ["h"], ["r"]),
        node("Add", ["r", "x"], ["y"], name="skip"),
    ],
    "sum": [
        gemm("x", "h"),
        node("Mul", ["x", "c"], ["g"]),
        node("Add", ["h", "g"], ["y"], name="skip"),
    ],
    "concat": [gemm("x", "h"), node("Concat", ["h", "x"], ["y"], axis=1, name="skip")],
    "max": [
        node("Relu", ["x"], ["r"]),
        node("Max", ["r", "x"], ["y"], name="skip"),
    ],
}


@pytest.mark.parametrize("name", BRANCHES)
def test_a_graph_that_is_not_a_chain_names_the_node(name):
    message = error(BRANCHES[name], {**WEIGHT, "c": ONE})
    assert "node 'skip'" in message
    assert "not a chain" in message


@pytest.mark.parametrize("op", ["Tanh", "Sigmoid", "Softmax", "LogSoftmax", "Elu", "Softplus"])
def test_a_trailing_activation_names_node_and_option(op):
    nodes = [gemm("x", "h"), node(op, ["h"], ["y"], name="final")]
    message = error(nodes)
    assert message.startswith(f"node 'final' ({op}) is not piecewise linear")
    assert "drop_final_activation=True" in message
    loaded = read(model(nodes, WEIGHT, (1, 3)).SerializeToString(), Options(True))
    assert loaded.network == network(model([gemm("x", "y")], WEIGHT, (1, 3)))
    assert loaded.notes == (f"final activation dropped: node 'final' ({op})",)


def test_reshapes_after_a_final_activation_and_several_of_them():
    nodes = [
        gemm("x", "h"),
        node("Softmax", ["h"], ["s"]),
        node("Flatten", ["s"], ["f"]),
        node("ArgMax", ["f"], ["y"]),
    ]
    assert "node Softmax with output 's'" in error(nodes)
    assert network(model(nodes, WEIGHT, (1, 3)), drop_final_activation=True).depth == 0


def test_dropping_keeps_piecewise_linear_activations():
    nodes = [gemm("x", "h"), node("Relu", ["h"], ["y"])]
    assert network(model(nodes, WEIGHT, (1, 3)), drop_final_activation=True).depth == 1


def test_an_activation_in_the_middle_is_not_offered_the_option():
    nodes = [node("Tanh", ["x"], ["h"], name="inner"), gemm("h", "y")]
    message = error(nodes)
    assert "node 'inner' (Tanh)" in message
    assert "drop" not in message


REFUSED = {
    "unknown operator": ([node("Einsum", ["x"], ["y"], equation="ij->ij")], "Einsum"),
    "other domain": ([helper.make_node("Relu", ["x"], ["y"], domain="com.acme")], "com.acme.Relu"),
    "product": ([gemm("x", "h"), node("Mul", ["h", "x"], ["y"])], "two computed values"),
    "square": ([node("MatMul", ["x", "x"], ["y"])], "two computed values"),
    "quotient": ([node("Div", ["c", "x"], ["y"])], "divides by a computed value"),
    "computed bias": ([node("Gemm", ["x", "W", "x"], ["y"])], "the addend C"),
    "integer cast": ([node("Cast", ["x"], ["y"], to=TensorProto.INT64)], "rounds"),
    "constant output": ([node("Relu", ["c"], ["y"])], "constants only"),
    "training": (
        [node("BatchNormalization", ["x", "v", "v", "v", "v"], ["y", "a", "b"], training_mode=1)],
        "training mode",
    ),
    "reflection": ([node("Pad", ["x", "p"], ["y"], mode="reflect")], "'reflect'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_nodes(name):
    nodes, part = REFUSED[name]
    constants = {
        **WEIGHT,
        "c": ONE,
        "v": np.ones(3, np.float32),
        "p": np.array([0, 1, 0, 1]),
    }
    message = error(nodes, constants, opset=15)
    assert part in message
    assert "node" in message


CONTRADICTIONS = {
    "gemm shapes": ([gemm("x", "y")], {"W": np.ones((4, 3), np.float32)}, "(1, 3) and (4, 3)"),
    "matmul shapes": (
        [node("MatMul", ["x", "W"], ["y"])],
        {"W": np.ones((4, 3), np.float32)},
        "(1, 3) and (4, 3)",
    ),
    "addend": (
        [node("Gemm", ["x", "W", "c"], ["y"])],
        {**WEIGHT, "c": np.ones(2, np.float32)},
        "(1, 3) and (2,)",
    ),
    "division": ([node("Div", ["x", "c"], ["y"])], {"c": 0 * ONE}, "zero"),
    "nan": ([node("Add", ["x", "c"], ["y"])], {"c": ONE * np.nan}, "nan"),
    "infinite weight": ([gemm("x", "y")], {"W": np.full((3, 2), np.inf, np.float32)}, "inf"),
    "reshape": ([node("Reshape", ["x", "s"], ["y"])], {"s": np.array([2, 2])}, "(2, 2)"),
    "variance": (
        [node("BatchNormalization", ["x", "v", "v", "v", "w"], ["y"])],
        {"v": np.ones(3, np.float32), "w": np.float32([1, -1, 1])},
        "channel 1",
    ),
    "unknown input": ([node("Relu", ["nowhere"], ["y"])], {}, "'nowhere'"),
    "order": ([node("Relu", ["h"], ["y"]), node("Relu", ["x"], ["h"])], {}, "'h'"),
    "missing input": ([node("Gemm", ["x"], ["y"])], {}, "input 2 is missing"),
    "stride": (
        [node("MaxPool", ["x"], ["y"], kernel_shape=[1], strides=[0])],
        {},
        "stride",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions(name):
    nodes, constants, part = CONTRADICTIONS[name]
    shape = (1, 1, 3) if name == "stride" else (1, 3)
    assert part in error(nodes, constants, shape, kind=InvalidInputError, opset=15)


def test_inputs_and_outputs():
    proto = model([gemm("x", "y")], WEIGHT, (1, 3))
    second = helper.make_tensor_value_info("second", TensorProto.FLOAT, [1])
    proto.graph.input.append(second)
    with pytest.raises(UnsupportedNetworkError, match=r"2 inputs \('x', 'second'\)"):
        network(proto)
    proto = model([gemm("x", "y")], WEIGHT, (1, 3))
    proto.graph.output.append(second)
    with pytest.raises(UnsupportedNetworkError, match="2 outputs"):
        network(proto)
    proto = model([gemm("x", "y")], WEIGHT, (1, 3), output="other")
    with pytest.raises(UnsupportedNetworkError, match="'other' is not computed"):
        network(proto)
    proto = model([node("Relu", ["x"], ["y"])], {}, ("N", "C", "D"))
    with pytest.raises(UnsupportedNetworkError, match="left open"):
        network(proto)
    proto = model([node("Relu", ["x"], ["y"])], {}, (1, 3), element=TensorProto.INT64)
    with pytest.raises(UnsupportedNetworkError, match="floats"):
        network(proto)


def test_a_fixed_batch_is_one_point_and_noted():
    loaded = read(model([gemm("x", "y")], WEIGHT, (2, 3)).SerializeToString(), Options())
    assert loaded.network.architecture == (6, 6)
    assert "one point with 6 coordinates" in loaded.notes[0]


def test_external_data_is_refused(tmp_path):
    proto = model([gemm("x", "y")], WEIGHT, (1, 3))
    onnx.external_data_helper.set_external_data(proto.graph.initializer[0], location="data.bin")
    with pytest.raises(UnsupportedNetworkError, match=r"initialiser 'W': .* another file"):
        network(proto)


def test_claims_are_checked_before_anything_is_allocated():
    for dims, part in (([2**40, 2**20], "limit"), ([3, 4], "12 entries"), ([-3, 3], "negative")):
        proto = model([gemm("x", "y")], WEIGHT, (1, 3))
        del proto.graph.initializer[0].dims[:]
        proto.graph.initializer[0].dims.extend(dims)
        with pytest.raises(InvalidInputError, match=part):
            network(proto)
    for nodes, shape in (
        ([node("Relu", ["x"], ["y"])], (1, 2**40)),
        ([node("Expand", ["x", "s"], ["y"])], (1, 3)),
        ([node("ConstantOfShape", ["s"], ["c"]), node("Add", ["x", "c"], ["y"])], (1, 3)),
        ([node("MaxPool", ["x"], ["y"], kernel_shape=[9], pads=[2**40, 2**40])], (1, 1, 9)),
        ([node("Conv", ["x", "K"], ["y"], pads=[2**40, 2**40])], (1, 1, 9)),
    ):
        constants = {"s": np.array([2**40, 1]), "K": np.ones((1, 1, 9), np.float32)}
        with pytest.raises(InvalidInputError, match="limit"):
            network(model(nodes, constants, shape))


def test_more_messages_than_memory_has_room_for():
    def varint(number):
        return bytes([number & 127 | 128, number >> 7 & 127 | 128, number >> 14 & 127])

    empty_nodes = b"\x0a\x00" * 400_000
    with pytest.raises(InvalidInputError, match="300000 fields"):
        read(b"\x08\x08\x3a" + varint(len(empty_nodes)) + empty_nodes, Options())


def test_garbage():
    for data in (b"", b"garbage", b"\x00" * 100, b"\x08\x08", b"PK\x03\x04"):
        with pytest.raises(InvalidInputError, match="not an ONNX model"):
            read(data, Options())


def test_names_that_are_not_text():
    data = model([gemm("x", "y", name="@@@@")], WEIGHT, (1, 3)).SerializeToString()
    with pytest.raises(InvalidInputError, match="not text"):
        read(data.replace(b"@@@@", b"\xff\xfe\xff\xfe"), Options())
    label = error([node("Tanh", ["x"], ["y"], name="two\nlines")])
    assert r"two\nlines" in label
