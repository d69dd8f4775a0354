"""Random networks, handed over as their break locus and one affine piece."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

import pytest

from generators.networks import sixty_fourths_network
from identifiability.membership import contains
from tropnet import (
    ReLUNetwork,
    break_locus,
    decide_equality,
    decide_equivalence,
    is_transversal,
    object_to_json,
)
from tropnet.identifiability.recovery.recover import Recovery
from tropnet.identifiability.visibility import invisible_neurons

SCRIPT = Path(__file__).with_name("recover_from_json.py")

Shape = tuple[int, ...]

SHALLOW: dict[Shape, int] = {
    (inputs, width, 1): 4 for inputs in (2, 3) for width in (1, 2, 3, 4, 5, 6)
}
PLANE: dict[Shape, int] = {
    (2, first, second, 1): 9 if first * second <= 16 else 4
    for first in range(2, 7)
    for second in range(1, 7)
}
SPACE: dict[Shape, int] = {
    (3, 2, 1, 1): 6,
    (3, 2, 2, 1): 10,
    (3, 3, 1, 1): 6,
    (3, 3, 2, 1): 10,
    (3, 3, 3, 1): 4,
    (3, 4, 2, 1): 4,
    (3, 4, 3, 1): 2,
    (3, 5, 2, 1): 2,
    (3, 6, 1, 1): 2,
}


def eligible(shape: Shape) -> Iterator[ReLUNetwork]:
    """Random transversal networks of a shape all of whose neurons are visible."""
    for seed in count():
        net = sixty_fourths_network(shape, seed)
        if is_transversal(net).transversal and not invisible_neurons(net):
            yield net


def handed_over(net: ReLUNetwork) -> str:
    """The break locus and one affine piece as a line of JSON."""
    cell = next(net.affine_cells())
    gradient = [[str(entry) for entry in row] for row in cell.gradient]
    constant = [str(entry) for entry in cell.constant]
    return json.dumps(
        {
            "complex": object_to_json(break_locus(net).canonical()),
            "gradient": gradient[0] if len(gradient) == 1 else gradient,
            "constant": constant[0] if len(constant) == 1 else constant,
            "point": [str(entry) for entry in cell.polyhedron.interior_point()],
            "architecture": net.architecture,
        }
    )


def recovered(nets: Sequence[ReLUNetwork]) -> list[Recovery]:
    """What another process recovers."""
    lines = "".join(handed_over(net) + "\n" for net in nets)
    done = subprocess.run(
        [sys.executable, SCRIPT], input=lines.encode(), capture_output=True, check=True
    )
    answers: list[Recovery] = pickle.loads(done.stdout)
    return answers


def check(nets: Sequence[ReLUNetwork]) -> Counter[int]:
    """Checks what is recovered of some networks; how often there are how many components."""
    counts: Counter[int] = Counter()
    for net, found in zip(nets, recovered(nets), strict=True):
        assert found.complete
        assert sum(contains(component, net) for component in found.components) == 1
        for number, one in enumerate(found.networks):
            assert decide_equality(net, one).equal
            for other in found.networks[number + 1 :]:
                assert not decide_equivalence(one, other).equivalent
        counts[len(found)] += 1
    return counts


@pytest.mark.parametrize("shape", [(2, 3, 1), (3, 4, 1), (2, 3, 2, 1), (3, 2, 2, 1), (2, 2, 2, 2)])
def test_the_original_is_among_the_recovered(shape: Shape) -> None:
    assert check(list(islice(eligible(shape), 3))).total() == 3


@pytest.mark.exhaustive
def test_hundreds_of_networks(capsys: pytest.CaptureFixture[str]) -> None:
    nets = [
        net
        for shape, number in (SHALLOW | PLANE | SPACE).items()
        for net in islice(eligible(shape), number)
    ]
    assert len(nets) >= 300
    counts = check(nets)
    with capsys.disabled():
        print(f"{len(nets)} networks; components: {dict(sorted(counts.items()))}")  # noqa: T201
