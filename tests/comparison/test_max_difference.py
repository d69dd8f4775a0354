"""max_difference against the vertices and rays of all regions of the difference network."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, networks, points
from tropnet import (
    Budget,
    BudgetExceededError,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    activation_regions,
    max_difference,
    random_network,
)


def dot(first, second) -> Fraction:
    return sum((a * b for a, b in zip(first, second, strict=True)), Fraction(0))


def by_all_regions(
    f: ReLUNetwork, g: ReLUNetwork, domain: Polyhedron | None, output: int
) -> Fraction | None:
    difference, largest = f - g, Fraction(-1)
    for region in activation_regions(difference, domain):
        slope = region.gradient[output]
        if any(dot(slope, direction) for direction in (*region.rays, *region.lines)):
            return None
        values = [dot(slope, v) + region.constant[output] for v in region.vertices]
        largest = max(largest, *map(abs, values))
    return largest


@settings(max_examples=100, deadline=None)
@given(architectures(max_hidden=4), st.data())
def test_supremum(architecture: tuple[int, ...], data: st.DataObject) -> None:
    f = data.draw(networks(st.just(architecture)))
    g = data.draw(networks(st.just((architecture[0], 2, architecture[-1]))))
    n = f.input_width
    domain = None
    if data.draw(st.booleans()):
        corners = data.draw(st.lists(points(n), min_size=1, max_size=n + 2))
        domain = Polyhedron.from_generators(corners, data.draw(st.lists(points(n), max_size=1)))
    for output, found in enumerate(max_difference(f, g, domain)):
        assert found.value == by_all_regions(f, g, domain, output)
        assert domain is None or domain.contains(found.point)

        def gap(s: int, output=output, found=found) -> Fraction:
            way = found.direction or (0,) * n
            point = tuple(a + s * b for a, b in zip(found.point, way, strict=True))
            assert domain is None or domain.contains(point)
            return f(point)[output] - g(point)[output]

        if found.value is None:
            far = 2**200
            assert any(found.direction)
            assert gap(2 * far) - gap(far) == gap(3 * far) - gap(2 * far) != 0
        else:
            assert found.direction is None
            assert abs(gap(0)) == found.value


def test_equal_networks_differ_by_zero() -> None:
    net = random_network((2, 3, 3, 2))
    assert [found.value for found in max_difference(net, net)] == [0, 0]


def test_affine_functions() -> None:
    f, g = ReLUNetwork([([[1, 2]], [0])]), ReLUNetwork([([[1, 1]], ["1/2"])])
    (found,) = max_difference(f, g)
    assert found.value is None
    strip = Polyhedron.from_inequalities([[0, 1], [0, -1]], [3, 1])
    (found,) = max_difference(f, g, strip)
    assert found.value == Fraction(5, 2)


def test_bad_input_and_budget() -> None:
    net = random_network((1, 6, 6, 1))
    empty = Polyhedron.from_inequalities([[1], [-1]], [0, -1])
    with pytest.raises(InvalidInputError, match="empty"):
        max_difference(net, net, empty)
    with pytest.raises(BudgetExceededError):
        max_difference(net, random_network((1, 6, 6, 1), seed=1), budget=Budget(regions=0))
