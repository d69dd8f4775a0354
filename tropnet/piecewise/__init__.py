"""Piecewise linear functions: the weighted complexes that they break along."""

from tropnet.piecewise.facet import Facet
from tropnet.piecewise.weighted_complex import WeightedComplex

__all__ = ["Facet", "WeightedComplex"]
