"""Proof that a piecewise linear expression vanishes: simplices that cover the space.

The simplices are simplicial cones over homogeneous corners (y, s), s ≥ 0: with s > 0 the corner is
the point y/s, with s = 0 a direction.  On each of them every atom that the expression D depends on
has one sign, so that D is affine there; D vanishes at the corners, hence on the simplex.

*Why they cover.*  Every facet has simplices on both of its sides, or lies at infinity (s = 0) or in
a facet of the domain.  Suppose an interior point of the domain is not covered.  Walk to it along a
generic segment from the inside of a simplex.  The covered set is closed; where the segment leaves
it, it crosses the relative interior of a facet, and the simplex on the other side goes on.

*Atoms at corners.*  Atoms are evaluated as homogeneous functions, constants times t.  On a simplex
relu(φ) is φ as a whole or 0 as a whole, and max(φ, 0) at each corner agrees with that, also for
directions.  A maximum atom has one form that is the largest at all corners of a simplex, hence on
all of it; or it belongs to cells, one of which contains all corners, hence all of the simplex.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import and_
from typing import TypeAlias

import flint

from tropnet.certificates.plain import (
    CONSTANT,
    FIRST_MAXIMUM,
    Form,
    IntegerRow,
    require,
)
from tropnet.certificates.rewriting import Atoms
from tropnet.exact import rank

Coefficients: TypeAlias = dict[int, int]
"""An affine form in atoms: integers by atom, the constant under `CONSTANT`."""


@dataclass(frozen=True)
class Cover:
    """Simplices that cover a space up to lines along which nothing changes.

    Attributes:
        frame: n + 1 integer rows; (x, t) = frame @ (y, s) are the points reached from (y, s).
        lines: Integer vectors of R^n along which no atom changes.
        corners: Integer vectors (y, s), s ≥ 0.
        simplices: For each simplex the numbers of its corners, increasing.
    """

    frame: tuple[IntegerRow, ...]
    lines: tuple[IntegerRow, ...]
    corners: tuple[IntegerRow, ...]
    simplices: tuple[IntegerRow, ...]


def verify_cover(
    cover: Cover,
    atoms: Atoms,
    difference: Sequence[Coefficients],
    inputs: int,
    domain: tuple[Sequence[IntegerRow], Sequence[IntegerRow]],
) -> None:
    """Checks that expressions in atoms vanish on a domain.

    Args:
        cover: The simplices.
        atoms: The atoms; inputs are the atoms 0, …, inputs − 1.
        difference: The expressions, up to positive factors.
        inputs: n.
        domain: Rows (a, b) with a·x ≤ b, and rows (c, d) with c·x = d.

    Raises:
        CertificateError: at the first step that does not hold.
    """
    needed = _needed(atoms.rectified, difference, inputs)
    maxima = sorted({k for form in difference for k in form if k <= FIRST_MAXIMUM})
    require(len(cover.frame) == inputs + 1, "the frame has a wrong number of rows")
    forms = [dict(atoms.rectified[atom - inputs]) for atom in needed]
    for atom in maxima:
        forms += [dict(form) for form in atoms.maxima[FIRST_MAXIMUM - atom]]
        for cell in atoms.cells[FIRST_MAXIMUM - atom]:
            forms += [dict(enumerate(row[:-1])) for rows in cell for row in rows]
    _verify_frame(cover, [*forms, *difference], domain)
    size = len(cover.frame[0])
    require(all(len(c) == size for c in cover.corners), "a corner has a wrong length")
    require(
        all(any(corner) and corner[-1] >= 0 for corner in cover.corners),
        "a corner is neither a point nor a direction",
    )
    pulled_back = [_product((*(-a for a in row[:-1]), row[-1]), cover.frame) for row in domain[0]]
    bounds = [row for row in pulled_back if any(row)]  # 0 ≤ 0 bounds nothing
    slacks = [[_dot(row, corner) for row in bounds] for corner in cover.corners]
    require(all(slack >= 0 for row in slacks for slack in row), "a corner is outside the domain")

    signs = [
        _corner_signs(cover, corner, atoms, (needed, maxima), difference, inputs)
        for corner in cover.corners
    ]
    require(cover.simplices, "there are no simplices")
    sides: dict[IntegerRow, int] = {}  # of each facet: 1, 2 or both
    for simplex in cover.simplices:
        require(
            len(simplex) == size
            and all(a < b for a, b in pairwise(simplex))
            and simplex[0] >= 0
            and simplex[-1] < len(cover.corners),
            "a simplex does not name its corners in order",
        )
        above = below = 0
        for corner in simplex:
            positive, negative, _ = signs[corner]
            above |= positive
            below |= negative
        require(not above & below, "an atom changes its sign on a simplex")
        largest = zip(*[signs[corner][2] for corner in simplex], strict=True)
        require(
            all(reduce(and_, common) for common in largest),
            "no form of a maximum is the right one on a whole simplex",
        )
        volume = int(flint.fmpz_mat([cover.corners[corner] for corner in simplex]).det())
        require(volume, "a simplex is flat")
        side = 1 if volume > 0 else 2
        # Moving the last corner to the end takes no transposition, the one before it takes one, …
        for i in range(size - 1, -1, -1):
            facet = simplex[:i] + simplex[i + 1 :]
            sides[facet] = sides.get(facet, 0) | side
            side = 3 - side
    for facet, found in sides.items():
        require(
            found == 3
            or all(cover.corners[corner][-1] == 0 for corner in facet)
            or any(all(slacks[c][k] == 0 for c in facet) for k in range(len(bounds))),
            "a facet of a simplex has no simplex on its other side",
        )


def _verify_frame(
    cover: Cover,
    forms: Sequence[Coefficients],
    domain: tuple[Sequence[IntegerRow], Sequence[IntegerRow]],
) -> None:
    """Checks that frame and lines reach exactly the domain's affine hull."""
    frame, inputs = cover.frame, len(cover.frame) - 1
    require(frame and frame[0], "the frame is empty")
    require(all(len(row) == len(frame[0]) for row in frame), "the frame has rows of two lengths")
    require(not any(frame[-1][:-1]) and frame[-1][-1] > 0, "the frame does not keep t ≥ 0")
    require(all(len(line) == inputs for line in cover.lines), "a line has a wrong length")
    inequalities, equations = domain
    rows = [(*row[:-1], -row[-1]) for row in equations]
    columns = [*zip(*frame, strict=True), *((*line, 0) for line in cover.lines)]
    require(
        all(_dot(row, column) == 0 for row in rows for column in columns),
        "the frame leaves the domain's affine hull",
    )
    require(rank(columns) + rank(rows) == inputs + 1, "the frame misses a direction")
    for line in cover.lines:
        changes = [sum(form.get(j, 0) * entry for j, entry in enumerate(line)) for form in forms]
        require(not any(changes), "an atom changes along a line")
        require(all(_dot(row[:-1], line) == 0 for row in inequalities), "a line leaves the domain")


def _corner_signs(
    cover: Cover,
    corner: IntegerRow,
    atoms: Atoms,
    needed: tuple[Sequence[int], Sequence[int]],
    difference: Sequence[Coefficients],
    inputs: int,
) -> tuple[int, int, list[int]]:
    """The needed atoms that are positive, and negative, at a corner, and the right forms.

    All as bits: of the needed rectified atoms, and for each needed maximum of its forms.  Checks
    on the way that the difference vanishes at the corner.
    """
    point = [_dot(row, corner) for row in cover.frame]
    values: dict[int, int] = {CONSTANT: point[-1], **dict(enumerate(point[:-1]))}
    positive = negative = 0
    for number, atom in enumerate(needed[0]):
        value = sum(c * values[k] for k, c in atoms.rectified[atom - inputs])
        values[atom] = max(value, 0)
        positive |= (value > 0) << number
        negative |= (value < 0) << number
    largest = []
    for atom in needed[1]:
        forms = atoms.maxima[FIRST_MAXIMUM - atom]
        heights = [sum(c * values[k] for k, c in form) for form in forms]
        cells = atoms.cells[FIRST_MAXIMUM - atom]
        if cells:
            inside = [i for i, cell in enumerate(cells) if cell.contains(point)]
            require(len({heights[i] for i in inside}) == 1, "a corner has no or several values")
        else:
            inside = [i for i, height in enumerate(heights) if height == max(heights)]
        values[atom] = heights[inside[0]]
        largest.append(sum(1 << i for i in inside))
    require(
        not any(sum(c * values[k] for k, c in form.items()) for form in difference),
        "the difference does not vanish at a corner",
    )
    return positive, negative, largest


def _needed(atoms: Sequence[Form], difference: Sequence[Coefficients], inputs: int) -> list[int]:
    """The rectified atoms on which some expressions depend, in order."""
    found: set[int] = set()
    pending = [k for form in difference for k in form]
    while pending:
        atom = pending.pop()
        if atom >= inputs and atom not in found:
            found.add(atom)
            pending += [k for k, _ in atoms[atom - inputs]]
    return sorted(found)


def _dot(first: Sequence[int], second: Sequence[int]) -> int:
    return sum(a * b for a, b in zip(first, second, strict=True))


def _product(row: Sequence[int], frame: Sequence[IntegerRow]) -> IntegerRow:
    return tuple(_dot(row, column) for column in zip(*frame, strict=True))
