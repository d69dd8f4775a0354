"""
max(0, min(x, y)) as a difference of convex functions
=====================================================

Every continuous piecewise linear function is a difference g - h of convex ones, in many ways.  The
ways with a given set of breaks form a polyhedron (Brandenburg, Grillo and Hertrich, *Decomposition
polyhedra of piecewise linear functions*, 2024); its minimal points are the candidates for few
pieces.
"""

from tropnet import (
    ReLUNetwork,
    TropicalPolynomial,
    break_locus,
    decide_equality,
    decomposition_polyhedron,
    minimal_decompositions,
)
from tropnet.plots import plot_break_locus

x, y = TropicalPolynomial([[1, 0]], [0]), TropicalPolynomial([[0, 1]], [0])
f = (x * y) / (x + y) + 0
print(f)
print(break_locus(f))
picture = plot_break_locus(f)

# %%
# The minimal decompositions with breaks where f has them:

print(decomposition_polyhedron(f))
for found in minimal_decompositions(f):
    print(found)
    print("    pieces of g and h:", found.counts)

# %%
# As a network it takes two hidden layers: min(x, y) = x - relu(x - y), and x = relu(x) - relu(-x).

net = ReLUNetwork([([[1, 0], [-1, 0], [1, -1]], [0, 0, 0]), ([[1, -1, -1]], [0]), ([[1]], [0])])
print("the same function:", decide_equality(net, f).equal)
