"""Break loci of networks with one hidden layer: one weight on each whole hyperplane."""

from __future__ import annotations

from typing import NamedTuple

from tropnet.exact import Vector
from tropnet.piecewise.chain import Chain
from tropnet.piecewise.constancy import constant_cells
from tropnet.piecewise.hyperplanes import Hyperplane, chains_by_hyperplane
from tropnet.piecewise.weighted_complex import WeightedComplex
from tropnet.polyhedra import Polyhedron


class WeightChange(NamedTuple):
    """A hyperplane with two different weights.

    Attributes:
        hyperplane: The normal and the offset.
        points: A point around which the weight is not zero, and one around which it is another.
    """

    hyperplane: Hyperplane
    points: tuple[Vector, Vector]


def hyperplane_weights(X: WeightedComplex) -> dict[Hyperplane, Vector] | WeightChange:
    """The weight of each hyperplane of a complex, if every one has a single weight.

    Returns:
        The weights as vectors, by hyperplane, without those that are zero; or a hyperplane on which
        the weight is not constant.

    Cost: that of the cells of one chain in each hyperplane.
    """
    weights: dict[Hyperplane, Vector] = {}
    for hyperplane, chain in chains_by_hyperplane(X.canonical().facets).items():
        cell, weight = chain.pieces[0]
        normal, offset = hyperplane
        plane = Polyhedron.from_inequalities([], [], ([normal], [offset]))
        opposite = tuple(-entry for entry in weight)
        elsewhere = constant_cells(Chain((*chain.pieces, (plane, opposite))))
        if elsewhere:
            points = cell.interior_point(), elsewhere[0][0].interior_point()
            return WeightChange(hyperplane, points)
        weights[hyperplane] = weight
    return weights
