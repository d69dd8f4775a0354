"""The pictures of the documentation, computed when it is built."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from tropnet import (
    ReLUNetwork,
    TropicalPolynomial,
    break_locus,
    depth_separating_network,
    random_network,
)
from tropnet.plots import (
    plot_bends,
    plot_break_locus,
    plot_duality,
    plot_hypersurface,
    plot_regions,
    plot_surface,
)

CORNER = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 1]), ([[1, 1, 1]], [-2]), ([[1]], [0])])
TRIPLE = ReLUNetwork([([[1, 0], [0, 1], [-1, -1]], [0, 0, 0]), ([[1, 1, 1]], [0])])
MODULUS = ReLUNetwork([([[1, 1], [-1, -1]], [0, 0]), ([[1, 1]], [0])])
CONIC = TropicalPolynomial([[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2]], [0, 1, 1, 1, 0, 0])

PICTURES: dict[str, Callable[[], Any]] = {
    "regions": lambda: plot_regions(random_network((2, 6, 4, 1), seed=5)),
    "surface": lambda: plot_surface(CORNER, (-2, 3, -2, 3), library="matplotlib"),
    "duality": lambda: plot_duality(CONIC),
    "hypersurface": lambda: plot_hypersurface(CONIC),
    "breaks": lambda: plot_break_locus(TRIPLE),
    "corner": lambda: plot_break_locus(CORNER),
    "difference": lambda: plot_break_locus(MODULUS - ReLUNetwork([([[1, 1]], [0])])),
    "maximum": lambda: plot_break_locus(TropicalPolynomial([[0, 0], [1, 0], [0, 1]], [0, 0, 0])),
    "depth": lambda: plot_bends(break_locus(depth_separating_network((2, 2, 2, 1)).network)),
}


def draw_all(folder: Path) -> None:
    """Write the pictures as SVG."""
    folder.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        draw().savefig(folder / f"{name}.svg", metadata={"Date": None})


def figures_of(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """The figures of matplotlib among a script's variables, for the gallery."""
    from sphinx_gallery.scrapers import figure_rst

    paths = []
    for value in block_vars["example_globals"].values():
        if isinstance(value, Figure):
            paths.append(next(block_vars["image_path_iterator"]))
            value.savefig(paths[-1])
    return str(figure_rst(paths, gallery_conf["src_dir"]))


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]))
