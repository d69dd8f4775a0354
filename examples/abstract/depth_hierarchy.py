"""
The hierarchy of depths
=======================

Generic networks of depth L are no functions of shallower ones: for every number L of hidden layers
there are networks, in an open set of parameters, whose functions no transversal network with fewer
hidden layers has.  The break locus shows it: a branch (the trace of one neuron) bends where
it meets that of a neuron of an earlier layer, so a chain of bends needs as many layers.
"""

from tropnet import depth_separating_network
from tropnet.plots import plot_bends

for depth in range(1, 6):
    found = depth_separating_network((2, *[2] * depth, 1))
    assert found.bound.value == found.network.depth == depth
    assert found.bound.chain.check(found.network)
    name = "-".join(map(str, found.network.architecture))
    print(f"{name}: at least {found.bound.value} hidden layers")
print(f"scope: {found.bound.scope}")
picture = plot_bends(depth_separating_network((2, 2, 2, 1)).network)

# %%
# What the chain consists of: the cells at which one branch bends at another, and the hyperplanes of
# these branches, from layer to layer.

chain = depth_separating_network((2, 2, 2, 2, 1)).bound.chain
for cell in chain.cells:
    print("bend at", tuple(map(str, cell.point)))
