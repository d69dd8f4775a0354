"""Narrow one-hidden-layer representations without a search, as upper bounds for the width."""

from __future__ import annotations

from fractions import Fraction

from tropnet.comparison.shallow_networks.component import ShallowComponent
from tropnet.comparison.shallow_networks.form import ShallowForm, neuron_hyperplane
from tropnet.exact import Vector, rank, row_echelon
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.hyperplanes import Hyperplane


def orientations(net: ReLUNetwork, form: ShallowForm) -> ShallowComponent:
    """Which hyperplanes a network uses in which orientation.

    Args:
        net: A network with at most one hidden layer.
        form: The normal form of its function.

    Returns:
        S, J and the number of other hyperplanes; a component if the network is as narrow as can be.
    """
    outs: dict[tuple[Hyperplane, int], Vector] = {}
    if net.depth:
        columns = zip(*net.layers[1].weight, strict=True)
        for row, bias, out in zip(*net.layers[0], columns, strict=True):
            if any(row):
                hyperplane, sign, scale = neuron_hyperplane(row, bias)
                before = outs.get((hyperplane, sign), (Fraction(0),) * len(out))
                outs[hyperplane, sign] = tuple(
                    a + scale * b for a, b in zip(before, out, strict=True)
                )
    used = {key for key, out in outs.items() if any(out)}
    flipped: list[int] = []
    doubled: list[int] = []
    for i, hyperplane in enumerate(form.hyperplanes):
        if (hyperplane, -1) in used:
            (doubled if (hyperplane, 1) in used else flipped).append(i)
    invisible = {hyperplane for hyperplane, _ in used} - set(form.hyperplanes)
    return ShallowComponent(form, tuple(flipped), tuple(doubled), len(invisible))


def shallow_guess(form: ShallowForm, net: ReLUNetwork | None = None) -> ShallowComponent:
    """A narrow representation: all neurons one way, or all the other, or as in a given network.

    Args:
        form: The function.
        net: A network with at most one hidden layer that realises it.

    Returns:
        Networks that need not be the narrowest, but are no wider than the one given.
    """
    known = orientations(net, form) if net is not None else ShallowComponent(form, ())
    everything = tuple(range(len(form.hyperplanes)))
    guesses = [_completed(known)]
    for flipped in ((), everything):
        if guesses[-1].width > len(form.hyperplanes):
            guesses.append(_completed(ShallowComponent(form, flipped)))
    return min(guesses, key=lambda guess: guess.width)


def _completed(guess: ShallowComponent) -> ShallowComponent:
    """The same orientations with as many hyperplanes doubled as saves invisible ones."""
    form, rest = guess.form, guess.linear_part
    normals = [normal for normal, _ in form.hyperplanes]
    independent = row_echelon(list(zip(*(normals[j] for j in guess.doubled), strict=True)))[1]
    doubled = [guess.doubled[position] for position in independent]

    def invisible(chosen: list[int]) -> int:
        """The rank of the rest modulo the normals of the chosen hyperplanes."""
        span = [normals[j] for j in chosen]
        return rank([*span, *rest]) - rank(span)

    for j in range(len(normals)):
        # One more doubled hyperplane lowers the rank by one, or not at all.
        if invisible(doubled) and invisible([*doubled, j]) < invisible(doubled):
            doubled.append(j)
    flipped = tuple(i for i in guess.flipped if i not in doubled)
    return ShallowComponent(form, flipped, tuple(sorted(doubled)), invisible(doubled))
