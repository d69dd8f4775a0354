"""`tropnet minimal`: whether a network is as small as one with its function can be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tropnet.certificates.answer import Answer, Verdict
from tropnet.certificates.budget import Budget
from tropnet.certificates.minimality import NotMinimalCertificate
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
from tropnet.comparison.minimality import decide_minimality
from tropnet.io import save
from tropnet.networks.network import ReLUNetwork

_STATUS = {Verdict.PROVED: EQUAL, Verdict.REFUTED: DIFFERENT, Verdict.UNDECIDED: TROUBLE}
_WORDS = {
    Verdict.PROVED: "minimal",
    Verdict.REFUTED: "not minimal",
    Verdict.UNDECIDED: "undecided",
}


@click.command()
@click.argument("net")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write a smaller network, if there is one.",
)
@json_option
@budget_option
@certificate_option
@reading_options
def minimal(
    net: str,
    output: Path | None,
    as_json: bool,
    budget: Budget | None,
    certificate: Path | None,
    **reading: bool,
) -> int:
    """Decide whether a network is minimal.

    That is: no network with the same function is as deep, nowhere wider and somewhere narrower, or
    has fewer hidden layers and no more hidden neurons.

    Exit status: 0 minimal, 1 there is a smaller network, 2 undecided (what is known is printed), or
    trouble.

    Example: tropnet minimal A.json -o smaller.json
    """
    network = read_network(net, **reading)
    with shown_counter("points, cells and regions") as counter:
        try:
            answer = decide_minimality(network, budget=budget, progress=counter)
        except KeyboardInterrupt as stop:
            return stopped(stop, counter)
    proof = answer.certificate
    if certificate is not None and proof is not None:
        write_text(certificate, certificate_to_json(proof) + "\n")
    smaller = ReLUNetwork(proof.layers) if isinstance(proof, NotMinimalCertificate) else None
    if output is not None and smaller is not None:
        save(smaller, output)
    if as_json:
        print_json(_data(answer, network, smaller))
        return _STATUS[answer.verdict]
    click.echo(
        {"proved": "minimal", "refuted": "not minimal"}.get(answer.verdict.value, "undecided")
    )
    click.echo(f"scope   {answer.scope}")
    if smaller is not None:
        click.echo(f"smaller {_widths(smaller.architecture)}")
    for architecture, fact in answer.bounds["excluded"].items():
        click.echo(f"no {_widths(architecture)}: {fact}")
    for architecture in answer.bounds["open"]:
        click.echo(f"open: {_widths(architecture)}")
    return _STATUS[answer.verdict]


def _data(answer: Answer, network: ReLUNetwork, smaller: ReLUNetwork | None) -> dict[str, Any]:
    return {
        "architecture": network.architecture,
        "verdict": answer.verdict.value,
        "scope": answer.scope,
        "smaller": None if smaller is None else smaller.architecture,
        "excluded": [
            {"architecture": architecture, "reason": fact}
            for architecture, fact in answer.bounds["excluded"].items()
        ],
        "open": answer.bounds["open"],
    }


def _widths(architecture: tuple[int, ...]) -> str:
    return "-".join(map(str, architecture))
