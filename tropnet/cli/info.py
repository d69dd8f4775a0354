"""`tropnet info`: what a network is made of."""

from __future__ import annotations

import click

from tropnet.cli.files import read_network_with_notes
from tropnet.cli.options import (
    json_option,
    reading_options,
)
from tropnet.cli.output import print_json


@click.command()
@click.argument("net")
@json_option
@reading_options
def info(net: str, as_json: bool, **reading: bool) -> int:
    """Show a network's architecture, its numbers of parameters and neurons, and their sizes.

    Example: tropnet info A.nnet
    """
    network, notes = read_network_with_notes(net, **reading)
    numbers = [entry for weight, bias in network.layers for row in (*weight, bias) for entry in row]
    bits = [
        max(part.bit_length() for part in parts)
        for parts in zip(*((n.numerator, n.denominator) for n in numbers), strict=True)
    ]
    zeros = sum(not entry for entry in numbers)
    if as_json:
        print_json(
            {
                "architecture": network.architecture,
                "depth": network.depth,
                "parameters": network.parameter_count,
                "hidden_neurons": network.hidden_neuron_count,
                "numerator_bits": bits[0],
                "denominator_bits": bits[1],
                "zeros": zeros,
                "notes": notes,
            }
        )
        return 0
    click.echo(f"architecture     {'-'.join(map(str, network.architecture))}")
    click.echo(f"hidden layers    {network.depth}")
    click.echo(f"parameters P     {network.parameter_count}")
    click.echo(f"hidden neurons N {network.hidden_neuron_count}")
    click.echo(f"numbers          up to {bits[0]} / {bits[1]} bits, {zeros} zeros")
    for note in notes:
        click.echo(f"note             {note}")
    return 0
