"""Functions rewritten in shared atoms, every step of which is checked.

An atom is an input, or relu(φ) for a form φ in earlier atoms.  relu(E) becomes s·atom if E = s·φ
with s > 0, and |s|·atom + E if E = s·φ with s < 0, because relu(−φ) = relu(φ) − φ.  It becomes E if
E is a combination of rectified quantities with coefficients ≥ 0, and 0 if they are all ≤ 0.  The
maximum of two forms is max(a, b) = b + relu(a − b); the maximum of more is a positive multiple of a
maximum atom, which names its forms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import flint

from tropnet.certificates.plain import (
    CONSTANT,
    FIRST_MAXIMUM,
    Expression,
    Form,
    exact_layers,
    exact_monomials,
    kind,
    require,
)

Rule: TypeAlias = tuple[int | None, Fraction]
"""How relu(E) is rewritten: (atom, s); (None, 1) for E, (None, 0) for 0."""


class Atoms(NamedTuple):
    """The atoms in which functions are rewritten.

    Attributes:
        rectified: The form φ of each rectified atom; the first is the atom numbered n.
        maxima: The forms of each maximum atom, in the inputs; the first is `FIRST_MAXIMUM`.
    """

    rectified: Sequence[Form]
    maxima: Sequence[tuple[Form, ...]]


_ZERO, _ONE = flint.fmpq(0), flint.fmpq(1)


def express(
    function: Any, rules: Sequence[Sequence[Rule]], atoms: Atoms, inputs: int
) -> list[Expression]:
    """The outputs of a function in atoms, by rules each of which is checked.

    Args:
        function: A network, tropical polynomial or rational function, or a sequence of scalar
            ones, as plain data (see `plain`).
        rules: One list for each hidden layer of a network and for each polynomial, in order.
        atoms: The atoms.
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
    function: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
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
    net: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
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
            _rectified(form, row if depth > 1 else None, rule, atoms.rectified, inputs)
            for form, row, rule in zip(forms, rows, here, strict=True)
        ]
    return values


def _maximum(
    polynomial: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
) -> Expression:
    forms = [
        _combination(_flint(exponent), flint.fmpq(c.numerator, c.denominator), _variables(inputs))
        for exponent, c in exact_monomials(polynomial)
    ]
    here = next(rules, ())
    require(len(here) == (len(forms) > 1), "a maximum has one rule, a single form none")
    if len(forms) == 1:
        return forms[0]
    if len(forms) == 2:
        excess = _combination((_ONE, -_ONE), _ZERO, forms)
        positive = _rectified(excess, None, here[0], atoms.rectified, inputs)
        return _combination((_ONE, _ONE), _ZERO, (forms[1], positive))
    atom, scale = here[0]
    require(atom is not None and atom <= FIRST_MAXIMUM and scale > 0, "not a rule for a maximum")
    assert atom is not None
    number, factor = FIRST_MAXIMUM - atom, flint.fmpq(scale.numerator, scale.denominator)
    require(number < len(atoms.maxima), "a rule names no maximum")
    claimed = [{k: factor * c for k, c in form} for form in atoms.maxima[number]]
    require(
        len(claimed) == len(forms) and all(a == b for a, b in zip(claimed, forms, strict=True)),
        "a polynomial is not the multiple of its maximum that its rule says",
    )
    return {atom: factor}


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
            sign * entry >= 0 and (k == CONSTANT or k >= inputs) for k, entry in form.items()
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
