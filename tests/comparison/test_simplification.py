"""simplify: degenerate networks first, then reductions with a known outcome, budgets, files."""

from __future__ import annotations

import pickle
from fractions import Fraction
from random import Random

import pytest

from generators.identities import IDENTITIES, random_affine
from generators.networks import eighths_network, gaussian_network
from generators.pairs import SHARED, load_pair, pair_files
from generators.transformations import TRANSFORMATIONS
from tropnet import (
    Budget,
    InvalidInputError,
    ReLUNetwork,
    Simplification,
    decide_equality,
    load,
    minimal_shallow_network,
    simplify,
)
from tropnet.networks.simplification.steps import Reason


def reduced(net: ReLUNetwork, *architecture: int) -> Simplification:
    """The simplification, which has to have an architecture."""
    simplified = simplify(net)
    assert simplified.network.architecture == architecture
    assert simplified.complete
    assert decide_equality(net, simplified.network).equal
    assert simplified.certificate.check(net, simplified.network)
    return simplified


def reasons(simplified: Simplification) -> list[Reason]:
    return [step.reason for step in simplified.steps]


class TestDegenerate:
    def test_affine_networks_stay(self) -> None:
        for net in (
            ReLUNetwork([([[1, 2]], [3])]),
            ReLUNetwork([([[0, 0], [0, 0]], [0, 0])]),
        ):
            simplified = reduced(net, *net.architecture)
            assert simplified.network is net
            assert simplified.steps == ()

    def test_nothing_but_zeros(self) -> None:
        net = ReLUNetwork([([[0, 0]], [0]), ([[0]], [0]), ([[0], [0]], [0, 5])])
        simplified = reduced(net, 2, 2)
        assert simplified.network((7, 7)) == (0, 5)

    def test_a_constant_behind_layers_that_are_none(self) -> None:
        net = ReLUNetwork(
            [
                ([[1, 0], [0, 1]], [0, 0]),
                ([[-1, -1], [-2, 0]], [-1, 0]),
                ([[1, 1], [2, 1]], [3, -4]),
                ([[2, 1]], [1]),
            ]
        )
        simplified = reduced(net, 2, 1)
        assert simplified.network((1, 1)) == (7,)
        assert Reason.CONSTANT_NETWORK in reasons(simplified)

    def test_zero_rows_and_constants(self) -> None:
        net = ReLUNetwork(
            [([[0, 0], [0, 0], [0, 0], [1, 1]], [-1, 0, 2, 0]), ([[1, 2, 3, 4]], [5])]
        )
        simplified = reduced(net, 2, 1, 1)
        assert simplified.network.layers[1].bias == (11,)
        assert set(reasons(simplified)) == {Reason.SILENT, Reason.CONSTANT}

    def test_one_input_one_neuron(self) -> None:
        net = ReLUNetwork([([[1]], [0]), ([[1]], [0])])
        assert reduced(net, 1, 1, 1).network is net

    def test_duplicates_and_multiples(self) -> None:
        net = ReLUNetwork(
            [([[1, 2], [2, 4], [1, 2], [1, 2]], [1, 2, 1, 3]), ([[1, 1, -1, 1]], [0])]
        )
        simplified = reduced(net, 2, 2, 1)
        assert simplified.network.layers[1].weight == ((2, 1),)
        assert [step.neurons for step in simplified.steps] == [(1, 2)]

    def test_parallel_hyperplanes_stay(self) -> None:
        net = ReLUNetwork([([[1, 1]] * 3, [0, 1, 2]), ([[1, 1, 1]], [0])])
        assert reduced(net, 2, 3, 1).network is net

    def test_lines_in_every_region(self) -> None:
        """A first layer that reads one direction only."""
        net = ReLUNetwork(
            [
                ([[1, 1, 0], [-1, -1, 0], [2, 2, 0]], [0, 0, -2]),
                ([[1, 1, 0], [1, 0, -1]], [0, 0]),
                ([[1, 1]], [0]),
            ]
        )
        assert reduced(net, 3, 3, 2, 1).network is net

    def test_bias_free(self) -> None:
        """A deep neuron that vanishes where it does not act."""
        net = ReLUNetwork(
            [
                ([[1, 0], [-1, 0], [0, 1]], [0] * 3),
                ([[1, 1, 1], [-1, -1, 0]], [0, 0]),
                ([[1, 1]], [0]),
            ]
        )
        simplified = reduced(net, 2, 3, 1)
        assert Reason.SILENT in reasons(simplified)

    def test_huge_and_tiny_weights(self) -> None:
        big = Fraction(2) ** 300
        net = ReLUNetwork([([[big], [-1 / big], [1]], [0, 0, 1]), ([[1 / big, big, 0]], [0])])
        reduced(net, 1, 2, 1)

    def test_no_network(self) -> None:
        with pytest.raises(InvalidInputError, match="net: expected a ReLUNetwork, got str"):
            simplify("net")  # type: ignore[arg-type]


class TestKnown:
    def test_affine_pairs_leave_an_affine_network(self) -> None:
        """relu(x) − relu(−x) = x."""
        net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
        simplified = reduced(net, 1, 1)
        assert simplified.network == ReLUNetwork([([[1]], [0])])
        assert reasons(simplified) == [Reason.AFFINE_LAYER]

    def test_an_affine_dependence_on_all_of_space_only(self) -> None:
        """relu(x − relu(x)) is 0, though no weight shows it."""
        net = ReLUNetwork(
            [
                ([[1], [-1], [1]], [0, 0, 5]),
                ([[0, 1, 0], [-1, 0, 1], [0, 1, 1]], [1, 0, 0]),
                ([[1, 2, 4]], [0]),
            ]
        )
        reduced(net, 1, 3, 1)

    def test_maxima_in_another_order(self) -> None:
        """max(a, max(b, c)) − max(max(a, b), c) = 0 takes no hidden layer."""
        rng = Random(5)
        for name in sorted(IDENTITIES):
            f, g = IDENTITIES[name](*(random_affine(2, rng) for _ in range(3)))
            reduced(f - g, 2, 1)

    def test_a_neuron_that_only_deeper_weights_make_useless(self) -> None:
        """relu(relu(x) − 5 relu(−x) − 1): then relu(x − 1) in one layer."""
        net = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, -5]], [-1]), ([[1]], [0])])
        simplified = reduced(net, 1, 1, 1)
        assert reasons(simplified) == [Reason.IRRELEVANT, Reason.ACTIVE_WHERE_RELEVANT]
        assert simplified.steps[0].neurons == (1,)

    def test_neurons_that_are_always_active_are_bundled(self) -> None:
        """The next layer reads three of them through one sum; no layer can go."""
        net = ReLUNetwork(
            [
                ([[1, 0], [0, 1], [1, 1]], [0, 0, -1]),
                ([[1, 2, 0], [0, 1, 0], [1, 0, 1], [1, -2, 1]], [1, 0, 2, 0]),
                ([[1, 2, 3, 1], [2, 4, 6, -1]], [0, 0]),
            ]
        )
        simplified = reduced(net, 2, 3, 2, 2)
        assert set(reasons(simplified)) <= {Reason.BUNDLED, Reason.OPPOSITE}

    def test_one_hidden_layer_is_as_narrow_as_can_be(self) -> None:
        """Two outputs, three hyperplanes read on both sides: two of them are enough."""
        net = ReLUNetwork(
            [
                (
                    [[0, -1, -1], [0, 1, 0], [-1, 0, 0], [0, 1, 1], [0, -1, 0], [1, 0, 0]],
                    [-1, 0, -1, 1, 0, 1],
                ),
                ([[-1, 1, 1, -1, -1, -1], [-1, -1, 1, -1, 1, 1]], [0, 0]),
            ]
        )
        simplified = reduced(net, 3, 5, 2)
        assert reasons(simplified) == [Reason.SHALLOW]
        assert minimal_shallow_network(net).width == 5

    def test_steps_say_what_they_did(self) -> None:
        net = ReLUNetwork([([[1], [2], [-1], [1]], [0, 0, 0, 1]), ([[1, 1, 0, 1]], [0])])
        simplified = reduced(net, 1, 2, 1)
        assert [str(step) for step in simplified.steps] == [
            "layer 1, neuron 2: nothing reads it",
            "layer 1, neuron 1: a positive multiple of another neuron of its layer",
        ]
        assert repr(simplified) == "<Simplification 1-4-1 to 1-2-1>"
        assert pickle.loads(pickle.dumps(simplified)).network == simplified.network

    def test_generic_networks_stay(self) -> None:
        for net in (gaussian_network((2, 8, 1)), eighths_network((2, 4, 3), Random(2))):
            assert reduced(net, *net.architecture).network is net

    def test_the_result_does_not_depend_on_the_budget_that_was_not_used_up(self) -> None:
        net = TRANSFORMATIONS["hidden_zero"](eighths_network((2, 3, 2, 1), Random(1)), Random(1))
        limited = simplify(net, budget=Budget(regions=10**6))
        assert limited == simplify(net)
        assert 0 < limited.regions < 10**6


class TestBudget:
    NET = ReLUNetwork(
        [
            ([[1, 0], [0, 1], [1, 1], [0, 0]], [0, 0, -1, -1]),
            ([[1, 1, -2, 0], [1, -3, 1, 0], [-1, -1, 0, 0]], [0, 1, 0]),
            ([[1, 1, 1]], [0]),
        ]
    )

    def test_what_was_not_looked_at_is_said(self) -> None:
        net = self.NET
        simplified = simplify(net, budget=Budget(regions=0))
        assert not simplified.complete
        assert simplified.network.architecture == (2, 3, 2, 1)
        assert "layer 2, neurons 0, 1: ever active?" in map(str, simplified.open_questions)
        assert simplified.regions == 0
        assert "questions open>" in repr(simplified)
        assert decide_equality(net, simplified.network).equal
        assert simplify(net).complete

    def test_a_larger_budget_leaves_fewer_questions(self) -> None:
        net = gaussian_network((3, 10, 10, 1))
        counts = [
            len(simplify(net, budget=Budget(regions=n)).open_questions) for n in (0, 64, 10**5)
        ]
        assert counts == sorted(counts, reverse=True)
        assert counts[-1] == 0 < counts[0]

    def test_time_ends_it(self) -> None:
        simplified = simplify(gaussian_network((4, 12, 12, 1)), budget=Budget(seconds=0))
        assert not simplified.complete

    def test_progress(self) -> None:
        counts: list[int] = []
        simplified = simplify(gaussian_network((2, 8, 8, 1)), progress=counts.append)
        assert counts[-1] == simplified.regions > 0


class TestFiles:
    @pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is absent")
    def test_a_trained_controller(self) -> None:
        pytest.importorskip("onnx", reason="onnx (the extra onnx) is not installed")
        net = load(SHARED / "networks" / "single_pendulum.onnx")
        simplified = simplify(net)
        assert simplified.complete
        assert [str(step) for step in simplified.steps] == ["layer 2, neuron 6: never active"]
        assert simplified.network.architecture == (2, 25, 24, 1)

    @pytest.mark.exhaustive
    @pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is absent")
    @pytest.mark.parametrize(
        ("file", "widths"),
        [("vcas1", (20, 20, 19, 18, 13)), ("acasxu_1_1", (50,) * 6), ("unicycle", (500, 2))],
    )
    def test_collision_avoidance_and_control(self, file: str, widths: tuple[int, ...]) -> None:
        pytest.importorskip("onnx", reason="onnx (the extra onnx) is not installed")
        simplified = simplify(load(SHARED / "networks" / f"{file}.onnx"))
        assert simplified.complete
        assert simplified.network.architecture[1:-1] == widths
        assert {step.reason for step in simplified.steps} <= {Reason.SILENT}

    @pytest.mark.exhaustive
    @pytest.mark.skipif(not SHARED.is_dir(), reason="the folder ../shared is absent")
    @pytest.mark.parametrize("architecture", ["2-4-1", "2-4-4-1", "2-16-1", "3-8-8-1"])
    def test_pairs_stay_equal_or_different(self, architecture: str) -> None:
        for file in pair_files(architecture=architecture):
            pair = load_pair(file)
            f, g = simplify(pair.f).network, simplify(pair.g).network
            assert decide_equality(pair.f, f).equal
            assert decide_equality(f, g).equal == pair.equal


def test_what_is_always_active_may_no_longer_be_without_an_irrelevant_neuron() -> None:
    """x + 2y = (y − x) + (2x + y), so the second layer's first neuron needs the third input."""
    first = ([[1, 2], [-1, 1], [2, 1]], [0, 0, 0])
    net = ReLUNetwork([first, ([[-1, 1, 1], [-1, -1, 1]], [0, 0]), ([[1, -1]], [0])])
    simplified = simplify(net)
    assert decide_equality(net, simplified.network).equal
    assert simplified.network.architecture == (2, 2, 1, 1)
