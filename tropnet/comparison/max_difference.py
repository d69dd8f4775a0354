"""How far apart two networks are: the exact supremum of their difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.records import Record
from tropnet.comparison.common_regions import AffinePart, CommonRegions, comparable
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.networks.cell_blocks import Block
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.parallel import Done, over_subtrees, subtrees
from tropnet.piecewise.function_like import FunctionLike, PiecewiseLinear, values
from tropnet.polyhedra import Polyhedron


@dataclass(frozen=True)
class Supremum(Record):
    """The supremum of |f − g| for one output.

    Attributes:
        value: The supremum, which is attained; None if |f − g| is unbounded.
        point: A point where it is attained; if it is unbounded, the start of a ray …
        direction: … along which |f − g| grows without bound, a primitive integer vector; else None.
    """

    value: Fraction | None
    point: Vector
    direction: Vector | None = None


def max_difference(
    f: FunctionLike,
    g: FunctionLike,
    domain: Polyhedron | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> tuple[Supremum, ...]:
    """The exact supremum of |f − g| on a polyhedron, for each output.

    On every region on which f − g is affine, its modulus is unbounded along some generator or
    largest at a vertex; all regions are visited.

    Args:
        f: A network, a tropical polynomial or rational function, a `PiecewiseLinearFunction`, or a
            tuple of scalar ones.
        g: Another with the same numbers of inputs and outputs.
        domain: Where to compare, not empty; default where both functions are defined, if that is
            the same.
        budget: Limits on the regions visited.
        progress: Called with the number of regions done so far.
        executor: Where to visit several parts of the space at once; the answer is the same.

    Returns:
        One `Supremum` for each output.

    Raises:
        InvalidInputError: if the shapes differ or the domain is empty.
        BudgetExceededError: if the budget ran out; `found` is the number of regions visited.

    Guarantees:
        Exact.  |f(point) − g(point)| = value, or |f − g| grows linearly along the ray
        point + s · direction, s ≥ 0, which lies in the domain, from some s on.

    >>> from tropnet import ReLUNetwork
    >>> relu = ReLUNetwork([([[1]], [0]), ([[1]], [0])])
    >>> clipped = relu - relu @ ReLUNetwork([([[1]], [-2])])
    >>> zero = ReLUNetwork([([[0]], [0])])
    >>> max_difference(clipped, zero)
    (Supremum(value=Fraction(2, 1), point=(Fraction(2, 1),), direction=None),)
    >>> max_difference(relu, zero)[0].direction
    (Fraction(1, 1),)
    """
    first, second, domain = comparable(f, g, domain)
    if domain is not None and domain.is_empty:
        raise InvalidInputError("domain: the polyhedron is empty, so there is no supremum")
    common = CommonRegions(first, second, domain)
    meter = Meter(budget, progress)
    if executor is None:
        best = _largest(_all_extremes(common, common.parts(common.cells), meter))
        meter.finish()
    else:
        work = partial(_extremes_below, common)
        parts = subtrees(common.cells)
        best = _largest(over_subtrees(executor, work, parts, meter))
    return tuple(
        _supremum(first, second, common, output, found) for output, found in enumerate(best)
    )


class Extreme(NamedTuple):
    """The largest |f − g| found for one output, in the coordinates of the cells.

    Attributes:
        size: A constant multiple of it.
        corner: Where.
        ray: A direction in which it grows without bound, if there is one; then `corner` is the
            start.
    """

    size: Fraction
    corner: IntegerRow
    ray: IntegerRow | None


def _extremes(common: CommonRegions, part: AffinePart) -> list[Extreme]:
    """The largest modulus of each output's difference on a part."""
    forms = common.difference_on(part)
    corners = [generator.point for generator in part.cell.generators]
    vertices = [corner for corner in corners if corner[-1]]
    result = []
    for output in range(forms.width):
        rays = (c for c in corners if not c[-1] and forms.value(output, c))
        sizes = [Fraction(abs(forms.value(output, v)), v[-1]) for v in vertices]
        size = max(sizes)
        result.append(Extreme(size, vertices[sizes.index(size)], next(rays, None)))
    return result


def _extremes_below(common: CommonRegions, subtree: Block, budget: Budget) -> Done[list[Extreme]]:
    meter = Meter(budget, None)
    parts = common.parts(common.cells.below(subtree))
    best = _largest(_all_extremes(common, parts, meter))
    return Done(meter.count, best)


def _all_extremes(
    common: CommonRegions, parts: Iterable[AffinePart], meter: Meter
) -> Iterator[list[Extreme]]:
    for part in parts:
        meter.add(1)
        yield _extremes(common, part)


def _largest(extremes: Iterable[list[Extreme]]) -> list[Extreme]:
    """For each output the first ray, else the first largest size."""
    best: list[Extreme] = []
    for found in extremes:
        best = [
            max(pair, key=lambda e: (e.ray is not None, e.size if e.ray is None else 0))
            for pair in zip(best or found, found, strict=True)
        ]
        if all(extreme.ray is not None for extreme in best):
            break
    return best


def _supremum(
    f: PiecewiseLinear, g: PiecewiseLinear, common: CommonRegions, output: int, found: Extreme
) -> Supremum:
    point = common.point(found.corner)
    if found.ray is not None:
        return Supremum(None, point, common.direction(found.ray))
    return Supremum(abs(values(f, point)[output] - values(g, point)[output]), point)
