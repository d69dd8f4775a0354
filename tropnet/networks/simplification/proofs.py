"""Reductions that have to be proved on all activation regions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import islice

from tropnet.certificates.budget import Meter
from tropnet.errors import BudgetExceededError
from tropnet.exact import Vector
from tropnet.networks.layer_forms import IntegerRow
from tropnet.networks.layers import AffineLayer
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.simplification.dependence import among_activations
from tropnet.networks.simplification.draft import Draft, Reduced
from tropnet.networks.simplification.evidence import Evidence
from tropnet.networks.simplification.narrowing import narrowed, without_dependent
from tropnet.networks.simplification.relations import refuting_point
from tropnet.networks.simplification.search_points import Climber, random_points
from tropnet.networks.simplification.shares import always_active, evident_relations
from tropnet.networks.simplification.sign_claims import SignClaims, members, refuting_points
from tropnet.networks.simplification.steps import OpenQuestion, Reason, Step

_BATCH = 32
# How many points, at least, are tried in vain before the rest is left to the regions.
_PATIENCE = 64
# How many cells are looked at before points are sought where claims might fail.
_QUICK = 512
# How many bounds are tried, and from how many points they are taken.
_FLOORS = 3
_FLOOR_POINTS = 64

_ZERO = Fraction(0)
_OUTPUT = AffineLayer(((Fraction(1),),), (_ZERO,))


class Prover:
    """Proofs about drafts of one function, one after the other.

    Args:
        inputs: The number of inputs.
        meter: Counts the points and regions looked at.

    Attributes:
        points: The points (x, t) at which was looked.
        open: What the budget left undecided about the last draft.
    """

    def __init__(self, inputs: int, meter: Meter) -> None:
        self.points: list[IntegerRow] = []
        self.open: list[OpenQuestion] = []
        self._meter = meter
        self._random = random_points(inputs)

    def reduced(self, draft: Draft) -> Reduced:
        """A smaller draft, or one with more neurons known to be always active, or the same.

        The draft must not have any reductions that `tidying` finds.
        """
        self.open = []
        known = [evident_relations(draft, index) for index in range(draft.depth)]
        evidence = Evidence(
            draft.network,
            [_mask(_active_positions(draft, index)) for index in range(draft.depth)],
            [_mask(relations) for relations in known],
        )
        evidence.add(self.points)
        self._gather(evidence)
        smaller, steps = self._with_signs(draft, evidence)
        if steps or smaller.active != draft.active:
            return smaller, steps
        return self._with_relations(draft, evidence, known)

    def _gather(self, evidence: Evidence) -> None:
        """Looks at points until they prove nothing new, or the budget is used up."""
        patience = max(_PATIENCE, 2 * max(evidence.net.architecture))
        vain = 0
        with suppress(BudgetExceededError):
            while vain < patience and not evidence.is_conclusive:
                is_new = self._look(evidence, list(islice(self._random, _BATCH)))
                vain = 0 if is_new else vain + _BATCH

    def _look(self, evidence: Evidence, points: Sequence[IntegerRow]) -> bool:
        self._meter.add(len(points))
        self.points += points
        return evidence.add(points)

    def _with_signs(self, draft: Draft, evidence: Evidence) -> Reduced:
        """Without the neurons that are never active, and with those that always are known."""
        claims = [self._proved_claims(draft, evidence, index) for index in range(draft.depth)]
        steps: list[Step] = []
        for index in range(draft.depth - 1, -1, -1):
            neurons = draft.neurons(index)
            silent = [neurons[i] for i in members(claims[index].silent)]
            known = {neuron.name for neuron in neurons if draft.is_active(index, neuron)}
            known |= {neurons[i].name for i in members(claims[index].active)}
            draft = draft.with_active(index, known)
            if silent:
                steps.insert(0, draft.step(index, silent, Reason.SILENT))
                kept = [neuron for neuron in neurons if neuron not in silent]
                draft = draft.with_neurons(index, kept)
                if not kept:
                    break
        return draft, steps

    def _proved_claims(self, draft: Draft, evidence: Evidence, index: int) -> SignClaims:
        """The claims about a layer that are true."""
        none = [SignClaims(0, 0)] * index
        limit: int | None = _QUICK
        while any(claims := evidence.claims(index)):
            try:
                points = refuting_points(draft.network, [*none, claims], self._meter, limit)
                if points is None:
                    limit = None
                    points = self._climbed(draft, claims, index)
                elif not points:
                    return claims
                self._look(evidence, points)
            except BudgetExceededError:
                for mask, text in zip(claims, ("ever active?", "ever inactive?"), strict=True):
                    self.ask(draft, index, members(mask), text)
                break
        return SignClaims(0, 0)

    def _climbed(self, draft: Draft, claims: SignClaims, index: int) -> list[IntegerRow]:
        """Points at which claims might fail."""
        climber = Climber(draft.network)
        return [
            point
            for sign, mask in zip((1, -1), claims, strict=True)
            for neuron in members(mask)
            for point in climber.points(index, neuron, sign)
        ]

    def _with_relations(
        self, draft: Draft, evidence: Evidence, known: Sequence[Mapping[int, Vector]]
    ) -> Reduced:
        """With the first layer narrower that can be made so.

        First come relations in which what the layer reads does not occur: to use them makes no
        neuron of another layer indispensable.
        """
        further = [self._proved_relations(draft, evidence, i) for i in range(draft.depth)]
        for index in range(draft.depth):
            relations = [*known[index].values(), *further[index]]
            own = among_activations(relations, draft.width(index))
            if own:
                return without_dependent(draft, index, own)
        for index in range(draft.depth):
            # Without further ones, a layer's relations are those that `narrowed` sees itself.
            relations = [*known[index].values(), *further[index]] if further[index] else []
            smaller, steps = narrowed(draft, index, relations, self._floor)
            if steps:
                return smaller, steps
        return draft, []

    def _proved_relations(self, draft: Draft, evidence: Evidence, index: int) -> list[Vector]:
        """The relations of a layer beyond those that its weights show."""
        while index and evidence.further_relations(index):
            relations = evidence.relations(index)
            try:
                point = refuting_point(draft.network, index, relations, self._meter)
            except BudgetExceededError:
                width = draft.width(index)
                related = {i for row in relations for i in range(width) if row[i]}
                self.ask(draft, index, sorted(related), "affinely dependent?")
                break
            if point is None:
                return [_unscaled(draft, index, relation) for relation in relations]
            self.points.append(point)
            evidence.add([point])
        return []

    def _floor(self, draft: Draft, index: int, row: Vector) -> Fraction | None:
        """A number c with row·y + c ≥ 0 for all y that hidden layer `index` reads, if shown.

        Points suggest it, with room to spare; a few cells are looked at for a proof.
        """
        head = ReLUNetwork._from_layers((*draft.layers[:index], AffineLayer((row,), (_ZERO,))))
        none = [SignClaims(0, 0)] * index
        floor = _ZERO
        points = list(islice(random_points(draft.network.input_width), _FLOOR_POINTS))
        for _ in range(_FLOORS):
            lowest = min((head(_coordinates(point))[0] for point in points), default=_ZERO)
            floor = max(floor, -2 * lowest)
            layers = (*draft.layers[:index], AffineLayer((row,), (floor,)), _OUTPUT)
            claim = SignClaims(0, 1)
            try:
                found = refuting_points(
                    ReLUNetwork._from_layers(layers), [*none, claim], self._meter, _QUICK
                )
            except BudgetExceededError:
                return None
            if found is None:
                return None
            if not found:
                return floor
            points = found
        return None

    def ask(self, draft: Draft, index: int, positions: Sequence[int], text: str) -> None:
        """Notes a question about neurons of a layer that the budget leaves open."""
        if positions:
            names = tuple(sorted(draft.names[index][i] for i in positions))
            self.open.append(OpenQuestion(draft.numbers[index], names, text))


def _coordinates(point: IntegerRow) -> Vector:
    *entries, scale = point
    return tuple(Fraction(entry, scale) for entry in entries)


def _unscaled(draft: Draft, index: int, relation: IntegerRow) -> Vector:
    """A relation in the scaling of `integer_form` as one between the neurons themselves."""
    factors = draft.network.integer_form.hidden_factors
    scales = (*factors[index], *factors[index - 1], Fraction(1))
    return tuple(entry * scale for entry, scale in zip(relation, scales, strict=True))


def _active_positions(draft: Draft, index: int) -> list[int]:
    active = always_active(draft, index)
    return [i for i, name in enumerate(draft.names[index]) if name in active]


def _mask(members: Iterable[int]) -> int:
    return sum(1 << i for i in members)
