"""The functional dimension in floating point, and exactly: where the two differ.

The usual way to compute a functional dimension is numpy's rank of a Jacobian in floats.  Here both
ranks are taken of the same Jacobian, over regions that carry all of the exact rank: of Gaussian
networks in float64 and float32, and of the same networks with one neuron scaled by 2^-40, which
changes neither the function nor the functional dimension.

Run as ``python examples/float_ranks.py [NETWORKS]``.
"""

import sys
from fractions import Fraction
from itertools import pairwise

import numpy as np

from tropnet import ReLUNetwork, from_arrays, functional_dimension

ARCHITECTURES = ((2, 2, 2, 1), (2, 4, 4, 1), (2, 8, 8, 1), (2, 6, 6, 6, 6, 1))


def float_jacobian(net: ReLUNetwork, points, kind=np.float64) -> np.ndarray:
    """The derivatives of f(x) = A x + c around some points, in floats of some kind.

    Rows: for each point and output the entries of A and c.  Columns: all parameters, layer by layer
    and neuron by neuron, weights before bias.
    """
    layers = [
        np.array([[*row, b] for row, b in zip(weight, bias, strict=True)], dtype=float).astype(kind)
        for weight, bias in net.layers
    ]
    size, outputs = net.input_width + 1, net.output_width
    one = np.eye(size, dtype=kind)[-1:]
    rows = []
    for point in points:
        place = np.array([*map(float, point), 1.0], dtype=kind)
        read, reads, masks = np.eye(size, dtype=kind), [], []
        for weight in layers:
            reads.append(read)
            forms = weight @ read
            masks.append((forms @ place > 0).astype(kind))
            read = np.concatenate([forms * masks[-1][:, None], one])
        back, blocks = np.eye(outputs, dtype=kind), []
        for depth in range(len(layers) - 1, -1, -1):
            blocks.append(np.einsum("oj,ik->okji", back, reads[depth]).reshape(outputs * size, -1))
            if depth:
                back = (back @ layers[depth][:, :-1]) * masks[depth - 1]
        rows.append(np.concatenate(blocks[::-1], axis=1))
    return np.concatenate(rows)


def gaussian(architecture, seed: int) -> ReLUNetwork:
    """Weights and biases as they are usually initialised."""
    random = np.random.default_rng(seed)
    return from_arrays(
        [random.standard_normal((m, n)) * (2 / n) ** 0.5 for n, m in pairwise(architecture)],
        [random.standard_normal(m) * 0.3 for m in architecture[1:]],
    )


def ranks(net: ReLUNetwork) -> tuple[int, int, int]:
    """The exact functional dimension, and the ranks in float64 and float32."""
    d = functional_dimension(net)
    points = d.certificate.points
    floats = (
        int(np.linalg.matrix_rank(float_jacobian(net, points, kind)))
        for kind in (np.float64, np.float32)
    )
    return d.value, *floats


def main() -> None:
    """Print one line for each architecture."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    print(f"how often the float rank is wrong, in {count} Gaussian networks each")
    print(f"{'architecture':14}{'float64':>9}{'float32':>9}{'rescaled: float64':>19}{'float32':>9}")
    for architecture in ARCHITECTURES:
        wrong, example = np.zeros(4, dtype=int), None
        for seed in range(count):
            net = gaussian(architecture, seed)
            exact, *floats = ranks(net)
            factors = [Fraction(1, 2**40)] + [Fraction(1)] * (architecture[1] - 1)
            again, *rescaled = ranks(net.rescale(1, factors))
            assert exact == again
            wrong += np.array([value != exact for value in (*floats, *rescaled)])
            if example is None and rescaled[0] != exact:
                example = f"{'':14}seed {seed}: exactly {exact}, rescaled in float64 {rescaled[0]}"
        name = "-".join(map(str, architecture))
        print(f"{name:14}{wrong[0]:9}{wrong[1]:9}{wrong[2]:19}{wrong[3]:9}")
        if example:
            print(example)


if __name__ == "__main__":
    main()
