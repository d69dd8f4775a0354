"""Max-plus algebra: tropical polynomials and rational functions as functions on affine R^n."""

from tropnet.tropical.polynomial import TropicalPolynomial
from tropnet.tropical.rational import TropicalRational

__all__ = ["TropicalPolynomial", "TropicalRational"]
