"""Lists of lists of different lengths as flat arrays."""

from __future__ import annotations

from typing import TypeAlias

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
