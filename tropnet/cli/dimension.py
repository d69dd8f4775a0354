"""`tropnet dimension`: functional dimension and hidden symmetries."""

from __future__ import annotations

from dataclasses import fields
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
from tropnet.cli.output import print_json
from tropnet.cli.progress import shown_counter, stopped, worker_processes
from tropnet.cli.status import trouble
from tropnet.errors import BudgetExceededError
from tropnet.exact import format_fraction
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.infinitesimal import HiddenSymmetry, hidden_symmetries


@click.command()
@click.argument("net")
@click.option(
    "--integrate",
    is_flag=True,
    help="Also say what becomes of each hidden symmetry at finite distance.",
)
@json_option
@budget_option
@jobs_option
@certificate_option
@reading_options
def dimension(
    net: str,
    integrate: bool,
    as_json: bool,
    budget: Budget | None,
    jobs: int,
    certificate: Path | None,
    **reading: bool,
) -> int:
    """Compute the functional dimension of a network and its hidden symmetries.

    Out of budget it still prints, and proves with --certificate, how large the dimension is at
    least; the exit status is then 2.

    Example: tropnet dimension A.json --budget 10m --certificate proof.json
    """
    network = read_network(net, **reading)
    with shown_counter("regions", network) as counter, worker_processes(jobs) as executor:
        try:
            answer = functional_dimension(
                network, budget=budget, progress=counter, executor=executor
            )
        except KeyboardInterrupt as stop:
            return stopped(stop, counter)
        except BudgetExceededError as stop:
            if isinstance(stop.found, FunctionalDimension):
                _report_dimension(stop.found, [], as_json, certificate)
            return trouble(str(stop))
    symmetries = [_symmetry(symmetry, integrate) for symmetry in hidden_symmetries(network, answer)]
    _report_dimension(answer, symmetries, as_json, certificate)
    return 0


def _symmetry(symmetry: HiddenSymmetry, integrate: bool) -> dict[str, Any]:
    result: dict[str, Any] = {
        "moves": [[*place, format_fraction(value)] for *place, value in symmetry.direction],
        "description": symmetry.description,
    }
    if integrate:
        answer = symmetry.integrate()
        result["integration"] = answer.kind.value
        result["interval"] = None if answer.family is None else answer.family.interval
    return result


def _report_dimension(
    answer: FunctionalDimension,
    symmetries: list[dict[str, Any]],
    as_json: bool,
    certificate: Path | None,
) -> None:
    if certificate is not None:
        write_text(certificate, certificate_to_json(answer.certificate) + "\n")
    if as_json:
        names = [field.name for field in fields(answer) if field.name != "certificate"]
        data = {name: getattr(answer, name) for name in names}
        print_json(data | {"hidden_symmetries": symmetries})
        return
    known = f"at least {answer.lower_bound}" if answer.lower_bound else "undefined"
    click.echo(f"functional dimension {known if answer.value is None else answer.value}")
    click.echo(f"upper bound P - N    {answer.upper_bound}")
    click.echo(f"regions              {answer.regions_used} used, {answer.regions_skipped} skipped")
    if answer.reason is not None:
        click.echo(f"reason               {answer.reason}")
    if answer.value is not None:
        click.echo(f"hidden symmetries    {len(symmetries)}")
    for symmetry in symmetries:
        click.echo(f"  {symmetry['description']}")
        if "integration" in symmetry:
            where = f" on {symmetry['interval']}" if symmetry["interval"] else ""
            click.echo(f"    {symmetry['integration']}{where}")
