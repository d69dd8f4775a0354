"""How far apart two networks are: the exact supremum of their difference."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tropnet.certificates.budget import Budget, Progress, metered
from tropnet.comparison.equality import CommonRegions, check_comparable
from tropnet.errors import InvalidInputError
from tropnet.exact import Vector
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork
from tropnet.polyhedra import Polyhedron

_NOTHING: tuple[Fraction, IntegerRow] = (Fraction(-1), ())


@dataclass(frozen=True)
class Supremum:
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
    f: ReLUNetwork,
    g: ReLUNetwork,
    domain: Polyhedron | None = None,
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> tuple[Supremum, ...]:
    """The exact supremum of |f − g| on a polyhedron, for each output.

    On every region on which f − g is affine, its modulus is unbounded along some generator or
    largest at a vertex; all regions are visited.

    Args:
        f: A network.
        g: A network with the same numbers of inputs and outputs.
        domain: Where to compare, not empty; default all of R^n.
        budget: Limits on the regions visited.
        progress: Called with the number of regions done so far.

    Returns:
        One `Supremum` for each output.

    Raises:
        InvalidInputError: if the shapes differ or the domain is empty.
        BudgetExceededError: if the budget ran out; `found` is the number of regions visited.

    Guarantees:
        Exact.  |f(point) − g(point)| = value, or |f − g| grows linearly along the ray
        point + s · direction, s ≥ 0, which lies in the domain, from some s on.

    >>> relu = ReLUNetwork([([[1]], [0]), ([[1]], [0])])
    >>> clipped = relu - relu @ ReLUNetwork([([[1]], [-2])])
    >>> zero = ReLUNetwork([([[0]], [0])])
    >>> max_difference(clipped, zero)
    (Supremum(value=Fraction(2, 1), point=(Fraction(2, 1),), direction=None),)
    >>> max_difference(relu, zero)[0].direction
    (Fraction(1, 1),)
    """
    check_comparable(f, g, domain)
    if domain is not None and domain.is_empty:
        raise InvalidInputError("domain: the polyhedron is empty, so there is no supremum")
    common = CommonRegions(f, g, domain)
    count = f.output_width
    best = [_NOTHING] * count
    rays: dict[int, tuple[IntegerRow, IntegerRow]] = {}
    for cell in metered(common.cells, budget, progress):
        forms = common.difference_on(cell)
        corners = [generator.point for generator in cell.generators]
        vertices = [corner for corner in corners if corner[-1]]
        for output in range(count):
            if output in rays:
                continue
            for corner in corners:
                if corner[-1] == 0 and forms.value(output, corner):
                    rays[output] = (vertices[0], corner)
            sizes = (
                (Fraction(abs(forms.value(output, corner)), corner[-1]), corner)
                for corner in vertices
            )
            best[output] = max(best[output], *sizes, key=lambda pair: pair[0])
        if len(rays) == count:
            break
    suprema = []
    for output, (_, corner) in enumerate(best):
        if output in rays:
            start, ray = rays[output]
            suprema.append(Supremum(None, common.point(start), common.direction(ray)))
        else:
            point = common.point(corner)
            suprema.append(Supremum(abs(f(point)[output] - g(point)[output]), point))
    return tuple(suprema)
