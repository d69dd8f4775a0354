"""All transversal networks of an architecture, with visible neurons, that are a function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from tropnet.certificates.budget import Budget, Meter, Progress
from tropnet.certificates.dimension import Direction, Entry
from tropnet.comparison.equality import decide_equality
from tropnet.comparison.shallow_networks.representations import shallow_representations
from tropnet.errors import InvalidInputError
from tropnet.exact import Number, Vector, to_vector
from tropnet.identifiability.directions import describe, moved
from tropnet.identifiability.recovery.equations import (
    Layout,
    Space,
    joined,
    on_zero_set,
    orientations,
)
from tropnet.identifiability.recovery.labels import labellings
from tropnet.identifiability.recovery.last_layer import with_output
from tropnet.identifiability.recovery.peeling import Peeling
from tropnet.identifiability.recovery.positions import Places
from tropnet.identifiability.recovery.zero_sets import (
    ZeroSet,
    components,
    partitions,
    zero_set,
)
from tropnet.networks.architectures import to_architecture
from tropnet.networks.network import ReLUNetwork
from tropnet.networks.transversality import is_transversal
from tropnet.piecewise.bends import BendGraph
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.function_like import FunctionLike, PiecewiseLinear, function_like
from tropnet.polyhedra import Polyhedron

_SCOPE = "networks of this architecture, transversal, all of whose hidden neurons are visible"


@dataclass(frozen=True)
class RecoveredComponent:
    """Networks with the same function that depend on some free parameters.

    Attributes:
        network: One of them, proved to be equal to the function.
        directions: The free parameters: directions in which weights and biases of the second layer
            can be moved from those of `network`.
        parameters: How far: the closed polyhedron of the coordinates along the directions, 0 being
            `network`.
        is_transversal: Whether `network` is transversal in the strict sense: three hyperplanes of
            the first layer may meet where the function is smooth.
    """

    network: ReLUNetwork
    directions: tuple[Direction, ...]
    parameters: Polyhedron
    is_transversal: bool

    @property
    def dimension(self) -> int:
        """The number of free parameters, beyond permutation and positive scaling."""
        return len(self.directions)

    @property
    def description(self) -> str:
        """The free parameters in words."""
        if not self.directions:
            return "isolated, up to permutation and positive scaling"
        return " | ".join(map(describe, self.directions))

    def member(self, coordinates: Sequence[Number]) -> ReLUNetwork:
        """The network with given coordinates along the directions.

        Raises:
            InvalidInputError: if they do not lie in `parameters`.
        """
        steps = to_vector(coordinates, "coordinates")
        if len(steps) != self.dimension or not self.parameters.contains(steps):
            raise InvalidInputError(f"coordinates: {coordinates} do not lie in .parameters")
        net = self.network
        for direction, step in zip(self.directions, steps, strict=True):
            net = moved(net, direction, step)
        return net


@dataclass(frozen=True)
class Recovery:
    """The answer of `recover_parameters`.

    Attributes:
        components: Disjoint sets of networks, in no way related by permutation and scaling.
        complete: Whether every network in `scope` belongs to one of them.
        scope: Which networks are meant.
        choices: How many choices were looked at: of first-layer hyperplanes and, with more than two
            hidden layers, of active sides and neurons.
        reason: Why the answer is not known to be complete; None if it is.
    """

    components: tuple[RecoveredComponent, ...]
    complete: bool
    scope: str
    choices: int
    reason: str | None = None

    @property
    def networks(self) -> tuple[ReLUNetwork, ...]:
        """One network of each component."""
        return tuple(component.network for component in self.components)

    def __len__(self) -> int:
        """The number of components."""
        return len(self.components)


def recover_parameters(
    f: FunctionLike,
    architecture: Sequence[int],
    *,
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> Recovery:
    """All transversal networks of an architecture with visible neurons that are a function.

    Only the break locus of f and one affine piece are used, so f may be given by them
    (`WeightedComplex.to_function`), and nothing is taken from the parameters of a network.

    A neuron is *visible* if some facet of the break locus lies where it vanishes.  A network is
    *transversal* if no preactivation vanishes on an activation region, no two on a facet of one,
    and no three on a cell of codimension 2.

    Args:
        f: A function-like on R^n.
        architecture: The widths (n, n_1, …, n_L, m).
        budget: Limits on the choices looked at.
        progress: Called with the number of them.

    Returns:
        A `Recovery`: components up to permutation and positive scaling, each with a network.

    Raises:
        InvalidInputError: if f is no function-like on R^n, or the widths do not fit.
        BudgetExceededError: when the budget runs out.

    Guarantees:
        Every network that is returned is proved to be equal to f.  One hidden layer: complete by
        the theorem of `shallow_representations`.  Two: every network in the scope satisfies the
        equations that are solved, so if it is isolated it is among those returned; families are
        found if the network with the most room in it satisfies them strictly.  More: peeled layer
        by layer; isolated networks are found whose neurons are determined, up to factors, by where
        they vanish and by the layers before; ``complete`` says whether there can be others, and
        ``reason`` names the layers where the peeling stops being sure.

    Cost: one break locus; for two hidden layers 2^(n_1 + n_2) small linear systems for each way to
        choose the first layer's hyperplanes among those of f and to divide what is left among n_2
        neurons; for more, the choices of active sides of all layers that fit.

    References:
        Grillo and Montúfar, arXiv 2605.03601.  Rolnick and Körding, *Reverse-engineering deep ReLU
        networks*, 2020.

    >>> f = ReLUNetwork([([[1, 0], [1, 1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[1, 1]], [0])])
    >>> len(recover_parameters(f, (2, 2, 2, 1)))     # relu(1 - relu(x)) + relu(1 - relu(x + y))
    4
    """
    widths = to_architecture(architecture)
    function = function_like(f, "f")
    if function.domain is not None:
        raise InvalidInputError("f: defined on a polyhedron only; networks are defined on R^n")
    if (widths[0], widths[-1]) != (function.input_width, function.output_width):
        raise InvalidInputError(
            f"architecture: {widths} does not fit a function with {function.input_width} inputs "
            f"and {function.output_width} outputs"
        )
    meter = Meter(budget, progress)
    if len(widths) == 2:
        return _no_layer(function)
    if len(widths) == 3:
        return _one_layer(f, widths, meter)
    if len(widths) == 4:
        components_ = tuple(_TwoLayers(f, widths, meter).components())
        meter.finish()
        return Recovery(components_, True, _SCOPE, meter.count)
    return _peeled(f, widths, meter)


def _no_layer(function: PiecewiseLinear) -> Recovery:
    """No hidden layer: the affine function itself, if it is one."""
    nets = []
    if not break_locus(function).facets:
        cell = next(function.affine_cells())
        nets.append(ReLUNetwork([(cell.gradient, cell.constant)]))
    point = Polyhedron.from_generators([()])
    return Recovery(
        tuple(RecoveredComponent(net, (), point, True) for net in nets), True, _SCOPE, 1
    )


def _one_layer(f: FunctionLike, widths: tuple[int, ...], meter: Meter) -> Recovery:
    """One hidden layer: a neuron for each hyperplane, on either side."""
    found = shallow_representations(f, budget=meter.remaining())
    nets = []
    if found.width == widths[1]:
        for component in found:
            if component.doubled or component.invisible:
                break
            meter.add(1)
            point = Polyhedron.from_generators([()])
            nets.append(RecoveredComponent(component.network, (), point, True))
    return Recovery(tuple(nets), True, _SCOPE, 1)


def _peeled(f: FunctionLike, widths: tuple[int, ...], meter: Meter) -> Recovery:
    """Several hidden layers: isolated networks, layer by layer."""
    peeling = Peeling(f, BendGraph(break_locus(f)), widths, meter)
    point = Polyhedron.from_generators([()])
    nets = [
        RecoveredComponent(net, (), point, is_transversal(net).transversal)
        for net in peeling.networks()
    ]
    reason = None
    if peeling.unclear:
        where = " and ".join(map(str, sorted(peeling.unclear)))
        reason = (
            f"hidden layer {where}: where they vanish need not determine all neurons, given the "
            "layers before"
        )
    meter.finish()
    return Recovery(tuple(nets), reason is None, _SCOPE, meter.count, reason)


class _TwoLayers:
    def __init__(self, f: FunctionLike, widths: tuple[int, ...], meter: Meter) -> None:
        self._f = f
        self._widths = widths
        self._meter = meter
        self._bends = BendGraph(break_locus(f))

    def components(self) -> Iterator[RecoveredComponent]:
        """The components, one after the other."""
        facets = self._bends.complex.facets
        if not facets:
            return
        for labels in labellings(self._bends, self._widths[1], 2, self._meter):
            glued = components(self._bends, labels)
            if glued is None or not glued[0]:
                continue
            parts, apart = glued
            places = Places(self._f, self._bends.complex, sorted(labels))
            layout = Layout(sorted(labels), self._widths[2])
            for blocks in partitions(parts, apart, self._widths[2]):
                zero_sets = [zero_set([parts[k] for k in block], facets) for block in blocks]
                spaces = [on_zero_set(layout, each) for each in zero_sets]
                solved = [space for space in spaces if space is not None]
                if len(solved) == len(spaces):
                    yield from self._solved(layout, places, zero_sets, solved)

    def _solved(
        self,
        layout: Layout,
        places: Places,
        zero_sets: Sequence[ZeroSet],
        spaces: Sequence[Space],
    ) -> Iterator[RecoveredComponent]:
        """The solutions for given zero sets, with the active sides chosen in all ways."""
        views = places.views(zero_sets)
        for signs in product((1, -1), repeat=len(zero_sets)):
            equations = places.equations(layout, views, signs)
            space = joined(spaces, signs).with_equations(*equations)
            if space is None:
                continue
            for flips, oriented in orientations(layout, len(zero_sets), space):
                found = places.solutions(layout, zero_sets, signs, oriented)
                if found is None:
                    continue
                (point, steps), parameters = found
                net = self._network(layout, zero_sets, flips, point)
                if decide_equality(self._f, net).equal:
                    ends = [
                        self._network(
                            layout,
                            zero_sets,
                            flips,
                            tuple(a + b for a, b in zip(point, step, strict=True)),
                        )
                        for step in steps
                    ]
                    yield RecoveredComponent(
                        net,
                        tuple(_difference(net, end) for end in ends),
                        parameters,
                        is_transversal(net).transversal,
                    )

    def _network(
        self,
        layout: Layout,
        zero_sets: Sequence[ZeroSet],
        flips: Sequence[bool],
        point: Vector,
    ) -> ReLUNetwork:
        """The network of a solution; a flipped neuron is active where H_i < 0."""
        signs = [-1 if flip else 1 for flip in flips]
        rows = [
            [sign * entry for entry in normal]
            for sign, (normal, _) in zip(signs, layout.planes, strict=True)
        ]
        biases = [-sign * offset for sign, (_, offset) in zip(signs, layout.planes, strict=True)]
        weights, constants = [], []
        for b in range(len(zero_sets)):
            kappa = point[layout.kappa(b, 0) : layout.kappa(b, len(flips))]
            moved = [
                -k * offset
                for k, (_, offset), flip in zip(kappa, layout.planes, flips, strict=True)
                if flip
            ]
            weights.append(kappa)
            constants.append(point[(b + 1) * layout.block - 1] + sum(moved, Fraction(0)))
        outer = list(zip(*(zero_set.sigma for zero_set in zero_sets), strict=True))
        hidden = [(rows, biases), (weights, constants)]
        return with_output(self._f, hidden, outer)


def _difference(start: ReLUNetwork, end: ReLUNetwork) -> Direction:
    """The direction from the hidden layers of a network to those of another.

    The output bias is one for all of a component: a free κ_Bi moves z_B by a multiple of
    relu(H_i), which is 0 on one side.
    """
    entries = []
    for number, (one, other) in enumerate(zip(start.layers[:-1], end.layers[:-1], strict=True), 1):
        for neuron, (old, new) in enumerate(zip(one.weight, other.weight, strict=True)):
            pairs = enumerate(zip(old, new, strict=True))
            entries += [Entry(number, neuron, k, b - a) for k, (a, b) in pairs if a != b]
        for neuron, (a, b) in enumerate(zip(one.bias, other.bias, strict=True)):
            if a != b:
                entries.append(Entry(number, neuron, None, b - a))
    return tuple(entries)
