"""Writing a network as an ONNX model: a chain of Gemm and Relu."""

from __future__ import annotations

import numpy as np

from tropnet.errors import InvalidInputError
from tropnet.io.arrays import fits, float_layers
from tropnet.networks.network import ReLUNetwork

_OPSET = 13
_IR_VERSION = 8


def write(network: ReLUNetwork) -> bytes:
    """The contents of a ``.onnx`` file.

    One Gemm for each layer, input ``input`` of shape (batch, n), output ``output``; float32 if
    that holds every number exactly, float64 otherwise.

    Raises:
        InvalidInputError: for a number that is no float64 (names layer, row and column), and
            where the onnx package is missing.
    """
    try:
        from onnx import TensorProto, helper, numpy_helper
    except ImportError as error:
        raise InvalidInputError(
            'ONNX files need the onnx package: pip install "tropnet[onnx]"'
        ) from error
    dtype: type[np.floating] = np.float32 if fits(network, np.float32) else np.float64
    element = TensorProto.FLOAT if dtype is np.float32 else TensorProto.DOUBLE
    layers = float_layers(network, dtype, "save as .json, which holds every rational")
    nodes, tensors, current = [], [], "input"
    for number, (weight, bias) in enumerate(layers, 1):
        name = f"layer_{number}"
        tensors.append(numpy_helper.from_array(weight, f"{name}_weight"))
        tensors.append(numpy_helper.from_array(bias, f"{name}_bias"))
        last = number == len(layers)
        result = "output" if last else name
        inputs = [current, f"{name}_weight", f"{name}_bias"]
        nodes.append(helper.make_node("Gemm", inputs, [result], name=name, transB=1))
        if not last:
            current = f"relu_{number}"
            nodes.append(helper.make_node("Relu", [name], [current], name=current))
    graph = helper.make_graph(
        nodes,
        "tropnet",
        [helper.make_tensor_value_info("input", element, ["batch", network.input_width])],
        [helper.make_tensor_value_info("output", element, ["batch", network.output_width])],
        tensors,
    )
    model = helper.make_model(
        graph,
        producer_name="tropnet",
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
    )
    data: bytes = model.SerializeToString(deterministic=True)
    return data
