"""
The maximum of n numbers
========================

max(x1, ..., xn) is a network with ⌈log2 n⌉ hidden layers, a tree of maxima of two (Arora, Basu,
Mianjy and Mukherjee, *Understanding deep neural networks with rectified linear units*, 2018).
Whether fewer layers do is the question of Hertrich, Basu, Di Summa and Skutella, *Towards lower
bounds on the depth of ReLU neural networks*, 2023.  (Two hidden layers suffice for five numbers:
Bakaev, Brunck, Hertrich, Stade and Yehudayoff, 2025.)
"""

from tropnet import (
    TropicalPolynomial,
    decide_equality,
    decide_shallow,
    depth_lower_bound,
    to_network,
)

for count in range(2, 6):
    rows = [[int(i == k) for i in range(count)] for k in range(count)]
    maximum = TropicalPolynomial(rows, [0] * count)
    net = to_network(maximum)
    assert decide_equality(net, maximum).equal
    bound = depth_lower_bound(maximum)
    shallow = decide_shallow(maximum)
    print(
        f"n = {count}: {net.depth} hidden layers, {net.hidden_neuron_count} neurons; "
        f"one hidden layer: {shallow.verdict.value}; bends need {bound.value}"
    )

# %%
# That bound speaks of transversal networks; the one that excludes a single hidden layer of all.

print(bound.scope)
