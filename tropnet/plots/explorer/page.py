"""The page: data, style and script in one file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape
from importlib.resources import files
from math import hypot
from typing import Any

from tropnet.certificates.answer import Answer
from tropnet.certificates.budget import Budget
from tropnet.certificates.star_pattern import Pattern
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.minimality import decide_minimality
from tropnet.errors import BudgetExceededError, InvalidInputError
from tropnet.exact import Vector, format_fraction, to_vector
from tropnet.identifiability.decision import decide_identifiability
from tropnet.identifiability.dimension import functional_dimension
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions
from tropnet.networks.tropicalization import tropicalize
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.depth import DepthBound, depth_lower_bound
from tropnet.plots.planar import Edge, Line, PlanarNetwork, normal_and_offset
from tropnet.plots.polygons import ring
from tropnet.polyhedra import Polyhedron
from tropnet.tropical import TropicalPolynomial
from tropnet.tropical.printing import affine_text

_SIGNS = {1: "+", 0: "0", -1: "−"}

# Beyond these sizes branches, and Newton polygons, are left out: they would take too long.
_BRANCHES = 400
_NEWTON = 10


def explorer_page(
    net: ReLUNetwork,
    other: ReLUNetwork | None = None,
    *,
    names: Sequence[str] = ("network", "other"),
    axes: Sequence[str] = ("x", "y"),
    seconds: float = 5.0,
) -> str:
    """A page to explore a network with two inputs in the browser, alone or beside another.

    Regions can be panned and zoomed; at each point it shows the activation pattern, the affine
    piece and the value, exactly; neurons, layers, branches and bends can be switched on; the cells
    on which two networks differ are hatched; small networks come with their Newton polygons.

    Args:
        net: A network with two inputs (see `coordinate_slice` for more).
        other: A second one, with as many outputs.
        names: What to call the networks.
        axes: What to call the inputs.
        seconds: How long to try to prove each of the facts that are listed.

    Returns:
        HTML that needs neither network nor other files.

    Raises:
        InvalidInputError: for another number of inputs, or outputs that do not fit.

    Guarantees:
        What the page says about a point is computed there in exact arithmetic from exact data;
        only the drawing is rounded.

    >>> page = explorer_page(ReLUNetwork([([[1, 2]], [3]), ([[1]], [0])]))
    >>> page.startswith("<!DOCTYPE html>"), "https:" in page
    (True, False)
    """
    nets = [net] if other is None else [net, other]
    for each in nets:
        if not isinstance(each, ReLUNetwork):
            raise InvalidInputError(f"net: expected a ReLUNetwork, got {type(each).__name__}")
        if each.input_width != 2:
            raise InvalidInputError(
                f"explorer: a network with {each.input_width} inputs; it needs two (choose a slice)"
            )
    if other is not None and net.output_width != other.output_width:
        raise InvalidInputError(
            f"explorer: {net.output_width} outputs beside {other.output_width}; "
            "only networks with as many outputs can be compared"
        )
    planes = [PlanarNetwork(each) for each in nets]
    depths = [_depth(plane) for plane in planes]
    facts = [
        fact
        for name, plane, depth in zip(names, planes, depths, strict=False)
        for fact in _facts(plane.net, depth, seconds, f"{name}: " if other is not None else "")
    ]
    duality = _duality(net, axes) if other is None else None
    if other is None and duality is None:
        facts.append(f"Newton polygons: only for one output and at most {_NEWTON} hidden neurons")
    data = {
        "axes": list(axes),
        "view": _view(planes),
        "panels": [
            _panel(name, plane, None if depth is None else depth.bends, axes)
            for name, plane, depth in zip(names, planes, depths, strict=False)
        ],
        "difference": None if other is None else _difference(net, other),
        "duality": duality,
        "facts": facts if other is None else [_verdict(net, other), *facts],
    }
    folder = files(__name__.rpartition(".")[0])
    parts = {
        "title": escape(" and ".join(names[: len(nets)])),
        "style": (folder / "explorer.css").read_text(encoding="utf-8"),
        "script": (folder / "explorer.js").read_text(encoding="utf-8"),
        "data": json.dumps(data, separators=(",", ":")).replace("</", "<\\/"),
    }
    page = (folder / "explorer.html").read_text(encoding="utf-8")
    for name, text in parts.items():
        page = page.replace("{{" + name + "}}", text)
    return page


def _panel(
    name: str, plane: PlanarNetwork, bends: BendGraph | None, axes: Sequence[str]
) -> dict[str, Any]:
    numbers: dict[Line, int] = {}
    for side in plane.sides:
        for line, _ in side:
            numbers.setdefault(line, len(numbers))
    neurons: dict[tuple[int, int], list[int]] = {
        (layer, neuron): []
        for layer, width in enumerate(plane.net.architecture[1:-1], 1)
        for neuron in range(width)
    }
    for number, wall in enumerate(plane.walls):
        for place in plane.vanishing(wall):
            neurons[place].append(number)
    return {
        "name": name,
        "architecture": plane.net.architecture,
        # Integers may be too long for JSON numbers.
        "lines": [list(map(str, line)) for line in numbers],
        "roundedLines": [_rounded_line(*line) for line in numbers],
        "regions": [
            {
                "pattern": ["".join(_SIGNS[sign] for sign in layer) for layer in region.pattern],
                "piece": piece,
                "sides": [sign * (numbers[line] + 1) for line, sign in sides],
            }
            for region, piece, sides in zip(plane.regions, plane.piece_of, plane.sides, strict=True)
        ],
        "pieces": [
            {
                "gradient": [list(map(format_fraction, row)) for row in gradient],
                "constant": list(map(format_fraction, constant)),
                "texts": [
                    affine_text(row, c, axes) for row, c in zip(gradient, constant, strict=True)
                ],
                "colour": colour,
            }
            for (gradient, constant), colour in zip(
                plane.pieces, plane.piece_colours(), strict=True
            )
        ],
        "walls": [_wall(plane, number, axes) for number in range(len(plane.walls))],
        "neurons": [
            {"layer": layer, "position": neuron, "walls": walls}
            for (layer, neuron), walls in neurons.items()
        ],
        "branches": None if bends is None else _branches(bends),
        "bends": None if bends is None else _bend_points(bends),
    }


def _wall(plane: PlanarNetwork, number: int, axes: Sequence[str]) -> dict[str, Any]:
    wall = plane.walls[number]
    weights = plane.weight(wall)
    normal, offset = normal_and_offset(wall.edge.line)
    text = ", ".join(map(format_fraction, weights))
    return {
        "edge": _edge(wall.edge),
        "weight": f"({text})" if len(weights) > 1 else text,
        "size": _rounded(max(abs(weight) for weight in weights)),
        "concave": len(weights) == 1 and weights[0] < 0,
        "equation": f"{affine_text(to_vector(normal), Fraction(0), axes)} = {offset}",
    }


def _edge(edge: Edge) -> list[float | None]:
    x, y = map(_rounded, edge.point)
    dx, dy = map(_rounded, edge.direction)
    if edge.most is None:
        size = hypot(dx, dy)
        dx, dy = dx / size, dy / size
    return [x, y, dx, dy, edge.least, edge.most]


def _rounded(value: Fraction) -> float:
    """For drawing; what is too large for a float is far outside every view."""
    try:
        return float(value)
    except OverflowError:
        return 1e300 if value > 0 else -1e300


def _rounded_line(a: int | Fraction, b: int | Fraction, c: int | Fraction) -> list[float]:
    """The form a x + b y − c, scaled so that the larger of |a| and |b| is 1."""
    size = max(abs(Fraction(a)), abs(Fraction(b)))
    return [_rounded(Fraction(entry) / size) for entry in (a, b, c)]


def _depth(plane: PlanarNetwork) -> DepthBound | None:
    return depth_lower_bound(plane.net) if len(plane.regions) <= _BRANCHES else None


def _branches(bends: BendGraph) -> list[list[list[float | None]]]:
    return [[_edge_of(facet.polyhedron) for facet in branch.facets] for branch in bends.branches]


def _edge_of(polyhedron: Polyhedron) -> list[float | None]:
    """A segment, a ray or a line as an edge."""
    start, *ends = polyhedron.vertices
    if ends:
        way = tuple(b - a for a, b in zip(start, ends[0], strict=True))
        return _edge(Edge((), start, way, 0, 1))
    if polyhedron.rays:
        return _edge(Edge((), start, polyhedron.rays[0], 0, None))
    return _edge(Edge((), start, polyhedron.lines[0], None, None))


def _bend_points(bends: BendGraph) -> list[dict[str, Any]]:
    found = []
    for number, (star, reading) in enumerate(zip(bends.stars, bends.readings, strict=True)):
        if reading.pattern is Pattern.BEND:
            x, y = map(_rounded, star.cell.vertices[0])
            found.append({"x": x, "y": y, "branch": bends.neurons_at(number)[0].number})
    return found


def _view(planes: Iterable[PlanarNetwork]) -> dict[str, float]:
    """A square around most of the vertices: a few far ones are outside."""
    points = sorted({v for plane in planes for region in plane.regions for v in region.vertices})
    if not points:
        return {"x": 0.0, "y": 0.0, "radius": 4.0}
    middles, radii = [], []
    for column in zip(*points, strict=True):
        values = sorted(map(_rounded, column))
        middles.append(values[len(values) // 2])
        cut = len(values) // 20
        low, high = values[cut], values[-1 - cut]
        radii.append(max(high - middles[-1], middles[-1] - low))
    return {"x": middles[0], "y": middles[1], "radius": 1.4 * max(radii) or 4.0}


def _difference(net: ReLUNetwork, other: ReLUNetwork) -> dict[str, Any]:
    """The cells on which two networks differ."""
    cells = []
    for region in activation_regions(net - other):
        if any(map(any, region.gradient)) or any(region.constant):
            cells.append([_rounded_line(a, b, -c) for a, b, c in region.forms()])
    return {"cells": cells}


def _duality(net: ReLUNetwork, axes: Sequence[str]) -> dict[str, Any] | None:
    if net.output_width != 1 or net.hidden_neuron_count > _NEWTON:
        return None
    function = tropicalize(net)
    assert not isinstance(function, tuple)
    reduced = function.reduce().essential()
    return {
        "g": _polygon(reduced.numerator, axes),
        "h": _polygon(reduced.denominator, axes),
    }


def _polygon(p: TropicalPolynomial, axes: Sequence[str]) -> dict[str, Any]:
    terms = list(zip(p.exponents, p.coefficients, strict=True))
    numbers = {exponent: number for number, exponent in enumerate(p.exponents)}
    dual = p.regular_subdivision()
    polygons = dual.cells[2] if dual.dim == 2 else ()
    return {
        "monomials": [[*map(format_fraction, e), format_fraction(c)] for e, c in terms],
        # The term with exponents (a, b) and coefficient c is a x + b y − (−c).
        "rounded": [[*map(_rounded, e), _rounded(-c)] for e, c in terms],
        "texts": [affine_text(e, c, axes) for e, c in terms],
        "cells": [[numbers[exponent] for exponent in ring(cell.exponents)] for cell in polygons],
        "edges": [[numbers[end] for end in edge.ends] for edge in dual.edges],
    }


def _verdict(net: ReLUNetwork, other: ReLUNetwork) -> str:
    answer = decide_equality(net, other)
    if answer.equal:
        return f"the same function; proved, certificate: {answer.certificate.claim}"
    witness: Vector = answer.witness or ()
    where = ", ".join(map(format_fraction, witness))
    return f"different functions, for instance at ({where})"


def _facts(
    net: ReLUNetwork, depth: DepthBound | None, seconds: float, prefix: str
) -> Iterable[str]:
    """Sentences about a network, with what proves them."""
    bound = net.parameter_count - net.hidden_neuron_count
    yield f"{prefix}P = {net.parameter_count} parameters, N = {net.hidden_neuron_count} neurons"
    budget = Budget(seconds=seconds)
    try:
        d = functional_dimension(net, budget=budget)
    except BudgetExceededError:
        yield f"{prefix}functional dimension: not decided in {seconds:g} s (P − N = {bound})"
    else:
        if d.value is not None:
            yield f"{prefix}functional dimension {d.value}, P − N = {bound}; certificate by ranks"
    for name, decide in (
        ("minimal", decide_minimality),
        ("identifiable", decide_identifiability),
    ):
        yield prefix + _sentence(name, decide(net, budget=budget))
    if depth is None:
        yield f"{prefix}branches and bends: left out, there are more than {_BRANCHES} regions"
    else:
        yield f"{prefix}hidden layers: at least {depth.value} among {depth.scope}"


def _sentence(name: str, answer: Answer) -> str:
    proof = "" if answer.certificate is None else f"; certificate: {answer.certificate.claim}"
    return f"{name}: {answer.verdict.value} ({answer.scope}){proof}"
