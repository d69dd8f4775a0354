"""Hypothesis strategies for networks, degenerate as much as generic, and for points."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import strategies as st

from generators.identities import IDENTITIES
from generators.networks import DEGRADATIONS, eighths_network, integer_network, pencil
from generators.transformations import TRANSFORMATIONS, Transformation
from tropnet import ReLUNetwork


def generators() -> st.SearchStrategy[Random]:
    """A source of randomness for the generators, which Hypothesis can shrink."""
    return st.randoms(use_true_random=False)


@st.composite
def architectures(
    draw: st.DrawFn,
    *,
    max_inputs: int = 3,
    max_hidden: int = 7,
    max_depth: int = 3,
    max_outputs: int = 2,
) -> tuple[int, ...]:
    """Widths with at most `max_hidden` hidden neurons in all; depth 0 included."""
    depth = draw(st.integers(0, min(max_depth, max_hidden)))
    widths = []
    left = max_hidden
    for remaining in range(depth, 0, -1):
        widths.append(draw(st.integers(1, min(5, left - (remaining - 1)))))
        left -= widths[-1]
    return (draw(st.integers(1, max_inputs)), *widths, draw(st.integers(1, max_outputs)))


@st.composite
def networks(
    draw: st.DrawFn,
    architecture: st.SearchStrategy[tuple[int, ...]] | None = None,
    *,
    max_degradations: int = 2,
) -> ReLUNetwork:
    """Networks of small rationals, most of them degenerate in one or several ways.

    Args:
        draw: Hypothesis's.
        architecture: The widths; by default `architectures()`.
        max_degradations: How many of `DEGRADATIONS` may be applied one after the other.
    """
    widths = draw(architectures() if architecture is None else architecture)
    rng = draw(generators())
    if len(widths) == 2:
        return integer_network(widths, rng)
    build = draw(st.sampled_from((integer_network, eighths_network, pencil)))
    net = build(widths, rng)
    for name in draw(st.lists(st.sampled_from(sorted(DEGRADATIONS)), max_size=max_degradations)):
        net = DEGRADATIONS[name](net, rng)
    return net


def transformations() -> st.SearchStrategy[Transformation]:
    """The function-preserving transformations."""
    return st.sampled_from([TRANSFORMATIONS[name] for name in sorted(TRANSFORMATIONS)])


@st.composite
def transformed_pairs(
    draw: st.DrawFn,
    network: st.SearchStrategy[ReLUNetwork] | None = None,
    *,
    max_steps: int = 2,
) -> tuple[ReLUNetwork, ReLUNetwork]:
    """Two networks with the same function, the second a transformed first."""
    net = draw(networks() if network is None else network)
    rng = draw(generators())
    partner = net
    for transform in draw(st.lists(transformations(), min_size=1, max_size=max_steps)):
        partner = transform(partner, rng)
    return net, partner


@st.composite
def identity_pairs(draw: st.DrawFn, *, max_inputs: int = 2) -> tuple[ReLUNetwork, ReLUNetwork]:
    """The two sides of one of `IDENTITIES` in three small scalar networks."""
    inputs = draw(st.integers(1, max_inputs))
    widths = st.tuples(st.just(inputs), st.integers(1, 3), st.just(1))
    parts = [draw(networks(widths, max_degradations=1)) for _ in range(3)]
    return IDENTITIES[draw(st.sampled_from(sorted(IDENTITIES)))](*parts)


def coordinates() -> st.SearchStrategy[Fraction]:
    """Rationals near and far, with ties (small integers and halves) likely."""
    return st.one_of(
        st.integers(-4, 4).map(Fraction),
        st.fractions(-4, 4, max_denominator=64),
        st.fractions(-(10**7), 10**7, max_denominator=1000),
    )


def points(width: int) -> st.SearchStrategy[tuple[Fraction, ...]]:
    """Exact points of Q^width."""
    return st.tuples(*(coordinates() for _ in range(width)))
