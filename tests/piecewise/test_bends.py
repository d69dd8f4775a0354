"""Branches, the bend graph, and depth bounds with their proofs and obstructions."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.networks import sixty_fourths_network
from piecewise.complexes import max_0_x_y, random_hypersurface, ray, refined
from piecewise.plane_drawings import LOOP, MUTUAL_BENDS, function_of
from tropnet import (
    BendGraph,
    InvalidInputError,
    Polyhedron,
    ReLUNetwork,
    TropicalPolynomial,
    WeightedComplex,
    break_locus,
    depth_lower_bound,
    is_transversal,
    piecewise_linear,
    to_network,
)
from tropnet.certificates.depth import DepthChain
from tropnet.certificates.star_pattern import Pattern

RNGS = st.integers(0, 2**32).map(Random)


def polynomial(*forms: tuple[int, ...]) -> TropicalPolynomial:
    """The maximum of affine forms (gradient, constant)."""
    return TropicalPolynomial([form[:-1] for form in forms], [form[-1] for form in forms])


# -- branches and arrows -----------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(RNGS, st.integers(2, 3))
def test_the_graph_depends_on_the_weighted_set_alone(rng: Random, n: int) -> None:
    X = random_hypersurface(rng, n) - random_hypersurface(rng, n)
    first, second = BendGraph(X), BendGraph(refined(X, rng))
    assert first.complex.facets == second.complex.facets
    assert first.stars == second.stars
    assert first.readings == second.readings
    assert [branch.facets for branch in first.branches] == [b.facets for b in second.branches]
    arrows = [
        {(deeper.number, other.number) for deeper, other in bends.graph.edges}
        for bends in (first, second)
    ]
    assert arrows[0] == arrows[1]


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from([(2, 3, 3, 1), (2, 2, 2, 2, 1), (2, 3, 2, 2), (3, 2, 2, 1)]),
    st.integers(0, 10**4),
)
def test_a_branch_is_part_of_one_neuron(architecture: tuple[int, ...], seed: int) -> None:
    """On all its facets one and the same neuron vanishes, and arrows lead to earlier layers."""
    net = sixty_fourths_network(architecture, seed)
    if not is_transversal(net).transversal:
        return
    bends = BendGraph(break_locus(net))
    owner = {}
    for branch in bends.branches:
        found = [neurons_through(net, part.polyhedron) for part in branch.facets]
        common = set.intersection(*found)
        assert len(common) == 1
        owner[branch] = common.pop()
    for deeper, other in bends.graph.edges:
        assert owner[deeper][0] > owner[other][0]
    assert nx.is_directed_acyclic_graph(bends.graph)
    assert sorted(part.polyhedron.vertices for b in bends.branches for part in b.facets) == sorted(
        part.polyhedron.vertices for part in bends.complex.facets
    )


def neurons_through(net: ReLUNetwork, polyhedron: Polyhedron) -> set[tuple[int, int]]:
    """The neurons that vanish at several points of a polyhedron."""
    rng = Random(1)
    found: set[tuple[int, int]] | None = None
    for _ in range(4):
        weights = [rng.randint(1, 99) for _ in polyhedron.generators]
        *total, scale = (
            sum(w * entry for w, entry in zip(weights, column, strict=True))
            for column in zip(*polyhedron.generators, strict=True)
        )
        values = tuple(Fraction(entry, scale) for entry in total)
        here = set()
        for layer, (weight, bias) in enumerate(net.layers[:-1], 1):
            values = tuple(
                sum((a * b for a, b in zip(row, values, strict=True)), start)
                for row, start in zip(weight, bias, strict=True)
            )
            here |= {(layer, i) for i, value in enumerate(values) if value == 0}
            values = tuple(max(value, Fraction(0)) for value in values)
        found = here if found is None else found & here
    assert found is not None
    return found


def test_small_graphs() -> None:
    assert repr(BendGraph(WeightedComplex(2))) == "<BendGraph: 0 branches, 0 arrows>"
    assert BendGraph(WeightedComplex(1)).branches == ()
    fork = BendGraph(max_0_x_y())
    assert [reading.pattern for reading in fork.readings] == [Pattern.FORK]
    assert len(fork.branches) == 3
    bend = BendGraph(break_locus(polynomial((0, 0, 0), (0, 1, 0), (1, 0, 0), (2, 1, 0))))
    assert repr(bend) == "<BendGraph: 2 branches, 1 arrow>"
    ((deeper, other, stars),) = bend.graph.edges(data="stars")
    assert bend.neurons_at(stars[0]) == (deeper, other)
    assert [bend.branch_of[i] for i in range(4)].count(deeper) == 2
    assert repr(deeper) == f"<Branch {deeper.number}: 2 facets>"


def test_only_break_loci_have_branches() -> None:
    X = WeightedComplex(2, [ray((0, 1), (1, 0))])
    for use in (BendGraph, depth_lower_bound):
        with pytest.raises(InvalidInputError, match="not balanced"):
            use(X)


# -- bounds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_affine_functions_and_single_hyperplanes(n: int) -> None:
    affine = ReLUNetwork([([list(range(n))], [7])])
    bound = depth_lower_bound(affine)
    assert (bound.value, bound.chain, bound.obstruction) == (0, DepthChain(), None)
    assert bound.chain.check(affine)
    relu = ReLUNetwork([([[1] * n], [3]), ([[-2]], [0])])
    bound = depth_lower_bound(relu)
    assert (bound.value, bound.obstruction) == (1, None)
    assert bound.chain.check(relu)
    assert not bound.chain.check(affine)
    assert depth_lower_bound(break_locus(relu)).value == 1


def test_functions_of_one_variable_need_one_layer() -> None:
    for seed in range(5):
        net = sixty_fourths_network((1, 4, 4, 1), seed)
        bound = depth_lower_bound(net)
        assert bound.value <= 1
        assert bound.chain.check(net)
        assert "transversal" in bound.scope


@pytest.mark.parametrize("n", [2, 3, 4])
def test_the_maximum_of_three(n: int) -> None:
    """One fork, of which it is not known which facets bend; but two layers are needed."""
    zeros = (0,) * (n - 2)
    f = polynomial((0, 0, *zeros, 0), (1, 0, *zeros, 0), (0, 1, *zeros, 0))
    bound = depth_lower_bound(f)
    assert (bound.value, len(bound.chain.cells), bound.obstruction) == (2, 1, None)
    for function in (f, to_network(f), piecewise_linear(to_network(f))):
        assert bound.chain.check(function)
    assert depth_lower_bound(piecewise_linear(f)).value == 2


def test_values_and_vectors() -> None:
    """Two outputs of one network break together; so do a function and its multiples."""
    net = sixty_fourths_network((2, 4, 4, 4, 1), 0)
    weight, bias = net.layers[-1]
    double = ReLUNetwork(
        [*net.layers[:-1], ((weight[0], tuple(3 * w for w in weight[0])), bias * 2)]
    )
    assert depth_lower_bound(double).value == depth_lower_bound(net).value == 3
    assert depth_lower_bound(-5 * net).value == 3
    bound = depth_lower_bound(double)
    assert bound.chain.check(double)
    f = polynomial((0, 0, 0), (1, 0, 0), (0, 1, 0))
    pair = (f, polynomial((0, 0, 1), (1, 1, 0)))
    assert depth_lower_bound(pair).chain.check(pair)


@pytest.mark.parametrize("seed", range(4))
def test_space(seed: int) -> None:
    net = sixty_fourths_network((3, 2, 2, 1), seed)
    bound = depth_lower_bound(net)
    assert bound.value <= 2
    assert bound.chain.check(net)
    assert bound.chain.check(piecewise_linear(net))
    assert depth_lower_bound(break_locus(net)).value == bound.value


def test_a_chain_in_space() -> None:
    """The chains of a plane function are those of the function on space."""
    plane = sixty_fourths_network((2, 4, 4, 4, 1), 0)
    net = plane @ ReLUNetwork([([[1, 0, 1], [0, 1, -2]], [0, 0])])
    bound = depth_lower_bound(net)
    assert bound.value == depth_lower_bound(plane).value == 3
    assert bound.chain.check(net)
    assert [len(corner.lines) for corner in bound.chain.cells] == [1, 1]
    assert not bound.chain.check(plane)


def test_consecutive_cells_lie_in_one_branch() -> None:
    bound = depth_lower_bound(sixty_fourths_network((2, 6, 6, 6, 6, 1), 0))
    assert bound.value == len(bound.chain.cells) + 1 == len(bound.chain.branches) + 2
    bends = bound.bends
    at = {star.cell.vertices[0]: k for k, star in enumerate(bends.stars)}
    neurons = [bends.neurons_at(at[corner.point]) for corner in bound.chain.cells]
    for (_, straight), (bent, _) in pairwise(neurons):
        assert straight is bent


def test_functions_on_a_part_of_space() -> None:
    square = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1), (1, 1)])
    f = piecewise_linear(sixty_fourths_network((2, 3, 1), 0)).restrict(square)
    with pytest.raises(InvalidInputError, match=r"R\^n"):
        depth_lower_bound(f)
    with pytest.raises(InvalidInputError, match="f:"):
        depth_lower_bound("a function")  # type: ignore[arg-type]


# -- what no transversal network has -----------------------------------------------------------


def test_impossible_stars() -> None:
    pencil = ReLUNetwork([([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    bound = depth_lower_bound(pencil)
    assert bound.value == 1  # one layer is enough, but no transversal one
    assert bound.scope == "all representations, none of which is transversal"
    assert bound.obstruction is not None
    assert bound.obstruction.check(pencil)
    assert len(bound.obstruction.cells[0].rays) == 6
    four = polynomial((0, 0, 0), (1, 0, 0), (0, 2, 0), (2, 3, 0))
    bound = depth_lower_bound(four)
    assert bound.value == 2
    assert bound.obstruction is not None
    assert bound.obstruction.check(four)


@pytest.mark.parametrize(("X", "cells"), [(MUTUAL_BENDS, 2), (LOOP, 1)])
def test_circles_and_loops(X: WeightedComplex, cells: int) -> None:
    assert Pattern.IMPOSSIBLE not in {reading.pattern for reading in BendGraph(X).readings}
    f = function_of(X)
    bound = depth_lower_bound(f)
    assert bound.value == 2
    assert "none of which is transversal" in bound.scope
    assert bound.obstruction is not None
    assert len(bound.obstruction.cells) == len(bound.obstruction.branches) == cells
    assert bound.obstruction.check(f)
    assert bound.chain.check(f)
    assert depth_lower_bound(X).obstruction is not None
    # Nothing of that kind without the function's own weights.
    assert not bound.obstruction.check(function_of(LOOP if X is MUTUAL_BENDS else MUTUAL_BENDS))
