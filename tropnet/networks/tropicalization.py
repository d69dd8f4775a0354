"""Networks as tropical rational functions, and back."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.networks.layers import AffineLayer, Layers, stacked
from tropnet.networks.network import ReLUNetwork
from tropnet.tropical import TropicalPolynomial, TropicalRational

Tropical: TypeAlias = TropicalPolynomial | TropicalRational

_ZERO, _ONE = Fraction(0), Fraction(1)


def tropicalize(net: ReLUNetwork) -> TropicalRational | tuple[TropicalRational, ...]:
    """A network as a tropical rational function, one for each output.

    With the activations of a layer as x = P ⊘ Q, an affine map splits into its non-negative parts
    as W x + b = G − H, G = W⁺P + W⁻Q + b, H = W⁺Q + W⁻P, and relu(G − H) = max(G, H) − H.
    Inessential monomials are dropped after every step.

    Returns:
        A `TropicalRational`; a tuple of them if there are several outputs.

    Guarantees:
        The same function, exactly.

    Cost: the numbers of monomials multiply from layer to layer; meant for small networks.

    References:
        Zhang, Naitzat and Lim, *Tropical Geometry of Deep Neural Networks*, 2018.

    >>> tropicalize(ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))        # |x|
    max(0, 2*x) - max(x)
    """
    variables = net.input_width
    values = [
        TropicalRational(_variable(variables, i), TropicalPolynomial.constant(variables))
        for i in range(variables)
    ]
    for depth, (weight, bias) in enumerate(net.layers):
        values = [_affine(row, b, values) for row, b in zip(weight, bias, strict=True)]
        if depth < net.depth:
            values = [
                TropicalRational((r.numerator + r.denominator).essential(), r.denominator)
                for r in values
            ]
    return values[0] if len(values) == 1 else tuple(values)


def to_network(function: Tropical | Sequence[Tropical]) -> ReLUNetwork:
    """A ReLU network that realises tropical functions.

    The maximum of k affine functions is a tree of maxima of two, max(a, b) =
    relu(a − b) + relu(b) − relu(−b), of depth ⌈log2 k⌉.

    Args:
        function: A polynomial or rational function; several of them, in the same variables, give a
            network with several outputs.

    Raises:
        InvalidInputError: for no functions, other objects, or different variables.

    References:
        Arora, Basu, Mianjy and Mukherjee, *Understanding Deep Neural Networks with Rectified
        Linear Units*, 2018, theorem 2.1.

    >>> to_network(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])).architecture
    (2, 5, 3, 1)
    """
    functions = [function] if isinstance(function, Tropical) else list(function)
    if not functions or not all(isinstance(f, Tropical) for f in functions):
        raise InvalidInputError("to_network: expected tropical polynomials or rational functions")
    if len({f.variables for f in functions}) != 1:
        raise InvalidInputError("to_network: the functions have different variables")
    return ReLUNetwork._from_layers(reduce(stacked, map(_layers, functions)))


def _variable(variables: int, index: int) -> TropicalPolynomial:
    return TropicalPolynomial([[int(i == index) for i in range(variables)]], [0])


def _affine(
    row: Sequence[Fraction], bias: Fraction, values: Sequence[TropicalRational]
) -> TropicalRational:
    """The rational function row · values + bias, pruned after every product."""
    top = bottom = TropicalPolynomial.constant(values[0].variables)
    top = top * bias
    for weight, value in zip(row, values, strict=True):
        if weight:
            part = value.scale(weight)
            top = (top * part.numerator).essential()
            bottom = (bottom * part.denominator).essential()
    return TropicalRational(top, bottom)


def _layers(function: Tropical) -> Layers:
    if isinstance(function, TropicalPolynomial):
        return _maximum_tree(function)
    *hidden, output = stacked(
        _maximum_tree(function.numerator), _maximum_tree(function.denominator)
    )
    (top, bottom), (above, below) = output
    difference = tuple(a - b for a, b in zip(top, bottom, strict=True))
    return (*hidden, AffineLayer((difference,), (above - below,)))


def _maximum_tree(polynomial: TropicalPolynomial) -> Layers:
    """Layers that compute the maximum of the monomials, pair by pair."""
    # The functions whose maximum is wanted, as rows over what the next layer reads.
    rows = [list(exponent) for exponent in polynomial.exponents]
    offsets = list(polynomial.coefficients)
    layers: list[AffineLayer] = []
    while len(rows) > 1:
        weight: list[list[Fraction]] = []
        bias: list[Fraction] = []
        combinations: list[dict[int, Fraction]] = []
        for k in range(0, len(rows), 2):
            last, offset = rows[min(k + 1, len(rows) - 1)], offsets[min(k + 1, len(rows) - 1)]
            first = len(weight)
            weight += [last, [-entry for entry in last]]
            bias += [offset, -offset]
            combination = {first: _ONE, first + 1: -_ONE}
            if k + 1 < len(rows):
                weight.append([a - b for a, b in zip(rows[k], last, strict=True)])
                bias.append(offsets[k] - offset)
                combination[first + 2] = _ONE
            combinations.append(combination)
        layers.append(AffineLayer(tuple(map(tuple, weight)), tuple(bias)))
        rows = [
            [combination.get(j, _ZERO) for j in range(len(weight))] for combination in combinations
        ]
        offsets = [_ZERO] * len(rows)
    return (*layers, AffineLayer(tuple(map(tuple, rows)), tuple(offsets)))
