"""Networks whose functional dimension is known."""

from __future__ import annotations

from tropnet import ReLUNetwork

TWICE_RELU = ReLUNetwork([([[1], [1]], [0, 0]), ([[1, 1]], [0])])
"""relu(x) + relu(x)."""

TRIPLE_FLIP = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
"""relu(x) + relu(y) + relu(−x−y) = relu(−x) + relu(−y) + relu(x+y)."""

MAXIMUM = ReLUNetwork([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0]), ([[1]], [0])])
"""max(0, x, y) = relu(relu(x−y) + relu(y+s) − relu(−y−s) − s) at s = 0."""

TWO_ORBITS = ReLUNetwork(
    [
        (
            [["13/8", "1/4"], ["-11/4", "0"], ["3/2", "-19/8"]],
            ["-5/2", "13/8", "1"],
        ),
        (
            [["1", "7/8", "-5/8"], ["3/4", "11/4", "-1/2"], ["-7/4", "-29/8", "9/8"]],
            ["-13/8", "-13/8", "21/4"],
        ),
        ([["1", "1", "1"]], ["23/8"]),
    ]
)
"""Of full functional dimension, yet with a second orbit: the second layer negated."""

PRIME = 8_388_593
"""The prime that is tried first."""

WITH_THE_PRIME = {
    "weight": (ReLUNetwork([([[PRIME]], [1]), ([[1]], [0])]), 3),
    "row": (ReLUNetwork([([[PRIME]], [PRIME]), ([[PRIME]], [1])]), 3),
    "one of two": (ReLUNetwork([([[1], [PRIME]], [0, 1]), ([[PRIME, 1]], [0])]), 5),
    "denominator": (ReLUNetwork([([[1], [1]], [f"1/{PRIME}", 0]), ([[1, 1]], [0])]), 5),
    "not maximal": (ReLUNetwork([([[PRIME], [PRIME]], [1, 1]), ([[1, 1]], [0])]), 3),
}
"""Networks whose Jacobian has a smaller rank modulo the prime, and their dimension."""

VANISHING = {
    "zero row": (
        ReLUNetwork([([[1], [0]], [0, 0]), ([[1, 1]], [0])]),
        "neuron 1 of hidden layer 1",
    ),
    "zero layer": (
        ReLUNetwork([([[0, 0]], [0]), ([[1]], [3])]),
        "neuron 0 of hidden layer 1",
    ),
    "behind a dead layer": (
        ReLUNetwork([([[0]], [-1]), ([[1], [2]], [0, 5]), ([[1, 1]], [0])]),
        "neuron 0 of hidden layer 2",
    ),
    "here or there": (
        ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])]),
        "some neuron",
    ),
}
"""Networks without an admissible region, and what is said about them."""
