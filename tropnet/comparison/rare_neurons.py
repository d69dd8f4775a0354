"""Points at which the neurons that two networks do not share are active, however rarely they are.

Where two networks differ in a single weight, they can only differ where both neurons that the
weight connects are active; in a trained network that may be one millionth of all points.  Such
points are found by climbing: from many points, those where the neurons are nearest to being active
are kept and moved about.  Nothing is decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from tropnet.comparison.float_levels import FloatLevels
from tropnet.comparison.formal import AtomTable, FormalDifference
from tropnet.networks.sign_filter import FloatMatrix

_TARGETS = 4
_ROUNDS = 32
_KEPT, _ENOUGH, _SHOWN = 1024, 64, 6
_STEPS, _NOISE = (1.0, 0.5, 0.1), 1e-3


class Side(NamedTuple):
    """The side of an atom's hyperplane on which neurons that are multiples of it are active.

    A neuron relu(−φ) is rewritten as relu(φ) − φ; it is active where the atom relu(φ) is not.
    """

    atom: int
    sign: int


class Target(NamedTuple):
    """A neuron that one network has and the other has not.

    Attributes:
        neuron: Where it is active.
        inputs: Where those neurons are active that it and the most similar neuron of the other
            network weigh differently; none if these two differ in an input or the bias only.
    """

    neuron: Side
    inputs: tuple[Side, ...]


def rare_points(difference: FormalDifference, points: FloatMatrix) -> Iterator[FloatMatrix]:
    """Rows (x, 1) at which the two networks may well differ, a few for each of some targets.

    Args:
        difference: What remains of the difference of two networks.
        points: Rows (x, 1) from which the climb starts.
    """
    levels = FloatLevels(difference.levels())
    places = {
        atom: (depth, place)
        for depth, level in enumerate(difference.atoms)
        for place, atom in enumerate(level)
    }
    random = np.random.default_rng(0)

    def nearness(points: FloatMatrix, target: Target) -> FloatMatrix:
        """Positive where the target and one of its inputs are active."""
        depth, _ = places[target.neuron.atom]
        with np.errstate(all="ignore"):
            points = points / np.abs(points).max(axis=1, keepdims=True)
            forms = levels.forms(points, depth + 1)

        def on_side(side: Side) -> FloatMatrix:
            depth, place = places[side.atom]
            return side.sign * forms[depth][:, place]

        near = on_side(target.neuron)
        if target.inputs:
            near = np.minimum(near, np.max([on_side(side) for side in target.inputs], axis=0))
        return np.nan_to_num(near, nan=-1.0)

    for target in targets(difference):
        found, near = points, nearness(points, target)
        for _ in range(_ROUNDS):
            if np.count_nonzero(near > 0) >= _ENOUGH:
                break
            best = np.argsort(-near, kind="stable")[:_KEPT]
            moved = _moved(found[best], random)
            found = np.concatenate([found[best], moved])
            near = np.concatenate([near[best], nearness(moved, target)])
        order = np.argsort(-near, kind="stable")[: np.count_nonzero(near > 0)]
        for index in order[:: -(-len(order) // _SHOWN) or 1]:
            yield found[index]


def targets(difference: FormalDifference) -> list[Target]:
    """Some neurons of the lowest level at which the two networks do not have the same ones."""
    first, second = (
        {
            rule.atom: 1 if rule.scale > 0 else -1
            for layer in layers
            for rule in layer
            if rule.atom is not None
        }
        for layers in difference.rewritings
    )
    signs = first | second
    for level in difference.atoms:
        own = [atom for atom in level if atom in first and atom not in second]
        other = [atom for atom in level if atom in second and atom not in first]
        if own or other:
            found = []
            pairs = [*((atom, other) for atom in own), *((atom, own) for atom in other)]
            for atom, others in pairs[:_TARGETS]:
                inputs = _differently_weighed(difference.table, atom, others)
                sides = tuple(Side(k, signs[k]) for k in inputs)
                found.append(Target(Side(atom, signs[atom]), sides))
            return found
    return []


def _differently_weighed(table: AtomTable, atom: int, others: Sequence[int]) -> list[int]:
    """The atoms of the highest level in which a form is no multiple of the most similar other."""
    form = dict(table.forms[atom - table.inputs])
    fewest: list[int] | None = None
    for other in others:
        partner = dict(table.forms[other - table.inputs])
        ratios = Counter(Fraction(c, partner[k]) for k, c in form.items() if k in partner)
        ratio = ratios.most_common(1)[0][0] if ratios else Fraction(1)
        names = sorted(form.keys() | partner.keys())
        differing = [k for k in names if form.get(k, 0) != ratio * partner.get(k, 0)]
        if fewest is None or len(differing) < len(fewest):
            fewest = differing
    atoms = [k for k in fewest or () if k >= table.inputs]
    top = max((table.levels[k - table.inputs] for k in atoms), default=0)
    return [k for k in atoms if table.levels[k - table.inputs] == top]


def _moved(points: FloatMatrix, random: np.random.Generator) -> FloatMatrix:
    """The points moved along differences of others, and a little about.

    So the steps follow the shape of the population, as in differential evolution (Storn and Price,
    1997): narrow cones are entered along their axes.
    """
    count = len(points)
    moved = points.copy()
    x = points[:, :-1]
    one, other = random.integers(0, count, (2, count))
    moved[:, :-1] += (x[one] - x[other]) * random.choice(_STEPS, (count, 1))
    noise = np.abs(x).mean(axis=1, keepdims=True) * _NOISE
    moved[:, :-1] += random.standard_normal(x.shape) * noise
    return moved
