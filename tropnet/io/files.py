"""Loading and saving by the suffix of the file's name."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import TypeAlias

from tropnet.errors import InvalidInputError, TropnetError
from tropnet.io import json_text, nnet_text, npz_archive, onnx_model, torch_state
from tropnet.io.formats import MAX_FILE_BYTES, Options, Reader, Writer
from tropnet.networks.network import ReLUNetwork

PathLike: TypeAlias = str | os.PathLike[str]

_READERS: dict[str, Reader] = {
    ".json": json_text.read,
    ".npz": npz_archive.read,
    ".onnx": onnx_model.read,
    ".nnet": nnet_text.read,
    ".pt": torch_state.read,
    ".pth": torch_state.read,
}
_WRITERS: dict[str, Writer] = {
    ".json": json_text.write,
    ".npz": npz_archive.write,
    ".onnx": onnx_model.write,
    ".nnet": nnet_text.write,
    ".pt": torch_state.write,
    ".pth": torch_state.write,
}

SUFFIXES: tuple[str, ...] = tuple(_READERS)
"""The suffixes that `load` knows."""


def load(path: PathLike, *, drop_final_activation: bool = False, raw: bool = False) -> ReLUNetwork:
    """The network stored in a file; the suffix of its name tells the format.

    Args:
        path: A ``.json``, ``.npz``, ``.onnx``, ``.nnet``, ``.pt`` or ``.pth`` file.
        drop_final_activation: Leave out a trailing activation that is not piecewise linear
            (Softmax, Sigmoid, Tanh and the like) instead of refusing it.
        raw: Leave out the input and output normalisation of a ``.nnet`` file.

    Raises:
        InvalidInputError: for a file that cannot be read or does not hold what its suffix says;
            one line that starts with the path.
        UnsupportedNetworkError: for a model that is not a piecewise linear chain; names the layer.

    Guarantees:
        The network has exactly the numbers of the file: decimal text is the decimal it spells,
        binary floats are the dyadic rationals they store.  Whatever else there is to know about
        how the file was read is in the notes of `load_with_notes`.  No code in a file is run, and
        memory is bounded by the size of the file and a fixed limit on its claims.
    """
    return load_with_notes(path, drop_final_activation=drop_final_activation, raw=raw)[0]


def load_with_notes(
    path: PathLike, *, drop_final_activation: bool = False, raw: bool = False
) -> tuple[ReLUNetwork, tuple[str, ...]]:
    """The network stored in a file and remarks on how it was read, one sentence each.

    Notes tell what the file says and the network does not: input bounds that are not applied,
    a final activation that was dropped, a factor that had to be rounded.  Usually there are none.

    Args:
        path: As for `load`.
        drop_final_activation: As for `load`.
        raw: As for `load`.

    Raises:
        InvalidInputError: as `load` does.
        UnsupportedNetworkError: as `load` does.
    """
    name, suffix = _checked(path, _READERS, "read")
    options = Options(drop_final_activation=drop_final_activation, raw=raw)
    data = _read(name)
    try:
        network, notes = _READERS[suffix](data, options)
    except TropnetError as error:
        raise type(error)(f"{_shown(name)}: {error}") from error
    return network, notes


def save(network: ReLUNetwork, path: PathLike) -> None:
    """Write a network to a file; the suffix of its name tells the format.

    ``.json`` holds every network.  The other formats hold floats (``.nnet``: finite decimals);
    a number that does not fit is an error that names it.

    Args:
        network: The network.
        path: A ``.json``, ``.npz``, ``.onnx``, ``.nnet``, ``.pt`` or ``.pth`` file; an old one is
            replaced.

    Raises:
        InvalidInputError: for an unknown suffix, a place that cannot be written, and a number
            that the format cannot hold exactly.

    Guarantees:
        `load` of the file returns an equal network.  The file is written beside its place and
        moved there when complete: after a failure the old file is still there, whole.
    """
    if not isinstance(network, ReLUNetwork):
        raise InvalidInputError(f"save: expected a ReLUNetwork, got a {type(network).__name__}")
    name, suffix = _checked(path, _WRITERS, "write")
    try:
        data = _WRITERS[suffix](network)
    except TropnetError as error:
        raise type(error)(f"{_shown(name)}: {error}") from error
    try:
        _replace(Path(os.path.realpath(name)), data)
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"{_shown(name)}: cannot write: {_reason(error)}") from error


def _checked(
    path: PathLike, table: dict[str, Reader] | dict[str, Writer], verb: str
) -> tuple[str, str]:
    if not isinstance(path, (str, os.PathLike)):
        raise InvalidInputError(f"path: expected a file name, got a {type(path).__name__}")
    name = os.fspath(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in table:
        raise InvalidInputError(
            f"{_shown(name)}: cannot tell the format from the suffix {suffix!r}; "
            f"tropnet can {verb} {', '.join(table)}"
        )
    return name, suffix


def _read(name: str) -> bytes:
    try:
        status = os.stat(name)
        if not stat.S_ISREG(status.st_mode):
            kind = "a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
            raise InvalidInputError(f"{_shown(name)}: cannot read: it is {kind}")
        with open(name, "rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(f"{_shown(name)}: cannot read: {_reason(error)}") from error
    if len(data) > MAX_FILE_BYTES:
        raise InvalidInputError(
            f"{_shown(name)}: larger than the limit of {MAX_FILE_BYTES // 2**20} MiB"
        )
    return data


def _replace(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(None, "it is a directory")
    temporary = target.with_name(f".tropnet-{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[:1].lower() + error.strerror[1:]
    return str(error) or type(error).__name__


def _shown(name: str) -> str:
    return name if name.isprintable() else repr(name)
