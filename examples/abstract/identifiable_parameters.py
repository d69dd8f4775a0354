"""
Every architecture with widths of at least 2 has identifiable parameters
========================================================================

The theorem: for all architectures whose input and hidden layers have widths of at least 2 there is
an open set of parameters that are identifiable, that is, the function determines them, up to
permutation and positive scaling of hidden neurons.  Here are explicit parameters for a number of
architectures, each with what is proved of it: that the functional dimension is P - N, so that no
other parameters nearby have the same function, and that no network in the scope has it at all.
"""

from tropnet import identifiable_network

ARCHITECTURES = [(2, 2, 1), (2, 3, 1), (3, 4, 1), (2, 2, 2, 1), (2, 3, 3, 1), (3, 2, 2, 1)]
ARCHITECTURES += [(2, 2, 2, 2, 1), (2, 3, 2, 2, 1)]

for architecture in ARCHITECTURES:
    found = identifiable_network(architecture)
    assert found.dimension.is_maximal
    assert found.dimension.certificate.check(found.network)
    print(
        f"{'-'.join(map(str, architecture))}: functional dimension {found.dimension.value} = P - N"
    )
    print(f"    the only one among {found.scope}")

# %%
# Why widths of at least 2?  With one input, or a hidden layer of one neuron before others, the
# second layer sees a function of one variable, whose breaks can be moved from layer to layer.  For
# such architectures there is no such network, and tropnet says so.

from tropnet import InvalidInputError

try:
    identifiable_network((1, 2, 2, 1))
except InvalidInputError as error:
    print(error)

# %%
# The parameters are small rationals:

net = identifiable_network((2, 2, 2, 1)).network
for weight, bias in net.layers:
    print([list(map(str, row)) for row in weight], list(map(str, bias)))
