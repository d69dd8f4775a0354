"""A picture: the regions of the network trained on irises, coloured by affine piece.

Run as ``python examples/region_picture.py [FILE.png]``; needs the extra ``plot``.
"""

import sys
from pathlib import Path

from tropnet import load
from tropnet.plots.regions import plot_regions


def main() -> None:
    """Draw petals from 0 to 8 cm long and up to 4 cm wide."""
    net = load(Path(__file__).with_name("iris.json"))
    target = sys.argv[1] if len(sys.argv) > 1 else "regions.png"
    figure = plot_regions(net, (0, 8, 0, 4), size=7)
    axes = figure.axes[0]
    axes.set_xlabel("length of the petal (cm)")
    axes.set_ylabel("width of the petal (cm)")
    figure.savefig(target, dpi=120, bbox_inches="tight")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
