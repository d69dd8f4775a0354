"""`tropnet search`: looks for counterexamples, and says how far a search is."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from tropnet import catalogue
from tropnet.certificates.budget import Budget
from tropnet.cli.files import write_text
from tropnet.cli.options import budget_option, jobs_option, json_option
from tropnet.cli.output import print_json
from tropnet.cli.status import EQUAL, INTERRUPTED, trouble
from tropnet.errors import InvalidInputError, TropnetError
from tropnet.search.engine import Report, SearchProgress, search_counterexamples
from tropnet.search.enumeration import Enumeration
from tropnet.search.generators import Generator, Mutations, RandomWeights, Structured
from tropnet.search.journal import JournalContents, read_journal
from tropnet.search.kinds import KINDS
from tropnet.search.processes import WorkerProcesses
from tropnet.search.summary import ArchitectureSummary, summaries

_KINDS = "; ".join(f"{each.name}: {each.about}" for each in KINDS.values())


class _Search(click.Group):
    """A group whose command `run` need not be named."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is named, or else `run` with everything as its arguments."""
        if args and args[0] not in self.commands:
            return "run", self.commands["run"], args
        return super().resolve_command(ctx, args)


@click.group(
    cls=_Search,
    subcommand_metavar="KIND ARCHITECTURE... | status JOURNAL",
    epilog=f"Kinds: {_KINDS}.",
)
def search() -> None:
    """Look for counterexamples, each with its proofs.

    "tropnet search run --help" lists the options; "run" itself may be left out.
    "tropnet search status JOURNAL" says how far a search is.
    """


def _numbers(_context: Any, _option: Any, text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(","))


def _seeds(_context: Any, _option: Any, text: str | None) -> range | None:
    if text is None:
        return None
    start, colon, stop = text.partition(":")
    try:
        return range(int(start), int(stop)) if colon else range(int(start))
    except ValueError:
        raise click.BadParameter("expected a number (1000) or a range (1000:2000)") from None


def _architecture(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split("-"))
    except ValueError:
        raise InvalidInputError(
            f"architecture: {text!r}; expected widths like 2-3-1 (inputs, hidden layers, outputs)"
        ) from None


@search.command(epilog=f"Kinds: {_KINDS}.")
@click.argument("kind")
@click.argument("architectures", nargs=-1, required=True)
@click.option("--seeds", callback=_seeds, help="How many networks of each, or a range 100:200.")
@click.option(
    "--generator",
    type=click.Choice(("random", "structured", "mutations", "enumeration")),
    default="random",
    help="Random numbers, rows with coincidences, changed entries of the catalogue, or all "
    "networks up to permutation and scaling.",
)
@click.option("--weights", callback=_numbers, help="The numbers for weights, like -1,0,1.")
@click.option("--biases", callback=_numbers, help="The numbers for biases; 0 for none.")
@click.option("--zeros", type=click.IntRange(0, 99), default=0, help="Percentage of zero weights.")
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append finished shards to this file; an interrupted search goes on from there.",
)
@click.option("--shard-size", type=click.IntRange(min=1), default=100, help="Networks in a shard.")
@click.option("--functions", is_flag=True, help="Count the different functions.")
@click.option("--dask", metavar="ADDRESS", help="Work on the Dask cluster with this scheduler.")
@jobs_option
@budget_option
@json_option
def run(
    kind: str,
    architectures: Sequence[str],
    seeds: range | None,
    journal: Path | None,
    shard_size: int,
    functions: bool,
    dask: str | None,
    jobs: int,
    budget: Budget | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Look through networks for a KIND, or for what one's own MODULE:FUNCTION finds.

    A budget is one for each network.

    Example: tropnet search hidden_symmetry 2-2-1 --generator enumeration --weights -1,0,1
    --journal run.jsonl --jobs 2
    """
    sys.path.insert(0, "")  # one's own module stands in the current folder
    source = generator_of(**options)
    widths = [_architecture(text) for text in architectures]
    reached: list[SearchProgress] = []
    with _executor(jobs, dask) as executor, _shown_progress(reached) as report:
        try:
            result = search_counterexamples(
                kind,
                widths,
                seeds,
                executor,
                journal,
                generator=source,
                shard_size=shard_size,
                functions=functions,
                budget=budget,
                progress=report,
            )
        except KeyboardInterrupt:
            return trouble(f"interrupted {_so_far(reached, journal)}", INTERRUPTED)
    _print_contents(result.contents, as_json, listed=journal is None)
    if result.lost:
        return trouble(
            f"the workers of {len(result.lost)} shards died again and again (the first is shard "
            f"{result.lost[0]}); the same search tries them again"
        )
    return EQUAL


@search.command()
@click.argument("journal", type=click.Path(path_type=Path))
@click.option(
    "--pictures",
    metavar="FILE.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a page with pictures of the findings in two variables.",
)
@json_option
def status(journal: Path, pictures: Path | None, as_json: bool) -> int:
    """Say how far the search of a JOURNAL is, and what it has found.

    Example: tropnet search status run.jsonl --pictures run.html
    """
    contents = read_journal(journal)
    _print_contents(contents, as_json, listed=False)
    if pictures is not None:
        from tropnet.plots import findings_page

        write_text(pictures, findings_page(contents.findings(), f"Findings: {journal.name}"))
    return EQUAL


def generator_of(
    generator: str,
    weights: tuple[str, ...] | None,
    biases: tuple[str, ...] | None,
    zeros: int,
) -> Generator:
    """The generator that the options of `tropnet search` name."""
    small, smaller = (-2, -1, 0, 1, 2), (-1, 0, 1)
    if zeros and generator != "random":
        raise InvalidInputError("--zeros: only random networks can be made sparse")
    if generator == "enumeration":
        return Enumeration(weights or smaller, biases or smaller)
    if generator == "structured":
        return Structured(weights or small, biases or smaller)
    if generator == "mutations":
        if biases is not None:
            raise InvalidInputError("--biases: mutations take all numbers from --weights")
        found = (net for item in catalogue.entries() for net in (item.network, item.partner))
        return Mutations(tuple(net for net in found if net is not None), weights or small)
    return RandomWeights(weights or small, biases or small, zeros)


@contextmanager
def _executor(jobs: int, address: str | None) -> Iterator[Executor | None]:
    if address is not None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise TropnetError(
                "--dask: the package 'distributed' is missing; pip install 'tropnet[distributed]'"
            ) from None
        try:
            client = distributed.Client(address)
        except (OSError, ValueError) as error:
            raise InvalidInputError(f"--dask: cannot reach {address} ({error})") from None
        with client:
            yield client.get_executor()
        return
    if jobs == 1:
        yield None
        return
    with WorkerProcesses(jobs) as executor:
        yield executor


def _so_far(reached: Sequence[SearchProgress], journal: Path | None) -> str:
    if not reached:
        return "before the first shard was finished"
    now = reached[-1]
    kept = "lost without --journal" if journal is None else f"in {journal}"
    return f"after {now.networks} networks; {now.findings} findings, {kept}"


@contextmanager
def _shown_progress(reached: list[SearchProgress]) -> Iterator[Report]:
    """A bar with the rate and an estimate, on standard error if that is a terminal.

    What was reported last is kept in `reached`.
    """

    def keep(now: SearchProgress) -> None:
        reached[:] = [now]

    console = Console(stderr=True)
    if not console.is_terminal:
        yield keep
        return
    columns = (
        TextColumn("shards"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[found]} findings, {task.fields[rate]:.0f} networks/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, found=0, rate=0.0)
        before: list[int] = []

        def report(now: SearchProgress) -> None:
            keep(now)
            before[:] = before or [now.networks]
            rate = (now.networks - before[0]) / now.seconds if now.seconds else 0.0
            bar.update(
                task, total=now.shards, completed=now.finished, found=now.findings, rate=rate
            )

        yield report


def _print_contents(contents: JournalContents, as_json: bool, listed: bool) -> None:
    rows = summaries(contents)
    if as_json:
        data: dict[str, Any] = {
            "run": contents.run,
            "finished_shards": len(contents.shards),
            "functions": contents.functions,
            "architectures": [row._asdict() for row in rows],
            "failures": list(contents.failures()),
            "problems": contents.problems,
        }
        if listed:
            data["findings"] = list(contents.finding_lines())
        print_json(data)
        return
    click.echo(f"kind: {contents.run['kind']}")
    click.echo(f"finished shards: {len(contents.shards)} of {contents.run['shards']}")
    Console(highlight=False).print(_table(rows))
    if contents.functions is not None:
        click.echo(f"different functions, over all architectures: {contents.functions}")
    failures = list(contents.failures())
    if failures:
        click.echo(
            f"{len(failures)} networks could not be examined; the first: index "
            f"{failures[0]['index']} of {failures[0]['architecture']}: {failures[0]['error']}"
        )
    for problem in contents.problems:
        click.echo(f"problem: {problem}")


def _table(rows: Sequence[ArchitectureSummary]) -> Table:
    table = Table("architecture", "networks", "undecided", "failed", box=None)
    for name in ("functions", "findings", "their functions"):
        table.add_column(name)
    for column in table.columns[1:]:
        column.justify = "right"
    for row in rows:
        functions = "" if row.functions is None else str(row.functions)
        table.add_row(
            "-".join(map(str, row.architecture)),
            str(row.networks),
            str(row.undecided),
            str(row.failures),
            functions,
            str(row.findings),
            str(row.found_functions),
        )
    return table
