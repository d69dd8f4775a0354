"""The largest functional dimension is P - N: explicit networks for every small architecture.

Grillo and Montúfar (*Most ReLU networks admit identifiable parameters*) prove it if the inputs and
all hidden layers have widths of at least 2.  For each architecture a network with small rational
parameters is found and its certificate checked; one output throughout.

Run as ``python examples/maximal_dimensions.py [HIDDEN LAYERS] [LARGEST WIDTH]``; both default to 4.
"""

import sys
from itertools import product

from tropnet import maximal_network


def main() -> None:
    """Print a line for each architecture."""
    depths = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    widest = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    widths = range(2, widest + 1)
    print(
        f"{'architecture':14}{'P':>5}{'N':>5}{'dimension':>11}{'regions':>9}{'largest number':>16}"
    )
    count = 0
    for depth in range(1, depths + 1):
        for inputs, *hidden in product(widths, repeat=depth + 1):
            found = maximal_network((inputs, *hidden, 1))
            net, d = found.network, found.dimension
            assert d.value == net.parameter_count - net.hidden_neuron_count
            assert d.certificate.check(net)
            rows = (row for weight, bias in net.layers for row in (*weight, bias))
            largest = max(abs(entry) for row in rows for entry in row)
            print(
                f"{'-'.join(map(str, net.architecture)):14}{net.parameter_count:5}"
                f"{net.hidden_neuron_count:5}{d.value:11}{d.regions_used:9}{largest!s:>16}",
                flush=True,
            )
            count += 1
    print(f"{count} architectures, each with P - N proved")


if __name__ == "__main__":
    main()
