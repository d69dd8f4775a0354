"""Are these two networks the same function?  On a network trained on Fisher's irises.

Run by `./run demo`.  The weights are those that `train_iris.py` wrote.
"""

import math
from fractions import Fraction
from pathlib import Path
from time import perf_counter

from tropnet import Polyhedron, ReLUNetwork, count_activation_regions, decide_equality, load

WEIGHTS = Path(__file__).with_name("iris.json")
# 1 to 7 cm long, 1/10 to 5/2 cm wide
PETALS = Polyhedron.from_inequalities(
    [(-1, 0), (1, 0), (0, -1), (0, 1)], (-1, 7, Fraction(-1, 10), Fraction(5, 2))
)
SPECIES = ("setosa", "versicolor", "virginica")


def rearranged(net: ReLUNetwork) -> ReLUNetwork:
    """The hidden neurons of both layers in another order and rescaled: the same function."""
    for layer, width in enumerate(net.architecture[1:-1], 1):
        net = net.permute(layer, range(width)[::-1])
        net = net.rescale(layer, [Fraction(k + 2, k + 1) for k in range(width)])
    return net


def rounded(net: ReLUNetwork) -> ReLUNetwork:
    """Every layer in 8-bit fixed point: its parameters become k · 2^e with -127 <= k <= 127."""

    def in_eight_bits(layer):
        largest = max(abs(w) for row in (*layer.weight, layer.bias) for w in row)
        step = Fraction(2) ** math.ceil(math.log2(largest / 127))
        return (
            [[round(w / step) * step for w in row] for row in layer.weight],
            [round(b / step) * step for b in layer.bias],
        )

    return ReLUNetwork(map(in_eight_bits, net.layers))


def compare(net: ReLUNetwork, other: ReLUNetwork, domain: Polyhedron | None = None) -> None:
    """Print whether the two are the same function, and if not, where they differ."""
    start = perf_counter()
    answer = decide_equality(net, other, domain=domain)
    took = f"({perf_counter() - start:.2f} s)"
    if answer.equal:
        print(f"  equal, proved for every point of the plane {took}")
        return
    length, width = answer.witness
    print(f"  different {took}: for instance at a petal {length} cm long and {width} cm wide")
    for species, value, changed in zip(
        SPECIES, net(answer.witness), other(answer.witness), strict=True
    ):
        print(f"    {species:<11}{float(value):11.6f} = {value}")
        print(f"    {'rounded':<11}{float(changed):11.6f} = {changed}")


def main() -> None:
    """Load the network, count its regions, compare it with two copies of itself."""
    net = load(WEIGHTS)
    print("A network that scores three species of iris by the length and width of a petal (cm)")
    widths = "-".join(map(str, net.architecture))
    print(f"  architecture {widths}, {net.parameter_count} parameters")
    start = perf_counter()
    regions = count_activation_regions(net)
    print(f"  {regions} activation regions, on each of which it is affine", end=" ")
    print(f"({perf_counter() - start:.2f} s)")
    print("\nAgainst itself with its hidden neurons rearranged and rescaled:")
    compare(net, rearranged(net))
    print(
        "\nAgainst itself with its weights rounded to 8 bits, on petals of the size of the data's:"
    )
    compare(net, rounded(net), PETALS)


if __name__ == "__main__":
    main()
