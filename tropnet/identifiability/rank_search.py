"""The rank of the Jacobian modulo a prime, from as few regions as possible.

A random vector of the kernel of what has been seen tells, for thousands of regions at once, which
of them have anything new: those whose Jacobian does not kill it.  Rows are added for a few of these
at a time, and the others asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeAlias

import numpy as np

from tropnet.certificates.budget import Meter
from tropnet.exact import Vector
from tropnet.exact.modular import ModularKernel, Residues
from tropnet.identifiability.exact_jacobian import ActivePattern, ExactJacobian
from tropnet.identifiability.modular_jacobian import ActivePatterns, ModularJacobian
from tropnet.identifiability.parameters import ParameterSpace
from tropnet.identifiability.sampling import Points, Sampler, exact_point
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import ActivationRegion

Witness: TypeAlias = tuple[ActivePattern, Callable[[], Vector]]
"""The pattern of an admissible region, and how to get a point in its interior."""

_ROWS = 256
_STALLED = 2
_FEWEST, _MOST = 256, 4096


class RankSearch:
    """A search for regions whose Jacobians together have the largest rank modulo a prime.

    Args:
        net: The network.
        prime: The prime.
        meter: Watches over the time.

    Attributes:
        coordinates: All parameters but the gauges (see `parameters`).
        kernel: The kernel modulo the prime of the Jacobians of `regions`, on `coordinates`.
        regions: The regions whose rows were needed, by their active neurons; all are admissible.
        points: A point in the interior of each.
    """

    def __init__(self, net: ReLUNetwork, prime: int, meter: Meter) -> None:
        self._net = net
        self._meter = meter
        self._space = ParameterSpace(net.architecture)
        self._jacobian = ExactJacobian(net, self._space)
        self._modular = ModularJacobian(net, self._space, prime)
        gauges = self._space.gauges(net)
        self.coordinates = np.setdiff1d(np.arange(self._space.dimension), gauges)
        self.kernel = ModularKernel(len(self.coordinates), prime)
        self.regions: list[ActivePattern] = []
        self.points: list[Vector] = []
        self._random = np.random.default_rng(0)

    @property
    def is_complete(self) -> bool:
        """Whether the rank is as large as it can be."""
        return self.kernel.dimension == 0

    def sample(self) -> None:
        """Looks around points of many sizes, until that leads no further."""
        count = min(max(2 * self.kernel.columns, _FEWEST), _MOST)
        stalled = 0
        for points, active in Sampler(self._net, count).rounds():
            before = self.kernel.rank
            self.look_at(active, partial(self._around, points))
            stalled = stalled + 1 if self.kernel.rank == before else 0
            if self.is_complete or stalled == _STALLED:
                return

    def look_at(self, active: ActivePatterns, witness: Callable[[int], Witness | None]) -> None:
        """Adds what some regions have to offer.

        Args:
            active: The active neurons of each, as far as one knows.
            witness: What is true of the region of a number; None if it is not admissible.
        """
        waiting = np.arange(len(active))
        at_once = max(1, _ROWS // self._modular.rows_per_region)
        while waiting.size and not self.is_complete:
            self._meter.add(0)
            rates = self._modular.derivative(active[waiting], self._random_vector())
            waiting = waiting[rates.any(axis=1)]
            found = [witness(index) for index in waiting[:at_once].tolist()]
            self._add([region for region in found if region is not None])
            waiting = waiting[at_once:]

    def walk(self, batches: Iterable[tuple[ActivePatterns, list[ActivationRegion]]]) -> None:
        """Looks at the admissible regions of a stream, until the rank is as large as it can be."""
        for active, regions in batches:
            self.look_at(active, partial(_inside, active, regions))
            if self.is_complete:
                return

    def _around(self, points: Points, index: int) -> Witness | None:
        point = exact_point(points[index])
        pattern = self._jacobian.pattern_at(point)
        return None if pattern is None else (pattern, lambda: point)

    def _random_vector(self) -> Residues:
        """A random vector of the kernel, among all parameters."""
        half = self.kernel.prime // 2
        coefficients = self._random.integers(-half, half, (1, self.kernel.dimension), endpoint=True)
        vector = np.zeros(self._space.dimension)
        vector[self.coordinates] = self.kernel.vectors(coefficients.astype(np.float64))[0]
        return vector

    def _add(self, regions: list[Witness]) -> None:
        if not regions:
            return
        rows = self._modular.rows(np.array([pattern for pattern, _ in regions]))
        independent = self.kernel.add(rows[:, self.coordinates])
        for index in sorted({row // self._modular.rows_per_region for row in independent}):
            pattern, point = regions[index]
            self.regions.append(pattern)
            self.points.append(point())


def _inside(active: ActivePatterns, regions: list[ActivationRegion], index: int) -> Witness:
    return active[index], lambda: regions[index].interior_point
