"""The forms, rules and integer matrices of an equality certificate in JSON, read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain, islice
from typing import Any, TypeAlias

import flint

from tropnet.certificates.plain import (
    Form,
    IntegerRow,
    entries,
    fractions,
    integers,
    positions,
    require,
)
from tropnet.exact import Matrix, Vector, format_fraction

Layers: TypeAlias = tuple[tuple[Matrix, Vector], ...]
"""The pairs (weight, bias) of a network."""
Rules: TypeAlias = tuple[tuple[tuple[int | None, Fraction], ...], ...]


def integer_rows(values: Any, name: str) -> tuple[IntegerRow, ...]:
    """A list of lists of integer texts."""
    return tuple([integers(row, name) for row in entries(values, list, name)])


def forms(values: Any, name: str) -> tuple[Form, ...]:
    """A list of affine forms, each a list of pairs [atom, coefficient]."""
    rows = entries(values, list, name)
    atoms, coefficients = _pairs(chain.from_iterable(rows), name)
    pairs = zip(positions(atoms, name), integers(coefficients, name), strict=True)
    return tuple([tuple(islice(pairs, len(row))) for row in rows])


def rules(values: Any, name: str) -> list[Rules]:
    """For each function, and each of its layers, a list of pairs [atom or null, number]."""
    functions = [entries(layers, list, name) for layers in entries(values, list, name)]
    layers = entries([*chain.from_iterable(functions)], list, name)
    atoms, scales = _pairs(chain.from_iterable(layers), name)
    require({*map(type, atoms)} <= {int, type(None)}, "{}: an atom is no position or null", name)
    pairs = zip(atoms, fractions(scales, name), strict=True)
    return [tuple([tuple(islice(pairs, len(layer))) for layer in layers]) for layers in functions]


def integer_texts(rows: Sequence[Sequence[int]]) -> list[list[str]]:
    """Rows of integers of any size as texts."""
    return [[str(flint.fmpz(entry)) for entry in row] for row in rows]


def vector_rows(values: Any, name: str) -> Matrix:
    """A list of lists of number texts."""
    return tuple(fractions(row, name) for row in entries(values, list, name))


def vector_texts(rows: Sequence[Vector]) -> list[list[str]]:
    """Rows of rationals as texts."""
    return [[format_fraction(entry) for entry in row] for row in rows]


def layer_data(layers: Layers) -> list[dict[str, Any]]:
    """The layers of a network as JSON data."""
    return [
        {"weight": vector_texts(weight), "bias": vector_texts([bias])[0]} for weight, bias in layers
    ]


def layers(values: Any, name: str) -> Layers:
    """A list of objects with a weight and a bias."""
    found = []
    for layer in entries(values, dict, name):
        require(set(layer) == {"weight", "bias"}, "a layer needs the keys 'weight' and 'bias'")
        found.append((vector_rows(layer["weight"], "weight"), fractions(layer["bias"], "bias")))
    return tuple(found)


def form_data(form: Form) -> list[list[Any]]:
    """A form as JSON data."""
    return [[atom, str(flint.fmpz(c))] for atom, c in form]


def _pairs(values: Iterable[Any], name: str) -> tuple[list[Any], list[Any]]:
    """The first, and the second, entries of pairs."""
    pairs = entries(list(values), list, name)
    require({*map(len, pairs)} <= {2}, "{}: an entry is no pair", name)
    return [first for first, _ in pairs], [second for _, second in pairs]
