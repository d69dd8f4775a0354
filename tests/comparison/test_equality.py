"""decide_equality on pairs with known answers and degenerate input, and its proofs."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.known_identities import IDENTITIES
from generators.differences import DIFFERENCES, last_place, scrambled_partner
from generators.networks import eighths_network
from generators.pairs import SHARED, pair_files, shared_pairs
from generators.strategies import architectures, generators, networks, points, transformed_pairs
from generators.transformations import identity_layer, transformed
from tropnet import (
    Budget,
    BudgetExceededError,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    activation_regions,
    decide_equality,
    random_network,
)
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json

needs_shared = pytest.mark.skipif(
    not pair_files(), reason="the pairs of networks with known answers are not here"
)


def assert_proved(f: ReLUNetwork, g: ReLUNetwork, domain: Polyhedron | None = None) -> None:
    answer = decide_equality(f, g, domain)
    proof = certificate_from_json(certificate_to_json(answer.certificate))
    assert proof == answer.certificate
    assert proof.check(f, g)
    if answer.equal:
        assert proof.claim == "equal"
    else:
        assert answer.witness is not None
        assert f(answer.witness) != g(answer.witness)
        assert domain is None or domain.contains(answer.witness)


def equal_by_regions(f: ReLUNetwork, g: ReLUNetwork, domain: Polyhedron | None = None) -> bool:
    """The second road: all affine pieces of the difference network vanish."""
    if domain is None:
        return all(
            not any(map(any, region.gradient)) and not any(region.constant)
            for region in activation_regions(f - g)
        )
    return all(
        not any((f - g)(point))
        for region in activation_regions(f - g, domain)
        for point in (
            region.interior_point,
            *region.vertices,
            *(
                tuple(a + b for a, b in zip(region.interior_point, direction, strict=True))
                for direction in (*region.rays, *region.lines)
            ),
        )
    )


@needs_shared
@pytest.mark.parametrize("family", ["a", "b", "c", "d", "e", "f", "fi", "fs", "g"])
def test_shared_pairs(family: str) -> None:
    pairs = list(shared_pairs(family))
    assert pairs
    for pair in pairs:
        assert decide_equality(pair.f, pair.g).equal == pair.equal
        assert_proved(pair.f, pair.g)


@needs_shared
def test_proofs_are_checked_in_another_process(tmp_path) -> None:
    """Through the command line, networks and proofs as files."""
    (pair,) = shared_pairs("c", "2-6-6-6-1")
    f, g, proof = tmp_path / "f.json", tmp_path / "g.json", tmp_path / "proof.json"
    pair.f.save(f)
    pair.g.save(g)
    proof.write_text(certificate_to_json(decide_equality(pair.f, pair.g).certificate))
    command = [sys.executable, "-m", "tropnet.cli", "check"]
    assert subprocess.run([*command, proof, f, g], check=False, timeout=60).returncode == 0
    assert subprocess.run([*command, proof, f, f], check=False, timeout=60).returncode == 1


@pytest.mark.parametrize("name", sorted(IDENTITIES))
def test_identities_of_the_theory(name: str) -> None:
    first, *others = IDENTITIES[name]
    for other in others:
        assert decide_equality(first, other).equal
        assert_proved(first, other)
        bent = other + random_network((other.input_width, 1, other.output_width), seed=1)
        assert not decide_equality(first, bent).equal


@settings(max_examples=80, deadline=None)
@given(transformed_pairs())
def test_transformations_keep_the_function(pair: tuple[ReLUNetwork, ReLUNetwork]) -> None:
    assert decide_equality(*pair).equal
    assert_proved(*pair)


@settings(max_examples=80, deadline=None)
@given(architectures(max_hidden=5), st.data())
def test_both_roads_agree(architecture: tuple[int, ...], data: st.DataObject) -> None:
    f = data.draw(networks(st.just(architecture)))
    shape = st.just(
        (architecture[0], *data.draw(st.sampled_from([(), (2,), (2, 2)])), architecture[-1])
    )
    g = data.draw(networks(shape))
    assert decide_equality(f, g).equal == equal_by_regions(f, g)
    assert_proved(f, g)


@settings(max_examples=80, deadline=None)
@given(networks(architectures(max_hidden=4)), st.data())
def test_regions_decide_without_any_luck(net: ReLUNetwork, data: st.DataObject) -> None:
    """No point is tried beforehand, and what is added is often affine or in one variable."""
    n = net.input_width
    slope = data.draw(st.sampled_from([(0,) * n, (1,) + (0,) * (n - 1), (0,) * (n - 1) + (1,)]))
    added = ReLUNetwork([([slope] * net.output_width, [0] * net.output_width)])
    if data.draw(st.booleans()):
        added = added @ ReLUNetwork([([[0] * n] * n, [0] * n)]) + added
    other = transformed(net, data.draw(generators())) + added
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tropnet.comparison.equality.probes", lambda *_: ())
        answer = decide_equality(net, other)
    assert answer.equal == (not any(slope))
    if answer.witness is not None:
        assert net(answer.witness) != other(answer.witness)
    else:
        assert answer.certificate.check(net, other)


@settings(max_examples=40, deadline=None)
@given(networks(architectures(max_hidden=5)), st.data())
def test_differences_that_stay_outside_a_domain(net: ReLUNetwork, data: st.DataObject) -> None:
    """Equal on a polyhedron, of any dimension, and different elsewhere."""
    n = net.input_width
    corners = data.draw(st.lists(points(n), min_size=1, max_size=n + 1))
    rays = data.draw(st.lists(points(n), max_size=2))
    domain = Polyhedron.from_generators(corners, rays)
    normal = data.draw(points(n))
    body = [*domain.vertices, *domain.rays, *domain.lines]
    if any(
        sum(a * x for a, x in zip(normal, ray, strict=True)) for ray in body[len(domain.vertices) :]
    ):
        offset = data.draw(st.fractions(-5, 5, max_denominator=4))
    else:
        offset = max(sum(a * x for a, x in zip(normal, v, strict=True)) for v in domain.vertices)
    beyond = ReLUNetwork(
        [([normal], [-offset]), ([[1]] * net.output_width, [0] * net.output_width)]
    )
    other = net + beyond
    assert decide_equality(net, other, domain).equal == equal_by_regions(net, other, domain)
    assert_proved(net, other, domain)


@pytest.mark.parametrize("name", sorted(DIFFERENCES))
@pytest.mark.parametrize("architecture", [(2, 8, 8, 1), (3, 6, 6, 1), (4, 16, 1), (2, 4, 4, 4, 1)])
def test_hidden_differences_are_found(name: str, architecture: tuple[int, ...]) -> None:
    for seed in range(3):
        net = eighths_network(architecture, Random(seed))
        made = DIFFERENCES[name](net, 1000 + seed)
        for pair in (made, scrambled_partner(made, Random(seed))):
            answer = decide_equality(pair.f, pair.g)
            assert answer.witness is not None
            assert pair.f(answer.witness) != pair.g(answer.witness)


@pytest.mark.parametrize("name", ["near_bump", "low_far_bump", "thin_slab", "far_cone"])
def test_differences_behind_an_identity_that_is_not_formal(name: str) -> None:
    """The difference sits on top of a rewriting that only the regions can see through."""
    first, second = IDENTITIES["maximum of three, in two orders"][:2]
    made = DIFFERENCES[name](second, 7)
    answer = decide_equality(first, made.g)
    assert answer.witness is not None
    assert first(answer.witness) != made.g(answer.witness)


def test_vector_outputs_no_hidden_layers_and_different_depths() -> None:
    affine = ReLUNetwork([([[1, 2], [3, 4]], [5, 6])])
    assert decide_equality(affine, affine).equal
    deep = transformed(identity_layer(affine, Random(0)), Random(1))
    assert deep.depth >= 1
    assert decide_equality(affine, deep).equal
    moved = ReLUNetwork([([[1, 2], [3, 4]], [5, "6.0000001"])])
    assert decide_equality(affine, moved).witness is not None
    assert_proved(affine, moved)


def test_an_answer_is_no_truth_value() -> None:
    net = random_network((1, 2, 1))
    with pytest.raises(TypeError, match="equal"):
        bool(decide_equality(net, net))


def test_bad_input_is_named() -> None:
    net = random_network((2, 2, 1))
    for other, word in (
        (random_network((3, 2, 1)), "inputs"),
        (random_network((2, 2, 2)), "outputs"),
    ):
        with pytest.raises(InvalidInputError, match=word):
            decide_equality(net, other)
    with pytest.raises(InvalidInputError, match="g: expected"):
        decide_equality(net, "net")  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="domain"):
        decide_equality(net, net, Polyhedron.from_inequalities([[1]], [0]))


def test_budget_and_progress() -> None:
    first, second = IDENTITIES["maximum of three, in two orders"][:2]
    reports: list[int] = []
    assert decide_equality(first, second, progress=reports.append).equal
    assert reports[-1] > 2
    with pytest.raises(BudgetExceededError) as stopped:
        decide_equality(first, second, budget=Budget(regions=2))
    assert stopped.value.found == 2
    with pytest.raises(BudgetExceededError):
        decide_equality(first, second, budget=Budget(seconds=0))


@pytest.mark.skipif(not (SHARED / "networks").is_dir(), reason="the trained networks are not here")
class TestTrainedController:
    @pytest.mark.parametrize("seed", [0, 5])
    def test_one_weight_in_its_last_place(self, seed: int) -> None:
        """The difference is seen from a small part of the space, and regions are too many."""
        from tropnet import load

        net = load(SHARED / "networks" / "acasxu_1_1.onnx")
        made = last_place(net, seed)
        answer = decide_equality(made.f, made.g, budget=Budget(regions=2000))
        assert answer.witness is not None
        assert made.f(answer.witness) != made.g(answer.witness)

    def test_rearranged_copy_and_last_place(self) -> None:
        from tropnet import load

        net = load(SHARED / "networks" / "acasxu_1_1.onnx")
        random = Random(3)
        copy = net
        for layer, width in enumerate(net.architecture[1:-1], 1):
            copy = copy.permute(layer, random.sample(range(width), width))
            copy = copy.rescale(layer, [Fraction(random.randint(1, 9), 7) for _ in range(width)])
        answer = decide_equality(net, copy)
        assert answer.equal
        assert answer.certificate.check(net, copy)
        weight, bias = net.layers[3]
        changed = [list(row) for row in weight]
        changed[4][5] += abs(changed[4][5]) / 2**23
        layers = [*net.layers[:3], (changed, bias), *net.layers[4:]]
        assert decide_equality(copy, ReLUNetwork(layers)).witness is not None
