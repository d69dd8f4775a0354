"""JSON for every object: tropical functions, polyhedra, weighted complexes, networks, proofs.

In the style of the network format: ``{"format": "tropnet/…", "version": 1, …}`` with exact numbers
as text such as ``"1/2"``; read as the rationals that they spell, never through a float.

``tropnet/tropical-polynomial``
    ``"exponents": [["1/2", "0"], …], "coefficients": ["0", …]``
``tropnet/tropical-rational``
    ``"numerator"`` and ``"denominator"``, each with exponents and coefficients.
``tropnet/polyhedron``
    ``"ambient_dim": n``, ``"inequalities": [[a_1, …, a_n, b], …]`` for a·x ≤ b, and
    ``"equations"`` with rows (c, d) for c·x = d.
``tropnet/weighted-complex``
    ``"ambient_dim": n, "facets": [{"normal": …, "offset": …, "weight": … (a number or a list),
    "vertices": …, "rays": …, "lines": …}, …]``
``tropnet/piecewise-linear-function``
    ``"domain"``, ``null`` for R^n or a polyhedron, and ``"cells": [{"polyhedron": …, "gradient":
    [[…], …], "constant": […]}, …]``, each polyhedron with its ambient_dim, inequalities, equations.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from tropnet.certificates.serialization import (
    AnyCertificate,
    certificate_from_json,
    certificate_to_json,
)
from tropnet.errors import InvalidInputError
from tropnet.exact import Number, format_fraction, to_fraction, to_vector
from tropnet.io import json_text
from tropnet.io.json_entries import (
    matrix_text,
    object_text,
    placed,
    read_ambient_dim,
    read_list,
    read_matrix,
    read_object,
    vector_text,
)
from tropnet.io.json_text import _check_keys, _kind, _NumberText, _parse, _shown
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise import Facet, PiecewiseLinearFunction, WeightedComplex
from tropnet.polyhedra import Polyhedron
from tropnet.tropical import (
    RegularSubdivision,
    TropicalPolynomial,
    TropicalRational,
    VirtualPolytope,
)

JsonObject: TypeAlias = (
    TropicalPolynomial
    | TropicalRational
    | RegularSubdivision
    | VirtualPolytope
    | Polyhedron
    | WeightedComplex
    | PiecewiseLinearFunction
    | ReLUNetwork
    | AnyCertificate
)
"""What has a JSON format."""

VERSION = 1
_CERTIFICATE = "tropnet/certificate"
_TERMS = ("exponents", "coefficients")
_POLYHEDRON = ("ambient_dim", "inequalities", "equations")
_CELL = ("polyhedron", "gradient", "constant")
_FACET = ("normal", "offset", "weight", "vertices", "rays", "lines")


def object_to_json(thing: JsonObject) -> str:
    """JSON text from which `object_from_json` makes an equal object.

    Args:
        thing: A tropical polynomial or rational function, polyhedron, weighted complex, piecewise
            linear function, network or certificate.

    Raises:
        InvalidInputError: for anything else.

    Guarantees:
        Exact, and deterministic: equal objects have equal text (weighted complexes: those with
        equal facets; take `canonical` first for one text for each weighted set).

    >>> print(object_to_json(TropicalPolynomial([[0], ["1/2"]], [0, 2])), end="")
    {"format": "tropnet/tropical-polynomial", "version": 1,
    "exponents": [["0"], ["1/2"]],
    "coefficients": ["0", "2"]}
    """
    if isinstance(thing, ReLUNetwork):
        return json_text.dumps_json(thing)
    if isinstance(thing, AnyCertificate):
        return certificate_to_json(thing)
    for name, kind in _FORMATS.items():
        if isinstance(thing, kind.type):
            lines = (f"{json.dumps(key)}: {text}" for key, text in kind.write(thing).items())
            body = ",\n".join(lines)
            return f'{{"format": "{name}", "version": {VERSION},\n{body}}}\n'
    raise InvalidInputError(f"object_to_json: a {type(thing).__name__} has no JSON format")


def object_from_json(text: str | bytes) -> JsonObject:
    """The object that JSON text describes; its "format" tells the kind.

    Args:
        text: The document; bytes are UTF-8, with or without a byte order mark.

    Raises:
        InvalidInputError: for text that is not JSON, an unknown format or version, missing, doubled
            or unknown keys, shapes that do not fit and entries that are no finite numbers; one
            line that names the thing.
        CertificateError: for a malformed certificate.

    Guarantees:
        Exact: a number is the rational that its text spells, so 0.1 is 1/10.  Texts and numbers of
        entries are bounded as for networks.

    Cost:
        Polyhedra and facets are converted to their canonical form, which takes time exponential in
        the dimension in the worst case.

    >>> object_from_json('{"format": "tropnet/tropical-polynomial", "version": 1, '
    ...                  '"exponents": [[0], ["1/2"]], "coefficients": ["0", 0.1]}')
    max(0, 1/10 + x/2)
    """
    document = _parse(text)
    if not isinstance(document, dict):
        raise InvalidInputError(
            f'expected a JSON object with "format": "tropnet/…", got {_kind(document)}'
        )
    name = document.get("format")
    if name == json_text.FORMAT:
        return json_text.loads_json(text)
    if name == _CERTIFICATE:
        return certificate_from_json(_decoded(text))
    if not isinstance(name, str) or isinstance(name, _NumberText) or name not in _FORMATS:
        found = _shown(name) if "format" in document else "none"
        known = ", ".join((*_FORMATS, json_text.FORMAT, _CERTIFICATE))
        raise InvalidInputError(f'"format": expected one of {known}, got {found}')
    version = document.get("version")
    if not isinstance(version, _NumberText) or version != str(VERSION):
        found = _shown(version) if "version" in document else "none"
        raise InvalidInputError(
            f'"version": this tropnet reads version {VERSION} of {name}, got {found}'
        )
    kind = _FORMATS[name]
    _check_keys(document, ("format", "version", *kind.keys), "the document")
    result: JsonObject = kind.read(document, "")
    return result


# -- tropical functions ------------------------------------------------------------------------


def _write_polynomial(p: TropicalPolynomial) -> dict[str, str]:
    return {"exponents": matrix_text(p.exponents), "coefficients": vector_text(p.coefficients)}


def _read_polynomial(entries: dict[str, Any], where: str) -> TropicalPolynomial:
    exponents = read_matrix(entries, "exponents", where)
    return placed(
        where, lambda: TropicalPolynomial(exponents, read_list(entries, _TERMS[1], where))
    )


def _write_rational(r: TropicalRational) -> dict[str, str]:
    parts = {"numerator": r.numerator, "denominator": r.denominator}
    return {key: object_text(_write_polynomial(p)) for key, p in parts.items()}


def _read_rational(entries: dict[str, Any], where: str) -> TropicalRational:
    parts = []
    for key in ("numerator", "denominator"):
        part = read_object(entries[key], key)
        _check_keys(part, _TERMS, key)
        parts.append(_read_polynomial(part, f"{key}: "))
    return TropicalRational(*parts)


def _write_subdivision(subdivision: RegularSubdivision) -> dict[str, str]:
    return _write_polynomial(subdivision.polynomial)


def _read_subdivision(entries: dict[str, Any], where: str) -> RegularSubdivision:
    return _read_polynomial(entries, where).regular_subdivision()


# -- polyhedra and complexes -------------------------------------------------------------------


def _write_polyhedron(P: Polyhedron) -> dict[str, str]:
    return {
        "ambient_dim": str(P.ambient_dim),
        "inequalities": matrix_text(P.inequalities),
        "equations": matrix_text(P.equations),
    }


def _read_polyhedron(entries: dict[str, Any], where: str) -> Polyhedron:
    n = read_ambient_dim(entries)
    systems = []
    for key in ("inequalities", "equations"):
        rows = read_matrix(entries, key, where, n + 1)
        systems.append(([row[:-1] for row in rows], [row[-1] for row in rows]))
    (A, b), equations = systems
    return Polyhedron.from_inequalities(A, b, equations, ambient_dim=n)


def _write_virtual_polytope(difference: VirtualPolytope) -> dict[str, str]:
    parts = {"minuend": difference.minuend, "subtrahend": difference.subtrahend}
    return {key: object_text(_write_polyhedron(P)) for key, P in parts.items()}


def _read_virtual_polytope(entries: dict[str, Any], where: str) -> VirtualPolytope:
    parts = [_read_part(entries[key], key) for key in ("minuend", "subtrahend")]
    return placed(where, lambda: VirtualPolytope(*parts))


def _write_complex(X: WeightedComplex) -> dict[str, str]:
    facets = ",\n".join(json.dumps(_facet_data(facet)) for facet in X.facets)
    return {
        "ambient_dim": str(X.ambient_dim),
        "facets": f"[\n{facets}\n]" if facets else "[]",
    }


def _facet_data(facet: Facet) -> dict[str, Any]:
    vector = isinstance(facet.weight, tuple)
    weight = [format_fraction(entry) for entry in facet.coefficients]
    data: dict[str, Any] = {
        "normal": [format_fraction(Fraction(entry)) for entry in facet.normal],
        "offset": format_fraction(facet.offset),
        "weight": weight if vector else weight[0],
    }
    for key in _FACET[3:]:
        rows = getattr(facet.polyhedron, key)
        data[key] = [[format_fraction(entry) for entry in row] for row in rows]
    return data


def _read_complex(entries: dict[str, Any], where: str) -> WeightedComplex:
    n = read_ambient_dim(entries)
    facets = [
        _read_facet(read_object(facet, f"facets[{i}]"), n, f"facets[{i}]")
        for i, facet in enumerate(read_list(entries, "facets", where))
    ]
    return WeightedComplex(n, facets)


def _read_facet(entries: dict[str, Any], n: int, name: str) -> Facet:
    _check_keys(entries, _FACET, name)
    where = f"{name}: "

    def build() -> Facet:
        normal = to_vector(read_list(entries, "normal", ""), "normal")
        if any(entry.denominator != 1 for entry in normal):
            raise InvalidInputError("normal: its entries are not all integers")
        weight = entries["weight"]
        exact: Number = (
            to_vector(weight, "weight")
            if isinstance(weight, list)
            else to_fraction(weight, "weight")
        )
        generators = [read_matrix(entries, key, "", n) for key in _FACET[3:]]
        return Facet(
            tuple(entry.numerator for entry in normal),
            to_fraction(entries["offset"], "offset"),
            exact,
            Polyhedron.from_generators(*generators, ambient_dim=n),
        )

    return placed(where, build)


def _write_function(f: PiecewiseLinearFunction) -> dict[str, str]:
    cells = [
        object_text(
            {
                "polyhedron": object_text(_write_polyhedron(cell.polyhedron)),
                "gradient": matrix_text(cell.gradient),
                "constant": vector_text(cell.constant),
            }
        )
        for cell in f.cells
    ]
    domain = "null" if f.domain is None else object_text(_write_polyhedron(f.domain))
    return {"domain": domain, "cells": "[\n" + ",\n".join(cells) + "\n]"}


def _read_function(entries: dict[str, Any], where: str) -> PiecewiseLinearFunction:
    cells = []
    for i, entry in enumerate(read_list(entries, "cells", where)):
        name = f"cells[{i}]"
        cell = read_object(entry, name)
        _check_keys(cell, _CELL, name)
        cells.append(
            (
                _read_part(cell["polyhedron"], f"{name}: polyhedron"),
                read_matrix(cell, "gradient", f"{name}: "),
                read_list(cell, "constant", f"{name}: "),
            )
        )
    domain = entries["domain"]
    return PiecewiseLinearFunction(cells, None if domain is None else _read_part(domain, "domain"))


def _read_part(value: Any, name: str) -> Polyhedron:
    part = read_object(value, name)
    _check_keys(part, _POLYHEDRON, name)
    return placed(f"{name}: ", partial(_read_polyhedron, part, ""))


# -- parts -------------------------------------------------------------------------------------


class _Format(NamedTuple):
    """How one kind of object is written, as texts by key, and read."""

    type: type
    keys: tuple[str, ...]
    write: Callable[[Any], dict[str, str]]
    read: Callable[[dict[str, Any], str], Any]


_FORMATS = {
    "tropnet/tropical-polynomial": _Format(
        TropicalPolynomial, _TERMS, _write_polynomial, _read_polynomial
    ),
    "tropnet/tropical-rational": _Format(
        TropicalRational, ("numerator", "denominator"), _write_rational, _read_rational
    ),
    "tropnet/polyhedron": _Format(
        Polyhedron,
        _POLYHEDRON,
        _write_polyhedron,
        _read_polyhedron,
    ),
    "tropnet/regular-subdivision": _Format(
        RegularSubdivision, _TERMS, _write_subdivision, _read_subdivision
    ),
    "tropnet/virtual-polytope": _Format(
        VirtualPolytope,
        ("minuend", "subtrahend"),
        _write_virtual_polytope,
        _read_virtual_polytope,
    ),
    "tropnet/weighted-complex": _Format(
        WeightedComplex, ("ambient_dim", "facets"), _write_complex, _read_complex
    ),
    "tropnet/piecewise-linear-function": _Format(
        PiecewiseLinearFunction, ("domain", "cells"), _write_function, _read_function
    ),
}


def _decoded(text: str | bytes) -> str:
    return text if isinstance(text, str) else bytes(text).decode("utf-8-sig")
