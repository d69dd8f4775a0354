"""The region engine against brute force, hand counts and its own definition."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations, islice

import pytest
from hypothesis import given, settings

from generators.networks import GAUSSIAN_REGION_COUNTS, gaussian_network
from generators.pairs import SHARED
from generators.strategies import architectures, networks
from networks.brute_force import activation_patterns
from tropnet import (
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    activation_regions,
    count_activation_regions,
    load,
    random_network,
)


def flat(pattern: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    return tuple(chain.from_iterable(pattern))


@settings(max_examples=120, deadline=None)
@given(networks())
def test_patterns_agree_with_linear_programs(net: ReLUNetwork) -> None:
    patterns = [flat(region.pattern) for region in activation_regions(net)]
    assert len(patterns) == len(set(patterns))
    assert set(patterns) == activation_patterns(net)


@settings(max_examples=60, deadline=None)
@given(networks())
def test_every_region_is_what_it_says(net: ReLUNetwork) -> None:
    for region in activation_regions(net):
        points = [region.interior_point, *region.vertices]
        for direction in (*region.rays, *region.lines):
            points.append(
                tuple(a + b for a, b in zip(region.interior_point, direction, strict=True))
            )
        for point in points:
            assert net(point) == tuple(
                sum((a * x for a, x in zip(row, point, strict=True)), constant)
                for row, constant in zip(region.gradient, region.constant, strict=True)
            )
        body = region.polyhedron
        assert body.dim == net.input_width
        rebuilt = Polyhedron.from_generators(region.vertices, region.rays, region.lines)
        assert body == rebuilt
        assert body.vertices == region.vertices == rebuilt.vertices
        assert body.rays == region.rays == rebuilt.rays
        assert body.lines == region.lines == rebuilt.lines
        assert all(
            row[-1] > sum(a * x for a, x in zip(row, region.interior_point, strict=False))
            for row in body.inequalities
        )


@settings(max_examples=30, deadline=None)
@given(networks(architectures(max_hidden=6, max_inputs=2)))
def test_regions_meet_face_to_face(net: ReLUNetwork) -> None:
    regions = list(activation_regions(net))[:12]
    for first, second in combinations(regions, 2):
        common = first.polyhedron.intersection(second.polyhedron)
        assert common.dim < net.input_width
        if not common.is_empty:
            assert set(common.vertices) <= set(first.vertices) & set(second.vertices)


@pytest.mark.parametrize(("architecture", "count"), GAUSSIAN_REGION_COUNTS.items())
def test_counts_that_other_systems_confirm(architecture: tuple[int, ...], count: int) -> None:
    assert count_activation_regions(gaussian_network(architecture)) == count


def test_no_hidden_layer_is_one_region_with_lines() -> None:
    net = ReLUNetwork([([[1, 2, 0]], [3])])
    (region,) = activation_regions(net)
    assert region.pattern == ()
    assert region.gradient == ((1, 2, 0),)
    assert region.constant == (3,)
    assert (region.vertices, region.rays, len(region.lines)) == (((0, 0, 0),), (), 3)


def test_identically_zero_neurons_have_sign_zero() -> None:
    net = ReLUNetwork([([[1], [0]], [0, 0]), ([[-1, 1]], [0]), ([[1]], [0])])
    assert [region.pattern for region in activation_regions(net)] == [
        ((1, 0), (-1,)),
        ((-1, 0), (0,)),
    ]


def test_the_stream_is_lazy() -> None:
    net = random_network((6, 30, 30, 1))  # far too many regions to list
    first = [region.pattern for region in islice(activation_regions(net), 20)]
    assert len(set(first)) == 20


def test_order_is_deterministic() -> None:
    net = random_network((3, 5, 4, 1), seed=3)
    runs = [[region.pattern for region in activation_regions(net)] for _ in range(2)]
    assert runs[0] == runs[1]


class TestDomain:
    net = random_network((2, 5, 4, 1), seed=5)
    box = Polyhedron.from_inequalities([[1, 0], [-1, 0], [0, 1], [0, -1]], [2, 1, "3/2", 2])

    def test_box_cuts_exactly_the_regions_that_reach_inside(self) -> None:
        inside = {
            region.pattern: region.polyhedron for region in activation_regions(self.net, self.box)
        }
        expected = {}
        for region in activation_regions(self.net):
            part = region.polyhedron.intersection(self.box)
            if part.dim == 2:
                expected[region.pattern] = part
        assert inside == expected
        assert count_activation_regions(self.net, self.box) == len(expected)

    def test_line(self) -> None:
        line = Polyhedron.from_inequalities([], [], ([[1, -2]], [1]))
        parts = [region.polyhedron for region in activation_regions(self.net, line)]
        assert all(part.dim == 1 for part in parts)
        restricted = ReLUNetwork([([[2], [1]], [1, 0])])
        breaks = {
            vertex for region in activation_regions(self.net, line) for vertex in region.vertices
        }
        on_line = {
            restricted(vertex)
            for region in activation_regions(self.net @ restricted)
            for vertex in region.vertices
        }
        assert breaks == on_line

    def test_segment_point_and_strip(self) -> None:
        point = Polyhedron.from_generators([("1/3", "2/7")])
        (region,) = activation_regions(self.net, point)
        assert region.interior_point == (Fraction(1, 3), Fraction(2, 7))
        assert region.polyhedron == point
        flat_net = ReLUNetwork([([[1, 1]], [0]), ([[1]], [0])])
        strip = Polyhedron.from_inequalities([[1, 1], [-1, -1]], [1, 1])
        parts = list(activation_regions(flat_net, strip))
        assert [part.lines for part in parts] == [((1, -1),), ((1, -1),)]
        assert all(part.polyhedron.intersection(strip) == part.polyhedron for part in parts)

    def test_empty_domain_has_no_regions(self) -> None:
        empty = Polyhedron.from_inequalities([[1, 0], [-1, 0]], [0, -1])
        assert count_activation_regions(self.net, empty) == 0

    def test_wrong_space(self) -> None:
        with pytest.raises(InvalidInputError, match="domain"):
            count_activation_regions(self.net, Polyhedron.from_inequalities([[1]], [0]))


@pytest.mark.skipif(not (SHARED / "networks").is_dir(), reason="the trained networks are not here")
class TestTrainedControllers:
    def test_single_pendulum(self) -> None:
        assert count_activation_regions(load(SHARED / "networks" / "single_pendulum.onnx")) == 1280

    @pytest.mark.exhaustive
    @pytest.mark.parametrize("name", ["vcas1.onnx", "vcas1.nnet"])
    def test_collision_avoidance(self, name: str) -> None:
        assert count_activation_regions(load(SHARED / "networks" / name)) == 119759
