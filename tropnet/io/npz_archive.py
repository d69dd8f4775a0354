"""numpy archives: ``weight_0, bias_0, weight_1, …``, W of shape (outputs, inputs)."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from typing import Any

import numpy as np
import numpy.typing as npt

from tropnet.errors import InvalidInputError
from tropnet.io.arrays import exact_list, exact_rows, float_layers
from tropnet.io.formats import Loaded, Options, check_count
from tropnet.networks.network import ReLUNetwork

_KEY = re.compile(r"(weight|bias)_(0|[1-9][0-9]{0,5})")
_MAX_TOTAL = 256 * 2**20


def read(data: bytes, options: Options) -> Loaded:
    """The network in a ``.npz`` file; no option means anything here.

    Raises:
        InvalidInputError: for a damaged archive, missing or unknown keys, arrays that hold no
            real numbers, and archives that claim to be larger than is sensible.

    Guarantees:
        Exact for every float and integer dtype.  Nothing is unpickled; no array is allocated
        before its claimed size has been compared with what the archive holds.
    """
    arrays = _arrays(data)
    count = 0
    while f"weight_{count}" in arrays or f"bias_{count}" in arrays:
        count += 1
    if not count:
        raise InvalidInputError("no layers: expected the keys weight_0, bias_0, weight_1, …")
    expected = [f"{kind}_{i}" for i in range(count) for kind in ("weight", "bias")]
    for key in expected:
        if key not in arrays:
            raise InvalidInputError(f"the key {key} is missing")
    for key in arrays:
        if key not in expected:
            raise InvalidInputError(f"{key}: no layer {count} comes before it")
    layers = []
    for i in range(count):
        weight, bias = arrays[f"weight_{i}"], arrays[f"bias_{i}"]
        if weight.ndim != 2:
            raise InvalidInputError(
                f"weight_{i}: expected shape (outputs, inputs), got {weight.shape}"
            )
        if bias.ndim != 1:
            raise InvalidInputError(f"bias_{i}: expected shape (outputs,), got {bias.shape}")
        layers.append((exact_rows(weight, f"weight_{i}"), exact_list(bias, f"bias_{i}")))
    return Loaded(ReLUNetwork(layers))


def write(network: ReLUNetwork) -> bytes:
    """The contents of a ``.npz`` file, float64.

    Raises:
        InvalidInputError: for a number that is no float64; names layer, row and column.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    for i, (weight, bias) in enumerate(
        float_layers(network, np.float64, "save as .json, which holds every rational")
    ):
        arrays[f"weight_{i}"], arrays[f"bias_{i}"] = weight, bias
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def _arrays(data: bytes) -> dict[str, npt.NDArray[Any]]:
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as archive:
            warnings.simplefilter("ignore")
            return _read_members(archive)
    except InvalidInputError:
        raise
    except Exception as error:  # zipfile, zlib and numpy raise all sorts of things on damage
        raise InvalidInputError(f"not a numpy archive, or damaged: {_line(error)}") from error


def _read_members(archive: zipfile.ZipFile) -> dict[str, npt.NDArray[Any]]:
    members = archive.infolist()
    if sum(member.file_size for member in members) > _MAX_TOTAL:
        raise InvalidInputError(f"claims more than {_MAX_TOTAL // 2**20} MiB of data")
    arrays: dict[str, npt.NDArray[Any]] = {}
    total = 0
    for member in members:
        key = member.filename.removesuffix(".npy")
        if not _KEY.fullmatch(key) or key == member.filename:
            raise InvalidInputError(
                f"unknown key {_short(key)}; expected weight_0, bias_0, weight_1, …"
            )
        if key in arrays:
            raise InvalidInputError(f"the key {key} occurs twice")
        with archive.open(member) as file:
            shape, fortran, dtype = _header(file, key)
            size = 1
            for length in shape:
                size *= length
            total += size
            check_count(total, key)
            expected = size * dtype.itemsize
            content = file.read(expected + 1)
        if len(content) != expected:
            raise InvalidInputError(
                f"{key}: shape {shape} of {dtype} takes {expected} bytes but "
                + (f"{len(content)} are there" if len(content) < expected else "more are there")
            )
        flat = np.frombuffer(content, dtype=dtype)
        arrays[key] = flat.reshape(shape, order="F" if fortran else "C")
    return arrays


def _header(file: Any, key: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
    elif version == (2, 0):
        shape, fortran, dtype = np.lib.format.read_array_header_2_0(file)
    else:
        raise InvalidInputError(f"{key}: unknown version {version} of the .npy format")
    if dtype.kind not in "fiu":
        raise InvalidInputError(f"{key}: expected real numbers, got dtype {_short(str(dtype))}")
    if any(length < 0 for length in shape):
        raise InvalidInputError(f"{key}: negative length in shape {shape}")
    return shape, fortran, dtype


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 120 else text[:117] + "..."


def _short(text: str) -> str:
    return repr(text) if len(text) <= 60 else repr(text[:57]) + "..."
