"""Networks on planes in their input space."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tropnet.errors import InvalidInputError
from tropnet.exact import Number, to_vector
from tropnet.networks.network import ReLUNetwork


def coordinate_slice(
    net: ReLUNetwork, axes: tuple[int, int], at: Sequence[Number] = ()
) -> ReLUNetwork:
    """A network with two of its inputs free and the others fixed.

    Args:
        net: A network with at least two inputs.
        axes: The free inputs, counted from 0.
        at: A value for each input, those of the free ones without meaning; default 0.

    Returns:
        The network (s, t) ↦ net(x) with x = at but for x[axes[0]] = s and x[axes[1]] = t.

    Raises:
        InvalidInputError: for axes that are not two different inputs, or another number of values.

    >>> net = ReLUNetwork([([[1, 2, 3]], [0]), ([[1]], [0])])
    >>> coordinate_slice(net, (2, 0), (0, 5, 0))((1, 1)) == net((1, 5, 1))
    True
    """
    n = net.input_width
    values = to_vector(at, "at") if len(at) else (Fraction(0),) * n
    if len(values) != n:
        raise InvalidInputError(f"at: {len(values)} numbers for a network with {n} inputs")
    if len(set(axes)) != 2 or not all(0 <= axis < n for axis in axes):
        raise InvalidInputError(f"axes: expected two different inputs from 0 to {n - 1}")
    rows = [[int(i == axis) for axis in axes] for i in range(n)]
    fixed = [Fraction(0) if i in axes else value for i, value in enumerate(values)]
    return net @ ReLUNetwork([(rows, fixed)])
