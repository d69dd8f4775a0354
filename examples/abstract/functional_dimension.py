"""
The functional dimension is the number of parameters minus the number of hidden neurons
=======================================================================================

Each hidden neuron can be rescaled by a positive factor, which changes no function: so at most P - N
of the P parameters are seen.  The theorem: the functional dimension is P - N for an open set of
parameters of every architecture with widths of at least 2.  Here the value is attained by explicit
networks, each with a certificate: regions on which the exact Jacobian has that rank.
"""

from itertools import product

from tropnet import functional_dimension, maximal_network

print("architecture    P    N  dimension")
for hidden in [*product((2, 3), repeat=1), *product((2, 3), repeat=2), *product((2, 3), repeat=3)]:
    found = maximal_network((2, *hidden, 1))
    net, d = found.network, found.dimension
    assert d.certificate.check(net)
    assert d.value == net.parameter_count - net.hidden_neuron_count
    name = "-".join(map(str, net.architecture))
    print(f"{name:12}{net.parameter_count:5}{net.hidden_neuron_count:5}{d.value:11}")

# %%
# It is not so for all parameters.  Here max(0, x, y) has a hidden symmetry beside the rescalings,
# and one can walk along it to other networks with the same function.

from tropnet import ReLUNetwork, infinitesimal_symmetries

maximum = ReLUNetwork([([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0]), ([[1]], [0])])
d = functional_dimension(maximum)
print(f"functional dimension {d.value} < {d.upper_bound}")
(symmetry,) = infinitesimal_symmetries(maximum).hidden
print(symmetry.description)
print("the same function for every step in", symmetry.integrate().family.interval)
