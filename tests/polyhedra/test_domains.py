"""Regions on a domain: exactly the parts that the regions of the whole space leave in it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, generators, networks
from polyhedra.presentations import HForm, Vector, dot, h_forms, v_forms
from tropnet import Polyhedron, ReLUNetwork, activation_regions, count_activation_regions

Pattern = tuple[tuple[int, ...], ...]

small = architectures(max_hidden=5, max_inputs=3)


def signs_at(net: ReLUNetwork, x: Vector) -> Pattern:
    """The signs of all preactivations at a point."""
    values, signs = x, []
    for weight, bias in net.layers[:-1]:
        before = [dot(row, values) + b for row, b in zip(weight, bias, strict=True)]
        signs.append(tuple((z > 0) - (z < 0) for z in before))
        values = tuple(max(z, Fraction(0)) for z in before)
    return tuple(signs)


def check(net: ReLUNetwork, domain: Polyhedron) -> None:
    regions = list(activation_regions(net, domain))
    for region in regions:
        assert region.pattern == signs_at(net, region.interior_point)
        rebuilt = Polyhedron.from_generators(region.vertices, region.rays, region.lines)
        assert region.polyhedron == rebuilt
        assert rebuilt.contains(region.interior_point)
        for x in (region.interior_point, *region.vertices):
            assert net(x) == tuple(
                dot(row, x) + c for row, c in zip(region.gradient, region.constant, strict=True)
            )
    parts = Counter(region.polyhedron for region in regions)
    # Where the domain lies in a neuron's hyperplane, the regions on both sides leave one part.
    candidates = (region.polyhedron.intersection(domain) for region in activation_regions(net))
    full = {part for part in candidates if part.dim == domain.dim and not part.is_empty}
    assert parts == Counter(full)
    assert len({region.pattern for region in regions}) == len(regions)
    assert count_activation_regions(net, domain) == len(regions)


@settings(max_examples=70, deadline=None)
@given(networks(small), st.data())
def test_any_domain(net: ReLUNetwork, data: st.DataObject) -> None:
    width = st.just(net.input_width)
    form = data.draw(st.one_of(h_forms(width), v_forms(width)))
    check(net, form.polyhedron())


@st.composite
def aligned_domains(draw: st.DrawFn, net: ReLUNetwork) -> Polyhedron:
    """Domains with facets and hulls in the hyperplanes of neurons, of any layer."""
    rng: Random = draw(generators())
    regions = list(activation_regions(net))
    rows = [row for region in regions for row in region.polyhedron.inequalities]
    assume(rows)
    form = HForm([], [], net.input_width)
    for _ in range(rng.randint(0, 3)):
        row = list(rng.choice(rows))
        form.inequalities.append([rng.choice((1, -1)) * entry for entry in row])
    for _ in range(rng.choice((0, 1, 1, 2))):
        form.equations.append(list(rng.choice(rows)))
    if rng.random() < 0.3:
        return rng.choice(regions).polyhedron.intersection(form.polyhedron())
    return form.polyhedron()


@settings(max_examples=70, deadline=None)
@given(networks(small), st.data())
def test_domains_in_the_hyperplanes_of_neurons(net: ReLUNetwork, data: st.DataObject) -> None:
    check(net, data.draw(aligned_domains(net)))


@settings(max_examples=30, deadline=None)
@given(networks(small), generators())
def test_a_region_as_domain_is_one_region(net: ReLUNetwork, rng: Random) -> None:
    region = rng.choice(list(activation_regions(net)))
    (again,) = activation_regions(net, region.polyhedron)
    assert again.polyhedron == region.polyhedron
    assert (again.pattern, again.gradient) == (region.pattern, region.gradient)


@settings(max_examples=30, deadline=None)
@given(networks(small), generators())
def test_faces_and_points_as_domains(net: ReLUNetwork, rng: Random) -> None:
    region = rng.choice(list(activation_regions(net)))
    (point,) = activation_regions(net, Polyhedron.from_generators([region.vertices[0]]))
    assert point.interior_point == region.vertices[0]
    assert point.pattern == signs_at(net, region.vertices[0])
    body = region.polyhedron
    for *normal, offset in body.inequalities[:2]:
        face = body.intersection(Polyhedron.from_inequalities([], [], ([normal], [offset])))
        (only,) = activation_regions(net, face)
        assert only.polyhedron == face
        assert 0 in {sign for layer in only.pattern for sign in layer}


def test_domain_inside_a_hyperplane() -> None:
    # On y = 0 the first neuron vanishes, and so does the neuron behind it.
    net = ReLUNetwork([([[0, 1], [1, 0]], [0, 0]), ([[1, 0], [1, 1]], [0, -1]), ([[1, 1]], [0])])
    axis = Polyhedron.from_inequalities([], [], ([[0, 1]], [0]))
    regions = {region.pattern: region.vertices for region in activation_regions(net, axis)}
    assert regions == {
        ((0, -1), (0, -1)): ((0, 0),),
        ((0, 1), (0, -1)): ((0, 0), (1, 0)),
        ((0, 1), (0, 1)): ((1, 0),),
    }
