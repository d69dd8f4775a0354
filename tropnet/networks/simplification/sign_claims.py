"""Neurons that are never active, or always, proved on all regions.

The tree of the region engine is walked from the top; below a cell on which bounds show all that is
claimed (`deep_bounds`) nothing needs to be looked at.
"""

from __future__ import annotations

from typing import NamedTuple

from tropnet.certificates.budget import Meter
from tropnet.networks.cell_complex import CellComplex
from tropnet.networks.cells import Cell
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.deep_bounds import DeepBounds


class SignClaims(NamedTuple):
    """Claims about the neurons of one hidden layer, as bits.

    Attributes:
        silent: Those claimed never to be active: z ≤ 0 everywhere.
        active: Those claimed always to be: z ≥ 0 everywhere.
    """

    silent: int
    active: int


def refuting_points(
    net: ReLUNetwork, claims: list[SignClaims], meter: Meter, limit: int | None = None
) -> list[IntegerRow] | None:
    """Points at which claims fail; those that fail at none of them are true.

    Args:
        net: The network.
        claims: For each hidden layer what is claimed.
        meter: Counts the cells looked at.
        limit: How many cells to look at at most.

    Returns:
        Points (x, t), t > 0: none if all claims are true.  None if the limit was reached first.

    Raises:
        BudgetExceededError: when the budget runs out; nothing is proved then.
    """
    walk = _Walk(net, claims)
    for count, _ in enumerate(walk.cells.visited(walk.is_open), 1):
        meter.add(1)
        if count == limit:
            return None
        if walk.last < 0:
            break
    return walk.points


class _Walk:
    def __init__(self, net: ReLUNetwork, claims: list[SignClaims]) -> None:
        self._claims = list(claims)
        levels = net.integer_form.levels[: self.last + 1]
        self.cells = CellComplex(levels, net.input_width)
        self.points: list[IntegerRow] = []
        self._bounds = DeepBounds(levels)

    @property
    def last(self) -> int:
        """The last level about which anything is claimed, −1 if there is none."""
        return max((i for i, claim in enumerate(self._claims) if any(claim)), default=-1)

    def is_open(self, cell: Cell) -> bool:
        """Whether what is claimed about a cell is not yet proved or refuted."""
        depth = cell.forms.depth
        self._check_level(cell)
        last = self.last
        if depth >= last:
            return False
        for level, lower, upper in self._bounds.below(cell, last):
            claim = self._claims[level]
            silent = members(claim.silent)
            active = members(claim.active)
            if not ((upper[silent] <= 0).all() and (lower[active] >= 0).all()):
                return True
            if level == last:
                return False
        return True

    def _check_level(self, cell: Cell) -> None:
        """Drops the claims about the cell's own level that fail on it."""
        depth = cell.forms.depth
        claim, signs = self._claims[depth], cell.layer_signs()
        silent, active = claim.silent & signs.positive, claim.active & signs.negative
        if not silent | active:
            return
        self._claims[depth] = SignClaims(claim.silent & ~silent, claim.active & ~active)
        for index, generator in enumerate(cell.generators):
            failing = cell.positive[index] & silent | cell.negative[index] & active
            if failing:
                self.points.append(self._near(cell, failing, generator.point))

    def _near(self, cell: Cell, failing: int, corner: IntegerRow) -> IntegerRow:
        """A point of the cell, close to a generator at which forms do not vanish."""
        points = [generator.point for generator in cell.generators]
        point = tuple(map(sum, zip(*points, strict=True)))
        signs = cell.forms.exact_signs(failing, corner)
        while cell.forms.exact_signs(failing, point) != signs:
            point = tuple(a + b for a, b in zip(point, corner, strict=True))
            corner = tuple(2 * entry for entry in corner)
        return self.cells.point(point)


def members(mask: int) -> list[int]:
    """The elements of a set given as bits, ascending."""
    return [i for i in range(mask.bit_length()) if mask >> i & 1]
