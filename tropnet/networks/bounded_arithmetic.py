"""Arithmetic on many rows of numbers at once, each number with a proved bound on its error.

A number q stands for a true value with |q − (true value)| ≤ e; e is its bound.

Let u = 2^-53.

* A level: with A the rectified values (their signs are known exactly, so that rectifying adds no
  error), e(A) their bounds, W the weights, each entry correctly rounded, m columns,

      |fl(A W) − true| ≤ (e(A) + γ |A|) |W|,     γ = (m + 8) u ≥ (m u/(1 − m u) + u) (1 + ε),

  by the bound γ_m Σ|a_i w_i| for inner products in any order of summation, with or without fused
  multiply-add (Higham, *Accuracy and Stability of Numerical Algorithms*, §3.1), and u |w_i| for the
  rounding of w_i.
* The point of the edge between generators p and p′ where a neuron with true values b > 0 at p and
  −a < 0 at p′ vanishes is λ p + λ′ p′ with λ = a/N, λ′ = b/N, N = a s + b s′ (that is s = 1; with
  s = s′ = 0 replace both by 1 in N).  With computed a₁, b₁, |a₁ − a| ≤ e_a, |b₁ − b| ≤ e_b,

      a/N − a₁/N₁ = s′ ((a − a₁) b₁ − a₁ (b − b₁)) / (N N₁),

  so with N ≥ N₁ − e_a s − e_b s′ =: M the error of λ is at most δ = s′ (e_a b₁ + a₁ e_b)/(N₁ M),
  that of λ′ the same with s for s′; if M is not clearly positive the bound is inf.  Then
  q = fl(λ₁ q_p + λ₁′ q_p′) is off by at most

      (λ₁ (1 + κ) + δ) e_p + (δ + κ λ₁) |q_p| + the same for p′,      κ = 8u for the rounding.

  Bounds would double with each cut along a line, so p and p′ are the ends that the line had when
  its cell entered the level: all forms of the level are affine between them.

* All bounds are computed in floating point from non-negative terms only, fewer than 10^6, and then
  multiplied by 1 + 2^-30 and increased by 10^-290, which is more than their own rounding and
  underflow.  For δ, whose terms are products of numbers that may be very small, a, b and their
  bounds are first multiplied by a power of two that brings the larger of a and b near 1, and
  10^-250 is added to the bounds and to δ for what underflow may take away.  Where |q| ≥ 10^150 the
  bound is inf.
"""

from __future__ import annotations

import numpy as np

from tropnet.networks.level_tables import UNIT_ROUNDOFF, Booleans
from tropnet.networks.ragged import Indices
from tropnet.networks.sign_filter import SLACK, TINY, FloatMatrix

# Integers below this are exact, and so are the sums of two products that are compared with it.
EXACT = 2.0**52
# Where numbers are larger their bounds are infinite, so that nothing overflows unnoticed.
_LARGE = 1e150
# More than underflow takes away from numbers of the size of 1, and their quotients.
_LOST = 1e-250
# Multiplications in one product of matrices.
_SLICE = 2**17


def product(left: FloatMatrix, right: FloatMatrix) -> FloatMatrix:
    """The product of a long matrix with a small one, in slices that stay in the cache.

    They are too small for a BLAS to wake its threads, which would only wait for each other.
    """
    result = np.empty((len(left), right.shape[1]))
    step = max(1, _SLICE // max(right.size, 1))
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        np.matmul(left[part], right, out=result[part])
    return result


def rounded(numerator: int, denominator: int) -> tuple[float, float]:
    """A quotient in float64 and a bound on its error."""
    try:
        value = numerator / denominator
    except OverflowError:
        return np.inf, np.inf
    return value, (2 * UNIT_ROUNDOFF * abs(value) + TINY if numerator else 0.0)


def interpolated(
    above: FloatMatrix,
    above_bounds: FloatMatrix,
    below: FloatMatrix,
    below_bounds: FloatMatrix,
    a: FloatMatrix,
    b: FloatMatrix,
    last: int,
    every: Indices,
    columns: Indices,
) -> tuple[FloatMatrix, FloatMatrix]:
    """The rows λ p + λ′ p′ and their bounds (see the top of this module)."""
    s, other_s = above[:, last], below[:, last]
    at_infinity = (s == 0) & (other_s == 0)
    s, other_s = np.where(at_infinity, 1.0, s), np.where(at_infinity, 1.0, other_s)
    a_bound, b_bound = below_bounds[every, columns], above_bounds[every, columns]
    # Only the ratios of these four matter: bring them to the middle of what float64 holds.
    exponent = -np.frexp(np.maximum(a, b))[1]
    a, b = np.ldexp(a, exponent), np.ldexp(b, exponent)
    a_bound = np.ldexp(a_bound, exponent) + _LOST
    b_bound = np.ldexp(b_bound, exponent) + _LOST
    N = a * s + b * other_s
    least = N - (a_bound * s + b_bound * other_s)
    least[~(least > 2.0**-20 * N)] = 0.0
    cross = a_bound / N * (b / least) + a / N * (b_bound / least)
    cross[least == 0] = np.inf
    cross *= SLACK
    cross += _LOST
    weight, other_weight = a / N, b / N
    off, other_off = other_s * cross, s * cross
    off[other_s == 0] = 0.0
    other_off[s == 0] = 0.0
    values = weight[:, None] * above
    values += other_weight[:, None] * below
    off += 8 * UNIT_ROUNDOFF * weight
    other_off += 8 * UNIT_ROUNDOFF * other_weight
    bounds = (weight + off)[:, None] * above_bounds
    bounds += (other_weight + other_off)[:, None] * below_bounds
    bounds += off[:, None] * np.abs(above)
    bounds += other_off[:, None] * np.abs(below)
    widen(values, bounds)
    values[:, last] = np.where(at_infinity, 0.0, 1.0)
    bounds[:, last] = 0.0
    values[every, columns] = 0.0
    bounds[every, columns] = 0.0
    return values, bounds


def widen(values: FloatMatrix, bounds: FloatMatrix) -> None:
    """Makes room for the rounding of the bounds themselves, and for underflow and overflow."""
    bounds *= SLACK
    bounds += TINY
    bounds[~(np.abs(values) < _LARGE)] = np.inf


def combined_integers(
    above: FloatMatrix,
    below: FloatMatrix,
    a: FloatMatrix,
    b: FloatMatrix,
    units: FloatMatrix,
    dimension: int,
) -> tuple[FloatMatrix, Booleans]:
    """The rows a·above + b·below divided by their content, and whether they are exact."""
    common = np.gcd(a.astype(np.int64), b.astype(np.int64)).astype(np.float64)
    a, b = a / common, b / common
    size = a[:, None] * np.abs(above) + b[:, None] * np.abs(below)
    fits = np.asarray((size * units < EXACT).all(axis=1))
    rows = a[:, None] * above + b[:, None] * below
    coordinates = np.where(fits[:, None], rows[:, :dimension], 1.0).astype(np.int64)
    content = np.gcd.reduce(coordinates, axis=1)
    return rows / content[:, None], fits
