"""The model files in ../shared/networks, where that folder is present."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx_models import ReferenceEvaluator, onnx

from tropnet.errors import UnsupportedNetworkError
from tropnet.io import load, load_with_notes, save

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "networks"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/networks is not there")

ARCHITECTURES = {
    "acasxu_1_1": (5, 50, 50, 50, 50, 50, 50, 5),
    "acc": (5, 20, 20, 20, 20, 20, 1),
    "nav_tanh": (4, 64, 32, 2),
    "single_pendulum": (2, 25, 25, 1),
    "unicycle": (4, 500, 2, 2),
    "vcas1": (3, 20, 20, 20, 20, 20, 9),
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_onnx_file_agrees_with_the_reference_evaluator(name):
    path = FOLDER / f"{name}.onnx"
    dropped = name == "nav_tanh"
    net = load(path, drop_final_activation=dropped)
    assert net.architecture == ARCHITECTURES[name]
    proto = onnx.load(path)
    constants = {tensor.name for tensor in proto.graph.initializer}
    (source,) = [value for value in proto.graph.input if value.name not in constants]
    shape = [length.dim_value or 1 for length in source.type.tensor_type.shape.dim]
    evaluator = ReferenceEvaluator(proto)
    rng = np.random.default_rng(0)
    for _ in range(100):
        x = rng.standard_normal(shape).astype(np.float32)
        expected = evaluator.run(None, {source.name: x})[0].ravel()
        values = np.array([float(value) for value in net(x.ravel())])
        values = np.tanh(values) if dropped else values
        assert np.abs(values - expected).max() <= 1e-4 * max(1e-3, np.abs(expected).max())


def test_final_tanh_is_refused_by_name():
    with pytest.raises(UnsupportedNetworkError) as caught:
        load(FOLDER / "nav_tanh.onnx")
    assert "node 'layer' (Tanh)" in str(caught.value)
    assert "drop_final_activation=True" in str(caught.value)
    _, notes = load_with_notes(FOLDER / "nav_tanh.onnx", drop_final_activation=True)
    assert notes == ("final activation dropped: node 'layer' (Tanh)",)


def test_acc_subtracts_one_from_its_inputs():
    """The shift is folded into the first biases; without it the value at 0 would be another."""
    proto = onnx.load(FOLDER / "acc.onnx")
    (shift,) = [t for t in proto.graph.initializer if t.name == "input_AvgImg"]
    assert np.any(onnx.numpy_helper.to_array(shift))
    (bias,) = [t for t in proto.graph.initializer if t.name == "Operation_1_B"]
    stored = onnx.numpy_helper.to_array(bias)
    assert [float(b) for b in load(FOLDER / "acc.onnx").layers[0].bias] != stored.tolist()


def test_vcas_as_nnet_and_as_onnx_agree_to_file_precision():
    """The ONNX file holds the network without the normalisation of the NNet header."""
    exported = load(FOLDER / "vcas1.onnx")
    raw, notes = load_with_notes(FOLDER / "vcas1.nnet", raw=True)
    for ours, theirs in zip(raw.layers, exported.layers, strict=True):
        for row, other in zip(
            (*ours.weight, ours.bias), (*theirs.weight, theirs.bias), strict=True
        ):
            assert all(abs(a - b) <= abs(a) / 2**24 for a, b in zip(row, other, strict=True))
    assert "raw" in notes[1]
    normalised, notes = load_with_notes(FOLDER / "vcas1.nnet")
    assert notes == (
        "input clipping to [-8000, 8000] x [-100, 100] x [0, 40] of the NNet header is not applied",
    )
    (y, *_), (z, *_) = normalised(("4000", "-50", "30")), raw(("1/4", "-1/4", "1/4"))
    assert abs(float(y) - (26.24923585890485 * float(z) - 0.7194709316423972)) < 1e-12


@pytest.mark.parametrize("name", ["vcas1", "unicycle", "single_pendulum"])
@pytest.mark.parametrize("suffix", [".json", ".npz", ".onnx", ".nnet"])
def test_every_format_gives_the_same_network_back(name, suffix, tmp_path):
    net = load(FOLDER / f"{name}.onnx")
    save(net, tmp_path / f"copy{suffix}")
    assert load(tmp_path / f"copy{suffix}") == net
