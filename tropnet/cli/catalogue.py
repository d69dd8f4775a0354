"""`tropnet catalogue`: the proved counterexamples that come with the package."""

from __future__ import annotations

import json

import click

from tropnet.catalogue import entries, entry
from tropnet.catalogue.reading import entry_to_json
from tropnet.cli.options import json_option
from tropnet.cli.output import print_json
from tropnet.cli.status import DIFFERENT, EQUAL
from tropnet.io import dumps_json


@click.group()
def catalogue() -> None:
    """Minimal networks that are not identifiable, with their proofs."""


@catalogue.command("list")
@json_option
def list_entries(as_json: bool) -> int:
    """List the entries."""
    for item in entries():
        architecture = "-".join(map(str, item.network.architecture))
        if as_json:
            print_json({"name": item.name, "architecture": architecture, "title": item.title})
        else:
            click.echo(f"{item.name:<28} {architecture:<10} {item.title}")
    return 0


@catalogue.command("show")
@click.argument("name")
@click.option("--check", is_flag=True, help="Verify the proofs (exit status 1 if one fails).")
@json_option
def show_entry(name: str, check: bool, as_json: bool) -> int:
    """Show an entry: both networks, and why they are the same function and minimal."""
    item = entry(name)
    valid = item.check() if check else None
    if as_json:
        print_json(json.loads(entry_to_json(item)) | ({} if valid is None else {"valid": valid}))
    else:
        click.echo(f"{item.title}\n\n{item.about}\n\nfound by: {item.found_by}")
        for what, net in (("network", item.network), ("partner", item.partner)):
            click.echo(f"\n{what}:\n{dumps_json(net)}", nl=False)
        if valid is not None:
            click.echo(f"\nproofs: {'all hold' if valid else 'NOT all hold'}")
    return DIFFERENT if valid is False else EQUAL
