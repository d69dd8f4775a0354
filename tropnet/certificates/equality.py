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

from tropnet.certificates.cover import Cover, verify_cover
from tropnet.certificates.domain import exact_domain, is_obviously_within
from tropnet.certificates.json_fields import (
    form_data,
    forms,
    integer_rows,
    integer_texts,
    rules,
)
from tropnet.certificates.plain import (
    CONSTANT,
    Form,
    IntegerRow,
    entries,
    input_width,
    positions,
    require,
)
from tropnet.certificates.records import Proof
from tropnet.certificates.rewriting import Atoms, Rule, difference, express
from tropnet.errors import CertificateError
from tropnet.exact import format_fraction


@dataclass(frozen=True, repr=False)
class EqualityCertificate(Proof):
    """A proof that two functions are equal, on R^n or on a polyhedron.

    Attributes:
        atoms: The form φ of each rectified atom, as (atom, coefficient) pairs; inputs are the atoms
            0, …, n − 1, rectified atoms follow in order, `CONSTANT` is the constant.
        rules: For each of the two functions the rules of its rewriting.
        cover: Simplices on which the remaining difference vanishes; None if there is none.
        domain: Rows (a, b) with a·x ≤ b, and rows (c, d) with c·x = d; both empty for R^n.
        maxima: The affine forms in the inputs of each maximum atom: an atom that is the largest of
            them or, for a function given by cells, the one that belongs to the cell of a point.
    """

    claim: ClassVar[str] = "equal"

    atoms: tuple[Form, ...]
    rules: tuple[tuple[tuple[Rule, ...], ...], tuple[tuple[Rule, ...], ...]]
    cover: Cover | None = None
    domain: tuple[tuple[IntegerRow, ...], tuple[IntegerRow, ...]] = ((), ())
    maxima: tuple[tuple[Form, ...], ...] = ()

    def check(self, f: Any, g: Any, domain: Any = None) -> bool:
        """Whether this proves that f and g agree.

        Args:
            f: A function as plain data (see `plain`).
            g: Another.
            domain: Where the reader wants them to agree (see `domain.exact_domain`; ``((), ())`` is
                R^n).  A certificate about another polyhedron passes only if each of its constraints
                is one of these, or weaker than one.  Default: where the certificate says, which is
                its `domain` and so perhaps not R^n.

        Raises:
            InvalidInputError: if the domain is none in the space of the functions' inputs.

        Guarantees:
            True proves it, by exact arithmetic alone, for all points of the domain at which both
            are defined (functions given by cells may be defined on a part only).  False says that
            this is no proof for these two functions there, not that they differ.
        """
        try:
            inputs, other = input_width(f), input_width(g)
            require(inputs == other, "the functions have different numbers of inputs")
            wanted = None if domain is None else exact_domain(domain, inputs)
            self._verify(f, g, inputs)
            require(
                wanted is None or is_obviously_within(wanted, self.domain),
                "it is about another domain",
            )
        except CertificateError:
            return False
        return True

    def _verify(self, f: Any, g: Any, inputs: int) -> None:
        for number, form in enumerate(self.atoms):
            require(
                _is_affine(form, inputs + number), "atom {} is not made of earlier ones", number
            )
        for maximum in self.maxima:
            require(
                maximum and all(_is_affine(form, inputs) for form in maximum),
                "a maximum is not made of affine forms in the inputs",
            )
        atoms = Atoms(self.atoms, self.maxima, {})
        outputs = [
            express(function, layers, atoms, inputs)
            for function, layers in zip((f, g), self.rules, strict=True)
        ]
        remaining = [form for form, _ in difference(*outputs)]
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
            "atoms": [form_data(form) for form in self.atoms],
            "rules": [
                [[[atom, format_fraction(s)] for atom, s in layer] for layer in layers]
                for layers in self.rules
            ],
        }
        if self.maxima:
            result["maxima"] = [[form_data(form) for form in maximum] for maximum in self.maxima]
        if self.cover is not None:
            cover = self.cover
            result["cover"] = {
                "frame": integer_texts(cover.frame),
                "lines": integer_texts(cover.lines),
                "corners": integer_texts(cover.corners),
                "simplices": [list(simplex) for simplex in cover.simplices],
            }
        if any(self.domain):
            inequalities, equations = map(integer_texts, self.domain)
            result["domain"] = {"inequalities": inequalities, "equations": equations}
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
        atoms = forms(data["atoms"], "atoms")
        maxima = entries(data.get("maxima", []), list, "maxima")
        functions = rules(data["rules"], "rules")
        require(len(functions) == 2, "'rules' must be about two functions")
        cover = None
        if "cover" in data:
            parts = data["cover"]
            names = {"frame", "lines", "corners", "simplices"}
            require(isinstance(parts, dict) and set(parts) == names, "'cover' is malformed")
            simplices = entries(parts["simplices"], list, "simplices")
            cover = Cover(
                frame=integer_rows(parts["frame"], "frame"),
                lines=integer_rows(parts["lines"], "lines"),
                corners=integer_rows(parts["corners"], "corners"),
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
                integer_rows(parts["inequalities"], "inequalities"),
                integer_rows(parts["equations"], "equations"),
            )
        return cls(
            atoms,
            (functions[0], functions[1]),
            cover,
            domain,
            tuple([forms(maximum, "maxima") for maximum in maxima]),
        )


def _is_affine(form: Form, atoms: int) -> bool:
    """Whether a form names earlier atoms and the constant, once each, with coefficients ≠ 0."""
    names = {atom for atom, c in form if c}
    return len(names) == len(form) and (
        not names or (min(names) >= CONSTANT and max(names) < atoms)
    )
