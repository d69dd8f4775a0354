"""`tropnet newton`: a network as a tropical rational function, and its Newton polytopes."""

from __future__ import annotations

from typing import Any

import click

from tropnet.cli.files import read_network
from tropnet.cli.options import json_option, reading_options
from tropnet.cli.output import print_json, texts
from tropnet.cli.progress import shown_clock
from tropnet.networks.tropicalization import tropicalize
from tropnet.tropical import TropicalPolynomial

# Longer polynomials are not written out.
_WRITTEN = 12


@click.command()
@click.argument("net")
@json_option
@reading_options
def newton(net: str, as_json: bool, **reading: bool) -> int:
    """Write a network as a difference g - h of maxima, with the Newton polytopes of g and h.

    One pair for each output, without common factors that are easily seen and without inessential
    monomials.  With --json all exponents, coefficients and vertices are listed.  The number of
    monomials grows fast: this is for small networks.

    Example: tropnet newton A.json --json
    """
    network = read_network(net, **reading)
    with shown_clock("monomials"):
        found = tropicalize(network)
        functions = found if isinstance(found, tuple) else (found,)
        outputs = [each.reduce().essential() for each in functions]
    for number, function in enumerate(outputs):
        parts = {"g": function.numerator, "h": function.denominator}
        if as_json:
            print_json({"output": number} | {name: _data(part) for name, part in parts.items()})
            continue
        if len(outputs) > 1:
            click.echo(f"output {number}")
        for name, part in parts.items():
            click.echo(f"{name}  {_summary(part)}")
    return 0


def _data(p: TropicalPolynomial) -> dict[str, Any]:
    polytope = p.newton_polytope()
    return {
        "exponents": [texts(exponent) for exponent in p.exponents],
        "coefficients": texts(p.coefficients),
        "dimension": polytope.dim,
        "vertices": [texts(vertex) for vertex in polytope.vertices],
    }


def _summary(p: TropicalPolynomial) -> str:
    polytope = p.newton_polytope()
    count, corners = len(p), len(polytope.vertices)
    return (
        f"{count} monomial{'s' if count != 1 else ''}, Newton polytope of dimension {polytope.dim} "
        f"with {corners} {'vertices' if corners != 1 else 'vertex'}"
        + (f": {p!r}" if count <= _WRITTEN else "")
    )
