"""tropnet: exact tropical geometry of ReLU networks."""

from tropnet.errors import (
    BudgetExceededError,
    CertificateError,
    InvalidInputError,
    TropnetError,
    UnsupportedNetworkError,
)
from tropnet.networks.network import ReLUNetwork, from_arrays
from tropnet.networks.random_networks import random_network

__all__ = [
    "BudgetExceededError",
    "CertificateError",
    "InvalidInputError",
    "ReLUNetwork",
    "TropnetError",
    "UnsupportedNetworkError",
    "from_arrays",
    "random_network",
]
