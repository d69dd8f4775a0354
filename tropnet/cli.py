"""The command line: one verb for each question."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tropnet.certificates.budget import Budget
from tropnet.certificates.serialization import (
    FunctionCertificate,
    certificate_from_json,
    certificate_to_json,
)
from tropnet.comparison.equality import Equality, decide_equality
from tropnet.comparison.simplification import Simplification
from tropnet.comparison.simplification import simplify as simplify_network
from tropnet.errors import BudgetExceededError, CertificateError, InvalidInputError, TropnetError
from tropnet.exact import Vector, format_fraction, to_fraction
from tropnet.identifiability.dimension import FunctionalDimension, functional_dimension
from tropnet.identifiability.infinitesimal import HiddenSymmetry, hidden_symmetries
from tropnet.io import load_with_notes, loads_json, save
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import activation_regions, count_activation_regions
from tropnet.piecewise.depth import depth_lower_bound

EQUAL, DIFFERENT, TROUBLE, INTERRUPTED = 0, 1, 2, 130

Command = TypeVar("Command", bound=Callable[..., Any])


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; every trouble is one line on standard error and status 2."""
    try:
        status = app(args=arguments, prog_name="tropnet", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as help_text:
        click.echo(help_text.format_message())
        status = TROUBLE
    except click.Abort:
        status = _trouble("interrupted", INTERRUPTED)
    except click.ClickException as error:
        status = _trouble(f"{error.format_message()} (see 'tropnet --help')")
    except TropnetError as error:
        status = _trouble(str(error))
    except SystemExit:
        # Only click exits here, where the reader of our output has gone, and with status 1.
        status = TROUBLE
    except OSError as error:
        # Our output cannot be written, or its reader has gone; keep Python from saying so at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        is_gone = isinstance(error, BrokenPipeError)
        status = TROUBLE if is_gone else _trouble(f"cannot write ({error.strerror})")
    except Exception as error:
        # Status 1 means "different", so nothing unforeseen may end with it.
        status = _trouble(f"internal error, please report it: {type(error).__name__}: {error}")
    raise SystemExit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tropnet")
def app() -> None:
    """Exact tropical geometry of ReLU networks.

    NET, A and B are network files (.json .npz .onnx .nnet .pt .pth), or - for JSON on standard
    input.
    """


def _reading(command: Command) -> Command:
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


_json = click.option("--json", "as_json", is_flag=True, help="Print JSON; all numbers are exact.")
_limit = click.option(
    "--budget",
    metavar="LIMIT",
    callback=lambda _context, _option, text: _budget(text),
    help="Give up after so many regions (100000) or so much time (90s, 10m, 2h).",
)
_jobs = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    help="Work in so many processes; the result is the same.",
)
_certificate_file = click.option(
    "--certificate",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the proof to a file that 'tropnet check' reads.",
)


@app.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@_json
@_limit
@_jobs
@_certificate_file
@_reading
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
    """
    f, g = _network(first, **reading), _network(second, **reading)
    with _counter("regions compared") as counter, _executor(jobs) as executor:
        try:
            answer = decide_equality(f, g, budget=budget, progress=counter, executor=executor)
        except (KeyboardInterrupt, BudgetExceededError) as stop:
            return _stopped(stop, counter)
    if certificate is not None:
        _write(certificate, certificate_to_json(answer.certificate) + "\n")
    if as_json:
        _print_json(_comparison(answer, f, g))
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


@app.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.argument("first", metavar="A")
@click.argument("second", metavar="[B]", required=False)
@_json
@_reading
def check(certificate: Path, first: str, second: str | None, as_json: bool, **reading: bool) -> int:
    """Verify a proof about two networks, or about one, without any search.

    Exit status: 0 it proves its claim about these networks, 1 it does not, 2 trouble.
    """
    try:
        proof = certificate_from_json(certificate.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{certificate}: cannot read ({error})") from None
    except CertificateError as error:
        raise CertificateError(f"{certificate}: {error}") from None
    if isinstance(proof, FunctionCertificate) != (second is None):
        count = "one network" if second is not None else "two networks"
        raise InvalidInputError(f"{certificate}: its claim is about {count}; name as many files")
    network, statement = _network(first, **reading), f"the networks are {proof.claim}"
    if isinstance(proof, FunctionCertificate):
        valid, statement = proof.check(network), proof.statement
    else:
        assert second is not None
        valid = proof.check(network, _network(second, **reading))
    if any(getattr(proof, "domain", ())):
        # Equality on a polyhedron is another claim than equality of the networks.
        raise CertificateError(f"{certificate}: it speaks about a polyhedron only, not about R^n")
    if as_json:
        _print_json({"claim": proof.claim, "valid": valid})
    else:
        click.echo(f"{'proved' if valid else 'NOT proved'}: {statement}")
    return EQUAL if valid else DIFFERENT


@app.command()
@click.argument("net")
@_json
@_reading
def info(net: str, as_json: bool, **reading: bool) -> int:
    """Show a network's architecture, its numbers of parameters and neurons, and their sizes."""
    network, notes = _network_with_notes(net, **reading)
    numbers = [entry for weight, bias in network.layers for row in (*weight, bias) for entry in row]
    bits = [
        max(part.bit_length() for part in parts)
        for parts in zip(*((n.numerator, n.denominator) for n in numbers), strict=True)
    ]
    zeros = sum(not entry for entry in numbers)
    if as_json:
        _print_json(
            {
                "architecture": network.architecture,
                "depth": network.depth,
                "parameters": network.parameter_count,
                "hidden_neurons": network.hidden_neuron_count,
                "numerator_bits": bits[0],
                "denominator_bits": bits[1],
                "zeros": zeros,
                "notes": notes,
            }
        )
        return 0
    click.echo(f"architecture     {'-'.join(map(str, network.architecture))}")
    click.echo(f"hidden layers    {network.depth}")
    click.echo(f"parameters P     {network.parameter_count}")
    click.echo(f"hidden neurons N {network.hidden_neuron_count}")
    click.echo(f"numbers          up to {bits[0]} / {bits[1]} bits, {zeros} zeros")
    for note in notes:
        click.echo(f"note             {note}")
    return 0


@app.command()
@click.argument("net")
@click.option("--json", "as_json", is_flag=True, help="Stream the regions, one a line.")
@_limit
@_jobs
@_reading
def regions(net: str, as_json: bool, budget: Budget | None, jobs: int, **reading: bool) -> int:
    """Count the activation regions of a network, or list them."""
    network = _network(net, **reading)
    with _counter("regions") as counter, _executor(jobs) as executor:
        try:
            if as_json:
                for region in activation_regions(network, budget=budget, executor=executor):
                    _print_json(
                        {
                            "pattern": region.pattern,
                            "gradient": [_texts(row) for row in region.gradient],
                            "constant": _texts(region.constant),
                            "interior_point": _texts(region.interior_point),
                        }
                    )
                    counter(counter.count + 1)
            else:
                count_activation_regions(
                    network, budget=budget, progress=counter, executor=executor
                )
        except (KeyboardInterrupt, BudgetExceededError) as stop:
            return _stopped(stop, counter)
    if not as_json:
        click.echo(f"{counter.count} activation regions")
    return 0


@app.command()
@click.argument("net")
@click.option(
    "--integrate",
    is_flag=True,
    help="Also say what becomes of each hidden symmetry at finite distance.",
)
@_json
@_limit
@_jobs
@_certificate_file
@_reading
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
    """
    network = _network(net, **reading)
    with _counter("regions") as counter, _executor(jobs) as executor:
        try:
            answer = functional_dimension(
                network, budget=budget, progress=counter, executor=executor
            )
        except KeyboardInterrupt as stop:
            return _stopped(stop, counter)
        except BudgetExceededError as stop:
            if isinstance(stop.found, FunctionalDimension):
                _report_dimension(stop.found, [], as_json, certificate)
            return _trouble(str(stop))
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
        _write(certificate, certificate_to_json(answer.certificate) + "\n")
    if as_json:
        names = [field.name for field in fields(answer) if field.name != "certificate"]
        data = {name: getattr(answer, name) for name in names}
        _print_json(data | {"hidden_symmetries": symmetries})
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


@app.command()
@click.argument("net")
@_json
@_certificate_file
@_reading
def depth(net: str, as_json: bool, certificate: Path | None, **reading: bool) -> int:
    """Bound the number of hidden layers that the function of a network needs.

    The bound comes from chains of bends in the break locus; its scope is printed with it.
    """
    network = _network(net, **reading)
    bound = depth_lower_bound(network)
    if certificate is not None:
        _write(certificate, certificate_to_json(bound.obstruction or bound.chain) + "\n")
    if as_json:
        _print_json(
            {
                "lower_bound": bound.value,
                "scope": bound.scope,
                "transversal_representation_excluded": bound.obstruction is not None,
                "hidden_layers": network.depth,
                "branches": len(bound.bends.branches),
                "bends": bound.bends.graph.number_of_edges(),
            }
        )
        return 0
    click.echo(f"hidden layers    at least {bound.value} (the network has {network.depth})")
    click.echo(f"scope            {bound.scope}")
    if bound.obstruction is not None:
        click.echo("transversal      no representation of any depth is")
    return 0


@app.command()
@click.argument("net")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the smaller network.",
)
@_json
@_limit
@_certificate_file
@_reading
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
    """
    network = _network(net, **reading)
    with _counter("points, cells and regions") as counter:
        try:
            answer = simplify_network(network, budget=budget, progress=counter)
            if certificate is not None:
                _write(certificate, certificate_to_json(answer.certificate) + "\n")
        except (KeyboardInterrupt, BudgetExceededError) as stop:
            return _stopped(stop, counter)
    if output is not None:
        save(answer.network, output)
    if as_json:
        _print_json(_simplification(answer))
    else:
        click.echo(_architectures(answer))
        for step in answer.steps:
            click.echo(f"  {step}")
        for question in answer.open_questions:
            click.echo(f"  undecided: {question}")
    return EQUAL if answer.complete else DIFFERENT


@app.command()
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@_reading
def convert(source: str, target: Path, **reading: bool) -> int:
    """Write a network in another format, exactly or not at all."""
    save(_network(source, **reading), target)
    return 0


def _network(path: str, **reading: bool) -> ReLUNetwork:
    return _network_with_notes(path, **reading)[0]


def _network_with_notes(path: str, **reading: bool) -> tuple[ReLUNetwork, tuple[str, ...]]:
    if path == "-":
        try:
            if sys.stdin is None:
                raise InvalidInputError("it is closed")
            return loads_json(sys.stdin.buffer.read()), ()
        except (OSError, InvalidInputError) as error:
            raise InvalidInputError(f"standard input: {error}") from None
    return load_with_notes(path, **reading)


def _comparison(answer: Equality, f: ReLUNetwork, g: ReLUNetwork) -> dict[str, Any]:
    result: dict[str, Any] = {
        "equal": answer.equal,
        "method": answer.method,
        "regions": answer.regions,
    }
    if answer.witness is not None:
        result |= {
            "witness": _texts(answer.witness),
            "A": _texts(f(answer.witness)),
            "B": _texts(g(answer.witness)),
        }
    return result


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


def _texts(vector: Vector) -> list[str]:
    return [format_fraction(entry) for entry in vector]


def _print_json(data: Any) -> None:
    click.echo(json.dumps(data))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(f"{path}: cannot write ({error.strerror})") from None


def _budget(text: str | None) -> Budget | None:
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


@contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
    """A pool of processes, None for one job."""
    if jobs == 1:
        yield None
        return
    executor = ProcessPoolExecutor(jobs)
    try:
        yield executor
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


class _Counter:
    """A progress callback that remembers how far the work has got, and may show it."""

    def __init__(self, show: Callable[[int], None] | None) -> None:
        self.count = 0
        self._show = show

    def __call__(self, count: int) -> None:
        self.count = count
        if self._show is not None:
            self._show(count)


@contextmanager
def _counter(what: str) -> Iterator[_Counter]:
    """A counter, shown on standard error if that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Counter(None)
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed} " + what), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield _Counter(lambda count: bar.update(task, completed=count))


def _stopped(stop: BaseException, counter: _Counter) -> int:
    """Says how far it got when it was stopped by the user or the budget."""
    if isinstance(stop, BudgetExceededError):
        reached = stop.found if isinstance(stop.found, int) else counter.count
        return _trouble(f"out of budget after {reached} regions; the work is not complete")
    return _trouble(f"interrupted after {counter.count} regions", INTERRUPTED)


def _trouble(message: str, status: int = TROUBLE) -> int:
    line = " ".join(message.split())
    click.echo(f"tropnet: {line}", err=True)
    return status


if __name__ == "__main__":
    main()
