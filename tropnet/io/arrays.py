"""Exact rationals from numpy arrays, and numpy arrays that hold rationals exactly."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from tropnet.errors import InvalidInputError
from tropnet.exact import format_fraction, to_fraction
from tropnet.networks.network import ReLUNetwork

_ZERO = Fraction(0)
_SHARED = 4096  # how many distinct values of one array are stored once


def exact_list(array: npt.NDArray[Any], name: str) -> list[Fraction]:
    """The entries of an array of floats or integers as exact rationals, in C order.

    Equal entries share one object while there are few distinct ones, so that an array of zeros
    costs no memory to speak of.

    Raises:
        InvalidInputError: for nan and infinities (names the entry) and dtypes that are no reals.

    >>> exact_list(np.array([[0.5, 0.0]], dtype=np.float16), "weight")
    [Fraction(1, 2), Fraction(0, 1)]
    """
    if array.dtype.kind not in "fiu":
        raise InvalidInputError(f"{name}: expected real numbers, got dtype {array.dtype}")
    known: dict[object, Fraction] = {}
    result: list[Fraction] = []
    for value in _entries(array):
        fraction = known.get(value)
        if fraction is None:
            try:
                fraction = Fraction(*value.as_integer_ratio()) if value else _ZERO
            except (ValueError, OverflowError):  # nan, infinities; to_fraction words the error
                index = "".join(f"[{i}]" for i in np.unravel_index(len(result), array.shape))
                fraction = to_fraction(value, f"{name}{index}")
            if len(known) < _SHARED:
                known[value] = fraction
        result.append(fraction)
    return result


def exact_rows(array: npt.NDArray[Any], name: str) -> list[list[Fraction]]:
    """The rows of a two-dimensional array as exact rationals.

    Raises:
        InvalidInputError: as `exact_list` does.
    """
    width = array.shape[1]
    flat = exact_list(array, name)
    return [flat[i * width : (i + 1) * width] for i in range(array.shape[0])]


def float_layers(
    network: ReLUNetwork, dtype: type[np.floating[Any]], advice: str
) -> list[tuple[npt.NDArray[Any], npt.NDArray[Any]]]:
    """Each layer's weight and bias as float arrays that hold every number exactly.

    Args:
        network: The network.
        dtype: ``numpy.float32`` or ``numpy.float64``.
        advice: What to do about a number that does not fit, for the error message.

    Raises:
        InvalidInputError: for a number that is no float of this type; names layer, row and column.
    """
    result = []
    for number, layer in enumerate(network.layers, 1):
        rows = [
            [
                _exact_float(entry, dtype, (number, f"weight, row {i}, column {j}"), advice)
                for j, entry in enumerate(row, 1)
            ]
            for i, row in enumerate(layer.weight, 1)
        ]
        bias = [
            _exact_float(entry, dtype, (number, f"bias, row {i}"), advice)
            for i, entry in enumerate(layer.bias, 1)
        ]
        result.append((np.array(rows, dtype=dtype), np.array(bias, dtype=dtype)))
    return result


def fits(network: ReLUNetwork, dtype: type[np.floating[Any]]) -> bool:
    """Whether every number of a network is exactly a float of the given type."""
    return all(
        _as_float(entry, dtype) is not None
        for layer in network.layers
        for row in (*layer.weight, layer.bias)
        for entry in row
    )


def shortened(value: Fraction) -> str:
    """A rational for an error message: exact where short, its beginning otherwise."""
    text = format_fraction(value)
    return text if len(text) <= 40 else text[:37] + "..."


def _entries(array: npt.NDArray[Any]) -> Iterator[Any]:
    if array.dtype.itemsize > 8:  # tolist() would leave long doubles to a slower path anyway
        return iter(array.ravel())
    entries: list[Any] = array.ravel().tolist()
    return iter(entries)


def _exact_float(
    value: Fraction, dtype: type[np.floating[Any]], place: tuple[int, str], advice: str
) -> float:
    result = _as_float(value, dtype)
    if result is None:
        layer, entry = place
        raise InvalidInputError(
            f"layer {layer}: {entry}: {shortened(value)} is not exactly a "
            f"{np.dtype(dtype).name}; {advice}"
        )
    return result


def _as_float(value: Fraction, dtype: type[np.floating[Any]]) -> float | None:
    denominator = value.denominator
    if denominator & (denominator - 1):
        return None
    try:
        result = value.numerator / denominator
    except OverflowError:
        return None
    if dtype is np.float32:
        with np.errstate(over="ignore", under="ignore"):
            result = float(np.float32(result))
    return result if result - result == 0 and Fraction(result) == value else None
