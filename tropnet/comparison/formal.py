"""Functions as formal expressions in shared rectified atoms.

An *atom* is an input or a rectified affine form a = relu(φ) whose φ is a formal affine form in
earlier atoms, with coprime integer coefficients and a fixed orientation.  Two rules rewrite every
neuron in atoms: relu(λφ) = λ relu(φ) for λ > 0, and relu(−φ) = relu(φ) − φ.  Two more dispose of
neurons with an obvious sign: a non-negative combination of rectified atoms is its own relu, and a
non-positive one has relu 0.

So permutations, rescalings, duplicate, split, cancelling and dead neurons, identity layers
z = relu(z) − relu(−z), and sign flips absorbed by linear parts all disappear, and networks that
agree up to these have the same expressions.  The converse is false: networks with different
expressions can be the same function, so a difference that is not formally zero decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple, TypeAlias

import flint

from tropnet.networks.layer_forms import IntegerRow, Level
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise import PiecewiseLinearFunction
from tropnet.piecewise.function_like import FunctionTuple, PiecewiseLinear
from tropnet.tropical import TropicalPolynomial, TropicalRational

Expression: TypeAlias = dict[int, flint.fmpq]
"""A formal affine form: coefficients by atom; the key `CONSTANT` is the constant term."""

Form: TypeAlias = tuple[tuple[int, int], ...]
"""The same with integer coefficients, as sorted (atom, coefficient) pairs."""

CONSTANT = -1
FIRST_CHOICE = -2
"""The atom of the first choice; the next is −3, and so on."""
_ZERO, _ONE = flint.fmpq(0), flint.fmpq(1)


class Rewriting(NamedTuple):
    """How a neuron relu(E) was rewritten.

    With `atom` None, E has an obvious sign and relu(E) is E or 0, as `scale` is 1 or 0.
    Otherwise E = scale · φ_atom, and relu(E) is scale · atom, plus E if scale < 0 (and then with
    |scale|).
    """

    atom: int | None
    scale: flint.fmpq


class PlainCell(NamedTuple):
    """A polyhedron: rows (a, b) with a·x ≤ b, and rows (c, d) with c·x = d."""

    inequalities: tuple[IntegerRow, ...]
    equations: tuple[IntegerRow, ...]

    def contains(self, point: Sequence[int]) -> bool:
        """Whether a point (x, t), or for t = 0 a direction, lies in it."""
        return all(_slack(row, point) >= 0 for row in self.inequalities) and not any(
            _slack(row, point) for row in self.equations
        )


class Choice(NamedTuple):
    """An atom that is one of several affine forms in the inputs at each point.

    Attributes:
        forms: The forms.
        cells: Where each of them holds; None if the largest holds.
    """

    forms: tuple[Form, ...]
    cells: tuple[PlainCell, ...] | None


class AtomTable:
    """The atoms that occur in some networks with equal input widths, each once.

    Atoms are numbered: first the inputs, then the rectified forms in the order of their discovery.

    Args:
        inputs: The number of inputs.

    Attributes:
        forms: The form φ of each rectified atom, in order: sorted (atom, coefficient) pairs.
        levels: For each rectified atom the length of the longest chain of atoms below it.
        choices: What each choice atom stands for: the largest of at least three affine forms, or
            an output of a piecewise linear function; number m is the atom FIRST_CHOICE − m.
    """

    def __init__(self, inputs: int) -> None:
        self.inputs = inputs
        self.forms: list[Form] = []
        self.levels: list[int] = []
        self.choices: list[Choice] = []
        self._index: dict[Form, int] = {}
        self._choice_index: dict[Choice, int] = {}

    def express(self, function: PiecewiseLinear) -> tuple[list[Expression], list[list[Rewriting]]]:
        """The outputs of a function as expressions, and how each rectification was rewritten.

        The rewritings come in one list for each hidden layer of a network, each polynomial, and
        each piecewise linear function.
        """
        if isinstance(function, ReLUNetwork):
            return self._network(function)
        if isinstance(function, TropicalPolynomial):
            value, rewritings = self._maximum(function)
            return [value], [rewritings]
        if isinstance(function, TropicalRational):
            top, above = self._maximum(function.numerator)
            bottom, below = self._maximum(function.denominator)
            return [combination((_ONE, -_ONE), _ZERO, (top, bottom))], [above, below]
        if isinstance(function, PiecewiseLinearFunction):
            return self._pieces(function)
        assert isinstance(function, FunctionTuple)
        parts = [self.express(part) for part in function.parts]
        return [v for values, _ in parts for v in values], [r for _, rules in parts for r in rules]

    def _network(self, net: ReLUNetwork) -> tuple[list[Expression], list[list[Rewriting]]]:
        values = self._variables()
        rewritings: list[list[Rewriting]] = []
        for depth, layer in enumerate(net.layers):
            weight, bias = [_flint(row) for row in layer.weight], _flint(layer.bias)
            values = [
                combination(row, constant, values)
                for row, constant in zip(weight, bias, strict=True)
            ]
            if depth < net.depth:
                rewritings.append(
                    [
                        self._rewriting(value, (*row, constant) if depth else ())
                        for value, row, constant in zip(values, weight, bias, strict=True)
                    ]
                )
                values = [
                    rectified(value, rule)
                    for value, rule in zip(values, rewritings[-1], strict=True)
                ]
        return values, rewritings

    def _maximum(self, polynomial: TropicalPolynomial) -> tuple[Expression, list[Rewriting]]:
        """The maximum of the monomials: max(a, b) = b + relu(a − b), more are one atom."""
        values = [
            combination(_flint(a), _flint((c,))[0], self._variables())
            for a, c in zip(polynomial.exponents, polynomial.coefficients, strict=True)
        ]
        if len(values) == 1:
            return values[0], []
        if len(values) == 2:
            excess = combination((_ONE, -_ONE), _ZERO, values)
            rule = self._rewriting(excess, ())
            positive = rectified(excess, rule)
            return combination((_ONE, _ONE), _ZERO, (values[1], positive)), [rule]
        value, rule = self._choice(values, None)
        return value, [rule]

    def _pieces(
        self, function: PiecewiseLinearFunction
    ) -> tuple[list[Expression], list[list[Rewriting]]]:
        """One atom for each output that is not affine."""
        cells = tuple(
            PlainCell(cell.polyhedron.inequalities, cell.polyhedron.equations)
            for cell in function.cells
        )
        outputs, rewritings = [], []
        for k in range(function.output_width):
            values = [
                combination(_flint(c.gradient[k]), _flint(c.constant)[k], self._variables())
                for c in function.cells
            ]
            if all(value == values[0] for value in values):
                outputs.append(values[0])
                continue
            value, rule = self._choice(values, cells)
            outputs.append(value)
            rewritings.append(rule)
        return outputs, [rewritings]

    def _choice(
        self, values: Sequence[Expression], cells: tuple[PlainCell, ...] | None
    ) -> tuple[Expression, Rewriting]:
        """The atom for one of several affine functions, not all zero."""
        entries = [entry for value in values for entry in value.values()]
        common = lcm(*(int(entry.q) for entry in entries))
        divisor = gcd(*(int((entry * common).p) for entry in entries))
        scale = flint.fmpq(divisor, common)
        forms = tuple(
            tuple((atom, int((entry / scale).p)) for atom, entry in sorted(value.items()))
            for value in values
        )
        choice = Choice(forms, cells)
        number = self._choice_index.setdefault(choice, len(self.choices))
        if number == len(self.choices):
            self.choices.append(choice)
        atom = FIRST_CHOICE - number
        return {atom: scale}, Rewriting(atom, scale)

    def _variables(self) -> list[Expression]:
        return [{i: _ONE} for i in range(self.inputs)]

    def _rewriting(self, expression: Expression, row: Sequence[flint.fmpq]) -> Rewriting:
        """The rule for relu(E); `row` are the neuron's parameters if its inputs are rectified."""
        # A row is given where the neuron's inputs are rectified; rectified atoms are, too.
        sign = _common_sign(row) if row else None
        if sign is None and not any(0 <= atom < self.inputs for atom in expression):
            sign = _common_sign(tuple(expression.values()))
        if sign is not None:
            return Rewriting(None, flint.fmpq(sign))
        items = sorted(expression.items())
        if items[0][0] == CONSTANT:
            items.append(items.pop(0))  # the constant does not decide the orientation
        common = lcm(*(int(value.q) for _, value in items))
        integers = [int((value * common).p) for _, value in items]
        divisor = gcd(*integers) if integers[0] > 0 else -gcd(*integers)
        form = tuple(
            (atom, entry // divisor) for (atom, _), entry in zip(items, integers, strict=True)
        )
        number = self._index.get(form)
        if number is None:
            number = self._index[form] = self.inputs + len(self.forms)
            self.forms.append(form)
            below = [self.levels[a - self.inputs] for a, _ in form if a >= self.inputs]
            self.levels.append(1 + max(below, default=-1))
        return Rewriting(number, flint.fmpq(divisor, common))


def combination(
    row: Sequence[flint.fmpq], constant: flint.fmpq, values: Sequence[Expression]
) -> Expression:
    """The expression Σ row[i] · values[i] + constant."""
    result: Expression = {CONSTANT: constant} if constant else {}
    for weight, value in zip(row, values, strict=True):
        if weight:
            for atom, entry in value.items():
                total = result.get(atom, _ZERO) + weight * entry
                if total:
                    result[atom] = total
                else:
                    del result[atom]
    return result


def rectified(expression: Expression, rule: Rewriting) -> Expression:
    """The relu of an expression, rewritten by a rule that fits it."""
    if rule.atom is None:
        return expression if rule.scale else {}
    if rule.scale > 0:
        return {rule.atom: rule.scale}
    return combination((-rule.scale, _ONE), _ZERO, ({rule.atom: _ONE}, expression))


class FormalDifference:
    """The difference of two networks as expressions in shared atoms, ready for the region engine.

    Attributes:
        table: All atoms of both networks.
        rewritings: For each of the two networks, how its hidden neurons were rewritten.
        outputs: The difference of the outputs, one expression each.
        atoms: The rectified atoms on which `outputs` depends, by level, each level in order.
        choices: The choice atoms on which `outputs` depends, in order.
    """

    def __init__(self, f: PiecewiseLinear, g: PiecewiseLinear) -> None:
        self.table = AtomTable(f.input_width)
        values_f, rewritings_f = self.table.express(f)
        values_g, rewritings_g = self.table.express(g)
        self.rewritings = (rewritings_f, rewritings_g)
        signs = (_ONE, -_ONE)
        self.outputs = [
            combination(signs, _ZERO, pair) for pair in zip(values_f, values_g, strict=True)
        ]
        self.atoms = self._needed()
        used = {atom for output in self.outputs for atom in output if atom <= FIRST_CHOICE}
        self.choices = sorted(used, reverse=True)

    @property
    def is_zero(self) -> bool:
        """Whether the two networks have the same expressions, hence are the same function."""
        return not any(self.outputs)

    @property
    def atom_count(self) -> int:
        """The number of rectified atoms on which the difference depends."""
        return sum(map(len, self.atoms))

    def hyperplanes(self) -> list[tuple[int, ...]]:
        """Rows (a, b) of the hyperplanes a·x + b = 0 of the first level, and between cells."""
        columns = [*range(self.table.inputs), CONSTANT]
        forms = [dict(self._form(atom)) for level in self.atoms[:1] for atom in level]
        rows = [tuple(form.get(column, 0) for column in columns) for form in forms]
        return rows + self._walls()

    def differs_at(self, point: Sequence[int]) -> bool:
        """Whether the networks differ at (x, t); for t = 0, whether they differ far out.

        Constants count t times.  Where this is not zero for a direction (x, 0), the difference
        grows linearly along all rays in that direction, from some point on.
        """
        values = {CONSTANT: point[-1], **dict(enumerate(point[:-1]))}
        for level in self.atoms:
            for atom in level:
                values[atom] = max(0, sum(c * values[k] for k, c in self._form(atom)))
        for atom in self.choices:
            choice = self.choice(atom)
            heights = [sum(c * values[k] for k, c in form) for form in choice.forms]
            if choice.cells is None:
                values[atom] = max(heights)
            else:
                values[atom] = heights[
                    next(i for i, cell in enumerate(choice.cells) if cell.contains(point))
                ]
        return any(sum(c * values[k] for k, c in output.items()) for output in self.outputs)

    def levels(self) -> list[Level]:
        """The needed rectified atoms as levels of the region engine.

        A last level, which none reads, has the hyperplanes between the cells of choice atoms: each
        region then lies in one cell.
        """
        rows = [[dict(self._form(atom)) for atom in level] for level in self.atoms]
        levels = [self._level(forms) for forms in rows]
        walls = self._walls()
        return [*levels, Level(flint.fmpz_mat(walls), (), True)] if walls else levels

    def output_level(self, choices: Sequence[int] = ()) -> Level:
        """The difference as a level that reads the rectified atoms.

        Args:
            choices: For each of `choices` the number of the form that holds.
        """
        expressions = []
        for output in self.outputs:
            parts = [{k: c for k, c in output.items() if k > FIRST_CHOICE}]
            factors = [_ONE]
            for atom, number in zip(self.choices, choices, strict=True):
                if atom in output:
                    form = self.choice(atom).forms[number]
                    parts.append({k: flint.fmpq(c) for k, c in form})
                    factors.append(output[atom])
            # One denominator for all choices: the factor between difference and row is constant.
            common = lcm(*(int(value.q) for value in output.values()), 1)
            combined = combination(factors, _ZERO, parts)
            expressions.append({k: int((value * common).p) for k, value in combined.items()})
        return self._level(expressions, reads_inputs=True)

    def choice_rows(self, atom: int) -> list[tuple[int, ...]]:
        """The forms of a choice atom as rows (a, b), a·x + b."""
        columns = [*range(self.table.inputs), CONSTANT]
        forms = [dict(form) for form in self.choice(atom).forms]
        return [tuple(form.get(column, 0) for column in columns) for form in forms]

    def choice(self, atom: int) -> Choice:
        """What a choice atom stands for."""
        return self.table.choices[FIRST_CHOICE - atom]

    def _walls(self) -> list[tuple[int, ...]]:
        """The hyperplanes of the facets of the cells of choice atoms, each once, as (a, −b)."""
        rows = {
            max(row, tuple(-entry for entry in row))
            for atom in self.choices
            for cell in self.choice(atom).cells or ()
            for row in cell.inequalities
        }
        return [(*row[:-1], -row[-1]) for row in sorted(rows)]

    def _form(self, atom: int) -> Form:
        return self.table.forms[atom - self.table.inputs]

    def _level(self, forms: list[dict[int, int]], *, reads_inputs: bool = False) -> Level:
        inputs = self.table.inputs
        used = {atom for form in forms for atom in form}
        sources = tuple(
            number for number, level in enumerate(self.atoms) if not used.isdisjoint(level)
        )
        reads_inputs = reads_inputs or not sources or any(0 <= k < inputs for k in used)
        columns = [atom for source in sources for atom in self.atoms[source]]
        columns += [*(range(inputs) if reads_inputs else ()), CONSTANT]
        matrix = [[form.get(atom, 0) for atom in columns] for form in forms]
        return Level(flint.fmpz_mat(matrix), sources, reads_inputs)

    def _needed(self) -> list[list[int]]:
        table = self.table
        pending = [atom for output in self.outputs for atom in output if atom >= table.inputs]
        needed: set[int] = set()
        while pending:
            atom = pending.pop()
            if atom not in needed:
                needed.add(atom)
                pending += [below for below, _ in self._form(atom) if below >= table.inputs]
        depth = 1 + max((table.levels[atom - table.inputs] for atom in needed), default=-1)
        by_level: list[list[int]] = [[] for _ in range(depth)]
        for atom in sorted(needed):
            by_level[table.levels[atom - table.inputs]].append(atom)
        return by_level


def _slack(row: Sequence[int], point: Sequence[int]) -> int:
    """b·t − a·x for a row (a, b) and a point (x, t)."""
    return row[-1] * point[-1] - sum(a * x for a, x in zip(row[:-1], point[:-1], strict=True))


def _common_sign(numbers: Sequence[flint.fmpq]) -> int | None:
    """0 if all numbers are ≤ 0, 1 if all are ≥ 0, None otherwise."""
    if all(number <= 0 for number in numbers):
        return 0
    return 1 if all(number >= 0 for number in numbers) else None


def _flint(numbers: Sequence[Fraction]) -> list[flint.fmpq]:
    return [flint.fmpq(number.numerator, number.denominator) for number in numbers]
