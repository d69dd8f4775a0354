"""Between inequalities and generators: cddlib's double description method, exact.

Rows are homogeneous: an inequality or equation (a, b) means a·x + b ≥ 0 or = 0, a generator is
(x, t) with t = 1 for a vertex and t = 0 for a ray or line.  All entries are integers.

References:
    Fukuda and Prodon, *Double description method revisited*, 1996 (cddlib, through pycddlib).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import cdd.gmp
import flint

from tropnet.errors import TropnetError
from tropnet.exact import primitive_vector
from tropnet.polyhedra.double_description import IntegerRow
from tropnet.polyhedra.long_numbers import rows_of, with_rows


def generators_of(
    inequalities: Sequence[IntegerRow], equations: Sequence[IntegerRow], dimension: int
) -> tuple[list[IntegerRow], list[IntegerRow]]:
    """The generators (vertices and rays) and the lines of {x : inequalities ≥ 0, equations = 0}.

    Guarantees:
        Every generator was checked against every inequality and equation by exact arithmetic.
    """
    # t ≥ 0 keeps cddlib from being handed no rows at all.
    rows = [*inequalities, (0,) * dimension + (1,)]
    generators, lines = _convert(rows, equations, cdd.RepType.INEQUALITY)
    if generators and _has_negative((*rows, *equations), generators):
        raise TropnetError("cddlib returned a generator outside its polyhedron")
    return generators, lines


def inequalities_of(
    generators: Sequence[IntegerRow], lines: Sequence[IntegerRow]
) -> list[IntegerRow]:
    """Inequalities that, on their affine hull, describe the polyhedron of the given generators."""
    inequalities, _ = _convert(generators, lines, cdd.RepType.GENERATOR)
    if inequalities and generators and _has_negative(inequalities, generators):
        raise TropnetError("cddlib returned an inequality that cuts off a generator")
    return inequalities


def _has_negative(rows: Sequence[IntegerRow], generators: Sequence[IntegerRow]) -> bool:
    """Whether some row takes a negative value at some generator."""
    values = flint.fmpz_mat(rows) * flint.fmpz_mat(generators).transpose()
    return any(entry < 0 for entry in values.entries())


def _convert(
    rows: Sequence[IntegerRow], linear: Sequence[IntegerRow], kind: cdd.RepType
) -> tuple[list[IntegerRow], list[IntegerRow]]:
    # cddlib has the homogenising coordinate first.
    array = [(row[-1], *row[:-1]) for row in (*rows, *linear)]
    build = partial(cdd.gmp.matrix_from_array, lin_set=range(len(rows), len(array)), rep_type=kind)
    matrix = with_rows(build, array)
    polyhedron = cdd.gmp.polyhedron_from_matrix(matrix)
    result = (
        cdd.gmp.copy_generators(polyhedron)
        if kind == cdd.RepType.INEQUALITY
        else cdd.gmp.copy_inequalities(polyhedron)
    )
    converted = [primitive_vector((*row[1:], row[0])) for row in rows_of(result)]
    return (
        [row for i, row in enumerate(converted) if i not in result.lin_set],
        [row for i, row in enumerate(converted) if i in result.lin_set],
    )
