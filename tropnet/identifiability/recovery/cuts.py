"""Facets cut where known neurons vanish, and the preactivations of these neurons there."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tropnet.exact import Vector, dot
from tropnet.polyhedra import Polyhedron


class Part(NamedTuple):
    """A part of a facet inside which no known neuron vanishes.

    Attributes:
        polyhedron: The part.
        forms: The preactivations of a layer near its inside: gradients, each with the constant.
        signs: Their signs there.
    """

    polyhedron: Polyhedron
    forms: tuple[Vector, ...]
    signs: tuple[int, ...]

    def outputs(self, orientation: Sequence[int]) -> list[Vector]:
        """The relu(s z) of the layer, as affine forms."""
        zero = (Fraction(0),) * (self.polyhedron.ambient_dim + 1)
        return [
            tuple(s * entry for entry in form) if s == sign else zero
            for s, form, sign in zip(orientation, self.forms, self.signs, strict=True)
        ]


def whole(polyhedron: Polyhedron) -> Part:
    """A polyhedron, with the coordinates for preactivations that are positive."""
    size = polyhedron.ambient_dim
    unit = [tuple(Fraction(i == k) for k in range(size + 1)) for i in range(size)]
    return Part(polyhedron, tuple(unit), (1,) * size)


def cut(
    part: Part, orientation: Sequence[int], rows: Sequence[Vector], biases: Sequence[Fraction]
) -> list[Part] | None:
    """The parts on which the neurons of the next layer have a sign; None if one is 0 on one.

    Args:
        part: The part to cut, with the preactivations z of a layer.
        orientation: The signs s.
        rows: The weights of the next layer, which reads relu(s z).
        biases: Its biases.
    """
    outputs = part.outputs(orientation)
    forms = tuple(_combined(row, outputs, bias) for row, bias in zip(rows, biases, strict=True))
    pieces = [part.polyhedron]
    for form in forms:
        pieces = [half for piece in pieces for half in _halves(piece, form)]
    parts = []
    for piece in pieces:
        values = [_value(form, piece.interior_point()) for form in forms]
        if not all(values):
            return None
        signs = tuple(1 if value > 0 else -1 for value in values)
        parts.append(Part(piece, forms, signs))
    return parts


def _combined(row: Vector, forms: Sequence[Vector], bias: Fraction) -> Vector:
    """The affine form that is a linear combination of others, plus a bias."""
    *gradient, constant = (
        sum((w * entry for w, entry in zip(row, column, strict=True) if w), Fraction(0))
        for column in zip(*forms, strict=True)
    )
    return (*gradient, constant + bias)


def _halves(polyhedron: Polyhedron, form: Vector) -> list[Polyhedron]:
    """What of a polyhedron lies on either side of a form's zero set."""
    values = [_value(form, vertex) for vertex in polyhedron.vertices]
    values += [dot(form[:-1], ray) for ray in polyhedron.rays]
    lines = any(dot(form[:-1], line) for line in polyhedron.lines)
    if not lines and not (min(values) < 0 < max(values)):
        return [polyhedron]
    return [
        Polyhedron.from_inequalities(
            [[sign * entry for entry in form[:-1]]], [-sign * form[-1]]
        ).intersection(polyhedron)
        for sign in (1, -1)
    ]


def _value(form: Vector, point: Vector) -> Fraction:
    return dot(form[:-1], point) + form[-1]
