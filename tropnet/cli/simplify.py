"""`tropnet simplify`: a smaller network with the same function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tropnet.certificates.budget import Budget
from tropnet.certificates.serialization import (
    certificate_to_json,
)
from tropnet.cli.files import read_network, write_text
from tropnet.cli.options import (
    budget_option,
    certificate_option,
    json_option,
    reading_options,
)
from tropnet.cli.output import print_json
from tropnet.cli.progress import shown_counter, stopped
from tropnet.cli.status import DIFFERENT, EQUAL
from tropnet.comparison.simplification import Simplification
from tropnet.comparison.simplification import simplify as simplify_network
from tropnet.errors import BudgetExceededError
from tropnet.exact import format_fraction
from tropnet.io import save


@click.command()
@click.argument("net")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the smaller network.",
)
@json_option
@budget_option
@certificate_option
@reading_options
def simplify(
    net: str,
    output: Path | None,
    as_json: bool,
    budget: Budget | None,
    certificate: Path | None,
    **reading: bool,
) -> int:
    """Make a network smaller without changing its function.

    The proof of that, with --certificate, is one that 'tropnet check FILE NET OUT' verifies.

    Exit status: 0 every reduction was made or excluded, 1 the budget left some undecided (what was
    made is right), 2 trouble.

    Example: tropnet simplify A.json -o B.json
    """
    network = read_network(net, **reading)
    with shown_counter("points, cells and regions") as counter:
        try:
            answer = simplify_network(network, budget=budget, progress=counter)
            if certificate is not None:
                write_text(certificate, certificate_to_json(answer.certificate) + "\n")
        except (KeyboardInterrupt, BudgetExceededError) as stop:
            return stopped(stop, counter)
    if output is not None:
        save(answer.network, output)
    if as_json:
        print_json(_simplification(answer))
    else:
        click.echo(_architectures(answer))
        for step in answer.steps:
            click.echo(f"  {step}")
        for question in answer.open_questions:
            click.echo(f"  undecided: {question}")
    return EQUAL if answer.complete else DIFFERENT


def _architectures(answer: Simplification) -> str:
    before, after = (
        "-".join(map(str, net.architecture)) for net in (answer.original, answer.network)
    )
    return f"{before} stays" if before == after else f"{before} becomes {after}"


def _simplification(answer: Simplification) -> dict[str, Any]:
    return {
        "architecture": answer.original.architecture,
        "simplified": answer.network.architecture,
        "complete": answer.complete,
        "steps": [
            {
                "layer": step.layer,
                "neurons": step.neurons,
                "reason": step.reason.value,
                "changed": step.changed,
                "terms": [
                    {"coefficient": format_fraction(c), "layer": layer, "neuron": neuron}
                    for c, layer, neuron in step.terms
                ],
            }
            for step in answer.steps
        ],
        "open_questions": [
            {"layer": layer, "neurons": neurons, "question": text}
            for layer, neurons, text in answer.open_questions
        ],
        "regions": answer.regions,
    }
