"""How many linear pieces the networks of an architecture can have."""

from __future__ import annotations

from collections.abc import Sequence

from tropnet.certificates.exclusions.pieces import most_pieces
from tropnet.networks.architectures import to_architecture


def max_linear_pieces(architecture: Sequence[int]) -> int:
    """The best published upper bound for the number of linear pieces of a network.

    A *linear piece* is one of the distinct affine maps that a network computes on its activation
    regions (see `count_linear_pieces`).  There are at most as many as regions, and that is what
    the theorem bounds.

    Args:
        architecture: The widths (n_0, n_1, …, n_L, n_{L+1}), at least two, all positive.

    Returns:
        Σ Π_l C(n_l, j_l) over all (j_1, …, j_L) with 0 ≤ j_l ≤ min(n_0, n_1 − j_1, …,
        n_{l−1} − j_{l−1}, n_l).

    Raises:
        InvalidInputError: if it is no architecture.

    Guarantees:
        No network of the architecture has more.  For one hidden layer some network has as many
        regions (and, in general position, pieces); for more the bound need not be attained.

    References:
        Serra, Tjandraatmaja and Ramalingam, *Bounding and counting linear regions of deep neural
        networks*, 2018, Theorem 1.  Zaslavsky, *Facing up to arrangements*, 1975 (one layer).

    >>> max_linear_pieces((2, 3, 1)), max_linear_pieces((1, 4, 1)), max_linear_pieces((2, 3, 2, 1))
    (7, 5, 25)
    """
    return most_pieces(to_architecture(architecture))
