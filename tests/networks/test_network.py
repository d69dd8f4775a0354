"""ReLUNetwork: what it accepts, what it computes, and what nobody can change."""

from __future__ import annotations

import pickle
from copy import copy, deepcopy
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import flint
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, coordinates, generators, networks, points
from tropnet import InvalidInputError, ReLUNetwork, from_arrays, random_network

Vector = tuple[Fraction, ...]

NET = ReLUNetwork([([[1, -1], ["1/2", 0.25]], [0, 1]), ([[2, -3]], ["1/3"])])
LINE = ReLUNetwork([([[2], [-1]], [0, "1/2"]), ([[1, 1]], [0])])


def forward(net: ReLUNetwork, x: Vector) -> Vector:
    """The definition, in plain fractions."""
    values = list(x)
    for number, (weight, bias) in enumerate(net.layers):
        values = [
            sum((w * v for w, v in zip(row, values, strict=True)), b)
            for row, b in zip(weight, bias, strict=True)
        ]
        if number < net.depth:
            values = [max(value, Fraction(0)) for value in values]
    return tuple(values)


@st.composite
def networks_with_point(draw: st.DrawFn, count: int = 1) -> tuple[list[ReLUNetwork], Vector]:
    """Networks of equal widths and any depths, and a point."""
    inputs, outputs = draw(st.integers(1, 3)), draw(st.integers(1, 2))
    hidden = st.lists(st.integers(1, 3), max_size=3)
    nets = [
        draw(networks(hidden.map(lambda widths: (inputs, *widths, outputs)))) for _ in range(count)
    ]
    return nets, draw(points(inputs))


class TestEvaluation:
    @settings(max_examples=120, deadline=None)
    @given(networks(), st.data())
    def test_is_the_forward_pass(self, net: ReLUNetwork, data: st.DataObject) -> None:
        x = data.draw(points(net.input_width))
        value = net(x)
        assert value == forward(net, x)
        assert len(value) == net.output_width == net.architecture[-1]
        assert all(type(entry) is Fraction for entry in value)

    @settings(max_examples=40, deadline=None)
    @given(networks(), generators())
    def test_at_coordinates_and_weights_of_wild_size(self, net: ReLUNetwork, rng: Random) -> None:
        def wild(entry: Fraction) -> Fraction:
            return entry * Fraction(rng.choice((1, 3, 7))) ** rng.choice((-300, 0, 0, 300))

        wild_net = ReLUNetwork(
            ([[wild(entry) for entry in row] for row in weight], [wild(entry) for entry in bias])
            for weight, bias in net.layers
        )
        x = tuple(wild(Fraction(rng.randint(-3, 3), 5)) for _ in range(net.input_width))
        assert wild_net(x) == forward(wild_net, x)

    @pytest.mark.parametrize(
        "x",
        [[3, 1], (3, 1), range(3, 0, -2), np.array([3.0, 1.0]), np.array([3, 1], dtype=np.int8),
         ["3", "1.0"], [Decimal(3), sympy.Integer(1)], [flint.fmpq(3), np.float32(1)],
         np.array(["3", "1"]), sympy.Tuple(3, 1)],
        ids=lambda x: f"{type(x).__name__} of {type(x[0]).__name__}",
    )  # fmt: skip
    def test_point_of_every_kind(self, x: Any) -> None:
        assert NET(x) == (Fraction(-47, 12),)

    @pytest.mark.parametrize(
        "x", [3, "3", "6/2", 3.0, np.float32(3), np.int64(3), np.array(3), Fraction(3),
              Decimal(3), sympy.Integer(3), flint.fmpz(3), [3], np.array([3])],
        ids=lambda x: type(x).__name__,
    )  # fmt: skip
    def test_bare_number_for_one_input(self, x: Any) -> None:
        assert LINE(x) == (6,)

    @pytest.mark.parametrize(
        ("x", "message"),
        [
            ([], r"^x: 0 coordinates for a network with 2 inputs$"),
            ([1], r"^x: 1 coordinates"),
            (3, r"^x: 1 coordinates"),
            ("1/2", r"^x: 1 coordinates"),
            ([1, 2, 3], r"^x: 3 coordinates"),
            ([1, float("nan")], r"^x\[1\]: nan is not a finite number$"),
            ([float("inf"), 1], r"^x\[0\]: inf is not a finite number$"),
            ([True, 1], r"^x\[0\]: expected a number, got the boolean True$"),
            ([1, 1j], r"^x\[1\]: 1j of type complex"),
            ([[1, 2]], r"^x\[0\]: "),
            (np.array([[1, 2], [3, 4]]), r"^x\[0\]: "),
            ({1, 2}, r"^x: expected a sequence"),
            ({1: 2, 3: 4}, r"^x: expected a sequence"),
            (None, r"^x\[0\]: None"),
            (b"12", r"^x\[0\]: b'12'"),
        ],
    )
    def test_what_is_no_point(self, x: Any, message: str) -> None:
        with pytest.raises(InvalidInputError, match=message):
            NET(x)


class TestArithmetic:
    @settings(max_examples=80, deadline=None)
    @given(networks_with_point(2), coordinates())
    def test_is_pointwise(self, given: tuple[list[ReLUNetwork], Vector], k: Fraction) -> None:
        (f, g), x = given
        left, right = forward(f, x), forward(g, x)
        both = list(zip(left, right, strict=True))
        assert (f + g)(x) == tuple(a + b for a, b in both)
        assert (f - g)(x) == tuple(a - b for a, b in both)
        assert (-f)(x) == tuple(-a for a in left)
        assert (k * f)(x) == (f * k)(x) == tuple(k * a for a in left)
        assert (f + g).depth == max(f.depth, g.depth)
        assert (f + g).architecture[0] == f.input_width
        assert (f - f)(x) == (0 * f)(x) == (0,) * f.output_width

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_composition(self, data: st.DataObject) -> None:
        middle = data.draw(st.integers(1, 3))
        widths = architectures(max_hidden=5, max_outputs=1)
        inner = data.draw(networks(widths.map(lambda w: (*w[:-1], middle))))
        outer = data.draw(networks(widths.map(lambda w: (middle, *w[1:]))))
        x = data.draw(points(inner.input_width))
        composed = outer @ inner
        assert composed(x) == forward(outer, forward(inner, x))
        assert composed.depth == outer.depth + inner.depth

    @pytest.mark.parametrize("depths", [(0, 0), (0, 1), (0, 3), (1, 0), (3, 1), (2, 2)])
    def test_depths_that_differ(self, depths: tuple[int, int]) -> None:
        f, g = (random_network((2, *[3] * depth, 2), seed=depth) for depth in depths)
        for x in ((0, 0), (3, "-1/2"), (-7, 100)):
            expected = tuple(a - b for a, b in zip(f(x), g(x), strict=True))
            assert (f - g)(x) == expected
        assert (f + g).depth == (g + f).depth == max(depths)

    @pytest.mark.parametrize(
        "factor",
        [3, "1/3", Decimal("0.1"), 0.1, np.float32(0.1), np.float64(0.1), np.int8(3),
         np.longdouble(1) / 3, np.array(0.5), sympy.Rational(1, 3), flint.fmpq(1, 3),
         flint.fmpz(3), Fraction(1, 3), 0, -2],
        ids=lambda k: type(k).__name__,
    )  # fmt: skip
    def test_factor_of_every_kind_from_both_sides(self, factor: Any) -> None:
        exact = from_arrays([[[factor]]], [[0]])(1)[0]
        for scaled in (factor * NET, NET * factor):
            assert type(scaled) is ReLUNetwork
            assert scaled.layers[:-1] == NET.layers[:-1]
            assert scaled.layers[-1].weight == ((2 * exact, -3 * exact),)

    @pytest.mark.parametrize("factor", [float("nan"), float("-inf"), True, np.True_, 1j, "abc"])
    def test_factors_that_are_no_numbers(self, factor: Any) -> None:
        with pytest.raises((InvalidInputError, TypeError)):
            factor * NET
        with pytest.raises((InvalidInputError, TypeError)):
            NET * factor

    @pytest.mark.parametrize("other", [None, [1, 2], np.array([1, 2]), np.ones((2, 2))])
    def test_arrays_are_not_broadcast(self, other: Any) -> None:
        for operation in (
            lambda: NET * other,
            lambda: other * NET,
            lambda: NET + other,
            lambda: other - NET,
            lambda: other @ NET,
            lambda: NET @ other,
        ):
            with pytest.raises((InvalidInputError, TypeError)):
                operation()

    @pytest.mark.parametrize("other", [1, 0.5, "1", None, Fraction(1)])
    def test_sum_with_a_number_is_a_type_error(self, other: Any) -> None:
        for operation in (lambda: NET + other, lambda: other - NET, lambda: NET @ other):
            with pytest.raises(TypeError):
                operation()

    def test_shapes_that_differ(self) -> None:
        other = random_network((3, 2, 1))
        for operation, message in (
            (lambda: NET + other, r"^\+: the networks have 2 and 3 inputs$"),
            (lambda: NET - random_network((2, 2)), r"^-: the networks have 1 and 2 outputs$"),
            (
                lambda: NET @ other,
                r"^@: the inner network has 1 outputs but .* takes 2 inputs$",
            ),
        ):
            with pytest.raises(InvalidInputError, match=message):
                operation()


class TestSymmetries:
    @settings(max_examples=60, deadline=None)
    @given(networks_with_point(), generators())
    def test_preserve_the_function(
        self, given: tuple[list[ReLUNetwork], Vector], rng: Random
    ) -> None:
        (net,), x = given
        if not net.depth:
            return
        layer = rng.randint(1, net.depth)
        width = net.architecture[layer]
        order = rng.sample(range(width), width)
        factors = [Fraction(rng.randint(1, 9), rng.choice((1, 7, 2**130))) for _ in range(width)]
        permuted, rescaled = net.permute(layer, order), net.rescale(layer, factors)
        assert permuted(x) == rescaled(x) == forward(net, x)
        assert permuted.architecture == rescaled.architecture == net.architecture
        inverse = sorted(range(width), key=order.__getitem__)
        assert permuted.permute(layer, inverse) == net
        assert rescaled.rescale(layer, [1 / factor for factor in factors]) == net
        for i, old in enumerate(order):
            assert permuted.layers[layer - 1].weight[i] == net.layers[layer - 1].weight[old]
            assert rescaled.layers[layer - 1].bias[i] == factors[i] * net.layers[layer - 1].bias[i]

    @pytest.mark.parametrize(
        "order", [(0,), (0, 0), (1, 2), (0, 1, 2), (-1, 0), (1.0, 0.0), (0, "a"), "01", None, 5]
    )
    def test_not_a_permutation(self, order: Any) -> None:
        with pytest.raises(InvalidInputError, match=r"^order: "):
            NET.permute(1, order)

    @pytest.mark.parametrize("layer", [0, 2, -1, True, 1.0, "1", None])
    def test_not_a_hidden_layer(self, layer: Any) -> None:
        for change in (lambda: NET.permute(layer, (0, 1)), lambda: NET.rescale(layer, (1, 1))):
            with pytest.raises(InvalidInputError, match=r"^layer: .* this network has 1$"):
                change()

    def test_numpy_integers_will_do(self) -> None:
        expected = NET.permute(1, (1, 0))
        assert NET.permute(np.int64(1), np.array([1, 0])) == expected
        assert all(type(entry) is Fraction for entry in expected.layers[0].bias)

    @pytest.mark.parametrize(
        "factors", [(1,), (1, 1, 1), (0, 1), (1, -1), (1, float("inf")), (1, True), ("x", 1), 5]
    )
    def test_not_positive_factors(self, factors: Any) -> None:
        with pytest.raises(InvalidInputError, match=r"^factors"):
            NET.rescale(1, factors)


class TestConstruction:
    @pytest.mark.parametrize(
        ("layers", "message"),
        [
            ([], r"^layers: a network needs at least one layer$"),
            (None, r"^layers: expected a sequence of pairs"),
            ("abc", r"^layers: expected a sequence of pairs"),
            ({1: 2}, r"^layers: expected a sequence of pairs"),
            ({(((1,),), (0,)), (((2,),), (0,))}, r"^layers: expected a sequence of pairs"),
            ([5], r"^layer 1: expected a pair"),
            (["ab"], r"^layer 1: expected a pair"),
            ([([[1]], [0], "relu")], r"^layer 1: expected a pair"),
            ([([[1]], [0]), ([[1]],)], r"^layer 2: expected a pair"),
            ([([], [])], r"^layer 1: no rows"),
            ([(np.zeros((0, 2)), [])], r"^layer 1: no rows"),
            ([([[]], [0])], r"^layer 1: no columns"),
            ([([[1]], [0]), (np.zeros((2, 0)), [0, 0])], r"^layer 2: no columns"),
            ([([[1]], [0]), ([], [])], r"^layer 2: no rows"),
            ([([[1, 2]], [0]), ([[1], [2, 3]], [0, 0])], r"^layer 2: weight: row 1 has 2 entries"),
            ([([[1, 2]], [0, 0])], r"^layer 1: 1 rows of weights but 2 biases$"),
            ([([[1, 2]], [])], r"^layer 1: 1 rows of weights but 0 biases$"),
            ([([[1]], [0]), ([[1, 2]], [0])],
             r"^layer 2: takes 2 inputs but layer 1 has 1 outputs$"),
            ([([[1], [1]], [0, 0]), ([[1]], [0])], r"^layer 2: takes 1 inputs but layer 1 has 2"),
            ([([[float("nan")]], [0])], r"^layer 1: weight\[0\]\[0\]: nan is not a finite number$"),
            ([([[1]], [0]), ([[1]], [float("inf")])], r"^layer 2: bias\[0\]: inf is not"),
            ([(np.array([[1, np.inf]]), [0])], r"^layer 1: weight\[0\]\[1\]: inf is not"),
            ([([[True]], [0])], r"^layer 1: weight\[0\]\[0\]: expected a number, got the boolean"),
            ([(np.array([[True]]), [0])], r"^layer 1: weight\[0\]\[0\]: .* boolean"),
            ([([[1]], ["a"])], r"^layer 1: bias\[0\]: cannot read 'a'"),
            ([([[1j]], [0])], r"^layer 1: weight\[0\]\[0\]: 1j of type complex"),
            ([([1, 2], [0])], r"^layer 1: weight\[0\]: expected a sequence of numbers, got 1$"),
            ([([[1]], 0)], r"^layer 1: bias: expected a sequence of numbers, got 0$"),
            ([(np.zeros((1, 2)), np.zeros((1, 1)))], r"^layer 1: bias\[0\]: "),
            ([(np.zeros((1, 2, 2)), [0])], r"^layer 1: weight\[0\]\[0\]: "),
        ],
    )  # fmt: skip
    def test_errors_name_the_layer(self, layers: Any, message: str) -> None:
        with pytest.raises(InvalidInputError, match=message) as caught:
            ReLUNetwork(layers)
        assert "\n" not in str(caught.value)

    def test_every_kind_of_container(self) -> None:
        rows, bias = [[1, "1/2"], [0.25, -3]], [0, 1]
        expected = ReLUNetwork([(rows, bias)])
        array = np.array([[1.0, 0.5], [0.25, -3.0]])
        for pair in ((array, np.array(bias)), [tuple(map(tuple, rows)), tuple(bias)],
                     (iter(rows), iter(bias)), (array.astype(np.float16), bias)):  # fmt: skip
            assert ReLUNetwork([pair]) == expected
            assert ReLUNetwork(iter([pair] if pair[0] is array else [(rows, bias)])) == expected
        assert ReLUNetwork(expected.layers) == expected
        assert from_arrays([array], [bias]) == from_arrays(iter([rows]), (bias,)) == expected

    def test_later_changes_of_the_arguments_do_not_matter(self) -> None:
        weight, bias = np.array([[1.0]]), [0]
        net = ReLUNetwork([(weight, bias)])
        weight[0, 0], bias[0] = 5, 5
        assert net(1) == (1,)

    @pytest.mark.parametrize(
        ("weights", "biases"), [([[[1]]], []), ([], [[0]]), ([], []), (None, []), ([], 3)]
    )
    def test_from_arrays_errors(self, weights: Any, biases: Any) -> None:
        with pytest.raises(InvalidInputError):
            from_arrays(weights, biases)

    def test_shape_properties(self) -> None:
        net = random_network((3, 4, 5, 2))
        assert net.architecture == (3, 4, 5, 2)
        assert (net.input_width, net.output_width, net.depth) == (3, 2, 2)
        assert (net.hidden_neuron_count, net.parameter_count) == (9, 16 + 25 + 12)
        assert repr(net) == "<ReLUNetwork 3-4-5-2>"
        affine = ReLUNetwork([([[1, 2]], [3])])
        assert (affine.depth, affine.hidden_neuron_count, affine.parameter_count) == (0, 0, 3)


class TestValue:
    @settings(max_examples=30, deadline=None)
    @given(networks())
    def test_equal_parameters_equal_networks(self, net: ReLUNetwork) -> None:
        twins = [ReLUNetwork(net.layers), pickle.loads(pickle.dumps(net)), copy(net), deepcopy(net)]
        for twin in twins:
            assert twin == net
            assert hash(twin) == hash(net)
            assert twin.layers == net.layers

    def test_equality_is_of_parameters(self) -> None:
        assert NET.permute(1, (1, 0)) != NET
        assert ReLUNetwork([([[0.5]], [0])]) == ReLUNetwork([([["1/2"]], [Decimal(0)])])
        assert NET.layers != NET
        assert NET not in (None, 5, "NET")
        assert len({NET, ReLUNetwork(NET.layers), -NET}) == 2

    def test_layers_are_tuples_all_the_way_down(self) -> None:
        assert isinstance(NET.layers, tuple)
        for weight, bias in NET.layers:
            assert isinstance(weight, tuple)
            assert isinstance(bias, tuple)
            for row in weight:
                assert isinstance(row, tuple)
                assert all(type(entry) is Fraction for entry in row)
            assert all(type(entry) is Fraction for entry in bias)

    @pytest.mark.parametrize("name", ["layers", "architecture", "integer_form", "something_else"])
    def test_attributes_cannot_be_set(self, name: str) -> None:
        net = ReLUNetwork(NET.layers)
        with pytest.raises(AttributeError):
            setattr(net, name, None)
        assert net((3, 1)) == NET((3, 1))


class TestRandomNetwork:
    def test_is_reproducible(self) -> None:
        first, again = random_network((2, 3, 1), seed=7), random_network([2, 3, 1], 7)
        assert first == again != random_network((2, 3, 1), seed=8)
        assert random_network((2, 3, 1)) == random_network((2, 3, 1), seed=0)

    def test_recipe(self) -> None:
        net, rng = random_network((2, 3, 1), seed=5), Random(5)
        draws = [Fraction(rng.randint(-200, 200), 64) for _ in range(13)]
        weights = [entry for weight, _ in net.layers for row in weight for entry in row]
        assert weights + [entry for _, bias in net.layers for entry in bias] == draws

    @pytest.mark.parametrize(
        "architecture",
        [(), (2,), (2, 0), (0, 1), (2, -1, 1), (2, 1.0), (True, 1), ("2", 1), 5, None],
    )
    def test_not_an_architecture(self, architecture: Any) -> None:
        with pytest.raises(InvalidInputError, match=r"^architecture: "):
            random_network(architecture)

    def test_numpy_widths(self) -> None:
        assert random_network(np.array([2, 3, 1])) == random_network((2, 3, 1))

    @pytest.mark.parametrize("seed", [None, 1.5])
    def test_not_a_seed(self, seed: Any) -> None:
        # None would mean another network at every call.
        with pytest.raises(InvalidInputError, match=r"^seed: "):
            random_network((2, 1), seed)


def test_errors_are_value_errors_too() -> None:
    with pytest.raises(ValueError, match="at least one layer"):
        ReLUNetwork([])
