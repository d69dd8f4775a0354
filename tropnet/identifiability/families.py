"""Straight lines of parameters along which a network stays the same function.

Let θ(s) = θ + s v.  There are three ways to prove that f_θ(s) = f_θ for all s of an interval, each
by deciding that finitely many pairs of networks are equal:

*Outputs.*  If v changes the output layer only, f is affine in s, so one s ≠ 0 is enough for all.

*Biases.*  If v changes biases only, (x, s) ↦ f_θ(s)(x) is a ReLU network itself, with s as one more
input; it is compared with f_θ on R^n times the interval.

*Segment.*  Let l be the first layer that v changes, and let v change, behind it, biases and weights
of layer l + 1 from neurons of layer l that it leaves alone: preactivations are then affine in s
where the layers before them are.  For each x let the values of every hidden layer at the middle of
a segment be the mean of those at its ends.  Since relu is convex, a neuron whose preactivation is
affine along the segment is affine itself then.  So by induction over the layers everything is
affine in s, and f_θ(s) is constant along the segment if it is equal at its ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tropnet.certificates.budget import Meter
from tropnet.certificates.dimension import Direction
from tropnet.comparison.equality import Equality, decide_equality
from tropnet.errors import InvalidInputError
from tropnet.exact import Number, to_fraction
from tropnet.identifiability.directions import moved
from tropnet.networks.layers import identity_layer
from tropnet.networks.network import ReLUNetwork
from tropnet.polyhedra import Polyhedron

_FRACTIONS = (1, Fraction(1, 16), Fraction(1, 2**8), Fraction(1, 2**16), Fraction(1, 2**32))


@dataclass(frozen=True)
class SymmetryFamily:
    """Networks with the same function, along a straight line of parameters.

    Attributes:
        net: The network at s = 0.
        direction: The direction of the line.
        lowest: The smallest s, at most 0; None if there is none.
        highest: The largest s, at least 0; None if there is none.
        proofs: The equalities of networks that prove it (see `families`).

    Guarantees:
        All members are the same function.  The interval need not be the largest.
    """

    net: ReLUNetwork
    direction: Direction
    lowest: Fraction | None
    highest: Fraction | None
    proofs: tuple[Equality, ...]

    def network(self, s: Number) -> ReLUNetwork:
        """The member for a parameter s of the interval.

        Raises:
            InvalidInputError: if s lies outside the interval.
        """
        step = to_fraction(s, "s")
        if (self.lowest is not None and step < self.lowest) or (
            self.highest is not None and step > self.highest
        ):
            raise InvalidInputError(f"s: {step} lies outside {self.interval}")
        return moved(self.net, self.direction, step)

    @property
    def interval(self) -> str:
        """The interval as text."""
        left = "(-oo" if self.lowest is None else f"[{self.lowest}"
        right = "oo)" if self.highest is None else f"{self.highest}]"
        return f"{left}, {right}"


class Line(NamedTuple):
    """What is known along a straight line.

    Attributes:
        family: An interval on which it is proved that the function stays the same; None if none is.
        members: Other steps, not 0, for which the moved network is proved to be equal.
    """

    family: SymmetryFamily | None
    members: tuple[Fraction, ...] = ()


def straight_line(net: ReLUNetwork, direction: Direction, meter: Meter) -> Line:
    """Looks for a family along a direction, on an interval as long as is easily proved.

    Raises:
        BudgetExceededError: when the budget runs out.
    """
    if all(entry.layer == len(net.layers) for entry in direction):
        answer = _compared(net, moved(net, direction, Fraction(1)), meter)
        sides = [_Side(None, (answer,)) if answer.equal else _Side(Fraction(0))] * 2
        return Line(_family(net, direction, sides))
    if all(entry.input is None for entry in direction):
        lifted, still = _with_parameter(net, direction), _with_parameter(net, ())
        sides = [_slabs(lifted, still, sign, _unit(net, direction), meter) for sign in (-1, 1)]
    else:
        sides = [_segments(net, direction, sign, meter) for sign in (-1, 1)]
    members = tuple(step for side in sides for step in side.members)
    return Line(_family(net, direction, sides), members)


class _Side(NamedTuple):
    """How far the family goes on one side (None: without end), and why."""

    end: Fraction | None
    proofs: tuple[Equality, ...] = ()
    members: tuple[Fraction, ...] = ()


def _family(
    net: ReLUNetwork, direction: Direction, sides: Sequence[_Side]
) -> SymmetryFamily | None:
    if all(side.end == 0 for side in sides):
        return None
    below, above = sides
    proofs = tuple(dict.fromkeys((*below.proofs, *above.proofs)))
    return SymmetryFamily(net, direction, below.end, above.end, proofs)


def _slabs(
    lifted: ReLUNetwork, still: ReLUNetwork, sign: int, unit: Fraction, meter: Meter
) -> _Side:
    """One side of a line that changes biases only."""
    for end in (None, *(sign * unit * size for size in _FRACTIONS)):
        slab = _slab(lifted.input_width - 1, sign, end)
        answer = _compared(lifted, still, meter, slab)
        if answer.equal:
            return _Side(end, (answer,))
    return _Side(Fraction(0))


def _with_parameter(net: ReLUNetwork, direction: Direction) -> ReLUNetwork:
    """The network (x, s) ↦ f_{θ + s v}(x) for a direction v that changes biases only.

    Every hidden layer passes s on as relu(s) − relu(−s).
    """
    rates = {(entry.layer, entry.neuron): entry.value for entry in direction}
    zero, one = Fraction(0), Fraction(1)
    layers = []
    for number, (weight, bias) in enumerate(net.layers, 1):
        passed = (one,) if number == 1 else (one, -one)
        rows = [
            [*row, *(rates.get((number, neuron), zero) * entry for entry in passed)]
            for neuron, row in enumerate(weight)
        ]
        constants = list(bias)
        if number < len(net.layers):
            rows += [[zero] * len(weight[0]) + [s * entry for entry in passed] for s in (one, -one)]
            constants += [zero, zero]
        layers.append((rows, constants))
    return ReLUNetwork(layers)


def _slab(inputs: int, sign: int, end: Fraction | None) -> Polyhedron:
    """The points (x, s) with s between 0 and `end`, or of one sign."""
    row = [0] * inputs
    rows, right = [[*row, -sign]], [Fraction(0)]
    if end is not None:
        rows.append([*row, sign])
        right.append(sign * end)
    return Polyhedron.from_inequalities(rows, right)


def _segments(net: ReLUNetwork, direction: Direction, sign: int, meter: Meter) -> _Side:
    """One side of a line that changes weights."""
    unit = _unit(net, direction)
    members: list[Fraction] = []
    for size in _FRACTIONS:
        end = sign * unit * size
        proofs = [_compared(net, moved(net, direction, end), meter)]
        if not proofs[0].equal:
            continue
        if _is_affine(direction):
            for left, right in _segment_questions(net, direction, end):
                proofs.append(_compared(left, right, meter))
                if not proofs[-1].equal:
                    break
            else:
                return _Side(end, tuple(proofs), tuple(members))
        members.append(end)
    return _Side(Fraction(0), (), tuple(members))


def _is_affine(direction: Direction) -> bool:
    """Whether no weight changes that is multiplied by a value that changes too."""
    first = min(entry.layer for entry in direction)
    changing = {entry.neuron for entry in direction if entry.layer == first}
    return all(
        entry.layer == first or (entry.layer == first + 1 and entry.input not in changing)
        for entry in direction
        if entry.input is not None
    )


def _segment_questions(
    net: ReLUNetwork, direction: Direction, end: Fraction
) -> Iterator[tuple[ReLUNetwork, ReLUNetwork]]:
    """Pairs of networks that are equal iff all hidden layers are affine along a segment."""
    first = min(entry.layer for entry in direction)
    far, middle = moved(net, direction, end), moved(net, direction, end / 2)
    for layer in range(first, net.depth + 1):
        start, mean, stop = (_truncated(each, layer) for each in (net, middle, far))
        yield mean, Fraction(1, 2) * (start + stop)


def _truncated(net: ReLUNetwork, layer: int) -> ReLUNetwork:
    """The values of a hidden layer as outputs."""
    layers = net.layers[:layer]
    return ReLUNetwork([*layers, identity_layer(len(layers[-1].bias))])


def _unit(net: ReLUNetwork, direction: Direction) -> Fraction:
    """A power of two that makes a direction about as long as the parameters it moves are."""
    sizes = [abs(e) for weight, bias in net.layers for row in (*weight, bias) for e in row if e]
    ratio = max(sizes, default=Fraction(1)) / max(abs(entry.value) for entry in direction)
    exponent = ratio.numerator.bit_length() - ratio.denominator.bit_length()
    return Fraction(2) ** exponent


def _compared(
    f: ReLUNetwork, g: ReLUNetwork, meter: Meter, domain: Polyhedron | None = None
) -> Equality:
    answer = decide_equality(f, g, domain, budget=meter.remaining())
    meter.add(answer.regions)
    return answer
