"""A picture: the branches of a network with three hidden layers, and where they bend.

Run as ``python examples/bends_picture.py [FILE.png]``; needs the extra ``plot``.
"""

import random
import sys
from fractions import Fraction
from itertools import pairwise

from tropnet import ReLUNetwork, depth_lower_bound
from tropnet.plots import plot_bends


def network(widths: tuple[int, ...], seed: int) -> ReLUNetwork:
    """A network with weights and biases k/64, |k| ≤ 200."""
    rng = random.Random(seed)

    def number() -> Fraction:
        return Fraction(rng.randint(-200, 200), 64)

    weights = [
        [[number() for _ in range(inputs)] for _ in range(outputs)]
        for inputs, outputs in pairwise(widths)
    ]
    biases = [[number() for _ in range(outputs)] for outputs in widths[1:]]
    return ReLUNetwork(zip(weights, biases, strict=True))


def main() -> None:
    """Draw the branches in the middle of the plane."""
    net = network((2, 4, 4, 4, 1), seed=0)
    bound = depth_lower_bound(net)
    target = sys.argv[1] if len(sys.argv) > 1 else "bends.png"
    figure = plot_bends(net, (-6, 6, -6, 6), size=6)
    figure.savefig(target, dpi=110)
    print(f"at least {bound.value} hidden layers in {bound.scope}; wrote {target}")


if __name__ == "__main__":
    main()
