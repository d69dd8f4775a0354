"""Write the entries of the catalogue: look for minimal networks that are not identifiable.

    python examples/make_catalogue.py [FOLDER]

The first entries are given by hand, the others are found by looking through random networks with
small integers.  Nothing is written unless all three proofs of an entry check: equal, not
equivalent, and minimal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random

from tropnet import (
    Answer,
    MinimalShallowNetwork,
    Polyhedron,
    ReLUNetwork,
    Verdict,
    decide_equality,
    decide_equivalence,
    decide_minimality,
    infinitesimal_symmetries,
    is_transversal,
    minimal_shallow_network,
)
from tropnet.catalogue.entry import CatalogueEntry
from tropnet.catalogue.reading import entry_to_json
from tropnet.certificates.dimension import Direction

DATA = Path(__file__).parent.parent / "tropnet" / "catalogue" / "data"
BY_HAND = "given by hand in examples/make_catalogue.py"


def proved(
    name: str,
    title: str,
    about: str,
    pair: tuple[ReLUNetwork, ReLUNetwork],
    found_by: str = BY_HAND,
    direction: Direction = (),
    among_shallow: bool = False,
) -> CatalogueEntry | None:
    """An entry with its proofs; None if one of them is missing.

    Affine functions are minimal only among networks with one hidden layer.
    """
    network, partner = pair
    equality = decide_equality(network, partner)
    equivalence = decide_equivalence(network, partner)
    if not equality.equal or equivalence.equivalent:
        return None
    minimality: Answer | MinimalShallowNetwork = decide_minimality(network)
    if among_shallow:
        minimality = minimal_shallow_network(network)
    if minimality.verdict is not Verdict.PROVED:
        return None
    assert equivalence.certificate is not None
    entry = CatalogueEntry(
        name,
        title,
        about,
        found_by,
        network,
        partner,
        equality.certificate,
        equivalence.certificate,
        minimality.certificate,
        direction,
    )
    return entry if entry.check() else None


def given() -> Iterator[CatalogueEntry | None]:
    """The entries given by hand."""
    rows = [[1, 0], [0, 1], [-1, -1]]
    flipped = [[-1, 0], [0, -1], [1, 1]]
    yield proved(
        "triple-flip",
        "relu(x) + relu(y) + relu(-x - y) = relu(-x) + relu(-y) + relu(x + y)",
        "The difference of both sides is x + y + (-x - y) = 0.  Three creases need three neurons, "
        "and there are exactly two orbits.  The functional dimension is P - N = 10, so each is "
        "locally unique.",
        (
            ReLUNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])]),
            ReLUNetwork([(flipped, [0, 0, 0]), ([[1, 1, 1]], [0])]),
        ),
    )
    first, second = (ReLUNetwork([([[1], [-1]], [s, -s]), ([[1, -1]], [-s])]) for s in (0, 1))
    yield proved(
        "identity",
        "x = relu(x + s) - relu(-x - s) - s for every s",
        "The identity on R takes two neurons, which make a crease that cancels, and it can be "
        "anywhere.  (This is about networks with one hidden layer; without any it is free.)",
        (first, second),
        direction=infinitesimal_symmetries(first).hidden[0].direction,
        among_shallow=True,
    )
    first, second = (
        ReLUNetwork([([[1, -1], [0, 1], [0, -1]], [0, s, -s]), ([[1, 1, -1]], [-s]), ([[1]], [0])])
        for s in (0, 1)
    )
    yield proved(
        "maximum",
        "max(0, x, y) = relu(relu(x - y) + relu(y + s) - relu(-y - s) - s) for every s",
        "Two neurons pass y on and can do so anywhere; exchanging x and y gives a second family.  "
        "No smaller network will do: one hidden layer does not suffice, and no bias-free 2-2-1-1 "
        "network agrees with max(0, x, y) on some points.",
        (first, second),
        direction=infinitesimal_symmetries(first).hidden[0].direction,
    )
    rows = [[1, 0], [0, 1], [1, 1], [1, -1]]
    flipped = [[-entry for entry in row] for row in rows]
    outgoing = [[-1, -1, 1, 0], [-1, 1, 0, 1]]
    yield proved(
        "four-flip-two-outputs",
        "two outputs, four creases, all of which can be read on their other side at once",
        "With creases along x, y, x + y, x - y and weights c_i in Q^2 with sum c_i (x) a_i = 0, "
        "relu(h) = relu(-h) + h at all four changes nothing in total.  No three of the c_i (x) a_i "
        "sum to zero, so the outputs cannot be flipped one by one.",
        (
            ReLUNetwork([(rows, [0] * 4), (outgoing, [0, 0])]),
            ReLUNetwork([(flipped, [0] * 4), (outgoing, [0, 0])]),
        ),
    )
    inner = [[-1, 1], [1, 2]]
    yield proved(
        "swap-bias-free",
        "bias-free, two hidden layers: relu(b - a) - a - 2b = relu(a - b) - b - 2a",
        "With a = relu(x - y), b = relu(x + y); the second layer's second neuron is always active, "
        "so it absorbs relu(t) - relu(-t) = t at t = b - a.",
        (
            ReLUNetwork([([[1, -1], [1, 1]], [0, 0]), (inner, [0, 0]), ([[1, -1]], [0])]),
            ReLUNetwork([([[1, 1], [1, -1]], [0, 0]), (inner, [0, 0]), ([[1, -1]], [0])]),
        ),
    )
    corner = [[1, 0], [0, 1], [-1, -1]]
    yield proved(
        "cut-corner",
        "relu(relu(x) + relu(y) + relu(1 - x - y) - 2) = "
        "relu(relu(-x) + relu(-y) + relu(x + y - 1) - 1)",
        "The three first-layer forms sum to a constant, so all can be read on their other side.  "
        "Transversal, all neurons visible: recovery finds exactly these two.",
        (
            ReLUNetwork([(corner, [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])]),
            ReLUNetwork(
                [
                    ([[-a for a in row] for row in corner], [0, 0, -1]),
                    ([[1, 1, 1]], [-1]),
                    ([[1]], [0]),
                ]
            ),
        ),
    )
    axes = ([[1, 0], [0, 1]], [0, 0])
    yield proved(
        "ramp",
        "relu(z - 1) - relu(z - 2) = 1 - relu(2 - z) + relu(1 - z) with z = 2 relu(x) + 3 relu(y)",
        "A ramp from 0 to 1 can be read from either end.  Transversal, all neurons visible: "
        "recovery finds exactly these two.",
        (
            ReLUNetwork([axes, ([[2, 3], [2, 3]], [-1, -2]), ([[1, -1]], [0])]),
            ReLUNetwork([axes, ([[-2, -3], [-2, -3]], [2, 1]), ([[-1, 1]], [1])]),
        ),
    )


def families(
    architecture: Sequence[int], seeds: range, count: int
) -> Iterator[CatalogueEntry | None]:
    """Minimal networks with a weight of the second layer that is free, and stays so nearby."""
    text = "-".join(map(str, architecture))
    for seed in seeds:
        net = small_integers(architecture, seed)
        if not is_transversal(net).transversal:
            continue
        for symmetry in infinitesimal_symmetries(net).hidden:
            (layer, neuron, source, _), *more = symmetry.direction
            if more or layer != 2 or source is None or not is_clearly_silent(net, neuron, source):
                continue
            family = symmetry.integrate().family
            if family is None or not family.highest:
                continue
            entry = proved(
                f"free-weight-{text}-{seed}",
                f"{text}: a free weight in the second layer, for an open set of parameters",
                f"Where neuron {source} of the first layer is active, the preactivation of neuron "
                f"{neuron} of the second is at most -(1 + |x| + |y|)/64.  So the weight between "
                "them does not matter while it stays near its value, and the same holds for all "
                "parameters near these: none of an open set of parameters is identifiable.  "
                f"Along the direction of this entry the family is proved on {family.interval}.",
                (net, family.network(family.highest)),
                f"families({tuple(architecture)}, ...) in examples/make_catalogue.py, seed {seed}",
                symmetry.direction,
            )
            if entry is not None:
                yield entry
                count -= 1
                break
        if not count:
            return


def is_clearly_silent(net: ReLUNetwork, neuron: int, source: int) -> bool:
    """Whether z + (1 + |x| + |y|)/64 ≤ 0 where a neuron of the first layer is active.

    Here z is the preactivation of a neuron of the second layer.  This is stable: parameters that
    change by δ change z, and the half-plane, by O(δ)(1 + |x| + |y|).
    """
    margin = Fraction(1, 64)
    (first, offsets), (second, constants), *_ = net.layers
    rows = [*first, (1, 0), (-1, 0), (0, 1), (0, -1)]
    weights = [*second[neuron], *[margin] * 4]
    raised = ReLUNetwork(
        [
            (rows, [*offsets, 0, 0, 0, 0]),
            ([weights], [constants[neuron] + margin]),
            ([[1]], [0]),
        ]
    )
    active = Polyhedron.from_inequalities([[-a for a in first[source]]], [offsets[source]])
    return decide_equality(raised, 0 * raised, active).equal


def small_integers(architecture: Sequence[int], seed: int) -> ReLUNetwork:
    """A random network with entries from −2 to 2 and output biases 0."""
    random = Random(seed)
    layers = []
    for inputs, outputs in pairwise(architecture):
        weight = [
            [random.choice((-2, -1, 0, 1, 1, 2)) for _ in range(inputs)] for _ in range(outputs)
        ]
        layers.append((weight, [random.choice((-2, -1, 0, 1, 2)) for _ in range(outputs)]))
    weight, bias = layers[-1]
    return ReLUNetwork([*layers[:-1], (weight, [0] * len(bias))])


def main(folder: Path) -> None:
    """Write the entries."""
    folder.mkdir(parents=True, exist_ok=True)
    found = [*given()]
    for architecture in ((2, 2, 2, 1), (2, 3, 2, 1), (2, 2, 2, 2)):
        found += families(architecture, range(2500), 2)
    for entry in found:
        if entry is None:
            raise SystemExit("an entry given by hand is not proved")
        (folder / f"{entry.name}.json").write_text(entry_to_json(entry), encoding="utf-8")
        print(f"{entry.name}: {entry.title}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
