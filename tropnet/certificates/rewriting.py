"""Functions rewritten in shared atoms, every step of which is checked.

An atom is an input, or relu(φ) for a form φ in earlier atoms.  relu(E) becomes s·atom if E = s·φ
with s > 0, and |s|·atom + E if E = s·φ with s < 0, because relu(−φ) = relu(φ) − φ.  It becomes E if
E is a combination of rectified quantities with coefficients ≥ 0, and 0 if they are all ≤ 0.  The
maximum of two forms is max(a, b) = b + relu(a − b); the maximum of more is a positive multiple of a
maximum atom, which names its forms.  So is each output, if it is not affine, of a function given by
pieces; its atom is the form that belongs to the cell in which a point lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple, TypeAlias

from tropnet.certificates.plain import (
    CONSTANT,
    FIRST_MAXIMUM,
    Form,
    IntegerRow,
    PlainCell,
    Rows,
    kind,
    layer_rows,
    monomial_rows,
    piece_rows,
    require,
)

Expression: TypeAlias = tuple[dict[int, int], int]
"""An affine form in atoms: integers ≠ 0 by atom, over a positive denominator."""
Rule: TypeAlias = tuple[int | None, Fraction]
"""How relu(E) is rewritten: (atom, s); (None, 1) for E, (None, 0) for 0."""


class Atoms(NamedTuple):
    """The atoms in which functions are rewritten.

    Attributes:
        rectified: The form φ of each rectified atom; the first is the atom numbered n.
        maxima: The forms of each maximum atom, in the inputs; the first is `FIRST_MAXIMUM`.
        cells: For each maximum atom that was met the cells that its forms belong to, in order; none
            if it is the largest form.  Filled by `express`.
    """

    rectified: Sequence[Form]
    maxima: Sequence[tuple[Form, ...]]
    cells: dict[int, tuple[PlainCell, ...]]


def express(
    function: Any, rules: Sequence[Sequence[Rule]], atoms: Atoms, inputs: int
) -> list[Expression]:
    """The outputs of a function in atoms, by rules each of which is checked.

    Args:
        function: A network, tropical polynomial or rational function, a function given by pieces,
            or a sequence of scalar ones, as plain data (see `plain`).
        rules: One list for each hidden layer of a network, for each polynomial and for each
            function given by pieces, in order.
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
    return [_sum(a, b, -1) for a, b in zip(first, second, strict=True)]


def _expressed(
    function: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
) -> list[Expression]:
    what = kind(function)
    if what == "network":
        return _network(function, rules, atoms, inputs)
    if what == "polynomial":
        return [_maximum(function, rules, atoms, inputs)]
    if what == "pieces":
        return _pieces(function, rules, atoms, inputs)
    parts = [function.numerator, function.denominator] if what == "rational" else function
    outputs = [form for part in parts for form in _expressed(part, rules, atoms, inputs)]
    return difference(outputs[:1], outputs[1:]) if what == "rational" else outputs


def _network(
    net: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
) -> list[Expression]:
    first, *others = layer_rows(net)
    forms = _affine(first)
    neurons: Rows | None = None
    for depth, rows in enumerate(others, 1):
        here = next(rules, ())
        require(len(here) == len(forms), "not one rule a neuron in layer {}", depth)
        values = _rectified(forms, here, atoms.rectified, inputs, neurons)
        forms = _combinations(rows, [({CONSTANT: 1}, 1), *values])
        neurons = rows
    return forms


def _maximum(
    polynomial: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
) -> Expression:
    forms = _affine(monomial_rows(polynomial))
    here = next(rules, ())
    require(len(here) == (len(forms) > 1), "a maximum has one rule, a single form none")
    if len(forms) == 1:
        return forms[0]
    if len(forms) == 2:
        excess = difference(forms[:1], forms[1:])
        positive = _rectified(excess, here, atoms.rectified, inputs)
        return _sum(forms[1], positive[0], 1)
    return _choice(forms, here[0], atoms, ())


def _pieces(
    function: Any, rules: Iterator[Sequence[Rule]], atoms: Atoms, inputs: int
) -> list[Expression]:
    pieces = piece_rows(function)
    cells = tuple(cell for cell, _ in pieces)
    here = iter(next(rules, ()))
    outputs = []
    for rows in zip(*(rows for _, rows in pieces), strict=True):
        if len(set(rows)) == 1:
            outputs += _affine([rows[0]])
            continue
        rule = next(here, None)
        require(rule is not None, "an output that is not affine has no rule")
        assert rule is not None
        outputs.append(_choice(_affine(rows), rule, atoms, cells))
    require(next(here, None) is None, "there are more rules than outputs")
    return outputs


def _choice(
    forms: Sequence[Expression], rule: Rule, atoms: Atoms, cells: tuple[PlainCell, ...]
) -> Expression:
    """The multiple of an atom that is the form belonging to the right cell, or the largest."""
    atom, scale = rule
    require(atom is not None and atom <= FIRST_MAXIMUM and scale > 0, "not a rule for a maximum")
    assert atom is not None
    number = FIRST_MAXIMUM - atom
    require(number < len(atoms.maxima), "a rule names no maximum")
    claimed = atoms.maxima[number]
    above, below = scale.as_integer_ratio()
    require(
        len(claimed) == len(forms)
        and all(_is_multiple(*pair, above, below) for pair in zip(forms, claimed, strict=True)),
        "a function is not the multiple of its maximum that its rule says",
    )
    require(atoms.cells.setdefault(number, cells) == cells, "one atom has different cells")
    return {atom: above}, below


def _rectified(
    forms: Sequence[Expression],
    rules: Sequence[Rule],
    atoms: Sequence[Form],
    inputs: int,
    neurons: Rows | None = None,
) -> list[Expression]:
    """The relus of forms by rules; `neurons` are their parameters where their inputs are ≥ 0."""
    values: list[Expression] = []
    for number, (form, (atom, scale)) in enumerate(zip(forms, rules, strict=True)):
        if atom is None:
            require(scale in (0, 1), "a rule without an atom has scale 0 or 1")
            sign = 1 if scale else -1
            obvious = (neurons and all(sign * entry >= 0 for entry in neurons[number][0])) or all(
                sign * c >= 0 and (k == CONSTANT or k >= inputs) for k, c in form[0].items()
            )
            require(obvious, "a neuron's sign is not obvious")
            values.append(form if scale else ({}, 1))
            continue
        require(inputs <= atom < inputs + len(atoms) and scale, "a rule names no atom")
        phi = atoms[atom - inputs]
        above, below = scale.as_integer_ratio()
        require(
            _is_multiple(form, phi, above, below),
            "a neuron is not the multiple of its atom that its rule says",
        )
        if above > 0:
            values.append(({atom: above}, below))
        else:
            values.append(({k: above * c for k, c in phi} | {atom: -above}, below))
    return values


def _is_multiple(form: Expression, phi: Form, above: int, below: int) -> bool:
    """Whether form = (above / below) · φ."""
    coefficients, denominator = form
    factor, remainder = divmod(above * denominator, below)
    if not remainder:
        return {k: factor * c for k, c in phi} == coefficients
    return {k: above * denominator * c for k, c in phi} == {
        k: below * c for k, c in coefficients.items()
    }


def _affine(rows: Sequence[tuple[IntegerRow, int]]) -> list[Expression]:
    """Rows (constant, gradient) as expressions in the inputs."""
    # The atoms are CONSTANT = −1, 0, 1, …
    return [({k: c for k, c in enumerate(row, CONSTANT) if c}, below) for row, below in rows]


def _combinations(rows: Rows, values: Sequence[Expression]) -> list[Expression]:
    """For each row the expression Σ row[i] · values[i]."""
    common = lcm(*[denominator for _, denominator in values])
    forms = []
    for row, below in rows:
        total: dict[int, int] = {}
        for weight, (coefficients, denominator) in zip(row, values, strict=True):
            if weight:
                factor = weight * (common // denominator)
                for k, c in coefficients.items():
                    total[k] = total.get(k, 0) + factor * c
        forms.append(({k: c for k, c in total.items() if c}, below * common))
    return forms


def _sum(first: Expression, second: Expression, sign: int) -> Expression:
    """The expression first + sign · second."""
    (one, below), (other, beneath) = first, second
    total = {k: beneath * c for k, c in one.items()}
    for k, c in other.items():
        total[k] = total.get(k, 0) + sign * below * c
    return {k: c for k, c in total.items() if c}, below * beneath
