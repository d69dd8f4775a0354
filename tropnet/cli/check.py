"""`tropnet check`: whether a proof proves its claim."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tropnet.certificates.serialization import (
    FunctionCertificate,
    certificate_from_json,
)
from tropnet.cli.files import read_network
from tropnet.cli.options import (
    json_option,
    reading_options,
)
from tropnet.cli.output import print_json
from tropnet.cli.status import DIFFERENT, EQUAL
from tropnet.errors import CertificateError, InvalidInputError
from tropnet.search.finding import Finding
from tropnet.search.journal import read_journal
from tropnet.search.kinds import load_kind


@click.command()
@click.argument("certificate", type=click.Path(path_type=Path))
@click.argument("first", metavar="[A]", required=False)
@click.argument("second", metavar="[B]", required=False)
@json_option
@reading_options
def check(
    certificate: Path, first: str | None, second: str | None, as_json: bool, **reading: bool
) -> int:
    """Verify a proof about two networks, or about one, without any search.

    "tropnet check JOURNAL", or "tropnet check journal JOURNAL", verifies all findings of a search.

    Exit status: 0 it proves its claim about these networks, 1 it does not, 2 trouble.

    Example: tropnet check proof.json A.json B.json
    """
    if first is None:
        return _check_journal(certificate, as_json)
    if str(certificate) == "journal" and second is None and not certificate.exists():
        return _check_journal(Path(first), as_json)
    try:
        proof = certificate_from_json(certificate.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{certificate}: cannot read ({error})") from None
    except CertificateError as error:
        raise CertificateError(f"{certificate}: {error}") from None
    if isinstance(proof, FunctionCertificate) != (second is None):
        count = "one network" if second is not None else "two networks"
        raise InvalidInputError(f"{certificate}: its claim is about {count}; name as many files")
    network, statement = read_network(first, **reading), f"the networks are {proof.claim}"
    if isinstance(proof, FunctionCertificate):
        valid, statement = proof.check(network), proof.statement
    else:
        assert second is not None
        valid = proof.check(network, read_network(second, **reading))
    if any(getattr(proof, "domain", ())):
        # Equality on a polyhedron is another claim than equality of the networks.
        raise CertificateError(f"{certificate}: it speaks about a polyhedron only, not about R^n")
    if as_json:
        print_json({"claim": proof.claim, "valid": valid})
    else:
        click.echo(f"{'proved' if valid else 'NOT proved'}: {statement}")
    return EQUAL if valid else DIFFERENT


def _check_journal(path: Path, as_json: bool) -> int:
    """Verifies every finding of a journal, each with the verifier of its kind."""
    contents = read_journal(path)
    sys.path.insert(0, "")  # one's own predicate stands in the current folder
    kind = load_kind(contents.run["kind"])
    valid, wrong = 0, []
    for line in contents.finding_lines():
        try:
            holds = kind.verify(Finding.from_data(line))
        except CertificateError:
            holds = False
        if holds:
            valid += 1
        else:
            wrong.append([line["shard"], line["index"]])
    if as_json:
        print_json({"findings": valid + len(wrong), "valid": valid, "wrong": wrong})
    else:
        click.echo(f"{valid} of {valid + len(wrong)} findings of kind {kind.name} are proved")
        for shard, index in wrong:
            click.echo(f"NOT proved: index {index} in shard {shard}")
        for problem in contents.problems:
            click.echo(f"problem: {problem}")
    return DIFFERENT if wrong or contents.problems else EQUAL
