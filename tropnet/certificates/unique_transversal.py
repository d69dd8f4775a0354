"""Proofs that a network with two hidden layers is the only transversal one with its function.

Let g be a transversal network with the architecture of a given network and the same function f.

*First layer.*  Where a neuron bends at another (a BEND, see `star_pattern`), the straight one lies
in a less deep layer, so in the first, and what bends in the second.  All facets in one hyperplane
belong to the same layer, if it is a hyperplane of the first.  Where three half-hyperplanes fork,
one lies in the first layer, and the others belong to a neuron of the second.  If it follows in this
way that the n_1 different hyperplanes of the given network's first layer are first-layer ones, they
are the hyperplanes H_i = 0 of g's first layer, whose n_1 neurons they use up.

*Second layer.*  What bends lies in the second layer.  Let g's first-layer neurons be active where
s_i H_i > 0, the s_i being signs relative to the given network, and let a neuron B of g bend at some
corners that are linked along its facets.  Its preactivation is z = Σ κ_i relu(s_i H_i) + β.  Near
such a corner only the hyperplane that it bends at passes through it, and that z vanishes along both
half-hyperplanes of B is linear in (κ, β).  If for other signs than s = (1, …, 1) the equations of
some neuron of the given network have only solutions with κ_i = 0 for a hyperplane that it bends at,
g does not have these signs.  If for s = (1, …, 1) the equations of each neuron have one solution up
to a factor, it is the preactivation of a neuron of the given network, and g's n_2 neurons are used
up.  Where no other neuron of the given network vanishes near one of the corners, both networks jump
there by the outgoing weights times the slope of z, so these agree once z is scaled and turned as in
the given network.

*Active sides.*  So g differs by some neurons T of the second layer being read on their other side.
Then Σ_{B∈T} v_B z_B is constant, so Σ_{B∈T} v_B κ_Bi = 0 for every i, the relu(H_i) being
independent modulo affine functions.  If that holds for no T but the empty one, g is the given
network up to permutation and positive scaling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

from tropnet.certificates.corner import Corner, CornerReading, corners, verify_corner
from tropnet.certificates.neuron_path import Path, paths, verify_path
from tropnet.certificates.plain import IntegerRow, entries, layer_rows, require
from tropnet.certificates.records import Proof
from tropnet.certificates.shallow_width import partial_sums
from tropnet.certificates.star_pattern import Pattern
from tropnet.errors import CertificateError
from tropnet.exact import (
    Matrix,
    Vector,
    dot,
    nullspace,
    primitive_vector,
    rank,
    to_matrix,
    to_vector,
)


@dataclass(frozen=True)
class LinkedCorners:
    """Corners at which one neuron bends.

    Attributes:
        corners: The corners.
        parents: For each but the first one, an earlier corner by its number.
        paths: For each but the first one, the way from that corner along facets of the neuron.
    """

    corners: tuple[Corner, ...]
    parents: tuple[int, ...] = ()
    paths: tuple[Path, ...] = ()

    def data(self) -> dict[str, Any]:
        """The corners as plain JSON data."""
        return {
            "corners": [corner.data() for corner in self.corners],
            "parents": list(self.parents),
            "paths": [[corner.data() for corner in path] for path in self.paths],
        }

    @classmethod
    def from_data(cls, data: Any) -> LinkedCorners:
        """The corners from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(
            isinstance(data, dict) and set(data) == {"corners", "parents", "paths"},
            "linked corners need exactly the keys 'corners', 'parents' and 'paths'",
        )
        parents = entries(data["parents"], int, "parents")
        return cls(
            corners(data["corners"], "corners"), tuple(parents), paths(data["paths"], "paths")
        )


@dataclass(frozen=True, repr=False)
class UniqueTransversalCertificate(Proof):
    """A proof that a network with two hidden layers is the only transversal one with its function.

    Attributes:
        first: Corners at which a neuron bends, from which it follows, one after the other, which
            hyperplanes are those of the first layer.
        second: For each neuron of the second layer corners at which it bends.
    """

    claim: ClassVar[str] = "identifiable among transversal networks"
    statement: ClassVar[str] = (
        "every transversal network of the same architecture with the same function is this one, "
        "up to permutation and positive scaling"
    )

    first: tuple[Corner, ...]
    second: tuple[LinkedCorners, ...]

    def check(self, f: Any) -> bool:
        """Whether this proves that a network is the only transversal one of its architecture.

        Args:
            f: A network as plain data (see `plain`).

        Guarantees:
            True proves it.  False says that this is no proof for f.
        """
        if not hasattr(f, "layers"):
            return False
        try:
            layer_rows(f)
            self._verify(f)
        except CertificateError:
            return False
        return True

    def _verify(self, f: Any) -> None:
        require(len(f.layers) == 3, "the network does not have two hidden layers")
        net = PlainNetwork(f)
        require(net.inputs > 1, "a function of one variable has no corners")
        require(len(self.second) == len(net.second), "not one entry for each second-layer neuron")
        require(
            net.planes_differ() and net.planes() <= self._first_layer(f, net.inputs),
            "not every first-layer neuron is shown to be one",
        )
        neurons = []
        for neuron, linked in enumerate(self.second):
            readings = list(_readings(f, net, linked))
            require(
                all(net.vanishing(corner.point) == [neuron] for corner in linked.corners),
                "not exactly one second-layer neuron vanishes at its corners",
            )
            neurons.append(readings)
        first, *others = product((1, -1), repeat=len(net.first))
        require(
            all(net.is_determined(k, readings, first) for k, readings in enumerate(neurons)),
            "the corners of a second-layer neuron do not determine it",
        )
        require(
            not any(all(net.may_bend(readings, signs) for readings in neurons) for signs in others),
            "first-layer neurons may be active on their other side",
        )
        require(net.has_no_flips(), "second-layer neurons can be read on their other side")

    def _first_layer(self, f: Any, inputs: int) -> set[IntegerRow]:
        """Hyperplanes of the first layer."""
        layers = FirstLayer()
        for corner in self.first:
            layers.learn(verify_corner(f, corner, inputs))
        return layers.first

    def data(self) -> dict[str, Any]:
        """The certificate as plain JSON data."""
        return {
            "first": [corner.data() for corner in self.first],
            "second": [linked.data() for linked in self.second],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> UniqueTransversalCertificate:
        """The certificate from plain JSON data.

        Raises:
            CertificateError: if the data is malformed.
        """
        require(set(data) == {"first", "second"}, "expected exactly the keys 'first' and 'second'")
        second = entries(data["second"], dict, "second")
        return cls(corners(data["first"], "first"), tuple(map(LinkedCorners.from_data, second)))


def _readings(f: Any, net: PlainNetwork, linked: LinkedCorners) -> Iterator[CornerReading]:
    """The corners of a neuron, read and linked to the first one."""
    require(
        len(linked.corners) == len(linked.parents) + 1 == len(linked.paths) + 1,
        "not one way to each corner but the first",
    )
    known: list[CornerReading] = []
    for k, corner in enumerate(linked.corners):
        reading = net.read(verify_corner(f, corner, net.inputs))
        if k:
            require(0 <= linked.parents[k - 1] < k, "a corner is linked to none before it")
            start = known[linked.parents[k - 1]]
            along = start._replace(straight=start.bent)
            verify_path(f, along, linked.paths[k - 1], reading, net.inputs)
        known.append(reading)
        yield reading


class FirstLayer:
    """What corners say about which hyperplanes belong to the first of two hidden layers.

    Attributes:
        first: Hyperplanes of the first layer: primitive rows (u, −c) for u·x = c.
        second: Hyperplanes in which second-layer neurons have facets.
    """

    def __init__(self) -> None:
        self.first: set[IntegerRow] = set()
        self.second: set[IntegerRow] = set()

    def learn(self, reading: CornerReading) -> bool:
        """Learns from one more corner; whether that was something new."""
        before = len(self.first) + len(self.second)
        corner = reading.corner
        if reading.pattern is Pattern.BEND:
            self.first.add(hyperplane(corner, reading.straight[0]))
            self.second.update(hyperplane(corner, ray) for ray in reading.bent)
        if reading.pattern is Pattern.FORK:
            planes = {hyperplane(corner, ray) for ray in corner.rays}
            if len(planes - self.second) == 1:
                self.first |= planes - self.second
            if planes & self.first:
                self.second |= planes - self.first
        return len(self.first) + len(self.second) > before


def hyperplane(corner: Corner, ray: IntegerRow) -> IntegerRow:
    """The hyperplane of a ray of a corner, as a primitive row (u, −c)."""
    (normal,) = nullspace((*corner.lines, ray), len(corner.point))
    return _primitive((*normal, -dot(normal, corner.point)))


def _primitive(row: Sequence[Fraction | int]) -> IntegerRow:
    entries_ = primitive_vector(row)
    sign = next(1 if entry > 0 else -1 for entry in entries_ if entry)
    return tuple(sign * entry for entry in entries_)


class PlainNetwork:
    """The layers of a network with two hidden layers, and the conditions on its neurons.

    Args:
        f: A network as plain data.
    """

    def __init__(self, f: Any) -> None:
        (first, offsets), (second, constants), (outer, _) = f.layers
        self.first: Matrix = to_matrix(first, "weight")
        self.second: Matrix = to_matrix(second, "weight")
        self.inputs = len(self.first[0])
        self._offsets: Vector = to_vector(offsets, "bias")
        self._constants: Vector = to_vector(constants, "bias")
        self._outer: Matrix = to_matrix(outer, "weight")

    def planes_differ(self) -> bool:
        """Whether each first-layer neuron vanishes on a hyperplane, no two on the same one."""
        return all(map(any, self.first)) and len(self.planes()) == len(self.first)

    def planes(self) -> set[IntegerRow]:
        """The hyperplanes of the first layer, as primitive rows (u, −c)."""
        rows = zip(self.first, self._offsets, strict=True)
        return {_primitive((*row, bias)) for row, bias in rows if any(row)}

    def read(self, reading: CornerReading) -> CornerReading:
        """A corner at which a second-layer neuron bends at a first-layer one, as a BEND."""
        if reading.pattern is Pattern.FORK:
            corner = reading.corner
            straight = [ray for ray in corner.rays if self._planes(corner, ray)]
            require(len(straight) == 1, "a fork has not one facet in the first layer")
            bent = tuple(ray for ray in corner.rays if ray not in straight)
            return CornerReading(corner, Pattern.BEND, tuple(straight), bent)
        require(reading.pattern is Pattern.BEND, "no neuron bends at a corner")
        return reading

    def plane_along(self, reading: CornerReading) -> int | None:
        """The first-layer neuron that vanishes along the straight neuron at a corner."""
        found = self._planes(reading.corner, reading.straight[0])
        return found[0] if found else None

    def _planes(self, corner: Corner, ray: IntegerRow) -> list[int]:
        return [
            i
            for i, row in enumerate(self.first)
            if not self._height(i, corner.point)
            and not any(dot(row, vector) for vector in (ray, *corner.lines))
        ]

    def _height(self, i: int, point: Vector) -> Fraction:
        return dot(self.first[i], point) + self._offsets[i]

    def vanishing(self, point: Vector) -> list[int]:
        """The second-layer neurons that vanish at a point."""
        outputs = [max(self._height(i, point), Fraction(0)) for i in range(len(self.first))]
        values = [
            dot(row, outputs) + bias for row, bias in zip(self.second, self._constants, strict=True)
        ]
        return [k for k, z in enumerate(values) if not z]

    def is_determined(
        self, neuron: int, readings: Sequence[CornerReading], signs: Sequence[int]
    ) -> bool:
        """Whether a neuron solves the equations at some corners, alone up to a factor."""
        rows = self.conditions(readings, signs)
        solution = (*self.second[neuron], self._constants[neuron])
        return not any(dot(row, solution) for row in rows) and rank(rows) == len(solution) - 1

    def may_bend(self, readings: Sequence[CornerReading], signs: Sequence[int]) -> bool:
        """Whether some solution of the equations at some corners bends at all of them."""
        basis = nullspace(self.conditions(readings, signs), len(self.first) + 1)
        bends = {self.plane_along(reading) for reading in readings}
        return all(any(vector[i] for vector in basis) for i in bends if i is not None)

    def conditions(self, readings: Sequence[CornerReading], signs: Sequence[int]) -> list[Vector]:
        """The equations for (κ, β) of a neuron that bends at some corners, s being given."""
        return [row for reading in readings for row in self._conditions(reading, signs)]

    def _conditions(self, reading: CornerReading, signs: Sequence[int]) -> Iterator[Vector]:
        corner = reading.corner
        numbers = range(len(self.first))
        heights = [signs[i] * self._height(i, corner.point) for i in numbers]
        bends = [i for i in numbers if not heights[i]]
        require(
            bends == self._planes(corner, reading.straight[0]) and len(bends) == 1,
            "not exactly one first-layer neuron vanishes at a corner",
        )
        yield (*(max(height, Fraction(0)) for height in heights), Fraction(1))
        for vector in (*corner.lines, *reading.bent):
            slopes = [signs[i] * dot(self.first[i], vector) for i in numbers]
            active = (heights[i] > 0 or (i in bends and slopes[i] > 0) for i in numbers)
            pairs = zip(slopes, active, strict=True)
            yield (*(slope if on else Fraction(0) for slope, on in pairs), Fraction(0))

    def has_no_flips(self) -> bool:
        """Whether no second-layer neurons can be read on their other side together."""
        columns = zip(*self._outer, strict=True)
        return _no_sum_is_zero(
            [
                tuple(v * entry for v in column for entry in row)
                for column, row in zip(columns, self.second, strict=True)
            ]
        )


def _no_sum_is_zero(vectors: Sequence[Vector]) -> bool:
    """Whether only the empty sum of some vectors is 0, each used at most once."""
    half = len(vectors) // 2
    zero = (Fraction(0),) * len(vectors[0])
    first = Counter(partial_sums(zero, vectors[:half]))
    others = partial_sums(zero, vectors[half:])
    return sum(first[tuple(-entry for entry in total)] for total in others) == 1
