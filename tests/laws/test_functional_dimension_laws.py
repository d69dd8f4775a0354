"""The functional dimension under what changes parameters but not what they mean.

*Trivial symmetries*: permuting and positively scaling hidden neurons changes no dimension, however
large the factors.  *Linear maps*: invertible changes of the inputs or the outputs change none
either.  *Bounds*: the dimension lies between the number of outputs and P − N.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from generators.strategies import architectures, generators, networks
from tropnet import ReLUNetwork, functional_dimension


def small() -> st.SearchStrategy[ReLUNetwork]:
    return networks(architectures(max_hidden=6))


@settings(max_examples=50, deadline=None)
@given(small(), generators(), st.sampled_from([1, 130, 2000]))
def test_trivial_symmetries(net: ReLUNetwork, rng, exponent: int) -> None:
    other = net
    for layer, width in enumerate(net.architecture[1:-1], 1):
        order = rng.sample(range(width), width)
        factors = [Fraction(2) ** rng.choice((-exponent, 0, exponent)) for _ in range(width)]
        other = other.permute(layer, order).rescale(layer, factors)
    first, second = functional_dimension(net), functional_dimension(other)
    assert (first.value, first.upper_bound) == (second.value, second.upper_bound)
    assert second.certificate.check(other)
    if not first.is_maximal:
        assert first.regions_used == second.regions_used
        assert first.regions_skipped == second.regions_skipped


@settings(max_examples=30, deadline=None)
@given(small(), st.integers(-3, 3), st.integers(1, 3))
def test_linear_maps_of_inputs_and_outputs(net: ReLUNetwork, shear: int, scale: int) -> None:
    def triangular(width: int) -> list[list[int]]:
        return [
            [scale if i == j else shear * (j == i + 1) for j in range(width)] for i in range(width)
        ]

    inputs = ReLUNetwork([(triangular(net.input_width), [1] * net.input_width)])
    outputs = ReLUNetwork([(triangular(net.output_width), [1] * net.output_width)])
    value = functional_dimension(net).value
    assert functional_dimension(net @ inputs).value == value
    assert functional_dimension(outputs @ net).value == value


@settings(max_examples=30, deadline=None)
@given(small())
def test_bounds(net: ReLUNetwork) -> None:
    d = functional_dimension(net)
    if d.value is not None:
        assert net.output_width <= d.value <= d.upper_bound
