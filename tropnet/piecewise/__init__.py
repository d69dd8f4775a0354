"""Piecewise linear functions and the weighted complexes that they break along."""

from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.facet import Facet
from tropnet.piecewise.function import (
    LinearPiece,
    PiecewiseLinearFunction,
    count_linear_pieces,
    piecewise_linear,
)
from tropnet.piecewise.weighted_complex import WeightedComplex

__all__ = [
    "Facet",
    "LinearPiece",
    "PiecewiseLinearFunction",
    "WeightedComplex",
    "break_locus",
    "count_linear_pieces",
    "piecewise_linear",
]
