"""Proof that two networks are the same function, and its checker.

The proof has two parts.

1. *Formal.*  Both networks are rewritten in shared atoms: an atom is an input, or relu(φ) for a
   form φ in earlier atoms.  A neuron relu(E) becomes s·atom if E = s·φ with s > 0, and
   |s|·atom + E if E = s·φ with s < 0, because relu(−φ) = relu(φ) − φ; it becomes E or 0 if E is
   a combination of rectified quantities with coefficients ≥ 0, or ≤ 0.  Each step is checked.
   What is left of f − g is an expression D in the atoms.  If it is empty, f = g.

2. *Cover*, only if D is not empty: simplices that cover the space and on each of which D vanishes
   (see `cover`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

import flint

from tropnet.certificates.cover import Cover, verify_cover
from tropnet.certificates.plain import (
    CONSTANT,
    Expression,
    Form,
    IntegerRow,
    Layered,
    Layers,
    exact_layers,
    fractions,
    integers,
    positions,
    require,
)
from tropnet.errors import CertificateError
from tropnet.exact import format_fraction

Rule: TypeAlias = tuple[int | None, Fraction]

_ZERO, _ONE = flint.fmpq(0), flint.fmpq(1)


@dataclass(frozen=True)
class EqualityCertificate:
    """A proof that two networks are the same function, on R^n or on a polyhedron.

    Attributes:
        atoms: The form φ of each rectified atom, as (atom, coefficient) pairs; inputs are the atoms
            0, …, n − 1, rectified atoms follow in order, `CONSTANT` is the constant.
        rules: For each of the two networks and each of its hidden layers one (atom, s) for every
            neuron; (None, 1) for relu(E) = E, (None, 0) for relu(E) = 0.
        cover: Simplices on which the remaining difference vanishes; None if there is none.
        domain: Rows (a, b) with a·x ≤ b, and rows (c, d) with c·x = d; both empty for R^n.
    """

    claim: ClassVar[str] = "equal"

    atoms: tuple[Form, ...]
    rules: tuple[tuple[tuple[Rule, ...], ...], tuple[tuple[Rule, ...], ...]]
    cover: Cover | None = None
    domain: tuple[tuple[IntegerRow, ...], tuple[IntegerRow, ...]] = ((), ())

    def check(self, f: Layered, g: Layered) -> bool:
        """Whether this proves that f and g agree (on `domain`, if there is one).

        Guarantees:
            True proves it, by exact arithmetic alone.  False says that this is no proof for these
            two networks, not that they differ.
        """
        try:
            self._verify(f, g)
        except CertificateError:
            return False
        return True

    def _verify(self, f: Layered, g: Layered) -> None:
        layers = [exact_layers(net) for net in (f, g)]
        inputs = len(layers[0][0][0][0])
        require(len(layers[1][0][0][0]) == inputs, "the networks have different input widths")
        for number, form in enumerate(self.atoms):
            require(
                all(atom == CONSTANT or 0 <= atom < inputs + number for atom, _ in form),
                f"atom {number} is not made of earlier ones",
            )
            require(len(dict(form)) == len(form), f"atom {number} names an atom twice")
        outputs = [
            _express(net, rules, self.atoms, inputs)
            for net, rules in zip(layers, self.rules, strict=True)
        ]
        require(len(outputs[0]) == len(outputs[1]), "the networks have different output widths")
        difference = [
            _combination((_ONE, -_ONE), _ZERO, pair) for pair in zip(*outputs, strict=True)
        ]
        require(
            all(len(row) == inputs + 1 for rows in self.domain for row in rows),
            "a row of the domain has a wrong length",
        )
        domain_is_empty = any(not any(row[:-1]) and row[-1] < 0 for row in self.domain[0])
        if any(difference) and not domain_is_empty:
            require(self.cover is not None, "the formal difference is not zero")
            assert self.cover is not None
            verify_cover(self.cover, self.atoms, difference, inputs, self.domain)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        result: dict[str, Any] = {
            "atoms": [[[atom, str(flint.fmpz(c))] for atom, c in form] for form in self.atoms],
            "rules": [
                [[[atom, format_fraction(s)] for atom, s in layer] for layer in rules]
                for rules in self.rules
            ],
        }
        if self.cover is not None:
            cover = self.cover
            result["cover"] = {
                name: [[str(flint.fmpz(entry)) for entry in row] for row in rows]
                for name, rows in (
                    ("frame", cover.frame),
                    ("lines", cover.lines),
                    ("corners", cover.corners),
                )
            }
            result["cover"]["simplices"] = [list(simplex) for simplex in cover.simplices]
        if any(self.domain):
            result["domain"] = {
                name: [[str(flint.fmpz(entry)) for entry in row] for row in rows]
                for name, rows in zip(("inequalities", "equations"), self.domain, strict=True)
            }
        return result

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> EqualityCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(
            {"atoms", "rules"} <= set(data) <= {"atoms", "rules", "cover", "domain"},
            "expected the keys 'atoms', 'rules' and perhaps 'cover', 'domain'",
        )
        atoms = tuple(
            tuple(
                (positions([atom], "atoms")[0], integers([c], "atoms")[0])
                for atom, c in _pairs(form, "atoms")
            )
            for form in _list(data["atoms"], "atoms")
        )
        networks = [
            tuple(
                tuple(
                    (
                        None if atom is None else positions([atom], "rules")[0],
                        fractions([s], "rules")[0],
                    )
                    for atom, s in _pairs(layer, "rules")
                )
                for layer in _list(layers, "rules")
            )
            for layers in _list(data["rules"], "rules")
        ]
        require(len(networks) == 2, "'rules' must be about two networks")
        cover = None
        if "cover" in data:
            parts = data["cover"]
            names = {"frame", "lines", "corners", "simplices"}
            require(isinstance(parts, dict) and set(parts) == names, "'cover' is malformed")
            simplices = _list(parts["simplices"], "simplices")
            cover = Cover(
                frame=_rows(parts["frame"], "frame"),
                lines=_rows(parts["lines"], "lines"),
                corners=_rows(parts["corners"], "corners"),
                simplices=tuple(positions(simplex, "simplices") for simplex in simplices),
            )
        domain: tuple[tuple[IntegerRow, ...], tuple[IntegerRow, ...]] = ((), ())
        if "domain" in data:
            parts = data["domain"]
            require(
                isinstance(parts, dict) and set(parts) == {"inequalities", "equations"},
                "'domain' is malformed",
            )
            domain = (
                _rows(parts["inequalities"], "inequalities"),
                _rows(parts["equations"], "equations"),
            )
        return cls(atoms, (networks[0], networks[1]), cover, domain)


def _express(
    layers: Layers, rules: Sequence[Sequence[Rule]], atoms: Sequence[Form], inputs: int
) -> list[Expression]:
    """The outputs of a network in atoms, by rules each of which is checked."""
    require(len(rules) == len(layers) - 1, "not one list of rules for each hidden layer")
    values: list[Expression] = [{i: _ONE} for i in range(inputs)]
    for depth, layer in enumerate(layers):
        rows = [_flint((*row, b)) for row, b in zip(*layer, strict=True)]
        forms = [_combination(row[:-1], row[-1], values) for row in rows]
        if depth == len(rules):
            values = forms
            break
        require(len(rules[depth]) == len(forms), f"not one rule a neuron in layer {depth + 1}")
        values = [
            _rectified(form, row if depth else None, rule, atoms, inputs)
            for form, row, rule in zip(forms, rows, rules[depth], strict=True)
        ]
    return values


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


def _list(value: Any, name: str) -> list[Any]:
    require(isinstance(value, list), f"{name} is not a list")
    return list(value)


def _pairs(value: Any, name: str) -> list[tuple[Any, Any]]:
    pairs = _list(value, name)
    require(all(isinstance(p, list) and len(p) == 2 for p in pairs), f"{name}: not pairs")
    return [(p[0], p[1]) for p in pairs]


def _rows(value: Any, name: str) -> tuple[IntegerRow, ...]:
    return tuple(integers(row, name) for row in _list(value, name))
