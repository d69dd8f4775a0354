"""Parameters recovered from the break locus and one affine piece."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from generators.networks import sixty_fourths_network
from identifiability.membership import contains
from tropnet import (
    Budget,
    BudgetExceededError,
    InvalidInputError,
    ReLUNetwork,
    TropicalPolynomial,
    break_locus,
    canonical_form,
    decide_equality,
    decide_equivalence,
    functional_dimension,
    is_transversal,
    object_to_json,
    random_network,
    recover_parameters,
    shallow_representations,
)
from tropnet.certificates.budget import Meter
from tropnet.exact import dot
from tropnet.identifiability.recovery.peeling import Peeling
from tropnet.identifiability.visibility import invisible_neurons
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.inner_points import point_in

INSTANCE = ReLUNetwork(
    [
        ([["13/8", "1/4"], ["-11/4", 0], ["3/2", "-19/8"]], ["-5/2", "13/8", 1]),
        (
            [[1, "7/8", "-5/8"], ["3/4", "11/4", "-1/2"], ["-7/4", "-29/8", "9/8"]],
            ["-13/8", "-13/8", "21/4"],
        ),
        ([[1, 1, 1]], ["23/8"]),
    ]
)
"""The 2-3-3-1 network with maximal functional dimension and two orbits."""

POINTS = ((2, 1), (-4, 7), (5, -9), (-8, -3))


def all_visible(net: ReLUNetwork) -> bool:
    """Whether each hidden neuron of two layers vanishes on a facet of the break locus."""
    (first, offsets), (second, constants), _ = net.layers
    seen: set[tuple[int, int]] = set()
    for facet in break_locus(net).canonical().facets:
        common: set[tuple[int, int]] | None = None
        for choice in (1, 2, 3):
            point = point_in(facet.polyhedron, choice)
            z = [dot(row, point) + bias for row, bias in zip(first, offsets, strict=True)]
            active = [max(value, Fraction(0)) for value in z]
            y = [dot(row, active) + bias for row, bias in zip(second, constants, strict=True)]
            here = {(k, i) for k, layer in enumerate((z, y)) for i, v in enumerate(layer) if not v}
            common = here if common is None else common & here
        seen |= common or set()
    return len(seen) == net.hidden_neuron_count


def check_recovery(net: ReLUNetwork) -> int:
    """Checks what is recovered from a visible transversal network; the number of components."""
    found = recover_parameters(net, net.architecture)
    gap = functional_dimension(net)
    for component in found.components:
        assert decide_equality(net, component.network).equal
        dimension = functional_dimension(component.network)
        assert component.dimension == dimension.upper_bound - dimension.lower_bound
        for vertex in component.parameters.vertices[:4] if component.dimension else ():
            half = [entry / 2 for entry in vertex]
            assert decide_equality(net, component.member(half)).equal
    for one in found.networks:
        assert sum(decide_equivalence(one, other).equivalent for other in found.networks) == 1
    (own,) = (component for component in found.components if contains(component, net))
    assert own.dimension == gap.upper_bound - gap.lower_bound
    return len(found)


@pytest.mark.parametrize(
    ("net", "components"),
    [
        (
            ReLUNetwork(
                [([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])]
            ),
            2,
        ),
        (
            ReLUNetwork(
                [([[1, 0], [0, 1]], [0, 0]), ([[2, 3], [2, 3]], [-1, -2]), ([[1, -1]], [0])]
            ),
            2,
        ),
        (
            ReLUNetwork(
                [([[1, 0], [1, 1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[1, 1]], [0])]
            ),
            4,
        ),
        (INSTANCE, 2),
    ],
)
def test_known_functions(net: ReLUNetwork, components: int) -> None:
    assert check_recovery(net) == components
    # From the break locus and one affine piece alone.
    X = break_locus(net).canonical()
    point = tuple(Fraction(k + 5, 7) for k in range(net.input_width))
    step = [tuple(p + Fraction(i == k, 10**6) for i, p in enumerate(point)) for k in range(2)]
    value = net(point)[0]
    gradient = [(net(moved)[0] - value) * 10**6 for moved in step]
    f = X.to_function(gradient, value - dot(gradient, point), at=point)
    assert decide_equality(f, net).equal
    again = recover_parameters(f, net.architecture)
    assert len(again) == components
    for one in again.networks:
        assert decide_equality(one, net).equal


@pytest.mark.parametrize("row", [(-4, 3, 6, 6, -7), (-5, 1, 6, 1, 6)])
def test_a_zero_set_through_the_corner_of_a_family(row: tuple[int, ...]) -> None:
    """A second-layer neuron that is 0 where three planes meet, and off where x > 0."""
    hidden = ([[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 1, 1]], [0, 0, 0, 1])
    second = ([[-3, -3, -4, 1], row[:4]], [-1, row[4]])
    net = ReLUNetwork([hidden, second, ([[1, 1]], [0])])
    assert all_visible(net)
    assert is_transversal(net).transversal
    (component,) = recover_parameters(net, net.architecture).components
    assert component.dimension == 1
    assert check_recovery(net) == 1


def visible_networks(shapes: tuple[tuple[int, ...], ...], seeds: range) -> list[ReLUNetwork]:
    nets = (sixty_fourths_network(shape, seed) for shape in shapes for seed in seeds)
    return [net for net in nets if is_transversal(net).transversal and all_visible(net)]


PLANE = ((2, 2, 1, 1), (2, 2, 2, 1), (2, 3, 2, 1), (2, 3, 3, 1))
SPACE = ((3, 2, 2, 1), (3, 3, 2, 1))


def test_random_networks() -> None:
    nets = visible_networks(PLANE, range(6)) + visible_networks(SPACE, range(2))
    assert len(nets) > 12
    for net in nets:
        assert check_recovery(net)


@pytest.mark.exhaustive
def test_many_random_networks() -> None:
    shapes = (*PLANE, (2, 4, 2, 1), (2, 4, 3, 1), (2, 5, 3, 1), (2, 4, 4, 1), (2, 6, 2, 1))
    nets = visible_networks(shapes, range(60)) + visible_networks((*SPACE, (3, 3, 3, 1)), range(12))
    assert len(nets) >= 300
    for net in nets:
        assert check_recovery(net)


SMALL = ((2, 2, 1, 1), (2, 2, 2, 1))
LARGER = ((2, 3, 1, 1), (2, 3, 2, 1), (3, 2, 1, 1), (3, 2, 2, 1), (3, 3, 1, 1))


@pytest.mark.parametrize(
    ("shapes", "tries"),
    [
        (SMALL, 400),
        (LARGER, 120),
        pytest.param(SMALL, 6000, marks=pytest.mark.exhaustive),
        pytest.param(LARGER, 3000, marks=pytest.mark.exhaustive),
    ],
)
def test_nothing_is_missed_among_small_integer_networks(
    shapes: tuple[tuple[int, ...], ...], tries: int
) -> None:
    """Networks with equal functions, grouped: each of them is recovered from any other."""
    random = Random(1)
    points = [(Fraction(a, 3), Fraction(b, 5), Fraction(a + b, 7)) for a, b in POINTS]
    groups: dict[Any, dict[ReLUNetwork, ReLUNetwork]] = defaultdict(dict)
    for _ in range(tries):
        shape = random.choice(shapes)
        layers = [
            (
                [[random.choice((-1, 1, 0, 1, -1, 2)) for _ in range(a)] for _ in range(b)],
                [random.choice((-1, 0, 1)) for _ in range(b)],
            )
            for a, b in pairwise(shape)
        ]
        net = ReLUNetwork([*layers[:-1], (layers[-1][0], [0])])
        if is_transversal(net).transversal and all_visible(net):
            key = shape, tuple(net(point[: shape[0]]) for point in points)
            groups[key].setdefault(canonical_form(net).network, net)
    for group in groups.values():
        nets = list(group.values())
        found = recover_parameters(nets[0], nets[0].architecture)
        for net in nets:
            if decide_equality(net, nets[0]).equal:
                assert sum(contains(component, net) for component in found.components) == 1
        for component in found.components:
            assert decide_equality(component.network, nets[0]).equal


@pytest.mark.parametrize("seed", range(6))
def test_one_hidden_layer(seed: int) -> None:
    for shape in ((2, 4, 1), (3, 5, 1), (1, 3, 1), (2, 3, 2)):
        net = random_network(shape, seed)
        found = recover_parameters(net, shape)
        assert any(decide_equivalence(net, other).equivalent for other in found.networks)
        assert len(found) == shallow_representations(net).count.isolated
    flip = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    assert len(recover_parameters(flip, (2, 3, 1))) == 2
    assert len(recover_parameters(flip, (2, 4, 1))) == 0


@pytest.mark.parametrize("shape", [(2, 3, 2, 2), (2, 2, 2, 3), (3, 2, 2, 2), (1, 2, 2, 1)])
def test_several_outputs_and_one_input(shape: tuple[int, ...]) -> None:
    nets = visible_networks((shape,), range(10))
    assert len(nets) > 1
    for net in nets:
        assert check_recovery(net)


@pytest.mark.parametrize("shape", [(2, 3, 2, 1), (2, 3, 3, 1), (3, 2, 2, 1), (2, 3, 2, 2)])
def test_peeling_finds_the_isolated_networks(shape: tuple[int, ...]) -> None:
    """Two roads: layer by layer, and all equations of two hidden layers at once."""
    for net in visible_networks((shape,), range(8)):
        peeling = Peeling(net, BendGraph(break_locus(net)), shape, Meter(None, None))
        nets = list(peeling.networks())
        found = recover_parameters(net, shape)
        for one in nets:
            assert decide_equality(one, net).equal
            assert any(decide_equivalence(one, other).equivalent for other in found.networks)
        if not peeling.unclear:
            assert len(nets) == len(found)


def check_three_hidden_layers(shape: tuple[int, ...], seeds: range | tuple[int, ...]) -> int:
    """Checks what is recovered, and counts the networks where that is complete."""
    complete = 0
    for seed in seeds:
        net = sixty_fourths_network(shape, seed)
        if not is_transversal(net).transversal or invisible_neurons(net):
            continue
        found = recover_parameters(net, shape)
        assert found.complete == (found.reason is None)
        own = [decide_equivalence(net, other).equivalent for other in found.networks]
        assert all(decide_equality(net, other).equal for other in found.networks)
        assert sum(own) <= 1
        if found.complete:
            assert own == [True]
            complete += 1
        else:
            assert "hidden layer" in str(found.reason)
    return complete


def test_three_hidden_layers() -> None:
    assert check_three_hidden_layers((2, 3, 3, 2, 1), (0, 4, 49)) == 1
    assert check_three_hidden_layers((2, 4, 4, 2, 1), (14, 15, 21)) == 2


@pytest.mark.exhaustive
def test_many_networks_with_three_hidden_layers() -> None:
    shapes = ((2, 3, 3, 2, 1), (2, 4, 4, 2, 1), (2, 3, 3, 2, 2))
    assert sum(check_three_hidden_layers(shape, range(60)) for shape in shapes) > 3


def test_no_hidden_layer() -> None:
    affine = ReLUNetwork([([[1, 2], [0, "1/2"]], [3, 4])])
    (network,) = recover_parameters(affine, (2, 2)).networks
    assert network == affine
    assert len(recover_parameters(TropicalPolynomial([[0, 0], [1, 0]], [0, 0]), (2, 1))) == 0


def test_degenerate_functions() -> None:
    constant = ReLUNetwork([([[0, 0]], [1])])
    assert len(recover_parameters(constant, (2, 2, 2, 1))) == 0
    assert len(recover_parameters(TropicalPolynomial([[1, 2]], [0]), (2, 1, 1, 1))) == 0
    line = ReLUNetwork([([[1], [1]], [0, 1]), ([[1, -1]], [0])])
    assert len(recover_parameters(line, (1, 2, 2, 1))) == 0
    maximum = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    assert len(recover_parameters(maximum, (2, 1, 1, 1))) == 0
    for net in recover_parameters(maximum, (2, 2, 1, 1)).networks:
        assert decide_equality(net, maximum).equal


def test_bad_input() -> None:
    net = random_network((2, 2, 2, 1))
    with pytest.raises(InvalidInputError, match="architecture"):
        recover_parameters(net, (3, 2, 2, 1))
    with pytest.raises(InvalidInputError, match="f"):
        recover_parameters("f", (2, 2, 1))  # type: ignore[arg-type]
    crossing = ReLUNetwork([([[1, 0], [0, 1], [1, 1], [1, -1]], [0, 1, 2, 4]), ([[1] * 4], [0])])
    with pytest.raises(BudgetExceededError):
        recover_parameters(crossing, (2, 2, 2, 1), budget=Budget(regions=1))


def test_in_a_fresh_process_from_json(tmp_path: Any) -> None:
    """Only the break locus and one affine piece reach the other process."""
    X = break_locus(INSTANCE).canonical()
    path = tmp_path / "complex.json"
    path.write_text(object_to_json(X), encoding="utf-8")
    point = (Fraction(5), Fraction(7))
    region = next(r for r in INSTANCE.affine_cells() if r.polyhedron.contains(point))
    gradient, constant = [str(entry) for entry in region.gradient[0]], str(region.constant[0])
    script = f"""
import sys
from tropnet import object_from_json, recover_parameters
X = object_from_json(open(sys.argv[1], encoding="utf-8").read())
f = X.to_function({gradient}, "{constant}", at=(5, 7))
for net in recover_parameters(f, (2, 3, 3, 1)).networks:
    net.save(sys.argv[2] + f"/{{hash(net)}}.json")
"""
    subprocess.run([sys.executable, "-c", script, path, tmp_path], check=True)
    from tropnet import load

    nets = [load(file) for file in tmp_path.glob("*.json") if file != path]
    assert len(nets) == 2
    assert sum(decide_equivalence(net, INSTANCE).equivalent for net in nets) == 1
    assert all(decide_equality(net, INSTANCE).equal for net in nets)
