"""f = g as a question to an SMT solver: QF_LRA with the disjunctive encoding of ReLU.

Every hidden neuron is a variable y with y ≥ 0, y ≥ z and (y ≤ 0 or y ≤ z), for y = relu(z).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tropnet import ReLUNetwork

EQUAL = {"unsat": True, "sat": False}
"""What a solver's answer says about equality: it is asked for a point where they differ."""


def decide(smt: Any, f: ReLUNetwork, g: ReLUNetwork) -> bool | None:
    """Whether a solver finds f and g equal; None if it gives up.

    Args:
        smt: Its Python module, z3 or cvc5.pythonic, which have the same interface.
        f: A network.
        g: Another.
    """
    solver = smt.SolverFor("QF_LRA")
    inputs = [smt.Real(f"x{i}") for i in range(f.input_width)]
    outputs = [_encoded(smt, solver, net, inputs, name) for net, name in ((f, "f"), (g, "g"))]
    # cvc5 wants two members at least.
    different = [a != b for a, b in zip(*outputs, strict=True)]
    solver.add(smt.Or([*different, smt.BoolVal(False)]))
    return EQUAL.get(str(solver.check()))


def _encoded(smt: Any, solver: Any, net: ReLUNetwork, inputs: list[Any], name: str) -> list[Any]:
    activations = inputs
    *hidden, output = net.layers
    for depth, (weight, bias) in enumerate(hidden):
        following = []
        for index, (row, constant) in enumerate(zip(weight, bias, strict=True)):
            z = _affine(smt, row, constant, activations)
            y = smt.Real(f"{name}_{depth}_{index}")
            solver.add(y >= 0, y >= z, smt.Or(y <= 0, y <= z))
            following.append(y)
        activations = following
    return [_affine(smt, row, constant, activations) for row, constant in zip(*output, strict=True)]


def _affine(smt: Any, row: Sequence[Fraction], constant: Fraction, variables: list[Any]) -> Any:
    terms = [_number(smt, w) * v for w, v in zip(row, variables, strict=True) if w]
    return smt.Sum([*terms, _number(smt, constant)])


def _number(smt: Any, value: Fraction) -> Any:
    return smt.Q(value.numerator, value.denominator)


def smt_lib(f: ReLUNetwork, g: ReLUNetwork) -> str:
    """The same question as an SMT-LIB text; sat means that they differ."""
    inputs = [f"x{i}" for i in range(f.input_width)]
    lines = ["(set-logic QF_LRA)", *(f"(declare-fun {x} () Real)" for x in inputs)]
    outputs = []
    for name, net in (("f", f), ("g", g)):
        activations = inputs
        *hidden, output = net.layers
        for depth, (weight, bias) in enumerate(hidden):
            following = []
            for index, (row, constant) in enumerate(zip(weight, bias, strict=True)):
                y, z = f"{name}{depth}_{index}", _affine_text(row, constant, activations)
                lines.append(f"(declare-fun {y} () Real)")
                lines.append(f"(assert (and (>= {y} 0) (>= {y} {z}) (or (<= {y} 0) (<= {y} {z}))))")
                following.append(y)
            activations = following
        outputs.append(
            [
                _affine_text(row, constant, activations)
                for row, constant in zip(*output, strict=True)
            ]
        )
    pairs = " ".join(f"(distinct {a} {b})" for a, b in zip(*outputs, strict=True))
    return "\n".join([*lines, f"(assert (or {pairs} false))", "(check-sat)", ""])


def _affine_text(row: Sequence[Fraction], constant: Fraction, variables: list[str]) -> str:
    terms = [f"(* {_rational(w)} {v})" for w, v in zip(row, variables, strict=True) if w]
    return f"(+ {' '.join([*terms, _rational(constant)])} 0)"


def _rational(value: Fraction) -> str:
    text = f"(/ {abs(value.numerator)} {value.denominator})"
    return text if value >= 0 else f"(- {text})"
