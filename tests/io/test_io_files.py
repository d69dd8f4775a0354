"""load and save: suffixes, places that cannot be read or written, atomic replacement."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tropnet.errors import InvalidInputError, UnsupportedNetworkError
from tropnet.io import SUFFIXES, dumps_json, files, load, load_with_notes, save
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.random_networks import random_network

NET = ReLUNetwork([([[1, 2]], ["1/2"]), ([[3]], [4])])


def line(error):
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("suffix", [".json", ".npz", ".onnx", ".nnet", ".JSON"])
def test_round_trip_by_suffix(suffix, tmp_path):
    if suffix == ".onnx":
        pytest.importorskip("onnx", reason="the onnx package is not installed")
    for path in (tmp_path / f"net{suffix}", str(tmp_path / f"other{suffix}")):
        save(NET, path)
        assert load(path) == NET
        assert load_with_notes(path) == (NET, ())


def test_unknown_suffixes_name_the_known_ones(tmp_path):
    for name in ("net.txt", "net", "-", "", "json", ".json"):
        with pytest.raises(InvalidInputError) as caught:
            load(name)
        assert all(suffix in line(caught) for suffix in SUFFIXES)
        with pytest.raises(InvalidInputError) as caught:
            save(NET, name)
        assert ".json, .npz, .onnx, .nnet" in line(caught)
    assert set(SUFFIXES) == {".json", ".npz", ".onnx", ".nnet", ".pt", ".pth"}


def test_places_that_cannot_be_read(tmp_path):
    (tmp_path / "folder.json").mkdir()
    os.mkfifo(tmp_path / "pipe.json")
    for name, part in (
        ("missing.json", "no such file"),
        ("folder.json", "it is a directory"),
        ("pipe.json", "not a regular file"),
        ("folder.json/net.json", "no such file"),
        ("x" * 300 + ".json", "too long"),
        ("nul\0.json", "null"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            load(os.path.join(tmp_path, name))
        assert part in line(caught)
        assert name[:3] in line(caught)
    with pytest.raises(InvalidInputError, match="expected a file name"):
        load(3)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_permissions(tmp_path):
    save(NET, tmp_path / "net.json")
    (tmp_path / "net.json").chmod(0)
    with pytest.raises(InvalidInputError, match="permission denied"):
        load(tmp_path / "net.json")
    tmp_path.chmod(0o500)
    with pytest.raises(InvalidInputError, match="permission denied"):
        save(NET, tmp_path / "other.json")
    tmp_path.chmod(0o700)


def test_places_that_cannot_be_written(tmp_path):
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "file.json").write_text("")
    for name, part in (
        ("folder.json", "it is a directory"),
        ("missing/net.json", "no such file"),
        ("file.json/net.json", "not a directory"),
        ("nul\0.json", "null"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            save(NET, os.path.join(tmp_path, name))
        assert part in line(caught)
    with pytest.raises(InvalidInputError, match="expected a ReLUNetwork"):
        save([1], tmp_path / "net.json")


def test_a_failure_leaves_the_old_file_whole(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    save(NET, path)
    before = path.read_bytes()
    with pytest.raises(InvalidInputError, match=r"net\.npz: layer 1: .*1/3"):
        save(ReLUNetwork([([["1/3"]], [0])]), path)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(InvalidInputError, match="cannot write: no space left on device"):
        save(random_network((2, 2)), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_replacing_keeps_the_mode_and_follows_links(tmp_path):
    path, link = tmp_path / "net.json", tmp_path / "link.json"
    save(NET, path)
    path.chmod(0o640)
    link.symlink_to(path)
    other = random_network((1, 2, 1))
    save(other, link)
    assert link.is_symlink()
    assert path.read_text() == dumps_json(other)
    assert path.stat().st_mode & 0o777 == 0o640


def test_new_files_have_the_usual_mode(tmp_path):
    (tmp_path / "plain").write_text("")
    save(NET, tmp_path / "net.json")
    assert (tmp_path / "net.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_errors_start_with_the_path_and_keep_their_class(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text("{")
    with pytest.raises(InvalidInputError) as caught:
        load(path)
    assert line(caught).startswith(f"{path}: malformed JSON")
    onnx = pytest.importorskip("onnx", reason="the onnx package is not installed")
    path = tmp_path / "sine.onnx"
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Sin", ["x"], ["y"])],
        "g",
        [value("x", 1, [1, 2])],
        [value("y", 1, [1, 2])],
    )
    path.write_bytes(onnx.helper.make_model(graph).SerializeToString())
    with pytest.raises(UnsupportedNetworkError) as caught:
        load(path)
    assert line(caught).startswith(f"{path}: node Sin")


def test_a_strange_name_stays_on_one_line(tmp_path):
    with pytest.raises(InvalidInputError) as caught:
        load(tmp_path / "two\nlines.json")
    assert r"two\nlines" in line(caught)


def test_too_large_files(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 2**20)
    with open(tmp_path / "sparse.npz", "wb") as file:
        file.truncate(2**21)
    with pytest.raises(InvalidInputError, match="larger than the limit of 1 MiB"):
        load(tmp_path / "sparse.npz")


def test_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save(NET, Path("net.json"))
    assert load("net.json") == NET
