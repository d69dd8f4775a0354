"""Proofs about depth: forged and damaged ones fail, or claim no more than is true."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from certificates.mutations import (
    Mutation,
    changed_numbers,
    foreign_values,
    places,
    rearranged_lists,
    replaced,
)
from generators.networks import sixty_fourths_network
from piecewise.plane_drawings import LOOP, MUTUAL_BENDS, function_of
from tropnet import (
    CertificateError,
    ReLUNetwork,
    TropicalPolynomial,
    depth_lower_bound,
    is_transversal,
    piecewise_linear,
)
from tropnet.certificates.corner import Corner, verify_corner
from tropnet.certificates.depth import DepthChain, NoTransversalRepresentation
from tropnet.certificates.serialization import (
    FunctionCertificate,
    certificate_from_json,
    certificate_to_json,
)
from tropnet.certificates.star_pattern import Pattern

DEEP = sixty_fourths_network((2, 4, 4, 4, 1), 0)
"""Transversal, three hidden layers."""
FORK = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
PENCIL = ReLUNetwork([([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])


def proofs() -> dict[str, tuple[Any, FunctionCertificate]]:
    """Functions with a proof about each."""
    line = ReLUNetwork([([[1], [2]], [0, 3]), ([[1, -1]], [0])])
    space = sixty_fourths_network((3, 2, 2, 1), 1)
    found: dict[str, tuple[Any, FunctionCertificate]] = {
        name: (f, depth_lower_bound(f).chain)
        for name, f in (
            ("deep", DEEP),
            ("kink", line),
            ("fork", FORK),
            ("space", space),
            ("affine", ReLUNetwork([([[1, 2]], [3])])),
        )
    }
    for name, f in (
        ("star", PENCIL),
        ("circle", function_of(MUTUAL_BENDS)),
        ("loop", function_of(LOOP)),
    ):
        obstruction = depth_lower_bound(f).obstruction
        assert obstruction is not None
        found[name] = f, obstruction
    return found


PROOFS = proofs()
SHALLOWER = [sixty_fourths_network((2, 4, 4, 1), seed) for seed in range(3)]
"""Transversal networks with two hidden layers."""


def is_true(certificate: FunctionCertificate, f: Any) -> bool:
    """Whether a claim holds, as far as a transversal representation at hand can tell."""
    if isinstance(f, ReLUNetwork) and is_transversal(f).transversal:
        return isinstance(certificate, DepthChain) and certificate.value <= f.depth
    if isinstance(certificate, NoTransversalRepresentation):
        return depth_lower_bound(f).obstruction is not None
    bound = depth_lower_bound(f)
    return certificate.value <= bound.value or bound.obstruction is not None


def plain(name: str) -> Any:
    return json.loads(certificate_to_json(PROOFS[name][1]))


def passes(data: Any, f: Any) -> bool:
    """Whether plain data is a certificate that checks; if so its claim is true."""
    try:
        certificate = certificate_from_json(json.dumps(data))
    except CertificateError:
        return False
    assert isinstance(certificate, (DepthChain, NoTransversalRepresentation))
    if not certificate.check(f):
        return False
    assert is_true(certificate, f), certificate
    return True


@pytest.mark.parametrize("name", PROOFS)
def test_the_proofs_survive_json(name: str) -> None:
    f, certificate = PROOFS[name]
    assert passes(plain(name), f)
    again = certificate_from_json(certificate_to_json(certificate))
    assert again == certificate
    assert certificate_to_json(again) == certificate_to_json(certificate)
    assert again.statement == certificate.statement


@pytest.mark.parametrize("change", [changed_numbers, rearranged_lists, foreign_values])
@pytest.mark.parametrize("name", PROOFS)
def test_whatever_still_passes_is_true(
    name: str, change: Callable[[Any], Iterator[Mutation]]
) -> None:
    f, _ = PROOFS[name]
    for mutation in change(plain(name)):
        passes(mutation.data, f)
        if f is DEEP:
            assert not passes(mutation.data, SHALLOWER[0])


@pytest.mark.parametrize("name", ["deep", "fork", "star", "circle", "loop", "space"])
def test_every_ray_and_every_turn_is_needed(name: str) -> None:
    f, _ = PROOFS[name]
    data, count = plain(name), 0
    for path, value in places(data):
        is_ray = path[-2:-1] == ("rays",)
        is_turn = path[:1] == ("branches",) and isinstance(value, dict) and value["rays"]
        is_cell = path[:1] == ("cells",) and len(path) == 2
        if not (is_ray or is_turn or is_cell):
            continue
        parent = data
        for key in path[:-1]:
            parent = parent[key]
        shorter = [entry for i, entry in enumerate(parent) if i != path[-1]]
        count += 1
        damaged = replaced(data, path[:-1], shorter)
        if damaged["cells"]:  # an empty chain claims nothing
            assert not passes(damaged, f), path
    assert count > 2


@pytest.mark.parametrize("name", PROOFS)
def test_keys_are_exact(name: str) -> None:
    data = plain(name)
    for path, value in places(data):
        if isinstance(value, dict):
            for wrong in (
                value | {"note": "1"},
                *({k: v for k, v in value.items() if k != key} for key in value),
            ):
                with pytest.raises(CertificateError):
                    certificate_from_json(json.dumps(replaced(data, path, wrong)))


def test_other_functions() -> None:
    """No proof passes for a function with fewer layers, or with another number of inputs."""
    chain = PROOFS["deep"][1]
    for other in (*SHALLOWER, FORK, PENCIL, (FORK, FORK), ReLUNetwork([([[1, 2, 3]], [0])])):
        assert not chain.check(other)
    for seed in range(1, 6):
        assert not chain.check(sixty_fourths_network((2, 4, 4, 4, 1), seed))
    for no_function in (None, "f", [], 3):
        for _, certificate in PROOFS.values():
            assert not certificate.check(no_function)
    assert chain.check(piecewise_linear(DEEP))
    assert chain.check((DEEP, FORK))  # what breaks there still breaks there


# -- forgeries ---------------------------------------------------------------------------------


def deep() -> DepthChain:
    chain = PROOFS["deep"][1]
    assert isinstance(chain, DepthChain)
    assert chain.value == 3
    return chain


def test_longer_chains_from_the_same_cells() -> None:
    chain = deep()
    (first, second), (path,) = chain.cells, chain.branches
    points = [Corner(corner.point) for corner in (first, second)]
    for cells, branches in (
        ((first, first, second), ((), path)),
        ((first, second, second), (path, ())),
        ((first, second, first), (path, path)),
        ((first, second, first), (path, path[::-1])),
        ((first, second, first, second), (path, (), path)),
        ((second, first), (path[::-1],)),
        ((second, first), ((),)),
        ((first, second, second), (path, tuple(points))),
    ):
        assert not DepthChain(cells, branches).check(DEEP)
        assert not DepthChain(cells, branches[:-1]).check(DEEP)
    for cells, branches in (
        ((first, second), (path, path[::-1])),
        ((first, second), (path, ())),
        ((first,), ((),)),
        ((first,), ((points[1],),)),
        ((first,), ()),
        ((), ()),
    ):
        assert not NoTransversalRepresentation(cells, branches).check(DEEP)


def test_mixtures() -> None:
    chain = deep()
    kink = PROOFS["kink"][1].kink
    far = ((Fraction(-9), Fraction(-9)), (Fraction(9), Fraction(9)))
    assert not replace(chain, kink=far).check(DEEP)
    assert not DepthChain(branches=chain.branches).check(DEEP)
    assert not DepthChain(kink=kink).check(DEEP)  # points of another space
    assert not DepthChain(kink=far[:1]).check(DEEP)
    assert DepthChain(kink=far).value == 1
    assert DepthChain(kink=far).check(FORK) == (FORK(far[0]) + FORK(far[1]) != 2 * FORK((0, 0)))


def test_a_fork_proves_two_layers_and_no_more() -> None:
    (fork,) = PROOFS["fork"][1].cells
    assert DepthChain((fork,)).check(FORK)
    assert not DepthChain((fork, fork), ((),)).check(FORK)
    moved = Corner((Fraction(1), Fraction(3)), (), fork.rays)
    two = (FORK * FORK.pull_back([[1, 0], [0, 1]], [-1, -3])).essential()
    assert DepthChain((fork,)).check(two)
    assert DepthChain((moved,)).check(two)
    for path in ((), (Corner((Fraction(1), Fraction(1))),)):
        assert not DepthChain((fork, moved), (path,)).check(two)
        assert not DepthChain((moved, fork), (path,)).check(two)


def test_crossings_are_no_bends() -> None:
    cross = ReLUNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 2]], [0])])
    corner = Corner((Fraction(0),) * 2, (), ((1, 0), (0, 1), (-1, 0), (0, -1)))
    assert verify_corner(cross, corner, 2).pattern is Pattern.CROSSING
    assert not DepthChain((corner,)).check(cross)
    assert not NoTransversalRepresentation((corner,)).check(cross)
    for stops in ((), (Corner((Fraction(1),) * 2),), (Corner((Fraction(1), Fraction(0))),)):
        assert not NoTransversalRepresentation((corner,), (stops,)).check(cross)


CORNER = Corner((Fraction(0),) * 2, (), ((1, 0), (0, 1), (-1, -1)))


@pytest.mark.parametrize(
    "corner",
    [
        replace(CORNER, rays=((1, 0), (0, 1))),
        replace(CORNER, rays=((1, 0), (0, 1), (-1, -1), (2, 0))),
        replace(CORNER, rays=((1, 0), (0, 1), (-1, -1), (-1, 0))),
        replace(CORNER, rays=((1, 0), (0, 1), (-1, -2))),
        replace(CORNER, rays=((1, 0), (0, 1), (1, 1))),
        replace(CORNER, rays=((1, 0), (0, 1), (0, 0))),
        replace(CORNER, rays=((1, 0), (0, 1), (-1, -1, 0))),
        replace(CORNER, point=(Fraction(0),) * 3),
        replace(CORNER, point=(Fraction(1, 10**9), Fraction(0))),
        replace(CORNER, lines=((1, 1),)),
        replace(CORNER, lines=((0, 0),)),
    ],
)
def test_corners_that_are_not_there(corner: Corner) -> None:
    g = TropicalPolynomial([[0, 0], [0, -1], [-1, 0]], [0, 0, 0])
    assert verify_corner(g, CORNER, 2).pattern is Pattern.FORK
    with pytest.raises(CertificateError):
        verify_corner(g, corner, 2)


@pytest.mark.parametrize("lines", [((0, 0, 1),), ((1, 0, 1),), ((0, 0, 0),), (), ((0, 0, 1),) * 2])
def test_lines_along_which_the_function_changes(lines: tuple) -> None:
    f = FORK.pull_back([[1, 0, 0], [0, 1, 0]], [0, 0])
    corner = Corner((Fraction(0),) * 3, lines, ((-1, 0, 0), (0, -1, 0), (1, 1, 0)))
    if lines == ((0, 0, 1),):
        assert verify_corner(f, corner, 3).pattern is Pattern.FORK
        return
    with pytest.raises(CertificateError):
        verify_corner(f, corner, 3)


def test_a_point_where_more_meets_in_space() -> None:
    """In a plane through the apex there are three rays, yet no line of the function."""
    f = TropicalPolynomial([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], [0] * 4)
    for line in ((1, 1, 1), (0, 0, -1), (-1, -1, 2)):
        corner = Corner((Fraction(0),) * 3, (line,), ((-1, 0, 0), (0, -1, 0), (1, 1, 0)))
        with pytest.raises(CertificateError):
            verify_corner(f, corner, 3)
    edge = Corner((Fraction(0), Fraction(0), Fraction(-1)), ((0, 0, 1),), corner.rays)
    assert verify_corner(f, edge, 3).pattern is Pattern.FORK
