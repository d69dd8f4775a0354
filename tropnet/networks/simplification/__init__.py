"""Exact reductions of a network: each gives a smaller network with the same function."""
