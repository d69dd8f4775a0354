"""torch state files: a saved state dict of Linear layers, loaded without running any code."""

from __future__ import annotations

import io
import pickle
import warnings
import zipfile
from typing import Any

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.io.affine import dense_rows
from tropnet.io.formats import Loaded, Options, check_count
from tropnet.io.torch_modules import exact_tensor, import_torch, linear_rows, to_torch
from tropnet.networks.network import ReLUNetwork

_WRAPPERS = ("state_dict", "model_state_dict")
_MAX_TOTAL = 256 * 2**20
_MAX_PICKLE = 4 * 2**20  # unpickled, it may take a hundred times as much


def read(data: bytes, options: Options) -> Loaded:
    """The network in a ``.pt`` or ``.pth`` file; no option means anything here.

    A state dict tells the parameters and no activations.  Its keys must be those of Linear
    layers, ``0.weight, 0.bias, 2.weight, …`` (any prefixes, in order), and ReLU is assumed
    between them; a note says so.  A bias may be missing.

    Raises:
        InvalidInputError: for a file that is no state dict, for a pickle that could run code, and
            if torch is missing.
        UnsupportedNetworkError: for parameters that no chain of Linear layers has; names the key.

    Guarantees:
        Nothing in the file is run (``weights_only``); the numbers are the floats it stores.
    """
    parameters = _state(data)
    grouped: dict[str, dict[str, Any]] = {}
    total = 0
    for key, tensor in parameters.items():
        prefix, _, kind = key.rpartition(".")
        if kind not in ("weight", "bias") or tensor.ndim != (2 if kind == "weight" else 1):
            raise UnsupportedNetworkError(
                f"{key!r} of shape {tuple(tensor.shape)} is no parameter of a Linear layer; "
                "a state file must be of Linear layers with ReLU between them"
            )
        total += tensor.numel()
        check_count(total, "the state file")
        grouped.setdefault(prefix, {})[kind] = tensor
    layers = []
    for prefix, pair in grouped.items():
        name = f"{prefix}." if prefix else ""
        if "weight" not in pair:
            raise InvalidInputError(f"the key {name + 'weight'!r} is missing")
        weight = pair["weight"]
        rows = dense_rows(linear_rows(weight, f"{name}weight"), int(weight.shape[1]))
        bias = pair.get("bias")
        layers.append(
            (rows, [0] * len(rows) if bias is None else exact_tensor(bias, name + "bias"))
        )
    if not layers:
        raise InvalidInputError("the state dict is empty")
    note = (
        "the state file names no activations; "
        f"its {len(layers)} Linear layers are read with ReLU between them"
    )
    return Loaded(ReLUNetwork(layers), (note,) if len(layers) > 1 else ())


def write(network: ReLUNetwork) -> bytes:
    """The contents of a ``.pt`` file: the state dict of `to_torch`'s module.

    Raises:
        InvalidInputError: for a number that is no float64, and if torch is missing.
    """
    torch = import_torch()
    buffer = io.BytesIO()
    torch.save(to_torch(network).state_dict(), buffer)
    return buffer.getvalue()


def _state(data: bytes) -> dict[str, Any]:
    """The state dict in a file, perhaps wrapped once as training scripts do."""
    _check_archive(data)
    torch = import_torch()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise InvalidInputError(
            "refused: the file holds Python objects, whose loading could run code, or is damaged; "
            "save the parameters alone with torch.save(module.state_dict(), path)"
        ) from error
    except Exception as error:  # torch raises all sorts of things on damage
        raise InvalidInputError("not a torch state file, or damaged") from error
    for wrapper in _WRAPPERS:
        if isinstance(state, dict) and isinstance(state.get(wrapper), dict):
            state = state[wrapper]
    if not isinstance(state, dict):
        raise InvalidInputError(f"expected a state dict, got a {type(state).__name__}")
    for key, tensor in state.items():
        if not isinstance(key, str) or not isinstance(tensor, torch.Tensor):
            raise InvalidInputError(f"the entry {key!r} of the state dict is not a tensor")
    return state


def _check_archive(data: bytes) -> None:
    """Refuse anything but the zip archives of torch 1.6 and later, and implausible sizes."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except Exception as error:
        if data[:1] == b"\x80":
            raise InvalidInputError(
                "refused: a bare pickle, and loading it could run code; "
                "save again with torch.save(module.state_dict(), path), torch 1.6 or later"
            ) from error
        raise InvalidInputError("not a torch state file, or damaged: not a zip archive") from error
    if sum(member.file_size for member in members) > _MAX_TOTAL:
        raise InvalidInputError(f"claims more than {_MAX_TOTAL // 2**20} MiB of data")
    if any(m.filename.endswith(".pkl") and m.file_size > _MAX_PICKLE for m in members):
        raise InvalidInputError(f"holds a pickle of more than {_MAX_PICKLE // 2**20} MiB")
