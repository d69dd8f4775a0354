"""Every operator against onnx's reference evaluator."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from onnx_models import TensorProto, assert_agrees, helper, model, network, node

RNG = np.random.default_rng(0)


def normal(*shape, dtype=np.float32):
    return RNG.standard_normal(shape).astype(dtype)


W, B = normal(4, 3), normal(4)
LAST = normal(2, 4)


def dense(name="h"):
    """x of shape (1, 3) to a hidden tensor of shape (1, 4)."""
    return node("Gemm", ["x", "W", "B"], [name], transB=1)


def last(source):
    return node("MatMul", [source, "V"], ["y"])


DENSE = {"W": W, "B": B, "V": LAST.T.copy()}
INT = np.int64

# name: nodes, constants, input shape, opset
CHAINS = {
    "gemm_alpha_beta": (
        [node("Gemm", ["x", "W", "c"], ["y"], alpha=0.5, beta=-2.0)],
        {"W": normal(3, 4), "c": normal(1, 4)},
        (1, 3),
        13,
    ),
    "gemm_without_c": ([node("Gemm", ["x", "W"], ["y"])], {"W": normal(3, 2)}, (1, 3), 13),
    "gemm_scalar_c": (
        [node("Gemm", ["x", "W", "c"], ["y"])],
        {"W": normal(3, 2), "c": np.float32(1.5)},
        (1, 3),
        13,
    ),
    "gemm_trans_a": (
        [node("Gemm", ["x", "W"], ["y"], transA=1)],
        {"W": normal(3, 2)},
        (3, 1),
        13,
    ),
    "gemm_constant_left": (
        [node("Gemm", ["W", "x", "c"], ["y"], transB=1)],
        {"W": normal(4, 3), "c": normal(4, 1)},
        (1, 3),
        13,
    ),
    "matmul_left_column": (
        [node("MatMul", ["W", "x"], ["h"]), node("Add", ["b", "h"], ["y"])],
        {"W": normal(4, 3), "b": normal(4, 1)},
        (3, 1),
        13,
    ),
    "matmul_vector": ([node("MatMul", ["W", "x"], ["y"])], {"W": normal(4, 3)}, (3,), 13),
    "matmul_vector_right": ([node("MatMul", ["x", "W"], ["y"])], {"W": normal(3, 4)}, (3,), 13),
    "matmul_dot": ([node("MatMul", ["x", "w"], ["y"])], {"w": normal(3)}, (1, 3), 13),
    "matmul_stack": (
        [node("MatMul", ["x", "W"], ["y"])],
        {"W": normal(2, 3, 4)},
        (1, 2, 3),
        13,
    ),
    "matmul_stack_broadcast": (
        [node("MatMul", ["W", "x"], ["y"])],
        {"W": normal(4, 2)},
        (1, 3, 2, 2),
        13,
    ),
    "two_dense_folded": (
        [dense(), last("h")],
        DENSE,
        (1, 3),
        13,
    ),
    "arithmetic": (
        [
            node("Sub", ["x", "a"], ["p"]),
            node("Div", ["p", "b"], ["q"]),
            dense_on := node("Gemm", ["q", "W", "B"], ["h"], transB=1),
            node("Relu", ["h"], ["r"]),
            node("Mul", ["d", "r"], ["s"]),
            node("Sub", ["e", "s"], ["t"]),
            node("MatMul", ["t", "V"], ["u"]),
            node("Neg", ["u"], ["v"]),
            node("Add", ["f", "v"], ["y"]),
        ],
        {
            **DENSE,
            "a": normal(1, 3),
            "b": np.float32([2, 3, -5]),
            "d": normal(4),
            "e": normal(1, 4),
            "f": np.float32(0.25),
        },
        (1, 3),
        13,
    ),
    "sum": (
        [node("Sum", ["a", "x", "b"], ["y"])],
        {"a": normal(1, 3), "b": normal(3)},
        (1, 3),
        13,
    ),
    "broadcast_up": ([node("Add", ["x", "a"], ["y"])], {"a": normal(1, 4, 3)}, (1, 1, 3), 13),
    "batch_normalization": (
        [
            dense(),
            node("BatchNormalization", ["h", "g", "b", "m", "v"], ["n"], epsilon=1e-3),
            node("Relu", ["n"], ["r"]),
            last("r"),
        ],
        {**DENSE, "g": normal(4), "b": normal(4), "m": normal(4), "v": np.abs(normal(4))},
        (1, 3),
        15,  # the evaluator has the inference form from opset 14 on
    ),
    "batch_normalization_map": (
        [node("BatchNormalization", ["x", "g", "b", "m", "v"], ["y"])],
        {"g": normal(2), "b": normal(2), "m": normal(2), "v": np.abs(normal(2))},
        (1, 2, 2, 3),
        15,
    ),
    "relu": ([dense(), node("Relu", ["h"], ["r"]), last("r")], DENSE, (1, 3), 13),
    "relu_last": ([dense(), node("Relu", ["h"], ["y"])], DENSE, (1, 3), 13),
    "relu_first": ([node("Relu", ["x"], ["r"]), node("Gemm", ["r", "W", "B"], ["y"], transB=1)],
        DENSE, (1, 3), 13),
    "relu_twice": (
        [node("Relu", ["x"], ["r"]), node("Relu", ["r"], ["y"])], {}, (1, 3), 13),
    "leaky_relu": (
        [dense(), node("LeakyRelu", ["h"], ["r"], alpha=0.3), last("r")], DENSE, (1, 3), 13),
    "leaky_relu_default": ([node("LeakyRelu", ["x"], ["y"])], {}, (1, 3), 13),
    "leaky_relu_steep": ([node("LeakyRelu", ["x"], ["y"], alpha=-1.5)], {}, (1, 3), 13),
    "prelu_scalar": ([node("PRelu", ["x", "s"], ["y"])], {"s": np.float32([0.25])}, (1, 3), 13),
    "prelu_channels": (
        [node("PRelu", ["x", "s"], ["y"])], {"s": np.float32([[[0.25]], [[1]]])}, (1, 2, 2, 2), 13),
    "prelu_entries": (
        [node("PRelu", ["x", "s"], ["y"])], {"s": np.float32([0.25, 0, 1])}, (1, 3), 13),
    "clip_inputs": (
        [dense(), node("Clip", ["h", "lo", "hi"], ["r"]), last("r")],
        {**DENSE, "lo": np.float32(-0.5), "hi": np.float32(0.75)},
        (1, 3),
        13,
    ),
    "clip_relu6": ([node("Clip", ["x"], ["y"], min=0.0, max=6.0)], {}, (1, 3), 6),
    "clip_low": ([node("Clip", ["x", "lo"], ["y"])], {"lo": np.float32(0.5)}, (1, 3), 13),
    "clip_high": ([node("Clip", ["x", "", "hi"], ["y"])], {"hi": np.float32(0.5)}, (1, 3), 13),
    "clip_nothing": ([node("Clip", ["x"], ["y"])], {}, (1, 3), 13),
    "clip_crossed": (
        [node("Clip", ["x", "lo", "hi"], ["y"])],
        {"lo": np.float32(2), "hi": np.float32(1)}, (1, 3), 13),
    "abs": ([dense(), node("Abs", ["h"], ["r"]), last("r")], DENSE, (1, 3), 13),
    "hard_sigmoid": ([node("HardSigmoid", ["x"], ["y"], alpha=0.3)], {}, (1, 3), 13),
    "max_constant": (
        [node("Max", ["x", "c"], ["y"])], {"c": np.float32([0.5, -1, 0])}, (1, 3), 13),
    "min_constants": (
        [node("Min", ["c", "x", "d"], ["y"])],
        {"c": np.float32([0.5, -1, 0]), "d": np.float32(0.25)}, (1, 3), 13),
    "max_single": ([node("Max", ["x"], ["y"])], {}, (1, 3), 13),
    "max_of_two_maps": (
        [node("Mul", ["x", "c"], ["h"]), node("Max", ["x", "h"], ["y"])],
        {"c": np.float32(0.125)}, (1, 3), 13),
    "min_of_maps_and_constant": (
        [node("Neg", ["x"], ["h"]), node("Min", ["x", "h", "c"], ["y"])],
        {"c": np.float32(-0.5)}, (1, 3), 13),
    "max_pool": (
        [
            node("MaxPool", ["x"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
            node("Flatten", ["p"], ["f"]),
            node("MatMul", ["f", "V"], ["y"]),
        ],
        {"V": normal(8, 2)}, (1, 2, 4, 4), 13),
    "max_pool_after_relu": (
        [
            node("Relu", ["x"], ["r"]),
            node("MaxPool", ["r"], ["y"], kernel_shape=[3], strides=[1]),
        ],
        {}, (1, 1, 5), 13),
    "max_pool_padded": (
        [node("MaxPool", ["x"], ["y"], kernel_shape=[3, 2], pads=[1, 0, 1, 1], dilations=[1, 2])],
        {}, (1, 1, 4, 4), 13),
    "max_pool_same": (
        [node("MaxPool", ["x"], ["y"], kernel_shape=[2], auto_pad="SAME_UPPER", strides=[2])],
        {}, (1, 1, 5), 13),
    "average_pool": (
        [node("AveragePool", ["x"], ["y"], kernel_shape=[2, 2], pads=[1, 0, 0, 1])],
        {}, (1, 2, 3, 3), 13),
    "average_pool_counting": (
        [node("AveragePool", ["x"], ["y"], kernel_shape=[2, 2], pads=[1, 0, 0, 1],
              count_include_pad=1)],
        {}, (1, 1, 3, 3), 13),
    "global_average_pool": ([node("GlobalAveragePool", ["x"], ["y"])], {}, (1, 2, 2, 3), 13),
    "global_max_pool": ([node("GlobalMaxPool", ["x"], ["y"])], {}, (1, 2, 2, 3), 13),
    "reduce_sum": (
        [node("ReduceSum", ["x", "a"], ["y"], keepdims=0)], {"a": np.array([-1], INT)},
        (1, 2, 3), 13),
    "reduce_mean": ([node("ReduceMean", ["x"], ["y"], axes=[1])], {}, (1, 2, 3), 13),
    "reduce_max": ([node("ReduceMax", ["x"], ["y"], axes=[2], keepdims=0)], {}, (1, 2, 3), 13),
    "reduce_min_all": ([node("ReduceMin", ["x"], ["y"])], {}, (1, 5), 13),
    "conv_dense": (
        [
            node("Conv", ["x", "K", "k"], ["h"], kernel_shape=[1, 4]),
            node("Relu", ["h"], ["r"]),
            node("Conv", ["r", "L"], ["c"]),
            node("Flatten", ["c"], ["y"]),
        ],
        {"K": normal(5, 1, 1, 4), "k": normal(5), "L": normal(2, 5, 1, 1)}, (1, 1, 1, 4), 13),
    "conv_general": (
        [node("Conv", ["x", "K", "k"], ["y"], pads=[1, 0, 2, 1], strides=[2, 1], dilations=[1, 2])],
        {"K": normal(3, 2, 2, 2), "k": normal(3)}, (1, 2, 4, 4), 13),
    "conv_groups": (
        [node("Conv", ["x", "K"], ["y"], group=2, auto_pad="SAME_LOWER")],
        {"K": normal(4, 1, 2)}, (1, 2, 4), 13),
    "conv_then_pool": (
        [
            node("Conv", ["x", "K", "k"], ["h"]),
            node("Relu", ["h"], ["r"]),
            node("MaxPool", ["r"], ["p"], kernel_shape=[2, 2], strides=[2, 2]),
            node("Flatten", ["p"], ["f"]),
            node("MatMul", ["f", "V"], ["y"]),
        ],
        {"K": normal(2, 1, 2, 2), "k": normal(2), "V": normal(8, 2)}, (1, 1, 5, 5), 13),
    "pad": (
        [node("Pad", ["x", "p"], ["y"])], {"p": np.array([0, 0, 1, 0, 1, 0], INT)}, (1, 2, 3), 13),
    "shapes_without_effect": (
        [
            node("Identity", ["x"], ["a"]),
            node("Unsqueeze", ["a", "axes"], ["b"]),
            node("Squeeze", ["b", "axes"], ["c"]),
            node("Reshape", ["c", "shape"], ["d"]),
            node("Transpose", ["d"], ["e"], perm=[0, 2, 1]),
            node("Cast", ["e"], ["f"], to=TensorProto.FLOAT),
            node("Dropout", ["f"], ["g", ""]),
            node("Flatten", ["g"], ["h"], axis=1),
            node("Gemm", ["h", "W", "B"], ["y"], transB=1),
        ],
        {**DENSE, "axes": np.array([1], INT), "shape": np.array([0, -1, 1], INT)}, (1, 3), 13),
    "shapes_as_attributes": (
        [
            node("Unsqueeze", ["x"], ["a"], axes=[0, 3]),
            node("Squeeze", ["a"], ["b"], axes=[3]),
            node("Flatten", ["b"], ["c"], axis=2),
            node("Gemm", ["c", "W", "B"], ["y"], transB=1),
        ],
        DENSE, (1, 3), 11),
    "transpose_permutes": (
        [
            node("Transpose", ["x"], ["a"], perm=[0, 2, 1]),
            node("Flatten", ["a"], ["b"]),
            node("MatMul", ["b", "V"], ["y"]),
        ],
        {"V": normal(6, 2)}, (1, 2, 3), 13),
    "slice_and_gather": (
        [
            node("Slice", ["x", "s", "e", "a", "t"], ["p"]),
            node("Gather", ["p", "i"], ["y"], axis=1),
        ],
        {"s": np.array([-1], INT), "e": np.array([-100], INT), "a": np.array([1], INT),
         "t": np.array([-2], INT), "i": np.array([2, 0, 0], INT)}, (1, 5), 13),
    "expand": (
        [node("Expand", ["x", "s"], ["y"])], {"s": np.array([2, 1, 3], INT)}, (1, 3), 13),
    "dynamic_reshape": (  # what x.view(x.size(0), -1) is exported to
        [
            node("Shape", ["x"], ["s"]),
            node("Gather", ["s", "zero"], ["n"], axis=0),
            node("Unsqueeze", ["n", "axes"], ["m"]),
            node("Constant", [], ["minus"], value=helper.make_tensor("t", 7, [1], [-1])),
            node("Concat", ["m", "minus"], ["shape"], axis=0),
            node("Reshape", ["x", "shape"], ["f"]),
            node("MatMul", ["f", "V"], ["y"]),
        ],
        {"V": normal(6, 2), "zero": np.array(0, INT), "axes": np.array([0], INT)},
        (1, 2, 3), 13),
    "constants_folded": (
        [
            node("Constant", [], ["c"], value_floats=[0.5, 2.0, 3.0]),
            node("Mul", ["c", "d"], ["e"]),
            node("Sub", ["e", "c"], ["f"]),
            node("Add", ["x", "f"], ["y"]),
        ],
        {"d": np.float32(0.1)}, (1, 3), 13),
    "constant_of_shape": (
        [
            node("ConstantOfShape", ["s"], ["c"],
                 value=helper.make_tensor("t", TensorProto.FLOAT, [1], [2.5])),
            node("Add", ["x", "c"], ["y"]),
        ],
        {"s": np.array([3], INT)}, (1, 3), 13),
    "dead_branch": (
        [dense(), node("Relu", ["h"], ["r"]), node("Tanh", ["x"], ["unused"]), last("r")],
        DENSE, (1, 3), 13),
}  # fmt: skip
del dense_on


@pytest.mark.parametrize("name", CHAINS)
def test_operator_agrees_with_the_reference_evaluator(name):
    nodes, constants, shape, opset = CHAINS[name]
    assert_agrees(model(nodes, constants, shape, opset=opset), shape)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_initialisers_are_exact_in_every_float_type(dtype):
    weight = np.array([[0.1, -3.0]], dtype=dtype)
    element = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    proto = model([node("Gemm", ["x", "W"], ["y"], transB=1)], {"W": weight}, (1, 2),
                  element=element)  # fmt: skip
    expected = Fraction(*weight[0, 0].item().as_integer_ratio())
    assert network(proto).layers[0].weight == ((expected, Fraction(-3)),)


def test_initialisers_in_typed_fields_and_bfloat16():
    typed = helper.make_tensor("W", TensorProto.FLOAT, [1, 2], [0.1, -3.0])
    half = helper.make_tensor("W", TensorProto.FLOAT16, [1, 2], [0.1, -3.0])
    brain = helper.make_tensor("W", TensorProto.BFLOAT16, [1, 2], [0.5, -3.0])
    double = helper.make_tensor("W", TensorProto.DOUBLE, [1, 2], [0.1, -3.0])
    for tensor, first in (
        (typed, float(np.float32(0.1))),
        (half, float(np.float16(0.1))),
        (brain, 0.5),
        (double, 0.1),
    ):
        proto = model([node("Gemm", ["x", "W"], ["y"], transB=1)], {}, (1, 2))
        proto.graph.initializer.append(tensor)
        assert network(proto).layers[0].weight == ((Fraction(first), Fraction(-3)),)


def test_initialisers_may_be_listed_as_inputs():
    proto = model([dense("y")], {"W": W, "B": B}, (1, 3), listed=("W", "B"))
    assert_agrees(proto, (1, 3))


def test_open_batch_axis_and_open_width():
    for shape in (["N", 3], [None, None], ["N", "D"]):
        assert network(model([dense("y")], DENSE, shape)).architecture == (3, 4)
    proto = model([dense("y")], DENSE, (1, 3))
    proto.graph.input[0].type.tensor_type.ClearField("shape")
    assert network(proto).architecture == (3, 4)


def test_float64_model():
    constants = {"W": normal(3, 2, dtype=np.float64)}
    proto = model([node("MatMul", ["x", "W"], ["y"])], constants, (1, 3),
                  element=TensorProto.DOUBLE)  # fmt: skip
    assert_agrees(proto, (1, 3), dtype=np.float64)


def test_early_broadcast_attribute_names_the_axis():
    nodes = [helper.make_node("Add", ["x", "c"], ["y"], broadcast=1, axis=1)]
    net = network(model(nodes, {"c": np.float32([10, 20])}, (1, 2, 3), opset=6))
    assert net.layers[0].bias == tuple(map(Fraction, (10, 10, 10, 20, 20, 20)))


def test_early_prelu_has_one_slope_for_each_channel():
    nodes = [node("PRelu", ["x", "s"], ["y"])]
    net = network(model(nodes, {"s": np.float32([0.5, 0.25])}, (1, 2, 3), opset=6))
    assert net([-4] * 6) == tuple(map(Fraction, (-2, -2, -2, -1, -1, -1)))


def test_folding_is_exact():
    """(x - 0.1f) / 3 has no float value; the network has the rational one."""
    nodes = [node("Sub", ["x", "a"], ["p"]), node("Div", ["p", "b"], ["y"])]
    constants = {"a": np.float32([0.1]), "b": np.float32([3])}
    net = network(model(nodes, constants, (1, 1)))
    tenth = Fraction(*float(np.float32(0.1)).as_integer_ratio())
    assert net.layers == ((((Fraction(1, 3),),), (-tenth / 3,)),)


def test_rewritings_have_the_expected_widths():
    def widths(nodes, shape=(1, 4), **constants):
        return network(model(nodes, constants, shape)).architecture

    assert widths([node("LeakyRelu", ["x"], ["y"], alpha=0.5)]) == (4, 8, 4)
    assert widths([node("LeakyRelu", ["x"], ["y"], alpha=0.0)]) == (4, 4, 4)
    assert widths([node("LeakyRelu", ["x"], ["y"], alpha=1.0)]) == (4, 4)
    assert widths([node("Max", ["x", "c"], ["y"])], c=np.float32(1)) == (4, 4, 4)
    pool = node("MaxPool", ["r"], ["y"], kernel_shape=[4])
    relu = node("Relu", ["x"], ["r"])
    # after a ReLU nothing is negative, so a pair takes two neurons: y - z and z
    assert widths([relu, pool], (1, 1, 4)) == (4, 4, 4, 2, 1)


def test_batch_normalization_factor_is_the_nearest_float64_or_exact():
    def factor(variance, epsilon):
        nodes = [node("BatchNormalization", ["x", "g", "b", "m", "v"], ["y"], epsilon=epsilon)]
        one = np.float32([1])
        constants = {"g": one, "b": 0 * one, "m": 0 * one, "v": np.float32([variance])}
        return network(model(nodes, constants, (1, 1))).layers[0].weight[0][0]

    assert factor(2.0, 0.25) == Fraction(2, 3)
    root = factor(2.0, 0.0)
    assert root.denominator & (root.denominator - 1) == 0
    neighbours = [np.nextafter(float(root), 0), np.nextafter(float(root), 1)]
    assert all(abs(2 * root**2 - 1) < abs(2 * Fraction(n) ** 2 - 1) for n in neighbours)
