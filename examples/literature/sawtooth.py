"""
Telgarsky's sawtooth
====================

The tent map t(x) = 2 relu(x) - 4 relu(x - 1/2) maps [0, 1] onto itself twice; its k-fold
composition goes up and down 2^(k-1) times.  A network with k hidden layers of width 2 is that
function; how wide must one hidden layer be?  (Telgarsky, *Benefits of depth in neural networks*,
2016.)
"""

from tropnet import (
    Polyhedron,
    ReLUNetwork,
    count_activation_regions,
    count_linear_pieces,
    minimal_shallow_network,
)
from tropnet.plots import plot_break_locus

tent = ReLUNetwork([([[1], [1]], [0, "-1/2"]), ([[2, -4]], [0])])
unit = Polyhedron.from_inequalities([[1], [-1]], [1, 0])

print("layers  regions on [0, 1]  pieces on [0, 1]  pieces on R  neurons in one layer")
sawtooth = tent
for layers in range(1, 7):
    print(
        f"{layers:6}{count_activation_regions(sawtooth, unit):19}"
        f"{count_linear_pieces(sawtooth, unit):18}{count_linear_pieces(sawtooth):13}"
        f"{minimal_shallow_network(sawtooth).width:22}"
    )
    if layers == 3:
        picture = plot_break_locus(sawtooth, (-0.5, 1.5))
    sawtooth = tent @ sawtooth

# %%
# The widths in the last column are proved minimal: each of the 2^k creases takes a neuron, and from
# two layers on one more is needed to get the slope right.  The deep network has 2k neurons.
