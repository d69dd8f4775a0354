"""
Newton polytopes of shallow networks are zonotopes
==================================================

A sum of positive multiples of relu(a·x + b) is a tropical product of binomials: its Newton polytope
is the Minkowski sum of the segments from 0 to the multiples of the a, and the vertices of the
polytope over it correspond to activation regions (Zhang, Naitzat and Lim, *Tropical geometry of
deep neural networks*, 2018).
"""

from functools import reduce

from tropnet import (
    Polyhedron,
    ReLUNetwork,
    break_locus,
    count_activation_regions,
    decide_equality,
    tropicalize,
)
from tropnet.plots import plot_duality

rows, offsets, factors = [[1, 0], [0, 1], [1, 1], [1, -1]], [0, 1, -1, "1/2"], [1, 2, 1, 3]
net = ReLUNetwork([(rows, offsets), ([factors], [0])])
r = tropicalize(net).reduce()
p, q = r.numerator.essential(), r.denominator
segments = [
    Polyhedron.from_generators([[0, 0], [factor * a for a in row]])
    for row, factor in zip(rows, factors, strict=True)
]
zonotope = reduce(Polyhedron.minkowski_sum, segments)
print("f = g - h with h affine:", q.is_monomial)
moved = zonotope.minkowski_sum(q.newton_polytope())
print(
    "the Newton polytope of g is the zonotope, moved by the slope of h:",
    p.newton_polytope() == moved,
)
print(len(zonotope.vertices), "vertices: twice the number of directions of creases")

# %%
# Essential monomials are the linear pieces, here the activation regions; and the dual subdivision
# is a tiling of the zonotope by parallelograms, one for each crossing of two creases.

assert decide_equality(net, p / q).equal
print(len(p), "monomials,", count_activation_regions(net), "regions")
print(len(p.regular_subdivision().cells[2]), "tiles")
print("the hypersurface is the break locus:", p.hypersurface() == break_locus(net))
picture = plot_duality(p)
