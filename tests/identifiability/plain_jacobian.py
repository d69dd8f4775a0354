"""The Jacobian over all admissible regions, as its definition says and no other way.

Each parameter is moved by itself, and the affine forms of all neurons are differentiated forwards,
with plain Fractions.  The regions come from linear programs, one for each sign pattern.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from networks.brute_force import activation_patterns
from tropnet import ReLUNetwork
from tropnet.certificates.dimension import Direction

Form = list[Fraction]


def admissible_patterns(net: ReLUNetwork) -> list[tuple[int, ...]]:
    """The patterns without a vanishing neuron, over all hidden neurons."""
    if not net.depth:
        return [()]
    return sorted(pattern for pattern in activation_patterns(net) if 0 not in pattern)


def derivative(net: ReLUNetwork, pattern: Sequence[int], direction: Direction) -> list[Form]:
    """How the affine map of a region moves with the parameters, a form for each output."""
    size = net.input_width + 1
    one = [Fraction(int(k == size - 1)) for k in range(size)]
    values = [[Fraction(int(j == k)) for k in range(size)] for j in range(size - 1)]
    rates = [[Fraction(0)] * size for _ in values]
    signs = iter(pattern)
    for number, (weight, bias) in enumerate(net.layers, 1):
        moves = {(e.neuron, e.input): e.value for e in direction if e.layer == number}
        forms, slopes = [], []
        for neuron, row in enumerate(weight):
            form, slope = [bias[neuron] * e for e in one], [Fraction(0)] * size
            if (neuron, None) in moves:
                slope = [moves[neuron, None] * e for e in one]
            for source, w in enumerate(row):
                form = [a + w * b for a, b in zip(form, values[source], strict=True)]
                slope = [a + w * b for a, b in zip(slope, rates[source], strict=True)]
                if (neuron, source) in moves:
                    move = moves[neuron, source]
                    slope = [a + move * b for a, b in zip(slope, values[source], strict=True)]
            forms.append(form)
            slopes.append(slope)
        if number == len(net.layers):
            return slopes
        on = [next(signs) > 0 for _ in forms]
        zero = [Fraction(0)] * size
        values = [form if is_on else zero for form, is_on in zip(forms, on, strict=True)]
        rates = [slope if is_on else zero for slope, is_on in zip(slopes, on, strict=True)]
    raise AssertionError


def parameters(net: ReLUNetwork) -> Iterator[Direction]:
    """Each parameter by itself."""
    from tropnet.certificates.dimension import Entry

    for number, (weight, _) in enumerate(net.layers, 1):
        for neuron, row in enumerate(weight):
            for source in (*range(len(row)), None):
                yield (Entry(number, neuron, source, Fraction(1)),)


def jacobian(net: ReLUNetwork) -> list[list[Fraction]]:
    """One column for each region, output and coefficient, one row for each parameter."""
    patterns = admissible_patterns(net)
    return [
        [e for pattern in patterns for form in derivative(net, pattern, one) for e in form]
        for one in parameters(net)
    ]
