"""`tropnet identify`: whether a function determines the parameters of a network."""

from __future__ import annotations

from pathlib import Path

import click

from tropnet.certificates.answer import Verdict
from tropnet.certificates.budget import Budget
from tropnet.certificates.identifiability import NotIdentifiableCertificate
from tropnet.certificates.serialization import certificate_to_json
from tropnet.cli.files import read_network, write_text
from tropnet.cli.options import (
    budget_option,
    certificate_option,
    json_option,
    reading_options,
)
from tropnet.cli.output import print_json
from tropnet.cli.progress import shown_counter, stopped
from tropnet.cli.status import DIFFERENT, EQUAL, TROUBLE
from tropnet.identifiability.decision import decide_identifiability
from tropnet.io import save
from tropnet.networks.network import ReLUNetwork

_STATUS = {Verdict.PROVED: EQUAL, Verdict.REFUTED: DIFFERENT, Verdict.UNDECIDED: TROUBLE}
_WORDS = {
    Verdict.PROVED: "identifiable",
    Verdict.REFUTED: "not identifiable",
    Verdict.UNDECIDED: "undecided",
}


@click.command()
@click.argument("net")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write a second network, if there is one.",
)
@json_option
@budget_option
@certificate_option
@reading_options
def identify(
    net: str,
    output: Path | None,
    as_json: bool,
    budget: Budget | None,
    certificate: Path | None,
    **reading: bool,
) -> int:
    """Decide whether a network is the only one of its architecture with its function.

    Up to permutation and positive scaling, and among the networks that the scope names.

    Exit status: 0 it is, 1 there is a second one, 2 undecided, or trouble.

    Example: tropnet identify A.json -o second.json
    """
    network = read_network(net, **reading)
    with shown_counter("regions and choices") as counter:
        try:
            answer = decide_identifiability(network, budget=budget, progress=counter)
        except KeyboardInterrupt as stop:
            return stopped(stop, counter)
    proof = answer.certificate
    if certificate is not None and proof is not None:
        write_text(certificate, certificate_to_json(proof) + "\n")
    second = ReLUNetwork(proof.layers) if isinstance(proof, NotIdentifiableCertificate) else None
    if output is not None and second is not None:
        save(second, output)
    if as_json:
        data = {
            "architecture": network.architecture,
            "verdict": answer.verdict.value,
            "scope": answer.scope,
            "local": answer.local.verdict.value,
            "local_scope": answer.local.scope,
            "certified": proof is not None,
        }
        print_json(data)
    else:
        click.echo(_WORDS[answer.verdict])
        click.echo(f"scope   {answer.scope}")
        if output is not None and second is not None:
            click.echo(f"second  {output}")
        click.echo(f"locally {_WORDS[answer.local.verdict]}; {answer.local.scope}")
    return _STATUS[answer.verdict]
