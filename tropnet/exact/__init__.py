"""Exact numbers and exact linear algebra; nothing here ever rounds.

Numbers enter through `to_fraction`, `to_vector` and `to_matrix` and leave as `Fraction`s.
In between, python-flint does the work on integer matrices.
"""

from tropnet.exact.linear import (
    dot,
    identity_rows,
    integer_rows,
    modular_rank,
    nullspace,
    rank,
    row_echelon,
    solve,
)
from tropnet.exact.numbers import (
    Matrix,
    Number,
    Vector,
    format_fraction,
    to_fraction,
    to_integers,
    to_matrix,
    to_vector,
)
from tropnet.exact.primitive import primitive_vector

__all__ = [
    "Matrix",
    "Number",
    "Vector",
    "dot",
    "format_fraction",
    "identity_rows",
    "integer_rows",
    "modular_rank",
    "nullspace",
    "primitive_vector",
    "rank",
    "row_echelon",
    "solve",
    "to_fraction",
    "to_integers",
    "to_matrix",
    "to_vector",
]
