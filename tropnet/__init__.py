"""tropnet: exact tropical geometry of ReLU networks."""

from tropnet.certificates.budget import Budget
from tropnet.comparison.equality import Equality, decide_equality
from tropnet.comparison.equivalence import Equivalence, decide_equivalence
from tropnet.comparison.max_difference import Supremum, max_difference
from tropnet.errors import (
    BudgetExceededError,
    CertificateError,
    InvalidInputError,
    TropnetError,
    UnsupportedNetworkError,
)
from tropnet.io import from_torch, load, save, to_torch
from tropnet.networks.network import ReLUNetwork, from_arrays
from tropnet.networks.random_networks import random_network
from tropnet.networks.regions import (
    ActivationRegion,
    activation_regions,
    count_activation_regions,
)
from tropnet.networks.symmetries import CanonicalForm, canonical_form
from tropnet.networks.tropicalization import to_network, tropicalize
from tropnet.piecewise import Facet, WeightedComplex
from tropnet.polyhedra import Polyhedron
from tropnet.tropical import TropicalPolynomial, TropicalRational

__all__ = [
    "ActivationRegion",
    "Budget",
    "BudgetExceededError",
    "CanonicalForm",
    "CertificateError",
    "Equality",
    "Equivalence",
    "Facet",
    "InvalidInputError",
    "Polyhedron",
    "ReLUNetwork",
    "Supremum",
    "TropicalPolynomial",
    "TropicalRational",
    "TropnetError",
    "UnsupportedNetworkError",
    "WeightedComplex",
    "activation_regions",
    "canonical_form",
    "count_activation_regions",
    "decide_equality",
    "decide_equivalence",
    "from_arrays",
    "from_torch",
    "load",
    "max_difference",
    "random_network",
    "save",
    "to_network",
    "to_torch",
    "tropicalize",
]
