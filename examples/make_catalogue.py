"""Write the entries of the catalogue: search, keep what is new, and let every proof be checked.

    python examples/make_catalogue.py [FOLDER [JOURNALS]]

Runs the commands in SEARCHES, some twenty minutes on two cores; the folder JOURNALS keeps their
journals, so that it can be interrupted.  Of what each finds, the networks with the smallest numbers
are kept that are of interest: every neuron counts, every input counts, the hidden symmetries are
those of transversal networks, and no entry is another one after an affine change of inputs, nor
looks like one (see `shape`).
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from string import ascii_lowercase
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tropnet import (
    ReLUNetwork,
    Verdict,
    activation_regions,
    break_locus,
    decide_equality,
    decide_identifiability,
    functional_dimension,
    infinitesimal_symmetries,
    is_transversal,
    piecewise_linear,
    shallow_representations,
)
from tropnet.catalogue.entry import CatalogueEntry
from tropnet.catalogue.reading import entry_to_json
from tropnet.comparison.affine_changes import affine_change
from tropnet.exact import rank
from tropnet.networks.formulas import formulas
from tropnet.search.digests import function_digest
from tropnet.search.finding import Finding
from tropnet.search.journal import read_journal

DATA = Path(__file__).parent.parent / "tropnet" / "catalogue" / "data"

ENUMERATION = "--generator enumeration --weights=-1,0,1"
STRUCTURED = "--generator structured"

# What to search for, and how many entries to keep.
SEARCHES = (
    (f"non_identifiable_minimal 2-3-1 {ENUMERATION} --biases=0", 2),
    (f"non_identifiable_minimal 2-3-1-1 {ENUMERATION} --biases=0", 3),
    (f"non_identifiable_minimal 2-2-1-1 {STRUCTURED} --seeds 400", 3),
    ("non_identifiable_minimal 2-2-2-1 --biases=0 --seeds 1000", 2),
    (f"non_identifiable_minimal 2-2-2-1 {STRUCTURED} --seeds 1000", 3),
    (f"non_identifiable_minimal 2-3-2-1 {STRUCTURED} --seeds 500", 3),
    (f"non_identifiable_minimal 2-2-2-2 {STRUCTURED} --seeds 500", 3),
    (f"non_identifiable_minimal 3-3-1 {STRUCTURED} --seeds 1000", 2),
    (f"shallow_orbits 1-2-1 {ENUMERATION} --biases=-1,0,1", 1),
    ("shallow_orbits 1-3-1 --seeds 400", 2),
    (f"shallow_orbits 2-3-1 {STRUCTURED} --seeds 1000", 3),
    (f"shallow_orbits 2-4-1 {STRUCTURED} --seeds 1000", 4),
    (f"shallow_orbits 2-4-2 {STRUCTURED} --seeds 500", 3),
    (f"shallow_orbits 3-4-1 {STRUCTURED} --seeds 1000", 2),
    (f"shallow_orbits 3-5-1 {STRUCTURED} --seeds 1000", 1),
    (f"locally_unique_only 2-4-1 {STRUCTURED} --seeds 1000", 3),
    (f"locally_unique_only 2-5-1 {STRUCTURED} --seeds 1000", 1),
    (f"locally_unique_only 3-4-1 {STRUCTURED} --seeds 1000", 2),
    ("locally_unique_only 1-2-2-1 --seeds 1000", 1),
    ("locally_unique_only 2-2-2-1 --seeds 2000", 3),
    (f"locally_unique_only 2-3-2-1 {STRUCTURED} --seeds 2000", 2),
    ("locally_unique_only 2-3-3-1 --seeds 2000", 1),
    ("locally_unique_only 2-2-2-2-1 --seeds 4000", 2),
    ("hidden_symmetry 2-2-1-1 --seeds 200", 2),
    ("hidden_symmetry 2-2-2-1 --seeds 1000", 3),
    ("hidden_symmetry 2-2-2-2 --seeds 200", 2),
    ("hidden_symmetry 2-3-2-1 --seeds 200", 2),
    ("hidden_symmetry 3-3-2-1 --seeds 200", 1),
    ("hidden_symmetry 2-2-2-1-1 --seeds 1000", 2),
    ("hidden_symmetry 2-2-2-2-1 --seeds 500", 3),
    ("depth_collapse 1-2-2-1 --seeds 200", 2),
    (f"depth_collapse 2-2-2-1 {STRUCTURED} --seeds 3000", 3),
    ("depth_collapse 2-2-2-2 --seeds 500", 2),
    (f"depth_collapse 3-3-2-1 {STRUCTURED} --seeds 1000", 2),
    ("depth_collapse 1-2-2-2-1 --seeds 500", 1),
    ("depth_collapse 2-2-2-1-1 --seeds 500", 2),
    ("depth_collapse 2-2-2-2-1 --seeds 1000", 3),
)


class Known(NamedTuple):
    """A function with a name of its own."""

    name: str
    title: str
    about: str
    net: ReLUNetwork


KNOWN = (
    Known(
        "triple-flip",
        "relu(x) + relu(y) + relu(-x - y) = relu(-x) + relu(-y) + relu(x + y)",
        "The difference of both sides is x + y + (-x - y) = 0.  Three creases need three neurons, "
        "and there are exactly two orbits.",
        ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])]),
    ),
    Known(
        "identity",
        "x = relu(x + s) - relu(-x - s) - s for every s",
        "The identity on R takes two neurons, which make a crease that cancels, and it can be "
        "anywhere.  (This is about networks with one hidden layer; without any it is free.)",
        ReLUNetwork([([[1]], [0])]),
    ),
    Known(
        "maximum",
        "max(0, x, y) = relu(relu(x - y) + relu(y + s) - relu(-y - s) - s) for every s",
        "Two neurons pass y on and can do so anywhere; exchanging x and y gives a second family.  "
        "No smaller network will do: one hidden layer does not suffice, and no bias-free 2-2-1-1 "
        "network agrees with max(0, x, y) on some points.",
        ReLUNetwork([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0]), ([[1]], [0])]),
    ),
)


def findings(command: str, journals: Path) -> list[Finding]:
    """What a search finds."""
    journal = journals / f"{re.sub('[^a-z0-9]+', '-', command)}.jsonl"
    arguments = [*shlex.split(command), "--journal", str(journal), "--jobs", "2"]
    subprocess.run([sys.executable, "-m", "tropnet.cli", "search", *arguments], check=True)
    return list(read_journal(journal).findings())


def size(finding: Finding) -> tuple[bool, Fraction, int]:
    """What has a name comes first, then small numbers, then small indices."""
    numbers = (
        abs(number)
        for weight, bias in finding.network.layers
        for row in (*weight, bias)
        for number in row
    )
    return known(finding) is None, sum(numbers, Fraction(0)), finding.index


def known(finding: Finding) -> Known | None:
    """What has a name and is the same function."""
    named = (each for each in KNOWN if function_digest(each.net) == finding.function)
    return next(named, None)


def is_of_interest(finding: Finding) -> bool:
    """Whether nothing in a network is idle, and it is not the only one with its function."""
    net = finding.network
    return (
        (finding.kind != "hidden_symmetry" or is_transversal(net).transversal)
        and every_neuron_counts(net)
        and every_input_counts(net)
        and decide_identifiability(net).verdict is not Verdict.PROVED
    )


def every_neuron_counts(net: ReLUNetwork) -> bool:
    """Whether every neuron is active somewhere and inactive elsewhere, and what it adds matters."""
    patterns = [region.pattern for region in activation_regions(net)]
    for layer, width in enumerate(net.architecture[1:-1]):
        for neuron in range(width):
            if not {1, -1} <= {pattern[layer][neuron] for pattern in patterns}:
                return False
            layers = [(list(map(list, weight)), bias) for weight, bias in net.layers]
            for row in layers[layer + 1][0]:
                row[neuron] = Fraction(0)
            if decide_equality(net, ReLUNetwork(layers)).equal:
                return False
    return True


def every_input_counts(net: ReLUNetwork) -> bool:
    """Whether the function depends on as many variables as it has inputs."""
    rows = [row for piece in piecewise_linear(net).pieces for row in piece.gradient]
    return rank(rows) == net.input_width


def shape(finding: Finding) -> tuple[object, ...]:
    """What no affine change of inputs changes; entries with the same shape are not both kept."""
    net = finding.network
    locus = break_locus(net).canonical()
    faces = tuple(len(locus.cells(k)) for k in range(net.input_width))
    weights = [facet.weight for facet in locus.facets]
    convex = sum(not isinstance(weight, tuple) and weight > 0 for weight in weights)
    return finding.kind, net.architecture, len(piecewise_linear(net).pieces), faces, convex


def entry(command: str, finding: Finding, name: str) -> CatalogueEntry:
    """An entry for a finding."""
    named = known(finding)
    if named is not None:
        return CatalogueEntry(named.name, named.title, named.about, command, finding)
    about = " ".join(sentences(finding))
    return CatalogueEntry(name, title(finding), about, command, finding)


def title(finding: Finding) -> str:
    """What a finding is, in one line."""
    facts, net = finding.facts, finding.network
    bound = net.parameter_count - net.hidden_neuron_count
    if finding.kind == "hidden_symmetry":
        return f"functional dimension {facts['functional_dimension']} < {bound} = P - N"
    if finding.kind == "locally_unique_only":
        return f"functional dimension {bound} = P - N, yet not the only one up to symmetry"
    if finding.kind == "depth_collapse":
        return f"{facts['depth']} hidden layers that all bend, where {facts['enough']} will do"
    if finding.kind == "shallow_orbits":
        return (
            f"minimal with {net.architecture[1]} neurons, in "
            f"{counted(int(facts['isolated'] or 0), 'isolated way')} and "
            f"{counted(int(facts['families'] or 0), 'famil', 'y', 'ies')}"
        )
    return "minimal, and not the only one up to permutation and scaling"


def sentences(finding: Finding) -> Iterator[str]:
    """More about a finding."""
    net, partner = finding.network, finding.partner
    pieces = len(piecewise_linear(net).pieces)
    facets = len(break_locus(net).canonical().facets)
    yield f"{counted(pieces, 'affine piece')}; it breaks along {counted(facets, 'facet')}."
    transversal = "transversal" if is_transversal(net).transversal else "not transversal"
    yield f"The network is {transversal}."
    dimension = functional_dimension(net)
    bound = net.parameter_count - net.hidden_neuron_count
    if dimension.value is not None:
        yield f"Its functional dimension is {dimension.value}; P - N = {bound}."
    for symmetry in infinitesimal_symmetries(net).hidden[:1]:
        yield f"It keeps its function to first order along: {symmetry.description}."
    if net.depth == 1:
        count = shallow_representations(net).count
        yield (
            f"With this width there are, up to symmetry, "
            f"{counted(count.isolated, 'isolated representation')} and "
            f"{counted(sum(count.families.values()), 'famil', 'y', 'ies')}."
        )
    if partner is not None:
        yield f"The same function: {'; '.join(formulas(partner).splitlines())}."


def counted(number: int, noun: str, one: str = "", many: str = "s") -> str:
    """A number with a noun."""
    return f"{number} {noun}{one if number == 1 else many}"


def new_entries(
    searches: Iterable[tuple[str, int]], journals: Path, kept: list[CatalogueEntry]
) -> Iterator[CatalogueEntry]:
    """What the searches find and is not yet among the entries."""
    shapes = {shape(item.finding) for item in kept}
    names = {item.name for item in kept}
    for command, count in searches:
        print(f"tropnet search {command}", flush=True)
        found = sorted(findings(command, journals), key=size)
        for finding in found:
            if not count:
                break
            if not is_of_interest(finding) or shape(finding) in shapes:
                continue
            if any(is_copy(item.network, finding.network) for item in kept):
                continue
            architecture = "-".join(map(str, finding.network.architecture))
            stem = f"{finding.kind.replace('_', '-')}-{architecture}"
            name = next(f"{stem}-{k}" for k in ascii_lowercase if f"{stem}-{k}" not in names)
            item = entry(f"tropnet search {command}", finding, name)
            if not item.check() or item.name in names:
                raise SystemExit(f"{item.name}: not proved, or there twice")
            count -= 1
            kept.append(item)
            names.add(item.name)
            shapes.add(shape(finding))
            yield item
        if count:
            print(f"  {count} fewer than hoped for")


def is_copy(one: ReLUNetwork, other: ReLUNetwork) -> bool:
    """Whether two networks are the same function up to an affine change of inputs."""
    widths = [(net.input_width, net.output_width) for net in (one, other)]
    return widths[0] == widths[1] and affine_change(one, other) is not None


def main(folder: Path, journals: Path) -> None:
    """Write the entries."""
    folder.mkdir(parents=True, exist_ok=True)
    for item in new_entries(SEARCHES, journals, []):
        (folder / f"{item.name}.json").write_text(entry_to_json(item), encoding="utf-8")
        print(f"  {item.name}: {item.title}", flush=True)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        main(
            Path(sys.argv[1]) if len(sys.argv) > 1 else DATA,
            Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder),
        )
