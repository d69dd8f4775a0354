"""Short names of functions and of networks up to trivial symmetry."""

from __future__ import annotations

import json
from fractions import Fraction
from hashlib import sha256

from tropnet.exact import format_fraction
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.symmetries import canonical_form
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.function_like import FunctionLike, function_like, values

_LENGTH = 32


def function_digest(f: FunctionLike) -> str:
    """A digest of a function: 128 bits that depend on the function alone.

    Two functions with the same break locus differ by an affine function, and that is determined by
    its values at 0 and the unit vectors.

    Args:
        f: A function-like on R^n.

    Guarantees:
        Equal functions have equal digests.  Different ones have different digests, unless SHA-256,
        cut to 128 bits, collides.

    >>> from tropnet import TropicalPolynomial
    >>> relu = ReLUNetwork([([[2]], [0]), ([["1/2"]], [0])])
    >>> function_digest(relu) == function_digest(TropicalPolynomial([[0], [1]], [0, 0]))
    True
    """
    inputs = function_like(f, "f").input_width
    zero = (Fraction(0),) * inputs
    units = [tuple(Fraction(i == k) for i in range(inputs)) for k in range(inputs)]
    at = [[format_fraction(y) for y in values(f, point)] for point in (zero, *units)]
    return _digest([break_locus(f).digest(), at])


def class_digest(net: ReLUNetwork) -> str:
    """A digest of a network up to permutation and positive scaling.

    >>> net = ReLUNetwork([([[1], [2]], [0, 1]), ([[1, 1]], [0])])
    >>> class_digest(net) == class_digest(net.permute(1, (1, 0)).rescale(1, (3, 5)))
    True
    """
    layers = canonical_form(net).network.layers
    return _digest(
        [
            [[format_fraction(entry) for entry in (*row, b)] for row, b in zip(*layer, strict=True)]
            for layer in layers
        ]
    )


def _digest(data: object) -> str:
    return sha256(json.dumps(data).encode()).hexdigest()[:_LENGTH]
