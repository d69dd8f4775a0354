"""The admissible regions of a network, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tropnet.identifiability.modular_jacobian import ActivePatterns
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.regions import ActivationRegion

_BATCH = 1024


class AdmissibleRegions:
    """What a walk through the activation regions has met.

    Attributes:
        count: The number of admissible regions: no preactivation vanishes on their interior.
        skipped: The number of the others.
    """

    def __init__(self, net: ReLUNetwork) -> None:
        self.count = 0
        self.skipped = 0
        self._widths = net.architecture[1:-1]
        self._full = [(1 << width) - 1 for width in self._widths]
        self._packed: list[NDArray[np.uint8]] = []
        self._vanishing = list(self._full)

    def walk(
        self, regions: Iterable[ActivationRegion]
    ) -> Iterator[tuple[ActivePatterns, list[ActivationRegion]]]:
        """Passes on the admissible ones with the neurons that are active on them."""
        stream = iter(regions)
        while batch := list(islice(stream, _BATCH)):
            admissible = [region for region in batch if self._is_admissible(region)]
            if not admissible:
                continue
            active = self._active(admissible)
            self.count += len(admissible)
            self._packed.append(np.packbits(active, axis=1))
            yield active, admissible

    def patterns(self) -> Iterator[ActivePatterns]:
        """The neurons that were active on the admissible regions, once more."""
        neurons = sum(self._widths)
        for packed in self._packed:
            yield np.unpackbits(packed, axis=1, count=neurons).astype(bool)

    def reason(self) -> str:
        """Why no region is admissible, and what to do about it."""
        always = [
            f"neuron {neuron} of hidden layer {layer}"
            for layer, mask in enumerate(self._vanishing, 1)
            for neuron in range(self._widths[layer - 1])
            if mask >> neuron & 1
        ]
        if always:
            return (
                f"no activation region is admissible: the preactivation of {' and '.join(always)} "
                "is identically 0; remove such neurons first"
            )
        return (
            "no activation region is admissible: on each of them the preactivation of some neuron "
            "is identically 0; remove or merge such neurons first"
        )

    def _is_admissible(self, region: ActivationRegion) -> bool:
        zeros = [
            full & ~(signs.positive | signs.negative)
            for full, signs in zip(self._full, region.masks, strict=True)
        ]
        self._vanishing = [a & b for a, b in zip(self._vanishing, zeros, strict=True)]
        self.skipped += any(zeros)
        return not any(zeros)

    def _active(self, regions: list[ActivationRegion]) -> ActivePatterns:
        layers = [np.zeros((len(regions), 0), dtype=bool)]
        for depth, width in enumerate(self._widths):
            size = -(-width // 8)
            data = b"".join(
                region.masks[depth].positive.to_bytes(size, "little") for region in regions
            )
            packed = np.frombuffer(data, dtype=np.uint8).reshape(len(regions), size)
            bits = np.unpackbits(packed, axis=1, count=width, bitorder="little")
            layers.append(bits.astype(bool))
        return np.concatenate(layers, axis=1)
