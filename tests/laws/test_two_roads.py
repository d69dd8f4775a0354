"""The regions of a network and its tropical rational function give the same weighted complex.

The two ways share no code above exact arithmetic and polyhedra.
"""

from __future__ import annotations

from random import Random

import pytest

from generators.networks import DEGRADATIONS, eighths_network, integer_network, pencil
from generators.transformations import TRANSFORMATIONS
from tropnet import (
    break_locus,
    count_linear_pieces,
    decide_equality,
    piecewise_linear,
    tropicalize,
)

ARCHITECTURES = (
    (1, 4, 1),
    (1, 3, 3, 1),
    (2, 4, 1),
    (2, 3, 2, 1),
    (2, 2, 2, 2),
    (2, 2, 2, 2, 1),
    (3, 3, 1),
    (3, 2, 2, 1),
    (3, 3, 2, 1),
)
BUILDERS = (eighths_network, integer_network, pencil)


def sample(seed):
    """A network: generic, integer, or one of many degenerate kinds, in turn."""
    rng = Random(seed)
    net = BUILDERS[seed % 3](ARCHITECTURES[seed % len(ARCHITECTURES)], rng)
    for _ in range(seed // 3 % 3):
        net = DEGRADATIONS[rng.choice(sorted(DEGRADATIONS))](net, rng)
    return net, rng


def check(seed):
    net, rng = sample(seed)
    locus = break_locus(net)
    assert locus.is_balanced()
    function = tropicalize(net)
    assert break_locus(function).facets == locus.facets
    f = piecewise_linear(net)
    assert break_locus(f).facets == locus.facets
    assert len(f.pieces) == count_linear_pieces(function)
    for name in rng.sample(sorted(TRANSFORMATIONS), 2):
        assert break_locus(TRANSFORMATIONS[name](net, rng)).digest() == locus.digest()
    cell = f.cells[rng.randrange(len(f.cells))]
    point = cell.polyhedron.interior_point()
    back = locus.to_function(cell.gradient, cell.constant, at=point)
    assert back == f
    if seed % 10 == 0:
        answer = decide_equality(net, back)
        assert answer.equal
        assert answer.certificate.check(net, back)


@pytest.mark.parametrize("block", range(20))
def test_the_two_roads_meet(block):
    for seed in range(10 * block, 10 * block + 10):
        check(seed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("block", range(100))
def test_the_two_roads_meet_more_often(block):
    for seed in range(1000 + 20 * block, 1020 + 20 * block):
        check(seed)


@pytest.mark.parametrize("name", sorted(TRANSFORMATIONS))
def test_every_rewriting_keeps_the_digest(name):
    for seed in range(6):
        net, rng = sample(seed)
        again = TRANSFORMATIONS[name](net, rng)
        assert break_locus(again).digest() == break_locus(net).digest()
