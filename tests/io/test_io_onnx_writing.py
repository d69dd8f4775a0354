"""ONNX export: valid models, exact numbers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from onnx_models import ReferenceEvaluator, TensorProto, onnx

from tropnet.errors import InvalidInputError
from tropnet.io.formats import Options
from tropnet.io.onnx_model import read, write
from tropnet.networks.network import ReLUNetwork

FLOAT32 = ReLUNetwork([([["1/2", -3], [0, "0.25"]], [1, 0]), ([[2, "-1/8"]], [7])])
FLOAT64 = ReLUNetwork([([[0.1, -3]], [1]), ([[2]], [1 + Fraction(1, 2**40)])])
AFFINE = ReLUNetwork([([[1, 2, 3]], [-1])])


@pytest.mark.parametrize("net", [FLOAT32, FLOAT64, AFFINE])
def test_exported_models_are_valid_and_exact(net):
    proto = onnx.ModelProto.FromString(write(net))
    onnx.checker.check_model(proto, full_check=True)
    element = TensorProto.DOUBLE if net is FLOAT64 else TensorProto.FLOAT
    assert proto.graph.input[0].type.tensor_type.elem_type == element
    dtype = np.float64 if net is FLOAT64 else np.float32
    evaluator = ReferenceEvaluator(proto)
    for x in np.random.default_rng(0).integers(-8, 8, (20, net.input_width)):
        batch = np.stack([x, 2 * x]).astype(dtype)
        (values,) = evaluator.run(None, {"input": batch})
        np.testing.assert_allclose(values[0], [float(v) for v in net(x)], rtol=1e-6)
        np.testing.assert_allclose(values[1], [float(v) for v in net(2 * x)], rtol=1e-6)
    assert read(write(net), Options()) == (net, ())
    assert write(net) == write(net)


def test_numbers_that_do_not_fit_are_named():
    with pytest.raises(InvalidInputError) as caught:
        write(ReLUNetwork([([[1], [1]], [0, 0]), ([[1, "1/3"]], [0])]))
    assert "layer 2: weight, row 1, column 2: 1/3 is not exactly a float64" in str(caught.value)
    assert ".json" in str(caught.value)
