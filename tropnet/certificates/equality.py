"""Proof that two functions are equal, and its checker.

The proof has two parts.

1. *Formal.*  Both functions are rewritten in shared atoms (see `rewriting`).  What is left of f − g
   is an expression D in the atoms.  If it is empty, f = g.

2. *Cover*, only if D is not empty: simplices that cover the space and on each of which D vanishes
   (see `cover`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import flint

from tropnet.certificates.cover import Cover, verify_cover
from tropnet.certificates.plain import (
    CONSTANT,
    Form,
    IntegerRow,
    fractions,
    input_width,
    integers,
    positions,
    require,
)
from tropnet.certificates.rewriting import Atoms, Rule, difference, express
from tropnet.errors import CertificateError
from tropnet.exact import format_fraction


@dataclass(frozen=True)
class EqualityCertificate:
    """A proof that two functions are equal, on R^n or on a polyhedron.

    Attributes:
        atoms: The form φ of each rectified atom, as (atom, coefficient) pairs; inputs are the atoms
            0, …, n − 1, rectified atoms follow in order, `CONSTANT` is the constant.
        rules: For each of the two functions the rules of its rewriting.
        cover: Simplices on which the remaining difference vanishes; None if there is none.
        domain: Rows (a, b) with a·x ≤ b, and rows (c, d) with c·x = d; both empty for R^n.
        maxima: The affine forms in the inputs of each maximum atom.
    """

    claim: ClassVar[str] = "equal"

    atoms: tuple[Form, ...]
    rules: tuple[tuple[tuple[Rule, ...], ...], tuple[tuple[Rule, ...], ...]]
    cover: Cover | None = None
    domain: tuple[tuple[IntegerRow, ...], tuple[IntegerRow, ...]] = ((), ())
    maxima: tuple[tuple[Form, ...], ...] = ()

    def check(self, f: Any, g: Any) -> bool:
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

    def _verify(self, f: Any, g: Any) -> None:
        inputs, other = input_width(f), input_width(g)
        require(inputs == other, "the functions have different numbers of inputs")
        for number, form in enumerate(self.atoms):
            require(
                all(atom == CONSTANT or 0 <= atom < inputs + number for atom, _ in form),
                f"atom {number} is not made of earlier ones",
            )
            require(len(dict(form)) == len(form), f"atom {number} names an atom twice")
        for forms in self.maxima:
            require(
                forms and all(CONSTANT <= atom < inputs for form in forms for atom, _ in form),
                "a maximum is not made of affine forms in the inputs",
            )
            require(
                all(len(dict(form)) == len(form) for form in forms),
                "a form of a maximum names an atom twice",
            )
        atoms = Atoms(self.atoms, self.maxima)
        outputs = [
            express(function, rules, atoms, inputs)
            for function, rules in zip((f, g), self.rules, strict=True)
        ]
        remaining = difference(*outputs)
        require(
            all(len(row) == inputs + 1 for rows in self.domain for row in rows),
            "a row of the domain has a wrong length",
        )
        domain_is_empty = any(not any(row[:-1]) and row[-1] < 0 for row in self.domain[0])
        if any(remaining) and not domain_is_empty:
            require(self.cover is not None, "the formal difference is not zero")
            assert self.cover is not None
            verify_cover(self.cover, atoms, remaining, inputs, self.domain)

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        result: dict[str, Any] = {
            "atoms": [_form_data(form) for form in self.atoms],
            "rules": [
                [[[atom, format_fraction(s)] for atom, s in layer] for layer in rules]
                for rules in self.rules
            ],
        }
        if self.maxima:
            result["maxima"] = [[_form_data(form) for form in forms] for forms in self.maxima]
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
            {"atoms", "rules"} <= set(data) <= {"atoms", "rules", "cover", "domain", "maxima"},
            "expected the keys 'atoms', 'rules' and perhaps 'cover', 'domain', 'maxima'",
        )
        atoms = _forms(data["atoms"], "atoms")
        maxima = tuple(_forms(forms, "maxima") for forms in _list(data.get("maxima", []), "maxima"))
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
        return cls(atoms, (networks[0], networks[1]), cover, domain, maxima)


def _form_data(form: Form) -> list[list[Any]]:
    return [[atom, str(flint.fmpz(c))] for atom, c in form]


def _forms(value: Any, name: str) -> tuple[Form, ...]:
    return tuple(
        tuple(
            (positions([atom], name)[0], integers([c], name)[0]) for atom, c in _pairs(form, name)
        )
        for form in _list(value, name)
    )


def _list(value: Any, name: str) -> list[Any]:
    require(isinstance(value, list), f"{name} is not a list")
    return list(value)


def _pairs(value: Any, name: str) -> list[tuple[Any, Any]]:
    pairs = _list(value, name)
    require(all(isinstance(p, list) and len(p) == 2 for p in pairs), f"{name}: not pairs")
    return [(p[0], p[1]) for p in pairs]


def _rows(value: Any, name: str) -> tuple[IntegerRow, ...]:
    return tuple(integers(row, name) for row in _list(value, name))
