"""What a user sees of the project itself: public names and examples."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import tropnet

ROOT = Path(__file__).parent.parent

# A contract: names may be added here, none may go.
PUBLIC_NAMES = {
    "Budget",
    "BudgetExceededError",
    "CertificateError",
    "InvalidInputError",
    "Polyhedron",
    "PiecewiseLinearFunction",
    "ReLUNetwork",
    "TropicalPolynomial",
    "TropicalRational",
    "TropnetError",
    "UnsupportedNetworkError",
    "Verdict",
    "WeightedComplex",
    "activation_regions",
    "break_locus",
    "count_activation_regions",
    "count_linear_pieces",
    "decide_equality",
    "decide_equivalence",
    "decomposition_polyhedron",
    "depth_lower_bound",
    "from_arrays",
    "from_torch",
    "is_transversal",
    "load",
    "max_difference",
    "minimal_decompositions",
    "piecewise_linear",
    "random_network",
    "save",
    "to_network",
    "tropicalize",
}


def test_public_names_are_sorted_and_importable():
    assert tropnet.__all__ == sorted(set(tropnet.__all__))
    for name in tropnet.__all__:
        assert getattr(tropnet, name).__doc__, f"{name} says nothing about itself"


def test_no_public_name_is_gone():
    assert set(tropnet.__all__) >= PUBLIC_NAMES


def run_example(name: str, *arguments: object) -> str:
    example = subprocess.run(
        [sys.executable, "-W", "error", ROOT / "examples" / name, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert example.returncode == 0, example.stderr
    return example.stdout


def test_the_demo_tells_the_equal_copy_from_the_different_one():
    _, rearranged, rounded = re.split("^Against itself", run_example("demo.py"), flags=re.MULTILINE)
    assert "equal" in rearranged
    assert "different" not in rearranged
    assert "different" in rounded
    assert "equal" not in rounded


def test_the_picture_of_regions_is_drawn(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    target = tmp_path / "regions.png"
    run_example("region_picture.py", target)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_the_picture_of_bends_is_drawn(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="matplotlib (the extra plot) is not installed")
    target = tmp_path / "bends.png"
    assert "at least 3 hidden layers" in run_example("bends_picture.py", target)
    assert target.read_bytes().startswith(b"\x89PNG")


def test_the_training_script_runs(tmp_path: Path):
    """The weights themselves depend on the machine's BLAS; the committed ones are not touched."""
    pytest.importorskip("sklearn", reason="scikit-learn, which only the training needs, is absent")
    script = tmp_path / "train_iris.py"
    shutil.copy(ROOT / "examples" / script.name, script)
    subprocess.run([sys.executable, script], check=True, timeout=300)
    assert tropnet.load(tmp_path / "iris.json").architecture == (2, 12, 8, 3)


def test_the_committed_weights_do_what_the_training_script_says():
    net = tropnet.load(ROOT / "examples" / "iris.json")
    assert net.architecture == (2, 12, 8, 3)
    for petal, species in [((1.4, 0.2), 0), ((4.3, 1.3), 1), ((5.9, 2.2), 2)]:
        scores = net(petal)
        assert scores.index(max(scores)) == species
