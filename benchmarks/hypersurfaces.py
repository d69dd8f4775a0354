"""Tropical hypersurfaces with weights, and their balancing, beside polymake where it is installed.

CPU seconds of one call in a warm process on both sides, each on a polynomial built anew: medians,
but polymake's balancing is run once.  Both get the same polynomials and must give the same weights.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from typing import NamedTuple

from benchmarks.table import Table, ratio, seconds
from oracles.make_polynomials import Polynomial, generic
from oracles.polymake import installed
from oracles.polymake_hypersurfaces import read_answer, run_polymake
from tropnet import TropicalPolynomial

SIZES = ((3, 60), (2, 200), (4, 30), (5, 40), (6, 40))
"""Numbers of variables and of monomials."""


class _Seconds(NamedTuple):
    """None where it ran into the limit; `weights` is sorted."""

    weights: list[int]
    build: float
    balance: float | None


def run(repeats: int, limit: int) -> None:
    """Print the table; polymake's balancing is stopped after `limit` seconds."""
    version = installed()
    theirs = f"polymake {version}" if version else "polymake: not installed, left out"
    table = Table(
        f"hypersurface() with weights, and is_balanced(), CPU seconds; {theirs}",
        ["variables/monomials", "facets", "build", "polymake", "", "balance", "polymake", ""],
        [19, 8, 8, 8, 8, 8, 8, 8],
    )
    for variables, monomials in SIZES:
        p = generic(variables, monomials)
        ours = _tropnet(p, repeats)
        cells = [f"{variables}/{monomials}", str(len(ours.weights)), seconds(ours.build)]
        if version is None:
            table.row([*cells, "", "", _balance(ours, limit), "", ""])
            continue
        peer = _polymake(p, repeats, limit)
        if peer.weights != ours.weights:
            raise SystemExit(f"{cells[0]}: tropnet and polymake give different weights")
        cells += [seconds(peer.build), ratio(ours.build, peer.build, False)]
        cells += [_balance(ours, limit), _balance(peer, limit)]
        assert ours.balance is not None
        bounded = peer.balance is None
        cells.append(ratio(ours.balance, limit if peer.balance is None else peer.balance, bounded))
        table.row(cells)


def _balance(measured: _Seconds, limit: int) -> str:
    return f">{limit}" if measured.balance is None else seconds(measured.balance)


def _tropnet(p: Polynomial, repeats: int) -> _Seconds:
    _warm_up()
    build, balance = [], []
    for _ in range(max(repeats, 1)):
        polynomial = TropicalPolynomial(p.exponents, p.coefficients)
        start = time.process_time()
        X = polynomial.hypersurface()
        weights = sorted(int(facet.weight) for facet in X.facets)
        built = time.process_time()
        assert X.is_balanced()
        balance.append(time.process_time() - built)
        build.append(built - start)
    return _Seconds(weights, statistics.median(build), statistics.median(balance))


def _warm_up() -> None:
    """Imports and tables that the first call makes are not measured, on either side."""
    line = TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
    assert line.hypersurface().is_balanced()


def _polymake(p: Polynomial, repeats: int, limit: int) -> _Seconds:
    """Builds on their own first, so that they are known where balancing is stopped."""
    raw = run_polymake({"p": p}, repeats=repeats, balance=False, dual=False)["p"]
    answer = read_answer(raw)
    try:
        raw = run_polymake({"p": p}, dual=False, timeout=limit)["p"]
    except subprocess.TimeoutExpired:
        return _Seconds(answer["weights"], answer["seconds"]["build"], None)
    balance = read_answer(raw)
    assert balance["balanced"]
    return _Seconds(answer["weights"], answer["seconds"]["build"], balance["seconds"]["balance"])
