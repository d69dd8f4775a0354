"""torch modules and state files; the hostile files are refused whether torch is there or not."""

from __future__ import annotations

import io
import os
import pickle
import sys
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.io import from_torch, load, load_with_notes, save, to_torch
from tropnet.io.formats import Options
from tropnet.io.torch_state import read
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.random_networks import random_network

try:
    import torch
    from torch import nn
except ImportError:
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="the torch package is not installed")
DYADIC = ReLUNetwork([([["1/2", -3], [0, "0.25"]], [1, 0]), ([[2, "-1/8"]], [7])])


def modules():
    torch.manual_seed(0)
    norm = nn.BatchNorm1d(4)
    norm.running_mean.copy_(torch.randn(4))
    norm.running_var.copy_(torch.rand(4) + 0.5)
    with torch.no_grad():
        norm.weight.copy_(torch.randn(4))
        norm.bias.copy_(torch.randn(4))
    slopes = nn.PReLU(4)
    with torch.no_grad():
        slopes.weight.copy_(torch.randn(4))
    for middle in (
        nn.ReLU(),
        nn.LeakyReLU(0.3),
        nn.PReLU(),
        slopes,
        nn.ReLU6(),
        nn.Hardtanh(-0.5, 0.25),
        nn.Hardsigmoid(),
        nn.Softshrink(0.25),
        nn.RReLU(),
        nn.Identity(),
        nn.Dropout(),
        norm,
        nn.Sequential(norm, nn.ReLU(), nn.Sequential(nn.Linear(4, 4, bias=False), nn.ReLU())),
        nn.Sequential(),
    ):
        yield nn.Sequential(nn.Flatten(), nn.Linear(3, 4), middle, nn.Linear(4, 2))
    yield nn.Linear(3, 2)
    yield nn.Sequential(nn.ReLU(), nn.Linear(3, 2), nn.ReLU())
    yield nn.Sequential(nn.Linear(3, 2)).double()
    yield nn.Sequential(nn.Linear(3, 2)).half().float()


@needs_torch
def test_modules_agree_with_torch():
    for module in modules():
        net = from_torch(module)
        module.double().eval()
        for x in torch.randn(10, 1, 3, dtype=torch.float64, generator=torch.Generator()):
            with torch.no_grad():
                expected = module(x).ravel().tolist()
            values = [float(v) for v in net(x.ravel().tolist())]
            np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-12)


@needs_torch
def test_parameters_are_exact_in_every_float_type():
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        linear = nn.Linear(1, 1, dtype=dtype)
        with torch.no_grad():
            linear.weight.fill_(0.1)
            linear.bias.fill_(-3)
        stored = Fraction(linear.weight.item())
        assert from_torch(linear) == ReLUNetwork([([[stored]], [-3])])


@needs_torch
def test_to_torch_and_back():
    for net in (DYADIC, ReLUNetwork([([[1, 2]], [3])])):
        module = to_torch(net)
        assert from_torch(module) == net
        assert all(parameter.dtype == torch.float64 for parameter in module.parameters())
        x = torch.tensor([[0.5] * net.input_width], dtype=torch.float64)
        assert module(x).item() == net(["1/2"] * net.input_width)[0]
    with pytest.raises(InvalidInputError, match="layer 1: weight, row 1, column 1: 1/3"):
        to_torch(ReLUNetwork([([["1/3"]], [0])]))


@needs_torch
def test_subclasses_of_sequential():
    class Plain(nn.Sequential):
        pass

    class Residual(nn.Sequential):
        def forward(self, x):
            return x + super().forward(x)

    class Scaled(nn.Linear):
        def forward(self, x):
            return 2 * super().forward(x)

    class Free(nn.Module):
        def forward(self, x):
            return x

    assert from_torch(Plain(nn.Linear(2, 2))).architecture == (2, 2)
    with pytest.raises(UnsupportedNetworkError, match=r"module '1' \(Residual\) has a forward"):
        from_torch(nn.Sequential(nn.Linear(2, 2), Residual(nn.Linear(2, 2))))
    for module in (Scaled(2, 2), Free(), nn.Conv2d(1, 1, 1), nn.LSTM(2, 2)):
        with pytest.raises(UnsupportedNetworkError, match=f"module '1.0' .{type(module).__name__}"):
            from_torch(nn.Sequential(nn.Linear(2, 2), nn.Sequential(module)))


@needs_torch
def test_refused_modules():
    hooked = nn.Sequential(nn.Linear(2, 2))
    hooked[0].register_forward_hook(lambda module, inputs, output: -output)
    free = nn.BatchNorm1d(2, track_running_stats=False)
    infinite = nn.Linear(1, 1)
    with torch.no_grad():
        infinite.weight.fill_(float("inf"))
    for module, kind, part in (
        (hooked, UnsupportedNetworkError, "module '0' (Linear) has forward hooks"),
        (free, UnsupportedNetworkError, "running statistics"),
        (nn.Sequential(), InvalidInputError, "no layers"),
        (nn.ReLU(), UnsupportedNetworkError, "number of inputs"),
        (nn.Sequential(nn.Linear(2, 3), nn.Linear(2, 1)), InvalidInputError, "takes 2 inputs"),
        (nn.Sequential(nn.Flatten(0), nn.Linear(2, 3)), UnsupportedNetworkError, "flattens"),
        (nn.Linear(2, 3, device="meta"), InvalidInputError, "no plain numbers"),
        (nn.Linear(2, 3, dtype=torch.complex64), InvalidInputError, "real numbers"),
        (infinite, InvalidInputError, "inf"),
        (3, InvalidInputError, "expected a torch.nn.Module"),
    ):
        with pytest.raises(kind) as caught:
            from_torch(module)
        assert part in str(caught.value)
        assert "\n" not in str(caught.value)


@needs_torch
def test_final_activations():
    module = nn.Sequential(nn.Linear(2, 2), nn.Sequential(nn.Softmax(dim=1)))
    with pytest.raises(UnsupportedNetworkError) as caught:
        from_torch(module)
    assert "module '1.0' (Softmax)" in str(caught.value)
    assert "drop_final_activation=True" in str(caught.value)
    assert from_torch(module, drop_final_activation=True) == from_torch(module[0])
    module = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2))
    with pytest.raises(UnsupportedNetworkError) as caught:
        from_torch(module, drop_final_activation=True)
    assert "module '1' (Tanh)" in str(caught.value)


@needs_torch
@pytest.mark.parametrize("suffix", [".pt", ".pth"])
def test_state_files(suffix, tmp_path):
    path = tmp_path / f"net{suffix}"
    save(DYADIC, path)
    net, notes = load_with_notes(path)
    assert net == DYADIC
    assert notes == (
        "the state file names no activations; its 2 Linear layers are read with ReLU between them",
    )
    plain = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2, bias=False))
    for state in (
        plain.state_dict(),
        {"state_dict": plain.state_dict(), "epoch": 3},
        {f"net.{key}": value for key, value in plain.state_dict().items()},
    ):
        torch.save(state, path)
        assert load(path) == from_torch(plain)


@needs_torch
def test_refused_state_files(tmp_path):
    path = tmp_path / "net.pt"
    linear = nn.Linear(2, 2)
    expanded = torch.zeros(1).expand(10**6, 10**6)
    for state, part in (
        (linear, "refused: the file holds Python objects"),
        (nn.BatchNorm1d(2).state_dict(), "no parameter of a Linear layer"),
        (nn.Conv2d(1, 1, 2).state_dict(), "no parameter of a Linear layer"),
        ({"0.weight": expanded}, "limit"),
        ({"0.bias": torch.zeros(2)}, "the key '0.weight' is missing"),
        ({"0.weight": torch.zeros(2, 2), "epoch": 3}, "'epoch'"),
        ({"0.weight": torch.full((1, 1), float("nan"))}, "nan"),
        ({}, "empty"),
        ([1, 2], "expected a state dict"),
        (torch.zeros(2), "expected a state dict"),
    ):
        torch.save(state, path)
        with pytest.raises((InvalidInputError, UnsupportedNetworkError)) as caught:
            load(path)
        assert part in str(caught.value)
        assert "\n" not in str(caught.value)


class Hostile:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_pickles_that_run_code_are_refused(tmp_path):
    """Both as a bare pickle and in an archive like torch's; nothing is run."""
    path, trap = tmp_path / "net.pt", tmp_path / "trap"
    with open(path, "wb") as file:
        pickle.dump({"0.weight": Hostile(str(trap))}, file)
    with pytest.raises(InvalidInputError, match="refused: a bare pickle"):
        load(path)
    if torch is not None:
        torch.save({"0.weight": Hostile(str(trap))}, path)
        with pytest.raises(InvalidInputError, match="refused: the file holds Python objects"):
            load(path)
    assert not trap.exists()


def test_archives_that_claim_too_much():
    for name, size, part in (
        ("archive/data.pkl", 5 * 2**20, "pickle of more than 4 MiB"),
        ("archive/data/0", 2**28 + 1, "claims more than 256 MiB"),
    ):
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open(name, "w") as member,
        ):
            for _ in range(size // 2**20 + 1):
                member.write(b"]" * 2**20)
        with pytest.raises(InvalidInputError, match=part):
            read(buffer.getvalue(), Options())


def test_garbage():
    for data in (b"", b"garbage", b"PK\x03\x04" * 5):
        with pytest.raises(InvalidInputError, match="not a zip archive"):
            read(data, Options())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}.")
    part = "damaged" if torch is not None else "pip install"
    with pytest.raises(InvalidInputError, match=part):
        read(buffer.getvalue(), Options())


def test_a_missing_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch", None)
    for action in (
        lambda: from_torch(None),
        lambda: to_torch(DYADIC),
        lambda: save(random_network((1, 1)), tmp_path / "net.pt"),
    ):
        with pytest.raises(InvalidInputError, match=r'pip install "tropnet\[torch\]"'):
            action()
    monkeypatch.setitem(sys.modules, "onnx", None)
    (tmp_path / "net.onnx").write_bytes(b"")
    for action in (
        lambda: save(DYADIC, tmp_path / "net.onnx"),
        lambda: load(tmp_path / "net.onnx"),
    ):
        with pytest.raises(InvalidInputError, match=r'pip install "tropnet\[onnx\]"'):
            action()
