"""The stream of break facets against regions joined along their common facets, and by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.networks import DEGRADATIONS, integer_network
from generators.strategies import architectures, generators, networks
from tropnet import (
    BreakFacet,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    WeightedComplex,
    activation_regions,
    break_facets,
    break_locus,
    random_network,
)
from tropnet.exact import primitive_vector

Vectors = tuple[tuple[Fraction, ...], ...]


class NaiveFacet(NamedTuple):
    """A facet with its weight for every output, and the generators of its polyhedron."""

    normal: tuple[int, ...]
    offset: Fraction
    weights: tuple[Fraction, ...]
    vertices: Vectors
    rays: Vectors
    lines: Vectors


def joined(net: ReLUNetwork, domain: Polyhedron | None = None) -> list[NaiveFacet]:
    """Every pair of regions with a common facet, and what the gradient does there."""
    sides: dict[tuple[Vectors, Vectors, Vectors], dict[tuple[int, ...], object]] = {}
    for region in activation_regions(net, domain):
        body = region.polyhedron
        for row in body.inequalities:
            on = (
                tuple(v for v in body.vertices if dot(row, v) == row[-1]),
                tuple(r for r in body.rays if dot(row, r) == 0),
                body.lines,
            )
            sides.setdefault(on, {})[row] = region.gradient
    facets = []
    for on, gradients in sides.items():
        assert len(gradients) in (1, 2)
        if len(gradients) == 1:
            continue  # in the boundary of the domain
        (row, inside), (opposite, outside) = sorted(gradients.items(), reverse=True)
        assert opposite == tuple(-entry for entry in row)
        # The first entry of `row` is positive: its region lies where u·x < c.
        normal = primitive_vector(row[:-1])
        pivot = next(j for j, entry in enumerate(normal) if entry)
        weights = tuple(
            (b[pivot] - a[pivot]) / normal[pivot] for a, b in zip(inside, outside, strict=True)
        )
        for weight, a, b in zip(weights, inside, outside, strict=True):
            assert tuple(y - x for x, y in zip(a, b, strict=True)) == tuple(
                weight * u for u in normal
            )
        if any(weights):
            offset = Fraction(row[-1] * normal[pivot], row[pivot])
            facets.append(NaiveFacet(normal, offset, weights, *on))
    return sorted(facets)


def dot(row: tuple[int, ...], vector: tuple[Fraction, ...]) -> Fraction:
    return sum((a * x for a, x in zip(row, vector, strict=False)), Fraction(0))


def streamed(net: ReLUNetwork, domain: Polyhedron | None = None) -> list[NaiveFacet]:
    return sorted(map(naive, break_facets(net, domain)))


def naive(facet: BreakFacet) -> NaiveFacet:
    body = facet.polyhedron
    weights = facet.weight if isinstance(facet.weight, tuple) else (facet.weight,)
    return NaiveFacet(facet.normal, facet.offset, weights, body.vertices, body.rays, body.lines)


def on_line(*layers: object) -> list[tuple[Fraction, Fraction]]:
    """The points where a function of one variable breaks, with weights."""
    return sorted((facet.offset, facet.weight) for facet in break_facets(ReLUNetwork(layers)))


@st.composite
def domains(draw: st.DrawFn, n: int) -> Polyhedron:
    """Half-spaces of small integers, bounded or not, that leave a full-dimensional polyhedron."""
    rows = st.lists(st.integers(-2, 2), min_size=n, max_size=n)
    normals = draw(st.lists(rows, min_size=1, max_size=n + 2))
    sides = draw(st.lists(st.integers(0, 3), min_size=len(normals), max_size=len(normals)))
    domain = Polyhedron.from_inequalities(normals, sides, ambient_dim=n)
    if domain.dim < n:
        domain = Polyhedron.from_inequalities(normals, [1] * len(normals), ambient_dim=n)
    return domain


@st.composite
def network_in_domain(draw: st.DrawFn) -> tuple[ReLUNetwork, Polyhedron]:
    net = draw(networks(architectures(max_hidden=6)))
    return net, draw(domains(net.input_width))


class TestBesideJoinedRegions:
    @settings(max_examples=80, deadline=None)
    @given(networks())
    def test_networks(self, net: ReLUNetwork) -> None:
        assert streamed(net) == joined(net)

    @settings(max_examples=60, deadline=None)
    @given(network_in_domain())
    def test_domains(self, case: tuple[ReLUNetwork, Polyhedron]) -> None:
        assert streamed(*case) == joined(*case)

    @settings(max_examples=40, deadline=None)
    @given(st.sampled_from(sorted(DEGRADATIONS)), generators())
    def test_degradations_of_deep_networks(self, name: str, rng: object) -> None:
        net = DEGRADATIONS[name](integer_network((2, 3, 3, 3, 2), rng, bound=2), rng)
        assert streamed(net) == joined(net)

    @pytest.mark.exhaustive
    @settings(max_examples=1500, deadline=None)
    @given(networks(architectures(max_hidden=10, max_depth=4), max_degradations=4))
    def test_many_networks(self, net: ReLUNetwork) -> None:
        assert streamed(net) == joined(net)

    def test_generic_networks(self) -> None:
        for architecture in ((2, 5, 4, 3, 1), (3, 4, 3, 2)):
            net = random_network(architecture, seed=1)
            assert streamed(net) == joined(net) != []


class TestOnOneVariable:
    """By hand; the hidden layers come first."""

    def test_a_neuron(self) -> None:
        assert on_line(([[2]], [-1]), ([[3]], [0])) == [(Fraction(1, 2), 6)]
        assert on_line(([[-2]], [1]), ([["-1/2"]], [7])) == [(Fraction(1, 2), -1)]

    def test_duplicates_add_up(self) -> None:
        assert on_line(([[1], [1]], [0, 0]), ([[1, 1]], [0])) == [(0, 2)]
        assert on_line(([[1], [2], [-3]], [1, 2, -3]), ([[1, 1, 1]], [0])) == [(-1, 6)]

    def test_duplicates_cancel(self) -> None:
        assert on_line(([[1], [2]], [0, 0]), ([[2, -1]], [0])) == []

    def test_opposite_twins_give_a_linear_function(self) -> None:
        assert on_line(([[1], [-1]], [0, 0]), ([[1, -1]], [0])) == []
        assert on_line(([[1], [-1]], [0, 0]), ([[1, 1]], [0])) == [(0, 2)]

    def test_a_deeper_neuron_zero_on_a_whole_side(self) -> None:
        twice = ([[1]], [0])
        assert on_line(twice, ([[1]], [0]), ([[1]], [0])) == [(0, 1)]
        assert on_line(twice, ([[-1]], [0]), ([[1]], [0])) == []
        assert on_line(twice, ([[3]], [0]), ([[1]], [0]), ([[-2]], [0])) == [(0, -6)]

    def test_a_deeper_neuron_that_touches_zero(self) -> None:
        """relu(|x|) = |x| and relu(−|x|) = 0."""
        modulus = ([[1], [-1]], [0, 0])
        assert on_line(modulus, ([[1, 1]], [0]), ([[1]], [0])) == [(0, 2)]
        assert on_line(modulus, ([[-1, -1]], [0]), ([[1]], [0])) == []

    def test_a_deeper_copy_of_a_neuron(self) -> None:
        """relu(x) − relu(relu(x) − relu(−x)) = 0."""
        twins = ([[1], [-1]], [0, 0])
        layers = (twins, ([[1, 0], [1, -1]], [0, 0]))
        assert on_line(*layers, ([[1, -1]], [0])) == []
        assert on_line(*layers, ([[1, 1]], [0])) == [(0, 2)]

    def test_zero_rows_and_constants(self) -> None:
        assert on_line(([[0], [0], [0]], [0, 1, -1]), ([[1, 1, 1]], [0])) == []
        assert on_line(([[0], [1]], [1, 0]), ([[1, -1]], [0]), ([[1]], [0])) == [(0, -1), (1, 1)]

    def test_a_zero_output_weight(self) -> None:
        assert on_line(([[1], [1]], [0, 1]), ([[0, 1]], [0])) == [(-1, 1)]

    def test_no_hidden_layer(self) -> None:
        assert on_line(([[5]], [1])) == []

    def test_vector_outputs(self) -> None:
        assert on_line(([[1], [1]], [0, -1]), ([[2, 0], [1, 3]], [0, 0])) == [
            (0, (2, 1)),
            (1, (0, 3)),
        ]


class TestInSpace:
    def test_minimum_cut_at_zero(self) -> None:
        """max(0, min(x, y)) = relu(relu(x) − relu(−x) − relu(x − y))."""
        net = ReLUNetwork(
            [
                ([[1, 0], [-1, 0], [1, -1]], [0, 0, 0]),
                ([[1, -1, -1]], [0]),
                ([[1]], [0]),
            ]
        )
        found = {facet.normal: (facet.weight, facet.polyhedron.rays) for facet in break_facets(net)}
        assert found == {
            (1, -1): (-1, ((1, 1),)),
            (1, 0): (1, ((0, 1),)),
            (0, 1): (1, ((1, 0),)),
        }

    def test_several_neurons_on_one_facet_and_one_that_only_touches_it(self) -> None:
        """relu(x) + relu(y) + relu(−x − y), and the same again in the next layer."""
        triple = ([[1, 0], [0, 1], [-1, -1]], [0, 0, 0])
        once = ReLUNetwork([triple, ([[1, 1, 1]], [0])])
        again = ReLUNetwork([triple, ([[1, 1, 1], [1, 0, 0]], [0, 0]), ([[1, 0]], [0])])
        assert streamed(once) == streamed(again)
        assert len(streamed(once)) == 6

    def test_lineality(self) -> None:
        """Functions of 2x + 4y and of z in R^4; facets contain the lines."""
        net = ReLUNetwork(
            [([[2, 4, 0, 0], [0, 0, 1, 0]], [1, 0]), ([[1, -1]], [-2]), ([["1/2"]], [0])]
        )
        assert streamed(net) == joined(net)
        assert {facet.normal: facet.weight for facet in break_facets(net)} == {
            (2, 4, -1, 0): Fraction(1, 2),
            (1, 2, 0, 0): 1,
            (0, 0, 1, 0): Fraction(-1, 2),
        }
        assert {len(facet.polyhedron.lines) for facet in break_facets(net)} == {2}

    def test_lineality_that_the_coordinates_do_not_show(self) -> None:
        """The pivot of the line (3, −2) is not the last coordinate, and 2/3 has a denominator."""
        net = ReLUNetwork([([["2/3", 1]], [0]), ([[1]], [0])])
        (facet,) = break_facets(net)
        assert (facet.normal, facet.offset, facet.weight) == ((2, 3), 0, Fraction(1, 3))

    def test_to_facet(self) -> None:
        net = random_network((3, 3, 2, 2), seed=2)
        facets = [facet.to_facet() for facet in break_facets(net)]
        assert facets
        complex_ = WeightedComplex(3, facets)
        assert complex_ == break_locus(net)
        assert complex_.is_balanced()


class TestDomain:
    net = ReLUNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])

    def test_a_hyperplane_in_the_boundary_does_not_count(self) -> None:
        right = Polyhedron.from_inequalities([[-1, 0]], [0])
        (facet,) = break_facets(self.net, right)
        assert (facet.normal, facet.weight) == ((0, 1), 1)
        assert facet.polyhedron == Polyhedron.from_generators([(0, 0)], rays=[(1, 0)])

    def test_neither_does_a_deeper_one(self) -> None:
        """relu(relu(x) + relu(−x)) on x ≥ 0 and on x ≤ 1."""
        net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0]), ([[1]], [0])])
        assert list(break_facets(net, Polyhedron.from_inequalities([[-1]], [0]))) == []
        (facet,) = break_facets(net, Polyhedron.from_inequalities([[1]], [1]))
        assert (facet.offset, facet.weight) == (0, 2)

    def test_a_neuron_that_only_touches_the_domain(self) -> None:
        corner = Polyhedron.from_generators([(0, 0)], rays=[(1, 1), (1, -1)])
        (facet,) = break_facets(self.net, corner)
        assert (facet.normal, facet.weight) == ((0, 1), 1)

    def test_facets_are_cut_to_it(self) -> None:
        box = Polyhedron.from_inequalities([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 2, 3, "1/2"])
        found = {facet.normal: facet.polyhedron for facet in break_facets(self.net, box)}
        assert found.keys() == {(1, 0), (0, 1)}
        cut = found[1, 0]
        # The two neurons cut each other: one of the two parts is seen here.
        assert cut.dim == 1
        assert sum(facet.normal == (1, 0) for facet in break_facets(self.net, box)) == 2
        assert streamed(self.net, box) == joined(self.net, box)

    def test_whole_space_as_a_domain(self) -> None:
        assert streamed(self.net, Polyhedron.from_inequalities([], [], ambient_dim=2)) == streamed(
            self.net
        )

    @pytest.mark.parametrize(
        ("domain", "message"),
        [
            (Polyhedron.from_generators([(0, 0)], lines=[(1, 0)]), "domain"),
            (Polyhedron.from_inequalities([[1, 0], [-1, 0]], [0, -1]), "domain"),
            (Polyhedron.from_inequalities([[1]], [0]), "R\\^1"),
            ("the unit disc", "Polyhedron"),
        ],
    )
    def test_bad_domains(self, domain: object, message: str) -> None:
        with pytest.raises(InvalidInputError, match=message):
            list(break_facets(self.net, domain))


def test_only_networks() -> None:
    with pytest.raises(InvalidInputError, match="ReLUNetwork"):
        break_facets(lambda x: x)


def test_order_depends_on_the_parameters_alone() -> None:
    net = random_network((3, 5, 4, 2), seed=3)

    def run() -> Iterator[object]:
        return ((f.normal, f.offset, f.weight) for f in break_facets(net))

    assert list(run()) == list(run())


def test_the_stream_is_lazy() -> None:
    net = random_network((6, 30, 30, 1))  # far too many facets to list
    assert len(list(islice(break_facets(net), 20))) == 20


def test_repr_says_where_and_how_much() -> None:
    net = ReLUNetwork([([[2, -4]], [1]), ([[1], ["1/2"]], [0, 0])])
    assert repr(next(break_facets(net))) == "<BreakFacet of weight (2, 1) in (1, -2)·x = -1/2>"
