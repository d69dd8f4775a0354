"""The first hidden layer as narrow as its share of the second can be had."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from tropnet.certificates.answer import Verdict
from tropnet.certificates.budget import Budget, Meter
from tropnet.comparison.shallow_networks.minimal import minimal_shallow_network
from tropnet.errors import BudgetExceededError
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.draft import Draft, Neuron, Reduced
from tropnet.networks.simplification.obvious import direction
from tropnet.networks.simplification.proofs import Prover
from tropnet.networks.simplification.shares import Share
from tropnet.networks.simplification.steps import Reason

# How many partial sums are looked at for a layer that is not the only one.
_EFFORT = 2**14


def with_narrowest_first_layer(draft: Draft, prover: Prover, meter: Meter) -> Reduced:
    """With the first layer, and what the second reads of it, replaced by the narrowest that does.

    The layer and the affine map behind it are a network with one hidden layer, whose narrowest
    representation is known (see `minimal_shallow_network`).  If it is the only hidden layer the
    search goes as far as the budget does, else only so far.

    Args:
        draft: A draft without twins, silent or constant neurons in its first layer.
        prover: Is told what the budget leaves undecided.
        meter: Counts the partial sums looked at.
    """
    if not draft.depth or len(Share.of(draft, 0).kinks) == draft.width(0):
        return draft, []
    counts = [0]
    answer = minimal_shallow_network(
        ReLUNetwork._from_layers(draft.layers[:2]),
        budget=_budget(meter.remaining(), draft.depth == 1),
        progress=counts.append,
    )
    with suppress(BudgetExceededError):
        meter.add(counts[-1])
    if answer.verdict is Verdict.UNDECIDED and draft.depth == 1:
        prover.ask(draft, 0, range(draft.width(0)), "as few as possible?")
    narrow = answer.network
    if narrow is None or narrow.hidden_neuron_count >= draft.width(0):
        return draft, []
    return _replaced(draft, narrow)


def _budget(rest: Budget, is_only_layer: bool) -> Budget:
    if is_only_layer:
        return rest
    return replace(rest, regions=min(_EFFORT, _EFFORT if rest.regions is None else rest.regions))


def _replaced(draft: Draft, narrow: ReLUNetwork) -> Reduced:
    """The draft with the layers of a narrower network; neurons keep their names if they stay."""
    neurons = draft.neurons(0)
    names = {direction(neuron.form): neuron.name for neuron in neurons}
    (weight, bias), (following, constant) = narrow.layers
    outs = zip(*following, strict=True)
    new = [Neuron(-1, *parts) for parts in zip(weight, bias, outs, strict=True)]
    new = [neuron._replace(name=names.get(direction(neuron.form), -1)) for neuron in new]
    free = iter(sorted({n.name for n in neurons} - {n.name for n in new}))
    changed = [i for i, neuron in enumerate(new) if neuron.name < 0]
    for i in changed:
        new[i] = new[i]._replace(name=next(free))
    kept = {neuron.name for neuron in new}
    gone = [neuron for neuron in neurons if neuron.name not in kept]
    step = draft.step(0, gone, Reason.SHALLOW)
    change = tuple(a - b for a, b in zip(constant, draft.layers[1].bias, strict=True))
    smaller = draft.with_neurons(0, new, change)
    return smaller, [replace(step, changed=tuple(sorted(new[i].name for i in changed)))]
