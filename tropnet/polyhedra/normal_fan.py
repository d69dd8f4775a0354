"""The normal fan of a polyhedron: the linear functionals, sorted by where they are maximal.

References:
    Ziegler, *Lectures on Polytopes*, 1995, Example 7.3 and Proposition 7.12 (the normal fan of a
    Minkowski sum is the common refinement).
    Schrijver, *Theory of Linear and Integer Programming*, 1986, section 8.6 (unbounded case).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tropnet.exact import primitive_vector
from tropnet.polyhedra.double_description import DoubleDescription
from tropnet.polyhedra.faces import members, numbered_faces
from tropnet.polyhedra.polyhedron import Polyhedron


@dataclass(frozen=True)
class NormalFan:
    """The outer normal cones of the non-empty faces of a polyhedron; see `Polyhedron.normal_fan`.

    Fans are equal iff they consist of equal cones (the polyhedra are then normally equivalent).

    Attributes:
        ambient_dim: The dimension n of the space.
        cones: All of them, those of the largest dimension first; within a dimension ordered by
            their rays.
        faces: In the same order, the faces whose normal cones they are.

    >>> triangle = Polyhedron.from_generators([(0, 0), (1, 0), (0, 1)])
    >>> fan = triangle.normal_fan()
    >>> [cone.dim for cone in fan.cones], fan.of_dim(1)[0].rays
    ([2, 2, 2, 1, 1, 1, 0], ((Fraction(-1, 1), Fraction(0, 1)),))
    """

    ambient_dim: int
    cones: tuple[Polyhedron, ...]
    faces: tuple[Polyhedron, ...] = field(compare=False, repr=False)

    @property
    def maximal(self) -> tuple[Polyhedron, ...]:
        """The cones of the largest dimension, n minus that of the polyhedron's lineality space.

        Their union is the support of the fan: each cone is a face of one of these.
        """
        return self.of_dim(self.cones[0].dim) if self.cones else ()

    def of_dim(self, k: int) -> tuple[Polyhedron, ...]:
        """The cones of dimension k, the normal cones of the faces of dimension n − k."""
        return tuple(cone for cone in self.cones if cone.dim == k)


def normal_fan(polyhedron: Polyhedron) -> NormalFan:
    """See `Polyhedron.normal_fan`."""
    triples = [
        (-depth, _normal_cone(polyhedron, bits), face)
        for depth, bits, face in numbered_faces(polyhedron)
    ]
    triples.sort(key=lambda triple: (triple[0], triple[1].generators))
    return NormalFan(
        polyhedron.ambient_dim,
        tuple(cone for _, cone, _ in triples),
        tuple(face for _, _, face in triples),
    )


def _normal_cone(polyhedron: Polyhedron, face: int) -> Polyhedron:
    """The functionals that are maximal on a face: {c : c·x ≤ c·x_0 on P, equal on the face}.

    Its generators are the normals of the facets around the face and the equations; its inequalities
    come from the generators of P.  So nothing needs converting.
    """
    generators = polyhedron.generators
    *base, bottom = generators[members(face)[0]]
    n = polyhedron.ambient_dim
    # t·x_0 − t_0·x: the way from a vertex to x_0, or against a ray.
    rows = [
        (*(t * p - bottom * q for p, q in zip(base, x, strict=True)), 0) for *x, t in generators
    ]
    normals = [
        (*primitive_vector(row[:-1]), 0)
        for row, tight in zip(polyhedron.inequalities, polyhedron.incidence, strict=True)
        if face & tight == face
    ]
    lines = [(*primitive_vector(row[:-1]), 0) for row in polyhedron.equations]
    # Canonical already: facets are reduced modulo the equations, and those are in echelon form.
    return Polyhedron.from_canonical_generators(
        n, DoubleDescription(rows, (), [(0,) * n + (1,), *sorted(normals)], lines)
    )
