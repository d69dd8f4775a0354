"""How often is a random network of full functional dimension?  Exactly, by architecture.

Grigsby, Lindsey and Rolnick (*Hidden symmetries of ReLU networks*, 2023) asked this with ranks in
floats.  Here every functional dimension is exact.  The networks are those of `random_network`, with
one output; the share of those that reach P - N is shown against the depth for several widths, and
against the number of inputs.

Run as ``python examples/random_dimensions.py [NETWORKS] [FILE.png]``; the picture needs the extra
``plot``.
"""

import sys
from statistics import fmean

from tropnet import functional_dimension, random_network

WIDTHS, DEPTHS, INPUTS = (2, 3, 4, 6), (1, 2, 3, 4), (1, 2, 3, 4, 6)
COLUMNS = ("architecture", "full", "mean of dimension / (P - N)", "smallest")


def experiment(architecture, count: int) -> float:
    """Print a line about `count` random networks; returns the share of full dimension."""
    found = [functional_dimension(random_network(architecture, seed)) for seed in range(count)]
    full = sum(d.is_maximal for d in found)
    mean = fmean(d.value / d.upper_bound for d in found)
    smallest = min(d.value for d in found)
    name = "-".join(map(str, architecture))
    of = f"{smallest} of {found[0].upper_bound}"
    print(f"{name:14}{f'{full}/{count}':>8}{mean:29.3f}{of:>14}", flush=True)
    return full / count


def main() -> None:
    """Run both series, and draw them if asked to."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    print(f"{COLUMNS[0]:14}{COLUMNS[1]:>8}{COLUMNS[2]:>29}{COLUMNS[3]:>14}")
    by_depth = {
        width: [experiment((2, *[width] * depth, 1), count) for depth in DEPTHS] for width in WIDTHS
    }
    by_inputs = {
        depth: [experiment((inputs, *[4] * depth, 1), count) for inputs in INPUTS]
        for depth in (1, 2, 3)
    }
    if len(sys.argv) > 2:
        draw(by_depth, by_inputs, count, sys.argv[2])


def draw(by_depth, by_inputs, count: int, target: str) -> None:
    """The two series side by side."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    for width, shares in by_depth.items():
        left.plot(DEPTHS, shares, "o-", label=f"width {width}")
    left.set(xlabel="hidden layers", ylabel="share of full dimension", xticks=DEPTHS)
    left.set_title("2 inputs")
    for depth, shares in by_inputs.items():
        right.plot(INPUTS, shares, "o-", label=f"{depth} hidden layer{'s' * (depth > 1)}")
    right.set(xlabel="inputs", xticks=INPUTS, ylim=(-0.05, 1.05))
    right.set_title("width 4")
    for axes in (left, right):
        axes.legend(frameon=False)
    figure.suptitle(f"Networks of full functional dimension among {count} random ones each")
    figure.savefig(target, dpi=120)
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
