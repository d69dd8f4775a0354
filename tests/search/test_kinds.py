"""What can be searched for: known networks are found, and forged findings are not believed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from identifiability.known_networks import MAXIMUM, TRIPLE_FLIP, TWICE_RELU, TWO_ORBITS
from search.predicates import many_pieces
from tropnet import (
    CertificateError,
    Finding,
    InvalidInputError,
    ReLUNetwork,
    decide_equality,
    random_network,
)
from tropnet.search.digests import class_digest, function_digest
from tropnet.search.kinds import KINDS, load_kind

COLLAPSE = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1], [1, 0]], [0, -1]), ([[1, 0]], [0])])
"""|x| with a second layer in vain: relu(|x|), and relu(relu(x) − 1) that nothing reads."""

EXAMPLES = {
    "shallow_orbits": (TRIPLE_FLIP, random_network((2, 3, 1), 1)),
    "non_identifiable_minimal": (TRIPLE_FLIP, TWICE_RELU),
    "locally_unique_only": (TWO_ORBITS, MAXIMUM),
    "hidden_symmetry": (MAXIMUM, TWO_ORBITS),
    "depth_collapse": (COLLAPSE, MAXIMUM),
}


def found(kind: str) -> Finding:
    finding = KINDS[kind].find(EXAMPLES[kind][0], None)
    assert finding is not None
    return finding


@pytest.mark.parametrize("kind", KINDS)
def test_known_networks(kind: str) -> None:
    finding = found(kind)
    assert KINDS[kind].verify(finding)
    assert finding.proofs_hold()
    if finding.partner is not None:
        assert decide_equality(finding.network, finding.partner).equal
    again = Finding.from_data(json.loads(json.dumps(finding.data())))
    assert again == replace(finding, facts=dict(finding.facts), proofs=dict(finding.proofs))
    assert KINDS[kind].verify(again)
    assert KINDS[kind].find(EXAMPLES[kind][1], None) is None


@pytest.mark.parametrize("kind", KINDS)
def test_forged_findings(kind: str) -> None:
    finding = found(kind)
    verify = KINDS[kind].verify
    assert not verify(replace(finding, network=EXAMPLES[kind][1]))
    assert not verify(replace(finding, proofs={}))
    for name in finding.proofs:
        rest = {other: proof for other, proof in finding.proofs.items() if other != name}
        assert not verify(replace(finding, proofs=rest))
        for other_kind in KINDS:
            for proof in found(other_kind).proofs.values():
                if proof.claim != finding.proofs[name].claim:
                    assert not verify(replace(finding, proofs=rest | {name: proof}))


def test_layers_that_are_active_everywhere_do_not_count() -> None:
    behind = ReLUNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [1]), ([[1]], [0])])
    assert KINDS["depth_collapse"].find(behind, None) is None


def test_own_predicates() -> None:
    for kind in (many_pieces, "search.predicates:many_pieces"):
        own = load_kind(kind)
        assert own.name == "search.predicates:many_pieces"
        finding = own.find(random_network((2, 5, 1), 1), None)
        assert finding is not None
        assert own.verify(finding)
        assert not own.verify(replace(finding, facts={"pieces": 3}))
        assert not own.verify(replace(finding, network=random_network((1, 1, 1))))
        assert own.find(random_network((1, 1, 1)), None) is None
    for name in ("nothing", "search.predicates:nothing", "no_such_module:f", "math:pi"):
        with pytest.raises(InvalidInputError, match="kind"):
            load_kind(name)


def test_bad_findings() -> None:
    with pytest.raises(InvalidInputError, match="network"):
        Finding("net")  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="fact"):
        Finding(TRIPLE_FLIP, facts={"share": 0.5})  # type: ignore[dict-item]
    data = found("shallow_orbits").data()
    for name in data.keys() - {"architecture"}:
        with pytest.raises(CertificateError):
            Finding.from_data({key: value for key, value in data.items() if key != name})


def test_digests() -> None:
    flipped = ReLUNetwork([([[-1, 0], [0, -1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    assert function_digest(TRIPLE_FLIP) == function_digest(flipped)
    assert function_digest(TRIPLE_FLIP) != function_digest(2 * flipped)
    assert function_digest(random_network((2, 1))) != function_digest(random_network((2, 1), 1))
    assert class_digest(TRIPLE_FLIP) != class_digest(flipped)
    moved = TRIPLE_FLIP.permute(1, (2, 0, 1)).rescale(1, (1, "1/3", 7))
    assert class_digest(TRIPLE_FLIP) == class_digest(moved)
