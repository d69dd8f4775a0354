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
from tropnet.search.kinds import KINDS


@click.group()
def catalogue() -> None:
    """Counterexamples that a search has found, with their proofs."""


@catalogue.command("list")
@click.option("--kind", type=click.Choice(sorted(KINDS)), help="Only entries of this kind.")
@json_option
def list_entries(kind: str | None, as_json: bool) -> int:
    """List the entries.

    Example: tropnet catalogue list --kind depth_collapse
    """
    for item in entries():
        if kind is not None and item.kind != kind:
            continue
        architecture = "-".join(map(str, item.network.architecture))
        if as_json:
            data = {"name": item.name, "kind": item.kind, "architecture": architecture}
            print_json(data | {"title": item.title})
        else:
            click.echo(f"{item.name:<35} {architecture:<10} {item.title}")
    return EQUAL


@catalogue.command("show")
@click.argument("name")
@click.option("--check", is_flag=True, help="Verify the proofs (exit status 1 if one fails).")
@json_option
def show_entry(name: str, check: bool, as_json: bool) -> int:
    """Show an entry: its network, its partner if it has one, and what is proved.

    Example: tropnet catalogue show triple-flip --check
    """
    item = entry(name)
    valid = item.check() if check else None
    if as_json:
        print_json(json.loads(entry_to_json(item)) | ({} if valid is None else {"valid": valid}))
        return DIFFERENT if valid is False else EQUAL
    click.echo(f"{item.title}\n\n{item.formula}\n\n{item.about}\n")
    click.echo(f"kind: {item.kind} ({KINDS[item.kind].about})")
    click.echo(f"found by: {item.found_by}, index {item.finding.index}")
    click.echo(f"\nnetwork:\n{dumps_json(item.network)}", nl=False)
    if item.partner is not None:
        click.echo(f"\npartner:\n{dumps_json(item.partner)}", nl=False)
    if valid is not None:
        click.echo(f"\nproofs: {'all hold' if valid else 'NOT all hold'}")
    return DIFFERENT if valid is False else EQUAL
