"""Counting activation regions, on R^n or in the box [−1, 1]^n."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.questions import box, network
from tropnet import ReLUNetwork, count_activation_regions

Count = Callable[[], int]


def tropnet(name: str) -> Count:
    """Ours on R^n, on a network read anew for each call."""
    net = network(name)
    return lambda: count_activation_regions(net)


def tropnet_in_box(name: str) -> Count:
    """Ours in the box."""
    net = network(name)
    domain = box(net.input_width)
    return lambda: count_activation_regions(net, domain)


def affinitree(name: str) -> Count:
    """A decision tree in float64 (Rust); its leaves are the regions."""
    from affinitree import AffFunc, Architecture, builder

    net = network(name)
    layers = _arrays(net)
    architecture = Architecture(net.input_width)
    for depth, (weight, bias) in enumerate(layers):
        architecture.linear(AffFunc.from_mats(weight, bias))
        if depth + 1 < len(layers):
            architecture.relu()
    return lambda: int(builder.from_layers(architecture).num_terminals())


def relucent(name: str) -> Count:
    """A search from region to region with linear programs (Gurobi), from a random point."""
    from relucent import Complex
    from relucent.model.model import LinearLayer, ReLULayer
    from relucent.model.model import ReLUNetwork as Network

    net = network(name)
    first, *others = (LinearLayer(weight, bias) for weight, bias in _arrays(net))
    layers = [first]
    for layer in others:
        layers += [ReLULayer(), layer]
    start = np.random.default_rng(0).standard_normal(net.input_width)

    def count() -> int:
        complex_ = Complex(Network(layers))
        complex_.bfs(start=start, nworkers=1, verbose=0)
        return len(complex_)

    return count


def regioncam(name: str) -> Count:
    """Polygons split in float32 (Rust), in the box, two inputs only."""
    from regioncam import Regioncam

    net = network(name)
    layers = [
        (np.ascontiguousarray(weight.T, dtype=np.float32), bias.astype(np.float32))
        for weight, bias in _arrays(net)[:-1]
    ]

    def count() -> int:
        partition = Regioncam(size=1)
        for weight, bias in layers:
            partition.linear(weight, bias)
            partition.relu()
        return int(partition.num_faces)

    return count


def _arrays(net: ReLUNetwork) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    return [
        (
            np.array([[float(entry) for entry in row] for row in weight]),
            np.array([*map(float, bias)]),
        )
        for weight, bias in net.layers
    ]
