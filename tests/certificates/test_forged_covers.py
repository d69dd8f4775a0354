"""Random false claims, with the best covers that can be made for them from the corners of a grid.

The best cover is the largest set of simplices each of which passes by itself and has neighbours in
the set wherever it needs them; if any subset is a proof, this is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from random import Random
from typing import NamedTuple

import flint

from certificates.proofs import claim_is_true
from comparison.known_identities import affine
from tropnet import ReLUNetwork, TropicalPolynomial
from tropnet.certificates.cover import Cover
from tropnet.certificates.equality import EqualityCertificate
from tropnet.certificates.plain import FIRST_MAXIMUM
from tropnet.comparison.formal import FormalDifference
from tropnet.exact import to_fraction
from tropnet.piecewise import piecewise_linear
from tropnet.piecewise.function_like import FunctionLike

Row = tuple[int, ...]


class Corner(NamedTuple):
    """A corner of a grid at which the difference vanishes.

    Attributes:
        point: Its coordinates (y, s).
        signs: The signs of the rectified atoms there.
        largest: For each maximum atom the numbers of the forms that are largest there.
        slacks: The slacks of the domain's inequalities there.
    """

    point: Row
    signs: Row
    largest: tuple[frozenset[int], ...]
    slacks: Row


def test_no_cover_proves_a_false_claim() -> None:
    random = Random(7)
    accepted = 0
    for _ in range(4000):
        f, g = random_pair(random)
        assert isinstance(g, ReLUNetwork)
        domain = tuple(
            tuple(random_row(random, g.input_width + 1) for _ in range(random.choice(counts)))
            for counts in ((0, 0, 1, 2), (0, 0, 1))
        )
        given = piecewise_linear(f) if random.random() < 0.3 else f
        forged = forgery(given, g, (domain[0], domain[1]), random)
        if forged.check(given, g):
            accepted += 1
            assert claim_is_true(forged, f, g), forged
    assert accepted > 50


def random_row(random: Random, length: int) -> Row:
    return tuple(random.randint(-1, 1) for _ in range(length))


def random_pair(random: Random) -> tuple[FunctionLike, FunctionLike]:
    """A network with one or two hidden neurons, or a maximum of three, and an affine function."""
    n, width = random.choice(((1, 1), (1, 2), (2, 1), (2, 2)))
    rows = [random_row(random, n) for _ in range(width)]
    f: FunctionLike = ReLUNetwork(
        [(rows, random_row(random, width)), ([random_row(random, width)], [0])]
    )
    if random.random() < 0.4:
        exponents = {random_row(random, n) for _ in range(5)}
        f = TropicalPolynomial(sorted(exponents), [random.randint(-1, 1) for _ in exponents])
    return f, affine([list(random_row(random, n))], list(random_row(random, 1)))


def forgery(
    f: FunctionLike,
    g: FunctionLike,
    domain: tuple[tuple[Row, ...], tuple[Row, ...]],
    random: Random,
) -> EqualityCertificate:
    """A certificate with true rewritings, a random frame and the best cover for it."""
    formal = FormalDifference(f, g)
    first, second = (
        tuple(tuple((rule.atom, to_fraction(rule.scale)) for rule in layer) for layer in layers)
        for layers in formal.rewritings
    )
    n = formal.table.inputs
    height = n + (random.random() < 0.1)
    size = random.randint(1, n + 1)
    if random.random() < 0.5:
        size = n + 1
        frame = [[int(i == j) for j in range(n)] for i in range(height)]
    else:
        frame = [list(random_row(random, size - 1)) for _ in range(height)]
    rows = (*((*row, random.randint(-1, 1)) for row in frame), (*[0] * (size - 1), 1))
    lines = tuple(random_row(random, height) for _ in range(random.choice((0, 0, 0, 1))))
    bounds = [(*(-entry for entry in row[:-1]), row[-1]) for row in domain[0]]
    corners = list(grid_corners(rows, formal, bounds))
    cover = Cover(
        rows, lines, tuple(corner.point for corner in corners), tuple(best_simplices(corners, size))
    )
    return EqualityCertificate(
        tuple(formal.table.forms),
        (first, second),
        cover,
        domain,
        tuple(c.forms for c in formal.table.choices),
    )


def grid_corners(
    frame: tuple[Row, ...], formal: FormalDifference, bounds: list[Row]
) -> Iterator[Corner]:
    """The points and directions of a grid at which a proof may have corners."""
    for point in product(*[(-2, -1, 0, 1, 2)] * (len(frame[0]) - 1), (0, 1)):
        if not any(point) or (point[-1] == 0 and max(map(abs, point)) > 1):
            continue
        *x, t = (sum(a * b for a, b in zip(row, point, strict=True)) for row in frame)
        inputs = x[: formal.table.inputs]
        values = {-1: t, **dict(enumerate(inputs))}
        signs = []
        for atom, form in enumerate(formal.table.forms, formal.table.inputs):
            value = sum(c * values[k] for k, c in form)
            values[atom] = max(value, 0)
            signs.append((value > 0) - (value < 0))
        largest = []
        for number, choice in enumerate(formal.table.choices):
            heights = [sum(c * values[k] for k, c in form) for form in choice.forms]
            if choice.cells is None:
                right = [i for i, height in enumerate(heights) if height == max(heights)]
            else:
                right = [i for i, cell in enumerate(choice.cells) if cell.contains((*inputs, t))]
            # Where the frame leaves the space no cell may contain the point.
            values[FIRST_MAXIMUM - number] = heights[right[0]] if right else 1
            largest.append(frozenset(right))
        slacks = tuple(sum(a * b for a, b in zip(row, (*inputs, t), strict=True)) for row in bounds)
        vanishes = not any(sum(c * values[k] for k, c in form.items()) for form in formal.outputs)
        if vanishes and all(slack >= 0 for slack in slacks):
            yield Corner(point, tuple(signs), tuple(largest), slacks)


def best_simplices(corners: list[Corner], size: int) -> list[Row]:
    simplices = {}
    for simplex in combinations(range(len(corners)), size):
        signs = zip(*(corners[k].signs for k in simplex), strict=True)
        if any({1, -1} <= set(column) for column in signs):
            continue
        tops = zip(*(corners[k].largest for k in simplex), strict=True)
        if not all(frozenset.intersection(*column) for column in tops):
            continue
        volume = flint.fmpz_mat([corners[k].point for k in simplex]).det()
        if volume:
            simplices[simplex] = 1 if volume > 0 else -1
    while True:
        sides: dict[Row, set[int]] = {}
        for simplex, side in simplices.items():
            for i, facet in enumerate(facets(simplex)):
                sides.setdefault(facet, set()).add(side * (-1) ** i)
        open_facets = {
            facet
            for facet, found in sides.items()
            if len(found) < 2
            and any(corners[k].point[-1] for k in facet)
            and all(map(any, zip(*(corners[k].slacks for k in facet), strict=True)))
        }
        kept = {s: side for s, side in simplices.items() if open_facets.isdisjoint(facets(s))}
        if len(kept) == len(simplices):
            return list(simplices)
        simplices = kept


def facets(simplex: Row) -> list[Row]:
    return [simplex[:i] + simplex[i + 1 :] for i in range(len(simplex))]
