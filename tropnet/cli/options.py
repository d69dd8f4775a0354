"""The options that several verbs share."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click

from tropnet.certificates.budget import Budget
from tropnet.errors import InvalidInputError
from tropnet.exact import to_fraction

Command = TypeVar("Command", bound=Callable[..., Any])


def parse_budget(text: str | None) -> Budget | None:
    """A budget from "1000" (regions), "90s", "10m" or "2h"."""
    if text is None:
        return None
    seconds = {"s": 1, "m": 60, "h": 3600}
    number, unit = (text[:-1], text[-1]) if text[-1:] in seconds else (text, "")
    try:
        amount = to_fraction(number)
    except InvalidInputError:
        amount = Fraction(-1)
    if not 0 <= amount <= 10**15 or (not unit and amount.denominator != 1):
        raise click.BadParameter("expected a number of regions (1000) or a time (90s, 10m, 2h)")
    return Budget(seconds=float(amount * seconds[unit])) if unit else Budget(regions=int(amount))


def reading_options(command: Command) -> Command:
    """The options of every verb that reads networks."""
    for option in (
        click.option(
            "--drop-final-activation",
            is_flag=True,
            help="Leave out a final Softmax, Sigmoid or Tanh instead of refusing the file.",
        ),
        click.option("--raw", is_flag=True, help="Leave out the normalisation of a .nnet file."),
    ):
        command = option(command)
    return command


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON; all numbers are exact."
)
budget_option = click.option(
    "--budget",
    metavar="LIMIT",
    callback=lambda _context, _option, text: parse_budget(text),
    help="Give up after so many regions (100000) or so much time (90s, 10m, 2h).",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    help="Work in so many processes; the result is the same.",
)
certificate_option = click.option(
    "--certificate",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the proof to a file that 'tropnet check' reads.",
)
