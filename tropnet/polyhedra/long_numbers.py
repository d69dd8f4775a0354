"""Numbers of any length into cddlib and out of it.

pycddlib hands over long numbers as text, which Python makes and reads up to 4300 digits only.
cddlib itself, and the text in which it prints a result, know no limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TypeVar

import cdd.gmp
import flint

Row = Sequence[int | Fraction]
T = TypeVar("T")


class _LongInteger(int):
    """An integer whose text may have any length."""

    def __str__(self) -> str:
        return str(flint.fmpz(int(self)))

    def __format__(self, specification: str) -> str:
        return str(self)


class _LongFraction(Fraction):
    """A Fraction whose text, in one piece or in two, may have any length."""

    @property
    def numerator(self) -> int:
        return _LongInteger(super().numerator)

    @property
    def denominator(self) -> int:
        return _LongInteger(super().denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def with_rows(build: Callable[[Sequence[Row]], T], rows: Sequence[Row]) -> T:
    """What one of pycddlib's functions makes of rows of numbers."""
    try:
        return build(rows)
    except ValueError:
        return build([[_LongFraction(entry) for entry in row] for row in rows])


def rows_of(matrix: cdd.gmp.Matrix) -> Sequence[Sequence[Fraction]]:
    """The rows of a matrix."""
    try:
        return matrix.array
    except ValueError:
        # … begin / 2 3 rational / 1 0 1/2 / … / end
        lines = str(matrix).splitlines()
        start = lines.index("begin") + 2
        end = lines.index("end", start)
        return [list(map(_number, line.split())) for line in lines[start:end]]


def solutions_of(
    program: cdd.gmp.LinProg,
) -> tuple[Sequence[Fraction], Sequence[tuple[int, Fraction]]]:
    """The primal solution of a linear program, and the dual one as pairs (row, multiplier)."""
    try:
        return program.primal_solution, program.dual_solution
    except ValueError:
        # … primal_solution / 1 : 7/3 / … / dual_solution / 2 : 1 / … / optimal_value : 5 / …
        lines = [line.split() for line in str(program).splitlines()]
        first, second = (lines.index([name]) for name in ("primal_solution", "dual_solution"))
        last = next(i for i, words in enumerate(lines) if words[:1] == ["optimal_value"])
        primal, dual = (
            [(int(place) - 1, _number(text)) for place, _, text in part]
            for part in (lines[first + 1 : second], lines[second + 1 : last])
        )
        return [number for _, number in sorted(primal)], dual


def _number(text: str) -> Fraction:
    above, _, below = text.partition("/")
    return Fraction(int(flint.fmpz(above)), int(flint.fmpz(below or "1")))
