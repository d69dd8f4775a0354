"""Polyhedra presented by rows and by generators, degenerate as much as generic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import strategies as st

from generators.strategies import generators
from tropnet import Polyhedron

Row = Sequence[Fraction | int]
Vector = tuple[Fraction, ...]

WIDTHS = st.integers(1, 3)


class HForm(NamedTuple):
    """{x : a·x ≤ b for (a, b) in inequalities, c·x = d for (c, d) in equations}."""

    inequalities: list[list[int]]
    equations: list[list[int]]
    width: int

    def polyhedron(self) -> Polyhedron:
        return Polyhedron.from_inequalities(
            [row[:-1] for row in self.inequalities],
            [row[-1] for row in self.inequalities],
            ([row[:-1] for row in self.equations], [row[-1] for row in self.equations]),
            ambient_dim=self.width,
        )

    def contains(self, x: Vector) -> bool:
        return all(dot(row[:-1], x) <= row[-1] for row in self.inequalities) and all(
            dot(row[:-1], x) == row[-1] for row in self.equations
        )


class VForm(NamedTuple):
    """conv(vertices) + cone(rays) + span(lines)."""

    vertices: list[Vector]
    rays: list[Vector]
    lines: list[Vector]

    def polyhedron(self) -> Polyhedron:
        return Polyhedron.from_generators(*self)


def dot(a: Row, x: Row) -> Fraction:
    return sum((Fraction(p) * q for p, q in zip(a, x, strict=True)), Fraction(0))


def added(x: Row, y: Row, factor: Fraction | int = 1) -> list[Any]:
    return [a + factor * b for a, b in zip(x, y, strict=True)]


@st.composite
def h_forms(draw: st.DrawFn, widths: st.SearchStrategy[int] = WIDTHS) -> HForm:
    """Few small rows: empty, unbounded, flat, with lines, the whole space, a single point."""
    rng = draw(generators())
    width = draw(widths)

    def row() -> list[int]:
        return [*(rng.randint(-2, 2) for _ in range(width)), rng.randint(-2, 4)]

    inequalities = [row() for _ in range(draw(st.integers(0, 7)))]
    equations = [row() for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2))))]
    if draw(st.booleans()):
        sides = [[*(int(i == j) for i in range(width)), 2] for j in range(width)]
        inequalities += sides + [[*(-x for x in side[:-1]), 2] for side in sides]
    if inequalities and draw(st.booleans()):
        inequalities.append([-entry for entry in rng.choice(inequalities)])
    return HForm(inequalities, equations, width)


@st.composite
def v_forms(draw: st.DrawFn, widths: st.SearchStrategy[int] = WIDTHS) -> VForm:
    rng = draw(generators())
    width = draw(widths)

    def vector() -> Vector:
        return tuple(Fraction(rng.randint(-3, 3), rng.choice((1, 1, 2))) for _ in range(width))

    counts = draw(st.integers(1, 6)), draw(st.integers(0, 3)), draw(st.sampled_from((0, 0, 1, 2)))
    return VForm(*([vector() for _ in range(count)] for count in counts))
