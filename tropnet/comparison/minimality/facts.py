"""What is known about the function of a network, found out when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

from tropnet.certificates.budget import Meter
from tropnet.certificates.exclusions import Exclusion
from tropnet.certificates.exclusions.elementary import NotAffine, NotConstant
from tropnet.certificates.exclusions.generic_depth import GenericDepth
from tropnet.certificates.exclusions.pieces import ManyPieces
from tropnet.certificates.exclusions.shallow import NotShallow, ShallowWidth
from tropnet.certificates.shallow import NotShallowCertificate
from tropnet.comparison.minimality.edges_at_infinity import unbounded_edges
from tropnet.comparison.minimality.gradients import gradient_span
from tropnet.comparison.minimality.top_neuron import one_top_neuron
from tropnet.comparison.minimality.uneven_cells import uncovered_cells
from tropnet.comparison.shallow_networks.minimal import (
    MinimalShallowNetwork,
    minimal_shallow_network,
)
from tropnet.exact import Matrix, Vector, identity_rows
from tropnet.networks.network import ReLUNetwork
from tropnet.piecewise.break_locus import break_locus
from tropnet.piecewise.depth import depth_lower_bound
from tropnet.piecewise.inner_points import kink
from tropnet.piecewise.weighted_complex import WeightedComplex


class Facts:
    """Facts about a function, each with the proof of what it excludes.

    Args:
        net: A network that has the function.
        meter: Counts what is looked at.
    """

    def __init__(self, net: ReLUNetwork, meter: Meter) -> None:
        self.net = net
        self.meter = meter

    def exclusions(self) -> Iterator[Exclusion]:
        """Facts that exclude architectures of every depth, the cheap ones first."""
        yield from self._points_apart
        yield self.shallow_exclusion
        yield gradient_span(self.net).certificate
        yield self._pieces
        if self.net.input_width == 2:
            yield from _present(unbounded_edges(self.break_locus, self.net))
        yield from _present(uncovered_cells(self.break_locus, self.net))
        for functional in self.functionals:
            yield from _present(one_top_neuron(self.net, functional))

    @property
    def functionals(self) -> tuple[Vector, ...]:
        """Combinations of the outputs: each of them, and their sum."""
        outputs = self.net.output_width
        units = tuple(tuple(map(Fraction, row)) for row in identity_rows(outputs))
        return units if outputs == 1 else (*units, (Fraction(1),) * outputs)

    @cached_property
    def break_locus(self) -> WeightedComplex:
        """Where the function breaks, canonical."""
        return break_locus(self.net).canonical()

    @cached_property
    def shallow(self) -> MinimalShallowNetwork:
        """The narrowest network with one hidden layer."""
        return minimal_shallow_network(self.net, budget=self.meter.remaining())

    @cached_property
    def shallow_exclusion(self) -> Exclusion:
        """What excludes one hidden layer, or widths of it."""
        proof = self.shallow.certificate
        if isinstance(proof, NotShallowCertificate):
            return NotShallow(proof)
        assert proof is not None
        return ShallowWidth(proof)

    @cached_property
    def generic_depth(self) -> GenericDepth:
        """How many hidden layers transversal representations have."""
        return GenericDepth(depth_lower_bound(self.net).chain)

    @cached_property
    def cell_points(self) -> Matrix:
        """A point inside an activation region for each linear piece."""
        points: dict[tuple[Matrix, Vector], Vector] = {}
        for cell in self.net.affine_cells():
            self.meter.add(1)
            key = cell.gradient, cell.constant
            if key not in points:
                points[key] = cell.polyhedron.interior_point()
        return tuple(points.values())

    @property
    def _pieces(self) -> ManyPieces:
        return ManyPieces(self.cell_points)

    @property
    def _points_apart(self) -> Iterator[Exclusion]:
        """Two points with different values, and two with a kink in their middle."""
        facets = self.break_locus.facets
        if facets:
            first, second = kink(facets)
            yield NotAffine((first, second))
            middle = tuple((a + b) / 2 for a, b in zip(first, second, strict=True))
            values = {self.net(point): point for point in (first, second, middle)}
            one, other, *_ = values.values()
            yield NotConstant((one, other))


def _present(exclusion: Exclusion | None) -> Iterator[Exclusion]:
    if exclusion is not None:
        yield exclusion
