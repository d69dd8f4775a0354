"""`tropnet regions`: activation regions, counted or listed."""

from __future__ import annotations

import click

from tropnet.certificates.budget import Budget
from tropnet.cli.files import read_network
from tropnet.cli.options import (
    budget_option,
    jobs_option,
    reading_options,
)
from tropnet.cli.output import print_json, texts
from tropnet.cli.progress import shown_counter, stopped, worker_processes
from tropnet.errors import BudgetExceededError
from tropnet.networks.regions import activation_regions, count_activation_regions


@click.command()
@click.argument("net")
@click.option("--json", "as_json", is_flag=True, help="Stream the regions, one a line.")
@budget_option
@jobs_option
@reading_options
def regions(net: str, as_json: bool, budget: Budget | None, jobs: int, **reading: bool) -> int:
    """Count the activation regions of a network, or list them.

    Example: tropnet regions A.onnx --jobs 2
    """
    network = read_network(net, **reading)
    with shown_counter("regions", network) as counter, worker_processes(jobs) as executor:
        try:
            if as_json:
                for region in activation_regions(network, budget=budget, executor=executor):
                    print_json(
                        {
                            "pattern": region.pattern,
                            "gradient": [texts(row) for row in region.gradient],
                            "constant": texts(region.constant),
                            "interior_point": texts(region.interior_point),
                        }
                    )
                    counter(counter.count + 1)
            else:
                count_activation_regions(
                    network, budget=budget, progress=counter, executor=executor
                )
        except (KeyboardInterrupt, BudgetExceededError) as stop:
            return stopped(stop, counter)
    if not as_json:
        click.echo(f"{counter.count} activation regions")
    return 0
