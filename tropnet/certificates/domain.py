"""Where a claim is made: on R^n or on a polyhedron, as plain rows.

A reader names the domain that he wants a claim for.  Whether a proof about one polyhedron speaks
about another is settled by comparing rows: no linear program is solved here.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from tropnet.errors import InvalidInputError
from tropnet.exact import Matrix, Vector, primitive_vector, to_matrix

Domain: TypeAlias = tuple[Sequence[Sequence[int | Fraction]], Sequence[Sequence[int | Fraction]]]
"""Rows (a, b) for a·x ≤ b, and rows (c, d) for c·x = d."""

WHOLE_SPACE: Domain = ((), ())
"""R^n, whatever n is: no rows."""


def exact_domain(domain: Any, inputs: int) -> tuple[Matrix, Matrix]:
    """The rows of a domain as exact rationals.

    Args:
        domain: A pair of lists of rows, or anything with `inequalities` and `equations` that are
            such lists (a `Polyhedron`).
        inputs: n; each row has n + 1 entries.

    Raises:
        InvalidInputError: if it is no domain in R^n.
    """
    if hasattr(domain, "inequalities") and hasattr(domain, "equations"):
        domain = (domain.inequalities, domain.equations)
    if not isinstance(domain, (list, tuple)) or len(domain) != 2:
        raise InvalidInputError(
            "domain: expected a polyhedron, or a pair of lists: rows (a, b) for a·x ≤ b and rows "
            f"(c, d) for c·x = d, got a {type(domain).__name__}"
        )
    inequalities, equations = (
        to_matrix(rows, f"domain: {name}")
        for name, rows in zip(("inequalities", "equations"), domain, strict=True)
    )
    for row in (*inequalities, *equations):
        if len(row) != inputs + 1:
            raise InvalidInputError(
                f"domain: a row of {len(row)} numbers, but for functions of {inputs} inputs it "
                f"needs {inputs + 1}: the normal and the bound"
            )
    return inequalities, equations


def is_inside(point: Vector, domain: Domain) -> bool:
    """Whether a point is in a domain."""
    inequalities, equations = domain
    return all(_excess(row, point) <= 0 for row in inequalities) and all(
        _excess(row, point) == 0 for row in equations
    )


def is_obviously_within(inner: Domain, outer: Domain) -> bool:
    """Whether every constraint of the outer domain is one of the inner one's, or weaker than one.

    Guarantees:
        True proves that the inner domain is a subset of the outer one.  False does not say that it
        is none: other combinations of constraints are not tried.
    """
    tightest: dict[tuple[int, ...], Fraction] = {}
    for normal, bound in _half_spaces(inner):
        tightest[normal] = min(bound, tightest.get(normal, bound))
    return all(
        (normal in tightest and tightest[normal] <= bound) or (not any(normal) and bound >= 0)
        for normal, bound in _half_spaces(outer)
    )


def _half_spaces(domain: Domain) -> list[tuple[tuple[int, ...], Fraction]]:
    """The pairs (normal, bound) with a primitive normal whose half-spaces meet in a domain."""
    inequalities, equations = domain
    rows = [*inequalities, *equations, *(tuple(-entry for entry in row) for row in equations)]
    result = []
    for *normal, bound in rows:
        primitive = primitive_vector(normal)
        scale = next((Fraction(a) / b for a, b in zip(normal, primitive, strict=True) if b), 1)
        result.append((primitive, Fraction(bound) / scale))
    return result


def _excess(row: Sequence[int | Fraction], point: Vector) -> int | Fraction:
    return sum((a * x for a, x in zip(row, point, strict=False)), -row[-1])
