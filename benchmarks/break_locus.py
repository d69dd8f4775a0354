"""Streaming the break locus of a network, with weights, beside streaming its regions.

CPU seconds in one process; the two are run in turn, so that a change of the machine's speed meets
both, and the ratio is the median of those of the pairs.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from benchmarks.table import Table, seconds
from generators.networks import gaussian_network
from tropnet import ReLUNetwork, activation_regions, break_facets, load

ARCHITECTURES = ((2, 32, 32, 1), (3, 20, 20, 1), (4, 10, 10, 1))


def run(shared: Path, repeats: int) -> None:
    """Print the table; the trained controller is measured where its file is."""
    table = Table(
        "activation_regions and break_facets (first output), CPU seconds in the process",
        ["network", "regions", "facets", "regions s", "facets s", "ratio"],
        [22, 8, 8, 10, 10, 8],
    )
    nets = [("-".join(map(str, a)), gaussian_network(a, 0)) for a in ARCHITECTURES]
    path = shared / "networks" / "vcas1.onnx"
    if path.exists():
        nets.append((path.name, _first_output(load(path))))
    for name, net in nets:
        pairs = [(_regions(net), _facets(net)) for _ in range(repeats)]
        (count, _), (facets, _) = pairs[0]
        medians = [statistics.median(run[k][1] for run in pairs) for k in (0, 1)]
        ratio = statistics.median(b / a for (_, a), (_, b) in pairs)
        cells = [str(count), str(facets), *map(seconds, medians), f"{ratio:.2f}"]
        table.row([name, *cells])


def _regions(net: ReLUNetwork) -> tuple[int, float]:
    start = time.process_time()
    count = sum(1 for _ in activation_regions(net))
    return count, time.process_time() - start


def _facets(net: ReLUNetwork) -> tuple[int, float]:
    start = time.process_time()
    count = sum(facet.weight != 0 for facet in break_facets(net))
    return count, time.process_time() - start


def _first_output(net: ReLUNetwork) -> ReLUNetwork:
    *hidden, (weight, bias) = net.layers
    return ReLUNetwork([*hidden, (weight[:1], bias[:1])])
