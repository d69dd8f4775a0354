"""Functions rewritten in shared atoms, every step of which is checked.

An atom is an input, or relu(φ) for a form φ in earlier atoms.  relu(E) becomes s·atom if E = s·φ
with s > 0, and |s|·atom + E if E = s·φ with s < 0, because relu(−φ) = relu(φ) − φ.  It becomes E if
E is a combination of rectified quantities with coefficients ≥ 0, and 0 if they are all ≤ 0.  A
maximum is taken in pairs, max(a, b) = b + relu(a − b).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import flint

from tropnet.certificates.plain import (
    CONSTANT,
    Expression,
    Form,
    exact_layers,
    exact_monomials,
    kind,
    require,
)

Rule: TypeAlias = tuple[int | None, Fraction]
"""How relu(E) is rewritten: (atom, s); (None, 1) for E, (None, 0) for 0."""

_ZERO, _ONE = flint.fmpq(0), flint.fmpq(1)


def express(
    function: Any, rules: Sequence[Sequence[Rule]], atoms: Sequence[Form], inputs: int
) -> list[Expression]:
    """The outputs of a function in atoms, by rules each of which is checked.

    Args:
        function: A network, tropical polynomial or rational function, or a sequence of scalar
            ones, as plain data (see `plain`).
        rules: One list for each hidden layer of a network and for each polynomial, in order.
        atoms: The form of each rectified atom.
        inputs: The number of inputs.

    Raises:
        CertificateError: at the first rule that does not fit.
    """
    remaining = iter(rules)
    outputs = _expressed(function, remaining, atoms, inputs)
    require(next(remaining, None) is None, "there are more rules than steps")
    return outputs


def difference(first: Sequence[Expression], second: Sequence[Expression]) -> list[Expression]:
    """The differences of two lists of expressions.

    Raises:
        CertificateError: if the lists differ in length.
    """
    require(len(first) == len(second), "the functions have different numbers of outputs")
    return [_combination((_ONE, -_ONE), _ZERO, pair) for pair in zip(first, second, strict=True)]


def _expressed(
    function: Any, rules: Iterator[Sequence[Rule]], atoms: Sequence[Form], inputs: int
) -> list[Expression]:
    what = kind(function)
    if what == "network":
        return _network(function, rules, atoms, inputs)
    if what == "polynomial":
        return [_maximum(function, rules, atoms, inputs)]
    parts = [function.numerator, function.denominator] if what == "rational" else function
    outputs = [form for part in parts for form in _expressed(part, rules, atoms, inputs)]
    return difference(outputs[:1], outputs[1:]) if what == "rational" else outputs


def _network(
    net: Any, rules: Iterator[Sequence[Rule]], atoms: Sequence[Form], inputs: int
) -> list[Expression]:
    layers = exact_layers(net)
    values = _variables(inputs)
    for depth, layer in enumerate(layers, 1):
        rows = [_flint((*row, b)) for row, b in zip(*layer, strict=True)]
        forms = [_combination(row[:-1], row[-1], values) for row in rows]
        if depth == len(layers):
            values = forms
            break
        here = next(rules, ())
        require(len(here) == len(forms), f"not one rule a neuron in layer {depth}")
        values = [
            _rectified(form, row if depth > 1 else None, rule, atoms, inputs)
            for form, row, rule in zip(forms, rows, here, strict=True)
        ]
    return values


def _maximum(
    polynomial: Any, rules: Iterator[Sequence[Rule]], atoms: Sequence[Form], inputs: int
) -> Expression:
    values = [
        _combination(_flint(exponent), flint.fmpq(c.numerator, c.denominator), _variables(inputs))
        for exponent, c in exact_monomials(polynomial)
    ]
    here = iter(next(rules, ()))
    while len(values) > 1:
        pairs = zip(values[::2], values[1::2], strict=False)
        rest = values[len(values) // 2 * 2 :]
        values = []
        for first, second in pairs:
            rule = next(here, None)
            require(rule is not None, "a maximum has too few rules")
            assert rule is not None
            excess = _combination((_ONE, -_ONE), _ZERO, (first, second))
            positive = _rectified(excess, None, rule, atoms, inputs)
            values.append(_combination((_ONE, _ONE), _ZERO, (second, positive)))
        values += rest
    require(next(here, None) is None, "a maximum has too many rules")
    return values[0]


def _variables(inputs: int) -> list[Expression]:
    return [{i: _ONE} for i in range(inputs)]


def _rectified(
    form: Expression,
    row: Sequence[flint.fmpq] | None,
    rule: Rule,
    atoms: Sequence[Form],
    inputs: int,
) -> Expression:
    """The relu of a form by a rule; `row` are the neuron's parameters if its inputs are ≥ 0."""
    atom, scale = rule
    if atom is None:
        require(scale in (0, 1), "a rule without an atom has scale 0 or 1")
        sign = 1 if scale else -1
        obvious = (row is not None and all(sign * entry >= 0 for entry in row)) or all(
            sign * entry >= 0 and not 0 <= k < inputs for k, entry in form.items()
        )
        require(obvious, "a neuron's sign is not obvious")
        return form if scale else {}
    require(inputs <= atom < inputs + len(atoms) and scale, "a rule names no atom")
    phi, factor = atoms[atom - inputs], flint.fmpq(scale.numerator, scale.denominator)
    require(
        len(phi) == len(form) and all(form.get(k) == factor * c for k, c in phi),
        "a neuron is not the multiple of its atom that its rule says",
    )
    if scale > 0:
        return {atom: factor}
    return _combination((-factor, _ONE), _ZERO, ({atom: _ONE}, form))


def _combination(
    row: Sequence[flint.fmpq], constant: flint.fmpq, values: Sequence[Expression]
) -> Expression:
    """Σ row[i] · values[i] + constant, without zero coefficients."""
    result: Expression = {CONSTANT: constant}
    for weight, expression in zip(row, values, strict=True):
        if weight:
            for atom, entry in expression.items():
                result[atom] = result.get(atom, _ZERO) + weight * entry
    return {atom: entry for atom, entry in result.items() if entry}


def _flint(numbers: Sequence[Fraction]) -> list[flint.fmpq]:
    return [flint.fmpq(number.numerator, number.denominator) for number in numbers]
