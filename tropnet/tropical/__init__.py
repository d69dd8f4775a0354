"""Max-plus algebra: tropical polynomials and rational functions as functions on affine R^n."""

from tropnet.tropical.mixed_subdivision import MixedSubdivision
from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.rational import TropicalRational
from tropnet.tropical.reduction import common_summand
from tropnet.tropical.regular_subdivision import RegularSubdivision
from tropnet.tropical.virtual_polytope import VirtualPolytope

__all__ = [
    "MixedSubdivision",
    "RegularSubdivision",
    "TropicalPolynomial",
    "TropicalRational",
    "VirtualPolytope",
    "common_summand",
]
