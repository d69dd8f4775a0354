"""`tropnet compare`: whether two networks are the same function."""

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
    jobs_option,
    json_option,
    reading_options,
)
from tropnet.cli.output import print_json, texts
from tropnet.cli.progress import shown_counter, stopped, worker_processes
from tropnet.cli.status import DIFFERENT, EQUAL
from tropnet.comparison.equality import Equality, decide_equality
from tropnet.errors import BudgetExceededError
from tropnet.exact import format_fraction
from tropnet.networks.network import ReLUNetwork


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@json_option
@budget_option
@jobs_option
@certificate_option
@reading_options
def compare(
    first: str,
    second: str,
    as_json: bool,
    budget: Budget | None,
    jobs: int,
    certificate: Path | None,
    **reading: bool,
) -> int:
    """Decide whether two networks are the same function.

    Exit status: 0 equal, 1 different (prints a point and both values), 2 trouble.

    Example: tropnet compare A.onnx B.json --certificate proof.json
    """
    f, g = read_network(first, **reading), read_network(second, **reading)
    with shown_counter("regions compared") as counter, worker_processes(jobs) as executor:
        try:
            answer = decide_equality(f, g, budget=budget, progress=counter, executor=executor)
        except (KeyboardInterrupt, BudgetExceededError) as stop:
            return stopped(stop, counter)
    if certificate is not None:
        write_text(certificate, certificate_to_json(answer.certificate) + "\n")
    if as_json:
        print_json(_comparison(answer, f, g))
    elif answer.witness is None:
        click.echo("equal")
    else:
        click.echo("different")
        for name, vector in (
            ("at", answer.witness),
            ("A", f(answer.witness)),
            ("B", g(answer.witness)),
        ):
            click.echo(f"  {name:<3}({', '.join(map(format_fraction, vector))})")
    return EQUAL if answer.equal else DIFFERENT


def _comparison(answer: Equality, f: ReLUNetwork, g: ReLUNetwork) -> dict[str, Any]:
    result: dict[str, Any] = {
        "equal": answer.equal,
        "method": answer.method,
        "regions": answer.regions,
    }
    if answer.witness is not None:
        result |= {
            "witness": texts(answer.witness),
            "A": texts(f(answer.witness)),
            "B": texts(g(answer.witness)),
        }
    return result
