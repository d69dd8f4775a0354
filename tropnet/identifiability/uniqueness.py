"""Makes the certificate that a network with two hidden layers is unique, where there is one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from tropnet.certificates.corner import Corner, CornerReading
from tropnet.certificates.star_pattern import Pattern, Reading, opposite_pairs
from tropnet.certificates.unique_transversal import (
    FirstLayer,
    LinkedCorners,
    PlainNetwork,
    UniqueTransversalCertificate,
)
from tropnet.errors import CertificateError
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.bend_chains import corner_at
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.inner_points import point_in
from tropnet.piecewise.stars import Star


class _Found(NamedTuple):
    """A corner at which a neuron bends, and how it was reached.

    Attributes:
        reading: The corner, read as a BEND.
        parent: The corner before, by its number; −1 for the first.
        path: Points on the way from there.
    """

    reading: CornerReading
    parent: int
    path: tuple[Corner, ...]


def uniqueness_certificate(net: ReLUNetwork) -> UniqueTransversalCertificate | None:
    """The proof that a network is the only transversal one with its function.

    Args:
        net: A network with two hidden layers.

    Returns:
        A certificate that checks; None if the corners of some neuron do not determine it, though
        other properties of the function may.
    """
    return _Prover(net).certificate() if net.input_width > 1 else None


class _Prover:
    def __init__(self, net: ReLUNetwork) -> None:
        self._net = net
        self._plain = PlainNetwork(net)
        self._bends = BendGraph(break_locus(net))
        self._facets = self._bends.complex.facets
        self._turns: dict[int, CornerReading] = {}
        for number, reading in enumerate(self._bends.readings):
            turn = self._turn(number, reading.pattern)
            if turn is not None:
                self._turns[number] = turn
        self._around: dict[int, list[int]] = {}
        for number, star in enumerate(self._bends.stars):
            for sheet in star.sheets:
                self._around.setdefault(sheet.facet, []).append(number)

    def certificate(self) -> UniqueTransversalCertificate | None:
        second: dict[int, LinkedCorners] = {}
        seen: set[int] = set()
        for number in self._turns:
            if number in seen:
                continue
            found = list(self._linked(number, seen))
            neurons = self._plain.vanishing(found[0].reading.corner.point)
            if len(neurons) == 1 and neurons[0] not in second:
                linked = self._chosen(neurons[0], found)
                if linked is not None:
                    second[neurons[0]] = linked
        if len(second) < self._net.architecture[2]:
            return None
        certificate = UniqueTransversalCertificate(
            tuple(self._first()),
            tuple(linked for _, linked in sorted(second.items())),
        )
        return certificate if certificate.check(self._net) else None

    def _first(self) -> Iterator[Corner]:
        """The corners that say which hyperplanes belong to the first layer."""
        layers = FirstLayer()
        readings = []
        for star, reading in zip(self._bends.stars, self._bends.readings, strict=True):
            if reading.pattern in (Pattern.BEND, Pattern.FORK):
                readings.append(_as_corner(star, reading))
        news = True
        while news and not self._plain.planes() <= layers.first:
            news = False
            for each in readings:
                if layers.learn(each):
                    news = True
                    yield each.corner

    def _turn(self, number: int, pattern: Pattern) -> CornerReading | None:
        """A star at which a second-layer neuron bends; None for another one."""
        if pattern not in (Pattern.BEND, Pattern.FORK):
            return None
        reading = _as_corner(self._bends.stars[number], self._bends.readings[number])
        try:
            return self._plain.read(reading)
        except CertificateError:
            return None

    def _linked(self, start: int, seen: set[int]) -> Iterator[_Found]:
        """The corners of a neuron that are linked to one, nearer ones first."""
        numbers = {start: 0}
        seen.add(start)
        yield _Found(self._turns[start], -1, ())
        # Facets with the last corner before them and the points since.
        queue: deque[tuple[int, int, tuple[Corner, ...]]] = deque()
        entered: set[int] = set()

        def leave(number: int) -> None:
            turn, sheets = self._turns[number], self._bends.stars[number].sheets
            for ray, sheet in zip(turn.corner.rays, sheets, strict=True):
                if ray in turn.bent and sheet.facet not in entered:
                    entered.add(sheet.facet)
                    queue.append((sheet.facet, numbers[number], ()))

        leave(start)
        while queue:
            facet, parent, path = queue.popleft()
            inside = Corner(point_in(self._facets[facet].polyhedron, 0))
            for number in self._around[facet]:
                if number in self._turns:
                    if number not in numbers and self._bends_along(number, facet):
                        numbers[number] = len(numbers)
                        seen.add(number)
                        yield _Found(self._turns[number], parent, (*path, inside))
                        leave(number)
                    continue
                for following in self._straight_on(number, facet):
                    if following not in entered:
                        entered.add(following)
                        point = Corner(corner_at(self._bends.stars[number]).point)
                        queue.append((following, parent, (*path, inside, point)))

    def _straight_on(self, number: int, facet: int) -> Iterator[int]:
        """The facets that go on straight behind a star."""
        sheets = self._bends.stars[number].sheets
        for i, j in opposite_pairs([sheet.ray for sheet in sheets]):
            pair = sheets[i].facet, sheets[j].facet
            if facet in pair:
                yield pair[0] if pair[1] == facet else pair[1]

    def _bends_along(self, number: int, facet: int) -> bool:
        """Whether a facet belongs to what bends at a star."""
        turn, sheets = self._turns[number], self._bends.stars[number].sheets
        return any(
            sheet.facet == facet and ray in turn.bent
            for ray, sheet in zip(turn.corner.rays, sheets, strict=True)
        )

    def _is_usable(self, found: _Found) -> bool:
        try:
            self._plain.conditions([found.reading], (1,) * self._net.architecture[1])
        except CertificateError:
            return False
        return True

    def _chosen(self, neuron: int, found: list[_Found]) -> LinkedCorners | None:
        """A few of the corners, enough to determine the neuron; None if all are not."""
        here = [(k, each) for k, each in enumerate(found) if self._is_usable(each)]
        signs = (1,) * self._net.architecture[1]
        if not self._plain.is_determined(neuron, [each.reading for _, each in here], signs):
            return None
        # The other signs are for the checker, and the more corners, the fewer of them are possible.
        needed = {k for k, _ in here}
        for k in sorted(needed, reverse=True):
            while k:
                k = found[k].parent
                needed.add(k)
        places = {k: place for place, k in enumerate(sorted(needed))}
        return LinkedCorners(
            tuple(found[k].reading.corner for k in places),
            tuple(places[found[k].parent] for k in places if k),
            tuple(found[k].path for k in places if k),
        )


def _as_corner(star: Star, reading: Reading) -> CornerReading:
    corner = corner_at(star)
    straight, bent = (
        tuple(corner.rays[i] for i in positions) for positions in (reading.straight, reading.bent)
    )
    return CornerReading(corner, reading.pattern, straight, bent)
