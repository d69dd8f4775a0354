"""
Minimal, and still not unique
=============================

Minimal representations need not be unique: a network can be the smallest with its function, and yet
another one, that does not come from it by permutation and positive scaling, is the same function.
"""

from tropnet import (
    ReLUNetwork,
    decide_equality,
    decide_equivalence,
    decide_minimality,
    shallow_representations,
)
from tropnet.plots import plot_break_locus

rows = [[1, 0], [0, 1], [-1, -1]]
one = ReLUNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])])
other = ReLUNetwork([([[-a for a in row] for row in rows], [0, 0, 0]), ([[1, 1, 1]], [0])])

minimal = decide_minimality(one)
print(f"minimal: {minimal.verdict.value}, among {minimal.scope}")
equality = decide_equality(one, other)
print(f"the same function: {equality.equal}, certificate holds: "
      f"{equality.certificate.check(one, other)}")  # fmt: skip
print(f"the same up to permutation and scaling: {decide_equivalence(one, other).equivalent}")
print(f"representations with three neurons, up to symmetry: {shallow_representations(one).count}")
picture = plot_break_locus(one)

# %%
# Both have the same three creases; the crease does not say on which side its neuron is active.
# More of this kind, found by search, is in the catalogue that comes with tropnet.

from collections import Counter

from tropnet import catalogue

print(Counter(item.kind for item in catalogue.entries()))

# %%
# With two hidden layers it can even happen that the functional dimension is full, so that each
# network is the only one nearby, and that there are still two orbits:

items = [item for item in catalogue.entries() if item.kind == "locally_unique_only"]
deep = next(item for item in items if item.network.depth == 2)
print(deep.formula)
print("the same function:")
print(deep.about)
assert deep.check()
