"""`tropnet depth`: how many hidden layers a function needs."""

from __future__ import annotations

from pathlib import Path

import click

from tropnet.certificates.serialization import (
    certificate_to_json,
)
from tropnet.cli.files import read_network, write_text
from tropnet.cli.options import (
    certificate_option,
    json_option,
    reading_options,
)
from tropnet.cli.output import print_json
from tropnet.cli.progress import shown_clock
from tropnet.piecewise.depth import depth_lower_bound


@click.command()
@click.argument("net")
@json_option
@certificate_option
@reading_options
def depth(net: str, as_json: bool, certificate: Path | None, **reading: bool) -> int:
    """Bound the number of hidden layers that the function of a network needs.

    The bound comes from chains of bends in the break locus; its scope is printed with it.

    Example: tropnet depth A.json --certificate chain.json
    """
    network = read_network(net, **reading)
    with shown_clock("break locus and bends"):
        bound = depth_lower_bound(network)
    if certificate is not None:
        write_text(certificate, certificate_to_json(bound.obstruction or bound.chain) + "\n")
    if as_json:
        print_json(
            {
                "lower_bound": bound.value,
                "scope": bound.scope,
                "transversal_representation_excluded": bound.obstruction is not None,
                "hidden_layers": network.depth,
                "branches": len(bound.bends.branches),
                "bends": bound.bends.graph.number_of_edges(),
            }
        )
        return 0
    click.echo(f"hidden layers    at least {bound.value} (the network has {network.depth})")
    click.echo(f"scope            {bound.scope}")
    if bound.obstruction is not None:
        click.echo("transversal      no representation of any depth is")
    return 0
