"""Looks for finitely many points on which no network of an architecture agrees with a function.

A branch of cases that has a solution is a network, if the second hidden layer has one neuron.  It
is compared with the function: if they are equal the network is found, else the point where they
differ is the next to be looked at.  (For more neurons in the second layer a solution need not be a
network; then given points are gone through.)
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tropnet.certificates.budget import Meter
from tropnet.certificates.exclusions.scalar import BiasFree, Combination
from tropnet.certificates.exclusions.sign_cases import (
    CaseSystem,
    Constraint,
    Contradiction,
    SignCases,
    Signs,
    Split,
    Tree,
    sign_choices,
    target_values,
)
from tropnet.comparison.equality import decide_equality
from tropnet.exact import Vector, dot
from tropnet.networks.network import ReLUNetwork
from tropnet.polyhedra.linear_program import LinearProgramStatus, solve_linear_program

_MOST_POINTS = 12  # in one branch: where points converge, no finite number of them decides


class InconclusiveError(Exception):
    """The points, or the work that is allowed, are used up."""


class NetworkFoundError(Exception):
    """A network of the architecture is the function.

    Attributes:
        network: The network.
    """

    def __init__(self, network: ReLUNetwork) -> None:
        super().__init__()
        self.network = network


def exclude_by_points(
    net: ReLUNetwork,
    architecture: tuple[int, ...],
    points: Sequence[Vector],
    meter: Meter,
    *,
    recession: bool,
    functional: Vector,
    most_programs: int,
) -> SignCases | ReLUNetwork | None:
    """Points that exclude an architecture with two hidden layers, or a network that has it.

    Args:
        net: The function.
        architecture: (n, k_1, k_2, m).
        points: Points to begin with, at least one.
        meter: Counts the linear programs.
        recession: Whether to look at the function of recession, and networks without biases.
        functional: The combination of outputs to look at.
        most_programs: How many linear programs to solve at most.

    Returns:
        The exclusion; or a network, for scalar functions and if `recession` is off, that is the
        function; or None if neither was found.
    """
    search = _Search(net, architecture, points, meter, recession, functional, most_programs)
    try:
        trees = tuple(
            search.tree(signs) for signs in sign_choices((architecture[1], architecture[2]))
        )
    except InconclusiveError:
        return None
    except NetworkFoundError as found:
        return found.network
    return SignCases(architecture, functional, recession, tuple(search.points), trees)


class _Search:
    def __init__(
        self,
        net: ReLUNetwork,
        architecture: tuple[int, ...],
        points: Sequence[Vector],
        meter: Meter,
        recession: bool,
        functional: Vector,
        most_programs: int,
    ) -> None:
        self._net = net
        self._architecture = architecture
        self.points = list(points)
        self._meter = meter
        self._recession = recession
        self._functional = functional
        self._programs_left = most_programs
        self._targets = target_values(net, functional, tuple(points), recession)
        combined = Combination(net, functional)
        self._scalar = ReLUNetwork((BiasFree(combined) if recession else combined).layers)

    def tree(self, signs: Signs) -> Tree:
        """The cases of one choice of signs.

        Raises:
            InconclusiveError: if they cannot all be refuted.
            NetworkFoundError: if one of them is the function.
        """
        system = CaseSystem(signs, self.points, self._targets, self._recession)
        return self._branch(system, (Fraction(0),) * system.size, ())

    def _branch(self, system: CaseSystem, solution: Vector, done: tuple[int, ...]) -> Tree:
        """The cases below a branch that has a solution, all its points being decided."""
        point = self._next_point(system, solution, done)
        return self._split(system, solution, point, (*done, point))

    def _split(
        self, system: CaseSystem, solution: Vector, point: int, done: tuple[int, ...]
    ) -> Tree:
        literal = system.open_literal(point)
        if literal is None:
            return self._branch(system, solution, done)
        count = len(system.constraints)
        branches: list[Tree] = []
        for on in (True, False):
            system.decide(literal, on)
            found = self._solved(system, solution, count)
            if isinstance(found, Contradiction):
                branches.append(found)
            else:
                branches.append(self._split(system, found, point, done))
            system.undo(literal, count)
        if isinstance(branches[0], Contradiction) and not _uses(branches[0], count):
            return branches[0]
        return Split(literal, branches[0], branches[1])

    def _solved(self, system: CaseSystem, solution: Vector, count: int) -> Vector | Contradiction:
        """A solution of the constraints, or why there is none."""
        if all(_holds(constraint, solution) for constraint in system.constraints[count:]):
            return solution
        if not self._programs_left:
            raise InconclusiveError
        self._programs_left -= 1
        self._meter.add(1)
        numbered = list(enumerate(system.constraints))
        rows = [(k, c) for k, c in numbered if not c.is_equation]
        equal = [(k, c) for k, c in numbered if c.is_equation]
        answer = solve_linear_program(
            [0] * system.size,
            [c.row for _, c in rows],
            [c.bound for _, c in rows],
            ([c.row for _, c in equal], [c.bound for _, c in equal]),
        )
        if answer.status is LinearProgramStatus.INFEASIBLE:
            assert answer.multipliers is not None
            assert answer.equation_multipliers is not None
            pairs = [
                *zip(rows, answer.multipliers, strict=True),
                *zip(equal, answer.equation_multipliers, strict=True),
            ]
            return Contradiction(tuple(sorted((k, y) for (k, _), y in pairs if y)))
        assert answer.point is not None
        return answer.point

    def _next_point(self, system: CaseSystem, solution: Vector, done: tuple[int, ...]) -> int:
        """A point that was not decided yet, if possible one where a solution is wrong."""
        if len(done) >= _MOST_POINTS:
            raise InconclusiveError
        others = [j for j in range(len(self.points)) if j not in done]
        if len(system.signs.outer) > 1:
            if not others:
                raise InconclusiveError
            return others[0]
        candidate = self._network(system.signs, solution)
        for j in others:
            if candidate(self.points[j])[0] != self._targets[j]:
                return j
        witness = decide_equality(self._scalar, candidate).witness
        if witness is None:
            if self._recession or self._net.output_width > 1:
                raise InconclusiveError
            raise NetworkFoundError(candidate)
        self.points.append(witness)
        self._targets.append(self._scalar(witness)[0])
        return len(self.points) - 1

    def _network(self, signs: Signs, solution: Vector) -> ReLUNetwork:
        """The network that a solution describes."""
        free = 0 if self._recession else 1
        inputs, width = self._architecture[0], self._architecture[1]
        constant, outer = (solution[0], solution[1]) if free else (Fraction(0), Fraction(0))
        forms = [
            solution[2 * free + i * (inputs + free) : 2 * free + (i + 1) * (inputs + free)]
            for i in range(width)
        ]
        return ReLUNetwork(
            [
                ([f[:inputs] for f in forms], [f[inputs] if free else 0 for f in forms]),
                ([[column[0] for column in signs.inner]], [outer]),
                ([[signs.outer[0]]], [constant]),
            ]
        )


def _holds(constraint: Constraint, solution: Vector) -> bool:
    value = dot(constraint.row, solution)
    return value == constraint.bound if constraint.is_equation else value <= constraint.bound


def _uses(contradiction: Contradiction, count: int) -> bool:
    """Whether a contradiction needs a constraint that is not among the first ones."""
    return any(number >= count for number, _ in contradiction.terms)
