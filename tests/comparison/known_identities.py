"""Identities between networks that no formal rewriting shows, most of them from the literature."""

from __future__ import annotations

from tropnet import ReLUNetwork


def affine(rows: list[list[object]], bias: list[object]) -> ReLUNetwork:
    return ReLUNetwork([(rows, bias)])


def relu(net: ReLUNetwork) -> ReLUNetwork:
    """The function relu(f), coordinate by coordinate."""
    width = net.output_width
    identity = [[int(i == j) for j in range(width)] for i in range(width)]
    return ReLUNetwork([(identity, [0] * width), (identity, [0] * width)]) @ net


def maximum(f: ReLUNetwork, g: ReLUNetwork) -> ReLUNetwork:
    """max(f, g) = relu(f - g) + g."""
    return relu(f - g) + g


def _x(n: int, i: int) -> ReLUNetwork:
    return affine([[int(i == j) for j in range(n)]], [0])


def _constant(n: int, value: object) -> ReLUNetwork:
    return affine([[0] * n], [value])


def _identities() -> dict[str, list[ReLUNetwork]]:
    x, y = _x(2, 0), _x(2, 1)
    zero, one, two = (_constant(2, value) for value in (0, 1, 2))
    z = 2 * relu(x) + 3 * relu(y)
    u = _x(1, 0)
    tent = 2 * relu(u) - 4 * relu(u - _constant(1, "1/2")) + 2 * relu(u - _constant(1, 1))
    bounded = relu(u) - relu(u - _constant(1, 1))
    a, b, c, nothing = _x(3, 0), _x(3, 1), _x(3, 2), _constant(3, 0)
    return {
        "flip of 2-3-1-1": [
            relu(relu(x) + relu(y) + relu(one - x - y) - two),
            relu(relu(-x) + relu(-y) + relu(x + y - one) - one),
        ],
        "clip between two levels": [
            relu(z - one) - relu(z - two),
            one - relu(two - z) + relu(one - z),
        ],
        "four orbits of 2-2-2-1": [
            relu(one - relu(x)) + relu(one - relu(x + y)),
            one - relu(one - relu(one - x)) + relu(one - relu(x + y)),
            relu(one - relu(x)) + one - relu(one - relu(one - x - y)),
        ],
        "maximum of three, in two orders": [
            maximum(maximum(zero, x), y),
            maximum(zero, maximum(x, y)),
            maximum(maximum(zero, y), x),
            relu(relu(x - y) + relu(y + two) - relu(-y - two) - two),
        ],
        "maximum of four in space, a line of which does not matter": [
            maximum(maximum(a - b, b - c), nothing),
            maximum(nothing, maximum(b - c, a - b)),
        ],
        "lattice distributivity": [
            maximum(x, -maximum(-y, -one)),
            -maximum(-maximum(x, y), -maximum(x, one)),
        ],
        "sawtooth, folded twice in two ways": [
            tent @ tent @ bounded,
            tent @ tent @ (_constant(1, 1) - bounded),
        ],
        "two outputs": [
            affine([[1], [2]], [0, 1]) @ maximum(maximum(zero, x), y),
            affine([[1], [2]], [0, 1]) @ maximum(zero, maximum(x, y)),
        ],
    }


IDENTITIES = _identities()
"""By name: networks that are one function."""
