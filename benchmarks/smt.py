"""f = g as a question to z3: QF_LRA with the disjunctive encoding of ReLU."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import z3

from tropnet import ReLUNetwork


def decide_with_z3(f: ReLUNetwork, g: ReLUNetwork) -> bool | None:
    """Whether z3 finds f and g equal; None if it gives up.

    Every hidden neuron is a variable y with y ≥ 0, y ≥ z and (y ≤ 0 or y ≤ z), for y = relu(z).
    """
    solver = z3.SolverFor("QF_LRA")
    inputs = [z3.Real(f"x{i}") for i in range(f.input_width)]
    outputs = [_encode(solver, net, inputs, name) for net, name in ((f, "f"), (g, "g"))]
    solver.add(z3.Or([a != b for a, b in zip(*outputs, strict=True)]))
    answer = solver.check()
    return None if answer == z3.unknown else bool(answer == z3.unsat)


def _encode(solver: Any, net: ReLUNetwork, inputs: list[Any], name: str) -> list[Any]:
    activations = inputs
    *hidden, output = net.layers
    for depth, (weight, bias) in enumerate(hidden):
        following = []
        for index, (row, constant) in enumerate(zip(weight, bias, strict=True)):
            z = _affine(row, constant, activations)
            y = z3.Real(f"{name}_{depth}_{index}")
            solver.add(y >= 0, y >= z, z3.Or(y <= 0, y <= z))
            following.append(y)
        activations = following
    return [
        _affine(row, constant, activations)
        for row, constant in zip(output.weight, output.bias, strict=True)
    ]


def _affine(row: tuple[Fraction, ...], constant: Fraction, variables: list[Any]) -> Any:
    terms = [_number(w) * v for w, v in zip(row, variables, strict=True) if w]
    return z3.Sum([*terms, _number(constant)])


def _number(value: Fraction) -> Any:
    return z3.Q(value.numerator, value.denominator)
