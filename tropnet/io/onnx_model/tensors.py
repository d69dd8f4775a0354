"""Constant tensors of an ONNX file as numpy arrays, their claims checked before any allocation."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.io.formats import check_count

Array = npt.NDArray[Any]

# ONNX's numbers for element types; they are part of the format and never change.
FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64 = 1, 2, 3, 4, 5, 6, 7
STRING, BOOL, FLOAT16, DOUBLE, UINT32, UINT64 = 8, 9, 10, 11, 12, 13
BFLOAT16 = 16

FLOATS = (FLOAT, FLOAT16, DOUBLE, BFLOAT16)
MAX_RANK = 16
_EXTERNAL = 1

# Element type: dtype of the raw data, field that holds the entries otherwise.
_TYPES: dict[int, tuple[str, str]] = {
    FLOAT: ("<f4", "float_data"),
    DOUBLE: ("<f8", "double_data"),
    FLOAT16: ("<f2", "int32_data"),
    BFLOAT16: ("<u2", "int32_data"),
    INT8: ("<i1", "int32_data"),
    INT16: ("<i2", "int32_data"),
    INT32: ("<i4", "int32_data"),
    INT64: ("<i8", "int64_data"),
    UINT8: ("<u1", "int32_data"),
    UINT16: ("<u2", "int32_data"),
    UINT32: ("<u4", "uint64_data"),
    UINT64: ("<u8", "uint64_data"),
    BOOL: ("<u1", "int32_data"),
}


def tensor_array(tensor: Any, name: str) -> Array:
    """The array that a TensorProto holds.

    Args:
        tensor: The TensorProto.
        name: What it is, for the error message.

    Raises:
        InvalidInputError: if the entries are not as many as the shape says.
        UnsupportedNetworkError: for element types without real numbers and for data in other files.
    """
    if tensor.data_location == _EXTERNAL or tensor.external_data:
        raise UnsupportedNetworkError(
            f"{name}: the numbers are in another file, which tropnet does not read; "
            "save the model in one file (onnx.save without save_as_external_data)"
        )
    if tensor.HasField("segment"):
        raise UnsupportedNetworkError(f"{name}: is stored in segments, which tropnet does not read")
    if tensor.data_type not in _TYPES:
        raise UnsupportedNetworkError(
            f"{name}: has element type {tensor.data_type}, which holds no plain real numbers"
        )
    shape, count = _shape_and_count(tensor, name)
    code, field = _TYPES[tensor.data_type]
    dtype = np.dtype(code)
    if tensor.HasField("raw_data"):
        data = tensor.raw_data
        found, left_over = divmod(len(data), dtype.itemsize)
        _check_length(found, count, shape, name, left_over)
        array = np.frombuffer(data, dtype=dtype)
    else:
        entries = getattr(tensor, field)
        _check_length(len(entries), count, shape, name)
        array = _from_field(entries, tensor.data_type, dtype, name)
    if tensor.data_type == BFLOAT16:
        array = (array.astype(np.uint32) << 16).view(np.float32)
    elif tensor.data_type == BOOL:
        array = array != 0
    return array.reshape(shape)


def _shape_and_count(tensor: Any, name: str) -> tuple[tuple[int, ...], int]:
    shape = tuple(int(length) for length in tensor.dims)
    if any(length < 0 for length in shape):
        raise InvalidInputError(f"{name}: negative length in shape {shown_shape(shape)}")
    if len(shape) > MAX_RANK:
        raise InvalidInputError(f"{name}: a tensor with {len(shape)} axes")
    check_count(prod(length or 1 for length in shape), name)  # numpy minds (0, 2^60) too
    return shape, prod(shape)


def shown_shape(shape: tuple[int, ...]) -> str:
    """A shape for a message: (1, 5)."""
    text = str(tuple(shape))
    return text if len(text) <= 60 else text[:57] + "..."


def _from_field(entries: Any, element_type: int, dtype: np.dtype[Any], name: str) -> Array:
    if element_type == FLOAT16:
        bits = np.array(entries, dtype=np.int64)
        _check_range(bits, np.dtype(np.uint16), name)
        return bits.astype(np.uint16).view(np.float16)
    if element_type in (FLOAT, DOUBLE):
        return np.array(entries, dtype=dtype)
    if dtype.itemsize == 8:
        return np.array(entries, dtype=dtype)
    integers = np.array(entries, dtype=np.int64 if element_type != UINT32 else np.uint64)
    _check_range(integers, dtype, name)
    return integers.astype(dtype)


def _check_range(integers: Array, dtype: np.dtype[Any], name: str) -> None:
    limits = np.iinfo(dtype)
    if integers.size and (integers.min() < limits.min or integers.max() > limits.max):
        raise InvalidInputError(f"{name}: an entry does not fit its type {dtype.name}")


def _check_length(
    found: int, expected: int, shape: tuple[int, ...], name: str, left_over: int = 0
) -> None:
    if found != expected or left_over:
        raise InvalidInputError(
            f"{name}: shape {shown_shape(shape)} has {expected} entries but the file holds {found}"
            + (" and a part of one" if left_over else "")
        )
