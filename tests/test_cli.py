"""The command line: exit statuses 0, 1 and 2, exact output, one line for every trouble."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from generators.identities import IDENTITIES
from generators.networks import gaussian_network
from tropnet import (
    ReLUNetwork,
    activation_regions,
    count_activation_regions,
    load,
    random_network,
    save,
)
from tropnet.cli import main

NET = ReLUNetwork([([["1/2", -3], [2.5, "1/8"]], [0.25, "-0.75"]), ([[1.5, -2.625]], ["0.125"])])
OTHER = ReLUNetwork(
    [*NET.layers[:-1], (NET.layers[-1].weight, [Fraction(1, 8) + Fraction(1, 10**30)])]
)
HEADER = '{"format": "tropnet/network", "version": 1, '


class Result(NamedTuple):
    """What a run left behind."""

    status: int
    out: str
    err: str

    def trouble(self) -> str:
        """The message of a run that failed as it should."""
        assert self.status == 2
        lines = self.err.splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("tropnet: ")
        assert "Traceback" not in self.err
        return lines[0].removeprefix("tropnet: ")


class Broken(io.BytesIO):
    """A terminal that hung up."""

    def read(self, _size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the command line in this process, in a folder of its own with two networks."""
    monkeypatch.chdir(tmp_path)
    save(NET, "a.json")
    save(OTHER, "b.json")

    def run(*arguments: str, stdin: bytes | io.BytesIO | None = b"") -> Result:
        raw = io.BytesIO(stdin) if isinstance(stdin, bytes) else stdin
        monkeypatch.setattr(sys, "stdin", raw and io.TextIOWrapper(raw, encoding="utf-8"))
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        status = caught.value.code
        assert status is None or isinstance(status, int)
        return Result(status or 0, *capsys.readouterr())

    return run


def vector(text: str) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, text[text.index("(") + 1 : text.rindex(")")].split(", ")))


class TestCompare:
    def test_equal(self, run: Run) -> None:
        save(NET.permute(1, (1, 0)).rescale(1, (3, "1/7")), "c.json")
        assert run("compare", "a.json", "c.json") == (0, "equal\n", "")
        assert run("compare", "a.json", "a.json") == (0, "equal\n", "")

    def test_different_prints_a_witness_and_both_values(self, run: Run) -> None:
        status, out, err = run("compare", "a.json", "b.json")
        assert (status, err) == (1, "")
        head, at, first, second = out.splitlines()
        assert head == "different"
        x = vector(at)
        assert vector(first) == NET(x) != OTHER(x) == vector(second)

    def test_json(self, run: Run) -> None:
        status, out, _ = run("compare", "--json", "a.json", "b.json")
        data = json.loads(out)
        assert (status, data["equal"]) == (1, False)
        x = tuple(map(Fraction, data["witness"]))
        assert tuple(map(Fraction, data["A"])) == NET(x)
        assert tuple(map(Fraction, data["B"])) == OTHER(x)
        status, out, _ = run("compare", "a.json", "a.json", "--json")
        assert (status, json.loads(out)["equal"]) == (0, True)
        assert "witness" not in json.loads(out)

    def test_certificates_are_checked(self, run: Run) -> None:
        for second, status, claim in (("a.json", 0, "equal"), ("b.json", 1, "different")):
            file = f"{claim}.certificate"
            assert run("compare", "a.json", second, "--certificate", file).status == status
            proved = run("check", file, "a.json", second)
            assert proved == (0, f"proved: the networks are {claim}\n", "")
            _, out, _ = run("check", "--json", file, "a.json", second)
            assert json.loads(out) == {"claim": claim, "valid": True}
        wrong = run("check", "different.certificate", "a.json", "a.json")
        assert (wrong.status, wrong.out[:10]) == (1, "NOT proved")
        assert run("check", "equal.certificate", "a.json", "b.json").status == 1

    def test_standard_input(self, run: Run) -> None:
        text = Path("a.json").read_bytes()
        assert run("compare", "-", "a.json", stdin=text).status == 0
        assert run("compare", "b.json", "-", stdin=b"\xef\xbb\xbf" + text).status == 1

    @pytest.mark.parametrize("widths", [(3, 2, 1), (2, 2, 2)])
    def test_widths_that_differ(self, run: Run, widths: tuple[int, ...]) -> None:
        save(random_network(widths), "c.json")
        message = run("compare", "a.json", "c.json").trouble()
        assert ("inputs" if widths[0] == 3 else "outputs") in message

    def test_out_of_budget_is_neither_yes_nor_no(self, run: Run) -> None:
        f, g = IDENTITIES["associativity"](*(random_network((2, 3, 1), seed=i) for i in range(3)))
        save(f, "c.json")
        save(g, "d.json")
        assert run("compare", "c.json", "d.json", "--budget", "100000").status == 0
        result = run("compare", "c.json", "d.json", "--budget", "1")
        assert "budget" in result.trouble()
        assert not result.out


class TestSimplify:
    WIDE = ReLUNetwork(
        [
            ([[1, 0], [0, 1], [2, 0], [1, 1]], [0, 0, 0, -1]),
            ([[1, 2, 1, 0], [-1, -1, 0, -1], [1, -3, 0, 1]], [0, -1, 1]),
            ([[1, 1, "1/3"]], [0]),
        ]
    )

    def test_writes_an_equal_smaller_network_and_its_proof(self, run: Run) -> None:
        save(self.WIDE, "wide.json")
        arguments = ("-o", "narrow.json", "--certificate", "proof")
        status, out, err = run("simplify", "wide.json", *arguments)
        assert (status, err) == (0, "")
        first, *steps = out.splitlines()
        assert first == "2-4-3-1 becomes 2-3-2-1"
        assert "  layer 2, neuron 1: never active" in steps
        assert load("narrow.json").architecture == (2, 3, 2, 1)
        assert run("compare", "wide.json", "narrow.json").status == 0
        assert run("check", "proof", "wide.json", "narrow.json").status == 0

    def test_json(self, run: Run) -> None:
        save(self.WIDE, "wide.json")
        data = json.loads(run("simplify", "wide.json", "--json").out)
        assert (data["architecture"], data["simplified"]) == ([2, 4, 3, 1], [2, 3, 2, 1])
        assert data["complete"]
        assert data["open_questions"] == []
        step = {"layer": 2, "neurons": [1], "reason": "never active", "changed": [], "terms": []}
        assert step in data["steps"]

    def test_what_the_budget_left_open(self, run: Run) -> None:
        save(gaussian_network((3, 9, 9, 1)), "deep.json")
        status, out, _ = run("simplify", "deep.json", "--budget", "0", "-o", "same.json")
        assert status == 1
        assert "undecided: layer 2, neurons 0–8: ever active?" in out
        assert load("same.json") == load("deep.json")
        data = json.loads(run("simplify", "deep.json", "--budget", "0", "--json").out)
        assert not data["complete"]
        assert {"layer": 2, "neurons": [*range(9)], "question": "ever active?"} in data[
            "open_questions"
        ]

    def test_nothing_to_do(self, run: Run) -> None:
        assert run("simplify", "a.json") == (0, "2-2-1 stays\n", "")

    def test_trouble(self, run: Run) -> None:
        assert "cannot read" in run("simplify", "missing.json").trouble()
        assert "suffix" in run("simplify", "a.json", "-o", "out.txt").trouble()


class TestInfoRegionsConvert:
    def test_info(self, run: Run) -> None:
        status, out, err = run("info", "a.json")
        assert (status, err) == (0, "")
        assert "2-2-1" in out
        data = json.loads(run("info", "--json", "a.json").out)
        assert data["architecture"] == [2, 2, 1]
        assert (data["depth"], data["parameters"], data["hidden_neurons"]) == (1, 9, 2)
        assert (data["numerator_bits"], data["denominator_bits"], data["zeros"]) == (5, 4, 0)

    def test_regions(self, run: Run) -> None:
        assert run("regions", "a.json") == (0, "4 activation regions\n", "")

    def test_regions_as_json_are_exact(self, run: Run) -> None:
        save(NET.rescale(1, (Fraction(1, 10**5000), 3)), "c.json")
        status, out, _ = run("regions", "--json", "c.json")
        assert status == 0
        lines = [json.loads(line) for line in out.splitlines()]
        for line, region in zip(lines, activation_regions(load("c.json")), strict=True):
            assert line["pattern"] == [list(layer) for layer in region.pattern]
            for name in ("gradient", "constant", "interior_point"):
                exact = [Fraction(x) for x in np.ravel(np.array(line[name], dtype=object))]
                assert exact == list(np.ravel(np.array(getattr(region, name), dtype=object)))

    def test_huge_numbers_are_written_in_full(self, run: Run) -> None:
        save(ReLUNetwork([([[10**5000]], [0]), ([[1]], ["1/3"])]), "c.json")
        _, out, _ = run("regions", "--json", "c.json")
        assert '"1' + "0" * 5000 + '"' in out
        save(ReLUNetwork([([[10**5000]], [1]), ([[1]], ["1/3"])]), "d.json")
        assert run("compare", "c.json", "d.json").status == 1
        assert run("info", "c.json").status == 0

    def test_regions_out_of_budget(self, run: Run) -> None:
        result = run("regions", "--budget", "2", "a.json")
        assert "2 regions" in result.trouble()
        assert not result.out
        partial = run("regions", "--budget", "2", "--json", "a.json")
        assert len(partial.out.splitlines()) == 2
        assert "not complete" in partial.trouble()
        assert run("regions", "--budget", "4", "a.json").status == 0

    @pytest.mark.parametrize("suffix", [".npz", ".onnx", ".nnet"])
    def test_convert_there_and_back(self, run: Run, suffix: str) -> None:
        if suffix == ".onnx":
            pytest.importorskip("onnx")
        assert run("convert", "a.json", f"c{suffix}") == (0, "", "")
        assert run("convert", f"c{suffix}", "d.json") == (0, "", "")
        assert load("d.json") == NET

    def test_convert_refuses_to_round(self, run: Run) -> None:
        assert "layer 2" in run("convert", "b.json", "c.npz").trouble()
        assert not Path("c.npz").exists()

    def test_jobs_do_not_change_the_answer(self, run: Run) -> None:
        save(random_network((2, 4, 3, 1), seed=2), "c.json")
        expected = count_activation_regions(load("c.json"))
        assert run("regions", "--jobs", "2", "c.json").out == f"{expected} activation regions\n"


GOOD_LAYER = '{"weight": [["1"]], "bias": ["0"]}'
BROKEN: dict[str, tuple[str, str]] = {
    "empty": ("", "empty"),
    "not JSON": ("{", "JSON"),
    "truncated": (HEADER + '"layers": [{"weight": [["1"', "JSON"),
    "list": ("[]", "object"),
    "deep": ("[" * 100_000, "nested"),
    "no format": ('{"version": 1, "layers": []}', "format"),
    "wrong format": ('{"format": "onnx", "version": 1, "layers": []}', "format"),
    "wrong version": ('{"format": "tropnet/network", "version": 2, "layers": []}', "version"),
    "text version": ('{"format": "tropnet/network", "version": "1", "layers": []}', "version"),
    "no layers key": ('{"format": "tropnet/network", "version": 1}', "layers"),
    "no layers": (HEADER + '"layers": []}', "at least one layer"),
    "layers no list": (HEADER + '"layers": 5}', "layers"),
    "layer no object": (HEADER + '"layers": [5]}', "layer 1"),
    "no rows": (HEADER + '"layers": [{"weight": [], "bias": []}]}', "layer 1"),
    "no bias": (HEADER + '"layers": [{"weight": [["1"]]}]}', "layer 1"),
    "ragged": (
        HEADER + '"layers": [{"weight": [["1", "2"], ["3"]], "bias": ["0", "0"]}]}',
        "layer 1",
    ),
    "shapes": (
        HEADER + f'"layers": [{GOOD_LAYER}, {{"weight": [["1", "1"]], "bias": ["0"]}}]}}',
        "layer 2",
    ),
    "bias length": (HEADER + '"layers": [{"weight": [["1"]], "bias": ["0", "1"]}]}', "layer 1"),
    "nan": (HEADER + '"layers": [{"weight": [[NaN]], "bias": ["0"]}]}', "NaN"),
    "inf": (HEADER + '"layers": [{"weight": [["1"]], "bias": [-Infinity]}]}', "Infinity"),
    "text nan": (HEADER + '"layers": [{"weight": [["nan"]], "bias": ["0"]}]}', "layer 1"),
    "huge exponent": (HEADER + '"layers": [{"weight": [[1e999999999]], "bias": [0]}]}', "layer 1"),
    "division by zero": (HEADER + '"layers": [{"weight": [["1/0"]], "bias": [0]}]}', "layer 1"),
    "bool": (HEADER + '"layers": [{"weight": [[true]], "bias": [0]}]}', "layer 1"),
    "null": (HEADER + '"layers": [{"weight": [[null]], "bias": [0]}]}', "layer 1"),
    "line breaks": (HEADER + '"layers": [{"weight": [["1\\n2"]], "bias": [0]}]}', "layer 1"),
}


class TestBadInput:
    @pytest.mark.parametrize("name", BROKEN)
    def test_broken_json(self, run: Run, name: str) -> None:
        text, part = BROKEN[name]
        Path("bad.json").write_text(text, encoding="utf-8")
        for arguments in (("compare", "a.json", "bad.json"), ("info", "bad.json")):
            message = run(*arguments).trouble()
            assert part in message
            assert "bad.json" in message
        message = run("regions", "-", stdin=text.encode()).trouble()
        assert part in message
        assert "standard input" in message

    @pytest.mark.parametrize("data", [b"\xff\xfe{", b"\x80", b"{\x00", b"\x1f\x8b\x08"])
    def test_bytes_that_are_no_text(self, run: Run, data: bytes) -> None:
        Path("bad.json").write_bytes(data)
        assert "bad.json" in run("info", "bad.json").trouble()
        assert "standard input" in run("info", "-", stdin=data).trouble()

    def test_standard_input_twice(self, run: Run) -> None:
        run("compare", "-", "-", stdin=Path("a.json").read_bytes()).trouble()

    @pytest.mark.parametrize("verb", ["info", "regions"])
    @pytest.mark.parametrize(
        "name", ["none.json", "none.onnx", "folder.json", "a.txt", "a", "none/a.npz", "\n.json"]
    )
    def test_files_that_cannot_be_read(self, run: Run, verb: str, name: str) -> None:
        Path("folder.json").mkdir()
        message = run(verb, name).trouble()
        assert name.strip() in message

    @pytest.mark.parametrize("suffix", [".json", ".npz", ".onnx", ".nnet", ".pt"])
    def test_truncated_files(self, run: Run, suffix: str) -> None:
        if suffix in (".onnx", ".pt"):
            pytest.importorskip("onnx" if suffix == ".onnx" else "torch")
        file, bad = Path(f"c{suffix}"), Path(f"bad{suffix}")
        save(NET, file)
        data = file.read_bytes()
        ends = range(max(0, len(data) - 12), len(data))
        for length in (0, 1, len(data) // 4, len(data) // 2, 3 * len(data) // 4, *ends):
            bad.write_bytes(data[:length])
            result = run("compare", f"bad{suffix}", "a.json")
            if result.status:  # what is lost may be a final line break
                assert f"bad{suffix}" in result.trouble()

    def test_arrays_that_fit_no_network(self, run: Run) -> None:
        np.savez("nan.npz", weight_0=np.array([[np.nan]]), bias_0=np.zeros(1))
        assert "weight_0" in run("info", "nan.npz").trouble()
        np.savez("shape.npz", weight_0=np.ones((2, 1)), bias_0=np.zeros(2),
                 weight_1=np.ones((1, 3)), bias_1=np.zeros(1))  # fmt: skip
        assert "layer 2" in run("info", "shape.npz").trouble()
        np.savez("none.npz")
        run("info", "none.npz").trouble()

    def test_graph_that_is_no_chain(self, run: Run) -> None:
        onnx = pytest.importorskip("onnx")
        helper, float32 = onnx.helper, onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            [
                helper.make_node("Relu", ["x"], ["y"]),
                helper.make_node("Neg", ["x"], ["minus"]),
                helper.make_node("Relu", ["minus"], ["z"]),
                helper.make_node("Mul", ["y", "z"], ["out"], name="product"),
            ],
            "branches",
            [helper.make_tensor_value_info("x", float32, [1, 2])],
            [helper.make_tensor_value_info("out", float32, [1, 2])],
        )
        onnx.save(helper.make_model(graph), "bad.onnx")
        assert "bad.onnx" in run("info", "bad.onnx").trouble()
        del graph.node[1:]
        graph.node[0].op_type, graph.node[0].output[0] = "Sigmoid", "out"
        onnx.save(helper.make_model(graph), "bad.onnx")
        assert "Sigmoid" in run("info", "bad.onnx").trouble()

    @pytest.mark.parametrize("target", ["none/c.json", "c.txt", "c", "-", "folder", "folder.json"])
    def test_places_that_cannot_be_written(self, run: Run, target: str) -> None:
        Path("folder.json").mkdir()
        Path("folder").mkdir()
        assert target in run("convert", "a.json", target).trouble()

    @pytest.mark.parametrize("target", ["none/proof", "folder"])
    def test_certificate_that_cannot_be_written(self, run: Run, target: str) -> None:
        Path("folder").mkdir()
        assert target in run("compare", "a.json", "a.json", "--certificate", target).trouble()

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", "5", "{}", '{"format": "tropnet/certificate", "version": 1}', "[" * 100_000,
         '{"format": "tropnet/certificate", "version": 1, "claim": "equal"}',
         '{"format": "tropnet/certificate", "version": 1, "claim": ["equal"]}',
         '{"format": "tropnet/certificate", "version": 1, "claim": "different"}',
         '{"format": "tropnet/certificate", "version": 1, "claim": "different", "witness": 5}',
         '{"format": "tropnet/certificate", "version": 1, "claim": "different", "witness": ["x"]}',
         '{"format": "tropnet/certificate", "version": 1, "claim": "different", "witness": [NaN]}',
         '{"format": "tropnet/certificate", "version": %s}' % ("9" * 5000)],
    )  # fmt: skip
    def test_certificates_that_are_none(self, run: Run, text: str) -> None:
        Path("proof").write_text(text, encoding="utf-8")
        run("check", "proof", "a.json", "b.json").trouble()

    def test_certificate_files_that_cannot_be_read(self, run: Run) -> None:
        Path("binary").write_bytes(b"\xff\xfe")
        for name in ("none", ".", "binary"):
            assert name in run("check", name, "a.json", "a.json").trouble()


class TestOptions:
    @pytest.mark.parametrize(
        "limit", ["5", "100000", "90s", "0.5s", "10m", "2h", "1e3", "100s", "99999999h"]
    )
    def test_budgets(self, run: Run, limit: str) -> None:
        assert run("regions", "--budget", limit, "a.json").status == 0

    @pytest.mark.parametrize(
        "limit",
        ["", "s", "abc", "10d", "1.5", "-5", "-1s", "nan", "nans", "infs", "1/0", "1e400s",
         "5 regions", "9" * 5000 + "x"],
    )  # fmt: skip
    def test_budgets_that_are_none(self, run: Run, limit: str) -> None:
        assert "budget" in run("regions", "--budget", limit, "a.json").trouble()

    @pytest.mark.parametrize("limit", ["1e999999999", "1e999999999s"])
    def test_budget_of_a_billion_digits(self, limit: str) -> None:
        # In a process of its own, for it might not end.
        arguments = ["regions", "none.json", "--budget", limit]
        result = subprocess.run(
            [sys.executable, "-m", "tropnet.cli", *arguments],
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        assert "budget" in Result(result.returncode, result.stdout, result.stderr).trouble()

    @pytest.mark.parametrize(
        "arguments",
        [("frobnicate",), ("compare",), ("compare", "a.json"), ("info", "a.json", "b.json"),
         ("info", "--frobnicate", "a.json"), ("regions", "a.json", "--budget"), ("--frobnicate",),
         ("regions", "a.json", "--jobs", "0"), ("regions", "a.json", "--jobs", "two")],
    )  # fmt: skip
    def test_wrong_usage_is_one_line_too(self, run: Run, arguments: Sequence[str]) -> None:
        run(*arguments).trouble()

    def test_help_and_version(self, run: Run) -> None:
        for arguments in (("--help",), ("-h",), ("compare", "-h"), ("--version",)):
            result = run(*arguments)
            assert (result.status, result.err) == (0, "")
            assert result.out
        assert run().status == 2


class TestTroubleIsNeverAnAnswer:
    """Status 1 means "different": nothing else may exit with it."""

    @pytest.mark.parametrize(
        "error", [RuntimeError("a\nb"), MemoryError(), RecursionError("deep"), AssertionError()]
    )
    def test_unexpected_errors(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def broken(*_arguments: Any, **_options: Any) -> None:
            raise error

        monkeypatch.setattr("tropnet.cli.compare.decide_equality", broken)
        result = run("compare", "a.json", "a.json")
        assert result.status == 2
        assert not result.out

    def test_interruption(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_arguments: Any, **_options: Any) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("tropnet.cli.compare.decide_equality", interrupted)
        result = run("compare", "a.json", "a.json")
        assert (result.status, result.out) == (130, "")
        assert result.err.strip() == "tropnet: interrupted after 0 regions"

    @pytest.mark.parametrize("place", ["closed pipe", "/dev/full"])
    def test_output_that_cannot_be_written(self, tmp_path: Path, place: str) -> None:
        save(NET, tmp_path / "a.json")
        if place == "closed pipe":
            reading, writing = os.pipe()
            os.close(reading)
        elif not Path(place).exists():
            pytest.skip(f"there is no {place} here")
        else:
            writing = os.open(place, os.O_WRONLY)
        try:
            result = subprocess.run(
                [sys.executable, "-m", "tropnet.cli", "compare", "a.json", "a.json"],
                cwd=tmp_path,
                stdout=writing,
                stderr=subprocess.PIPE,
                text=True,
                timeout=60,
                check=False,
            )
        finally:
            os.close(writing)
        assert result.returncode not in (0, 1)
        assert "Traceback" not in result.stderr
        assert len(result.stderr.splitlines()) <= 1

    def test_standard_input_that_cannot_be_read(self, run: Run) -> None:
        assert "standard input" in run("compare", "a.json", "-", stdin=None).trouble()
        assert "standard input" in run("info", "-", stdin=Broken()).trouble()


def test_a_proof_about_a_polyhedron_is_no_proof_about_networks(run: Run) -> None:
    domain = {"inequalities": [["0", "0", "-1"]], "equations": []}
    proof = {"format": "tropnet/certificate", "version": 1, "claim": "equal", "atoms": []}
    text = json.dumps(
        proof | {"rules": [[[[None, "0"]] * 2], [[[None, "0"]] * 2]], "domain": domain}
    )
    Path("proof.json").write_text(text)
    assert "polyhedron" in run("check", "proof.json", "a.json", "a.json").trouble()
