"""Small ONNX models, and their values by onnx's reference evaluator."""

from __future__ import annotations

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnx.reference import ReferenceEvaluator  # noqa: E402

from tropnet.io.formats import Options  # noqa: E402
from tropnet.io.onnx_model import read  # noqa: E402


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, **attributes)


def model(nodes, constants, shape, *, opset=13, element=TensorProto.FLOAT, output="y", listed=()):
    """A model from input x of the given shape; constants are numpy arrays by name."""
    graph = helper.make_graph(
        nodes,
        "test",
        [
            helper.make_tensor_value_info("x", element, shape),
            *(
                helper.make_tensor_value_info(
                    name, helper.np_dtype_to_tensor_dtype(constants[name].dtype), None
                )
                for name in listed
            ),
        ],
        [helper.make_tensor_value_info(output, element, None)],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def network(proto, **options):
    return read(proto.SerializeToString(), Options(**options)).network


def assert_agrees(proto, shape, *, points=12, dtype=np.float32, scale=2.0):
    """The network read from the model computes what the reference evaluator computes."""
    net = network(proto)
    evaluator = ReferenceEvaluator(proto)
    rng = np.random.default_rng(1)
    for _ in range(points):
        x = (scale * rng.standard_normal(shape)).astype(dtype)
        expected = evaluator.run(None, {"x": x})[0].ravel()
        values = [float(value) for value in net(x.ravel())]
        assert len(values) == len(expected)
        np.testing.assert_allclose(values, expected, rtol=1e-4, atol=1e-5)
    return net
