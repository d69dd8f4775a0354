"""Whether a function determines the parameters of a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from generators.networks import sixty_fourths_network
from generators.strategies import architectures, networks
from tropnet import (
    Budget,
    InvalidInputError,
    ReLUNetwork,
    Verdict,
    catalogue,
    decide_equality,
    decide_equivalence,
    decide_identifiability,
    random_network,
    shallow_representations,
)
from tropnet.certificates.identifiability import UniqueShallowCertificate
from tropnet.certificates.serialization import certificate_from_json, certificate_to_json
from tropnet.cli import main

INSTANCE = ReLUNetwork(
    [
        ([["13/8", "1/4"], ["-11/4", 0], ["3/2", "-19/8"]], ["-5/2", "13/8", 1]),
        (
            [[1, "7/8", "-5/8"], ["3/4", "11/4", "-1/2"], ["-7/4", "-29/8", "9/8"]],
            ["-13/8", "-13/8", "21/4"],
        ),
        ([[1, 1, 1]], ["23/8"]),
    ]
)


def check(net: ReLUNetwork) -> Verdict:
    """The verdict, after its certificate has been checked."""
    answer = decide_identifiability(net)
    if answer.certificate is not None:
        again = certificate_from_json(certificate_to_json(answer.certificate))
        assert again == answer.certificate
        assert again.check(net)
    if answer.verdict is Verdict.REFUTED:
        other = ReLUNetwork(answer.certificate.layers)
        assert other.architecture == net.architecture
        assert decide_equality(net, other).equal
        assert not decide_equivalence(net, other).equivalent
    return answer.verdict


@settings(max_examples=60, deadline=None)
@given(networks(architectures(max_hidden=5, max_depth=1, max_outputs=2)))
def test_one_hidden_layer_agrees_with_all_representations(net: ReLUNetwork) -> None:
    verdict = check(net)
    assert verdict is not Verdict.UNDECIDED
    if net.depth == 0:
        assert verdict is Verdict.PROVED
        return
    found = shallow_representations(net)
    unique = found.width == net.architecture[1] and [c.dimension for c in found] == [0]
    assert (verdict is Verdict.PROVED) == unique
    assert UniqueShallowCertificate().check(net) == unique


def test_the_instance_with_full_functional_dimension() -> None:
    answer = decide_identifiability(INSTANCE)
    assert answer.verdict is Verdict.REFUTED
    assert answer.local.verdict is Verdict.PROVED
    assert answer.local.certificate.check(INSTANCE)
    assert check(INSTANCE) is Verdict.REFUTED


@pytest.mark.parametrize("name", catalogue.names())
def test_nothing_in_the_catalogue_is_identifiable(name: str) -> None:
    item = catalogue.entry(name)
    assert check(item.network) is not Verdict.PROVED
    if item.partner is not None and item.partner.architecture == item.network.architecture:
        assert check(item.partner) is not Verdict.PROVED


def test_random_networks_with_two_hidden_layers() -> None:
    verdicts = [check(sixty_fourths_network((2, 2, 2, 1), seed)) for seed in range(12)]
    assert Verdict.PROVED in verdicts
    assert Verdict.REFUTED in verdicts


def test_small_known_functions() -> None:
    for layers in (
        [([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])],
        [([[1, 0], [0, 1]], [0, 0]), ([[2, 3], [2, 3]], [-1, -2]), ([[1, -1]], [0])],
        [([[1, 0], [1, 1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[1, 1]], [0])],
    ):
        assert check(ReLUNetwork(layers)) is Verdict.REFUTED


def test_no_admissible_region() -> None:
    """Everywhere some neuron of the second layer is identically 0, and its weights can move."""
    layers = [([[0, -2], [0, 2]], [0, 0]), ([[0, 2], [1, 0]], [0, 0]), ([[2, -2]], [0])]
    answer = decide_identifiability(ReLUNetwork(layers))
    assert answer.verdict is Verdict.REFUTED
    assert answer.certificate.check(ReLUNetwork(layers))
    assert answer.local.verdict is Verdict.UNDECIDED


def test_degenerate_networks() -> None:
    zero = ReLUNetwork([([[0, 0], [1, 1]], [0, 0]), ([[1, 2]], [0])])
    assert check(zero) is Verdict.REFUTED
    assert check(ReLUNetwork([([[0]], [2]), ([[3]], [1])])) is Verdict.REFUTED
    assert check(ReLUNetwork([([[2, 1]], [0])])) is Verdict.PROVED
    dead = ReLUNetwork([([[1], [1]], [0, 1]), ([[1, 0], [1, 1]], [1, 0]), ([[0, 1]], [0])])
    assert check(dead) is Verdict.REFUTED
    answer = decide_identifiability(random_network((3, 4, 4, 1)), budget=Budget(regions=2))
    assert answer.verdict is Verdict.UNDECIDED
    with pytest.raises(InvalidInputError, match="net"):
        decide_identifiability(None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        bool(answer)


def test_corrupted_proofs_fail() -> None:
    answer = decide_identifiability(INSTANCE)
    data = json.loads(certificate_to_json(answer.certificate))
    data["layers"][1]["bias"][0] = "7"
    assert not certificate_from_json(json.dumps(data)).check(INSTANCE)
    assert not answer.certificate.check(2 * INSTANCE)
    assert not answer.certificate.check(ReLUNetwork(answer.certificate.layers))


def test_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        assert isinstance(stop.value.code, int)
        return stop.value.code, capsys.readouterr().out

    net, other, proof = (tmp_path / name for name in ("net.json", "other.json", "proof.json"))
    INSTANCE.save(net)
    status, out = run("identify", net, "-o", other, "--certificate", proof)
    assert status == 1
    assert out.startswith("not identifiable\n")
    assert "locally identifiable" in out
    assert run("check", proof, net)[0] == 0
    assert run("check", proof, other)[0] == 1
    assert run("compare", net, other)[0] == 0
    random_network((2, 2, 1)).save(net)
    status, out = run("identify", net, "--json", "--certificate", proof)
    assert (status, json.loads(out)["verdict"]) == (0, "proved")
    assert run("check", proof, net)[0] == 0
