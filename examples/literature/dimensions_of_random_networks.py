"""
Functional dimensions of random networks
========================================

How often does a random network reach the functional dimension P - N?  Grigsby, Lindsey and Rolnick
(*Hidden symmetries of ReLU networks*, 2023) estimated it with ranks in floats.  Here every
dimension is exact; ``examples/random_dimensions.py`` does it for more architectures.
"""

from collections import Counter

from tropnet import functional_dimension, random_network

COUNT = 20
print("architecture  P - N  full    dimensions found")
for architecture in [(2, 3, 1), (2, 3, 3, 1), (2, 3, 3, 3, 1), (3, 3, 3, 1), (4, 3, 3, 1)]:
    found = [functional_dimension(random_network(architecture, seed)) for seed in range(COUNT)]
    values = Counter(d.value for d in found)
    full = sum(d.is_maximal for d in found)
    name = "-".join(map(str, architecture))
    shown = ", ".join(f"{value}: {values[value]}" for value in sorted(values))
    print(f"{name:12}{found[0].upper_bound:7}{full:4}/{COUNT}  {shown}")
