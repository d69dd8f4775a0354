"""Arrays whose size is not known beforehand: lists of lists as flat arrays, growing arrays."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.intp]


def starts(counts: Indices) -> Indices:
    """Where each list begins in the flat array, given their lengths.

    >>> starts(np.array([2, 0, 3]))
    array([0, 2, 2])
    """
    result: Indices = np.cumsum(counts)
    result -= counts
    return result


def ranges(first: Indices, counts: Indices) -> Indices:
    """The numbers first[i], first[i] + 1, …, counts[i] of them, for each i in turn.

    >>> ranges(np.array([5, 9]), np.array([2, 3]))
    array([ 5,  6,  9, 10, 11])
    """
    result: Indices = np.repeat(first - starts(counts), counts)
    result += np.arange(len(result))
    return result


class Growing:
    """An array to which rows are appended.

    Attributes:
        rows: The array; a view that the next `append` leaves behind.

    >>> grown = Growing(np.array([[1, 2]]))
    >>> grown.append(np.array([[3, 4]]))
    >>> grown.rows.tolist()
    [[1, 2], [3, 4]]
    """

    __slots__ = ("_buffer", "rows")

    def __init__(self, rows: NDArray[Any]) -> None:
        self._buffer = self.rows = rows

    def __reduce__(self) -> tuple[Any, ...]:
        return Growing, (self.rows,)

    def append(self, more: NDArray[Any]) -> None:
        """Appends rows; what this costs is proportional to their number, in the long run."""
        size, end = len(self.rows), len(self.rows) + len(more)
        if end > len(self._buffer):
            self._buffer = np.empty((end + size, *more.shape[1:]), dtype=more.dtype)
            self._buffer[:size] = self.rows
        self._buffer[size:end] = more
        self.rows = self._buffer[:end]
