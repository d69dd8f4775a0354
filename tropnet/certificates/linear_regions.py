"""The activation regions of a network, by the double description method of the textbooks.

A region is the cone over it in homogeneous coordinates (x, t), t ≥ 0, held as lines and rays.
Neurons are inserted one at a time, layer by layer.  This is the search's question asked again in a
slower way that is easier to trust: no floats, no start from a basis, no division by lineality.

References:
    Motzkin, Raiffa, Thompson, Thrall 1953; Fukuda and Prodon, *Double description method
    revisited*, 1996 (the adjacency test is their Proposition 7).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import mul
from typing import NamedTuple, TypeAlias

import flint

from tropnet.certificates.plain import IntegerRow
from tropnet.exact import primitive_vector

Pattern: TypeAlias = tuple[IntegerRow, ...]
"""For each hidden layer the sign of each neuron on a region: +1, −1, or 0 if it vanishes there."""

_INFINITY = 1  # the hyperplane t = 0, as a bit


class _Cone(NamedTuple):
    """A full-dimensional cone; every line lies in all of its hyperplanes.

    Attributes:
        lines: A basis of its lineality space.
        rays: One vector on each of its extreme rays, modulo the lines.
        tight: For each ray the hyperplanes that it lies in, as bits.
        planes: All of its hyperplanes, as bits; the next one gets bit `planes` + 1.
    """

    lines: tuple[IntegerRow, ...]
    rays: tuple[IntegerRow, ...]
    tight: tuple[int, ...]
    planes: int


class LinearRegion(NamedTuple):
    """An activation region, by what the network computes on it.

    Attributes:
        pattern: The signs of the hidden neurons.
        reads: For each layer what it reads, as affine forms (gradient, constant): first the inputs,
            later the neurons before it; the last one is the constant 1.
    """

    pattern: Pattern
    reads: tuple[list[IntegerRow], ...]


class _Task(NamedTuple):
    """A cone on which the neurons of the layers before, and some of one layer, have one sign."""

    cone: _Cone
    pattern: Pattern
    reads: tuple[list[IntegerRow], ...]
    forms: list[IntegerRow]
    signs: IntegerRow


def linear_regions(layers: Sequence[flint.fmpz_mat]) -> Iterator[LinearRegion]:
    """All activation regions of a network, each once.

    Args:
        layers: For each hidden layer, of which there must be one, the integer rows (weights, bias)
            of its neurons.
    """
    size = int(layers[0].ncols())
    unit = [tuple(int(i == j) for j in range(size)) for i in range(size)]
    zero = (0,) * size
    start = _Cone(tuple(unit[:-1]), (unit[-1],), (0,), _INFINITY)
    stack = [_Task(start, (), (unit,), _integers(layers[0]), ())]
    while stack:
        cone, pattern, reads, forms, signs = stack.pop()
        if len(signs) < len(forms):
            for sign, part in reversed(_parts(cone, forms[len(signs)])):
                stack.append(_Task(part, pattern, reads, forms, (*signs, sign)))
            continue
        active = [form if sign > 0 else zero for form, sign in zip(forms, signs, strict=True)]
        pattern, reads = (*pattern, signs), (*reads, [*active, unit[-1]])
        if len(pattern) == len(layers):
            yield LinearRegion(pattern, reads)
        else:
            forms = _integers(layers[len(pattern)] * flint.fmpz_mat(reads[-1]))
            stack.append(_Task(cone, pattern, reads, forms, ()))


def _parts(cone: _Cone, form: IntegerRow) -> list[tuple[int, _Cone]]:
    """The parts of a cone that have interior and on which a form has one sign, with that sign."""
    for number, line in enumerate(cone.lines):
        value = _dot(form, line)
        if value:
            others = cone.lines[:number] + cone.lines[number + 1 :]
            return _split_along(cone, form, line if value > 0 else _negative(line), others)
    values = [_dot(form, ray) for ray in cone.rays]
    above, below = any(value > 0 for value in values), any(value < 0 for value in values)
    if above and below:
        return _split(cone, values)
    return [(above - below, cone)]


def _split_along(
    cone: _Cone, form: IntegerRow, line: IntegerRow, others: tuple[IntegerRow, ...]
) -> list[tuple[int, _Cone]]:
    """The two halves of a cone with a line on which a form is not 0, positive at `line`.

    Everything else is moved along the line into the form's hyperplane.
    """
    plane = cone.planes + 1
    value = _dot(form, line)

    def moved(vector: IntegerRow) -> IntegerRow:
        factor = _dot(form, vector)
        return primitive_vector([value * a - factor * b for a, b in zip(vector, line, strict=True)])

    lines = tuple(map(moved, others))
    rays = tuple(map(moved, cone.rays))
    tight = (*(mask | plane for mask in cone.tight), cone.planes)
    planes = cone.planes | plane
    return [
        (1, _Cone(lines, (*rays, line), tight, planes)),
        (-1, _Cone(lines, (*rays, _negative(line)), tight, planes)),
    ]


def _split(cone: _Cone, values: Sequence[int]) -> list[tuple[int, _Cone]]:
    """The two parts of a cone on whose rays a form takes both signs."""
    plane = cone.planes + 1
    tight = [
        mask if value else mask | plane for mask, value in zip(cone.tight, values, strict=True)
    ]
    new: list[tuple[IntegerRow, int]] = []
    for i, high in enumerate(values):
        for j, low in enumerate(values):
            if high > 0 > low and _are_adjacent(cone.tight, i, j):
                pairs = zip(cone.rays[i], cone.rays[j], strict=True)
                point = primitive_vector([high * b - low * a for a, b in pairs])
                new.append((point, cone.tight[i] & cone.tight[j] | plane))
    parts = []
    for sign in (1, -1):
        kept = [k for k, value in enumerate(values) if sign * value >= 0]
        rays = (*(cone.rays[k] for k in kept), *(ray for ray, _ in new))
        masks = (*(tight[k] for k in kept), *(mask for _, mask in new))
        parts.append((sign, _Cone(cone.lines, rays, masks, cone.planes | plane)))
    return parts


def _are_adjacent(tight: Sequence[int], i: int, j: int) -> bool:
    """Whether two rays span a face of dimension 2: no third ray lies in all their hyperplanes."""
    common = tight[i] & tight[j]
    return not any(mask & common == common for k, mask in enumerate(tight) if k not in (i, j))


def _dot(first: IntegerRow, second: IntegerRow) -> int:
    return sum(map(mul, first, second))


def _negative(vector: IntegerRow) -> IntegerRow:
    return tuple(-entry for entry in vector)


def _integers(matrix: flint.fmpz_mat) -> list[IntegerRow]:
    return [tuple(map(int, row)) for row in matrix.tolist()]
